"""Each rule of the base has an example that keeps it, and one that breaks it and is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import signatures
from scanner.matching import Matcher
from scanner.model import (
    EvidenceKind,
    Examples,
    Fact,
    Identifier,
    Shape,
    Signal,
    SupplierProfile,
    Tier,
    Vendor,
)
from signatures import benign
from signatures.checks import check
from signatures.checks.collisions import collisions, retired, reused
from signatures.checks.facts import facts
from signatures.checks.formats import detection_problems
from signatures.checks.shapes import shapes
from signatures.loader import read_folders
from signatures.reading import Problem
from tests.running import gnomon
from tests.signatures import GOOD, a_base_of
from tests.support import detection, the_base, vendor

TODAY = date(2026, 11, 21)
SUPPORTING, USE = EvidenceKind.SUPPORTING, EvidenceKind.USE
GUID = "e0476654-c1d5-430b-ab80-70cbd947616a"
CHROME_ID = "abcdefghijklmnopabcdefghijklmnop"


def problems_of(
    channel: Identifier, values: dict[str, Any], evidence: EvidenceKind = USE, **about: Any
) -> list[str]:
    """Return what is wrong with one detection; ``about`` is what else it says."""
    weak = 40 if not evidence.creates_system else 90
    one = replace(
        detection("acme.chat", channel, evidence, **values),
        **{"confidence": weak, "tests": Examples(("a",), ("b",)), **about},
    )
    return list(detection_problems(one))


# what a detection says of itself


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ({"id": "acme.chat-app.v2"}, {"id": "Acme"}, "the id is not lower-case words joined by dots and hyphens"),
        ({"id": "a"}, {"id": "acme..chat"}, "the id is not lower-case words joined by dots and hyphens"),
        ({"confidence": 1}, {"confidence": 0}, "confidence 0 is not from 1 to 100"),
        ({"confidence": 100}, {"confidence": 101}, "confidence 101 is not from 1 to 100"),
        ({"evidence": SUPPORTING, "confidence": 50}, {"evidence": SUPPORTING, "confidence": 51}, "supporting evidence may not claim more than 50"),
        ({"evidence": EvidenceKind.PRESENCE, "confidence": 50}, {"evidence": EvidenceKind.PRESENCE, "confidence": 51}, "presence evidence may not claim more than 50"),
        ({"sources": ("a test",)}, {"sources": ()}, "no source says so"),
        ({"sources": ("a test", "another")}, {"sources": ("a test", " ")}, "no source says so"),
        ({"tests": Examples(("a",), ("b",))}, {"tests": Examples((), ("b",))}, "examples that match and near misses that must not are both required"),
        ({"tests": Examples(("a",), ("b",))}, {"tests": Examples(("a",), ())}, "examples that match and near misses that must not are both required"),
    ],
)  # fmt: skip
def test_what_every_detection_says(good: dict[str, Any], bad: dict[str, Any], told: str) -> None:
    values = {"exact": ("ACME_API_KEY",)}
    assert problems_of(Identifier.ENV, values, **good) == []
    assert problems_of(Identifier.ENV, values, **bad) == [told]


@pytest.mark.parametrize(
    ("channel", "good", "bad", "told"),
    [
        (Identifier.HOST, {"suffix": ("acme.example",)}, {}, "no suffix, exact or pattern"),
        (Identifier.CARD_DESCRIPTOR, {"pattern": (r"ACME\b.*",)}, {"pattern": ("ACME.*",)}, r"pattern 'ACME.*' matches longer words too; end the word: \b.*"),
        (Identifier.HOST, {"exact": ("xn--bcher-kva.example",)}, {"exact": ("bücher.example",)}, "'bücher.example' is not a lower-case host name"),
        (Identifier.HOST, {"suffix": ("a_b.acme.ai",)}, {"suffix": ("acme chat.ai",)}, "'acme chat.ai' is not a lower-case host name"),
        (Identifier.HOST, {"pattern": ("*-api.acme.ai",)}, {"pattern": ("eu.Acme.ai",)}, "'eu.Acme.ai' is not a host pattern"),
        (Identifier.HOST, {"pattern": ("eu-*.acme.ai",)}, {"pattern": ("api.*.ai",)}, "'api.*.ai' leaves the registrable domain open"),
        (Identifier.HOST, {"suffix": ("acme.co.uk",)}, {"suffix": ("co.uk",)}, "co.uk is a public suffix; names below it belong to anybody"),
        (Identifier.HOST, {"suffix": ("acme.azure.com",)}, {"suffix": ("azure.com",)}, "azure.com belongs to a whole cloud or network; name the product's own hosts"),
        (Identifier.HOST, {"exact": ("gist.github.com",)}, {"exact": ("github.com",)}, "github.com belongs to a whole cloud or network; name the product's own hosts"),
        (Identifier.HOST_PATH, {"exact": ("www.bing.com",), "path": ("/chat",)}, {"exact": ("www.bing.com",)}, "host_path needs at least one path"),
        (Identifier.HOST_PATH, {"suffix": ("github.com",), "path": ("/a", "/b")}, {"suffix": ("github.com",), "path": ("/a", "b")}, "a path begins with /"),
        (Identifier.OAUTH, {"client_id": ("acme",)}, {"app_name": ("Acme",)}, "an OAuth application is known by client id, tenant or domain; a name alone is none"),
        (Identifier.OAUTH, {"idp": "entra", "client_id": (GUID,)}, {"idp": "entra", "client_id": ("acme",)}, "'acme' is not a GUID"),
        (Identifier.OAUTH, {"idp": "entra", "owner_tenant": (GUID,)}, {"idp": "entra", "owner_tenant": (GUID.upper(),)}, f"'{GUID.upper()}' is not a GUID"),
        (Identifier.OAUTH, {"publisher_domain": ("acme.ai",)}, {"publisher_domain": ("acme ai.ai",)}, "'acme ai.ai' is not a domain"),
        (Identifier.OAUTH, {"publisher_domain": ("acme.ai",)}, {"publisher_domain": ("google.com",)}, "google.com belongs to more than this supplier"),
        (Identifier.OAUTH, {"reply_url_domain": ("acme.vercel.app",)}, {"reply_url_domain": ("co.uk",)}, "co.uk belongs to more than this supplier"),
        (Identifier.PACKAGE, {"purl": ("pkg:npm/%40acme/sdk",)}, {"purl": ("acme",)}, "'acme' is not a package URL (pkg:type/name)"),
        (Identifier.PACKAGE, {"purl": ("pkg:pypi/acme",)}, {"purl": ("pkg:pypi/acme?os=x",)}, "'pkg:pypi/acme?os=x' is not a package URL (pkg:type/name)"),
        (Identifier.PACKAGE, {"pattern": ("pkg:npm/acme-.+",)}, {}, "no purl"),
        (Identifier.BROWSER_EXT, {"exact": (CHROME_ID,)}, {"exact": ("acme",)}, "'acme' is not an extension id (32 letters from a to p)"),
        (Identifier.BROWSER_EXT, {"exact": ("acme@acme.ai", f"{{{GUID}}}")}, {"exact": (f"{CHROME_ID}q",)}, f"'{CHROME_ID}q' is not an extension id (32 letters from a to p)"),
        (Identifier.KEY_SHAPE, {"pattern": ("sk-acme-[0-9a-f]{32}",)}, {"exact": ("sk-acme",)}, "the shape of a key is a pattern"),
        (Identifier.FILE, {"exact": (".acme/config.json",)}, {}, "no exact value and no pattern"),
        (Identifier.USER_AGENT, {"pattern": ("acme/.*",)}, {}, "no exact value and no pattern"),
        (Identifier.ENV, {"exact": ("ACME_API_KEY", "302AI_KEY")}, {"exact": ("ACME-KEY",)}, "'ACME-KEY' is not the name of an environment variable"),
        (Identifier.ENV, {"exact": ("ACME_TOKEN",)}, {"exact": ("TOKEN",)}, "TOKEN is generic: supporting at most"),
        (Identifier.CONTAINER, {"exact": ("ghcr.io:443/acme/server",)}, {"exact": ("acme/server:latest",)}, "'acme/server:latest' is not a container repository without a tag"),
        (Identifier.GITHUB_ACTION, {"exact": ("acme/review/sub",)}, {"exact": ("acme",)}, "'acme' is not an action (owner/repository)"),
        (Identifier.GITHUB_APP, {"exact": ("acme[bot]", "acme-ai")}, {"exact": ("acme bot",)}, "'acme bot' is not the slug of a GitHub App"),
        (Identifier.GIT_IDENTITY, {"exact": ("bot@acme.ai",)}, {"exact": ("Acme Bot",)}, "'Acme Bot' is not an e-mail address"),
        (Identifier.BUNDLE, {"exact": ("ai.acme.Chat",)}, {"exact": ("Chat",)}, "'Chat' is not a bundle id"),
        (Identifier.IDE_EXT, {"exact": ("acme.chat", "12345-acme", "jetbrains:Acme AI")}, {"exact": ("acme chat",)}, "'acme chat' is not an extension (publisher.name, or a JetBrains plugin's id)"),
        (Identifier.SLACK_APP, {"exact": ("A0123456789",)}, {"exact": ("U0123456789",)}, "'U0123456789' is not a Slack app id"),
        (Identifier.EMAIL_SENDER, {"exact": ("acme.ai", "notes@acme.ai")}, {"exact": ("acme",)}, "'acme' is not a domain"),
        (Identifier.DNS_CNAME, {"exact": ("cname.acme.ai",)}, {"exact": ("CNAME.acme.ai",)}, "'CNAME.acme.ai' is not a host name"),
        (Identifier.IMPORT, {"exact": ("@acme/sdk", "acme.chat")}, {"exact": ("import acme",)}, "'import acme' is not a module"),
        (Identifier.DNS_TXT, {"pattern": ("acme-verify=.+",)}, {"pattern": ("acme-(",)}, "pattern 'acme-(' is no regular expression: missing ), unterminated subpattern at position 5"),
        (Identifier.DNS_TXT, {"pattern": ("acme=.*",)}, {"pattern": (".*",)}, "pattern '.*' matches anything"),
        (Identifier.PROCESS, {"pattern": ("acme.*",)}, {"pattern": (r"\w+",)}, r"pattern '\\w+' matches anything"),
        (Identifier.PROCESS, {"pattern": ("acme(-cli)?",)}, {"pattern": ("(acme)?",)}, "pattern '(acme)?' matches anything"),
    ],
)  # fmt: skip
def test_what_the_values_of_a_channel_look_like(
    channel: Identifier, good: dict[str, Any], bad: dict[str, Any], told: str
) -> None:
    assert problems_of(channel, good) == []
    assert problems_of(channel, bad) == [told]


def test_a_port_is_supporting_at_most_and_a_number() -> None:
    assert problems_of(Identifier.PORT, {"exact": ("11434",)}, SUPPORTING) == []
    assert problems_of(Identifier.PORT, {"exact": ("11434",)}) == [
        "a port shows nothing without a second signal: supporting at most"
    ]
    assert problems_of(Identifier.PORT, {"exact": ("ollama",)}, SUPPORTING) == [
        "'ollama' is not a port"
    ]


def test_a_malformed_host_pattern_is_told_as_it_is_written() -> None:
    assert problems_of(Identifier.HOST, {"pattern": ("*.Acme.ai",)}) == [
        "'*.Acme.ai' is not a host pattern"
    ]


def test_there_is_no_port_above_65535() -> None:
    assert problems_of(Identifier.PORT, {"exact": ("65535",)}, SUPPORTING) == []
    assert problems_of(Identifier.PORT, {"exact": ("65536",)}, SUPPORTING) == [
        "'65536' is not a port"
    ]


def test_supporting_evidence_may_be_wide_but_not_a_whole_cloud() -> None:
    assert problems_of(Identifier.HOST, {"suffix": ("co.uk",)}, SUPPORTING) == []
    assert problems_of(Identifier.ENV, {"exact": ("TOKEN",)}, SUPPORTING) == []
    assert problems_of(Identifier.HOST, {"suffix": ("azure.com",)}, SUPPORTING) == [
        "azure.com belongs to a whole cloud or network; name the product's own hosts"
    ]


# facts

FACT = Fact("trains_on_data", "no", TODAY, "https://acme.example/terms", ("product",))


def with_facts(*known: Fact) -> Vendor:
    """Return a vendor of whom these facts are known."""
    return replace(vendor("acme", detection("acme.web")), supplier=SupplierProfile(facts=known))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"key": "Trains"}, "fact Trains: the key is not lower-case words joined by _"),
        ({"key": "trains-on"}, "fact trains-on: the key is not lower-case words joined by _"),
        ({"source": "http://a.example"}, "fact trains_on_data: the source 'http://a.example' is no https address"),
        ({"source": "hearsay"}, "fact trains_on_data: the source 'hearsay' is no https address"),
        ({"as_of": TODAY + timedelta(days=1)}, "fact trains_on_data: as of 2026-11-22 is still to come"),
        ({"value": " "}, "fact trains_on_data: no value; what is not known is written unknown"),
        ({"applies_to": ("product", "draw")}, "fact trains_on_data: applies to 'draw', which is no product of this vendor"),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be_relied_on_is_a_problem(change: dict[str, Any], told: str) -> None:
    wrong = replace(FACT, **change)
    assert list(facts(with_facts(FACT), TODAY)) == []
    assert list(facts(with_facts(wrong), TODAY)) == [(wrong.source, told, False)]


def test_an_unknown_or_false_value_is_a_value() -> None:
    known = with_facts(replace(FACT, value="unknown"), replace(FACT, value=False))
    assert list(facts(known, TODAY)) == []


def test_a_fact_older_than_a_year_warns_and_is_no_problem() -> None:
    fresh = replace(FACT, as_of=TODAY - timedelta(days=365))
    stale = replace(FACT, as_of=TODAY - timedelta(days=366))
    assert list(facts(with_facts(fresh), TODAY)) == []
    assert list(facts(with_facts(stale), TODAY)) == [
        (FACT.source, "fact trains_on_data: as of 2025-11-20, older than a year", True)
    ]


def test_a_curated_vendor_has_six_facts_and_three_channels() -> None:
    channels = [
        detection("acme.web"),
        detection("acme.env", Identifier.ENV),
        detection("acme.sdk", Identifier.PACKAGE),
    ]
    enough = replace(
        vendor("acme", *channels), tier=Tier.CURATED, supplier=SupplierProfile(facts=(FACT,) * 6)
    )
    too_few = replace(
        vendor("acme", *channels[:2]),
        tier=Tier.CURATED,
        supplier=SupplierProfile(facts=(FACT,) * 5),
    )
    assert list(facts(enough, TODAY)) == []
    assert list(facts(replace(too_few, tier=Tier.BASIC), TODAY)) == []
    assert list(facts(too_few, TODAY)) == [
        ("acme", "a curated vendor has 6 facts; this has 5", False),
        ("acme", "a curated vendor is known by 3 channels; this by 2", False),
    ]


# shapes

SHAPE = Shape(
    id="name.gpt",
    channel=Identifier.HOST,
    signal=Signal.NAME,
    meaning='its name holds "gpt"',
    confidence=60,
    pattern=("[^/]*gpt[^/]*",),
    sources=("a test",),
    tests=Examples(("mygpt.example",), ("egypt.travel",)),
)
PATH = replace(
    SHAPE,
    id="path.chat",
    channel=Identifier.HTTP_PATH,
    signal=Signal.API_PATH,
    pattern=("/v1/chat/completions",),
    tests=Examples(("/llm/v1/chat/completions",), ("/v1/chat",)),
)


@pytest.mark.parametrize(
    ("good", "change", "told"),
    [
        (SHAPE, {"pattern": ()}, "no pattern"),
        (SHAPE, {"pattern": ("gpt(",)}, "pattern 'gpt(' is no regular expression: missing ), unterminated subpattern at position 3"),
        (PATH, {"pattern": ("v1/chat",)}, "pattern 'v1/chat' does not begin with the slash that it is found by"),
        (SHAPE, {"keywords": ("gpt", "GPT")}, "keyword 'GPT' is not in lower case"),
        (SHAPE, {"confidence": 0}, "confidence 0 is not from 1 to 100"),
        (PATH, {"confidence": 101}, "confidence 101 is not from 1 to 100"),
        (SHAPE, {"tests": Examples(("acme.example",), ())}, "must match 'acme.example'"),
        (SHAPE, {"tests": Examples((), ("chatgpt.com",))}, "must not match 'chatgpt.com'"),
        (PATH, {"tests": Examples((), ("/x/v1/chat/completions",))}, "must not match '/x/v1/chat/completions'"),
    ],
)  # fmt: skip
def test_a_shape_keeps_its_rules(good: Shape, change: dict[str, Any], told: str) -> None:
    assert list(shapes([good])) == []
    assert list(shapes([replace(good, **change)])) == [(good.id, good.id, f"{good.id}: {told}")]


def test_two_shapes_of_one_id_are_told() -> None:
    assert list(shapes([SHAPE, PATH])) == []
    assert (
        list(shapes([SHAPE, SHAPE]))
        == [("name.gpt", "name.gpt", "name.gpt: this id stands there twice")] * 2
    )


SHAPES = """\
schema: 1
shapes:
  - id: name.gpt
    channel: host
    signal: name
    meaning: its name holds "gpt"
    confidence: 60
    pattern: ['[^/]*gpt[^/]*']
    sources: [a test]
    tests: {match: [mygpt.example], no_match: [egypt.travel]}
"""


def problems_in(folder: Path, *files: tuple[str, str]) -> list[str]:
    """Return the problems of a folder of files, each as ``file:line: message``."""
    for name, text in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    pack = read_folders([folder])
    found = check(pack, Matcher(pack.vendors).match_value, TODAY)
    return [str(problem).removeprefix(f"{folder}/") for problem in found]


def test_a_problem_of_a_shape_has_its_file_and_line(tmp_path: Path) -> None:
    name = "shapes/names.yaml"
    assert problems_in(tmp_path, (name, SHAPES)) == []
    assert problems_in(tmp_path, (name, SHAPES.replace("egypt.travel", "gpt.example"))) == [
        "shapes/names.yaml:3: name.gpt: must not match 'gpt.example'"
    ]


def test_an_id_that_stands_twice_in_a_file_of_shapes_is_told(tmp_path: Path) -> None:
    twice = SHAPES + SHAPES.partition("shapes:\n")[2]
    found = problems_in(tmp_path, ("shapes/names.yaml", twice))
    assert found == ["shapes/names.yaml:3: name.gpt: this id stands there twice"] * 2


def test_a_file_of_shapes_of_another_schema_is_told(tmp_path: Path) -> None:
    newer = SHAPES.replace("schema: 1", "schema: 2")
    assert problems_in(tmp_path, ("shapes/names.yaml", newer)) == [
        "shapes/names.yaml:1: schema is 2; this gnomon reads 1"
    ]


# collisions and retired ids


def test_an_id_that_stands_twice_is_told() -> None:
    one = vendor("acme", detection("acme.web"), detection("acme.api"))
    other = vendor("zeta", detection("acme.web"))
    assert list(collisions([one, vendor("zeta", detection("zeta.web"))])) == []
    assert list(collisions([one, other])) == [("zeta", "acme.web", "acme.web: also in acme")]


def test_a_value_of_two_products_is_told_unless_one_implies_the_other() -> None:
    one = vendor("acme", detection("acme.web", exact=("shared.example",)))
    two = vendor("zeta", detection("zeta.web", exact=("shared.example",)))
    implying = vendor(
        "zeta", detection("zeta.web", exact=("shared.example",), implies=("acme/product",))
    )
    below = vendor("zeta", detection("zeta.web", suffix=("shared.example",)))
    assert list(collisions([one, two])) == [
        ("zeta", "zeta.web", "zeta.web: shared.example is also in acme.web")
    ]
    assert list(collisions([one, implying])) == list(collisions([implying, one])) == []
    assert list(collisions([one, below])) == []


def test_one_product_may_hold_a_value_twice() -> None:
    first, second = (detection(f"acme.{n}", exact=("a.example",)) for n in ("one", "two"))
    assert list(collisions([vendor("acme", first, second)])) == []


@pytest.mark.parametrize(
    ("channel", "one", "other"),
    [
        (Identifier.PACKAGE, {"purl": ("pkg:pypi/acme_ai",)}, {"purl": ("pkg:pypi/Acme-AI",)}),
        (Identifier.PROCESS, {"exact": ("Acme.exe",)}, {"exact": ("acme.exe",)}),
        (Identifier.CONTAINER, {"exact": ("docker.io/acme/ai",)}, {"exact": ("acme/ai",)}),
    ],
)
def test_two_spellings_of_one_value_collide(
    channel: Identifier, one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = collisions(
        [
            vendor("acme", detection("acme.one", channel, **one)),
            vendor("zeta", detection("zeta.one", channel, **other)),
        ]
    )
    assert [(owner, about) for owner, about, _ in found] == [("zeta", "zeta.one")]


def test_a_retired_product_id_is_not_given_again() -> None:
    gone = retired()[0]
    owner, _, product = gone.product.partition("/")
    known = vendor(owner, detection(f"{owner}.web"))
    again = replace(known, products=(replace(known.products[0], id=product),))
    assert list(reused([known])) == []
    assert list(reused([again])) == [
        (owner, product, f"product id {gone.product!r} was retired on {gone.since}: take another")
    ]


def test_what_stands_in_place_of_a_retired_product_is_there() -> None:
    products = {
        f"{one.id}/{product.id}" for one in the_base().pack.vendors for product in one.products
    }
    assert [one for one in retired() if one.successor and one.successor not in products] == []


# files

OTHER = GOOD.replace("acme", "zeta").replace("Acme", "Zeta")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("schema: 1", "schema: 3", "acme.yaml:1: schema is 3; this gnomon reads 1"),
        ("id: acme\n", "id: Acme\n", "acme.yaml:2: vendor id 'Acme' is not lower-case words joined by hyphens"),
        ("  - id: chat", "  - id: acme_chat", "acme.yaml:9: product id 'acme_chat' is not lower-case words joined by hyphens"),
        ("no_match: [notacme", "no_match: [api.acme", "acme.yaml:14: acme.chat.host: must not match 'api.acme-ai.example'"),
        ("match: [acme-ai.example", "match: [acme-ai.com", "acme.yaml:14: acme.chat.host: must match 'acme-ai.com', which meets nothing"),
        ("match: [acme-ai.example", "match: [zeta-ai.example", "acme.yaml:14: acme.chat.host: must match 'zeta-ai.example', which meets zeta.chat.host"),
        ("status: active", "status: acquired\nsuccessor: nobody", "acme.yaml:7: no vendor is named 'nobody'"),
        ("    ai_nature: pure", "    ai_nature: pure\n    uses_upstream: [{product: nobody/api, source: x}]", "acme.yaml:13: no product is named 'nobody/api'"),
        ("        evidence: use", "        evidence: use\n        implies: [zeta/api]", "acme.yaml:18: no product is named 'zeta/api'"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_told_by_file_and_line(
    before: str, after: str, told: str, tmp_path: Path
) -> None:
    assert before in GOOD
    assert problems_in(tmp_path, ("acme.yaml", GOOD), ("zeta.yaml", OTHER)) == []
    assert problems_in(tmp_path, ("acme.yaml", GOOD.replace(before, after, 1))) == [told]


@pytest.mark.parametrize(
    "named",
    ["status: acquired\nsuccessor: zeta", "status: active"],
)
def test_references_to_what_is_there_are_no_problem(named: str, tmp_path: Path) -> None:
    text = GOOD.replace("status: active", named).replace(
        "    detections:",
        "    uses_upstream: [{product: zeta/chat, source: x}]\n    detections:",
    )
    implying = text.replace("evidence: use", "evidence: use\n        implies: [zeta/chat]")
    assert problems_in(tmp_path, ("acme.yaml", implying), ("zeta.yaml", OTHER)) == []


def test_a_vendor_without_products_or_detections_is_told(tmp_path: Path) -> None:
    none = GOOD.partition("products:")[0] + "products: []\n"
    assert problems_in(tmp_path, ("acme.yaml", none)) == [
        "acme.yaml:2: a vendor needs at least one product"
    ]
    bare = GOOD.partition("    detections:")[0] + "    detections: []\n"
    assert problems_in(tmp_path, ("acme.yaml", bare)) == [
        "acme.yaml:9: product chat has no detection"
    ]


def test_a_product_that_stands_there_twice_is_told(tmp_path: Path) -> None:
    again = GOOD.partition("products:\n")[2].replace("acme.chat.host", "acme.chat.host2")
    found = problems_in(tmp_path, ("acme.yaml", GOOD + again.replace("acme-ai", "acme-2")))
    assert found == ["acme.yaml:9: product id 'chat' stands there twice"] * 2


def test_a_built_in_vendor_stands_in_the_file_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = a_base_of(tmp_path, monkeypatch)
    assert problems_in(base) == []
    (base / "a" / "acme.yaml").rename(base / "a" / "other.yaml")
    assert problems_in(base) == [
        f"a/other.yaml:2: vendor id 'acme' stands in other.yaml, not in {base}/a/acme.yaml"
    ]


# what is no AI

LIST = "channel\tvalue\twhy\n"


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the benign list and its exceptions stand, both empty."""
    for name, constant in (("benign.tsv", "BENIGN"), ("exceptions.tsv", "EXCEPTIONS")):
        (tmp_path / name).write_text(LIST)
        monkeypatch.setattr(benign, constant, tmp_path / name)
    return tmp_path


PRESENCE = detection("acme.site", evidence=EvidenceKind.PRESENCE, suffix=("acme-site.example",))
BASE = Matcher(
    [
        vendor(
            "acme",
            detection("acme.web", suffix=("acme.example",)),
            PRESENCE,
            detection("acme.sdk", Identifier.PACKAGE, purl=("pkg:npm/acme",)),
        )
    ]
).match_value


def test_what_the_built_in_list_names_must_match_nothing(lists: Path) -> None:
    (lists / "benign.tsv").write_text(
        LIST + "host\twww.example.org\ta web site\n"
        "host\twww.acme.example\ta shop\n"
        "host\tacme-site.example\tanother shop\n"
        "package\tpkg:npm/acme@1.0\ta test runner\n"
    )
    assert benign.run(BASE) == [
        Problem(lists / "benign.tsv", 3, "www.acme.example must match nothing (a shop); it meets acme.web"),
        Problem(lists / "benign.tsv", 4, "acme-site.example must match nothing (another shop); it meets acme.site"),
        Problem(lists / "benign.tsv", 5, "pkg:npm/acme@1.0 must match nothing (a test runner); it meets acme.sdk"),
    ]  # fmt: skip


def test_presence_on_a_list_of_hosts_is_no_hit(lists: Path) -> None:
    hosts = lists / "popular.txt"
    hosts.write_text(
        "# popular hosts\n\nwww.example.org\nacme.example\t1\nacme-site.example\n  pkg:npm/acme\r\n"
    )
    assert benign.run(BASE, [hosts]) == [
        Problem(hosts, 4, "acme.example is benign and meets acme.web"),
        Problem(hosts, 6, "pkg:npm/acme is benign and meets acme.sdk"),
    ]


def test_an_exception_names_a_value_or_a_detection_and_its_channel(lists: Path) -> None:
    hosts = lists / "popular.txt"
    hosts.write_text("acme.example\nwww.acme.example\npkg:npm/acme\n")
    value = Problem(hosts, 1, "acme.example is benign and meets acme.web")
    below = Problem(hosts, 2, "www.acme.example is benign and meets acme.web")
    package = Problem(hosts, 3, "pkg:npm/acme is benign and meets acme.sdk")
    for excepted, left in (
        ("host\tacme.example\tits own\n", [below, package]),
        ("host\tacme.web\tits own\n", [package]),
        ("package\tacme.web\tanother channel\n", [value, below, package]),
        ("package\tpkg:npm/acme\tits own\n", [value, below]),
    ):
        (lists / "exceptions.tsv").write_text(LIST + excepted)
        assert benign.run(BASE, [hosts]) == left


def test_an_exception_does_not_excuse_the_built_in_list(lists: Path) -> None:
    for name in ("benign.tsv", "exceptions.tsv"):
        (lists / name).write_text(f"{LIST}host\tacme.example\ta shop\n")
    assert [problem.line for problem in benign.run(BASE)] == [2]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00\n", b"x" * 100_000, b"\xe2\x98\x83.example\n"]
)
def test_a_list_that_is_no_text_meets_nothing(content: bytes, lists: Path) -> None:
    (lists / "odd.txt").write_bytes(content)
    assert benign.run(BASE, [lists / "odd.txt"]) == []


def test_a_byte_order_mark_is_no_part_of_the_first_value(lists: Path) -> None:
    (lists / "windows.txt").write_text("pkg:npm/acme\n", encoding="utf-8-sig")
    assert [problem.line for problem in benign.run(BASE, [lists / "windows.txt"])] == [1]


def test_the_built_in_base_meets_nothing_of_the_benign_list() -> None:
    assert benign.run(the_base().matcher.match_value) == []


def test_every_row_of_both_lists_has_its_reason_and_stands_once() -> None:
    for path in (benign.BENIGN, benign.EXCEPTIONS):
        known = benign.rows(path)
        assert [row for row in known if not (row.value and row.why)] == []
        assert len({(row.channel, row.value) for row in known}) == len(known)


# the command

STALE = GOOD.replace(
    "products:",
    "supplier:\n"
    "  facts:\n"
    "    - {key: soc2, value: true, as_of: 2020-01-02, source: 'https://acme.example/trust'}\n"
    "products:",
)


def test_check_of_benign_lists_and_stale_facts(
    lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = a_base_of(tmp_path, monkeypatch, STALE)
    hosts = tmp_path / "popular.txt"
    hosts.write_text("www.example.org\nwww.acme-ai.example\n")
    pack = signatures.load()
    size = f"1 vendors, 1 products, 1 detections, {len(pack.shapes)} shapes, pack {pack.version}: "
    benign_hit = f"{hosts}:2: www.acme-ai.example is benign and meets acme.chat.host\n"
    stale = f"{base}/a/acme.yaml:10: warning: fact soc2: as of 2020-01-02, older than a year\n"
    plain, old = gnomon("signatures", "check"), gnomon("signatures", "check", "--stale")
    both = gnomon("signatures", "check", "--benign", hosts, "--stale")
    assert (plain.code, plain.out, plain.err) == (0, "", f"{size}no problems, 1 stale facts\n")
    assert (old.code, old.out, old.err) == (0, stale, plain.err)
    assert (both.code, both.out, both.err) == (
        1, benign_hit + stale, f"{size}1 problems, 1 stale facts\n"
    )  # fmt: skip


def test_check_of_a_folder_names_its_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_base_of(tmp_path, monkeypatch)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "zeta.yaml").write_text(OTHER.replace("confidence: 90", "confidence: 0"))
    (folder / "broken.yaml").write_text("{")
    ran = gnomon("signatures", "check", folder)
    assert (ran.code, ran.out) == (
        1,
        f"{folder}/broken.yaml:1: not YAML: did not find expected node content\n"
        f"{folder}/zeta.yaml:14: zeta.chat.host: confidence 0 is not from 1 to 100\n",
    )
    assert ran.err.endswith(": 2 problems, no stale facts\n")


def test_a_list_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    ran = gnomon("signatures", "check", "--benign", tmp_path / "nowhere.txt")
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere.txt' does not exist" in ran.err
