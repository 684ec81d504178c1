"""Sections 11 to 14 of the scope document: coverage, drift, definition, and what it all rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports.head import blind_section
from reports.material import Material
from reports.paper import Block, Cell, Column, Facts, Said, Section, Table, Tone, say
from reports.reasons import scope_reason
from reports.scope_data import Scope
from reports.scope_sections import interfaces_table
from reports.scope_wording import Wording, shortened
from reports.sources import in_rows
from scanner.inventory.controls import TITLES, Suggestion, Weight, suggestions
from scanner.inventory.drift import Drift, Drifted
from scanner.inventory.scope_entries import Entry


def annexes(scope: Scope, material: Material) -> Iterator[Section]:
    """Yield sections 11 to 14."""
    words = Wording(scope, material.texts)
    title = words("section.coverage")
    yield Section("coverage", title, (_sources(words, material),), is_annex=True)
    yield replace(blind_section(material), level=2)
    yield Section("drift", words("section.drift"), (_drift(words),))
    yield Section("definition", words("section.definition"), tuple(_definition(words)))
    yield Section("annexes", words("section.annexes"), ())
    yield _part("inventory", words, _inventory(words))
    yield _part(
        "suppliers", words, interfaces_table(words, scope.interfaces, words("annex.suppliers"))
    )
    lead = say(words("annex.controls_lead"))
    yield _part("controls", words, lead, _controls(words, material))
    if scope.evidence_sha256:
        digest = words("annex.digest_of", hash=scope.evidence_sha256)
        yield _part("evidence", words, Facts(((words("annex.digest"), digest),)))


def _part(name: str, words: Wording, *blocks: Block) -> Section:
    return Section(f"annex-{name}", words(f"annex.{name}"), blocks, level=2)


def _sources(words: Wording, material: Material) -> Table:
    texts = words.texts
    return Table(
        name=words("section.coverage"),
        columns=(
            Column(words("coverage.source"), 40),
            Column(words("coverage.state"), 18),
            Column(words("coverage.period"), 30),
            Column(words("coverage.read"), 12, is_number=True),
            Column(words("coverage.rejected"), 14, is_number=True),
        ),
        rows=tuple(
            (
                one["name"],
                Said(one["words"], Tone.BAD if one["is_bad"] else Tone.PLAIN),
                texts("common.head.period_of", first=one["first"], last=one["last"])
                if one["first"] and one["last"]
                else "",
                one["read"],
                one["rejected"],
            )
            for one in in_rows(material.sources, texts)
        ),
        empty=texts("common.blind.no_sources"),
    )


def _drift(words: Wording) -> Table:
    before = words.scope.document.previous
    none = words("drift.none", version=before) if before else words("drift.none_before")
    return Table(
        name=words("section.drift"),
        columns=(
            Column(words("drift.what"), 34),
            Column(words("drift.system"), 24),
            Column(words("drift.before"), 28),
            Column(words("drift.after"), 28),
            Column(words("drift.note"), 50),
        ),
        rows=tuple(_drifted(words, one) for one in words.scope.drift),
        empty=none,
    )


def _drifted(words: Wording, one: Drift) -> tuple[Cell, ...]:
    return (
        words(f"drifted.{one.kind}"),
        Said(one.name, opens="" if one.kind is Drifted.GONE else f"#{one.system}"),
        _values(words, one, one.before),
        _values(words, one, one.after),
        shortened(one.note),
    )


def _values(words: Wording, one: Drift, values: tuple[str, ...]) -> str:
    match one.kind:
        case Drifted.ROLES:
            named = [words.role(each) for each in values]
        case Drifted.NEW | Drifted.GONE | Drifted.MOVED:
            named = [words.texts.of("place", each) for each in values]
        case _:
            named = list(values)
    is_compared = one.kind not in (Drifted.NOT_SEEN, Drifted.CANNOT_TELL)
    return ", ".join(named) or (words.texts("common.none") if is_compared else "")


def _definition(words: Wording) -> Iterator[Block]:
    yield say(Said(words("definition.lead"), Tone.SOFT))
    written = words.written(words.scope.told.definition)
    yield say(written if isinstance(written, Said) else str(written))


def _inventory(words: Wording) -> Table:
    entries = sorted(words.scope.entries, key=lambda one: (one.name.casefold(), one.id))
    return Table(
        name=words("annex.inventory"),
        columns=(
            Column(words("annex.system"), 26),
            Column(words("annex.place"), 14),
            Column(words("annex.why"), 60),
            Column(words("annex.by"), 24),
            Column(words("annex.models"), 24),
            Column(words("annex.seen"), 28),
        ),
        rows=tuple(_listed(words, one) for one in entries),
        empty=words("annex.none"),
        ids=tuple(one.id for one in entries),
    )


def _listed(words: Wording, one: Entry) -> tuple[Cell, ...]:
    seen = ""
    if one.first_seen and one.last_seen:
        seen = words("annex.seen_of", first=one.first_seen, last=one.last_seen)
    due = words("annex.until", day=one.review_due) if one.review_due else ""
    return (
        one.name,
        words.texts.of("place", one.place),
        tuple(filter(None, (scope_reason(one.why, words.texts), one.reason))),
        tuple(filter(None, (one.by, due))),
        ", ".join(one.models),
        seen,
    )


def _controls(words: Wording, material: Material) -> Table:
    inside = {one.id for one in words.scope.in_scope}
    found = suggestions({key: one for key, one in material.roles.items() if key in inside})
    met = {key: one for key, one in found.items() if one.weight is Weight.CORE}
    return Table(
        name=words("annex.controls"),
        columns=(
            Column(words("annex.control"), 10),
            Column(words("annex.control_title"), 60),
            Column(words("annex.control_roles"), 34),
            Column(words("annex.control_systems"), 10, is_number=True),
        ),
        rows=tuple(_control(words, key, one) for key, one in met.items()),
        empty=words("activities.none"),
    )


def _control(words: Wording, control: str, one: Suggestion) -> tuple[Cell, ...]:
    roles = ", ".join(words.role(each) for each in one.roles)
    return control, TITLES[control], roles, len(one.systems)
