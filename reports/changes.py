"""The forum pack: what changed since a date or the scan before, what was decided, and how far we are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from reports import Report, as_paper
from reports.deciding import worded
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import (
    Block,
    Cell,
    Column,
    Figure,
    Figures,
    Paper,
    Said,
    Section,
    Share,
    Table,
    Tone,
    say,
)
from reports.reasons import grounds_in_words
from scanner.inventory.candidates import called
from scanner.inventory.change_kinds import Change, Grade
from scanner.inventory.changes import changes
from scanner.inventory.policy import prohibited
from scanner.inventory.review_lists import Standpoint
from scanner.model import Act, Decision

_DAYS_AHEAD = 90


@dataclass(frozen=True, slots=True)
class Changed:
    """One change, as `gnomon changes` has it."""

    system: str
    name: str
    kind: str
    grade: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Measures:
    """How far the organisation is; shares are 0.0 to 1.0, None where there is nothing to measure."""

    systems: int
    owned: float | None
    decided: float | None
    days_to_decision: float | None  # the median, from first seen to the first decision


@dataclass(frozen=True, slots=True)
class Pack:
    """What changed, what was decided meanwhile, and how far the organisation is."""

    since: datetime | None
    changes: tuple[Changed, ...]
    decisions: int
    measures: Measures


def compose(material: Material) -> Paper:
    """Return the pack for those who meet every quarter."""
    texts = material.texts
    since = since_of(material)
    found = found_since(material, since)
    title = texts("changes.since", day=since) if since else texts("changes.since_ever")
    return Paper(
        name="changes",
        title=texts("changes.title"),
        subtitle=title,
        head=head_of(material),
        sections=tuple(_sections(material, found, since)),
        data=Pack(
            since,
            tuple(map(_changed, found)),
            len(_decided(material, since)),
            measures(material),
        ),
    )


def since_of(material: Material) -> datetime | None:
    """Return from when on: the day that was asked for, or the scan before the last one."""
    if material.since is not None or len(material.scans) < 2:
        return material.since
    return material.scans[1].started


def found_since(material: Material, since: datetime | None) -> list[Change]:
    """Return what changed since then, or ever, the gravest first."""
    systems = [one.system for one in material.standpoints.values()]
    barred = prohibited(systems, material.config.policy, material.now)
    return changes(material.store, since, None, material.now, prohibited=barred)


def _changed(one: Change) -> Changed:
    return Changed(one.system, one.name, one.kind, one.grade, one.text, one.at)


def _sections(
    material: Material, found: Sequence[Change], since: datetime | None
) -> Iterator[Section]:
    texts = material.texts
    yield Section("measures", "", (_figures(material, found), _progress(material)))
    for grade in Grade:
        graded = [one for one in found if one.grade is grade]
        title = f"{texts(f'changes.grade.{grade}')} ({texts.number(len(graded))})"
        yield Section(f"grade-{grade}", title, (_changes(material, graded),))
    yield Section("lists", texts("changes.lists.title"), tuple(_lists(material)))
    decided = _decided(material, since)
    yield Section("decided", texts("changes.decided.title"), (_decisions(material, decided),))
    yield blind_section(material)


def _figures(material: Material, found: Sequence[Change]) -> Block:
    texts = material.texts
    counts = Counter(one.grade for one in found)
    return Figures(
        tuple(
            Figure(
                counts[grade],
                texts(f"changes.grade.{grade}"),
                f"#grade-{grade}",
                Tone.BAD if grade is Grade.CRITICAL and counts[grade] else Tone.PLAIN,
            )
            for grade in Grade
        )
    )


def measures(material: Material) -> Measures:
    """Return how much is owned and decided, and how long a decision takes."""
    stands = list(material.standpoints.values())
    owned = sum(one.confirmed is not None for one in material.owners.values())
    waits = [wait for one in stands if (wait := _wait(material, one)) is not None]
    return Measures(
        systems=len(stands),
        owned=owned / len(stands) if stands else None,
        decided=sum(not one.is_undecided for one in stands) / len(stands) if stands else None,
        days_to_decision=float(median(waits)) if waits else None,
    )


def _wait(material: Material, stand: Standpoint) -> float | None:
    """Return the days from when a system was first seen to the first decision on it."""
    first = stand.system.first_seen
    said = [one.at for one in material.decided.about(stand.system.id) if one.act is Act.REVIEW]
    if first is None or not said:
        return None
    return max((min(said) - first).total_seconds() / 86_400, 0.0)


def _progress(material: Material) -> Block:
    texts, found = material.texts, measures(material)
    days = found.days_to_decision
    rows: tuple[tuple[Cell, ...], ...] = (
        (texts("changes.measure.systems"), found.systems),
        (texts("changes.measure.owned"), _share(material, found.owned)),
        (texts("changes.measure.decided"), _share(material, found.decided)),
        (
            texts("changes.measure.days"),
            texts("common.unknown") if days is None else round(days, 1),
        ),
    )
    columns = (Column(texts("changes.measure.what"), 50), Column(texts("changes.measure.value")))
    return Table(texts("changes.measure.title"), columns, rows, texts("common.nothing"))


def _share(material: Material, value: float | None) -> Cell:
    return material.texts("common.unknown") if value is None else Share(value)


def _changes(material: Material, found: Sequence[Change]) -> Table:
    texts = material.texts
    names = {one.subject: called(one) for one in material.candidates}
    rows = tuple(
        (
            one.at.date(),
            names.get(one.name, one.name) or texts("changes.no_system"),
            texts(f"changes.kind.{one.kind}"),
            one.text,
        )
        for one in found
    )
    columns = (
        Column(texts("changes.column.day"), 12),
        Column(texts("changes.column.system"), 26),
        Column(texts("changes.column.kind"), 20),
        Column(texts("changes.column.text"), 60),
    )
    name = texts(f"changes.grade.{found[0].grade}") if found else texts("changes.none")
    return Table(name, columns, rows, texts("changes.none"))


def _lists(material: Material) -> Iterator[Block]:
    """Yield what a board looks at: each list with those on it."""
    stands = material.standpoints.values()
    soon = timedelta(days=_DAYS_AHEAD)
    for name, on_it in (
        ("before_approved", [one for one in stands if one.is_used_before_approved]),
        ("though_rejected", [one for one in stands if one.is_used_though_rejected]),
        ("ending", [one for one in stands if one.ends_within(soon.days, material.now)]),
        ("undecided", [one for one in stands if one.is_undecided]),
    ):
        yield _list(material, name, on_it)


def _list(material: Material, name: str, stands: Sequence[Standpoint]) -> Block:
    texts = material.texts
    if not stands:
        return say(Said(texts(f"changes.lists.{name}.none"), Tone.SOFT))
    rows = tuple(
        (
            one.system.name,
            one.system.supplier,
            texts.of("status", one.review.state),
            grounds_in_words(one.review.grounds, texts),
            one.review.review_due and one.review.review_due.date(),
        )
        for one in stands
    )
    columns = (
        Column(texts(f"changes.lists.{name}.title"), 30),
        Column(texts("changes.column.supplier"), 20),
        Column(texts("changes.column.status"), 18),
        Column(texts("changes.column.why"), 40),
        Column(texts("changes.column.due"), 12),
    )
    return Table(texts(f"changes.lists.{name}.title"), columns, rows, texts("common.nothing"))


def _decided(material: Material, since: datetime | None) -> list[Decision]:
    return [one for one in material.decisions if since is None or one.at >= since]


def _decisions(material: Material, decided: Sequence[Decision]) -> Table:
    texts = material.texts
    rows = tuple((one.at.date(), *worded(material, one), one.by, one.reason) for one in decided)
    columns = (
        Column(texts("changes.column.day"), 12),
        Column(texts("changes.column.about"), 26),
        Column(texts("changes.column.verdict"), 20),
        Column(texts("changes.column.by"), 20),
        Column(texts("changes.column.why"), 40),
    )
    return Table(texts("changes.decided.title"), columns, rows, texts("changes.decided.none"))


REPORT = Report(
    "changes",
    "What changed, for the quarterly forum",
    as_paper(compose, "html", "docx", "xlsx", "csv", "md", "json"),
    compose=compose,
    data=Pack,
)
