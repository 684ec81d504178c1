"""What only people can say of a supplier beside the questions: contract, contacts, what is agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from scanner.errors import UsageError
from scanner.inventory.supplier_matrix import Party, Share
from scanner.inventory.supplier_questions import activities
from scanner.inventory.verdicts import a_day
from scanner.model import Act, Decision

LONGEST = 4_000
MOST = 100
SAID = "said"
WITHDRAWN = "withdrawn"
ACTIVITY = "activity."  # before the name of an activity: who answers for it
_SENT = "questionnaire_sent"


class Field(NamedTuple):
    """A field; ``choices`` are all that it may be."""

    name: str
    meaning: str
    choices: tuple[str, ...] = ()
    is_list: bool = False
    is_day: bool = False


_LEVELS = ("none", "self_attested", "independently_assessed", "tested_by_us")
_RISKS = ("low", "medium", "high")
FIELDS: Mapping[str, Field] = {
    one.name: one
    for one in (
        Field("parent", "Who owns it."),
        Field("contacts", "Whom to ask there.", is_list=True),
        Field("requirements", "What it was told that we require.", is_list=True),
        Field("contract", "Where the contract is, and its clauses on AI.", is_list=True),
        Field("model_clauses", "Whether model clauses on AI procurement are in it.",
              ("yes", "no", "unknown")),
        Field("inherent_risk", "A person's judgement before measures.", _RISKS),
        Field("residual_risk", "A person's judgement after measures.", _RISKS),
        Field("open_items", "What is to be done, by whom, until when.", is_list=True),
        Field("incidents", "References to incidents with it.", is_list=True),
        Field("performance", "References to checks of how it performs.", is_list=True),
        Field("assurance", "How far what it says was checked.", _LEVELS),
        Field("assurance_scope", "Of what that was checked."),
        Field("exported_to", "Where this review was handed to.", is_list=True),
        Field(_SENT, "The day on which the questionnaire went out.", is_day=True),
        *(Field(f"{ACTIVITY}{one.id}", "Who answers for it, as agreed.", tuple(Party))
          for one in activities()),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person said of a field."""

    name: str
    values: tuple[str, ...]
    reason: str
    by: str
    at: datetime
    number: int


def checked(name: str, texts: Sequence[str]) -> list[str]:
    """Return the values of a field as they are stored. Raises UsageError, in words."""
    field = FIELDS.get(name)
    if field is None:
        raise UsageError(f"{name} is no field of a supplier; there are {', '.join(FIELDS)}")
    given = list(dict.fromkeys(one.strip() for one in texts if one.strip()))
    if len(given) > 1 and not field.is_list:
        raise UsageError(f"{name} is one value, and not {len(given)}; quote it if it has blanks")
    if len(given) > MOST or any(len(one) > LONGEST for one in given):
        raise UsageError(f"{name}: at most {MOST} texts of {LONGEST:,} characters")
    if field.choices and any(one not in field.choices for one in given):
        raise UsageError(f"{name} is one of {', '.join(field.choices)}, and not {given[0]!r}")
    if field.is_day:
        try:
            given = [a_day(one).isoformat() for one in given]
        except ValueError as error:
            raise UsageError(f"{name}: {error}") from error
    return given


def filled(decisions: Iterable[Decision]) -> dict[str, Filled]:
    """Return what people said of each field, the newest word; withdrawn ones are left out."""
    found: dict[str, Filled] = {}
    for one in decisions:
        name = str(one.value.get("field", ""))
        if one.act is not Act.FIELD or name not in FIELDS:
            continue
        found.pop(name, None)
        values = one.value.get("value")
        if one.verdict == SAID and isinstance(values, list) and values:
            said = tuple(str(each) for each in values)
            found[name] = Filled(name, said, one.reason, one.by, one.at, one.number)
    return found


def agreed(shares: Iterable[Share], said: Mapping[str, Filled]) -> tuple[Share, ...]:
    """Return the activities with whom people agreed on for each."""
    return tuple(_agreed(one, said.get(f"{ACTIVITY}{one.activity}")) for one in shares)


def _agreed(share: Share, said: Filled | None) -> Share:
    if said is None or said.values[0] not in set(Party):
        return share
    return replace(share, agreed=Party(said.values[0]), by=said.by, at=said.at)


def sent_on(said: Mapping[str, Filled]) -> datetime | None:
    """Return when it was recorded that the questionnaire went out."""
    return said[_SENT].at if _SENT in said else None
