"""How people come in: by a link that is used once, by OpenID Connect, or as a trusted proxy says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scanner.web.people import Person

if TYPE_CHECKING:
    from starlette.requests import Request


class Entered(NamedTuple):
    """Somebody who comes in, and the page of ours that they wanted."""

    person: Person
    to: str = "/"


class Away(NamedTuple):
    """Where somebody goes to sign in, and what their browser keeps meanwhile to be known by."""

    address: str
    secret: str


class No(NamedTuple):
    """Somebody does not come in. ``word`` is the key of what they are told, in ``web_entry.no``.

    ``detail`` is for the log: what exactly was wrong, without secrets.
    """

    word: str
    detail: str = ""
    status: int = 403


class Entrance(Protocol):
    """A way in. ``ways`` are its words, for the page where people sign in."""

    ways: tuple[str, ...]

    async def enter(self, request: Request, to: str, now: datetime) -> Entered | Away | No | None:
        """Return who comes in, where they sign in, or why not; None shows the page that asks."""
        ...

    async def back(self, request: Request, secret: str, now: datetime) -> Entered | No:
        """Return who comes back from where they signed in, with what their browser kept."""
        ...

    def named(self, request: Request) -> Person | No | None:
        """Return whom every request names, as a proxy does; None where sessions alone tell."""
        ...

    async def leaving(self, to: str) -> str:
        """Return where somebody signs out elsewhere too; "" if there is no such place."""
        ...
