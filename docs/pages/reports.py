"""The reports, their formats, and the schemas of what programs read."""

from __future__ import annotations

import json
from functools import partial

from pages import NOTE
from reports import Report
from reports.schemas import schema_of as schema_of_report
from reports.texts import languages
from scanner.inventory.record_fields import schema as schema_of_records
from scanner.registry import REPORTS, values


def record_schema() -> str:
    """The JSON Schema of an AI system's record."""
    return json.dumps(schema_of_records(), indent=2) + "\n"


def reports_page() -> str:
    """The reports, what each is about, and its formats."""
    rows = "".join(
        f"| `{one.name}` | {one.title} | {one.about or 'everything'} | {', '.join(one.outputs)} | "
        f"{_schema_link(one)} |\n"
        for one in values(REPORTS)
    )
    spoken = ", ".join(f"`{one}`" for one in languages())
    return (
        f"# Reports\n\n{NOTE}"
        "`gnomon report NAME --as FORMAT --lang LANGUAGE --out FILE` writes one; the first format is "
        f"the usual one. Languages: {spoken}. Word documents can be poured into "
        "[a template of your own](templates.md).\n\n"
        f"| report | what it is | about | formats | JSON Schema |\n|---|---|---|---|---|\n{rows}"
    )


def _schema_link(report: Report) -> str:
    page = f"reports/{report.name}.schema.json"
    return f"[{report.name}]({page})" if _has_schema(report) else ""


def _has_schema(report: Report) -> bool:
    return report.data is not None and "json" in report.outputs


def report_schema(report: Report) -> str:
    """The JSON Schema of a report's JSON."""
    return json.dumps(schema_of_report(report), indent=2) + "\n"


PAGES = {
    "docs/record.schema.json": record_schema,
    "docs/reports.md": reports_page,
    **{
        f"docs/reports/{one.name}.schema.json": partial(report_schema, one)
        for one in values(REPORTS)
        if _has_schema(one)
    },
}
