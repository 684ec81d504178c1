"""The rules of roles.toml, and the roles that there are, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from scanner.inventory.conditions import (
    CONDITIONS,
    KINDS_OF_FACTS,
    OF_KIND,
    Asked,
    Asking,
    meets,
    ready,
)
from scanner.model import SystemFacts, SystemKind

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


class Chance(NamedTuple):
    """A case that may hold for a system, and what is left to ask of it."""

    case: Case
    conditions: tuple[Asking, ...]


def chances(asked: Asked) -> tuple[tuple[Rule, tuple[Chance, ...]], ...]:
    """Return the rules that may hold for a system, with the cases of each that may.

    Most cases never can, by what kind a system is or for want of any fact of one kind: systems
    that are alike in this are many, and it is worked out for them together.
    """
    facts = asked.facts
    has = frozenset(name for name in KINDS_OF_FACTS if getattr(facts, name))
    return _chances(facts.kind, facts.category, facts.ai_nature, has)


@cache
def _chances(
    kind: SystemKind, category: str, nature: str, has: frozenset[str]
) -> tuple[tuple[Rule, tuple[Chance, ...]], ...]:
    facts = SystemFacts(id="", name="", kind=kind, product="", suppliers={}, category=category,
                        ai_nature=nature, first_scan=0)  # fmt: skip
    alike = Asked(facts, rules().categories)
    found = []
    for rule in rules().rules:
        cases = tuple(one for case in rule.cases for one in _chance(case, alike, has))
        if cases:
            found.append((rule, cases))
    return tuple(found)


def _chance(case: Case, alike: Asked, has: frozenset[str]) -> Iterator[Chance]:
    """Yield the case with what is left to ask, unless a system of that kind can never meet it."""
    conditions = ready(case.when)
    of_kind = [one for one in conditions if one.name in OF_KIND]
    if meets(alike, of_kind) is not None and all(one.needs in ("", *has) for one in conditions):
        yield Chance(case, tuple(one for one in conditions if one.name not in OF_KIND))


@cache
def rules() -> Rules:
    """Return roles and rules, as roles.toml has them."""
    read = msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), Rules)
    names = {name for rule in read.rules for case in rule.cases for c in case.when for name in c}
    if unknown := names - CONDITIONS.keys():
        raise ValueError(f"{FILE.name}: no condition is called {', '.join(sorted(unknown))}")
    return read
