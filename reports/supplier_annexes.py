"""The annexes of a supplier review: every statement, what people did, and the ids of the evidence."""

from __future__ import annotations

from collections.abc import Iterator

from reports.material import Material
from reports.paper import Cell, Column, Facts, Section, Table
from reports.supplier_wording import address, dated, word
from scanner.inventory.supplier_fields import ACTIVITY
from scanner.inventory.supplier_record import SupplierRecord
from scanner.model import Act, Decision


def annexes(material: Material, record: SupplierRecord) -> Iterator[Section]:
    """Yield the annexes."""
    texts = material.texts
    yield Section("facts", texts("supplier.section.facts"), (_facts(material, record),), 1, True)
    yield Section("history", texts("supplier.section.history"), (_history(material, record),))
    numbers = ", ".join(str(one.number) for one in record.decisions) or texts("common.none")
    yield Section(
        "evidence",
        texts("supplier.section.evidence"),
        (Facts(((texts("supplier.evidence.records"), numbers),)), _evidence(material, record)),
    )


def _facts(material: Material, record: SupplierRecord) -> Table:
    texts = material.texts
    return Table(
        name=texts("supplier.section.facts"),
        columns=tuple(
            Column(texts(f"supplier.{name}"), width)
            for name, width in (
                ("fact.about", 20), ("fact.said", 50), ("fact.quote", 40), ("table.tier", 16),
                ("table.source", 40), ("table.date", 12),
            )
        ),
        rows=tuple(
            (
                word(texts, "key", one.code),
                one.text,
                texts("supplier.fact.quoted", text=one.quote) if one.quote else "",
                one.applies_to,
                address(one.source),
                dated(one, texts),
            )
            for one in record.facts
        ),
        empty=texts("supplier.empty"),
    )  # fmt: skip


def _history(material: Material, record: SupplierRecord) -> Table:
    texts = material.texts
    return Table(
        name=texts("supplier.section.history"),
        columns=tuple(
            Column(texts(f"supplier.history.{name}"), 20)
            for name in ("number", "at", "what", "said", "by", "reason", "until")
        ),
        rows=tuple(_act(material, one) for one in reversed(record.decisions)),
        empty=texts("supplier.history.empty"),
    )


def _act(material: Material, one: Decision) -> tuple[Cell, ...]:
    texts = material.texts
    what = texts("supplier.history.decision")
    said: Cell = word(texts, "verdict", one.verdict)
    if one.act is Act.ANSWER:
        what = str(one.value.get("question", ""))
        said = (word(texts, "reply", one.verdict), str(one.value.get("value", "")))
    elif one.act is Act.FIELD:
        name = str(one.value.get("field", ""))
        what = (
            word(texts, "activity", name.removeprefix(ACTIVITY))
            if name.startswith(ACTIVITY)
            else word(texts, "field", name)
        )
        values = one.value.get("value")
        said = tuple(map(str, values)) if isinstance(values, list) else one.verdict
    return (one.number, one.at, what, said, one.by, one.reason, one.review_due)


def _evidence(material: Material, record: SupplierRecord) -> Table:
    texts = material.texts
    return Table(
        name=texts("supplier.section.evidence"),
        columns=(
            Column(texts("supplier.evidence.system"), 30),
            Column(texts("supplier.evidence.ids"), 80),
        ),
        rows=tuple(
            (f"{one.name} ({one.system})", ", ".join(one.evidence))
            for one in record.systems
            if one.is_direct
        ),
        empty=texts("supplier.evidence.empty"),
    )
