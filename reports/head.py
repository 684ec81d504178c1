"""What every report carries: its head, and what the evidence cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from reports.material import Material
from reports.paper import Block, Cell, Column, Head, Section, Table, Text, say
from reports.sources import blind_spots, in_rows, is_anything_read, not_looked_at


def head_of(material: Material) -> Head:
    """Return of whom a report is, when and from what it was made, and how much is confirmed."""
    last = material.decisions[-1] if material.decisions else None
    return Head(
        organisation=material.organisation,
        made_at=material.now,
        period=material.period,
        tool=f"gnomon {material.tool}",
        signatures=material.signatures,
        scans=tuple(sorted(one.id for one in material.scans)),
        privacy=material.store.privacy(),
        decisions=len(material.decisions),
        decided_up_to=last.hash if last else "",
        language=material.language,
        as_rows=tuple(_rows(material)),
        in_short=material.texts(
            "common.head.in_short",
            organisation=material.organisation,
            made_at=material.now,
            period=_span(material.period, material),
            logs=_logs(material),
        ),
        logs=material.logged,
    )


def _rows(material: Material) -> Iterator[tuple[str, Cell]]:
    texts = material.texts
    yield texts("common.head.organisation"), material.organisation
    yield texts("common.head.made_at"), texts.minute(material.now)
    yield texts("common.head.period"), _span(material.period, material)
    logs = _span(material.logged, material) if material.logged else texts("common.head.logs_none")
    yield texts("common.head.logs"), logs
    yield texts("common.head.tool"), texts("common.head.tool_of", version=material.tool)
    yield texts("common.head.signatures"), material.signatures
    yield texts("common.head.scans"), _scans(material)
    yield texts("common.head.privacy"), texts.of("privacy", material.store.privacy())
    yield texts("common.head.confirmed"), texts("common.head.confirmed_of", **material.confirmed)
    yield texts("common.head.decisions"), _decisions(material)


def _span(period: tuple[datetime, datetime] | None, material: Material) -> str:
    texts = material.texts
    if period is None:
        return texts("common.head.period_none")
    first, last = period
    return texts("common.head.period_of", first=first, last=last)


def _logs(material: Material) -> str:
    """Say when use was watched: a list of accounts has old dates, and nobody watched since then."""
    texts = material.texts
    if material.logged is None:
        return texts("common.head.no_logs")
    return texts("common.head.logs_of", period=_span(material.logged, material))


def _scans(material: Material) -> str:
    numbers = sorted(one.id for one in material.scans)
    if len(numbers) < 2:
        return str(numbers[0]) if numbers else material.texts("common.none")
    return material.texts("common.head.scans_of", first=numbers[0], last=numbers[-1])


def _decisions(material: Material) -> str:
    texts = material.texts
    if not material.decisions:
        return texts("common.head.decisions_none")
    last = material.decisions[-1].hash[:12]
    return texts("common.head.decisions_of", n=len(material.decisions), hash=last)


def blind_section(material: Material, is_annex: bool = False) -> Section:
    """Return what a report cannot see: sources that are missing, in part or removed, and senses."""
    return Section(
        "blind",
        material.texts("common.blind.title"),
        tuple(_blind_blocks(material)),
        is_annex=is_annex,
    )


def _blind_blocks(material: Material) -> Iterator[Block]:
    texts = material.texts
    if not is_anything_read(material.sources):
        yield say(texts("common.blind.no_sources"), is_notice=True)
    else:
        yield Text((texts("common.blind.lead"),))
    yield _incomplete(material)
    yield Table(
        name=texts("common.blind.not_looked_at"),
        columns=(
            Column(texts("common.blind.not_looked_at"), 30),
            Column(texts("common.blind.shows"), 60),
        ),
        rows=(*not_looked_at(material.sources, texts), *blind_spots(material.sources, texts)),
        empty=texts("common.nothing"),
    )


def _incomplete(material: Material) -> Table:
    """Return the sources that were not read whole, and those whose evidence a person removed."""
    texts = material.texts
    read: list[tuple[Cell, ...]] = [
        (
            one["name"],
            one["words"],
            texts("common.head.period_of", first=one["first"], last=one["last"])
            if one["first"] and one["last"]
            else "",
            tuple(one["said"]),
        )
        for one in in_rows(material.sources, texts)
        if one["is_bad"] or one["lacks"]
    ]
    removed: list[tuple[Cell, ...]] = [
        (
            one.subject.removeprefix("source:"),
            texts("common.blind.forgotten"),
            texts.day(one.at),
            f"{one.by}: {one.reason}",
        )
        for one in material.removed
    ]
    return Table(
        name=texts("common.blind.source"),
        columns=(
            Column(texts("common.blind.source"), 40),
            Column(texts("common.blind.state"), 16),
            Column(texts("common.blind.period"), 24),
            Column(texts("common.blind.said"), 60),
        ),
        rows=(*read, *removed),
        empty=texts("common.blind.none"),
    )
