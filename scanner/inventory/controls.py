"""Which Annex A controls the roles held for a system suggest, by id; a person's to decide."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.model import RoleClaim, RoleStatus

CONTROLS = (
    "A.2.2", "A.2.3", "A.2.4", "A.3.2", "A.3.3", "A.4.2", "A.4.3", "A.4.4", "A.4.5", "A.4.6",
    "A.5.2", "A.5.3", "A.5.4", "A.5.5", "A.6.1.2", "A.6.1.3", "A.6.2.2", "A.6.2.3", "A.6.2.4",
    "A.6.2.5", "A.6.2.6", "A.6.2.7", "A.6.2.8", "A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6",
    "A.8.2", "A.8.3", "A.8.4", "A.8.5", "A.9.2", "A.9.3", "A.9.4", "A.10.2", "A.10.3", "A.10.4",
)  # fmt: skip
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
_DEVELOPER = "developer"


def controls_of(roles: Iterable[RoleClaim]) -> list[str]:
    """Return the controls that roles suggest, in their order; those of rejected roles are left out."""
    wanted: set[str] = set()
    for one in roles:
        if one.status is not RoleStatus.REJECTED:
            wanted.update(_BY_ROLE.get(one.role, ()))
            if one.role == "producer" and one.sub_role == _DEVELOPER:
                wanted.update(_DATA)
    return [one for one in CONTROLS if one in wanted]
