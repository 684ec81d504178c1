"""Which Annex A controls the roles held for a system suggest, by id; a person's to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scanner.model import RoleClaim, RoleStatus

TITLES: Mapping[str, str] = {
    "A.2.2": "AI policy",
    "A.2.3": "Alignment with other organizational policies",
    "A.2.4": "Review of the AI policy",
    "A.3.2": "AI roles and responsibilities",
    "A.3.3": "Reporting of concerns",
    "A.4.2": "Resource documentation",
    "A.4.3": "Data resources",
    "A.4.4": "Tooling resources",
    "A.4.5": "System and computing resources",
    "A.4.6": "Human resources",
    "A.5.2": "AI system impact assessment process",
    "A.5.3": "Documentation of AI system impact assessments",
    "A.5.4": "Assessing AI system impact on individuals or groups of individuals",
    "A.5.5": "Assessing societal impacts of AI systems",
    "A.6.1.2": "Objectives for responsible development of AI system",
    "A.6.1.3": "Processes for responsible AI system design and development",
    "A.6.2.2": "AI system requirements and specification",
    "A.6.2.3": "Documentation of AI system design and development",
    "A.6.2.4": "AI system verification and validation",
    "A.6.2.5": "AI system deployment",
    "A.6.2.6": "AI system operation and monitoring",
    "A.6.2.7": "AI system technical documentation",
    "A.6.2.8": "AI system recording of event logs",
    "A.7.2": "Data for development and enhancement of AI system",
    "A.7.3": "Acquisition of data",
    "A.7.4": "Quality of data for AI systems",
    "A.7.5": "Data provenance",
    "A.7.6": "Data preparation",
    "A.8.2": "System documentation and information for users",
    "A.8.3": "External reporting",
    "A.8.4": "Communication of incidents",
    "A.8.5": "Information for interested parties",
    "A.9.2": "Processes for responsible use of AI systems",
    "A.9.3": "Objectives for responsible use of AI system",
    "A.9.4": "Intended use of the AI system",
    "A.10.2": "Allocating responsibilities",
    "A.10.3": "Suppliers",
    "A.10.4": "Customers",
}
CONTROLS = tuple(TITLES)
_CUSTOMER = (
    "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.4", "A.4.6", "A.5.2", "A.5.3",
    "A.5.4", "A.5.5", "A.8.4", "A.9.2", "A.9.3", "A.9.4", "A.10.2", "A.10.3",
)  # fmt: skip
_LIFE_CYCLE = tuple(one for one in CONTROLS if one.startswith("A.6."))
_DATA = tuple(one for one in CONTROLS if one.startswith("A.7."))
_BY_ROLE = {
    "customer": _CUSTOMER,
    "producer": (*_CUSTOMER, "A.4.5", *_LIFE_CYCLE),
    "provider": (*_CUSTOMER, "A.4.5", *_LIFE_CYCLE, "A.8.2", "A.8.3", "A.8.5", "A.10.4"),
    "partner": ("A.7.3", "A.7.5", "A.10.2", "A.10.4"),
}
# What is often needed too, and what a customer alone usually justifies out.
_OFTEN = {
    "customer": (
        "A.4.3", "A.6.2.4", "A.6.2.5", "A.6.2.6", "A.6.2.8", "A.7.2", "A.7.3", "A.7.4", "A.7.5",
        "A.7.6",
    ),
    "producer": _DATA,
    "provider": _DATA,
    "partner": ("A.7.4",),
}  # fmt: skip
_SELDOM_OF_CUSTOMERS = frozenset(("A.6.1.2", "A.6.1.3", "A.6.2.2", "A.6.2.3", "A.10.4"))
_DEVELOPER = "developer"


class Weight(StrEnum):
    """How far observed roles suggest a control."""

    CORE = "core"  # what such a role is asked for
    OFTEN = "often"  # usual beside it
    SELDOM = "seldom"  # what such roles usually justify out
    NONE = "none"  # no role was observed that speaks for it


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the roles of all systems suggest of one control: by which roles, for how many systems.

    ``roles`` are those that weigh most; ``confirmed`` is for how many of ``systems`` a person
    confirmed one of them.
    """

    weight: Weight
    roles: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    confirmed: int = 0


def controls_of(roles: Iterable[RoleClaim]) -> list[str]:
    """Return the controls that roles suggest, in their order; those of rejected roles are left out."""
    wanted: set[str] = set()
    for one in roles:
        if one.status is not RoleStatus.REJECTED:
            wanted.update(_BY_ROLE.get(one.role, ()))
            if one.role == "producer" and one.sub_role == _DEVELOPER:
                wanted.update(_DATA)
    return [one for one in CONTROLS if one in wanted]


def suggestions(held: Mapping[str, Iterable[RoleClaim]]) -> dict[str, Suggestion]:
    """Return what the roles of systems, by the system's id, suggest of each of the 38 controls."""
    claims = [
        (system, one)
        for system, several in held.items()
        for one in several
        if one.status is not RoleStatus.REJECTED
    ]
    return {control: _suggestion(control, claims) for control in CONTROLS}


def _suggestion(control: str, claims: list[tuple[str, RoleClaim]]) -> Suggestion:
    for weight in (Weight.CORE, Weight.OFTEN, Weight.SELDOM):
        met = [(system, one) for system, one in claims if _weighs(control, one, weight)]
        if met:
            return Suggestion(
                weight,
                tuple(sorted({one.role for _, one in met})),
                tuple(sorted({system for system, _ in met})),
                len({system for system, one in met if one.status is RoleStatus.CONFIRMED}),
            )
    return Suggestion(Weight.NONE)


def _weighs(control: str, claim: RoleClaim, weight: Weight) -> bool:
    if weight is Weight.CORE:
        return control in controls_of([claim])
    if weight is Weight.OFTEN:
        return control in _OFTEN.get(claim.role, ())
    return claim.role == "customer" and control in _SELDOM_OF_CUSTOMERS
