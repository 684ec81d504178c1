"""The styles of a Word template: its own where it has them, and ours where it lacks one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

# What papers are set in; "heading 1" is how Word names it in every language.
NAMES = (
    "heading 1", "heading 2", "heading 3", "heading 4", "List Bullet", "Notice", "Table Text",
    "Paper Table", "Paper Facts", "Soft", "Good", "Bad", "Hyperlink",
)  # fmt: skip


def complete(document: Any, ours: Any) -> Mapping[str, str]:
    """Give a document the styles that it lacks, and return the id of each by its name."""
    have = _by_name(document)
    default = _by_name(ours)
    for name in NAMES:
        if name.casefold() not in have:
            document.styles.element.append(_copy(default[name.casefold()]))
    return {name: found.styleId for name, found in _chosen(document).items()}


def has_bullets(document: Any) -> bool:
    """Return whether its lists have a sign of their own."""
    from docx.oxml.ns import qn

    style = _by_name(document).get("list bullet")
    return style is not None and style.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None


def _chosen(document: Any) -> dict[str, Any]:
    have = _by_name(document)
    return {name: have[name.casefold()] for name in NAMES}


def _by_name(document: Any) -> dict[str, Any]:
    """Return the styles by what Word calls them, whatever their letters' case."""
    return {
        one.name_val.casefold(): one for one in document.styles.element.style_lst if one.name_val
    }


def _copy(style: Any) -> Any:
    """Return a style for another document: it rests on nothing that may not be there."""
    from docx.oxml.ns import qn

    made = deepcopy(style)
    for tag in ("w:basedOn", "w:link", "w:next"):
        for one in made.findall(qn(tag)):
            made.remove(one)
    for one in made.findall(f"{qn('w:pPr')}/{qn('w:numPr')}"):
        one.getparent().remove(one)
    made.set(qn("w:styleId"), f"Gnomon{made.get(qn('w:styleId'))}")
    return made
