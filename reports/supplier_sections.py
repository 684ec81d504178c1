"""The sections of a supplier review on where it stands, who it is, what rests on it."""

from __future__ import annotations

from collections.abc import Iterator

from reports.material import Material
from reports.paper import Block, Cell, Column, Facts, Said, Section, Table, Tone, say
from reports.supplier_agreements import said_of
from reports.supplier_wording import address, days_old, listed, trigger_in, word
from scanner.inventory.supplier_answers import Standing, count
from scanner.inventory.supplier_record import SupplierRecord
from scanner.inventory.supplier_supplied import Supplied

_MOST = 12  # scopes of one system that are named


def sections(material: Material, record: SupplierRecord) -> Iterator[Section]:
    """Yield the sections that come before the questions."""
    texts = material.texts
    for name, blocks in (
        ("standing", _standing(material, record)),
        ("profile", _profile(material, record)),
        ("use", _use(material, record)),
        ("reach", _reach(material, record)),
    ):
        yield Section(name, texts(f"supplier.section.{name}"), tuple(blocks))


def next_due(material: Material, record: SupplierRecord) -> Cell:
    """Return the day of the next review, or why there is none."""
    texts, standing = material.texts, record.standing
    if standing.decision is None:
        return Said(texts("supplier.standing.never"), Tone.BAD)
    if standing.next_due is None:
        return texts("supplier.standing.no_day")
    if standing.next_due <= material.now.date():
        return Said(texts.day(standing.next_due), Tone.BAD)
    return standing.next_due


def _standing(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts, decision = material.texts, record.standing.decision
    if decision is None:
        yield say(texts("supplier.standing.none"), is_notice=True)
    triggers = tuple(trigger_in(one, texts) for one in record.standing.triggers)
    counts = count(record.answers)
    plain = sum(one.is_plain for one in record.conflicts)
    tone = Tone.BAD if plain else Tone.PLAIN
    decided: tuple[tuple[str, Cell], ...] = ()
    if decision is not None:
        decided = (
            (texts("supplier.standing.decision"), word(texts, "verdict", decision.verdict)),
            (texts("supplier.standing.by"), decision.by),
            (texts("supplier.standing.at"), decision.at.date()),
            (texts("supplier.standing.reason"), decision.reason),
            (texts("supplier.standing.conditions"), decision.conditions or texts("common.none")),
        )
    told = texts(
        "supplier.standing.counted",
        answered=counts[Standing.ANSWERED],
        prefilled=counts[Standing.PREFILLED],
        open=len(record.open),
    )
    days = days_old(record.stale_before, material.now.date())
    yield Facts(
        (
            (
                texts("supplier.standing.progress"),
                word(texts, "progress", record.standing.progress),
            ),
            *decided,
            (texts("supplier.standing.next_due"), next_due(material, record)),
            (
                texts("supplier.standing.triggers"),
                triggers or texts("supplier.standing.no_triggers"),
            ),
            (texts("supplier.standing.questions"), told),
            (
                texts("supplier.standing.conflicts"),
                Said(texts.number(len(record.conflicts)), tone, "#differences"),
            ),
            (
                texts("supplier.standing.stale", days=days),
                Said(
                    texts.number(len(record.stale) + len(record.stale_answers)),
                    opens="#differences",
                ),
            ),
        )
    )
    yield say(texts("supplier.notice"), is_notice=True)


def _profile(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts, vendor = material.texts, record.vendor
    unknown = texts("common.unknown")
    profile = vendor.supplier if vendor else None
    kind = "models" if record.use.supplies_models else "applications"
    roles = {one.default_roles.get("supplier", "") for one in vendor.products} if vendor else set()
    urls = profile.urls.items() if profile else ()
    addresses = tuple(
        Said(
            texts("supplier.pair", name=word(texts, "url", name), value=url),
            opens=url if _is_safe(url) else "",
        )
        for name, url in urls
    )
    yield Facts(
        (
            (texts("supplier.profile.name"), record.name),
            (texts("supplier.profile.entity"), (profile and profile.legal_entity) or unknown),
            (texts("supplier.profile.country"), texts.country(record.use.country)),
            (texts("supplier.profile.parent"), said_of(material, record, "parent")),
            (texts("supplier.profile.contacts"), said_of(material, record, "contacts")),
            (texts("supplier.profile.kind"), texts(f"supplier.what.{kind}")),
            (
                texts("supplier.profile.role"),
                texts(
                    "common.to_confirm",
                    what=listed(texts, sorted(word(texts, "role", one) for one in roles if one)),
                ),
            ),
            (
                texts("supplier.profile.products"),
                listed(texts, (one.name for one in vendor.products)) if vendor else unknown,
            ),
            (
                texts("supplier.profile.merged"),
                word(texts, "life", vendor.status) if vendor else unknown,
            ),
            (texts("supplier.profile.urls"), addresses or unknown),
        )
    )


def _is_safe(url: str) -> bool:
    return address(url) != url


def _use(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts = material.texts
    names = (
        ("system", 22),
        ("why", 34),
        ("units", 20),
        ("seen", 22),
        ("accounts", 20),
        ("state", 14),
    )
    yield Table(
        name=texts("supplier.section.use"),
        columns=tuple(Column(texts(f"supplier.use.{name}"), size) for name, size in names),
        rows=tuple(_used(material, one) for one in record.systems),
        empty=texts("supplier.use.empty"),
    )


def _used(material: Material, one: Supplied) -> tuple[Cell, ...]:
    texts = material.texts
    why = one.why if one.is_direct else (texts("supplier.use.upstream"), *one.why)
    people = texts("common.people", n=one.people) if one.people else texts("supplier.use.nobody")
    seen = texts("supplier.since_until", first=one.first or "?", last=one.last or "?")
    accounts = tuple(word(texts, "account", each) for each in one.accounts)
    units = [f"{unit} ({texts.number(count)})" for unit, count in sorted(one.units.items())]
    if units and (other := one.people - sum(one.units.values())) > 0:
        units.append(f"{texts('common.unit_unknown')} ({texts.number(other)})")
    return (
        (one.name, texts.of("kind", one.kind)),
        why,
        (people, *units),
        seen,
        (*(accounts or (texts("common.unknown"),)), *one.plans),
        texts.of("status", one.state),
    )


def _reach(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts = material.texts
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            tuple(word(texts, "class", each) for each in one.reach) or texts("common.unknown"),
            tuple(texts.of("area", each) for each in one.areas),
            _some(material, one.scopes),
            one.allowed or texts("supplier.nobody_said"),
        )
        for one in record.systems
        if one.is_direct and (one.reach or one.areas or one.allowed)
    ]
    yield Table(
        name=texts("supplier.section.reach"),
        columns=tuple(
            Column(texts(f"supplier.reach.{name}"), 24)
            for name in ("system", "reach", "areas", "scopes", "allowed")
        ),
        rows=tuple(rows),
        empty=texts("supplier.reach.empty"),
    )


def _some(material: Material, names: tuple[str, ...]) -> tuple[str, ...]:
    more = len(names) - _MOST
    return (*names[:_MOST], material.texts("common.and_more", n=more)) if more > 0 else names
