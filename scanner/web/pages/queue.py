"""The queue: what waits for a decision, the gravest first; to be emptied with the keyboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reports.material import Material
from reports.pressing import in_order, question, why
from reports.reasons import grounds_in_words
from scanner.inventory.candidates import called
from scanner.inventory.verdicts import UNDECIDED, State
from scanner.model import AISystem
from scanner.web.people import Role
from scanner.web.visit import Answer, Page, Shown, Visit

ON_A_PAGE = 25
_DAYS_AHEAD = 30


class Waits(StrEnum):
    """Why something stands in the queue."""

    NEW = "new"
    REOPENED = "reopened"
    IN_REVIEW = "in_review"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Row:
    """A system in the queue. ``seen`` is the newest decision that a verdict given here rests on."""

    system: AISystem
    waits: Waits
    because: str
    why: tuple[str, ...]
    question: str
    units: tuple[str, ...]
    due: datetime | None
    seen: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the queue that fits on a page, and where it stands in the whole."""

    rows: Sequence[Row]
    total: int
    number: int
    pages: int
    counts: Mapping[Waits, int]

    @property
    def first(self) -> int:
        """Which of all the first row is, from 1."""
        return (self.number - 1) * ON_A_PAGE + 1


def waiting(material: Material) -> list[str]:
    """Return the ids of what waits, the gravest first."""
    return [one.id for one in in_order(material) if waits_as(material, one) is not None]


def part(material: Material, number: int, at: str = "") -> Part:
    """Return one page of the queue; the one that has the system ``at``, if there is such a one."""
    waits = waiting(material)
    pages = max(1, -(-len(waits) // ON_A_PAGE))
    if at in waits:
        number = waits.index(at) // ON_A_PAGE + 1
    number = min(max(number, 1), pages)
    rows = [_row(material, one) for one in waits[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]]
    counts = Counter(waits_as(material, material.systems[one]) for one in waits)
    return Part(rows, len(waits), number, pages, {one: counts[one] for one in Waits if counts[one]})


def _row(material: Material, system: str) -> Row:
    one, review = material.systems[system], material.standpoints[system].review
    return Row(
        system=one,
        waits=waits_as(material, one) or Waits.NEW,
        because=grounds_in_words(review.grounds, material.texts),
        why=tuple(why(material, one)),
        question=question(one),
        units=tuple(material.facts[system].units)[:3],
        due=review.review_due,
        seen=review.number,
    )


def waits_as(material: Material, system: AISystem) -> Waits | None:
    """Return why a system stands in the queue; None if it does not."""
    stand = material.standpoints[system.id]
    if stand.review.state is State.NEW:
        return Waits.NEW
    if stand.review.state in UNDECIDED:
        is_reopened = stand.review.decided not in (None, State.IN_REVIEW)
        return Waits.REOPENED if is_reopened else Waits.IN_REVIEW
    return Waits.ENDING if stand.ends_within(_DAYS_AHEAD, material.now) else None


def show(visit: Visit) -> Answer:
    """Show the queue."""
    material = visit.material
    return Shown(
        "queue.html",
        {
            "part": part(material, _number(visit.query.get("page", "")), visit.query.get("at", "")),
            "candidates": material.candidates,
            "called": called,
            "sources": material.sources,
            "systems": len(material.systems),
            "can_undo": bool(visit.session.decisions) and visit.person.may(Role.REVIEWER),
        },
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


PAGES = (Page("/", show, title="web.navigation.queue", order=1),)
