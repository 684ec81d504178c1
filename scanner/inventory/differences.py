"""What differs between two snapshots of one system: each difference a change, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from scanner.inventory.change_kinds import Change, Kind, change
from scanner.inventory.snapshots import Notes, Seated, Snapshot, differs

_TENFOLD = 10
_FEWEST_EVENTS = 50  # ten times next to nothing is next to nothing
_BANDS = (5, 20, 100, 500, 2_000)


class Step(NamedTuple):
    """A system, and the scan after which it was as it is."""

    system: str
    name: str
    scan: int
    at: datetime

    def tell(self, kind: Kind, text: str, before: Any = None, after: Any = None) -> Change:
        """Return a change that this scan showed."""
        evidence = (f"scan {self.scan}",)
        return change(self.system, self.name, kind, text, self.at, before, after, evidence)


def differences(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Yield what a scan changed of a system, but for numbers that grow from scan to scan."""
    for told in _DIFFERENCES:
        yield from told(step, before, after)


def beginning(step: Step, notes: Notes, after: Snapshot) -> Change:
    """Return how a system came into the inventory."""
    suppliers = ", ".join(after.suppliers.values()) or "an unknown supplier"
    if not (notes.known_before or notes.by_rescan):
        text = f"{step.name} of {suppliers} was seen for the first time."
        return step.tell(Kind.NEW_SYSTEM, text)
    text = (
        f"{step.name} of {suppliers} is new to the inventory because the signatures know it now; "
        "it was in what earlier scans read."
    )
    return step.tell(Kind.NEW_BECAUSE_WE_KNOW_MORE, text)


def again(step: Step, notes: Notes) -> Iterator[Change]:
    """Yield that a system is back."""
    if notes.away:
        text = f"It was seen again, after {notes.away} days without a trace."
        yield step.tell(Kind.SEEN_AGAIN, text, None, notes.away)


def grown(steps: Iterable[tuple[Step, Snapshot]], base: Snapshot) -> Iterator[Change]:
    """Yield where the use of a system became ten times what it was, and its people many more."""
    is_tenfold = has_grown = False
    for step, now in steps:
        if not is_tenfold and now.week >= max(_FEWEST_EVENTS, _TENFOLD * max(1, base.week)):
            is_tenfold = True
            text = f"It is used ten times as much: {base.week:,} events a week, now {now.week:,}."
            yield step.tell(Kind.TENFOLD_USE, text, base.week, now.week)
        if not has_grown and _band(now.people) > _band(base.people):
            has_grown = now.people >= 2 * base.people
            if has_grown:
                text = f"More people use it: {base.people:,} in a week, now {now.people:,}."
                yield step.tell(Kind.PEOPLE_GROWN, text, base.people, now.people)


def _band(people: int) -> int:
    return sum(people > most for most in _BANDS)


def _suppliers(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if before.suppliers.keys() != after.suppliers.keys():
        text = f"Its suppliers changed: {_moved(before.suppliers, after.suppliers)}."
        one, other = sorted(before.suppliers), sorted(after.suppliers)
        yield step.tell(Kind.SUPPLIER_CHANGED, text, one, other)


def _reach(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if more := _beyond(after.reach, before.reach):
        text = f"It may reach more: {_in_words(more)}."
        yield step.tell(Kind.REACH_WIDENED, text, list(before.reach), list(after.reach))
    if less := _beyond(before.reach, after.reach):
        text = f"It may no longer reach {_in_words(less)}."
        yield step.tell(Kind.REACH_NARROWED, text, list(before.reach), list(after.reach))


def _beyond(some: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the reach that no other reach includes: to write is also to read, all is also own."""
    rest = [one.rsplit(" ", 2) for one in others]
    return [one for one in some if not any(_includes(each, one.rsplit(" ", 2)) for each in rest)]


def _includes(one: list[str], other: list[str]) -> bool:
    return one[0] == other[0] and one[1] >= other[1] and (one[2] == "all" or other[2] == "own")


def _in_words(reach: Iterable[str]) -> str:
    words = []
    for one in reach:
        area, write, whose = one.rsplit(" ", 2)
        may = "reading and writing" if write == "w" else "reading"
        words.append(f"{area} ({may}, {'everybody’s' if whose == 'all' else 'of who uses it'})")
    return ", ".join(words)


def _upload(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if after.uploads and not before.uploads:
        yield step.tell(Kind.FIRST_UPLOAD, "Content was sent to it for the first time.")


def _units(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for unit in sorted({*after.units} - {*before.units}):
        yield step.tell(Kind.NEW_UNIT, f"The unit {unit} uses it.", None, unit)


def _plans(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for name, seats in after.plans.items():
        known = before.plans.get(name)
        if known is None:
            text = f"It is on a new plan: {name or 'unnamed'}, {_seats(seats)}."
            yield step.tell(Kind.NEW_PLAN, text, None, name)
        elif differs(known, seats):
            text = (
                f"The seats of {name or 'its plan'} changed: {_seats(known)}, now {_seats(seats)}."
            )
            yield step.tell(Kind.SEATS_CHANGED, text, list(known), list(seats))
    for name in sorted({*before.plans} - {*after.plans}):
        text = f"The plan {name or 'without a name'} is no longer listed."
        yield step.tell(Kind.SEATS_CHANGED, text, list(before.plans[name]), None)


def _seats(seats: Seated) -> str:
    bought = "an unknown number" if seats.bought is None else f"{seats.bought:,}"
    handed = "" if seats.assigned is None else f", {seats.assigned:,} handed out"
    return f"{bought} bought{handed}"


def _mode(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if before.mode and after.mode != before.mode:
        text = f"Its accounts were {before.mode}, and are {after.mode}."
        yield step.tell(Kind.ACCOUNT_MODE, text, before.mode, after.mode)


def _models(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if before.models != after.models:
        text = f"Its models changed: {_moved(before.models, after.models)}."
        yield step.tell(Kind.MODEL_CHANGED, text, list(before.models), list(after.models))


def _parts(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    if before.parts != after.parts:
        text = f"Its components changed: {_moved(before.parts, after.parts)}."
        yield step.tell(Kind.COMPONENT_CHANGED, text, list(before.parts), list(after.parts))


def _roles(step: Step, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    for role in sorted({*after.roles} - {*before.roles}):
        text = f"Evidence suggests another role for it: {role.replace('_', ' ')}."
        yield step.tell(Kind.ROLE_CHANGED, text, list(before.roles), list(after.roles))


def _moved(before: Iterable[str], after: Iterable[str]) -> str:
    came = [f"{one} came" for one in sorted({*after} - {*before})]
    went = [f"{one} went" for one in sorted({*before} - {*after})]
    return ", ".join([*came, *went])


_DIFFERENCES: tuple[Callable[[Step, Snapshot, Snapshot], Iterator[Change]], ...] = (
    _suppliers,
    _reach,
    _upload,
    _units,
    _plans,
    _mode,
    _models,
    _parts,
    _roles,
)
