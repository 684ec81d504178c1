"""Cisco Umbrella's web log, read."""

import csv
import io
from zoneinfo import ZoneInfo

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.umbrella_proxy import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_CELLS = [
    "2026-11-20 08:01:02",
    "LAP-7",
    "10.0.0.7",
    "203.0.113.7",
    "203.0.113.9",
    "text/html",
    "ALLOWED",
    "https://claude.ai/new?key=secret",
    "https://www.example.org/",
    "Mozilla/5.0",
    "200",
    "562",
    "1489",
    "1200",
    "",
    "Generative AI,Application",
    "",
    "",
    "",
    "",
    "",
    "Roaming Computers",
    "",
    "LAP-7,ana",
    "Roaming Computers,AD Users",
    "POST",
    "",
    "",
    "new",
    "13671956",
    "",
    "",
    "",
    "",
    "",
    "",
    "SWA",
    "",
    "",
    "",
    "swg-1.example",
    "ATL1",
    "true",
    "claude.ai",
    "false",
    "false",
    "",
    "",
    "2204063",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
]


def _line(columns: int = 56, **changed: str) -> bytes:
    """Return a record; a change is named c5 for column 5, from 0."""
    cells = list(_CELLS)
    for name, cell in changed.items():
        cells[int(name[1:])] = cell
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells[:columns])
    return text.getvalue().encode()


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="claude.ai",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        bytes_up=562,
        bytes_down=1489,
        path="/new",
        line=1,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("columns", [26, 32, 35, 36, 49, 56])
def test_d17_columns_by_version(columns: int) -> None:
    seen = read(FORMAT, _line(columns), zone=ZoneInfo("Asia/Tokyo")).observations
    assert seen == [_seen()]


def test_d17_the_first_version_names_neither_method_nor_types() -> None:
    assert read(FORMAT, _line(22)).observations == [_seen(user=None, method=None)]


def test_a_blank_after_a_comma() -> None:
    text = _line().replace(b'"203.0.113.7","', b'"203.0.113.7", "')
    assert read(FORMAT, text).observations == [_seen()]


def test_a_header_says_nothing_new() -> None:
    names = '"Timestamp","Policy Identity Label","Internal Client IP","Policy Identity Type"\n'
    reading = read(FORMAT, names.encode() + _line())
    assert reading.observations == [_seen(line=2)]
    assert reading.account == (1, {"header": 1}, 0)


@pytest.mark.parametrize(
    ("said", "status", "action"),
    [
        ("ALLOWED", "200", Action.ALLOWED),
        ("BLOCKED", "403", Action.BLOCKED),
        ("BLOCKED", "200", Action.BLOCKED),
        ("ALLOWED", "407", Action.CHALLENGED),
        ("ALLOWED", "502", Action.ERROR),
        ("PROXIED", "", Action.ALLOWED),
        ("Blocked", "", Action.BLOCKED),
    ],
)
def test_what_became_of_a_request(said: str, status: str, action: Action) -> None:
    assert read(FORMAT, _line(c6=said, c10=status)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("url", "method", "seen"),
    [
        ("https://claude.ai:443", "CONNECT", _seen(kind=Sighting.HTTP_CONNECT, path=None)),
        ("claude.ai:443", "CONNECT", _seen(kind=Sighting.HTTP_CONNECT, path=None)),
        ("ssl://claude.ai:443", "", _seen(kind=Sighting.HTTP_CONNECT, path=None)),
        ("https://[::1]:443/x", "GET", _seen(value="::1", path="/x", method="GET")),
        ("claude.ai/new", "GET", _seen(method="GET")),
        ("https://u:p@claude.ai/new", "GET", _seen(method="GET")),
        ('https://claude.ai/new?q={"a":"b, c"}', "GET", _seen(method="GET")),
    ],
)
def test_s1_s2_s12_s14_s22_urls(url: str, method: str, seen: Observation) -> None:
    is_tunnel = seen.kind is Sighting.HTTP_CONNECT
    expected = seen._replace(method=None) if is_tunnel else seen
    assert read(FORMAT, _line(c7=url, c25=method)).observations == [expected]


def test_s11_neither_a_parameter_nor_the_referer_is_the_host() -> None:
    text = _line(c7="https://example.org/?u=https://chatgpt.com/", c8="https://chatgpt.com/")
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == []
    assert reading.account == (1, {}, 0)


def test_a_post_to_an_unknown_model_api_is_wanted() -> None:
    hosts = HostTable(lambda _: False, is_api_url=lambda url: b"/v1/chat/completions" in url)
    text = _line(c7="https://llm.corp.example/v1/chat/completions")
    assert read(FORMAT, text, hosts=hosts).observations == [
        _seen(value="llm.corp.example", path="/v1/chat/completions")
    ]


def test_sizes_that_are_none() -> None:
    assert read(FORMAT, _line(c11="", c12="many")).observations == [
        _seen(bytes_up=None, bytes_down=None)
    ]


def test_a_network_is_no_user_and_a_machine_may_be_the_client() -> None:
    text = _line(c2="", c23="LAP-7", c24="Roaming Computers") + _line(
        c1="Site One", c2="", c21="Sites", c23="Site One", c24="Sites"
    )
    assert [(one.client, one.user) for one in read(FORMAT, text).observations] == [
        ("LAP-7", None),
        ("203.0.113.7", None),
    ]


def test_a_record_without_a_url_is_ignored() -> None:
    assert read(FORMAT, _line(c7="")).account == (0, {"record without a host": 1}, 0)


@pytest.mark.parametrize(
    "line",
    [
        _line(c28='new\n"file').split(b"\n")[0],  # a line break in a file's name
        _line(21),
        _line(c6="1 (A)"),
        _line(c0="2026-11-20"),
        b'"2026-11-20 08:01:02","ana","ana","10.0.0.7","203.0.113.7","Allowed","1 (A)","NOERROR","a.example.","Chat"',
        b"GET https://claude.ai/new",
    ],
)
def test_f4_f5_damaged_lines_and_those_of_others_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _line() + line.strip() + b"\n" + _line())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_a_quote_inside_a_cell_does_not_make_another_host() -> None:
    line = ",".join(f'"{cell}"' for cell in _CELLS).encode()
    for damaged in (line.replace(b"//claude", b'//c"aude'), line.replace(b"//cl", b'//c"')):
        both = damaged.replace(b"562", b'56"')  # quotes that are even in number
        for one in (damaged, both):
            seen, tally = read(FORMAT, one)
            assert (seen, tally.rejected) == ([], 1)
