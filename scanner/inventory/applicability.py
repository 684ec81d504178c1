"""Whether each control of Annex A is applied, not applicable or inherited, as people stated it.

A statement is a decision on ``control:<id>``, so it is append-only and in the chain. What a file says
is recorded whole or not at all; a row that says what stands already is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from scanner.inventory.controls import CONTROLS
from scanner.inventory.recording import LONGEST
from scanner.model import Act, Decision
from scanner.store import Reader, Store

_SUBJECT = "control:"


class Applies(StrEnum):
    """What a statement of applicability says of a control."""

    APPLIED = "applied"
    NOT_APPLICABLE = "not_applicable"
    INHERITED = "inherited"


# Without a reason nobody can follow why it is not ours to apply.
NEEDS_REASON = frozenset({Applies.NOT_APPLICABLE, Applies.INHERITED})


class Stated(NamedTuple):
    """What people stated of a control; ``number`` is that of the decision."""

    control: str
    state: Applies
    reason: str
    by: str
    at: datetime
    number: int


class Statement(NamedTuple):
    """A row that somebody filled in. ``seen`` is the newest decision that they saw, None if unknown."""

    row: int
    control: str
    state: str
    reason: str
    seen: int | None
    flaw: str = ""


class Filled(NamedTuple):
    """What became of a row: recorded, stands already, empty, conflict, error, or held back."""

    row: int
    control: str
    state: str
    result: str
    detail: str
    number: int = 0


class _HeldBackError(Exception):
    """Nothing is written; the rows say why."""


def stated(store: Reader) -> dict[str, Stated]:
    """Return what people stated last of each control that they stated anything of."""
    found: dict[str, Stated] = {}
    for one in store.decisions(Act.CONTROL):
        control = one.subject.removeprefix(_SUBJECT)
        if control in CONTROLS and one.verdict in set(Applies):
            state = Applies(one.verdict)
            found[control] = Stated(control, state, one.reason, one.by, one.at, one.number)
    return found


def state_controls(
    store: Store,
    statements: Iterable[Statement],
    by: str,
    at: datetime,
    file: Mapping[str, Any],
) -> list[Filled]:
    """Record statements, all or none; returns what became of each, in their order.

    A row on a control that somebody stated since is a conflict, and keeps the others back too.
    """
    listed = list(statements)
    told: list[Filled] = []

    def accepted() -> Iterator[Decision]:
        """Runs within the transaction: what it reads nobody changes before it is written."""
        told.extend(_judged(listed, stated(store)))
        if any(one.result in ("error", "conflict") for one in told):
            raise _HeldBackError
        for said, one in zip(listed, told, strict=True):
            if one.result == "recorded":
                yield _decision(said, by, at, file)

    try:
        made = iter(store.decide_all(accepted()))
    except _HeldBackError:
        return [_held_back(one) for one in told]
    return [
        one._replace(number=next(made).number) if one.result == "recorded" else one for one in told
    ]


def _judged(listed: Sequence[Statement], known: Mapping[str, Stated]) -> Iterator[Filled]:
    before: set[str] = set()
    for said in listed:
        result, detail = _verdict(said, known.get(said.control), said.control in before)
        before.add(said.control)
        yield Filled(said.row, said.control, said.state, result, detail)


def _verdict(said: Statement, known: Stated | None, is_twice: bool) -> tuple[str, str]:
    if is_twice:
        return "error", f"{said.control} stands here twice"
    if flaw := said.flaw or _flaw(said):
        return "error", flaw
    if known is not None and (known.state.value, known.reason) == (said.state, said.reason):
        return "stands already", f"stated by {known.by}, decision {known.number}"
    if not said.state:
        return "empty", "nothing is stated"
    if known is not None and said.seen is not None and known.number > said.seen:
        return "conflict", (
            f"{known.by} stated {known.state} since (decision {known.number}); write the worksheet "
            "again, and look at it"
        )
    return "recorded", ""


def _flaw(said: Statement) -> str:
    if said.control not in CONTROLS:
        return f"no control is called {said.control!r}"
    if not said.state:
        return "a justification without a state" if said.reason else ""
    if said.state not in set(Applies):
        return f"{said.state!r} is no state; one of {', '.join(Applies)}"
    if said.state in NEEDS_REASON and not said.reason:
        return f"{said.state} needs a justification"
    return f"a text of more than {LONGEST:,} characters" if len(said.reason) > LONGEST else ""


def _decision(said: Statement, by: str, at: datetime, file: Mapping[str, Any]) -> Decision:
    return Decision(
        subject=f"{_SUBJECT}{said.control}",
        verdict=said.state,
        reason=said.reason,
        by=by,
        at=at,
        act=Act.CONTROL,
        value={"file": {**file, "row": said.row}},
    )


def _held_back(one: Filled) -> Filled:
    if one.result != "recorded":
        return one
    return one._replace(result="held back", detail="sound, but other rows are not")
