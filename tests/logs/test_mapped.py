"""Logs whose columns or fields somebody told by what they mean."""

from __future__ import annotations

import pytest

from scanner.errors import UsageError
from scanner.logs import Format, Proof
from scanner.logs.formats.squid import FORMAT as SQUID
from scanner.logs.mapped import reader_of_map
from scanner.logs.meanings import Meanings
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.running import SHARED
from tests.support import Reading, at, read, within

_LAB = SHARED / "samples" / "logs" / "squid" / "lab-squid-native.log"
_SEEN = Observation(
    channel=Channel.PROXY,
    value="api.openai.com",
    ts=at("2026-11-20T08:01:02Z"),
    kind=Sighting.HTTP_CONNECT,
    client="10.0.0.7",
    user="ana",
    action=Action.ALLOWED,
    line=1,
    method=None,
)
_BY_COLUMN = "time=col1,client=col2,user=col3,method=col4,host=col5,action=col6"
_BY_NAME = "time=when,client=cip,user=login,method=verb,host=site.name,action=verdict"


def _read(
    mapped: str, text: bytes, kind: str | None = None, time_format: str | None = None
) -> Reading:
    reader = reader_of_map(mapped, Meanings(kind, time_format))
    return read(Format("x", "x", reader, 85, frozenset(Proof), "https://example.org/", b""), text)


@pytest.mark.parametrize(
    "line",
    [
        b"2026-11-20T08:01:02Z\t10.0.0.7\tana\tCONNECT\tapi.openai.com\tallowed",
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,CONNECT,api.openai.com,allowed",
        b'"2026-11-20T08:01:02Z", "10.0.0.7", "ana", "CONNECT", "api.openai.com:443", "allowed"',
        b"2026-11-20T08:01:02Z;10.0.0.7;ana;CONNECT;api.openai.com;allowed;more;and more",
        b"2026-11-20T08:01:02Z | 10.0.0.7:52344 | ana | CONNECT | API.OpenAI.com. | Allowed",
        b"2026-11-20T08:01:02Z 10.0.0.7   ana connect api.openai.com allowed",
        b'[20/Nov/2026:09:01:02 +0100] 10.0.0.7 "ana" CONNECT "api.openai.com:443" 200 "a, b; c | d"',
        b"1795161662 10.0.0.7 ana CONNECT api.openai.com allowed",
    ],
)
def test_columns_by_whatever_delimits_them(line: bytes) -> None:
    assert _read(_BY_COLUMN, line).observations == [_SEEN]


@pytest.mark.parametrize(
    "text",
    [
        b'{"when":"2026-11-20T08:01:02Z","cip":"10.0.0.7","login":"ana","verb":"CONNECT","site":{"name":"api.openai.com"},"verdict":"allowed"}',
        b'{"when":1795161662,"cip":"10.0.0.7","login":"ana","verb":"CONNECT","site.name":"api.openai.com","verdict":"allowed"}',
        b"when=2026-11-20T08:01:02Z cip=10.0.0.7 login=ana verb=CONNECT site.name=api.openai.com verdict=allowed",
        b'when:"2026-11-20T08:01:02Z"; cip:"10.0.0.7"; login:"ana"; verb:"CONNECT"; site.name:"api.openai.com"; verdict:"allowed"',
    ],
)
def test_names_as_json_and_as_pairs(text: bytes) -> None:
    assert _read(_BY_NAME, text).observations == [_SEEN]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_names_of_a_header(delimiter: str) -> None:
    header = ("x", "verdict", "site.name", "verb", "login", "cip", "when")
    row = ("", "allowed", "api.openai.com", "CONNECT", '"ana"', "10.0.0.7", "2026-11-20T08:01:02Z")
    text = "\n".join(delimiter.join(cells) for cells in (header, row, header, row[:-1])) + "\n"
    reading = _read(_BY_NAME, text.encode())
    assert reading.observations == [_SEEN._replace(line=2)]
    assert reading.account == (1, {"header": 2}, 1)
    assert [one.reason for one in reading.tally.rejects] == [
        "not the 7 columns that the header names"
    ]


def test_names_of_a_w3c_header_that_changes_on_the_way() -> None:
    text = (
        b"#Software: Some Proxy\n#Fields: when cip site.name verb login verdict\n"
        b"2026-11-20T08:01:02Z 10.0.0.7 api.openai.com CONNECT ana allowed\n"
        b"#Fields: cip when login site.name verdict verb\n"
        b"10.0.0.7 2026-11-20T08:01:02Z ana api.openai.com allowed CONNECT\n"
    )
    reading = _read(_BY_NAME, text)
    assert reading.observations == [_SEEN._replace(line=3), _SEEN._replace(line=5)]
    assert reading.account == (2, {"comment": 1, "header": 2}, 0)


_ZSCALER = (
    b'"Fri Nov 20 08:01:02 2026","ana@corp.example","HTTPS","api.openai.com/v1/chat/completions?q=1","Allowed","OpenAI","AI and ML Applications","1842","3120","POST","200","Road Warrior","10.0.0.7","203.0.113.7","curl/8.4, ""x"""\n'
    b'"Fri Nov 20 08:01:03 2026","Tom Baker","SSL","chat.deepseek.com:443","Blocked","DeepSeek","AI and ML Applications","0","0","CONNECT","403","Headquarters","10.0.0.8","203.0.113.8","None"\n'
    b'"Fri Nov 20 08:01:04 2026","None","DNSOVERHTTPS","None","Allowed","None","Other","0","0","NA","NA","Headquarters","10.0.0.9","203.0.113.9","None"\n'
)


def test_a_zscaler_feed_of_values_alone() -> None:
    mapped = "time=col1,user=col2,url=col4,action=col5,bytes_up=col8,bytes_down=col9,method=col10,status=col11,client=col13"
    reading = _read(mapped, _ZSCALER)
    assert reading.observations == [
        Observation(
            channel=Channel.PROXY,
            value="api.openai.com",
            ts=at("2026-11-20T08:01:02Z"),
            kind=Sighting.HTTP_URL,
            client="10.0.0.7",
            user="ana@corp.example",
            action=Action.ALLOWED,
            bytes_up=1842,
            bytes_down=3120,
            path="/v1/chat/completions",
            line=1,
            time_quality=TimeQuality.ASSUMED_ZONE,
            method="POST",
        ),
        Observation(
            channel=Channel.PROXY,
            value="chat.deepseek.com",
            ts=at("2026-11-20T08:01:03Z"),
            kind=Sighting.HTTP_CONNECT,
            client="10.0.0.8",
            user="Tom Baker",
            action=Action.BLOCKED,
            bytes_up=0,
            bytes_down=0,
            line=2,
            time_quality=TimeQuality.ASSUMED_ZONE,
        ),
    ]
    assert reading.account == (2, {"record without a host": 1}, 0)


@pytest.mark.parametrize(
    ("mapped", "line", "kind", "expected"),
    [
        ("host=col1", b"api.openai.com", None, (Channel.LOG, Sighting.NAME)),
        ("host=col1", b"api.openai.com", "dns", (Channel.DNS, Sighting.DNS_QUERY)),
        ("host=col1", b"api.openai.com", "tls", (Channel.TLS, Sighting.TLS_SNI)),
        ("host=col1", b"api.openai.com", "proxy", (Channel.PROXY, Sighting.HTTP_URL)),
        ("host=col1", b"api.openai.com", "connect", (Channel.PROXY, Sighting.HTTP_CONNECT)),
        ("host=col1,qtype=col2", b"api.openai.com AAAA", None, (Channel.DNS, Sighting.DNS_QUERY)),
        ("host=col1,method=col2", b"api.openai.com GET", None, (Channel.PROXY, Sighting.HTTP_URL)),
        ("host=col1,method=col2", b"api.openai.com CONNECT", "tls", (Channel.PROXY, Sighting.HTTP_CONNECT)),
        ("url=col1", b"https://api.openai.com/v1?x=1", "tls", (Channel.PROXY, Sighting.HTTP_URL)),
        ("url=col1", b"api.openai.com:443", None, (Channel.PROXY, Sighting.HTTP_CONNECT)),
        ("url=col1", b"tunnel://api.openai.com:443/", None, (Channel.PROXY, Sighting.HTTP_CONNECT)),
    ],
)  # fmt: skip
def test_what_a_record_shows(
    mapped: str, line: bytes, kind: str | None, expected: tuple[Channel, Sighting]
) -> None:
    (seen,) = _read(mapped, line, kind).observations
    assert (seen.channel, seen.kind) == expected
    assert seen.value == "api.openai.com"


@pytest.mark.parametrize(
    ("url", "host", "value", "path"),
    [
        ("/v1/models?x=1", "api.openai.com", "api.openai.com", "/v1/models"),
        ("http://chatgpt.com/x", "gw.corp.example", "chatgpt.com", "/x"),
        ("203.0.113.7:443", "api.openai.com", "api.openai.com", None),
        ("-", "api.openai.com", "api.openai.com", None),
        ("user:pw@api.openai.com:443", "-", "api.openai.com", None),
        ("[2001:db8::1]:443", "-", "2001:db8::1", None),
        ("http://example.org/?u=http://chatgpt.com/", "-", "example.org", "/"),
        ("http://bücher.example/x", "-", "xn--bcher-kva.example", "/x"),
    ],
)
def test_a_url_and_a_host(url: str, host: str, value: str, path: str | None) -> None:
    seen = _read("url=col1,host=col2", f"{url}\t{host}".encode()).observations
    assert [(one.value, one.path) for one in seen] == [(value, path)]


@pytest.mark.parametrize(
    ("mapped", "line", "kind", "action"),
    [
        ("host=col1,action=col2", b"a.example denied", None, Action.BLOCKED),
        ("host=col1,action=col2", b"a.example TCP_DENIED/403", None, Action.BLOCKED),
        ("host=col1,action=col2", b"a.example 407", "connect", Action.CHALLENGED),
        ("host=col1,status=col2", b"a.example 403", "connect", Action.BLOCKED),
        ("host=col1,status=col2", b"a.example 200", "proxy", Action.ALLOWED),
        ("host=col1,status=col2", b"a.example NXDOMAIN", "dns", Action.NXDOMAIN),
        ("host=col1,status=col2", b"a.example 3", "dns", Action.NXDOMAIN),
        ("host=col1,status=col2", b"a.example 0", "dns", Action.ALLOWED),
        ("host=col1,status=col2,action=col3", b"a.example 200 block", None, Action.BLOCKED),
        ("host=col1,action=col2", b"a.example whatever", None, Action.UNKNOWN),
    ],
)
def test_what_became_of_it(mapped: str, line: bytes, kind: str | None, action: Action) -> None:
    assert [one.action for one in _read(mapped, line, kind).observations] == [action]


@pytest.mark.parametrize(
    ("time_format", "written", "when", "quality"),
    [
        (None, "02/07/2026 08:01:02", None, TimeQuality.NONE),
        ("%d/%m/%Y %H:%M:%S", "02/07/2026 08:01:02", at("2026-07-02T08:01:02Z"), TimeQuality.ASSUMED_ZONE),
        ("%m/%d/%Y %H:%M:%S", "02/07/2026 08:01:02", at("2026-02-07T08:01:02Z"), TimeQuality.ASSUMED_ZONE),
        ("%Y%m%d-%H%M%S%z", "20260207-080102+0200", at("2026-02-07T06:01:02Z"), TimeQuality.EXACT),
        ("%d.%m. %H:%M:%S", "29.2. 08:01:02", None, TimeQuality.NONE),
        ("%d.%m. %H:%M:%S", "30.12. 08:01:02", at("2025-12-30T08:01:02Z"), TimeQuality.ASSUMED_YEAR),
        ("%d.%m.%Y", "yesterday", None, TimeQuality.NONE),
    ],
)  # fmt: skip
def test_times_are_read_as_the_user_says(
    time_format: str | None, written: str, when: object, quality: TimeQuality
) -> None:
    text = f"{written}\tapi.openai.com".encode()
    seen = _read("time=col1,host=col2", text, time_format=time_format).observations
    assert [(one.ts, one.time_quality) for one in seen] == [(when, quality)]


def test_records_without_a_host_are_ignored_and_other_lines_refused() -> None:
    text = (
        b"#a comment\n\n"
        b"2026-11-20T08:01:02Z 10.0.0.7 ana GET - allowed\n"
        b"2026-11-20T08:01:02Z 10.0.0.7 ana GET intranet allowed\n"
        b"Dear diary, today I learned about the weather.\n"
        b"2026-11-20T08:01:02Z 10.0.0.7\n"
        b"when who name verb site what\n"
    )
    reading = _read(_BY_COLUMN, text)
    assert [one.value for one in reading.observations] == ["intranet"]
    assert reading.account == (
        1,
        {"comment": 1, "blank line": 1, "record without a host": 1},
        3,
    )


def test_records_of_other_shapes_beside_those_with_the_names() -> None:
    text = (
        b'{"site":{"name":"api.openai.com"}}\n{"site":{"name":"-"}}\n{"other":1}\n'
        b'{"site":"cut\nlevel=info login=ana\nlevel=info msg=started\n'
    )
    reading = _read(_BY_NAME, text)
    assert [one.value for one in reading.observations] == ["api.openai.com"]
    assert reading.account == (1, {"record without a host field": 3}, 2)


@pytest.mark.parametrize(
    ("mapped", "said"),
    [
        ("hots=col1", "'hots' is no meaning; there are host, url, client, user, time, action, status, method, bytes_up, bytes_down, qtype, process"),
        ("client=col1", "nothing in it is the host or url that was asked for"),
        ("", "nothing in it is the host or url that was asked for"),
        ("host", "'host' is not like host=col7 or host=ClientURL"),
        ("host=", "'host=' is not like host=col7 or host=ClientURL"),
        ("host=col1,host=col2", "host is mapped twice"),
        ("host=col1,client=cip", "give columns (col7) or names (ClientURL), not both"),
    ],
)  # fmt: skip
def test_maps_that_say_nothing(mapped: str, said: str) -> None:
    with pytest.raises(UsageError, match="the map: ") as raised:
        reader_of_map(mapped)
    assert said in str(raised.value)


@pytest.mark.parametrize("mapped", [_BY_COLUMN, _BY_NAME])
@pytest.mark.parametrize(
    "filling", [b"a", b'"', b"[", b"{", b",", b"a ", b"=", b"a=", b'\\"', b"."]
)
def test_f10_an_enormous_line_is_read_in_a_moment(mapped: str, filling: bytes) -> None:
    with within(10):
        reading = _read(mapped, filling * (1_000_000 // len(filling)))
    assert reading.account[0] == 0


@pytest.mark.skipif(not _LAB.is_file(), reason="needs the laboratory's logs")
def test_the_squid_log_of_the_laboratory_by_its_columns() -> None:
    """The columns say what Squid's own format says, but of lines that are no requests."""
    text = _LAB.read_bytes()
    by_format = {one.line: (one.value, one.client) for one in read(SQUID, text).observations}
    mapped = _read("time=col1,client=col3,method=col6,url=col7", text).observations
    by_columns = {one.line: (one.value, one.client) for one in mapped}
    assert len(by_columns) > 30
    assert by_columns == {line: by_format[line] for line in by_columns}
