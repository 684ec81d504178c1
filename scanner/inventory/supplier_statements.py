"""What is known to a question before a person answers it: the catalogue's facts, and our evidence.

Each statement has a source and a date. Those of our own evidence carry a code and values, which the
reports word in their language; those of the catalogue are texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from scanner.inventory.supplier_matrix import proposed
from scanner.inventory.supplier_questions import Question
from scanner.inventory.supplier_supplied import Supplied, origins
from scanner.inventory.suppliers import SupplierUse
from scanner.model import Fact, SystemKind, Vendor

_SILENT = ("unknown", "not stated", "not disclosed")


class SourceKind(StrEnum):
    """What says it."""

    VENDOR_DOCUMENT = "vendor_document"
    CONTRACT = "contract"
    CERTIFICATE = "certificate"
    VENDOR_ANSWER = "vendor_answer"
    CATALOGUE_FACT = "catalogue_fact"
    OBSERVED = "observed"
    OWN_WORD = "own_word"  # what only the organisation itself can say, such as a purpose


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is known, with its source and the day that it speaks for.

    ``code`` is the key of a fact, or what is observed; then ``values`` fill its words and ``text``
    is empty. One that is silent says that its source was looked at and does not tell.
    """

    code: str
    kind: SourceKind
    source: str
    as_of: date
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    applies_to: tuple[str, ...] = ()
    quote: str = ""
    evidence: tuple[str, ...] = ()
    is_silent: bool = False
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """All that statements about one supplier are made from. ``seen_at`` is when it was last seen."""

    use: SupplierUse
    vendor: Vendor | None
    systems: tuple[Supplied, ...]
    seen_at: datetime
    stale_before: date

    @property
    def own(self) -> tuple[Supplied, ...]:
        """The systems that evidence itself shows to rest on it."""
        return tuple(one for one in self.systems if one.is_direct)


def statements(question: Question, ground: Ground) -> tuple[Statement, ...]:
    """Return what is known to a question, what the catalogue says first."""
    return (
        *_facts(question, ground),
        *_addresses(question, ground),
        *(one for code in question.observed for one in _observed(code, ground)),
    )


def of_fact(fact: Fact, stale_before: date) -> Statement:
    """Return a fact of the catalogue as a statement."""
    said = {True: "yes", False: "no"}.get(fact.value, "") if isinstance(fact.value, bool) else ""
    text = said or str(fact.value)
    return Statement(
        code=fact.key,
        kind=SourceKind.CATALOGUE_FACT,
        source=fact.source,
        as_of=fact.as_of,
        text=text,
        applies_to=fact.applies_to,
        quote=fact.quote or "",
        is_silent=text.casefold().startswith(_SILENT),
        is_stale=fact.as_of < stale_before,
    )


def _facts(question: Question, ground: Ground) -> Iterator[Statement]:
    for fact in ground.vendor.supplier.facts if ground.vendor else ():
        if any(one.takes(fact.key, fact.value) for one in question.facts):
            yield of_fact(fact, ground.stale_before)


def _addresses(question: Question, ground: Ground) -> Iterator[Statement]:
    """Yield the addresses that are themselves an answer, where no fact gives them already."""
    if ground.vendor is None:
        return
    given = {
        word.rstrip(".,;:/")
        for one in ground.vendor.supplier.facts
        for word in str(one.value).split()
    }
    for name in question.urls:
        url = ground.vendor.supplier.urls.get(name, "")
        if url and url.rstrip("/") not in given:
            yield Statement(
                code=f"url_{name}",
                kind=SourceKind.CATALOGUE_FACT,
                source=url,
                as_of=ground.vendor.updated,
                text=url,
                is_stale=ground.vendor.updated < ground.stale_before,
            )


def _observed(code: str, ground: Ground) -> Iterator[Statement]:
    if code == "upstream":
        yield from _upstream(ground)
        return
    values, shown_by = _OBSERVED[code](ground)
    if values:
        yield _seen(code, values, shown_by or ground.systems, ground)


def _seen(
    code: str, values: Mapping[str, Any], shown_by: Iterable[Supplied], ground: Ground
) -> Statement:
    shown = list(shown_by)
    last = max((one.last for one in shown if one.last), default=ground.seen_at)
    return Statement(
        code=code,
        kind=SourceKind.OBSERVED,
        source=", ".join(sorted({each for one in shown for each in one.sources})),
        as_of=last.date(),
        values=values,
        evidence=tuple(each for one in shown for each in one.evidence[:5])[:50],
    )


def _upstream(ground: Ground) -> Iterator[Statement]:
    """Yield whose models its products run on, as the catalogue says with its source."""
    used = {one.why[0] for one in ground.own if one.why}
    for product in ground.vendor.products if ground.vendor and used else ():
        for one in product.uses_upstream:
            as_of = one.as_of or (ground.vendor.updated if ground.vendor else ground.seen_at.date())
            yield Statement(
                code="upstream",
                kind=SourceKind.CATALOGUE_FACT,
                source=one.source,
                as_of=as_of,
                values={"product": product.name, "upstream": one.product},
                applies_to=(product.id,),
                is_stale=as_of < ground.stale_before,
            )


_Found = tuple[Mapping[str, Any], Sequence[Supplied]]


def _systems(ground: Ground) -> _Found:
    units = sorted({unit for one in ground.systems for unit in one.units})
    firsts = [one.first for one in ground.systems if one.first]
    lasts = [one.last for one in ground.systems if one.last]
    values = {
        "n": len(ground.systems),
        "names": tuple(one.name for one in ground.systems),
        "units": tuple(units),
        "people": max((one.people for one in ground.systems), default=0),
        "first": min(firsts, default=None),
        "last": max(lasts, default=None),
    }
    return (values, ground.systems) if ground.systems else ({}, ())


def _accounts(ground: Ground) -> _Found:
    shown = [one for one in ground.own if one.accounts or one.plans]
    if not shown:
        return {}, ()
    plans = sorted({f"{one.name}: {plan}" for one in shown for plan in one.plans})
    modes = sorted({mode for one in shown for mode in one.accounts})
    blind = [one.name for one in ground.own if one not in shown and one.kind is SystemKind.USED]
    return {"modes": tuple(modes), "plans": tuple(plans), "blind": tuple(blind)}, shown


def _purposes(ground: Ground) -> _Found:
    own = ground.own or ground.systems
    said = sorted(f"{one.name}: {one.purpose}" for one in own if one.purpose)
    kinds = sorted({one.category for one in own})
    return ({"purposes": tuple(said), "kinds": tuple(kinds)}, own) if own else ({}, ())


def _models(ground: Ground) -> _Found:
    shown = [one for one in ground.own if one.models]
    named = sorted({model for one in shown for model in one.models})
    return ({"models": tuple(named)}, shown) if named else ({}, ())


def _concentration(ground: Ground) -> _Found:
    use = ground.use
    values = {
        "n": len(use.rests), "all": use.systems, "direct": use.direct, "share": use.share
    }  # fmt: skip
    return values, ground.systems


def _allowed(ground: Ground) -> _Found:
    shown = [one for one in ground.own if one.allowed]
    said = sorted(f"{one.name}: {', '.join(one.allowed)}" for one in shown)
    return ({"allowed": tuple(said)}, shown) if said else ({}, ())


def _reach(ground: Ground) -> _Found:
    shown = [one for one in ground.own if one.areas or one.reach]
    areas = sorted({area for one in shown for area in one.areas})
    scopes = sorted({scope for one in shown for scope in one.scopes})
    reach = sorted({each for one in shown for each in one.reach})
    values = {"areas": tuple(areas), "scopes": tuple(scopes), "reach": tuple(reach)}
    return (values, shown) if shown else ({}, ())


def _logs(ground: Ground) -> _Found:
    shown = [one for one in ground.own if one.log_sources]
    named = sorted({each for one in shown for each in one.log_sources})
    return ({"sources": tuple(named)}, shown) if named else ({}, ())


def _switches(ground: Ground) -> _Found:
    shown = [one for one in ground.own if one.switched_on or one.switched_off]
    values = {
        "on": tuple(sorted({each for one in shown for each in one.switched_on})),
        "off": tuple(sorted({each for one in shown for each in one.switched_off})),
    }
    return (values, shown) if shown else ({}, ())


def _matrix(ground: Ground) -> _Found:
    classes = tuple(origins(ground.own))
    known = [one for one in proposed(classes) if one.parties]
    return ({"classes": classes, "n": len(known)}, ground.own) if known else ({}, ())


_OBSERVED = {
    "systems": _systems, "accounts": _accounts, "purposes": _purposes, "models": _models,
    "concentration": _concentration, "allowed": _allowed, "reach": _reach, "logs": _logs,
    "switches": _switches, "matrix": _matrix,
}  # fmt: skip
