"""What a scope document (clause 4.3) holds of each system, and what of it counts as the same system.

An entry is kept with an approved version, so it is texts and times alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanner.inventory.components import is_of_hub
from scanner.inventory.origin import UNKNOWN, deployment_environment, origin_class
from scanner.inventory.owners import Ownership
from scanner.inventory.scope import Place, Scoped
from scanner.model import AISystem, Identifier, RoleClaim, RoleStatus, SystemFacts

# What products are for, in the few words that a certificate has room for.
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "assistants": ("assistant", "writing", "productivity"),
    "search": ("search-research",),
    "translation": ("translation",),
    "models": ("model-api", "model-gateway", "inference-hosting", "local-runtime", "ml-platform",
               "ml-framework", "data-science", "data-labelling", "vector-db", "tool-api"),
    "coding": ("coding-assistant", "coding-agent", "app-builder"),
    "agents": ("agent-platform", "agent-framework", "mcp-server", "mcp-sdk"),
    "meetings": ("meeting-notetaker",),
    "media": ("image-video", "audio-voice", "design"),
    "customers": ("customer-service", "sales-marketing"),
    "people": ("hr-recruiting", "education", "health", "finance", "legal"),
    "applications": ("application",),
}  # fmt: skip
FAMILIES = (*_FAMILIES, "others")


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that the organisation holds for a system, or may hold, as nobody has confirmed it."""

    role: str
    is_confirmed: bool
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A system in the scope, out of it, or undecided. ``why`` says what put it there.

    ``decider`` and ``decide_by`` are of what is undecided; ``is_decided`` is whether a person or
    a rule that a person wrote put it there.
    """

    id: str
    name: str
    kind: str
    family: str
    origin: tuple[str, ...]
    roles: tuple[HeldRole, ...]
    units: tuple[str, ...]
    environment: tuple[str, ...]
    owner: str
    is_owner_confirmed: bool
    suppliers: tuple[str, ...]
    models: tuple[str, ...]
    place: str
    why: str
    is_decided: bool
    code: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    review_due: datetime | None = None
    decider: str = ""
    decide_by: datetime | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None

    @property
    def role_names(self) -> tuple[str, ...]:
        return tuple(one.role for one in self.roles)

    @property
    def has_confirmed_role(self) -> bool:
        return any(one.is_confirmed for one in self.roles)


def entry(
    system: AISystem,
    facts: SystemFacts,
    scoped: Scoped,
    roles: Sequence[RoleClaim],
    owned: Ownership,
    said: Mapping[str, str],
) -> Entry:
    """Return what a scope document holds of a system; what people ``said`` goes before evidence."""
    claim = owned.claim
    return Entry(
        id=system.id,
        name=system.name,
        kind=system.kind.value,
        family=family_of(facts.category),
        origin=origin_class(facts).value,
        roles=tuple(_held(one) for one in roles if one.status is not RoleStatus.REJECTED),
        units=tuple(sorted(facts.units, key=lambda unit: (-facts.units[unit], unit))),
        environment=_said(said, "deployment_environment") or deployment_environment(facts).value,
        owner=claim.owner if claim else "",
        is_owner_confirmed=bool(claim and claim.confirmed_by) and not owned.stale,
        suppliers=tuple(facts.suppliers[one] for one in sorted(facts.suppliers)),
        models=models_of(facts),
        place=scoped.place.value,
        why=scoped.why,
        is_decided=scoped.is_decided or bool(scoped.by),
        code=scoped.code,
        reason=scoped.reason,
        by=scoped.by,
        at=scoped.at,
        review_due=scoped.review_due,
        decider=scoped.owner,
        decide_by=scoped.decide_by,
        first_seen=system.first_seen,
        last_seen=system.last_seen,
    )


def family_of(category: str) -> str:
    """Return the family of a category; every category has one."""
    return next((name for name, several in _FAMILIES.items() if category in several), "others")


def models_of(facts: SystemFacts) -> tuple[str, ...]:
    """Return the models that code or accounts name."""
    kept = {one.name for one in facts.kept if one.kind == "model" and one.name}
    parts = {one.value for one in facts.parts if one.channel is Identifier.MODEL or is_of_hub(one)}
    return tuple(sorted(kept | parts))


def placed(entries: Sequence[Entry], place: Place) -> tuple[Entry, ...]:
    """Return the entries that are there."""
    return tuple(one for one in entries if one.place == place.value)


def is_told(values: Sequence[str]) -> bool:
    """Whether evidence says anything at all."""
    return any(one != UNKNOWN for one in values)


def _said(said: Mapping[str, str], field: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, said.get(field, "").split(";"))))


def _held(claim: RoleClaim) -> HeldRole:
    is_confirmed = claim.status is RoleStatus.CONFIRMED
    return HeldRole(claim.role, is_confirmed, claim.by or "", claim.at)
