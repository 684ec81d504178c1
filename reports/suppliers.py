"""All suppliers of AI on one sheet: what rests on each, what is open, what is decided and due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reports import Report, as_paper
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import (
    Block,
    Bullets,
    Cell,
    Column,
    Paper,
    Said,
    Section,
    Share,
    Table,
    Tone,
    say,
)
from reports.supplier_sections import next_due
from reports.supplier_wording import days_old, trigger_in, word
from scanner.inventory.supplier_answers import Standing, count
from scanner.inventory.supplier_record import SupplierRecord


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One supplier; questions are counted by whose their answer is."""

    id: str
    name: str
    country: str | None
    supplies_models: bool | None  # None: the catalogue does not say that it does
    systems: int
    direct: int
    share: float
    state: str
    last_review: date | None
    decision: str | None
    decided_by: str | None
    next_due: date | None
    triggers: tuple[str, ...]
    answered: int
    prefilled: int
    open: int
    stale: int
    conflicts: int
    tier: str
    customers: int


@dataclass(frozen=True, slots=True)
class Suppliers:
    """Every supplier that a system rests on, the one that most rest on first."""

    suppliers: tuple[SupplierRow, ...]


_COLUMNS = (
    ("name", 26), ("country", 16), ("systems", 9), ("direct", 9), ("share", 8), ("last_review", 14),
    ("decision", 22), ("next_due", 30), ("open", 10), ("stale", 11), ("conflicts", 11), ("tier", 12),
)  # fmt: skip
_NUMBERS = frozenset({"systems", "direct", "share", "open", "stale", "conflicts"})


def compose(material: Material) -> Paper:
    """Return the report on all suppliers."""
    texts = material.texts
    records = list(material.supplier_records.values())
    return Paper(
        name="suppliers",
        title=texts("suppliers.title"),
        subtitle=texts("suppliers.subtitle"),
        head=head_of(material),
        sections=(
            Section("waiting", texts("suppliers.waiting"), tuple(_waiting(material, records))),
            Section(
                "suppliers",
                texts("suppliers.sheet"),
                (say(texts("suppliers.lead")), _table(material, records)),
            ),
            blind_section(material),
        ),
        data=Suppliers(tuple(map(_row, records))),
    )


def _waiting(material: Material, records: list[SupplierRecord]) -> Iterator[Block]:
    texts = material.texts
    if not records:
        return
    today = material.now.date()
    due = [one for one in records if one.standing.next_due and one.standing.next_due <= today]
    fresh = sum(one.standing.decision is None for one in records)
    days = days_old(records[0].stale_before, today)
    yield Bullets(
        (
            texts("suppliers.not_started", n=fresh, all=len(records)),
            texts("suppliers.due", n=len(due)),
            texts("suppliers.opened", n=sum(len(one.open) for one in records)),
            texts("suppliers.differing", n=sum(len(one.conflicts) for one in records)),
            texts("suppliers.aged", n=sum(len(one.stale) for one in records), days=days),
        )
    )


def _table(material: Material, records: list[SupplierRecord]) -> Table:
    texts = material.texts
    return Table(
        name=texts("suppliers.sheet"),
        columns=tuple(
            Column(texts(f"suppliers.column.{name}"), width, is_number=name in _NUMBERS)
            for name, width in _COLUMNS
        ),
        rows=tuple(_cells(material, one) for one in records),
        empty=texts("suppliers.empty"),
        ids=tuple(f"supplier-{one.id}" for one in records),
    )


def _cells(material: Material, record: SupplierRecord) -> tuple[Cell, ...]:
    texts, use, standing = material.texts, record.use, record.standing
    decision = standing.decision
    progress = word(texts, "progress", standing.progress)
    return (
        record.name,
        texts.country(use.country),
        len(use.rests),
        use.direct,
        Share(use.share),
        decision.at.date() if decision else texts("suppliers.due_now.never"),
        (word(texts, "verdict", decision.verdict), progress) if decision else progress,
        _next_due(material, record),
        len(record.open),
        len(record.stale),
        len(record.conflicts),
        word(texts, "tier", record.triage.residual_tier),
    )


def _next_due(material: Material, record: SupplierRecord) -> Cell:
    """Return when the next review is due, and why earlier; one that never was is due."""
    texts = material.texts
    if record.standing.decision is None:
        return Said(texts("suppliers.due_now.now"), Tone.BAD)
    triggers = tuple(trigger_in(one, texts) for one in record.standing.triggers)
    return (next_due(material, record), *triggers)


def _row(record: SupplierRecord) -> SupplierRow:
    use, standing, decision = record.use, record.standing, record.standing.decision
    counts = count(record.answers)
    return SupplierRow(
        id=record.id,
        name=record.name,
        country=use.country,
        supplies_models=use.supplies_models or None,
        systems=len(use.rests),
        direct=use.direct,
        share=round(use.share, 4),
        state=standing.progress,
        last_review=decision.at.date() if decision else None,
        decision=decision.verdict if decision else None,
        decided_by=decision.by if decision else None,
        next_due=standing.next_due,
        triggers=tuple(one.cause for one in standing.triggers),
        answered=counts[Standing.ANSWERED],
        prefilled=counts[Standing.PREFILLED],
        open=len(record.open),
        stale=len(record.stale),
        conflicts=len(record.conflicts),
        tier=record.triage.residual_tier,
        customers=len(record.for_customers),
    )


REPORT = Report(
    "suppliers",
    "All suppliers: what rests on each, open questions, decisions and when reviews are due",
    as_paper(compose, "xlsx", "html", "csv", "json"),
    compose=compose,
    data=Suppliers,
)
