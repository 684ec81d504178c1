"""Systems of the inventory by what people may call them: by name, for short, and a letter off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanner.model import AISystem, SystemKind
from scanner.naming import fold

FEWEST = 5  # letters of a name that another may be near to


def own_names(systems: Iterable[AISystem]) -> Mapping[str, list[str]]:
    """Return systems by their names."""
    found: dict[str, list[str]] = {}
    for one in systems:
        found.setdefault(fold(one.name), []).append(one.id)
    return found


def short_names(systems: Iterable[AISystem]) -> Mapping[str, list[str]]:
    """Return systems by their names without their supplier's: GitHub Copilot is called Copilot."""
    found: dict[str, list[str]] = {}
    for one in systems:
        folded, supplier = fold(one.name), fold(one.supplier)
        if supplier and folded.startswith(supplier) and folded != supplier:
            found.setdefault(folded.removeprefix(supplier), []).append(one.id)
    return found


def of_suppliers(systems: Iterable[AISystem]) -> Mapping[str, list[str]]:
    """Return systems that people use by the names of their suppliers."""
    found: dict[str, list[str]] = {}
    for one in systems:
        if one.kind is SystemKind.USED and one.supplier:
            found.setdefault(fold(one.supplier), []).append(one.id)
    return found


def neighbours(systems: Iterable[AISystem]) -> Mapping[str, list[str]]:
    """Return systems by their names, whole and with a letter left out."""
    found: dict[str, list[str]] = {}
    for one in systems:
        folded = fold(one.name)
        for each in shorter(folded) if len(folded) >= FEWEST else ():
            found.setdefault(each, []).append(one.id)
    return found


def shorter(folded: str) -> set[str]:
    """Return a name, and what is left of it without each of its letters."""
    return {folded, *(folded[:at] + folded[at + 1 :] for at in range(len(folded)))}
