"""Which product a value speaks for."""

import re

import pytest

from scanner.matching import Matcher
from scanner.model import Channel, EvidenceKind, Identifier, Observation
from scanner.spelling import host_expression
from signatures import benign
from tests.support import AZURE, BING, OPENAI, a_matcher, detection, met, the_base, vendor


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("openai.com", "openai.web"),
        ("OPENAI.COM.", "openai.web"),
        ("chat.openai.com", "openai.web"),
        ("a.b.c.chatgpt.com", "openai.web"),
        ("api.openai.com", "openai.api"),
        ("api.openai.com:443", "openai.api"),
        ("eu.api.openai.com", "openai.web"),
        ("my-tenant.openai.azure.com", "azure.openai"),
        ("a.my-tenant.openai.azure.com", "azure.telemetry"),
        ("openai.azure.com", "azure.telemetry"),
        ("portal.azure.com", "azure.telemetry"),
        ("www.bing.com", None),
        ("com", None),
        ("", None),
        (".", None),
    ],
)
def test_exact_beats_pattern_and_pattern_beats_suffix(host: str, found: str | None) -> None:
    assert met(a_matcher(), host) == found


@pytest.mark.parametrize(
    "host",
    [
        "notopenai.com",
        "evilopenai.com",
        "openai.com.evil.example",
        "api-openai.com",
        "openai-com.example",
        "openai.co",
        "openai.com.cluster.local",
        "chatgpt.com.corp.example",
        "xn--penai-iye.com",
        "оpenai.com",  # a Cyrillic letter
        "openaicom",
        "openai..com",
        "my-tenant.openai.azure.com.evil.example",
        "x.openai.azure.community",
    ],
)
def test_s23_d13_d14_look_alikes_meet_nothing(host: str) -> None:
    assert met(a_matcher(), host) is None
    assert a_matcher().host_table()[host] is None


def test_the_longest_suffix_wins_whatever_the_order() -> None:
    short = vendor("short", detection("short", suffix=("example.com",)))
    long = vendor("long", detection("long", suffix=("ai.example.com",)))
    for vendors in ((short, long), (long, short)):
        assert met(Matcher(vendors), "x.ai.example.com") == "long"
        assert met(Matcher(vendors), "ai.example.com") == "long"
        assert met(Matcher(vendors), "x.example.com") == "short"
        assert met(Matcher(vendors), "xai.example.com") == "short"


def test_exact_and_pattern_beat_a_longer_suffix() -> None:
    suffix = detection("suffix", suffix=("a.ai.example.com", "b.ai.example.com"))
    exact = detection("exact", exact=("a.ai.example.com",))
    pattern = detection("pattern", pattern=("*.ai.example.com",))
    matcher = Matcher([vendor("x", suffix, pattern, exact)])
    assert met(matcher, "a.ai.example.com") == "exact"
    assert met(matcher, "b.ai.example.com") == "pattern"
    assert met(matcher, "x.b.ai.example.com") == "suffix"


@pytest.mark.parametrize(
    ("pattern", "host", "fits"),
    [
        ("*.openai.azure.com", "a.openai.azure.com", True),
        ("*.openai.azure.com", "a.b.openai.azure.com", False),
        ("*.openai.azure.com", "openai.azure.com", False),
        ("*.openai.azure.com", ".openai.azure.com", False),
        ("bedrock-runtime.*.amazonaws.com", "bedrock-runtime.us-east-1.amazonaws.com", True),
        ("bedrock-runtime.*.amazonaws.com", "bedrock-runtime.us-east-1.amazonaws.com.cn", False),
        ("*-aiplatform.googleapis.com", "europe-west4-aiplatform.googleapis.com", True),
        ("a.{region}.example.com", "a.eu-west-1.example.com", True),
        ("a.{region}.example.com", "a.*.example.com", True),  # a program fills it in
        ("a.{region}.example.com", "a.b.example.com", False),
        ("*-aiplatform.googleapis.com", "-aiplatform.googleapis.com", False),
        ("a.example.com", "aXexample.com", False),
    ],
)
def test_a_star_stays_inside_one_label(pattern: str, host: str, fits: bool) -> None:
    assert bool(re.fullmatch(host_expression(pattern), host)) is fits


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/copilot", "bing.copilot"),
        ("/copilot/x", "bing.copilot"),
        ("/copilots", None),
        ("/", None),
        ("/x/copilot", None),
        (None, None),
    ],
)
def test_a_path_is_met_at_its_segments(path: str | None, found: str | None) -> None:
    seen = Observation(Channel.PROXY, "www.bing.com", path=path)
    signature = a_matcher().match(seen)
    assert (signature.detection.id if signature else None) == found
    assert a_matcher().host_table()["www.bing.com"] == "www.bing.com"


def test_a_path_on_an_exact_host_is_not_met_below_it() -> None:
    assert a_matcher().match_host("x.www.bing.com", "/copilot") is None


def test_the_longest_path_wins_and_paths_beat_the_host() -> None:
    host = detection("host", exact=("example.com",))
    paths = [
        detection(name, Identifier.HOST_PATH, suffix=("example.com",), path=(path,))
        for name, path in (("short", "/ai"), ("long", "/ai/chat"))
    ]
    matcher = Matcher([vendor("x", host, *paths)])
    asked = ("/ai/chat/1", "/ai/x", "/", None)
    assert [
        signature.detection.id
        for path in asked
        if (signature := matcher.match_host("example.com", path))
    ] == [
        "long",
        "short",
        "host",
        "host",
    ]
    below = matcher.match_host("www.example.com", "/ai")
    assert below is not None
    assert below.detection.id == "short"


def test_later_vendors_win() -> None:
    own = vendor("own", detection("own.web", suffix=("openai.com",)))
    assert met(Matcher((OPENAI, own)), "www.openai.com") == "own.web"
    assert met(Matcher((own, OPENAI)), "www.openai.com") == "openai.web"


@pytest.mark.parametrize(
    ("channel", "value", "found"),
    [
        (Identifier.HOST_PATH, "www.bing.com/copilot/x", "bing.copilot"),
        (Identifier.PACKAGE, "pkg:pypi/openai", "openai.package"),
        (Identifier.PACKAGE, "pkg:pypi/OpenAI@1.2.3", "openai.package"),
        (Identifier.PACKAGE, "pkg:pypi/openai@1.2.3?extra=x#sub", "openai.package"),
        (Identifier.PACKAGE, "pkg:npm/openai@4.0.0", "openai.package"),
        (Identifier.PACKAGE, "pkg:pypi/openai-x", None),
        (Identifier.PACKAGE, "pkg:npm/%40openai/x", None),
        (Identifier.ENV, "OPENAI_API_KEY", "openai.env"),
        (Identifier.ENV, "openai_api_key", None),
        (Identifier.ENV, "MY_OPENAI_API_KEY", None),
        (Identifier.PORT, "11434", None),
    ],
)
def test_values_of_other_channels(channel: Identifier, value: str, found: str | None) -> None:
    signature = a_matcher().match_value(channel, value)
    assert (signature.detection.id if signature else None) == found


def test_packages_with_a_scope_are_told_apart_by_their_names() -> None:
    scoped = detection(
        "sdk", Identifier.PACKAGE, purl=("pkg:npm/@anthropic-ai/sdk", "pkg:npm/%40google/genai")
    )
    matcher = Matcher([vendor("x", scoped)])
    values = {
        "pkg:npm/@anthropic-ai/sdk": True,
        "pkg:npm/@anthropic-ai/sdk@0.1": True,
        "pkg:npm/%40google/genai@1.0": True,
        "pkg:npm/@types/node": False,
        "pkg:npm/@types/node@20": False,
        "pkg:npm/%40google/other": False,
    }
    assert {one: bool(matcher.match_value(Identifier.PACKAGE, one)) for one in values} == values


def test_names_of_pypi_are_compared_as_pypi_compares_them() -> None:
    matcher = Matcher(
        [vendor("x", detection("p", Identifier.PACKAGE, purl=("pkg:pypi/llama_index",)))]
    )
    for name in ("llama-index", "Llama.Index", "llama__index"):
        assert matcher.match_value(Identifier.PACKAGE, f"pkg:pypi/{name}@1")
    assert matcher.match_value(Identifier.PACKAGE, "pkg:npm/llama-index") is None


def test_an_oauth_application_is_known_by_strong_keys_alone() -> None:
    app = detection("app", Identifier.OAUTH, client_id=("ABC-1",), app_name=("ChatGPT",))
    matcher = Matcher([vendor("x", app)])
    assert matcher.match_value(Identifier.OAUTH, "client_id=abc-1; app_name=anything")
    assert matcher.match_value(Identifier.OAUTH, "client_id=evil;app_name=ChatGPT") is None
    assert matcher.match_value(Identifier.OAUTH, "app_name=ChatGPT") is None


def test_the_table_of_hosts_wants_what_the_matcher_meets() -> None:
    table = Matcher((OPENAI, AZURE, BING)).host_table()
    wanted = (
        "openai.com",
        "eu.api.openai.com",
        "x.openai.azure.com",
        "portal.azure.com",
        "www.bing.com",
    )
    assert [table[host.encode()] for host in wanted] == list(wanted)
    assert [table[host] for host in ("www.example.org", "bing.com")] == [None, None]


def test_the_table_wants_every_example_of_the_real_signatures() -> None:
    table = the_base().matcher.host_table()
    refused = [
        (found.detection.id, example)
        for one in the_base().pack.vendors
        for product in one.products
        for found in product.detections
        if found.channel is Identifier.HOST
        for example in found.tests.match
        if not table[example]
    ]
    assert refused == []


@pytest.mark.parametrize("trap", benign.rows(benign.BENIGN), ids=lambda row: row.value)
def test_what_trips_open_lists_matches_nothing(trap: benign.Row) -> None:
    assert the_base().matcher.match_value(trap.channel, trap.value) is None


def test_presence_and_support_create_no_system() -> None:
    assert {kind for kind in EvidenceKind if not kind.creates_system} == {
        EvidenceKind.PRESENCE,
        EvidenceKind.SUPPORTING,
    }


def test_a_pattern_that_leaves_the_domain_open_still_matches() -> None:
    matcher = Matcher([vendor("acme", detection("acme.host", pattern=("api.*.example",)))])
    table = matcher.host_table()
    assert table[b"api.acme.example"] == "api.acme.example"
    assert table[b"www.acme.example"] is None
