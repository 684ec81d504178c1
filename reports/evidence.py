"""The evidence report: all that is behind one system or one supplier, for an auditor's sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reports import About, Report, as_paper
from reports.behind import behind
from reports.deciding import worded
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import Column, Paper, Section, Table
from scanner.model import Decision


@dataclass(frozen=True, slots=True)
class Sight:
    """What one source showed: counts are events and people; times are aware UTC."""

    source: str
    digest: str | None  # of the source's content; None of what has none, such as an account
    line: int | None
    detection: str
    channel: str
    action: str
    events: int
    actors: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its place in the chain."""

    number: int
    hash: str
    subject: str
    act: str
    verdict: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Behind:
    """One system with everything it rests on."""

    system: str
    name: str
    sights: tuple[Sight, ...]
    components: tuple[str, ...]
    decisions: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is behind a system, or behind every system of a supplier."""

    about: str
    systems: tuple[Behind, ...]


def compose(material: Material) -> Paper:
    """Return everything behind what the report is about."""
    texts = material.texts
    systems = _systems(material)
    return Paper(
        name="evidence",
        title=texts("evidence.title", name=_name(material)),
        subtitle=texts("common.systems", n=len(systems)),
        head=head_of(material),
        sections=tuple(_sections(material, systems)),
        data=Evidence(material.about, tuple(_behind(material, one) for one in systems)),
    )


def _systems(material: Material) -> list[str]:
    """Return the ids of the systems: the one, or those that rest on the supplier by evidence."""
    if material.about in material.systems:
        return [material.about]
    return [one.system for one in material.suppliers[material.about].rests if one.is_direct]


def _name(material: Material) -> str:
    if material.about in material.systems:
        return material.systems[material.about].name
    return material.suppliers[material.about].name


def _sections(material: Material, systems: list[str]) -> Iterator[Section]:
    texts = material.texts
    for one in systems:
        blocks = (*behind(material, one), _decisions(material, one))
        yield Section(one, material.systems[one].name, blocks)
    yield Section("sources", texts("evidence.sources"), (_digests(material, systems),))
    yield blind_section(material)


def _decisions(material: Material, system: str) -> Table:
    texts = material.texts
    rows = tuple(
        (one.number, one.at, worded(material, one).said, one.by, one.reason, one.hash[:16])
        for one in material.decided.about(system)
    )
    columns = (
        Column(texts("evidence.column.number"), 8, is_number=True),
        Column(texts("evidence.column.at"), 20),
        Column(texts("evidence.column.verdict"), 20),
        Column(texts("evidence.column.by"), 20),
        Column(texts("evidence.column.why"), 40),
        Column(texts("evidence.column.hash"), 20),
    )
    return Table(texts("evidence.decisions"), columns, rows, texts("evidence.no_decisions"))


def _digests(material: Material, systems: list[str]) -> Table:
    """Return the sources that are cited, with what tells their content."""
    texts = material.texts
    cited = {one["source"]: one for system in systems for one in material.store.evidence_of(system)}
    rows = tuple(
        (name, cited[name]["format"] or "", cited[name]["source_digest"] or texts("common.unknown"))
        for name in sorted(cited)
    )
    columns = (
        Column(texts("evidence.column.source"), 50),
        Column(texts("evidence.column.format"), 24),
        Column(texts("evidence.column.digest"), 40),
    )
    return Table(texts("evidence.sources"), columns, rows, texts("common.nothing"))


def _behind(material: Material, system: str) -> Behind:
    store = material.store
    sights = tuple(
        Sight(
            one["source"],
            one["source_digest"],
            one["line"] or None,
            one["detection"],
            one["channel"],
            one["action"],
            one["events"],
            one["people"],
            one["first"],
            one["last"],
        )
        for one in store.evidence_of(system)
    )
    parts = tuple(
        f"{one['file']}:{one['line']} {one['value']}" for one in store.components_of(system)
    )
    decided = tuple(_decided(one) for one in material.decided.about(system))
    return Behind(system, material.systems[system].name, sights, parts, decided)


def _decided(one: Decision) -> Decided:
    return Decided(
        one.number, one.hash, one.subject, one.act, one.verdict, one.reason, one.by, one.at
    )


REPORT = Report(
    "evidence",
    "Everything behind one system or supplier, with locators and hashes",
    as_paper(compose, "html", "docx", "xlsx", "md", "json"),
    about=About.EITHER,
    compose=compose,
    data=Evidence,
)
