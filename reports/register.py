"""The register: the AI system inventory, with all forty fields of every system, for people and tools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from reports import Output, Report, as_paper
from reports.cyclonedx import bill
from reports.head import blind_section, head_of
from reports.material import Material
from reports.ocsf import findings
from reports.omb import products, use_cases
from reports.paper import Block, Cell, Column, Paper, Section, Table, Text
from reports.register_cells import cell_of, origin_of, word_of
from reports.writers import writer
from scanner.inventory.record import Record, Value
from scanner.inventory.record_fields import BY_NAME, SPECS, Kind, Origin, Spec, Standing

_FIRST = ("name", "system_id")
# What a reader looks at first, on a page.
_SHORT = (
    "name", "vendor_id", "system_type", "roles_22989", "owner", "users", "data_reach",
    "approval_status", "scope_43", "risk_triage", "last_seen", "review_due",
)  # fmt: skip
_ORDER = (*_FIRST, *(one.name for one in SPECS if one.name not in _FIRST))
# Values of these may be anybody's; of any other field they are always of the same.
_VARYING = (*_FIRST, *(name for name in _ORDER if len(BY_NAME[name].by) > 1 and name not in _FIRST))
_WIDTHS = {Kind.TEXT: 26, Kind.CHOICE: 18, Kind.NUMBER: 10, Kind.SHARE: 10, Kind.FLAG: 10}
_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Inventory:
    """The record of every system, each as ``docs/record.schema.json`` says."""

    records: tuple[dict[str, Any], ...]


def compose(material: Material) -> Paper:
    """Return the inventory with its data whole: of thousands of systems that is much."""
    records = tuple(material.records())
    data = Inventory(tuple(one.document() for one in records))
    return _paper(material, _blocks(material, records), data)


def sheets(material: Material) -> Paper:
    """Return the inventory as its sheets alone; one record at a time is held whole."""
    return _paper(material, _blocks(material, material.records()), None)


def whole(material: Material) -> str:
    """Return the paper of :func:`compose` as JSON, a record a line: one at a time is held whole."""
    import msgspec

    frame = writer("json")(_paper(material, (), Inventory(())), material.texts)
    before, _, after = str(frame).rpartition("[]")
    encoder = msgspec.json.Encoder()
    lines = (encoder.encode(one.document()).decode() for one in material.records())
    return f"{before}[\n" + ",\n".join(lines) + f"\n    ]{after}"


def table(material: Material) -> Paper:
    """Return the inventory as one table with all fields, for a format that has room for one."""
    blocks = _blocks(material, material.records())
    whole = [one for one in blocks if isinstance(one, Table)][1]
    return _paper(material, (whole,), None)


def _paper(material: Material, blocks: tuple[Block, ...], data: Inventory | None) -> Paper:
    title = material.texts("register.title")
    return Paper(
        name="register",
        title=title,
        subtitle="",
        head=head_of(material),
        sections=(Section("register", title, blocks), blind_section(material)),
        data=data,
    )


def _blocks(material: Material, records: Iterable[Record]) -> tuple[Block, ...]:
    texts = material.texts
    values: list[tuple[Cell, ...]] = []
    origins: list[tuple[Cell, ...]] = []
    ids: list[str] = []
    asked = missing = 0
    for record in records:
        by_name = {one.name: one for one in record.values}
        values.append(tuple(_cell(by_name[name], material) for name in _ORDER))
        origins.append(_origins(record, material))
        ids.append(record.system)
        asked += sum(Origin.PERSON in BY_NAME[name].by for name in by_name)
        missing += sum(one.state is Standing.MISSING for one in record.values)
    at = [_ORDER.index(name) for name in _SHORT]
    in_short = [tuple(row[column] for column in at) for row in values]
    return (
        Text((texts("register.lead"),)),
        Text((texts("register.to_fill", missing=missing, values=asked),)),
        _table("sheet", [_plain_column(name, material) for name in _SHORT], in_short, material),
        replace(
            _table("all", [_column(BY_NAME[name], material) for name in _ORDER], values, material),
            ids=tuple(ids),
        ),
        _table("origins", [_plain_column(name, material) for name in _VARYING], origins, material),
        _fields(material),
    )


def _table(
    name: str, columns: Iterable[Column], rows: Iterable[tuple[Cell, ...]], material: Material
) -> Table:
    texts = material.texts
    return Table(
        texts(f"register.{name}"), tuple(columns), tuple(rows), empty=texts("register.none")
    )


def _cell(value: Value, material: Material) -> Cell:
    if value.name == "vendor_id" and value.state is Standing.KNOWN:
        known = material.suppliers
        return tuple(known[one].name if one in known else one for one in value.value)
    return cell_of(value, material.texts)


def _plain_column(name: str, material: Material) -> Column:
    return Column(material.texts(f"register.field.{name}"), _WIDTH)


def _origins(record: Record, material: Material) -> tuple[Cell, ...]:
    """Return whose each value is, of those that may be of several; first which system it is about."""
    by_name = {one.name: one for one in record.values}
    own = (origin_of(by_name[name], material.texts) for name in _VARYING[len(_FIRST) :])
    return (record.name, record.system, *own)


def _fields(material: Material) -> Table:
    """Return the fields: what each is called in JSON, and whose its values are."""
    texts = material.texts
    rows = [
        (
            texts(f"register.field.{name}"),
            BY_NAME[name].number,
            name,
            tuple(texts.of("origin", one.value) for one in BY_NAME[name].by),
        )
        for name in _ORDER
    ]
    columns = (
        Column(texts("register.column.field"), 32),
        Column(texts("register.column.number"), 8, is_number=True),
        Column(texts("register.column.name"), 26),
        Column(texts("register.column.origin"), 44),
    )
    return _table("fields", columns, rows, material)


def _column(spec: Spec, material: Material) -> Column:
    texts = material.texts
    has_choice = spec.is_settable and spec.kind is Kind.CHOICE
    return Column(
        title=texts(f"register.field.{spec.name}"),
        width=_WIDTHS.get(spec.kind, _WIDTH),
        is_number=spec.kind in (Kind.NUMBER, Kind.SHARE),
        choices=tuple(word_of(spec.name, one, texts) for one in spec.values) if has_choice else (),
        is_to_fill=spec.is_settable,
    )


REPORT = Report(
    "register",
    "The AI system inventory: every field of every system, and whose each value is",
    {
        **as_paper(table, "csv"),
        **as_paper(sheets, "xlsx"),
        "json": Output(".json", whole),
        "cyclonedx": Output(".cdx.json", lambda material: bill(material, "1.6")),
        "cyclonedx-1.7": Output(".1.7.cdx.json", lambda material: bill(material, "1.7")),
        "omb": Output(".omb.csv", use_cases),
        "omb-cots": Output(".cots.csv", products),
        "ocsf": Output(".ocsf.ndjson", findings),
    },
    compose=compose,
    data=Inventory,
)
