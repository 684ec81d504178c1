"""Sections 1 to 10 of the scope document: what people approve, on two printed pages."""

from __future__ import annotations

from collections.abc import Iterator

from reports.material import Material
from reports.paper import (
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Said,
    Section,
    Share,
    Table,
    Tone,
    say,
)
from reports.scope_data import APPROVED, Interface, Scope
from reports.scope_wording import Wording
from scanner.inventory.scope_entries import Entry

_MOST_SUPPLIERS = 6


def sections(scope: Scope, material: Material) -> Iterator[Section]:
    """Yield sections 1 to 10."""
    words = Wording(scope, material.texts)
    yield _section(words, "document", _document(words))
    yield _section(words, "organisation", _organisation(words))
    yield _section(words, "statement", *_statement(words, material.organisation))
    yield _section(words, "basis", _basis(words))
    yield _section(words, "roles", _roles(words))
    yield _section(words, "in_scope", *_in_scope(words), n=len(scope.in_scope))
    yield _section(words, "activities", *_activities(words))
    yield _section(words, "interfaces", *_interfaces(words))
    yield _section(words, "out", _out(words), n=len(scope.out_of_scope))
    yield _section(words, "undecided", _undecided(words, material), n=len(scope.undecided))


def _section(words: Wording, name: str, *blocks: Block, **values: int) -> Section:
    return Section(name, words(f"section.{name}", **values), blocks)


def _document(words: Wording) -> Facts:
    one = words.scope.document
    status: Cell = Said(words("document.draft"), Tone.BAD)
    if one.status == APPROVED:
        status = words("document.approved", by=one.approved_by, at=one.approved_at)
    before = words("document.previous_none")
    if one.previous:
        before = words(
            "document.previous_of",
            version=one.previous,
            by=one.previous_by,
            at=one.previous_at,
        )
    rows: list[tuple[str, Cell]] = [
        (words("document.id"), words("document.id_of", version=one.version)),
        (words("document.status"), status),
        (words("document.previous"), before),
        (
            words("document.accountable"),
            words.scope.told.accountable or Said(words("document.unnamed"), Tone.BAD),
        ),
    ]
    if one.open_points:
        named = tuple(
            words(f"points.{each.key}", n=each.n, names=", ".join(each.names))
            for each in one.open_points
        )
        rows += [(words("document.open_points"), named), (words("document.reason"), one.reason)]
    return Facts(tuple(rows))


def _organisation(words: Wording) -> Facts:
    told = words.scope.told
    units = words.scope.basis.units
    return Facts(
        (
            (words("organisation.legal_entities"), words.written(told.legal_entities)),
            (words("organisation.units"), words.written(told.units)),
            (words("organisation.sites"), words.written(told.sites)),
            (
                words("organisation.units_seen"),
                words.some(units, 12) or Said(words("unseen"), Tone.SOFT),
            ),
        )
    )


def _statement(words: Wording, organisation: str) -> Iterator[Block]:
    written = words.written(words.scope.told.statement)
    yield say(written if isinstance(written, Said) else str(written))
    yield say(Said(words.sentence(organisation), Tone.SOFT))


def _basis(words: Wording) -> Facts:
    told = words.scope.told
    parties: list[Cell] = [
        words("basis.party", name=one.name, requires=one.requires) if one.requires else one.name
        for one in told.parties
    ]
    return Facts(
        (
            (words("basis.issues"), tuple(told.issues) or words.written("")),
            (words("basis.evidence"), tuple(_evidence(words))),
            (words("basis.parties"), tuple(parties) or words.written("")),
        )
    )


def _evidence(words: Wording) -> Iterator[str]:
    """Yield what evidence shows of internal and external issues, one line each."""
    basis = words.scope.basis
    if not basis.systems:
        yield words("basis.no_systems")
        return
    yield words(
        "basis.counts",
        systems=basis.systems,
        unreviewed=basis.unreviewed,
        without_owner=basis.without_owner,
    )
    if basis.approved:
        yield words("basis.before", n=basis.before_approval, approved=basis.approved)
    else:
        yield words("basis.none_approved")
    if words.scope.interfaces:
        most = words.scope.interfaces[0]
        yield words("basis.dependence", share=words.texts.share(most.share), name=most.name)
    if basis.countries:
        named = [words.texts.country(one) for one in basis.countries]
        yield words("basis.countries", countries=", ".join(named))
    if basis.reach:
        yield words("basis.reach", reach=", ".join(words(f"reach.{one}") for one in basis.reach))


def _roles(words: Wording) -> Table:
    return Table(
        name=words("section.roles"),
        columns=(
            Column(words("roles.role"), 24),
            Column(words("roles.confirmed"), 16, is_number=True),
            Column(words("roles.candidate"), 16, is_number=True),
            Column(words("roles.undecided"), 24, is_number=True),
        ),
        rows=tuple(
            (words.role(one.role), one.confirmed, one.candidate, one.undecided)
            for one in words.scope.roles
        ),
        empty=words("roles.none"),
    )


def _in_scope(words: Wording) -> Iterator[Block]:
    listed = words.scope.in_scope
    yield Table(
        name=words("section.in_scope", n=len(listed)),
        columns=tuple(
            Column(words(f"in_scope.{name}"), width)
            for name, width in (
                ("system", 22),
                ("origin", 16),
                ("roles", 32),
                ("unit", 20),
                ("place", 14),
                ("owner", 34),
                ("supplier", 18),
            )
        ),
        rows=tuple(_inside(words, one) for one in listed),
        empty=words("in_scope.none"),
    )
    notes = [] if all(one.is_decided for one in listed) else [words("star")]
    if not all(one.is_owner_confirmed and not _has_candidate(one) for one in listed):
        notes.append(words("open"))
    if notes:
        yield say(Said(" ".join(notes), Tone.SOFT))


def _has_candidate(one: Entry) -> bool:
    return not all(each.is_confirmed for each in one.roles)


def _inside(words: Wording, one: Entry) -> tuple[Cell, ...]:
    return (
        words.name(one),
        words.origin(one),
        words.roles(one),
        words.some(one.units, 2) or Said(words.texts("common.unknown"), Tone.SOFT),
        words.environment(one),
        words.owner(one),
        words.some(one.suppliers),
    )


def _activities(words: Wording) -> Iterator[Block]:
    if told := words.scope.told.activities:
        yield Bullets(tuple(told))
        return
    held = [one.role for one in words.scope.roles if one.confirmed or one.candidate]
    named = "; ".join(words(f"activities.{one}") for one in held)
    yield say(words("activities.suggested", what=named or words("activities.none")))


def _interfaces(words: Wording) -> Iterator[Block]:
    listed = words.scope.interfaces
    yield interfaces_table(words, listed[:_MOST_SUPPLIERS], words("section.interfaces"))
    if len(listed) > _MOST_SUPPLIERS:
        yield say(Said(words("and_in_annex", n=len(listed) - _MOST_SUPPLIERS), Tone.SOFT))


def interfaces_table(words: Wording, listed: tuple[Interface, ...], name: str) -> Table:
    """Return suppliers with the systems in scope that rest on them, and their review."""
    return Table(
        name=name,
        columns=(
            Column(words("interfaces.supplier"), 24),
            Column(words("interfaces.country"), 10),
            Column(words("interfaces.systems"), 44),
            Column(words("interfaces.share"), 8, is_number=True),
            Column(words("interfaces.models"), 12),
            Column(words("interfaces.review"), 18),
        ),
        rows=tuple(_interface(words, one) for one in listed),
        empty=words("interfaces.none"),
    )


def _interface(words: Wording, one: Interface) -> tuple[Cell, ...]:
    names = [words.some(one.direct)] if one.direct else []
    if one.upstream:
        names.append(words("interfaces.upstream", names=words.some(one.upstream)))
    review: Cell = Said(words("interfaces.no_review"), Tone.BAD)
    if one.review:
        review = words.texts.of("status", one.review)
    return (
        one.name,
        words.texts.country(one.country),
        "; ".join(names),
        Share(one.share),
        one.supplies_models or Said(words.texts("common.unknown"), Tone.SOFT),
        review,
    )


def _out(words: Wording) -> Table:
    return Table(
        name=words("section.out", n=len(words.scope.out_of_scope)),
        columns=(
            Column(words("out.system"), 24),
            Column(words("out.code"), 22),
            Column(words("out.why"), 50),
            Column(words("out.by"), 20),
            Column(words("out.review"), 12),
        ),
        rows=tuple(
            (
                words.name(one),
                words.texts.of("code", one.code) if one.code else Said("?", Tone.BAD),
                words.short(one.reason),
                one.by or Said(words.texts("common.nobody"), Tone.BAD),
                one.review_due and one.review_due.date(),
            )
            for one in words.scope.out_of_scope
        ),
        empty=words("out.none"),
    )


def _undecided(words: Wording, material: Material) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in words.scope.undecided:
        until = one.decide_by.date() if one.decide_by else None
        is_late = until is not None and until < material.now.date()
        day: Cell = Said(words.texts.day(until), Tone.BAD) if is_late else until
        decider = words.decider(one)
        rows.append((words.name(one), decider, day))
    return Table(
        name=words("section.undecided", n=len(rows)),
        columns=(
            Column(words("undecided.system"), 30),
            Column(words("undecided.decider"), 36),
            Column(words("undecided.until"), 14),
        ),
        rows=tuple(rows),
        empty=words("undecided.none"),
    )
