"""What people say of roles: that one is held or not, and fields that no evidence can fill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from scanner.errors import UsageError
from scanner.inventory.recording import Draft, Outcome, record_one
from scanner.inventory.role_rules import rules
from scanner.model import Act, Decision, RoleStatus
from scanner.store import Store


class Field(StrEnum):
    """A field of a system's record that only a person fills, and that bears on its roles."""

    CUSTOMER_FACING = "customer_facing"
    CLIENT_WORK = "client_work"
    AI_ACT_ROLE = "ai_act_role"


_YES_OR_NO = ("yes", "no", "unknown")
# The EU AI Act's roles are not those of ISO/IEC 22989: neither set is derived from the other.
AI_ACT_ROLES = (
    "provider", "deployer", "importer", "distributor", "authorised-representative",
    "product-manufacturer", "none", "unknown",
)  # fmt: skip
VALUES: Mapping[Field, tuple[str, ...]] = {
    Field.CUSTOMER_FACING: _YES_OR_NO,
    Field.CLIENT_WORK: _YES_OR_NO,
    Field.AI_ACT_ROLE: AI_ACT_ROLES,
}


def decide_role(
    store: Store,
    system: str,
    role: str,
    status: RoleStatus,
    reason: str,
    by: str,
    at: datetime,
    sub_role: str = "",
) -> Outcome:
    """Record that a role is held for a system, or is not. Raises UsageError or RefusedError.

    A role may be confirmed that no rule suggests: people know more than evidence shows.
    """
    known = rules().role(role)
    if known is None:
        names = ", ".join(one.id for one in rules().roles)
        raise UsageError(f"no role is called {role!r}; there are {names}")
    if sub_role and sub_role not in known.sub_roles:
        names = ", ".join(known.sub_roles)
        raise UsageError(f"no {role} is called {sub_role!r}; there are {names}")
    value = {"role": role, **({"sub_role": sub_role} if sub_role else {})}
    return _record(store, Decision(system, status.value, reason, by, at, act=Act.ROLE, value=value))


def say_field(
    store: Store, system: str, field: Field, value: str, reason: str, by: str, at: datetime
) -> Outcome:
    """Record what a person says of a field. Raises UsageError or RefusedError."""
    if value not in VALUES[field]:
        raise UsageError(f"{field} is one of {', '.join(VALUES[field])}, and not {value!r}")
    said = {"field": field.value, "value": value}
    return _record(store, Decision(system, "said", reason, by, at, act=Act.FIELD, value=said))


def _record(store: Store, decision: Decision) -> Outcome:
    return record_one(store, Draft(decision), lambda _decision, _before: "")
