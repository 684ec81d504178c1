"""How large the base is, counted in detections and in the values that they match."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import signatures
from scanner.model import (
    AINature,
    Category,
    EvidenceKind,
    Fact,
    Identifier,
    Product,
    SupplierProfile,
    Tier,
)
from signatures.counts import Counts, count
from tests.running import gnomon
from tests.signatures import GOOD, a_base_of
from tests.support import detection, the_base, vendor

STUB = replace(
    vendor("zeta", replace(detection("zeta.web", exact=("z.example",)), sources=("recalled",))),
    tier=Tier.STUB,
)
CURATED = replace(
    vendor(
        "acme",
        detection("acme.web", suffix=("acme.example", "acme.ai"), exact=("www.acme.example",)),
        detection("acme.cdn", evidence=EvidenceKind.SUPPORTING, suffix=("acme-cdn.example",)),
        detection("acme.env", Identifier.ENV, evidence=EvidenceKind.BUILD, exact=("ACME_API_KEY",)),
        replace(
            detection("acme.sdk", Identifier.PACKAGE, EvidenceKind.BUILD, purl=("pkg:pypi/acme",)),
            sources=("recalled, to be checked at https://acme.example", "https://pypi.org"),
        ),
    ),
    tier=Tier.CURATED,
    supplier=SupplierProfile(
        facts=(Fact("soc2", True, date(2026, 1, 2), "https://acme.example/trust"),)
    ),
)


def test_a_base_is_counted() -> None:
    assert count([CURATED, STUB]) == Counts(
        vendors=Counter({Tier.CURATED: 1, Tier.STUB: 1}),
        products=Counter({Tier.CURATED: 1, Tier.STUB: 1}),
        detections=Counter(host=3, env=1, package=1),
        values=Counter(host=5, env=1, package=1),
        evidence=Counter(use=2, supporting=1, build=2),
        categories=Counter(assistant=2),
        natures=Counter(pure=2),
        well_known=1,
        facts=1,
        recalled=1,
    )


def test_an_empty_base_counts_nothing() -> None:
    assert count([]) == Counts()


def test_well_known_is_a_product_of_three_channels_of_a_curated_vendor() -> None:
    (known,) = CURATED.products
    two = replace(known, id="two", detections=known.detections[:3])
    other = Product("three", "Three", Category.OTHER, AINature.HOSTING, known.detections)
    assert count([replace(CURATED, products=(known, two, other))]).well_known == 2
    assert count([replace(CURATED, tier=Tier.BASIC)]).well_known == 0


def test_a_detection_without_any_source_is_still_to_be_read_up() -> None:
    nowhere = replace(detection("acme.web", exact=("acme.example",)), sources=())
    assert count([vendor("acme", nowhere)]).recalled == 1


def test_the_built_in_base_has_as_many_detections_by_channel_as_by_evidence() -> None:
    counts = count(the_base().pack.vendors)
    assert counts.vendors.total() == len(the_base().pack.vendors)
    assert counts.detections.total() == counts.evidence.total()
    assert counts.products.total() == counts.categories.total() == counts.natures.total()
    assert counts.values.total() >= counts.detections.total()


@pytest.fixture
def version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make one vendor the built-in base, and return the version of that pack."""
    a_base_of(tmp_path, monkeypatch)
    return signatures.load().version


def test_stats_as_a_table(version: str) -> None:
    ran = gnomon("signatures", "stats")
    assert (ran.code, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "channel  detections  values",
        "host              1       1",
        "all               1       1",
        "",
        "1 vendors: 1 basic",
        "",
        "1 products: 1 basic",
        "",
        "1 products by AI nature: 1 pure",
        "",
        "1 products by purpose: 1 assistant",
        "",
        "1 detections by evidence: 1 use",
        "",
        "0 products of curated vendors are known by three channels or more; 0 facts about "
        "suppliers; 0 detections are still to be read up at the place they name; "
        f"pack {version}",
    ]


def test_stats_in_json(version: str) -> None:
    assert gnomon("signatures", "stats", "--format", "json").json() == {
        "pack": version,
        "vendors": {"basic": 1},
        "products": {"basic": 1},
        "detections": {"host": 1},
        "values": {"host": 1},
        "evidence": {"use": 1},
        "categories": {"assistant": 1},
        "natures": {"pure": 1},
        "well_known": 0,
        "facts": 0,
        "recalled": 0,
    }


@pytest.mark.parametrize("style", ["csv", "ndjson"])
def test_stats_are_no_listing(style: str) -> None:
    ran = gnomon("signatures", "stats", "--format", style)
    assert (ran.code, ran.out) == (2, "")
    assert "is not one of 'table', 'json'" in ran.err


def test_stats_count_the_overlay_too(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    (overlay / "zeta.yaml").write_text(GOOD.replace("acme", "zeta"))
    monkeypatch.setenv("GNOMON_SIGNATURES", str(overlay))
    assert "2 vendors: 2 basic" in gnomon("signatures", "stats").out
