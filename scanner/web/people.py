"""Who is signed in, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

# The groups of each role, by its label.
Roles = Mapping[Literal["reader", "reviewer", "approver"], Sequence[str]]

EVERYBODY = "*"
_LONGEST = 200  # characters of a name


class Role(IntEnum):
    """What a person may do; each may what those before it may."""

    READER = 1  # see everything, but who a code stands for
    REVIEWER = 2  # say what is so: roles, owners, fields, answers; take into review, restrict
    APPROVER = 3  # allow, reject, leave out of the scope, approve documents

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in. ``name`` is what their decisions bear."""

    name: str
    role: Role
    how: str  # they signed in: link, oidc or proxy

    def may(self, role: Role) -> bool:
        return self.role >= role


def role_of(groups: Iterable[str], settings: Roles) -> Role | None:
    """Return the highest role that the groups of a person have; None if they may not come in.

    ``settings`` are the groups of each role, by its label; ``*`` is everybody who can sign in.
    """
    held = {*groups, EVERYBODY}
    fitting = [Role[label.upper()] for label, named in settings.items() if held & set(named)]
    return max(fitting, default=None)


def name_of(said: object) -> str:
    """Return a name that decisions can bear; "" for what is none, or could pass for another."""
    name = said.strip() if isinstance(said, str) else ""
    return name if name.isprintable() and len(name) <= _LONGEST else ""
