"""What the worksheet for the statement of applicability holds, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reports.material import Material
from scanner.inventory.applicability import Stated, stated
from scanner.inventory.applicability_lint import Objected, lint
from scanner.inventory.control_evidence import Stand, Touch, touches
from scanner.inventory.controls import TITLES, Suggestion, suggestions
from scanner.inventory.roles import fields
from scanner.inventory.scope import Place


@dataclass(frozen=True, slots=True)
class Control:
    """One of the 38: what is suggested, and what people stated; state "" where nobody did."""

    id: str
    title: str
    suggestion: Suggestion
    state: str
    reason: str
    by: str
    at: datetime | None
    decision: int


@dataclass(frozen=True, slots=True)
class Soa:
    """The worksheet: every control, what evidence touches, and what is to object to."""

    controls: tuple[Control, ...]
    touches: tuple[Touch, ...]
    objections: tuple[Objected, ...]


def soa_of(material: Material) -> Soa:
    """Return the worksheet as it stands now."""
    known = stated(material.store)
    shown = touches(_stands(material), material.suppliers, _reviewed(material))
    suggested = suggestions(
        {key: one for key, one in material.roles.items() if _counts(material, key)}
    )
    return Soa(
        controls=tuple(_control(one, suggested[one], known.get(one)) for one in TITLES),
        touches=tuple(shown),
        objections=tuple(lint(known, shown, suggested)),
    )


def _counts(material: Material, system: str) -> bool:
    """Whether a system is not out of the scope: what is out needs no control."""
    return material.scopes[system].place is not Place.OUT


def _stands(material: Material) -> dict[str, Stand]:
    return {
        key: Stand(
            at=one,
            scoped=material.scopes[key],
            roles=material.roles[key],
            owned=material.owners[key],
            said=fields(key, material.decided.said(key)),
        )
        for key, one in material.standpoints.items()
    }


def _reviewed(material: Material) -> frozenset[str]:
    prefix = "supplier:"
    decided = material.store.latest_decisions(prefix)
    return frozenset(one.removeprefix(prefix) for one in decided)


def _control(control: str, suggestion: Suggestion, said: Stated | None) -> Control:
    return Control(
        id=control,
        title=TITLES[control],
        suggestion=suggestion,
        state=said.state.value if said else "",
        reason=said.reason if said else "",
        by=said.by if said else "",
        at=said.at if said else None,
        decision=said.number if said else 0,
    )
