"""The fields of a system's record that people fill: what each holds now, and how it is filled in."""

from __future__ import annotations

from dataclasses import dataclass

from reports.material import Material
from reports.paper import Cell
from reports.register_cells import cell_of, word_of
from scanner.inventory.record import Gathered, Value, each_record
from scanner.inventory.record_fields import BY_NAME, Kind, Origin, Standing

_SEVERAL = frozenset({Kind.TEXTS, Kind.CHOICES, Kind.OBJECTS})
_LONG = frozenset({"purpose", "notes", "oversight_rationale"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field to fill. ``typed`` is what its box begins with: of several values each."""

    name: str
    label: str
    shown: Cell
    source: str
    is_known: bool
    is_said: bool  # by a person
    kind: str  # choice, choices, day, lines, long or text
    choices: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]


def fields(material: Material, system: str) -> list[Field]:
    """Return the fields that people fill, in the order of the record."""
    given = Gathered(
        {system: material.standpoints[system]},
        material.scopes,
        material.owners,
        material.roles,
        material.decided,
    )
    store, catalogue = material.store, material.catalogue
    found = next(each_record(store, catalogue, material.now, given, is_to_fill=True))
    return [_field(one, material) for one in found.values]


def _field(value: Value, material: Material) -> Field:
    spec, texts = BY_NAME[value.name], material.texts
    is_known = value.state is Standing.KNOWN
    is_said = is_known and value.origin is Origin.PERSON
    return Field(
        name=value.name,
        label=texts(f"register.field.{value.name}"),
        shown=cell_of(value, texts),
        source=_source(value, material),
        is_known=is_known,
        is_said=is_said,
        kind=_kind(value.name),
        choices=tuple((one, word_of(value.name, one, texts)) for one in spec.values),
        typed=_typed(value) if is_known else (),
    )


def _source(value: Value, material: Material) -> str:
    """Return whose the value is: who said it and when, or what it rests on."""
    if value.state is not Standing.KNOWN:
        return ""
    if value.origin is Origin.PERSON and value.by:
        return material.texts("web_system.said_by", by=value.by, at=value.at, why=value.source)
    return value.source


def _kind(name: str) -> str:
    spec = BY_NAME[name]
    if spec.values:
        return "choices" if spec.kind in _SEVERAL else "choice"
    if spec.kind in _SEVERAL:
        return "lines"
    return "day" if spec.kind is Kind.DAY else "long" if name in _LONG else "text"


def _typed(value: Value) -> tuple[str, ...]:
    several = value.value if isinstance(value.value, list) else [value.value]
    return tuple(
        str(one.get("class", "")) if isinstance(one, dict) else str(one) for one in several
    )
