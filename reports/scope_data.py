"""What the scope document (clause 4.3) holds, as data: kept with each approved version of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.keeping import read
from reports.material import Material
from scanner.errors import UsageError
from scanner.inventory.approval import OpenPoint
from scanner.inventory.drift import Drift, drift, unseen
from scanner.inventory.origin import data_reach
from scanner.inventory.scope import Place
from scanner.inventory.scope_entries import FAMILIES, Entry, entry, is_told, placed

PAPER = "scope"
DRAFT, APPROVED = "draft", "approved"


@dataclass(frozen=True, slots=True)
class Document:
    """Which version it is, who approved it, although what was open, and the version before."""

    version: int
    status: str
    approved_by: str = ""
    approved_at: datetime | None = None
    reason: str = ""
    open_points: tuple[OpenPoint, ...] = ()
    previous: int = 0  # 0: there is none
    previous_by: str = ""
    previous_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An interested party, and what it requires; "" where nobody wrote it."""

    name: str
    requires: str


@dataclass(frozen=True, slots=True)
class Told:
    """What people wrote in gnomon.toml; "" or nothing where nobody wrote it yet."""

    statement: str
    definition: str
    accountable: str
    legal_entities: tuple[str, ...]
    units: tuple[str, ...]
    sites: tuple[str, ...]
    issues: tuple[str, ...]
    parties: tuple[Party, ...]
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What evidence says to the issues of clause 4.1: counts are of systems that are not out."""

    systems: int
    unreviewed: int
    without_owner: int
    before_approval: int
    reach: tuple[str, ...]
    countries: tuple[str, ...]
    units: tuple[str, ...]
    approved: int = 0  # of them; where none is, none can have been used before


@dataclass(frozen=True, slots=True)
class RoleSum:
    """For how many systems a role is held: confirmed and not, in scope; and of those undecided."""

    role: str
    confirmed: int
    candidate: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Interface:
    """A supplier that systems in scope rest on; ``upstream`` are those that the catalogue tells."""

    supplier: str
    name: str
    country: str
    supplies_models: bool | None  # None: the catalogue does not say that it does
    direct: tuple[str, ...]
    upstream: tuple[str, ...]
    share: float  # of the systems in scope
    review: str  # the verdict in force; "" where nobody decided


@dataclass(frozen=True, slots=True)
class Scope:
    """The whole document."""

    document: Document
    told: Told
    basis: Basis
    families: tuple[str, ...]
    roles: tuple[RoleSum, ...]
    in_scope: tuple[Entry, ...]
    out_of_scope: tuple[Entry, ...]
    undecided: tuple[Entry, ...]
    interfaces: tuple[Interface, ...]
    drift: tuple[Drift, ...]
    evidence_sha256: str

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (*self.in_scope, *self.out_of_scope, *self.undecided)


def scope_of(material: Material) -> Scope:
    """Return the scope as it stands now."""
    entries = entries_of(material)
    inside, open_ones = placed(entries, Place.IN), placed(entries, Place.UNDECIDED)
    before = previous(material)
    document = _document(material)
    return Scope(
        document=document,
        told=_told(material),
        basis=_basis(material, (*inside, *open_ones)),
        families=tuple(one for one in FAMILIES if one in {each.family for each in inside}),
        roles=tuple(_roles(inside, open_ones)),
        in_scope=inside,
        out_of_scope=placed(entries, Place.OUT),
        undecided=open_ones,
        interfaces=_interfaces(material, inside),
        drift=_drift(material, before, entries),
        evidence_sha256=_digest(material),
    )


def entries_of(material: Material) -> list[Entry]:
    """Return every system as the document has it, by name."""
    return [
        entry(
            one.system,
            one.facts,
            material.scopes[key],
            material.roles[key],
            material.owners[key],
            material.said(key),
        )
        for key, one in material.standpoints.items()
    ]


def previous(material: Material) -> Scope | None:
    """Return the approved version before this one, if there is one."""
    kept = material.store.kept_papers(PAPER)
    if not kept:
        return None
    found = read(kept[0].content, Scope).data
    if not isinstance(found, Scope):
        raise UsageError("the approved scope cannot be read")
    return found


def _document(material: Material) -> Document:
    kept = material.store.kept_papers(PAPER)
    before = previous(material)
    approval = material.approval
    return Document(
        version=kept[0].version + 1 if kept else 1,
        status=APPROVED if approval else DRAFT,
        approved_by=approval.by if approval else "",
        approved_at=approval.at if approval else None,
        reason=approval.reason if approval else "",
        open_points=approval.open_points if approval else (),
        previous=before.document.version if before else 0,
        previous_by=before.document.approved_by if before else "",
        previous_at=before.document.approved_at if before else None,
    )


def _told(material: Material) -> Told:
    said = material.config.scope
    return Told(
        statement=said.statement.strip(),
        definition=said.definition.strip(),
        accountable=said.accountable.strip(),
        legal_entities=said.legal_entities,
        units=said.units,
        sites=said.sites,
        issues=said.issues,
        parties=tuple(Party(one.name, one.requires) for one in said.parties),
        activities=said.activities,
    )


def _basis(material: Material, counted: Sequence[Entry]) -> Basis:
    stands = [material.standpoints[one.id] for one in counted]
    reach = (each for one in stands for each in data_reach(one.facts).value)
    inside = [one for one in counted if one.place == Place.IN.value]
    used_by = _interfaces(material, inside)
    return Basis(
        systems=len(counted),
        unreviewed=sum(one.is_undecided for one in stands),
        without_owner=sum(not one.is_owner_confirmed for one in counted),
        before_approval=sum(one.is_used_before_approved for one in stands),
        reach=tuple(sorted({one for one in reach if is_told([one]) and one != "none"})),
        countries=tuple(sorted({one.country for one in used_by if one.country})),
        units=tuple(sorted({unit for one in counted for unit in one.units})),
        approved=sum(one.first_allowed is not None for one in stands),
    )


def _roles(inside: Iterable[Entry], open_ones: Iterable[Entry]) -> Iterable[RoleSum]:
    held = [one for each in inside for one in each.roles]
    maybe = [one.role for each in open_ones for one in each.roles]
    for role in sorted({one.role for one in held} | set(maybe)):
        yield RoleSum(
            role,
            confirmed=sum(one.role == role and one.is_confirmed for one in held),
            candidate=sum(one.role == role and not one.is_confirmed for one in held),
            undecided=maybe.count(role),
        )


def _interfaces(material: Material, inside: Sequence[Entry]) -> tuple[Interface, ...]:
    names = {one.id: one.name for one in inside}
    decided = material.store.latest_decisions("supplier:")
    found = []
    for key, use in material.suppliers.items():
        rests = [one for one in use.rests if one.system in names]
        if rests:
            verdict = decided.get(f"supplier:{key}")
            found.append(
                Interface(
                    supplier=key,
                    name=use.name,
                    country=use.country or "",
                    supplies_models=use.supplies_models or None,
                    direct=tuple(names[one.system] for one in rests if one.is_direct),
                    upstream=tuple(names[one.system] for one in rests if not one.is_direct),
                    share=round(len(rests) / len(names), 4),
                    review=verdict.verdict if verdict else "",
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.share, -len(one.direct), one.name.casefold())))


def _drift(material: Material, before: Scope | None, entries: Sequence[Entry]) -> tuple[Drift, ...]:
    """Return how things drifted; before the first approval only what is not seen can be told."""
    silent = unseen(material.store, material.now)
    if before is None:
        inside = {one.id for one in entries if one.place == Place.IN.value}
        return tuple(one for key, one in sorted(silent.items()) if key in inside)
    return tuple(drift(before.entries, entries, silent))


def _digest(material: Material) -> str:
    """Return a hash of the facts of every system: the same evidence has the same.

    A page has not each row for itself, and shows none: the document, and what is approved, has it.
    """
    import msgspec

    if material.full is not None:
        return ""
    listed = [material.facts[key] for key in sorted(material.facts)]
    return hashlib.sha256(msgspec.json.encode(listed, order="sorted")).hexdigest()
