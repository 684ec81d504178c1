"""What a source states and the base does not hold becomes files for a person to review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scanner.matching import Matcher
from scanner.model import Category, Examples, Identifier, Vendor
from signatures.assessment import Assessed, Standing, assess
from signatures.checks.collisions import retired
from signatures.drafts import near_misses, slug_of
from signatures.importers import Stated
from signatures.proposals import propose
from signatures.writer import write
from tests.support import AZURE, BING, OPENAI, a_matcher, detection, vendor

TODAY = date(2026, 11, 21)
HOST, ENV, PACKAGE = Identifier.HOST, Identifier.ENV, Identifier.PACKAGE
SOURCE = "https://list.example/"


def said(vendor: str, channel: Identifier, value: str, note: str = "", how: str = "") -> Stated:
    """Return a statement of a list."""
    return Stated(vendor, f"{vendor} API", channel, value, SOURCE, note, Category.MODEL_API, how)


def standings(*stated: Stated) -> list[tuple[Standing, str, str]]:
    """Return how statements stand to a base of a few signatures."""
    found = assess(stated, a_matcher().match_value)
    assert [one.stated for one in found] == list(stated)
    return [(one.standing, one.product, one.why) for one in found]


def proposed(*stated: Stated, vendors: tuple[Vendor, ...] = (OPENAI, AZURE, BING)) -> list[Vendor]:
    """Return what these statements add to a base."""
    return propose(assess(stated, Matcher(vendors).match_value, vendors), vendors, TODAY)


# how a statement stands to the base


@pytest.mark.parametrize(
    ("stated", "product"),
    [
        (said("OpenAI", HOST, "openai.com"), "openai/product"),
        (said("A name", HOST, "new.api.openai.com"), "openai/product"),
        (said("Azure", HOST, "*.openai.azure.com", how="pattern"), "azure/product"),
        (said("OpenAI", ENV, "OPENAI_API_KEY"), "openai/product"),
        (said("OpenAI", PACKAGE, "pkg:pypi/OpenAI"), "openai/product"),
        (said("Bing", Identifier.HOST_PATH, "www.bing.com/copilot"), "bing/product"),
    ],
)
def test_what_the_base_matches_is_known(stated: Stated, product: str) -> None:
    assert standings(stated) == [(Standing.KNOWN, product, "")]


@pytest.mark.parametrize(
    "stated",
    [
        said("Acme", HOST, "acme.example"),
        said("Acme", HOST, "*.acme.example", how="pattern"),
        said("Acme", ENV, "ACME_API_KEY"),
        said("Acme", PACKAGE, "pkg:npm/%40acme/sdk"),
        said("Acme", Identifier.BROWSER_EXT, "a" * 32),
        said("Acme", Identifier.SLACK_APP, "A0123456789"),
        said("Acme", Identifier.PORT, "11434"),
        said("Acme", Identifier.IDE_EXT, "acme.assistant"),
    ],
)
def test_what_the_base_does_not_match_is_new(stated: Stated) -> None:
    assert standings(stated) == [(Standing.NEW, "", "")]


def test_the_note_of_a_new_statement_is_kept() -> None:
    stated = said("Acme", ENV, "ACME_API_KEY", "seen in the quick start")
    assert standings(stated) == [(Standing.NEW, "", "seen in the quick start")]


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        (said("", ENV, "ACME_API_KEY"), "it names no vendor"),
        (Stated("Acme", "Acme", ENV, "", ""), "it names no value, no source"),
        (said("Acme", ENV, "GITHUB_TOKEN"), "GITHUB_TOKEN is generic: supporting at most"),
        (said("Acme", ENV, "ACME-KEY"), "'ACME-KEY' is not the name of an environment variable"),
        (
            said("Acme", HOST, "amazonaws.com"),
            "amazonaws.com belongs to a whole cloud or network; name the product's own hosts",
        ),
        (said("Acme", HOST, "co.uk"), "co.uk is a public suffix; names below it belong to anybody"),
        (said("Acme", HOST, "127.0.0.1"), "'127.0.0.1' is not a lower-case host name"),
        (said("Acme", HOST, "Acme.Example"), "'Acme.Example' is not a lower-case host name"),
        (
            said("Acme", HOST, "api.*.example", how="pattern"),
            "'api.*.example' leaves the registrable domain open",
        ),
        (said("Acme", PACKAGE, "acme"), "'acme' is not a package URL (pkg:type/name)"),
        (
            said("Acme", Identifier.BROWSER_EXT, "acme"),
            "'acme' is not an extension id (32 letters from a to p)",
        ),
        (said("Acme", Identifier.SLACK_APP, "acme"), "'acme' is not a Slack app id"),
        (said("Acme", Identifier.KEY_SHAPE, "sk-acme"), "the shape of a key is a pattern"),
        (
            said("Acme", Identifier.OAUTH, "Acme"),
            "an OAuth application is known by client id, tenant or domain; a name alone is none",
        ),
        (said("Acme", HOST, "cdn.acme.example", "shared with others"), "shared with others"),
        (said("Acme", HOST, "acme.example", "SUSPECT: a guess"), "SUSPECT: a guess"),
    ],
)
def test_what_cannot_be_a_signature_as_it_stands_is_doubtful(stated: Stated, why: str) -> None:
    assert standings(stated) == [(Standing.DOUBTFUL, "", why)]


def test_what_is_stated_twice_is_assessed_once() -> None:
    stated = said("Acme", ENV, "ACME_API_KEY")
    assert assess([stated, stated], a_matcher().match_value) == [
        Assessed(stated, Standing.NEW, "", "")
    ]


# what is proposed


def test_a_new_vendor_is_a_stub_with_its_near_misses() -> None:
    (made,) = proposed(
        said("Acme AI", HOST, "acme.example"),
        said("Acme AI", HOST, "eu-*.acme.example", how="pattern"),
        said("Acme AI", ENV, "ACME_API_KEY"),
        said("Acme AI", PACKAGE, "pkg:npm/%40acme/sdk"),
        said("Acme AI", Identifier.PORT, "11434"),
        said("Acme AI", ENV, "GITHUB_TOKEN"),
    )
    assert (
        write(made)
        == """\
schema: 1
id: acme-ai
name: Acme AI
kind: vendor
tier: stub
status: active
updated: 2026-11-21
products:
  - id: acme-ai
    name: Acme AI API
    category: model-api
    ai_nature: pure
    detections:
      - id: acme-ai.acme-ai.host
        channel: host
        suffix: [acme.example]
        evidence: use
        confidence: 60
        sources: ['https://list.example/']
        tests: {match: [acme.example], no_match: [notacme.example, acme.example.attacker.example]}
      - id: acme-ai.acme-ai.host.2
        channel: host
        pattern: [eu-*.acme.example]
        evidence: use
        confidence: 60
        sources: ['https://list.example/']
        tests:
          match: [eu-x.acme.example]
          no_match: [noteu-x.acme.example, eu-x.acme.example.attacker.example]
      - id: acme-ai.acme-ai.env
        channel: env
        exact: [ACME_API_KEY]
        evidence: build
        confidence: 60
        sources: ['https://list.example/']
        tests: {match: [ACME_API_KEY], no_match: [not-ACME_API_KEY]}
      - id: acme-ai.acme-ai.package
        channel: package
        purl: ['pkg:npm/%40acme/sdk']
        evidence: build
        confidence: 60
        sources: ['https://list.example/']
        tests: {match: ['pkg:npm/%40acme/sdk'], no_match: ['pkg:npm/%40acme/not-sdk']}
      - id: acme-ai.acme-ai.port
        channel: port
        exact: ['11434']
        evidence: supporting
        confidence: 30
        sources: ['https://list.example/']
        tests: {match: ['11434'], no_match: [not-11434]}
"""
    )


def test_a_vendor_is_known_again_by_an_identifier_whatever_it_is_called() -> None:
    (made,) = proposed(
        said("ChatGPT company", HOST, "api.openai.com"), said("ChatGPT company", ENV, "CHATGPT_KEY")
    )
    (product,) = made.products
    assert (made.id, made.updated, product.detections[:-1]) == (
        "openai", TODAY, OPENAI.products[0].detections
    )  # fmt: skip
    assert (product.detections[-1].exact, product.detections[-1].note) == (("CHATGPT_KEY",), None)


@pytest.mark.parametrize("name", ["OpenAI", "openai", "Open AI Inc"])
def test_a_vendor_known_by_its_name_or_alias_alone_is_a_hint(name: str) -> None:
    known = replace(OPENAI, aliases=("Open AI Inc",))
    (made,) = proposed(said(name, ENV, "CHATGPT_KEY"), vendors=(known,))
    assert (made.id, made.products[0].detections[-1].note) == (
        "openai", "the vendor was recognised by its name alone"
    )  # fmt: skip


def test_identifiers_of_two_vendors_tell_neither() -> None:
    (made,) = proposed(
        said("Gateway", HOST, "api.openai.com"),
        said("Gateway", HOST, "www.openai.azure.com"),
        said("Gateway", ENV, "GATEWAY_KEY"),
    )
    assert (made.id, len(made.products[0].detections)) == ("gateway", 1)


def test_a_name_is_a_hint_where_identifiers_tell_two_vendors() -> None:
    (made,) = proposed(
        said("OpenAI", HOST, "api.openai.com"),
        said("OpenAI", HOST, "www.openai.azure.com"),
        said("OpenAI", ENV, "CHATGPT_KEY"),
    )
    added = made.products[0].detections[-1]
    assert (made.id, added.note) == ("openai", "the vendor was recognised by its name alone")


def test_two_names_of_one_vendor_are_one_proposal() -> None:
    (made,) = proposed(
        said("OpenAI", ENV, "CHATGPT_KEY"),
        said("ChatGPT", HOST, "api.openai.com"),
        said("ChatGPT", ENV, "CHATGPT_TOKEN"),
    )
    assert [one.exact for one in made.products[0].detections[-2:]] == [
        ("CHATGPT_KEY",),
        ("CHATGPT_TOKEN",),
    ]


def test_what_is_known_or_doubtful_proposes_nothing() -> None:
    assert proposed(said("OpenAI", ENV, "OPENAI_API_KEY"), said("Acme", ENV, "TOKEN")) == []
    assert proposed() == []


def test_ids_that_are_taken_are_not_taken_again() -> None:
    known = vendor("acme", detection("acme.product.env", ENV, exact=("ACME_API_KEY",)))
    (made,) = proposed(said("Acme", ENV, "ACME_TOKEN"), vendors=(known,))
    assert [one.id for one in made.products[0].detections] == [
        "acme.product.env",
        "acme.product.env.2",
    ]


def test_proposals_come_by_id() -> None:
    stated = [said(name, ENV, f"{name.upper()}_KEY") for name in ("Zeta", "Acme", "Moon")]
    assert [one.id for one in proposed(*stated)] == ["acme", "moon", "zeta"]


def test_a_name_spelled_otherwise_never_replaces_a_known_vendor() -> None:
    known = replace(OPENAI, id="open-ai", name="Open AI")
    (made,) = proposed(said("Open.AI", HOST, "sora.example"), vendors=(known,))
    assert made.id != known.id or made.products[0].detections[:-1] == known.products[0].detections


@pytest.mark.parametrize("names", [("智谱", "通义千问"), ("Acme AI", "Acme-AI")])
def test_two_vendors_whose_names_make_one_id_both_stay(names: tuple[str, str]) -> None:
    one, other = names
    found = proposed(said(one, HOST, "one.example"), said(other, HOST, "two.example"))
    values = {
        host for made in found for each in made.products[0].detections for host in each.suffix
    }
    assert values == {"one.example", "two.example"}


def test_a_new_vendor_of_two_products_has_two() -> None:
    (made,) = proposed(
        Stated("Acme", "Acme Chat", HOST, "chat.acme.example", SOURCE),
        Stated("Acme", "Acme Draw", HOST, "draw.acme.example", SOURCE),
    )
    assert [product.name for product in made.products] == ["Acme Chat", "Acme Draw"]


def test_additions_go_to_the_product_that_the_source_means() -> None:
    known = replace(
        OPENAI,
        products=(
            replace(OPENAI.products[0], id="chatgpt", name="ChatGPT", aliases=("Chat GPT Plus",)),
            replace(
                vendor("x").products[0], id="sora", name="Sora Video", category=Category.IMAGE_VIDEO
            ),
        ),
    )
    stated = {
        "named": Stated("OpenAI", "Sora-Video", ENV, "NAMED", SOURCE),
        "alias": Stated("OpenAI", "chat gpt plus", ENV, "ALIAS", SOURCE),
        "id": Stated("OpenAI", "SORA", ENV, "ID", SOURCE),
        "pointed": Stated("OpenAI", "Playground", HOST, "api.openai.com", SOURCE),
        "pointing": Stated("OpenAI", "Playground", ENV, "POINTED", SOURCE),
        "alone": Stated("OpenAI", "OpenAI", ENV, "ALONE", SOURCE, category=Category.ASSISTANT),
        "new": Stated("OpenAI", "Codex", ENV, "NEW", SOURCE),
    }
    (made,) = proposed(*stated.values(), vendors=(known,))
    added = {
        product.id: [
            value for one in product.detections for value in one.exact if one.channel is ENV
        ]
        for product in made.products
    }
    assert added == {
        "chatgpt": ["OPENAI_API_KEY", "ALIAS", "POINTED", "ALONE"],
        "sora": ["NAMED", "ID"],
        "codex": ["NEW"],
    }


def test_a_value_of_several_sources_stands_once_with_all_of_them() -> None:
    elsewhere = said("Acme", HOST, "acme.example")._replace(source="https://other.example/")
    (made,) = proposed(
        said("Acme", HOST, "acme.example", how="exact"), elsewhere, said("Acme", HOST, "acme.test")
    )
    assert [(one.suffix, one.sources) for one in made.products[0].detections] == [
        (("acme.example",), (SOURCE, "https://other.example/")),
        (("acme.test",), (SOURCE,)),
    ]


def test_the_id_of_a_name_in_another_script_is_that_of_its_domain() -> None:
    found = proposed(
        said("智谱", HOST, "open.zhipu.cn"),
        said("通义千问", ENV, "QWEN_API_KEY"),
        said("Qwen API key", ENV, "ANOTHER_KEY"),
    )
    assert [(one.id, one.name) for one in found] == [
        ("qwen-api-key", "通义千问"),
        ("qwen-api-key-2", "Qwen API key"),
        ("zhipu-cn", "智谱"),
    ]


def test_a_name_of_two_known_vendors_tells_neither() -> None:
    both = tuple(replace(OPENAI, id=name, name="Gemini") for name in ("gemini", "gemini-2"))
    (made,) = propose(
        assess([said("Gemini", ENV, "GEMINI_X")], Matcher(()).match_value, both), both, TODAY
    )
    assert made.id == "gemini-3"


def test_a_retired_product_id_is_not_proposed_again() -> None:
    owner, _, product = retired()[0].product.partition("/")
    known = vendor(owner, detection("x.web", suffix=("x.example",)))
    stated = Stated(owner, product.replace("-", " "), ENV, "A_KEY", SOURCE)
    (made,) = proposed(stated, vendors=(known,))
    assert [one.id for one in made.products] == ["product", f"{product}-2"]


# what is doubtful beside other statements


def test_a_value_of_two_vendors_is_doubtful() -> None:
    stated = said("Acme", ENV, "SHARED_KEY"), said("Moon", ENV, "SHARED_KEY")
    why = "stated of Acme and of Moon"
    assert standings(*stated) == [(Standing.DOUBTFUL, "", why)] * 2


def test_a_pattern_that_takes_over_another_host_is_doubtful() -> None:
    known = vendor("acme", detection("acme.web", suffix=("api.acme.example",)))
    product = known.products[0]
    examples = replace(product.detections[0], tests=Examples(("api.acme.example",), ()))
    known = replace(known, products=(replace(product, detections=(examples,)),))
    stated = [
        said("Acme", HOST, "*.acme.example", how="pattern"),
        said("Moon", HOST, "*.moon.example", how="pattern"),
        said("Moon", HOST, "eu.moon.example"),
        said("Moon", HOST, "*.sun.example", how="pattern"),
        said("Moon", HOST, "eu.sun.example", how="exact"),
    ]
    found = assess(stated, Matcher((known,)).match_value, (known,))
    assert [one.why for one in found] == [
        "too wide: it also covers api.acme.example",
        "too wide: it also covers eu.moon.example",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("stated", "benign"),
    [
        (said("Acme", HOST, "liveperson.net"), "liveperson.net must match nothing (live chat on web sites)"),
        (said("Acme", HOST, "ai.monitor.azure.com"), "in.ai.monitor.azure.com must match nothing (Application Insights telemetry: ai is App Insights)"),
        (said("Acme", HOST, "browser-*.com", how="pattern"), "'browser-*.com' leaves the registrable domain open"),
        (said("Acme", HOST, "www.*.com", how="pattern"), "'www.*.com' leaves the registrable domain open"),
        (said("Acme", HOST, "fonts.*.googleapis.com", how="pattern"), ""),
        (said("Acme", HOST, "*.googleapis.com", how="pattern"), "fonts.googleapis.com must match nothing (web fonts)"),
        (said("Acme", HOST, "monitor.azure.com", how="exact"), ""),
    ],
)  # fmt: skip
def test_what_the_benign_list_names_is_doubtful(stated: Stated, benign: str) -> None:
    ((_, _, why),) = [
        (one.standing, one.product, one.why) for one in assess([stated], Matcher(()).match_value)
    ]
    assert why == benign


def test_what_does_not_speak_of_ai_counts_where_the_base_has_its_product() -> None:
    calendar = Stated("Google", "Calendar", HOST, "calendar.example", SOURCE, if_known=True)
    api = [
        Stated("OpenAI", "API", HOST, host, SOURCE, if_known=True)
        for host in ("api.openai.com", "api.openai.example")
    ]
    found = assess([calendar, *api], a_matcher().match_value)
    assert [(one.stated.value, one.standing) for one in found] == [
        ("api.openai.com", Standing.KNOWN),
        ("api.openai.example", Standing.NEW),
    ]


@pytest.mark.parametrize(
    ("channel", "values", "misses"),
    [
        (HOST, ("a.example", "b.example"), ("nota.example", "a.example.attacker.example")),
        (Identifier.EMAIL_SENDER, ("a.example",), ("nota.example", "a.example.attacker.example")),
        (Identifier.DNS_CNAME, ("a.example",), ("nota.example", "a.example.attacker.example")),
        (PACKAGE, ("pkg:pypi/acme",), ("pkg:pypi/not-acme",)),
        (PACKAGE, ("pkg:npm/%40acme",), ("pkg:npm/not-acme",)),
        (ENV, ("ACME_KEY",), ("not-ACME_KEY",)),
        (ENV, ("ACME_KEY", "not-ACME_KEY"), ("not-not-ACME_KEY",)),
        (HOST, ("a.example", "nota.example"), ("notnota.example", "a.example.attacker.example")),
        (HOST, ("*-api.a.example",), ("x-api.nota.example", "x-api.a.example.attacker.example")),
        (
            HOST,
            ("ai.{region}.a.example",),
            ("notai.us-east-1.a.example", "ai.us-east-1.a.example.attacker.example"),
        ),
        (
            Identifier.EMAIL_SENDER,
            ("bot@a.example",),
            ("bot@nota.example", "bot@a.example.attacker.example"),
        ),
        (Identifier.PROCESS, ("/opt/Acme",), ("not-acme",)),
    ],
)
def test_near_misses_are_the_errors_that_lists_make(
    channel: Identifier, values: tuple[str, ...], misses: tuple[str, ...]
) -> None:
    assert near_misses(channel, values) == misses


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Acme AI", "acme-ai"), ("  O'Reilly & Co. ", "o-reilly-co"), ("302.AI", "302-ai"), ("智谱", "unnamed"), ("Café Ünal", "cafe-unal"), ("a" * 99, "a" * 60), ("", "unnamed")],
)  # fmt: skip
def test_the_id_of_a_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug
