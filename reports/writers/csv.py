"""Papers as CSV: the first table, one row a line, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from reports.paper import Cell, Paper, Said, Share, Trend
from reports.texts import Texts
from reports.writers import in_words, with_source


def write(paper: Paper, texts: Texts) -> str:
    """Return the first table of the paper; numbers and times as machines read them."""
    from scanner.output import cell as safe

    table = next(paper.tables())
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([safe(one.title) for one in table.columns])
    lines.writerows([safe(_bare(one, texts)) for one in row] for row in table.rows)
    return out.getvalue()


def _bare(cell: Cell, texts: Texts) -> str | float:
    match cell:
        case bool() | None | Trend() | str():
            return in_words(cell, texts)
        case Said():
            return with_source(cell, texts)
        case Share():
            return round(cell.value, 4)
        case int() | float():
            return cell
        case datetime():
            return cell.isoformat().replace("+00:00", "Z")
        case date():
            return cell.isoformat()
    return "; ".join(filter(None, (str(_bare(one, texts)) for one in cell)))
