"""The sections of a supplier review on who does what, customers, the chain, triage, and the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.material import Material
from reports.paper import Block, Cell, Column, Facts, Said, Section, Table, Tone, say
from reports.supplier_wording import address, factor_in, listed, word
from scanner.inventory.supplier_fields import ACTIVITY, FIELDS
from scanner.inventory.supplier_matrix import Share
from scanner.inventory.supplier_record import SupplierRecord

_ELSEWHERE = ("parent", "contacts", "inherent_risk", "residual_risk")
_CODED = {"assurance": "assurance", "inherent_risk": "tier", "residual_risk": "tier"}


def later_sections(material: Material, record: SupplierRecord) -> Iterator[Section]:
    """Yield the sections that come after the questions."""
    texts = material.texts
    for name, blocks in (
        ("matrix", _matrix(material, record)),
        ("customers", _customers(material, record)),
        ("chain", _chain(material, record)),
        ("triage", _triage(material, record)),
        ("agreed", _agreed(material, record)),
    ):
        yield Section(name, texts(f"supplier.section.{name}"), tuple(blocks))


def _matrix(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts = material.texts
    yield say(texts("supplier.matrix.lead"))
    if not any(one.parties for one in record.matrix):
        yield say(texts("supplier.matrix.no_origin"))
    yield Table(
        name=texts("supplier.section.matrix"),
        columns=tuple(
            Column(texts(f"supplier.matrix.{name}"), 30)
            for name in ("activity", "proposed", "agreed", "by")
        ),
        rows=tuple(_share(material, one) for one in record.matrix),
        empty=texts("common.nothing"),
    )


def _share(material: Material, one: Share) -> tuple[Cell, ...]:
    texts = material.texts
    proposal: Cell = word(texts, "party", one.proposal)
    if len(set(one.parties.values())) > 1:
        proposal = tuple(
            texts(
                "supplier.matrix.differs",
                **{"class": word(texts, "origin", name), "party": word(texts, "party", party)},
            )
            for name, party in one.parties.items()
        )
    agreed = word(texts, "party", one.agreed) if one.agreed else None
    return (
        word(texts, "activity", one.activity),
        proposal,
        agreed or Said(texts("supplier.matrix.to_agree"), Tone.SOFT),
        f"{one.by}, {texts.day(one.at)}" if one.agreed else "",
    )


def _customers(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts = material.texts
    yield say(texts("supplier.customers.lead"))
    yield Table(
        name=texts("supplier.section.customers"),
        columns=tuple(
            Column(texts(f"supplier.customers.{name}"), 30)
            for name in ("product", "meets", "models", "why")
        ),
        rows=tuple(
            (one.name, word(texts, "meets", one.meets_customers), one.models, one.why)
            for one in record.for_customers
        ),
        empty=texts("supplier.customers.empty"),
    )


def _chain(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts, use = material.texts, record.use
    share = texts(
        "supplier.chain.share_of",
        n=len(use.rests),
        all=use.systems,
        share=texts.share(use.share),
        direct=use.direct,
    )
    yield Facts(((texts("supplier.chain.share"), share),))
    links = {
        (one.values["product"], one.values["upstream"], one.source)
        for each in record.answers
        for one in each.statements
        if one.code == "upstream"
    }
    yield Table(
        name=texts("supplier.chain.upstream_title"),
        columns=tuple(
            Column(texts(f"supplier.chain.{name}"), 30) for name in ("product", "runs_on", "source")
        ),
        rows=tuple(
            (product, upstream, address(source)) for product, upstream, source in sorted(links)
        ),
        empty=texts("supplier.chain.empty"),
    )
    yield say(texts("supplier.chain.depth"))


def _triage(material: Material, record: SupplierRecord) -> Iterator[Block]:
    texts, found = material.texts, record.triage
    yield say(texts("supplier.triage.lead"))
    before = texts(
        "supplier.triage.points",
        points=found.inherent,
        tier=word(texts, "tier", found.inherent_tier),
    )
    after = texts(
        "supplier.triage.points",
        points=found.residual,
        tier=word(texts, "tier", found.residual_tier),
    )
    unknown = f"{texts.number(len(found.unknown))}: {listed(texts, found.unknown)}"
    yield Facts(
        (
            (texts("supplier.triage.inherent"), before),
            (texts("supplier.triage.residual"), after),
            (texts("supplier.triage.unknown"), unknown),
            (texts("supplier.triage.person_inherent"), said_of(material, record, "inherent_risk")),
            (texts("supplier.triage.person_residual"), said_of(material, record, "residual_risk")),
        )
    )
    yield Table(
        name=texts("supplier.triage.factor"),
        columns=(
            Column(texts("supplier.triage.factor"), 40),
            Column(texts("supplier.triage.points_of"), 8, is_number=True),
            Column(texts("supplier.triage.citation"), 50),
        ),
        rows=tuple(
            (factor_in(one, texts), one.points, tuple(map(address, one.citation)))
            for one in found.factors
        ),
        empty=texts("supplier.triage.empty"),
    )


def _agreed(material: Material, record: SupplierRecord) -> Iterator[Block]:
    shown = (
        one
        for one in FIELDS
        if not one.startswith(ACTIVITY) and one not in _ELSEWHERE
    )  # fmt: skip
    yield Facts(
        tuple(
            (material.texts(f"supplier.field.{name}"), said_of(material, record, name))
            for name in shown
        )
    )


def said_of(material: Material, record: SupplierRecord, name: str) -> Cell:
    """Return what people said of a field, and who did."""
    texts, said = material.texts, record.said.get(name)
    if said is None:
        return Said(texts("supplier.nobody_said"), Tone.SOFT)
    values: Iterable[str] = said.values
    if group := _CODED.get(name):
        values = (word(texts, group, one) for one in said.values)
    elif FIELDS[name].choices:
        values = (word(texts, "reply", one) for one in said.values)
    by = texts("supplier.table.said_by", by=said.by, at=said.at)
    return (*values, Said(by, Tone.SOFT))
