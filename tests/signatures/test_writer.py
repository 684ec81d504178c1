"""What the writer writes reads back as it was, in the one layout that all files have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import (
    AINature,
    Category,
    Detection,
    EvidenceKind,
    Examples,
    Fact,
    Identifier,
    LifeCycle,
    NotThis,
    Product,
    SupplierProfile,
    Tier,
    Upstream,
    Vendor,
    VendorKind,
)
from signatures.reading import Problem, read
from signatures.writer import write
from tests.support import detection, the_base, vendor

WIDTH = 100


def read_back(written: str) -> Vendor | list[Problem]:
    """Return the vendor of a text, or what is wrong with it."""
    problems: list[Problem] = []
    return read(Path("acme.yaml"), written.encode(), Vendor, problems) or problems


ACME = Vendor(
    schema=1,
    id="acme",
    name="Acme: AI",
    aliases=("yes", "2026"),
    kind=VendorKind.VENDOR,
    tier=Tier.CURATED,
    status=LifeCycle.RENAMED,
    updated=date(2026, 11, 21),
    successor="zeta",
    supplier=SupplierProfile(
        hq_country="NO",
        urls={"website": "https://acme.example"},
        facts=(
            Fact("soc2", True, date(2026, 1, 2), "https://acme.example/trust", applies_to=("chat",)),
            Fact("training", "no # by contract", date(2026, 1, 2), "https://acme.example/terms"),
        ),
    ),
    not_this=(NotThis("acme.example.net", "another firm"),),
    products=(
        Product(
            id="chat",
            name="Acme Chat",
            category=Category.ASSISTANT,
            ai_nature=AINature.PURE,
            default_roles={"organisation": "user", "supplier": "ai-provider"},
            uses_upstream=(Upstream("zeta/api", "https://acme.example/subprocessors"),),
            detections=(
                Detection(
                    id="acme.chat.oauth",
                    channel=Identifier.OAUTH,
                    evidence=EvidenceKind.GRANT,
                    confidence=90,
                    sources=("a test", "another test"),
                    tests=Examples(("client_id=acme-1234567890",), ("client_id=acme-12345678900",)),
                    idp="entra",
                    client_id=("0123",),
                    app_name=("Acme",),
                    implies=("zeta/api",),
                    since="2026-01-02",
                    note="line one\tand on",
                ),
            ),
        ),
    ),
)  # fmt: skip
ACME_FILE = """\
schema: 1
id: acme
name: 'Acme: AI'
aliases: ['yes', '2026']
kind: vendor
tier: curated
status: renamed
updated: 2026-11-21
successor: zeta
supplier:
  hq_country: 'NO'
  urls: {website: 'https://acme.example'}
  facts:
    - key: soc2
      value: true
      as_of: 2026-01-02
      source: 'https://acme.example/trust'
      applies_to: [chat]
    - key: training
      value: 'no # by contract'
      as_of: 2026-01-02
      source: 'https://acme.example/terms'
not_this: [{value: acme.example.net, why: another firm}]
products:
  - id: chat
    name: Acme Chat
    category: assistant
    ai_nature: pure
    default_roles: {organisation: user, supplier: ai-provider}
    uses_upstream: [{product: zeta/api, source: 'https://acme.example/subprocessors'}]
    detections:
      - id: acme.chat.oauth
        channel: oauth
        idp: entra
        client_id: ['0123']
        app_name: [Acme]
        evidence: grant
        confidence: 90
        implies: [zeta/api]
        since: '2026-01-02'
        note: "line one\\tand on"
        sources: [a test, another test]
        tests: {match: [client_id=acme-1234567890], no_match: [client_id=acme-12345678900]}
"""


def test_a_file_has_its_keys_in_one_order_and_no_defaults() -> None:
    assert write(ACME) == ACME_FILE
    assert read_back(ACME_FILE) == ACME


def test_what_is_too_wide_for_a_line_takes_a_line_each() -> None:
    hosts = tuple(f"chat-{number}.acme-ai.example" for number in range(4))
    written = write(vendor("acme", detection("acme.chat", suffix=hosts)))
    assert [line for line in written.splitlines() if "chat-" in line or "suffix" in line] == [
        "        suffix:",
        "          - chat-0.acme-ai.example",
        "          - chat-1.acme-ai.example",
        "          - chat-2.acme-ai.example",
        "          - chat-3.acme-ai.example",
    ]


def test_every_built_in_file_is_what_the_writer_writes() -> None:
    known = the_base().pack
    others = [
        vendor.id
        for vendor in known.vendors
        if write(vendor).encode() != Path(known.files[vendor.id]).read_bytes()
    ]
    assert others == []


def test_the_built_in_vendors_read_back_and_keep_within_the_line() -> None:
    vendors = the_base().pack.vendors
    for one in vendors[:: len(vendors) // 500]:
        written = write(one)
        assert read_back(written) == one
        assert too_wide(written) == []


def too_wide(written: str) -> list[str]:
    """Return the lines that are wider than they need be: they hold more than one value."""
    return [
        line
        for line in written.split("\n")
        if len(line) > WIDTH and not holds_one_value(yaml.safe_load(line))
    ]


def holds_one_value(content: object) -> bool:
    match content:
        case [inner]:
            return holds_one_value(inner)
        case dict():
            return len(content) == 1 and all(map(holds_one_value, content.values()))
        case list():
            return False
    return True


HOSTILE = (
    "", " ", "'", '"', "''", "a: b", "a #b", "#", ": ", "- a", "-", "?", "? a", "yes", "No", "on",
    "null", "~", "true", "1", "1_000", "0x1f", "0o17", "017", "1:20", "1.5e3", ".inf", ".nan",
    "2026-11-21", "2026-11-21T00:00:00Z", "=", "<<", "&a", "*a", "!a", "!!str a", "|", ">", "%a",
    "@a", "`a", "{", "}", "[", "]", ",", "a, b", "{a: b}", "a\nb", "a\n\n  b\n", "\n", "a\r\nb",
    "\ta", "a\\b", "a\\nb", "---", "a\n--- b", "...", "é", "智谱", "😀", "\u202ea", "\u2028",
    "a\u2029b", "\x85", "\ufeff", "\x00", "\x1b[31m", " a ", "a" * 300, "a b " * 60,
)  # fmt: skip
BREAKS = frozenset("\n\u2028\u2029")
texts = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
one_line = texts.filter(BREAKS.isdisjoint)
days = st.dates()


def many(of: st.SearchStrategy[object], least: int = 0) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, min_size=least, max_size=2).map(tuple)


def built(kind: Callable[..., object], **values: object) -> st.SearchStrategy[object]:
    return st.builds(kind, **values)  # type: ignore[arg-type]


examples = built(Examples, match=many(texts), no_match=many(texts))
detections = built(
    Detection,
    id=texts,
    confidence=st.integers(),
    sources=many(texts),
    tests=examples,
    exact=many(texts),
    pattern=many(texts),
    app_name=many(texts),
    since=st.none() | texts,
    note=st.none() | texts,
)
facts = built(
    Fact,
    key=texts,
    value=texts | st.booleans(),
    as_of=days,
    source=texts,
    applies_to=many(texts),
    quote=st.none() | texts,
)
products = built(
    Product,
    id=texts,
    name=texts,
    aliases=many(texts),
    account_types=many(texts),
    default_roles=st.dictionaries(one_line, texts, max_size=2),
    uses_upstream=many(built(Upstream, product=texts, source=texts, as_of=st.none() | days)),
    detections=many(detections, least=1),
)
suppliers = built(
    SupplierProfile,
    legal_entity=st.none() | texts,
    hq_country=st.none() | texts,
    urls=st.dictionaries(one_line, texts, max_size=2),
    facts=many(facts),
)
vendors = built(
    Vendor,
    schema=st.integers(0, 3),
    id=texts,
    name=texts,
    updated=days,
    aliases=many(texts),
    successor=st.none() | texts,
    supplier=suppliers,
    not_this=many(built(NotThis, value=texts, why=texts)),
    products=many(products, least=1),
)


@settings(max_examples=40)
@given(vendors)
def test_whatever_a_vendor_says_reads_back(one: Vendor) -> None:
    assert read_back(write(one)) == one


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_read_back_wherever_they_stand(text: str) -> None:
    fact = Fact(text, text, date(2026, 1, 2), text, (text, text), text)
    key = text if BREAKS.isdisjoint(text) else "key"
    profile = SupplierProfile(text, text, {key: text}, (fact,))
    named = detection(text, exact=(text, f"{text}b"), note=text)
    product = vendor("acme", named).products[0]
    one = Vendor(
        1, text, text, VendorKind.VENDOR, Tier.STUB, LifeCycle.ACTIVE, date(2026, 1, 2),
        (product,), profile, (text,), text, (NotThis(text, text),),
    )  # fmt: skip
    assert read_back(write(one)) == one


@pytest.mark.parametrize("key", ["a\nb", "\u2028", "a\u2029b"])
def test_a_key_with_a_line_break_reads_back(key: str) -> None:
    one = replace(ACME, supplier=SupplierProfile(urls={key: "https://acme.example"}))
    assert read_back(write(one)) == one


@pytest.mark.parametrize("products", [(), vendor("acme").products], ids=["product", "detection"])
def test_a_vendor_without_a_product_or_detection_reads_back(
    products: tuple[Product, ...],
) -> None:
    one = Vendor(
        1, "acme", "Acme", VendorKind.VENDOR, Tier.STUB, LifeCycle.ACTIVE, date(2026, 1, 2), products
    )  # fmt: skip
    assert read_back(write(one)) == one
