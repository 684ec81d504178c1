"""Accounts: what administrators of services can list, read by connectors or from files.

A source of records is an ``Account`` with its listings, one for each operation or file. What the
applications in them are is decided in ``meaning``, what they may reach in ``reach``, and what it
all adds up to in ``gathering``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scanner.model import App, Record, Signature, SourceState, Tenant
from scanner.trees.reading import Files

Recognise = Callable[[App], Signature | None]


@dataclass(frozen=True, slots=True)
class Listing:
    """What one operation of an account, or one file, lists.

    ``records`` may be asked more than once. Of a state every record is what there is now, and one
    that is gone is gone if the listing is complete; else they are events since ``since``.
    """

    key: str
    name: str  # of the source in results, such as "entra:contoso.com enterprise applications"
    title: str  # what the coverage report calls its format
    state: SourceState
    records: Callable[[], Iterator[Record]]
    reason: str | None = None
    is_state: bool = True
    since: datetime | None = None
    until: datetime | None = None
    pages: int = 0
    size: int = 0
    digest: str = ""
    bad_fields: Callable[[], dict[str, int]] = dict
    ignored: Callable[[], dict[str, int]] = dict  # rows that no record came of, by why
    rejected: Callable[[], int] = int  # rows that were not understood
    notes: tuple[str, ...] = ()
    is_file: bool = False  # a copy of it under another name is the same listing


class ListedTree(Files, Protocol):
    """A repository of which an account gave the files that are worth reading."""

    origin: str
    name: str

    @property
    def notes(self) -> tuple[str, ...]:
        """What of it was not read."""
        ...


class Account(Protocol):
    """An account or a group of files that belong together, opened."""

    tenant: Tenant

    def listings(self) -> list[Listing]:
        """Return its listings; people, who others refer to, may be in any."""
        ...

    def trees(self) -> Iterator[ListedTree]:
        """Yield the repositories in it, one at a time."""
        ...

    def stored(self) -> None:
        """Be told that all of it is stored: what was kept until then may go."""
        ...


class AccountInput(Protocol):
    """An account that a scan is to read."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    def open(self, recognise: Recognise) -> AbstractContextManager[Account]:
        """Read the account. Raises SourceError if it cannot be read at all."""
        ...
