"""The rules of roles.toml, and the roles that there are, read and checked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from scanner.inventory.conditions import CONDITIONS

FILE = Path(__file__).with_name("roles.toml")
NOT_SEEN = "R27"


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role that there is, in our own words, and where it is from."""

    id: str
    title: str
    test: str
    view: str
    sub_roles: dict[str, str]
    source: str


class Candidate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: str
    confidence: float
    sub_role: str = ""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    when: tuple[dict[str, dict[str, Any]], ...]
    roles: tuple[Candidate, ...]


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How sure the rule alone can make those roles, unless that audience is known."""

    confidence: float
    roles: tuple[str, ...]
    unless: str


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. ``yields_to`` are rules beside which its question is answered."""

    id: str
    title: str
    system: str
    question: str
    cases: tuple[Case, ...]
    cap: Cap | None = None
    yields_to: tuple[str, ...] = ()
    note: str = ""


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    roles: tuple[Role, ...]
    categories: dict[str, frozenset[str]]
    rules: tuple[Rule, ...]

    def role(self, name: str) -> Role | None:
        """Return the role of that id, None if there is none."""
        return next((one for one in self.roles if one.id == name), None)


@cache
def rules() -> Rules:
    """Return roles and rules, as roles.toml has them."""
    read = msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Rules)
    names = {name for rule in read.rules for case in rule.cases for c in case.when for name in c}
    if unknown := names - CONDITIONS.keys():
        raise ValueError(f"{FILE.name}: no condition is called {', '.join(sorted(unknown))}")
    return read
