"""What the JSON of a report looks like, as a JSON Schema: its head, and its data."""

from __future__ import annotations

from dataclasses import fields, make_dataclass
from typing import Any, get_type_hints

from reports import Report
from reports.paper import Head
from reports.writers.json import FOR_READERS


def schema_of(report: Report) -> dict[str, Any]:
    """Return the JSON Schema of a report that has data."""
    import msgspec

    hints = get_type_hints(Head)
    names = [one.name for one in fields(Head) if one.name not in FOR_READERS]
    head = make_dataclass("Head", [(name, hints[name]) for name in names])
    (told, data), components = msgspec.json.schema_components(
        (head, report.data), ref_template="#/$defs/{name}"
    )
    properties = {"report": {"const": report.name}, "head": told, "data": data}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Gnomon report {report.name}: {report.title}",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "$defs": components,
    }
