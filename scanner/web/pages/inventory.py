"""The inventory: found by words and choices, in columns of one's own, on a page and as a sheet."""

from __future__ import annotations

from reports.listing import COLUMNS, FIRST, Entry, compose, entries, table
from reports.people import without_names
from reports.writers import writer
from scanner.web.addresses import Address, slice_of
from scanner.web.inventory_search import CHOICES, Wanted, choices, found, in_words, wanted
from scanner.web.kinds import KINDS
from scanner.web.visit import Answer, File, Page, Refused, Shown, Visit

_ROWS = 50
PATH = "/inventory"


def show(visit: Visit) -> Answer:
    """Show a page of the systems that are asked for."""
    material, asked = visit.material, wanted(visit.query)
    every = material.once("entries", entries)
    rows = _found(visit, asked)
    page = slice_of(rows, visit.query.get("page", ""), _ROWS)
    return Shown(
        "inventory.html",
        {
            "address": _address(asked),
            "asked": asked,
            "choices": choices(every, visit.texts),
            "is_chosen": {name: name in asked.columns for name in COLUMNS if name != FIRST},
            "names": (FIRST, *asked.columns),
            "page": page,
            "table": table(material, page.rows, asked.columns),
            "systems": len(every),
            "choice_names": tuple(CHOICES),
            "has_more": bool(asked.asked.keys() - {"q"}),
        },
    )


def _found(visit: Visit, asked: Wanted) -> list[Entry]:
    material = visit.material
    names = {key: one.name for key, one in material.suppliers.items()}
    return found(material.once("entries", entries), asked, visit.hide, names)


def _address(asked: Wanted) -> Address:
    """Return the address of what is shown, with nothing in it that is so anyway."""
    said = dict(asked.asked)
    if asked.columns != wanted({}).columns:
        said["columns"] = ",".join(asked.columns)
    if asked.sort != FIRST or asked.is_backward:
        said["sort"] = f"{'-' if asked.is_backward else ''}{asked.sort}"
    return Address(PATH, said)


def download(visit: Visit) -> Answer:
    """Hand out what is asked for as a sheet: all of it, without pages."""
    style = visit.path["format"]
    if style not in ("csv", "xlsx"):
        return Refused(404, visit.texts("web.refused.missing"))
    asked = wanted(visit.query)
    rows = _found(visit, asked)
    paper = compose(visit.material, rows, asked.columns, in_words(asked, visit.texts))
    content = writer(style)(without_names(paper, visit.hide), visit.texts)
    whole = content.encode() if isinstance(content, str) else content
    name = f"{visit.texts('web_pages.file.inventory')}-{visit.now:%Y-%m-%d}.{style}"
    return File(name, whole, KINDS[style])


PAGES = (
    Page(PATH, show, title="web_pages.navigation.inventory", order=2),
    Page(f"{PATH}.{{format}}", download, is_slow=True),
)
