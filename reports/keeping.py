"""Papers as they are kept when a person approves them: whole, in every language, as one JSON text.

What is kept is what was approved, words and all: a later gnomon writes the same paper again. Parts of
a paper are told by the name of their class; its data by the report's own type.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from reports import paper as parts
from reports.paper import Head, Paper, Tone
from scanner.errors import UsageError

_IS, _TIME, _DAY = "is", "time", "day"


class Kept(NamedTuple):
    """An approved paper read again: as it was, in each language, and its data for machines."""

    papers: Mapping[str, Paper]
    data: Any


def keep(papers: Iterable[Paper]) -> str:
    """Return papers that differ in their language alone as one text, the same every time."""
    import msgspec

    listed = {one.head.language: one for one in papers}
    first = next(iter(listed.values()))
    whole = {
        "report": first.name,
        "data": msgspec.to_builtins(first.data),
        "papers": {language: _told(one) for language, one in listed.items()},
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(content: str, data_type: type) -> Kept:
    """Return what ``keep`` made of papers. Raises UsageError for what it did not make."""
    import msgspec

    try:
        whole = json.loads(content)
        data: Any = msgspec.convert(whole["data"], data_type)
        papers = {name: _paper(one, data) for name, one in whole["papers"].items()}
    except (ValueError, KeyError, TypeError, msgspec.ValidationError) as error:
        raise UsageError(
            f"an approved document cannot be read ({error}); `gnomon doctor --verify` says whether "
            "it is what was approved, and a newer gnomon may know its form"
        ) from error
    return Kept(papers, data)


def _told(one: Paper) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "subtitle": one.subtitle,
        "head": _encoded(one.head),
        "sections": _encoded(one.sections),
    }


def _paper(said: Mapping[str, Any], data: Any) -> Paper:
    head = _decoded(said["head"])
    if not isinstance(head, Head):
        raise TypeError("no head")
    sections = _decoded(said["sections"])
    return Paper(said["name"], said["title"], said["subtitle"], head, sections, data)


def _encoded(one: Any) -> Any:
    if isinstance(one, datetime):
        return {_TIME: one.isoformat()}
    if isinstance(one, date):
        return {_DAY: one.isoformat()}
    if (names := _fields_of(one)) is not None:
        return {_IS: type(one).__name__, **{name: _encoded(getattr(one, name)) for name in names}}
    if isinstance(one, tuple):
        return [_encoded(each) for each in one]
    return one


def _decoded(one: Any) -> Any:
    if isinstance(one, list):
        return tuple(_decoded(each) for each in one)
    if not isinstance(one, dict):
        return one
    if _TIME in one:
        return datetime.fromisoformat(one[_TIME])
    if _DAY in one:
        return date.fromisoformat(one[_DAY])
    values = {name: _decoded(value) for name, value in one.items() if name != _IS}
    if "tone" in values:
        values["tone"] = Tone(values["tone"])
    kind = getattr(parts, one[_IS], None)
    if not (isinstance(kind, type) and kind.__module__ == parts.__name__):
        raise ValueError(f"no part of a paper is called {one[_IS]!r}")
    return kind(**values)


def _fields_of(one: Any) -> list[str] | None:
    """Return the fields of a part of a paper; None of what is none."""
    if is_dataclass(one):
        return [each.name for each in fields(one)]
    names = getattr(one, "_fields", None)
    return list(names) if names is not None else None
