"""Coverage: what was looked at and how well, and what nothing here can see."""

from __future__ import annotations

from dataclasses import replace

from reports.coverage import compose
from reports.material import Material
from reports.paper import Table
from reports.sources import in_rows
from scanner.web.addresses import Address, slice_of
from scanner.web.documents import links
from scanner.web.visit import Answer, Page, Shown, Visit

PATH = "/coverage"
_ROWS = 100
_SHOWN = ("all", "lacking", "whole")


def show(visit: Visit) -> Answer:
    """Show the sources, those that were not read whole first."""
    paper = visit.material.once("coverage", compose)
    (table,) = (one for one in paper.sections[0].blocks if isinstance(one, Table))
    wanted = visit.query.get("show", "")
    wanted = wanted if wanted in _SHOWN else "all"
    lacks = visit.material.once("lacking sources", _lacks)
    order = sorted(range(len(lacks)), key=lambda at: not lacks[at])
    chosen = [
        table.rows[at] for at in order if wanted == "all" or lacks[at] is (wanted == "lacking")
    ]
    page = slice_of(chosen, visit.query.get("page", ""), _ROWS)
    return Shown(
        "coverage.html",
        {
            "address": Address(PATH, {} if wanted == "all" else {"show": wanted}),
            "wanted": wanted,
            "shows": _SHOWN,
            "counts": {"all": len(lacks), "lacking": sum(lacks), "whole": len(lacks) - sum(lacks)},
            "page": page,
            "table": replace(table, rows=tuple(page.rows)),
            "blind": paper.sections[-1],
            "files": links(visit, "coverage"),
            "head": paper.head.in_short,
        },
    )


def _lacks(material: Material) -> list[bool]:
    """Return of each source, in the order of the report, whether it was not read whole."""
    rows = in_rows(material.sources, material.texts)
    return [bool(one["is_bad"] or one["lacks"]) for one in rows]


PAGES = (Page(PATH, show, title="web_pages.navigation.coverage", order=6),)
