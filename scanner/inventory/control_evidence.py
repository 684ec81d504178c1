"""What the inventory shows of the controls of Annex A: which systems or suppliers each is about.

Evidence never shows that a control is met. It shows whom a control concerns, and where something is
open that somebody will ask about; the rest of the 38 it does not touch at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanner.inventory.controls import CONTROLS
from scanner.inventory.origin import account_mode, data_reach, deployment_environment
from scanner.inventory.owners import Ownership
from scanner.inventory.review_lists import Standpoint
from scanner.inventory.scope import PEOPLE_CATEGORIES, Place, Scoped
from scanner.inventory.scope_entries import models_of
from scanner.inventory.suppliers import SupplierUse
from scanner.inventory.verdicts import State
from scanner.model import HintKind, RoleClaim, RoleStatus, SystemKind

_ENDED = frozenset({State.DISMISSED, State.RETIRED})
_PEOPLE = frozenset(one.value for one in PEOPLE_CATEGORIES)


@dataclass(frozen=True, slots=True)
class Stand:
    """All that is known of one system, as controls ask for it."""

    at: Standpoint
    scoped: Scoped
    roles: Sequence[RoleClaim]
    owned: Ownership
    said: Mapping[str, str]  # fields that people filled

    @property
    def is_built(self) -> bool:
        return self.at.system.kind is not SystemKind.USED

    @property
    def faces_customers(self) -> bool:
        """Whether customers meet it, as a person says, or else as hints have it."""
        if said := self.said.get("customer_facing", ""):
            return said == "yes"
        return any(one.kind == HintKind.CUSTOMER_FACING for one in self.at.facts.hints)

    @property
    def has_assessment(self) -> bool:
        return bool(self.said.get("impact_assessment_ref"))


@dataclass(frozen=True, slots=True)
class Touch:
    """What evidence shows of a control: ``names`` of systems or suppliers, by ``ids``.

    With a gap, it is something that is open; without, it is whom the control concerns.
    """

    control: str
    key: str
    is_gap: bool
    ids: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"touch-{self.control}-{self.key}"


class _Rule:
    """For which controls something that holds of systems counts."""

    def __init__(
        self, key: str, controls: str, holds: Callable[[Stand], bool], is_gap: bool = False
    ) -> None:
        self.key, self.controls, self.holds = key, controls.split(), holds
        self.is_gap = is_gap


def _is_owned(one: Stand) -> bool:
    return one.owned.confirmed is not None and not one.owned.stale


def _is_in(one: Stand) -> bool:
    return one.scoped.place is Place.IN


def _is_about_people(one: Stand) -> bool:
    said = one.said.get("affects_individuals", "")
    return said == "yes" or (not said and one.at.facts.category in _PEOPLE)


def _is_trained(one: Stand) -> bool:
    return any(
        claim.sub_role == "developer" and claim.status is not RoleStatus.REJECTED
        for claim in one.roles
    )


def _reaches_data(one: Stand) -> bool:
    found = data_reach(one.at.facts)
    return found.is_known and found.value != ("none",)


def _is_used_undecided(one: Stand) -> bool:
    return one.at.is_undecided and (one.at.last_used is not None or one.is_built)


_RULES = (
    _Rule("no_owner", "A.3.2", lambda one: not _is_owned(one), is_gap=True),
    _Rule("has_parts", "A.4.2", lambda one: bool(one.at.facts.parts)),
    _Rule("reaches_data", "A.4.3", _reaches_data),
    _Rule("names_models", "A.4.4", lambda one: bool(models_of(one.at.facts))),
    _Rule(
        "no_environment", "A.4.5",
        lambda one: one.is_built and not one.said.get("deployment_environment")
        and not deployment_environment(one.at.facts).is_known,
        is_gap=True,
    ),
    _Rule("has_people", "A.4.6", lambda one: bool(one.owned.candidates)),
    _Rule(
        "no_assessment", "A.5.2 A.5.3 A.5.5",
        lambda one: _is_in(one) and not one.has_assessment, is_gap=True,
    ),
    _Rule(
        "people_no_assessment", "A.5.4",
        lambda one: _is_about_people(one) and not one.has_assessment, is_gap=True,
    ),
    _Rule(
        "is_built", "A.6.1.2 A.6.1.3 A.6.2.2 A.6.2.3 A.6.2.4 A.6.2.6 A.6.2.7",
        lambda one: one.is_built,
    ),
    _Rule("before_approval", "A.6.2.5", lambda one: one.at.is_used_before_approved, is_gap=True),
    _Rule("logs_unknown", "A.6.2.8", lambda one: one.is_built),
    _Rule("is_trained", "A.7.2 A.7.3 A.7.4 A.7.5 A.7.6", _is_trained),
    _Rule("faces_customers", "A.8.2 A.8.5", lambda one: one.faces_customers),
    _Rule("used_undecided", "A.9.2", _is_used_undecided, is_gap=True),
    _Rule("used_though_rejected", "A.9.2", lambda one: one.at.is_used_though_rejected, is_gap=True),
    _Rule(
        "no_intended_use", "A.9.3 A.9.4",
        lambda one: not (one.said.get("intended_use") or one.said.get("purpose")), is_gap=True,
    ),
    _Rule(
        "personal_accounts", "A.9.4",
        lambda one: bool({"personal", "mixed"} & set(account_mode(one.at.facts).value)),
        is_gap=True,
    ),
    _Rule(
        "customers_and_suppliers", "A.10.4",
        lambda one: one.faces_customers and bool(one.at.facts.suppliers),
    ),
)  # fmt: skip


def touches(
    stands: Mapping[str, Stand], suppliers: Mapping[str, SupplierUse], reviewed: frozenset[str]
) -> list[Touch]:
    """Return what evidence shows, in the order of the controls. ``reviewed`` are suppliers' ids.

    Systems that are out of scope, dismissed or retired are left out.
    """
    counted = {
        key: one
        for key, one in stands.items()
        if one.scoped.place is not Place.OUT and one.at.review.state not in _ENDED
    }
    found = [*_of_systems(counted), *_of_suppliers(counted, suppliers, reviewed)]
    order = {control: place for place, control in enumerate(CONTROLS)}
    return sorted(found, key=lambda one: (order[one.control], not one.is_gap, one.key))


def _of_systems(counted: Mapping[str, Stand]) -> Iterator[Touch]:
    for rule in _RULES:
        met = [key for key, one in counted.items() if rule.holds(one)]
        names = tuple(counted[key].at.system.name for key in met)
        for control in rule.controls if met else ():
            yield Touch(control, rule.key, rule.is_gap, tuple(met), names)


def _of_suppliers(
    counted: Mapping[str, Stand], suppliers: Mapping[str, SupplierUse], reviewed: frozenset[str]
) -> Iterator[Touch]:
    used = [
        one
        for one in suppliers.values()
        if any(rest.is_direct and rest.system in counted for rest in one.rests)
    ]
    never = [one for one in used if one.id not in reviewed]
    for control, key, is_gap, several in (
        ("A.10.2", "suppliers_used", False, used),
        ("A.10.3", "suppliers_used", False, used),
        ("A.10.3", "never_reviewed", True, never),
    ):
        if several:
            ids = tuple(one.id for one in several)
            yield Touch(control, key, is_gap, ids, tuple(one.name for one in several))
