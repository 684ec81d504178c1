"""What people say of roles: that one is held for a system, or is not."""

from __future__ import annotations

from datetime import datetime

from scanner.errors import UsageError
from scanner.inventory.recording import Draft, Outcome, record_one
from scanner.inventory.role_rules import rules
from scanner.model import Act, Decision, RoleStatus
from scanner.store import Store

# The EU AI Act's roles are not those of ISO/IEC 22989: neither set is derived from the other.
AI_ACT_ROLES = (
    "provider", "deployer", "importer", "distributor", "authorised-representative",
    "product-manufacturer", "none", "unknown",
)  # fmt: skip


def decide_role(
    store: Store,
    system: str,
    role: str,
    status: RoleStatus,
    reason: str,
    by: str,
    at: datetime,
    sub_role: str = "",
    seen: int | None = None,
) -> Outcome:
    """Record that a role is held for a system, or is not. Raises UsageError, RefusedError or
    ConflictError.

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
    decision = Decision(system, status.value, reason, by, at, act=Act.ROLE, value=value)
    return record_one(store, Draft(decision, seen), lambda _decision, _before: "")
