"""What scopes let an application reach, by a table for each system; "unclassified" for what is in none.

A table names the area of each subject, the first part of a scope's name, and how the name tells that
it only reads. So a scope that a vendor adds tomorrow to a subject of today has its meaning already.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scanner.model import UNCLASSIFIED, Reach, Way

FOLDER = Path(__file__).parent / "scopes"
_AREAS = "areas"
_OPENID = "identity"
_UNKNOWN = Reach(UNCLASSIFIED, None, "nobody has said yet what this scope allows")
_NO_SCOPE = Reach(_OPENID, False, "lets people sign in; the account names no scope")
_ACTS = re.compile(r"user_impersonation|.*AccessAsUser(?:\.All)?", re.IGNORECASE)


class Area(NamedTuple):
    """What of an organisation's is reached. ``is_own``: it belongs to one person each."""

    name: str
    noun: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class System:
    """How the scopes of one system are called."""

    name: str
    resources: frozenset[str]
    prefixes: tuple[str, ...]
    subject: re.Pattern[str]
    reads: re.Pattern[str]
    narrow: re.Pattern[str]
    whole: Mapping[str, str]  # areas of subjects
    beginnings: tuple[tuple[str, str], ...]  # areas of subjects that begin so, the longest first
    scopes: Mapping[str, Mapping[str, Any]]  # those that have a row of their own, in lower case

    def reach(self, scope: str, way: Way) -> Reach | None:
        """Return what a scope opens; None if the table does not know it."""
        bare = self._bare(scope)
        lowered = scope.lower()
        for spelled in (lowered, f"{lowered}/", bare.lower()):
            if spelled in self.scopes:
                return _told(self.scopes[spelled], way)
        area = self._area(bare)
        if area is None:
            return None
        only_reads = self.reads.search(bare) is not None
        is_narrow = self.narrow.search(bare) is not None
        return _composed(areas()[area], only_reads, is_narrow, way)

    def _bare(self, scope: str) -> str:
        prefix = next((one for one in self.prefixes if scope.lower().startswith(one.lower())), "")
        return scope[len(prefix) :].strip("/") or scope

    def _area(self, bare: str) -> str | None:
        found = self.subject.fullmatch(bare)
        if found is None:
            return None
        subject = found[1].lower()
        if subject in self.whole:
            return self.whole[subject]
        fitting = (area for begin, area in self.beginnings if subject.startswith(begin))
        return next(fitting, None)


def reach_of(scope: str, resource: str, way: Way) -> Reach:
    """Return what a scope of a resource lets an application reach.

    ``resource`` is a name or an id, as the account gives it; where it gives none, the form of the
    scope tells whose it is.
    """
    return _reach(scope.strip(), resource.strip(), way)


@cache
def _reach(scope: str, resource: str, way: Way) -> Reach:
    if not scope:
        return _NO_SCOPE
    known = systems()
    named = known_resource(resource)
    candidates = [known[named]] if named else [] if resource else _by_form(scope)
    for system in (known[_OPENID], *candidates):
        if found := system.reach(scope, way):
            return found
    if resource and not named and _ACTS.fullmatch(scope):
        why = f"acts in {resource} with every right of the person who uses it"
        return Reach("business", True, why, way is Way.APPLICATION)
    return _UNKNOWN


def known_resource(resource: str) -> str | None:
    """Return the system whose resource this is, by its name or its id; None if no table has it."""
    return _resources().get(resource.lower())


def _by_form(scope: str) -> list[System]:
    """Return the systems that a scope without a resource may be of: one whose prefix it has, or all."""
    lowered = f"{scope.lower()}/"
    every = [one for one in systems().values() if one.name != _OPENID]
    own = [one for one in every if any(lowered.startswith(p.lower()) for p in one.prefixes)]
    if own or "://" in scope:
        return own
    if "." in scope and scope[:1].isupper():
        return [systems()["graph"]]
    if ":" in scope:
        return [systems()[name] for name in ("github", "slack")]
    return [systems()["google"]] if scope.isascii() and "." in scope else []


def _told(row: Mapping[str, Any], way: Way) -> Reach:
    """Return the reach of a scope that has a row of its own."""
    area = areas()[row["area"]]
    wide = row.get("is_wide")
    if wide is None:
        wide = area.name != _OPENID and (way is Way.APPLICATION or not area.is_own)
    return Reach(area.name, row["can_write"], row["why"], wide)


def _composed(area: Area, only_reads: bool, is_narrow: bool, way: Way) -> Reach:
    verb = "reads" if only_reads else "reads and changes, or acts in,"
    if area.name == _OPENID:
        return Reach(area.name, not only_reads, f"{verb} {area.noun}")
    if is_narrow:
        return Reach(area.name, not only_reads, f"{verb} {area.noun}: only some that are its own")
    if way is Way.APPLICATION:
        why = f"{verb} {area.noun}: everybody's, whoever is there"
        return Reach(area.name, not only_reads, why, is_wide=True)
    if area.is_own:
        why = f"{verb} {area.noun}, as far as the person may who uses it"
        return Reach(area.name, not only_reads, why)
    why = f"{verb} {area.noun}: the organisation's, as far as the person may who uses it"
    return Reach(area.name, not only_reads, why, is_wide=True)


@cache
def areas() -> Mapping[str, Area]:
    """Return the areas by name."""
    return {
        name: Area(name, row["noun"], row.get("is_own", False))
        for name, row in _table(_AREAS).items()
    }


@cache
def systems() -> Mapping[str, System]:
    """Return the tables by name."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != _AREAS)
    return {name: _system(name) for name in names}


@cache
def _resources() -> Mapping[str, str]:
    return {one: system.name for system in systems().values() for one in system.resources}


def _system(name: str) -> System:
    table = _table(name)
    listed = [(one.lower(), area) for area, every in table["areas"].items() for one in every]
    beginnings = {one[:-1]: area for one, area in listed if one.endswith("*")}
    return System(
        name=name,
        resources=frozenset(one.lower() for one in table["resources"]),
        prefixes=tuple(table.get("prefixes", ())),
        subject=re.compile(table["subject"]),
        reads=re.compile(table["reads"], re.IGNORECASE),
        narrow=re.compile(table.get("narrow", "(?!)"), re.IGNORECASE),
        whole={one: area for one, area in listed if not one.endswith("*")},
        beginnings=tuple(sorted(beginnings.items(), key=lambda row: (-len(row[0]), row))),
        scopes={one.lower(): row for one, row in table.get("scopes", {}).items()},
    )


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
