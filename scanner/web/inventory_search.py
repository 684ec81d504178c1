"""Finding systems in the inventory: what an address asks for, and which systems answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.listing import COLUMNS, FIRST, USUAL, Entry
from reports.texts import Texts
from scanner.web.addresses import day_of

_Values = Callable[[Entry], Iterable[str]]

# What systems are chosen by, each from a few words; and what those words are called in texts.
CHOICES: Mapping[str, tuple[str, _Values]] = {
    "status": ("status", lambda one: (one.stand.review.state.value,)),
    "kind": ("kind", lambda one: (one.system.kind.value,)),
    "category": ("category", lambda one: (one.system.category,)),
    "role": ("role", lambda one: one.roles),
    "scope": ("place", lambda one: (one.scoped.place.value,)),
    "level": ("level", lambda one: (one.level,)),
    "owner": ("ownership", lambda one: (one.ownership,)),
}
_TOLD = ("q", "supplier", "unit")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: words, choices, since when it is known, columns and their order."""

    asked: Mapping[str, str]
    since: datetime | None
    columns: tuple[str, ...]
    sort: str
    is_backward: bool


def wanted(query: Mapping[str, str]) -> Wanted:
    """Return what an address asks for. What it cannot mean is left out."""
    known = {*CHOICES, *_TOLD, "since"}
    asked = {name: query[name].strip() for name in query if name in known and query[name].strip()}
    since = day_of(asked.get("since", ""))
    if since is None:
        asked.pop("since", None)
    sort = query.get("sort", "")
    name = sort.removeprefix("-")
    return Wanted(
        asked, since, _columns(query), name if name in COLUMNS else FIRST, sort.startswith("-")
    )


def _columns(query: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns in one order: as an address of ours lists them, or a form ticked them."""
    ticked = {name.removeprefix("show-") for name in query if name.startswith("show-")}
    chosen = ticked or set(query.get("columns", "").split(","))
    found = tuple(one for one in COLUMNS if one in chosen and one != FIRST)
    return found or USUAL


def found(
    entries: Iterable[Entry], asked: Wanted, hide: Callable[[str], str], names: Mapping[str, str]
) -> list[Entry]:
    """Return the systems that answer, in order. ``names`` are those of suppliers by id.

    Words are looked for in what the visitor may see: a search must not tell what a page hides.
    """
    tests = list(_tests(asked, hide, names))
    rows = [one for one in entries if all(test(one) for test in tests)]
    key = COLUMNS[asked.sort].key
    rows.sort(key=lambda one: (one.system.name.casefold(), one.system.id))
    rows.sort(key=key, reverse=asked.is_backward)
    return rows


def _tests(
    wanted: Wanted, hide: Callable[[str], str], names: Mapping[str, str]
) -> Iterator[Callable[[Entry], bool]]:
    asked = wanted.asked
    for name, (_, values) in CHOICES.items():
        if name in asked:
            yield lambda one, values=values, value=asked[name]: value in values(one)  # type: ignore[misc]
    for word in asked.get("q", "").casefold().split():
        yield lambda one, word=word: word in _text(one, hide)  # type: ignore[misc]
    if supplier := asked.get("supplier", "").casefold():
        yield lambda one: any(
            supplier == each or supplier in names.get(each, each).casefold()
            for each in one.suppliers
        )
    if unit := asked.get("unit", "").casefold():
        yield lambda one: any(unit in each.casefold() for each in one.stand.facts.units)
    if (since := wanted.since) is not None:
        yield lambda one: one.known_since is not None and one.known_since >= since


def _text(one: Entry, hide: Callable[[str], str]) -> str:
    claim = one.owned.claim
    owner = hide(claim.owner) if claim else ""
    system = one.system
    return " ".join((system.name, system.supplier, system.category, system.id, owner)).casefold()


def choices(entries: Iterable[Entry], texts: Texts) -> dict[str, list[tuple[str, str]]]:
    """Return what may be chosen by each name: the values that there are, each with its word."""
    listed = list(entries)
    return {
        name: sorted(
            (
                (value, texts.of(group, value))
                for value in {v for one in listed for v in values(one)}
            ),
            key=lambda one: one[1].casefold(),
        )
        for name, (group, values) in CHOICES.items()
    }


def in_words(asked: Wanted, texts: Texts) -> Sequence[str]:
    """Return what is asked for as a reader of a sheet wants to see it."""
    return [
        texts(
            "listing.asked",
            name=texts(f"web_pages.inventory.{name}"),
            value=texts.of(CHOICES[name][0], value) if name in CHOICES else value,
        )
        for name, value in asked.asked.items()
    ]
