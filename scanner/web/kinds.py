"""What browsers are told of the files that they save."""

from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "sarif": "application/sarif+json",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
