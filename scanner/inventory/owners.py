"""Who may answer for each system, with reasons, and who a person said does.

Candidates are ranked by how sure their reasons make them together: each source counts once, the
surest of what it says. Whoever has left is told, and comes last. Names are joined where they are
spelled alike, as addresses are; two people of one display name are never made one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import prod
from typing import NamedTuple

from scanner.config import Config
from scanner.inventory.merged import Decided, decided
from scanner.inventory.recording import Draft, Outcome, record_one
from scanner.model import Act, AISystem, Claimed, Decision, OwnerClaim, SystemFacts
from scanner.privacy import Privacy, Pseudonyms, load_key
from scanner.store import Reader, Store
from scanner.store.people_reads import StoredColleague, StoredHead

_MOST = 0.99  # no evidence makes an owner certain; a person does
_LEADS = 0.5
_DISPUTED = "has left by one account and not by another"
_NAMED = 0.9  # by a person, of what was merged in, or of what this was a part of
_LEFT = " (has left)"
_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>\s*$")
_CODE = re.compile(r"u-[0-9a-f]{20}")
_CONFIRMED = "confirmed"

# Returns the code under which a directory keeps whoever is called so.
CodeOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody may own a system, how sure that alone makes it, and which source says so."""

    reason: str
    confidence: float
    source: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may own a system. ``unit`` is what a directory says, "" if none does."""

    owner: str
    confidence: float
    reasons: tuple[Reason, ...]
    unit: str = ""
    has_left: bool = False
    is_disputed: bool = False  # left by one account, and not by another

    @property
    def why(self) -> str:
        told = dict.fromkeys(one.reason for one in self.reasons)
        return "; ".join([*told, *([_DISPUTED] if self.is_disputed else [])])


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns a system: whom a person confirmed, why that is stale now, and who may own it."""

    system: str
    confirmed: OwnerClaim | None
    unit: str
    stale: str
    candidates: tuple[Candidate, ...]
    number: int = 0  # of the newest decision on its owner, for `seen`

    @property
    def claim(self) -> OwnerClaim | None:
        """Whom a person confirmed, else the first candidate who is still there."""
        if self.confirmed is not None:
            return self.confirmed
        best = next((one for one in self.candidates if not one.has_left), None)
        return OwnerClaim(best.owner, best.why, best.confidence) if best else None


class _Said(NamedTuple):
    """What people said of a system's owner, whom they named for its parts, and what nobody overrules."""

    decision: Decision | None
    others: tuple[Claimed, ...]
    seen: int


def owners(
    store: Reader, config: Config, facts: Iterable[SystemFacts] | None = None
) -> dict[str, Ownership]:
    """Return who owns each system, or each of those whose facts are given, by its id."""
    known = list(store.facts(is_summed=True) if facts is None else facts)
    decisions = decided(store)
    said = {one.id: _said(decisions, one.id) for one in known}
    heads = store.unit_heads()
    code_of = codes(store, config)
    claims = {one.id: (*one.owners, *_leaders(one, heads), *said[one.id].others) for one in known}
    named = {_name(one.owner) for several in claims.values() for one in several}
    named |= {str(one.decision.value.get("owner", "")) for one in said.values() if one.decision}
    people = _people(store, named, code_of)
    has_directory = code_of is not None and store.has_directory()
    return {
        one.id: _ownership(one.id, claims[one.id], said[one.id], people, has_directory, code_of)
        for one in known
    }


def with_owners(
    systems: Iterable[AISystem],
    store: Reader,
    config: Config,
    facts: Iterable[SystemFacts] | None = None,
) -> list[AISystem]:
    """Return the systems with whoever owns them, or may, by their facts if those are at hand."""
    wanted = list(systems)
    if facts is None:
        facts = store.facts([one.id for one in wanted], is_summed=True)
    found = owners(store, config, facts)
    return [replace(one, owner=found[one.id].claim) if one.id in found else one for one in wanted]


def candidates(
    claims: Iterable[Claimed],
    people: Mapping[str, StoredColleague],
    code_of: CodeOf | None = None,
) -> tuple[Candidate, ...]:
    """Return who may own a system, the likeliest first, those who have left last.

    With ``code_of`` an address and its code are one person.
    """
    by_person: dict[str, list[Claimed]] = {}
    for one in claims:
        by_person.setdefault(_key(one.owner, code_of), []).append(one)
    found = [_candidate(several, people) for several in by_person.values()]
    return tuple(sorted(found, key=lambda one: (one.has_left, -one.confidence, one.owner)))


def confirm(
    store: Store,
    config: Config,
    system: str,
    owner: str,
    reason: str,
    by: str,
    at: datetime,
    unit: str = "",
    seen: int | None = None,
) -> Outcome:
    """Record who owns a system, given by its id. Raises RefusedError or ConflictError.

    The unit is what a directory says, where none is given; that it knows the owner is recorded, so
    that it is told when it does not any more.
    """
    owner = owner.strip()
    known = _people(store, {owner}, codes(store, config)).get(owner)
    value = {
        "owner": owner,
        "unit": unit.strip() or (known.unit if known else ""),
        "is_in_directory": known is not None,
    }
    decision = Decision(
        system, _CONFIRMED, reason.strip(), by.strip(), at, act=Act.OWNER, value=value
    )
    return record_one(store, Draft(decision, seen), lambda one, _: _flaw(one, known))


def codes(store: Reader, config: Config) -> CodeOf | None:
    """Return what codes names as the store does; None where its key is not at hand."""
    privacy = Privacy(store.privacy())
    if privacy is Privacy.PSEUDONYMOUS and not config.key_file.is_file():
        return None
    key = b"" if privacy is Privacy.IDENTIFIED else load_key(config.key_file, may_create=False)
    pseudonyms = Pseudonyms(key, privacy, config.domains)
    return lambda name: pseudonyms.actor(name, None)[0]


def _ownership(
    system: str,
    claims: Iterable[Claimed],
    said: _Said,
    people: Mapping[str, StoredColleague],
    has_directory: bool,
    code_of: CodeOf | None,
) -> Ownership:
    found = candidates(claims, people, code_of)
    decision = said.decision
    if decision is None:
        return Ownership(system, None, "", "", found, said.seen)
    owner = str(decision.value.get("owner", ""))
    claim = OwnerClaim(owner, decision.reason, 1.0, decision.by, decision.at)
    stale = _stale(decision, people.get(owner), has_directory)
    unit = str(decision.value.get("unit", ""))
    return Ownership(system, claim, unit, stale, found, said.seen)


def _said(known: Decided, system: str) -> _Said:
    """Return whom people named: of the system itself it is its owner, of a part of it a candidate."""
    words = known.words(system, Act.OWNER)
    own = next((one.decision for one in words if one.part == system and not one.is_of_whole), None)
    others = tuple(
        _candidacy(known, one.part, one.decision)
        for one in words
        if one.decision is not None and one.decision is not own
    )
    newest = known.newest(system, Act.OWNER)
    return _Said(own, others, newest.number if newest else 0)


def _candidacy(known: Decided, part: str, decision: Decision) -> Claimed:
    reason = f"confirmed for {known.name(part)} by {decision.by} on {decision.at:%Y-%m-%d}"
    owner = str(decision.value.get("owner", ""))
    return Claimed(owner, reason, _NAMED, f"decision {decision.number}")


def _stale(decision: Decision, known: StoredColleague | None, has_directory: bool) -> str:
    """Return why a confirmed owner cannot answer for a system any more; "" if nothing says so."""
    if known is not None:
        if known.is_disputed:
            return _DISPUTED
        return "has left, as the directory says" if known.is_active is False else ""
    was_there = decision.value.get("is_in_directory") is True
    return "is in no directory any more" if was_there and has_directory else ""


def _flaw(decision: Decision, known: StoredColleague | None) -> str:
    owner = decision.value["owner"]
    if not owner:
        return "an owner needs a name"
    if known is not None and known.is_active is False:
        return f"{owner} has left, as the directory says; name somebody who is there"
    return ""


def _leaders(facts: SystemFacts, heads: Mapping[str, Sequence[StoredHead]]) -> Iterable[Claimed]:
    """Yield who leads the unit whose people use it most; of units that use it alike each."""
    most = max(facts.units.values(), default=0)
    for unit, people in sorted(facts.units.items()):
        for head in heads.get(unit, ()) if people == most else ():
            left = _LEFT if head.is_active is False else ""
            reason = f"leads {unit}, whose people use it most ({people:,})"
            yield Claimed(head.name + left, reason, _LEADS, head.source)


def _candidate(claims: Sequence[Claimed], people: Mapping[str, StoredColleague]) -> Candidate:
    surest: dict[str, float] = {}
    for one in claims:
        surest[one.source] = max(one.confidence, surest.get(one.source, 0.0))
    ordered = sorted({Reason(one.reason, one.confidence, one.source) for one in claims}, key=_order)
    name = min((_name(one.owner) for one in claims), key=lambda one: (_is_code(one), one))
    known = people.get(name)
    has_left, is_disputed = _leaving(claims, known)
    together = 1.0 - prod(1.0 - one for one in sorted(surest.values()))
    return Candidate(
        owner=name,
        confidence=round(min(_MOST, together), 4),
        reasons=tuple(ordered),
        unit=known.unit if known else "",
        has_left=has_left,
        is_disputed=is_disputed,
    )


def _leaving(claims: Sequence[Claimed], known: StoredColleague | None) -> tuple[bool, bool]:
    """Return whether somebody has left, and whether of two accounts one says so and one does not."""
    leaves = any(one.owner.endswith(_LEFT) for one in claims)
    stays = any(one.is_here for one in claims)
    if known is not None:
        leaves = leaves or known.is_active is False or known.is_disputed
        stays = stays or known.is_active is True
    return leaves and not stays, leaves and stays


def _people(
    store: Reader, names: Iterable[str], code_of: CodeOf | None
) -> dict[str, StoredColleague]:
    """Return what directories say of those names that are addresses or codes, by name."""
    coded = {
        name: name if _is_code(name) else code_of(address)
        for name in names
        if (address := _address(name)) and (code_of is not None)
    }
    found = store.colleagues(coded.values())
    return {name: found[code] for name, code in coded.items() if code in found}


def _address(name: str) -> str:
    """Return the address in a name, or a code; "" of what is neither, such as ``@team``."""
    if found := _ADDRESS.search(name):
        return found[1]
    if _is_code(name):
        return name
    return name if "@" in name.lstrip("@") and " " not in name and name[0] != "@" else ""


def _name(owner: str) -> str:
    return owner.removesuffix(_LEFT)


def _key(owner: str, code_of: CodeOf | None) -> str:
    """Return what one person's names have in common."""
    name = _name(owner)
    address = _address(name)
    if address and code_of is not None and not _is_code(address):
        return code_of(address).casefold()
    return (address or name).casefold()


def _is_code(name: str) -> bool:
    return _CODE.fullmatch(name) is not None


def _order(one: Reason) -> tuple[float, str, str]:
    return -one.confidence, one.reason, one.source
