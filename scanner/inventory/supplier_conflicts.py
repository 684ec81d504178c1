"""Where what is said of a supplier differs: between sources, or between a person and the catalogue.

Most statements are texts, and no program can tell whether two texts contradict each other. So two
kinds are told apart: what is plainly opposite, and statements of different sources on the same thing
that a person is to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scanner.inventory.supplier_questions import Question

if TYPE_CHECKING:
    from scanner.inventory.supplier_answers import Said
    from scanner.inventory.supplier_statements import Statement

_CLEAR = re.compile(r"(yes|no)(?=\s*(?:[:;,(]|$|by default))", re.IGNORECASE)
_STANDARD = re.compile(
    r"\b(?:ISO(?:/IEC)?[ -]?(\d{4,5})|(SOC ?\d)|(FedRAMP|HIPAA|PCI))", re.IGNORECASE
)
# Of these a supplier has one for each product and plan; of the others it may have several.
_SINGLE = frozenset(
    {
        "trains_on_customer_data", "training_opt_out", "retention", "data_residency", "ip_outputs",
        "ip_indemnity", "incident_notice", "age_limit", "hq_country", "admin_off_switch",
    }
)  # fmt: skip
_CERTIFICATES = "certifications"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that do not go together. ``is_plain`` if they are opposite, else to be compared."""

    question: str
    code: str
    statements: tuple[Statement, ...]
    is_plain: bool
    against_person: bool = False  # they say the opposite of what a person said

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from others: the code, and what the statements say."""
        return (self.code, *(f"{one.source} {one.text}" for one in self.statements))


def conflicts(
    question: Question,
    told: Sequence[Statement],
    said: Said | None,
) -> Iterator[Conflict]:
    """Yield where statements differ from each other, and from what a person said."""
    for code in dict.fromkeys(one.code for one in told):
        of_it = [one for one in told if one.code == code]
        yield from _among(question, code, of_it)
        if said is not None:
            yield from _against(question, code, of_it, said)


def _among(question: Question, code: str, told: Sequence[Statement]) -> Iterator[Conflict]:
    plain, unlike = set[int](), set[int]()
    for (at, one), (other_at, other) in combinations(enumerate(told), 2):
        if _are_opposite(one, other):
            plain.update((at, other_at))
        elif _are_to_compare(code, one, other):
            unlike.update((at, other_at))
    if found := plain or unlike:
        yield Conflict(
            question.id, code, tuple(told[at] for at in sorted(found)), is_plain=bool(plain)
        )


def _against(
    question: Question, code: str, told: Iterable[Statement], said: Said
) -> Iterator[Conflict]:
    """Yield the statements that say the opposite of a person, whose own word stands."""
    opposite = tuple(
        one
        for one in told
        if said.reply in ("yes", "no") and yes_or_no(one.text) not in ("", said.reply)
        and question.kind == "polar"
    )  # fmt: skip
    if opposite:
        yield Conflict(question.id, code, opposite, is_plain=True, against_person=True)


def yes_or_no(text: str) -> str:
    """Return the clear yes or no that a text begins with; "" if it has none."""
    found = _CLEAR.match(text.strip())
    return found[1].lower() if found else ""


def _are_opposite(one: Statement, other: Statement) -> bool:
    said = {yes_or_no(one.text), yes_or_no(other.text)}
    return said == {"yes", "no"} and one.applies_to == other.applies_to


def _are_to_compare(code: str, one: Statement, other: Statement) -> bool:
    """Whether two statements of different sources are about the same thing."""
    if _host(one.source) == _host(other.source) or one.text == other.text:
        return False
    if code == _CERTIFICATES:
        return bool(_standards(one.text) & _standards(other.text)) and _may_meet(one, other)
    return code in _SINGLE and _may_meet(one, other)


def _may_meet(one: Statement, other: Statement) -> bool:
    """Whether two statements may be about the same product: one without a name is about all."""
    return (
        not one.applies_to or not other.applies_to or bool({*one.applies_to} & {*other.applies_to})
    )


def _standards(text: str) -> set[str]:
    return {"".join(found).casefold() for found in _STANDARD.findall(text)}


def _host(source: str) -> str:
    host = urlsplit(source).hostname or source
    return ".".join(host.split(".")[-2:])
