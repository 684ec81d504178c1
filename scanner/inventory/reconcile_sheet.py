"""The comparison with a register as a workbook: text and numbers alone, nothing that is worked out."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime

from scanner.inventory.reconcile import Line
from scanner.output import clean, text

_LONGEST = 32_000
_WIDTHS = {"name": 28, "supplier": 22, "matched_by": 32, "register_name": 28, "note": 60}


def as_workbook(lines: Iterable[Line], now: datetime) -> bytes:
    """Return the lines as a workbook (XLSX)."""
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": "Register and evidence", "created": now.replace(tzinfo=None)})
        sheet = book.add_worksheet("Register and evidence")
        head = book.add_format({"bold": True, "bottom": 1})
        for place, name in enumerate(Line._fields):
            sheet.set_column(place, place, _WIDTHS.get(name, 16))
            sheet.write_string(0, place, name.replace("_", " "), head)
        written = 0
        for written, line in enumerate(lines, 1):
            for place, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(written, place, value)
                elif value:
                    sheet.write_string(written, place, clean(text(value))[:_LONGEST])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(written, 1), len(Line._fields) - 1)
    return content.getvalue()
