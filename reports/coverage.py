"""The coverage report: what was looked at, how well, and what no source here can see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports import Report, as_paper
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import Column, Paper, Said, Section, Table, Tone
from reports.sources import in_rows


@dataclass(frozen=True, slots=True)
class Source:
    """One source, with what was read of it; counts are records."""

    name: str
    format: str
    state: str
    first: datetime | None
    last: datetime | None
    read: int
    used: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at."""

    sources: tuple[Source, ...]


def compose(material: Material) -> Paper:
    """Return the report on everything that was looked at."""
    texts = material.texts
    rows = in_rows(material.sources, texts)
    return Paper(
        name="coverage",
        title=texts("coverage.title"),
        subtitle="",
        head=head_of(material),
        sections=(
            Section("sources", texts("coverage.sources"), (_table(material, rows),)),
            blind_section(material),
        ),
        data=Coverage(tuple(map(_source, rows))),
    )


def _source(row: dict[str, Any]) -> Source:
    return Source(
        row["name"],
        row["format"] or "",
        row["state"],
        row["first"],
        row["last"],
        row["read"],
        row["parsed"],
        row["rejected"],
    )


def _table(material: Material, rows: list[dict[str, Any]]) -> Table:
    texts = material.texts
    return Table(
        name=texts("coverage.sources"),
        columns=(
            Column(texts("coverage.source"), 40),
            Column(texts("coverage.format"), 20),
            Column(texts("coverage.state"), 14),
            Column(texts("coverage.first"), 14),
            Column(texts("coverage.last"), 14),
            Column(texts("coverage.read"), 12, is_number=True),
            Column(texts("coverage.rejected"), 12, is_number=True),
        ),
        rows=tuple(
            (
                one["name"],
                one["format"],
                Said(one["words"], Tone.BAD if one["is_bad"] else Tone.PLAIN),
                one["first"] and one["first"].date(),
                one["last"] and one["last"].date(),
                one["read"],
                one["rejected"],
            )
            for one in rows
        ),
        empty=texts("common.blind.no_sources"),
    )


REPORT = Report(
    "coverage",
    "What was looked at, and what was not",
    as_paper(compose, "html", "docx", "xlsx", "csv", "md", "json"),
    compose=compose,
    data=Coverage,
)
