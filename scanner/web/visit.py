"""A visit: one person asks for one thing; and what is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reports.material import Material
from reports.texts import Texts
from scanner.config import Config
from scanner.errors import GnomonError
from scanner.store import Store
from scanner.web.people import Person, Role
from scanner.web.sessions import Session


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page gets. ``form`` is what was filled in, each name with all its values.

    ``material`` is what the store holds, read once until it changes; ``store`` is open for writing
    only while a form is recorded. ``as_of`` is when the scan began that the page rests on, if a
    later one is still being read.
    """

    session: Session
    config: Config
    texts: Texts
    now: datetime
    material: Material
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    store: Store | None = None
    as_of: datetime | None = None

    @property
    def person(self) -> Person:
        return self.session.person

    @property
    def writer(self) -> Store:
        """The store, open for a decision. Raises GnomonError on a page that does not write."""
        if self.store is None:
            raise GnomonError("this page records nothing")
        return self.store

    @property
    def hide(self) -> Callable[[str], str]:
        """What a text is shown through: to readers, people but themselves are codes."""
        if self.person.may(Role.REVIEWER):
            return str
        hide, own = self.material.hide, self.person.name
        return lambda text: text if text == own else hide(text)

    def refusal(self, needed: Role) -> Refused:
        """Return what is told to somebody whose role does not reach that far."""
        return not_allowed(self.person, needed, self.texts)

    def said(self, name: str) -> str:
        """Return what was filled in under that name, without spaces around it."""
        return (self.form.get(name) or [""])[0].strip()

    def tell(self, message: str) -> None:
        """Say something on the page that comes next."""
        self.session.notices.append(message)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: a template with what it shows."""

    template: str
    context: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """To another address of ours."""

    address: str


@dataclass(frozen=True, slots=True)
class File:
    """A document to be saved."""

    name: str
    content: bytes
    kind: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Refused:
    """What may not be, and why; ``status`` is that of HTTP."""

    status: int
    message: str

    @property
    def is_lost(self) -> bool:
        """Whether there is no such thing, rather than that it may not be."""
        return self.status == 404


Answer = Shown | Sent | File | Refused


def not_allowed(person: Person, needed: Role, texts: Texts) -> Refused:
    """Return what a role lacks, in words."""
    mine, wanted = (texts(f"web.role.{one.label}") for one in (person.role, needed))
    return Refused(403, texts("web.refused.role", mine=mine, wanted=wanted))


def number_of(text: str) -> int:
    """Return the whole number that an address or a form says; 0 of what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@dataclass(frozen=True, slots=True)
class Page:
    """An address: who may come, and what answers. One that ``writes`` is reached by a form alone.

    ``title`` is the key of its word in the navigation; "" if it does not stand there. What is slow
    is made beside the other pages, so that nobody waits for it who did not ask.
    """

    path: str
    answer: Callable[[Visit], Answer]
    role: Role = Role.READER
    writes: bool = False
    title: str = ""
    order: int = 0
    is_slow: bool = False
