"""What unknown AI looks like, and how sure several signs of it make."""

from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.hosts import fold
from scanner.model import Examples, Identifier, Shape, Signal
from scanner.shapes import Shapes, score
from tests.support import the_base, within


def shape(
    name: str,
    *patterns: str,
    channel: Identifier = Identifier.HOST,
    signal: Signal = Signal.NAME,
    suppresses: bool = False,
    keywords: tuple[str, ...] = (),
) -> Shape:
    """Return a shape of these patterns."""
    return Shape(
        id=name,
        channel=channel,
        signal=signal,
        meaning=f"it looks like {name}",
        confidence=50,
        pattern=patterns,
        sources=("https://example.org/",),
        tests=Examples((), ()),
        suppresses=suppresses,
        keywords=keywords,
    )


def ids(found: tuple[Shape, ...]) -> list[str]:
    """Return the ids of shapes."""
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("gptkey.com", ["name.gpt"]),
        ("llm.harbour.example", ["name.llm"]),
        ("copy-ai.com", ["name.ai-word"]),
        ("freewriterai.com", ["name.ai-craft"]),
        ("mychatbot.example", ["name.craft-generator"]),
        ("notely.ai", ["name.dot-ai"]),
        ("app.eu.notely.ai", ["name.dot-ai"]),
        ("chatgptwriter.ai", ["name.gpt", "name.dot-ai"]),
        ("www.example.org", []),
        ("dubai.ae", []),
        ("airbnb.de", []),
        ("google.com.ai", []),
        ("notely.ai.example.net", []),
        ("ai", []),
        ("203.0.113.7", []),
        ("", []),
    ],
)
def test_the_shipped_shapes_tell_hosts_by_their_names(host: str, found: list[str]) -> None:
    assert ids(the_base().shapes.of_host(host)) == found


@pytest.mark.parametrize(
    "host",
    [
        "sync.notely.ai",
        "us.match.notely.ai",
        "rtb2.chatgpt-ads.example",
        "pixel.llm.example",
        "delivrdsp.ai",
        "hybrid.ai",
    ],
)
def test_an_advertising_look_takes_away_what_the_name_says(host: str) -> None:
    assert ids(the_base().shapes.of_host(host)) == []


@pytest.mark.parametrize("host", ["syncing.ai", "adept.ai", "matching.ai", "trackers.ai"])
def test_a_word_that_only_begins_like_advertising_suppresses_nothing(host: str) -> None:
    assert ids(the_base().shapes.of_host(host)) == ["name.dot-ai"]


@pytest.mark.parametrize("host", ["smartbot.ai", "heartbeat.ai", "passport.ai", "mindspace.ai"])
def test_a_word_that_only_holds_the_letters_of_advertising_suppresses_nothing(host: str) -> None:
    assert "name.dot-ai" in ids(the_base().shapes.of_host(host))


def test_advertising_has_no_say_over_paths() -> None:
    assert ids(the_base().shapes.of_path("/sync/ads/v1/chat/completions")) == ["api-path.openai"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/chat/completions", ["api-path.openai"]),
        ("/v1/responses/resp_123", ["api-path.openai-responses"]),
        (
            "/openai/deployments/gpt-4o/chat/completions",
            ["api-path.openai"],
        ),
        ("/openai/deployments/gpt-4o/embeddings", ["api-path.azure-openai"]),
        ("/v1/messages", ["api-path.anthropic"]),
        ("/v1beta/models/gemini-2.5-pro:generateContent", ["api-path.gemini"]),
        ("/model/amazon.nova-pro-v1:0/converse", ["api-path.bedrock"]),
        ("/api/generate", ["api-path.ollama"]),
        ("/v2/models/resnet/infer", ["api-path.inference-server"]),
        ("/v2/rerank", ["api-path.other-model-api"]),
        ("/", []),
        ("/v1/chat/completions/help", []),
        ("/v1/chat/completions.html", []),
        ("/v1/orders", []),
        ("/docs/v1-chat-completions", []),
        ("", []),
        (None, []),
    ],
)
def test_the_shipped_shapes_tell_paths_by_their_ends(path: str | None, found: list[str]) -> None:
    assert ids(the_base().shapes.of_path(path)) == found


_SEGMENT = st.text("abcXYZ019-_.~%", min_size=1, max_size=12)
_PREFIX = st.lists(_SEGMENT, max_size=4).map(lambda parts: "".join(f"/{one}" for one in parts))


@given(prefix=_PREFIX)
def test_a_prefix_of_the_path_makes_no_difference(prefix: str) -> None:
    lost = [
        (one.id, path)
        for one in the_base().pack.shapes
        if one.channel is Identifier.HTTP_PATH
        for path in one.tests.match
        if one not in the_base().shapes.of_path(prefix + path)
    ]
    assert lost == []


@pytest.mark.parametrize(
    "before",
    ["", "http://gw.harbour.example", "https://10.0.0.9:8080/llm", "gw.harbour.example:443"],
)
@pytest.mark.parametrize(
    "after", ["", "?api-version=2024-10-21", "?q=/a/b?c=1", "#top", ";jsessionid=1", "?"]
)
def test_a_raw_url_is_one_of_an_api_whatever_stands_around_the_path(
    before: str, after: str
) -> None:
    shapes = the_base().shapes
    lost = [
        (one.id, path)
        for one in the_base().pack.shapes
        if one.channel is Identifier.HTTP_PATH
        for path in one.tests.match
        if not shapes.is_api_url(f"{before}{path}{after}".encode())
    ]
    assert lost == []


@pytest.mark.parametrize(
    "url",
    [
        b"",
        b"/",
        b"-",
        b"http://www.example.org/",
        b"https://shop.oak.example/v1/orders?page=2",
        b"https://shop.oak.example/v1/chat/completions/help?x=1",
        b"https://chat/completions.example/",
        b"v1/responses",
        b"/\xff\xfe/generate-",
    ],
)
def test_other_raw_urls_are_none_of_an_api(url: bytes) -> None:
    assert the_base().shapes.is_api_url(url) is False


_WORDS = st.sampled_from(
    [
        "ai",
        "gpt",
        "llm",
        "chat",
        "bot",
        "copy",
        "text",
        "to",
        "speech",
        "voice",
        "clon",
        "write",
        "diffusion",
        "copilot",
        "sync",
        "ads",
        "rtb2",
        "pixel",
        "dsp",
        "harbour",
        "x",
        "7",
        "-",
        "-",
    ]
)
_LABEL = st.lists(_WORDS, min_size=1, max_size=4).map("".join)
_TOP = st.sampled_from(["ai", "com", "io", "co.uk", "com.ai", "example"])
_HOST = st.builds(lambda labels, top: ".".join([*labels, top]), st.lists(_LABEL, max_size=3), _TOP)
_AS_LOGGED = st.sampled_from(
    [str.lower, str.upper, str.title, "{}.".format, "{}:443".format, "{}.:8443".format]
)


@given(host=_HOST, as_logged=_AS_LOGGED)
def test_every_name_of_interest_stands_out_as_logs_write_it(
    host: str, as_logged: Callable[[str], str]
) -> None:
    raw = as_logged(host).encode()
    shapes = the_base().shapes
    assert shapes.stands_out(raw) or shapes.of_host(fold(raw)) == ()


@given(host=_HOST, as_logged=_AS_LOGGED)
def test_the_table_of_hosts_wants_every_name_of_interest(
    host: str, as_logged: Callable[[str], str]
) -> None:
    base = the_base()
    raw = as_logged(host).encode()
    table = base.matcher.host_table(base.shapes)
    assert table[raw] == fold(raw) or base.shapes.of_host(fold(raw)) == ()


def test_names_of_no_interest_do_not_stand_out() -> None:
    hosts = [b"www.example.org", b"intranet", b"10.0.0.7", b"cdn.harbour.example:443", b""]
    assert [the_base().shapes.stands_out(host) for host in hosts] == [False] * 5


def test_an_enormous_host_is_judged_at_once() -> None:
    host = "voiceclon" * 1_000 + "!"
    with within(1):
        assert the_base().shapes.of_host(host) == ()


def test_an_enormous_url_is_judged_at_once() -> None:
    urls = [unit * 50_000 for unit in (b"/", b"/v1", b"/models/a", b"/model/a/", b"/v2/models/")]
    with within(5):
        assert [the_base().shapes.is_api_url(url) for url in urls] == [False] * 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Python SDK for Claude Code", ["text.says-ai"]),
        ("The AI-powered notebook", ["text.says-ai"]),
        ("a MODEL CONTEXT PROTOCOL server", ["text.says-ai"]),
        ("PyTorch implementation of TabNet", ["text.says-machine-learning"]),
        ("Machine learning with LLMs", ["text.says-ai", "text.says-machine-learning"]),
        ("email aid for mail clients", []),
        ("Fair queueing for agents of change", []),
        ("", []),
    ],
)
def test_the_shipped_shapes_tell_texts_by_a_part_of_them(text: str, found: list[str]) -> None:
    assert ids(the_base().shapes.of_text(text)) == found


def test_what_a_publisher_says_is_no_look_of_the_value_itself() -> None:
    says = shape("says", "(?i)agents?", channel=Identifier.PACKAGE, signal=Signal.PUBLISHER_TEXT)
    named = shape("named", "(?i)pkg:[a-z]+/.*agent.*", channel=Identifier.PACKAGE)
    shapes = Shapes([says, named])
    assert ids(shapes.signs(Identifier.PACKAGE, "pkg:pypi/agent-kit")) == ["named"]
    assert ids(shapes.of_text("a kit for agents")) == ["says"]


def test_hosts_are_compared_whole_paths_to_their_ends_and_texts_in_part() -> None:
    host = shape("host", "gpt")
    path = shape("path", "/gpt", channel=Identifier.HTTP_PATH, signal=Signal.API_PATH)
    text = shape("text", "gpt", channel=Identifier.PACKAGE, signal=Signal.PUBLISHER_TEXT)
    shapes = Shapes([host, path, text])
    for value, found in {
        "gpt": ["host", "text"],
        "/gpt": ["path", "text"],
        "/a/gpt": ["path", "text"],
        "/gpt/a": ["text"],
        "a.gpt": ["text"],
        "GPT": [],
    }.items():
        assert [one.id for one in (host, path, text) if shapes.has(one, value)] == found


def test_one_pattern_that_ignores_case_makes_its_shape_ignore_it() -> None:
    record = shape("record", "(?i)ai=[a-z]+", "llm=[a-z]+", channel=Identifier.DNS_TXT)
    shapes = Shapes([record])
    values = ["ai=x", "AI=X", "llm=x", "LLM=x", "xai=x", "ai=x y"]
    found = [bool(shapes.signs(Identifier.DNS_TXT, value)) for value in values]
    assert found == [True, True, True, True, False, False]


def test_one_suppressing_look_takes_all_others_away() -> None:
    look = [shape("a", ".*gpt.*"), shape("b", ".*llm.*"), shape("ads", "ads[.].*", suppresses=True)]
    for order in permutations(look):
        shapes = Shapes(order)
        assert sorted(ids(shapes.of_host("gpt-llm.example"))) == ["a", "b"]
        assert shapes.of_host("ads.gpt-llm.example") == ()
        assert shapes.of_host("ads.example") == ()


def test_a_shape_without_keywords_wants_every_name() -> None:
    shapes = Shapes([shape("a", ".*gpt.*", keywords=("gpt",)), shape("b", "[0-9]+[.]example")])
    assert shapes.stands_out(b"42.example")
    assert ids(shapes.of_host("42.example")) == ["b"]


def test_without_shapes_nothing_stands_out() -> None:
    shapes = Shapes([])
    assert not shapes.stands_out(b"chatgpt.ai")
    assert not shapes.is_api_url(b"/v1/chat/completions")
    assert shapes.of_host("chatgpt.ai") == shapes.of_path("/v1/messages") == ()
    assert shapes.of_text("AI") == shapes.signs(Identifier.PACKAGE, "pkg:pypi/llm") == ()


@pytest.mark.parametrize(
    ("signs", "sure"),
    [
        ([], 0),
        ([(Signal.NAME, 35)], 35),
        ([(Signal.NAME, 35), (Signal.NAME, 35)], 35),
        ([(Signal.NAME, 35), (Signal.NAME, 60)], 60),
        ([(Signal.NAME, 35), (Signal.API_PATH, 90)], 94),
        ([(Signal.NAME, 50), (Signal.API_PATH, 50), (Signal.TXT_SHAPE, 50)], 88),
        ([(Signal.NAME, 100), (Signal.API_PATH, 1)], 100),
    ],
)
def test_the_surest_of_each_signal_counts_and_signals_combine(
    signs: list[tuple[Signal, int]], sure: int
) -> None:
    assert score(signs) == sure


_SIGNS = st.lists(st.tuples(st.sampled_from(list(Signal)), st.integers(1, 100)), max_size=8)


@given(signs=_SIGNS, data=st.data())
def test_the_order_of_signs_does_not_matter(
    signs: list[tuple[Signal, int]], data: st.DataObject
) -> None:
    assert score(data.draw(st.permutations(signs))) == score(signs)


@given(signs=_SIGNS, more=st.tuples(st.sampled_from(list(Signal)), st.integers(1, 100)))
def test_a_further_sign_never_makes_less_sure(
    signs: list[tuple[Signal, int]], more: tuple[Signal, int]
) -> None:
    assert score(signs) <= score([*signs, more]) <= 100


@given(signs=_SIGNS)
def test_saying_it_again_makes_no_surer(signs: list[tuple[Signal, int]]) -> None:
    assert score(signs + signs) == score(signs)
