"""What an auditor would object to in a statement of applicability, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scanner.inventory.applicability import NEEDS_REASON, Applies, Stated
from scanner.inventory.control_evidence import Touch
from scanner.inventory.controls import CONTROLS, Suggestion, Weight

_FEWEST_WORDS = 4  # "not needed here" is none that anybody can follow


class Objection(StrEnum):
    """What is wrong with a row."""

    CONTRADICTED = "contradicted"  # left out, and evidence shows whom it concerns
    NO_REASON = "no_reason"
    THIN_REASON = "thin_reason"
    OPEN = "open"  # applied, and evidence shows that something is open
    NO_STATE = "no_state"


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection to one row; ``touches`` are the ids of what evidence shows against it."""

    control: str
    objection: Objection
    touches: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def lint(
    stated: Mapping[str, Stated],
    touches: Sequence[Touch],
    suggested: Mapping[str, Suggestion],
) -> list[Objected]:
    """Return what is to object to, the gravest first."""
    found = [
        each
        for control in CONTROLS
        for each in _objections(control, stated.get(control), touches, suggested[control])
    ]
    order = list(Objection)
    return sorted(found, key=lambda one: (order.index(one.objection), CONTROLS.index(one.control)))


def _objections(
    control: str, said: Stated | None, touches: Sequence[Touch], suggestion: Suggestion
) -> Iterator[Objected]:
    if said is None:
        yield Objected(control, Objection.NO_STATE)
        return
    words = len(said.reason.split())
    if said.state in NEEDS_REASON and words < _FEWEST_WORDS:
        yield Objected(control, Objection.THIN_REASON if words else Objection.NO_REASON)
    shown = [one for one in touches if one.control == control]
    if said.state is Applies.NOT_APPLICABLE:
        is_core = suggestion.weight is Weight.CORE
        if shown or is_core:
            ids = tuple(one.id for one in shown)
            yield Objected(
                control, Objection.CONTRADICTED, ids, suggestion.roles if is_core else ()
            )
    elif said.state is Applies.APPLIED and (gaps := [one.id for one in shown if one.is_gap]):
        yield Objected(control, Objection.OPEN, tuple(gaps))
