"""Impact assessments: who lacks one, and a sheet to begin it with for each system in the scope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reports import Report, as_paper
from reports.accounts import reaches_of
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import Cell, Column, Facts, Paper, Said, Section, Table, Tone, say
from reports.reasons import scope_reason
from reports.texts import Texts
from scanner.inventory.scope import Place
from scanner.model import RoleStatus, SystemFacts

# What an assessment has to say and no evidence can: people write it.
_TO_WRITE = (
    "purpose", "affected", "benefits", "harms", "society", "data", "oversight", "measures",
    "residual", "conclusion", "assessed_by", "next",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stub:
    """A system in the scope, and whether somebody has assessed its impact."""

    system: str
    name: str
    reference: str  # of the assessment; "" where there is none
    due: date | None
    triggers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """The systems in the scope, those without an assessment first."""

    systems: tuple[Stub, ...]
    undecided: int  # systems of which nobody has said whether they are in the scope


def compose(material: Material) -> Paper:
    """Return what is to be assessed, and a sheet for each system to begin with."""
    texts = material.texts
    stubs = _stubs(material)
    lacking = sum(not one.reference for one in stubs)
    undecided = sum(one.place is Place.UNDECIDED for one in material.scopes.values())
    return Paper(
        name="impact",
        title=texts("impact.title"),
        subtitle=texts("impact.lead", n=lacking, all=len(stubs)) if stubs else texts("impact.none"),
        head=head_of(material),
        sections=tuple(_sections(material, stubs, undecided)),
        data=Impact(tuple(stubs), undecided),
    )


def _stubs(material: Material) -> list[Stub]:
    found = [
        _stub(material, key)
        for key, one in material.scopes.items()
        if one.place is Place.IN and key in material.systems
    ]
    return sorted(found, key=lambda one: (bool(one.reference), one.name.casefold(), one.system))


def _stub(material: Material, system: str) -> Stub:
    said = material.said(system)
    due = said.get("impact_assessment_due", "")
    return Stub(
        system,
        material.systems[system].name,
        said.get("impact_assessment_ref", ""),
        date.fromisoformat(due) if due else None,
        tuple(one["factor"] for one in material.triage[system]["factors"]),
    )


def _sections(material: Material, stubs: list[Stub], undecided: int) -> Iterator[Section]:
    texts = material.texts
    blocks = (say(texts("impact.undecided", n=undecided)),) if undecided else ()
    yield Section("systems", texts("impact.systems"), (_overview(material, stubs), *blocks))
    for one in stubs:
        if not one.reference:
            yield _sheet(material, one)
    yield blind_section(material, is_annex=True)


def _overview(material: Material, stubs: list[Stub]) -> Table:
    texts = material.texts
    rows = tuple(
        (
            Said(one.name, opens="" if one.reference else f"#{one.system}"),
            one.reference or Said(texts("impact.lacks"), Tone.BAD),
            one.due,
            _triggers(one, texts),
        )
        for one in stubs
    )
    columns = (
        Column(texts("impact.column.system"), 30),
        Column(texts("impact.column.reference"), 30),
        Column(texts("impact.column.due"), 14),
        Column(texts("impact.column.triggers"), 50),
    )
    return Table(texts("impact.systems"), columns, rows, texts("impact.none"))


def _triggers(stub: Stub, texts: Texts) -> tuple[str, ...]:
    keys = (one.replace(" ", "_").replace("'", "") for one in stub.triggers)
    return tuple(texts.of("factor", one) for one in keys)


def _sheet(material: Material, stub: Stub) -> Section:
    texts = material.texts
    to_write = tuple(
        (texts(f"impact.write.{one}"), _already(material, stub.system, one)) for one in _TO_WRITE
    )
    columns = (
        Column(texts("impact.column.question"), 40),
        Column(texts("impact.column.answer"), 60, is_to_fill=True),
    )
    return Section(
        stub.system,
        texts("impact.sheet", name=stub.name),
        (
            Facts(tuple(_known(material, stub))),
            Table(stub.name, columns, to_write, texts("common.nothing")),
        ),
        is_annex=True,
    )


def _already(material: Material, system: str, question: str) -> Cell:
    """Return what people have said of it already, else that it is to be written."""
    return material.said(system).get(question) or Said(material.texts("impact.to_write"), Tone.SOFT)


def _known(material: Material, stub: Stub) -> Iterator[tuple[str, Cell]]:
    """Yield what evidence tells, for the assessment to begin with."""
    texts = material.texts
    one, facts = material.systems[stub.system], material.facts[stub.system]
    yield texts("impact.known.system"), (one.name, texts.of("category", one.category))
    yield texts("impact.known.supplier"), one.supplier
    yield texts("impact.known.roles"), _roles(material, stub.system)
    yield texts("impact.known.owner"), _owner(material, stub.system)
    users = one.users
    said = texts("common.people", n=users) if users else texts("common.unknown")
    yield texts("impact.known.people"), said
    yield texts("impact.known.reach"), _reach(material, facts) or texts("common.unknown")
    models = sorted({part.value for part in facts.parts if part.channel == "model"})
    yield texts("impact.known.models"), tuple(models[:10]) or texts("common.unknown")
    yield texts("impact.known.scope"), scope_reason(material.scopes[stub.system].why, texts)
    yield texts("impact.known.triggers"), _triggers(stub, texts) or texts("common.nothing")


def _roles(material: Material, system: str) -> Cell:
    texts = material.texts
    return tuple(
        f"{texts.of('role', one.role)} ({texts.of('claim', one.status)})"
        for one in material.roles[system]
        if one.status is not RoleStatus.REJECTED
    ) or texts("common.unknown")


def _owner(material: Material, system: str) -> Cell:
    texts, claim = material.texts, material.owners[system].claim
    if claim is None:
        return Said(texts("common.nobody"), Tone.BAD)
    if claim.confirmed_by and claim.confirmed_at:
        return texts(
            "common.confirmed_by", what=claim.owner, by=claim.confirmed_by, at=claim.confirmed_at
        )
    return texts("common.to_confirm", what=claim.owner)


def _reach(material: Material, facts: SystemFacts) -> Cell:
    rows = (one.row(material.texts) for one in reaches_of(facts.reached))
    return tuple(f"{what}: {may} {whose}" for what, may, whose, _ in rows)


REPORT = Report(
    "impact",
    "Impact assessments: who lacks one, and a sheet to begin each",
    as_paper(compose, "docx", "html", "xlsx", "md", "json"),
    compose=compose,
    data=Impact,
)
