"""The questions of a supplier review with what is known to each, and where statements differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from reports.material import Material
from reports.paper import Cell, Column, Said, Section, Table, Tone
from reports.supplier_wording import (
    address,
    dated,
    days_old,
    said_in,
    source_of,
    state_of,
    word,
)
from scanner.inventory.supplier_answers import CONCLUSION, Answer
from scanner.inventory.supplier_answers import Said as Spoken
from scanner.inventory.supplier_conflicts import Conflict
from scanner.inventory.supplier_record import SupplierRecord
from scanner.inventory.supplier_statements import Statement

_COLUMNS = (
    ("number", 7), ("question", 32), ("state", 20), ("answer", 46), ("source", 40),
)  # fmt: skip


def question_sections(material: Material, record: SupplierRecord) -> Iterator[Section]:
    """Yield the questions, a section for each topic."""
    texts = material.texts
    yield Section("questions", texts("supplier.section.questions"), ())
    for topic, group in groupby(record.answers, key=lambda one: one.question.topic):
        table = Table(
            name=word(texts, "topic", topic),
            columns=tuple(Column(texts(f"supplier.table.{name}"), size) for name, size in _COLUMNS),
            rows=tuple(row for one in group for row in _rows(material, record, one)),
            empty=texts("common.nothing"),
        )
        yield Section(f"topic-{topic}", word(texts, "topic", topic), (table,), level=2)


def _rows(material: Material, record: SupplierRecord, answer: Answer) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each thing that is known; the person's word first, the question once."""
    texts = material.texts
    known = [*_spoken(material, answer)]
    known += [_stated(material, one) for one in answer.statements]
    if not known:
        known = [_nothing(material, record, answer)]
    asked = texts(f"supplier.question.{answer.question.id}")
    head: tuple[Cell, ...] = (answer.question.id, asked, state_of(answer, texts))
    for one in known:
        yield (*head, *one)
        head = ("", "", "")


def known_rows(material: Material, record: SupplierRecord, answer: Answer) -> Table:
    """Return what is known to one question, each with its source: the person's word first."""
    texts = material.texts
    return Table(
        name=texts("supplier.table.answer"),
        columns=tuple(Column(texts(f"supplier.table.{one}"), 46) for one in ("answer", "source")),
        rows=tuple(row[3:] for row in _rows(material, record, answer)),
        empty=texts("supplier.not_known"),
    )


def _whence(*parts: Cell) -> Cell:
    """Return the parts of a source that there are: its address, its kind, its day, its plan."""
    return tuple(one for one in parts if one not in ("", None, ()))


def _spoken(material: Material, answer: Answer) -> Iterator[tuple[Cell, ...]]:
    said, texts = answer.said, material.texts
    if said is None:
        return
    by = texts("supplier.table.said_by", by=said.by, at=said.at)
    note = (said.note,) if said.note else ()
    yield (
        (_value(material, answer, said), *note, Said(by, Tone.SOFT)),
        _whence(
            address(said.url),
            word(texts, "source", said.kind),
            _day(material, said, is_stale=answer.is_stale),
            said.tier,
        ),
    )


def _value(material: Material, answer: Answer, said: Spoken) -> str:
    """Return what a person answered; a decision in the words of the language."""
    if answer.question.id == CONCLUSION:
        return word(material.texts, "verdict", said.value)
    return said.value or word(material.texts, "reply", said.reply)


def _day(material: Material, said: Spoken, *, is_stale: bool) -> Cell:
    texts = material.texts
    day: Cell = said.as_of
    if is_stale:
        day = Said(f"{texts.day(said.as_of)} ({texts('supplier.table.stale')})", Tone.BAD)
    if said.valid_until is None:
        return day
    return (day, texts("supplier.table.ends", at=said.valid_until))


def _stated(material: Material, one: Statement) -> tuple[Cell, ...]:
    texts = material.texts
    text: Cell = said_in(one, texts)
    if one.is_silent:
        text = (Said(said_in(one, texts), Tone.SOFT), texts("supplier.table.silent"))
    return (
        text,
        _whence(
            source_of(one, texts),
            word(texts, "source", one.kind),
            dated(one, texts),
            ", ".join(one.applies_to),
        ),
    )


def _nothing(material: Material, record: SupplierRecord, answer: Answer) -> tuple[Cell, ...]:
    """Return the row of a question to which nothing is known, and where it may be told."""
    texts = material.texts
    urls = record.vendor.supplier.urls if record.vendor else {}
    places = tuple(
        Said(
            texts("supplier.pair", name=texts("supplier.table.where_to_look"), value=urls[name]),
            Tone.SOFT,
            urls[name],
        )
        for name in answer.question.look
        if urls.get(name, "").startswith("https://")
    )
    return (Said(texts("supplier.not_known"), Tone.SOFT), places)


def differences(material: Material, record: SupplierRecord) -> Section:
    """Return where statements differ, and which are too old."""
    texts = material.texts
    days = days_old(record.stale_before, material.now.date())
    differing = Table(
        name=texts("supplier.differs.title"),
        columns=tuple(
            Column(texts(f"supplier.{name}"), 30)
            for name in ("table.number", "differs.about", "differs.how", "differs.statements")
        ),
        rows=tuple(_conflict(material, record, one) for one in record.conflicts),
        empty=texts("supplier.differs.empty"),
    )
    old = Table(
        name=texts("supplier.differs.stale_title", days=days),
        columns=tuple(
            Column(texts(f"supplier.{name}"), 30)
            for name in ("fact.about", "fact.said", "table.source", "table.date")
        ),
        rows=tuple(
            (word(texts, "key", one.code), one.text, address(one.source), dated(one, texts))
            for one in record.stale
        )
        + tuple(_old_answer(material, one) for one in record.stale_answers),
        empty=texts("supplier.differs.stale_empty"),
    )
    return Section("differences", texts("supplier.section.differences"), (differing, old))


def _old_answer(material: Material, one: Answer) -> tuple[Cell, ...]:
    if one.said is None:
        return (one.question.id, "", "", "")
    text = _value(material, one, one.said)
    return (one.question.id, text, address(one.said.url), _day(material, one.said, is_stale=True))


def _conflict(material: Material, record: SupplierRecord, one: Conflict) -> tuple[Cell, ...]:
    texts = material.texts
    said = next((each.said for each in record.answers if each.question.id == one.question), None)
    how = texts("supplier.differs.plain" if one.is_plain else "supplier.differs.compare")
    if one.against_person and said is not None:
        how = texts("supplier.differs.person", by=said.by)
    shown = tuple(
        Said(
            f"{said_in(each, texts)} ({each.source}, {texts.day(each.as_of)})",
            opens=each.source if each.source.startswith("https://") else "",
        )
        for each in one.statements
    )
    tone = Tone.BAD if one.is_plain else Tone.PLAIN
    return (one.question, word(texts, "key", one.code), Said(how, tone), shown)
