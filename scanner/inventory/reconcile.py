"""The organisation's own register beside the inventory: in both, seen and not registered, never seen.

Nothing is written to either. Rows about one thing are one line, however they spell it; rows of
different suppliers never are. What is registered and was never seen is told with what the sources
that were read allow to say.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.inventory.register_targets import Grade, Match, Target, Targets
from scanner.matching import Matcher
from scanner.model import AISystem, Identifier, SourceState
from scanner.model.register import About, RegisterRow
from scanner.naming import fold
from scanner.store import Reader

MOST = 20  # rows and spellings that a line names; all are counted
_WHOLE = frozenset({SourceState.COMPLETE, SourceState.ALREADY_READ, SourceState.SKIPPED})
_TREE = "source tree"  # the format of a source that is one
_SENSES: Mapping[str, tuple[Identifier, ...]] = {
    "logs": (Identifier.HOST, Identifier.HOST_PATH, Identifier.HTTP_PATH, Identifier.DNS_TXT,
             Identifier.DNS_CNAME, Identifier.USER_AGENT, Identifier.APP_ID),
    "accounts": (Identifier.OAUTH, Identifier.SLACK_APP, Identifier.GITHUB_APP),
    "code": (Identifier.PACKAGE, Identifier.IMPORT, Identifier.CONTAINER, Identifier.ENV,
             Identifier.FILE, Identifier.GITHUB_ACTION, Identifier.MODEL, Identifier.KEY_SHAPE),
    "devices": (Identifier.BUNDLE, Identifier.PROCESS, Identifier.BROWSER_EXT, Identifier.IDE_EXT),
    "expenses": (Identifier.CARD_DESCRIPTOR,),
}  # fmt: skip
_OF_CHANNELS: Mapping[str, str] = {
    **dict.fromkeys(("dns", "tls", "http", "proxy", "flow", "log"), "logs"),
    **dict.fromkeys(("app", "grant", "sso", "seat", "activity", "asset", "setting"), "accounts"),
    "code": "code", "device": "devices", "expense": "expenses",
}  # fmt: skip


class Status(StrEnum):
    """What became of a row, or of a system."""

    IN_BOTH = "in_both"
    PROPOSED = "proposed"
    AMBIGUOUS = "ambiguous"
    NOT_REGISTERED = "not_registered"
    NEVER_SEEN = "never_seen"


class Line(NamedTuple):
    """One line of the comparison. ``systems`` are ids; ``rows`` are places in the register."""

    status: Status
    systems: tuple[str, ...] = ()
    name: str = ""
    supplier: str = ""
    grade: str = ""
    matched_by: str = ""
    register_name: str = ""
    register_vendor: str = ""
    register_owner: str = ""
    register_status: str = ""
    entries: int = 0
    rows: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    note: str = ""


@dataclass(slots=True)
class _Group:
    """Rows about one thing."""

    match: Match
    first: RegisterRow
    entries: int = 0
    rows: list[str] = field(default_factory=list)
    spellings: dict[str, None] = field(default_factory=dict)

    def add(self, row: RegisterRow, match: Match) -> None:
        self.entries += 1
        if len(self.rows) < MOST:
            self.rows.append(place_of(row))
        if len(self.spellings) < MOST:
            self.spellings[row.name] = None
        if _order(match) < _order(self.match):
            self.match, self.first = match, row


@dataclass(slots=True)
class _Unknown:
    """Rows that nobody knows: which are the first of their name, and how often each stands there."""

    firsts: array[int] = field(default_factory=lambda: array("Q"))
    counts: Counter[bytes] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at: what the sources that were read can show, and how many were not whole."""

    senses: frozenset[str]
    lacking: int
    period: str


def reconcile(
    rows: Iterable[RegisterRow],
    store: Reader,
    systems: Sequence[AISystem],
    matcher: Matcher,
) -> Iterator[Line]:
    """Yield the lines of the comparison, by status and name.

    ``rows`` are gone through twice: memory grows with what is known, and not with the register.
    """
    targets = Targets(store, systems, matcher)
    coverage = coverage_of(store, systems)
    groups: dict[tuple[object, ...], _Group] = {}
    unknown = _Unknown()
    for number, row in enumerate(rows):
        match = targets.match(row)
        if not match.targets:
            key = _digest(row)
            if key not in unknown.counts:
                unknown.firsts.append(number)
            unknown.counts[key] += 1
            continue
        kind = _status(match)
        asked = "" if match.is_sure else f"{match.grade} {fold(row.vendor)}"
        at = (kind, asked, *match.targets)
        groups.setdefault(at, _Group(match, row)).add(row, match)
    yield from _grouped(groups, systems, targets, coverage)
    yield from _strangers(rows, unknown)


def coverage_of(store: Reader, systems: Sequence[AISystem]) -> Coverage:
    """Return what was looked at."""
    sources = store.coverage()
    senses = {
        _OF_CHANNELS[each] for one in systems for each in one.channels if each in _OF_CHANNELS
    }
    senses |= {kind for one in sources if one["state"] in _WHOLE and (kind := _sense_of(one))}
    firsts = [one["first"] for one in sources if one["first"]]
    lasts = [one["last"] for one in sources if one["last"]]
    period = f"{min(firsts):%Y-%m-%d} to {max(lasts):%Y-%m-%d}" if firsts and lasts else ""
    lacking = sum(one["state"] not in _WHOLE for one in sources)
    return Coverage(frozenset(senses), lacking, period)


def _sense_of(source: Mapping[str, Any]) -> str:
    """Return what a source can show, though it showed no AI: a log, of which domains are kept, code."""
    if source["format"] == _TREE:
        return "code"
    return "" if source["keeps_domains"] is None else "logs"


def document(line: Line) -> dict[str, Any]:
    """Return a line as JSON has it."""
    return {
        name: list(one) if isinstance(one, tuple) else one for name, one in line._asdict().items()
    }


def place_of(row: RegisterRow) -> str:
    """Return where a row is, as people find it."""
    return f"{row.sheet}, row {row.number}" if row.sheet else f"row {row.number}"


def _grouped(
    groups: Mapping[tuple[object, ...], _Group],
    systems: Sequence[AISystem],
    targets: Targets,
    coverage: Coverage,
) -> Iterator[Line]:
    by_id = {one.id: one for one in systems}
    lines = [_line(one, by_id, targets, coverage) for one in groups.values()]
    registered = {
        each
        for one in groups.values()
        if _status(one.match) is Status.IN_BOTH and one.match.targets[0].is_system
        for each in one.match.targets[0].systems
    }
    asked: dict[str, list[str]] = {}
    for one in lines:
        if one.status in (Status.PROPOSED, Status.AMBIGUOUS):
            for id_ in one.systems:
                asked.setdefault(id_, []).extend(one.rows)
    for system in systems:
        if system.id not in registered:
            rows = ", ".join(asked.get(system.id, ())[:MOST])
            note = f"perhaps {rows}, for a person to say" if rows else ""
            lines.append(
                Line(
                    Status.NOT_REGISTERED, (system.id,), system.name, system.supplier,
                    note=note,
                )
            )  # fmt: skip
    order = list(Status)
    yield from sorted(
        lines,
        key=lambda one: (order.index(one.status), (one.name or one.register_name).casefold(), one),
    )


def _line(
    group: _Group, by_id: Mapping[str, AISystem], targets: Targets, coverage: Coverage
) -> Line:
    match, row = group.match, group.first
    status = _status(match)
    ids = tuple(dict.fromkeys(id_ for one in match.targets for id_ in one.systems))
    note = match.note
    if status is Status.NEVER_SEEN:
        note = "; ".join(filter(None, [note, _unseen(match.targets[0], targets, coverage)]))
    elif status is Status.IN_BOTH and not match.targets[0].is_supplier:
        note = "; ".join(filter(None, [note, _as_component(match.targets[0])]))
    return Line(
        status=status,
        systems=ids,
        name=", ".join(sorted(set(_names(match.targets, by_id, targets)), key=str.casefold)),
        supplier=", ".join(sorted({_supplier(one, by_id, targets) for one in match.targets})),
        grade=match.grade or "",
        matched_by=match.by,
        register_name=row.name,
        register_vendor=row.vendor,
        register_owner=row.owner,
        register_status=row.status,
        entries=group.entries,
        rows=tuple(group.rows),
        spellings=tuple(group.spellings),
        note=note,
    )


def _strangers(rows: Iterable[RegisterRow], unknown: _Unknown) -> Iterator[Line]:
    """Yield the rows that nobody knows, each name and vendor once, where they stand first."""
    waiting = iter(unknown.firsts)
    wanted = next(waiting, None)
    for number, row in enumerate(rows):
        if number != wanted:
            continue
        wanted = next(waiting, None)
        yield Line(
            status=Status.NEVER_SEEN,
            register_name=row.name,
            register_vendor=row.vendor,
            register_owner=row.owner,
            register_status=row.status,
            entries=unknown.counts[_digest(row)],
            rows=(place_of(row),),
            spellings=(row.name,),
            note=_stranger(row),
        )


def _stranger(row: RegisterRow) -> str:
    if row.about is About.SUPPLIER:
        return "no AI system of this supplier was seen"
    if row.urls or row.client_ids or row.purls or row.repositories:
        return "cannot tell: no signature knows its keys; write one, see `gnomon signatures`"
    return "cannot tell: no signature knows it; add its address or client id to the register"


def _status(match: Match) -> Status:
    if not any(one.systems for one in match.targets):
        return Status.NEVER_SEEN
    if match.grade is Grade.NEAR:
        return Status.PROPOSED
    return Status.AMBIGUOUS if len(match.targets) > 1 else Status.IN_BOTH


def _unseen(target: Target, targets: Targets, coverage: Coverage) -> str:
    """Return what the sources that were read allow to say of a product that was not seen."""
    signature = targets.signature(target)
    known = {
        sense
        for sense, identifiers in _SENSES.items()
        for one in (signature.product.detections if signature else ())
        if one.channel in identifiers
    }
    looked = sorted(known & coverage.senses)
    if not looked:
        return f"cannot tell: it would be seen in {', '.join(sorted(known)) or 'nothing'}, and none of these showed any AI"
    where = f"not seen in {', '.join(looked)}" + (
        f" of {coverage.period}" if coverage.period else ""
    )
    if coverage.lacking:
        return f"{where}; but {coverage.lacking:,} sources were not read whole"
    return where


def _as_component(target: Target) -> str:
    return "as a component of what is built here" if target.is_part else ""


def _names(
    found: Iterable[Target], by_id: Mapping[str, AISystem], targets: Targets
) -> Iterator[str]:
    for one in found:
        known = [by_id[each].name for each in one.systems if each in by_id]
        signature = targets.signature(one)
        if one.is_supplier or known:
            yield from known
        else:
            yield signature.product.name if signature else one.product


def _supplier(target: Target, by_id: Mapping[str, AISystem], targets: Targets) -> str:
    if signature := targets.signature(target):
        return signature.vendor.name
    known = next((by_id[one].supplier for one in target.systems if one in by_id), "")
    return targets.vendor_of(target) if target.is_supplier else known


def _digest(row: RegisterRow) -> bytes:
    said = "\0".join((row.about, fold(row.name) or row.name, fold(row.vendor)))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _order(match: Match) -> int:
    return len(Grade) if match.grade is None else list(Grade).index(match.grade)
