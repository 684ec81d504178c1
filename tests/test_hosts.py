"""Host names: one spelling for each, and the table of those that are wanted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.hosts import HostTable, fold, host_of_url, path_of_url, registrable_tail


@pytest.mark.parametrize(
    ("written", "host"),
    [
        (b"api.openai.com", "api.openai.com"),
        (b"ApI.OpEnAi.CoM.", "api.openai.com"),
        (b" api.openai.com ", "api.openai.com"),
        (b"api.openai.com:443", "api.openai.com"),
        (b"api.openai.com.:443", "api.openai.com"),
        (b"api.openai.com:", "api.openai.com"),
        (b"ana:pw@api.openai.com:443", "api.openai.com"),
        (b"random@example.com:443", "example.com"),
        (b"a@b@api.openai.com", "api.openai.com"),
        (b"10.0.0.7:443", "10.0.0.7"),
        (b"::1", "::1"),
        (b"[::1]:443", "::1"),
        (b"[2001:DB8::7]", "2001:db8::7"),
        (b"api%2Eopenai%2Ecom", "api.openai.com"),
        (b"b%C3%BCcher.example", "xn--bcher-kva.example"),
        ("bücher.example".encode(), "xn--bcher-kva.example"),
        ("BÜCHER.example.".encode(), "xn--bcher-kva.example"),
        (b"xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ｏｐｅｎａｉ.com".encode(), "openai.com"),
        (rb"b\195\188cher.example", "xn--bcher-kva.example"),
        (rb"b\xc3\xbccher.example", "xn--bcher-kva.example"),
        (rb"with\032space.example", "with space.example"),
        (rb"\(x\).example", "(x).example"),
        (b"_https._tcp.example.org", "_https._tcp.example.org"),
        (b".", "."),
        (b"", ""),
        (b"..", ""),
        (b"   ", ""),
    ],
)
def test_fold(written: bytes, host: str) -> None:
    assert fold(written) == host


def test_a_letter_of_another_script_is_another_name() -> None:
    assert fold("оpenai.com".encode()) == "xn--penai-iye.com"


@given(st.binary())
def test_nothing_that_a_log_writes_is_an_error(raw: bytes) -> None:
    host = fold(raw)
    assert host.encode("utf-8", "surrogatepass").strip() == host.encode("utf-8", "surrogatepass")
    assert not host.endswith(".") or host == "."


_label = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--")
)


@given(st.lists(_label, min_size=1, max_size=5).map(".".join))
def test_every_spelling_of_a_name_folds_to_it(host: str) -> None:
    spellings = (host, host.upper(), f"{host}.", f"{host}:443", f"ana:pw@{host}", f" {host}")
    assert {fold(spelling.encode()) for spelling in spellings} == {host}
    assert {fold(host_of_url(f"https://{spelling}/x".encode())) for spelling in spellings} == {host}


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        (b"https://api.openai.com/v1/models", b"api.openai.com", "/v1/models"),
        (b"https://api.openai.com/v1?key=secret", b"api.openai.com", "/v1"),
        (b"https://api.openai.com/v1;a=b#c", b"api.openai.com", "/v1"),
        (b"https://api.openai.com", b"api.openai.com", None),
        (b"https://api.openai.com/", b"api.openai.com", "/"),
        (b"https://api.openai.com?next=/secret", b"api.openai.com", None),
        (b"https://api.openai.com#/secret", b"api.openai.com", None),
        (b"api.openai.com:443", b"api.openai.com:443", None),
        (b"api.openai.com/v1", b"api.openai.com", "/v1"),
        (b"tunnel://api.openai.com:443/", b"api.openai.com:443", "/"),
        (b"https://ana:pw@api.openai.com/v1", b"ana:pw@api.openai.com", "/v1"),
        (b"https://example.org/?u=http://chatgpt.com/x", b"example.org", "/"),
        (b"example.org/?u=http://chatgpt.com/x", b"example.org", "/"),
        (b"example.org?u=http://chatgpt.com/x", b"example.org", None),
        (b"example.org/go/http://chatgpt.com/x", b"example.org", "/go/http://chatgpt.com/x"),
        (b"https://a.example/\xff", b"a.example", "/\\xff"),
        (b"", b"", None),
    ],
)
def test_s11_s12_s22_the_parts_of_a_url(url: bytes, host: bytes, path: str | None) -> None:
    assert (host_of_url(url), path_of_url(url)) == (host, path)


@given(
    st.sampled_from(["https://", "", "ssl://"]),
    st.sampled_from(["", "/", "/v1/models"]),
    st.sampled_from("?#"),
    st.text("/?#:@;=.ab"),
)
def test_a_path_never_holds_the_query(scheme: str, path: str, mark: str, query: str) -> None:
    url = f"{scheme}api.openai.com{path}{mark}{query}".encode()
    assert (host_of_url(url), path_of_url(url)) == (b"api.openai.com", path or None)


@pytest.mark.parametrize(
    ("host", "tail"),
    [
        ("a.b.openai.com", "openai.com"),
        ("openai.com", "openai.com"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_registrable_tail(host: str, tail: str) -> None:
    assert registrable_tail(host) == tail


def test_a_table_tells_wanted_unwanted_and_none() -> None:
    table = HostTable({"api.openai.com"}.__contains__)
    assert table[b"API.OpenAI.com."] == "api.openai.com"
    assert table["api.openai.com:443"] == "api.openai.com"
    assert table[b"www.example.org"] is None
    assert [table[raw] for raw in (b"", b"-", b"(empty)", b"null", "", "-", b"..")] == [""] * 7
    assert HostTable.of_every_host()[b"Anything.example"] == "anything.example"


def test_each_spelling_is_decided_once() -> None:
    asked: list[str] = []
    table = HostTable(lambda host: bool(asked.append(host)) or True)
    for raw in (b"a.example", b"a.example", b"A.example", b"a.example"):
        assert table[raw] == "a.example"
    assert asked == ["a.example", "a.example"]


def test_tails_refuse_most_names_without_asking() -> None:
    asked: list[str] = []
    table = HostTable(lambda host: bool(asked.append(host)) or True, tails=["openai.com"])
    assert table[b"www.example.org"] is None
    assert table[b"openai.com.evil.example"] is None
    assert table["localhost"] is None
    assert asked == []


@pytest.mark.parametrize(
    "raw",
    [
        b"openai.com",
        b"api.openai.com",
        b"API.OPENAI.COM.",
        b"api.openai.com:443",
        b"ana@api.openai.com",
        b"api%2Eopenai%2Ecom",
        b"api\\046openai\\046com",
        b" api.openai.com ",
        "ａｐｉ.openai.com".encode(),
    ],
)
def test_tails_never_refuse_a_spelling_of_a_wanted_name(raw: bytes) -> None:
    table = HostTable(lambda host: host.endswith("openai.com"), tails=["openai.com"])
    assert table[raw] in ("openai.com", "api.openai.com")


@given(st.binary(max_size=20).map(lambda raw: raw + b".openai.com"))
def test_tails_change_nothing_but_the_speed(raw: bytes) -> None:
    def wants(host: str) -> bool:
        return host.endswith("openai.com")

    assert HostTable(wants, ["openai.com"])[raw] == HostTable(wants)[raw]


def test_a_full_table_forgets_and_goes_on() -> None:
    table = HostTable(lambda host: host.startswith("a"), bound=20)
    for number in range(1000):
        assert table[b"a%d.example" % number] == f"a{number}.example"
        assert table[b"b%d.example" % number] is None
        assert table[b"-"] == ""
        assert len(table) <= 20
