"""CSV with a header, read by the names of its fields."""

from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.csv_fields import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.LOG,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.NAME,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        line=2,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_record() -> None:
    reading = read(
        FORMAT,
        b"timestamp,client_ip,user,domain,action\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed\n",
    )
    assert reading.observations == [_seen()]
    assert reading.account == (1, {"header": 1}, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    text = (
        "Time,Source IP,User-Name,Dest Host,Device.Action\n"
        "2026-11-20 08:01:02+00:00,10.0.0.7,ana,api.openai.com,Permit\n"
    ).replace(",", delimiter)
    assert read(FORMAT, text.encode()).observations == [_seen()]


def test_a_web_proxys_export() -> None:
    text = (
        b"datetime,src_ip,username,method,url,status_code,bytes_sent,bytes_received\n"
        b"2026-11-20 08:01:02,10.0.0.7,ana,POST,https://api.openai.com/v1/responses?key=secret,200,18120,5120\n"
        b"2026-11-20 08:01:02,10.0.0.7,ana,CONNECT,api.openai.com:443,407,310,0\n"
    )
    assert read(FORMAT, text).observations == [
        _seen(
            channel=Channel.PROXY,
            kind=Sighting.HTTP_URL,
            bytes_up=18120,
            bytes_down=5120,
            path="/v1/responses",
            time_quality=TimeQuality.ASSUMED_ZONE,
            method="POST",
        ),
        _seen(
            channel=Channel.PROXY,
            kind=Sighting.HTTP_CONNECT,
            action=Action.CHALLENGED,
            bytes_up=310,
            bytes_down=0,
            line=3,
            time_quality=TimeQuality.ASSUMED_ZONE,
        ),
    ]


def test_a_resolvers_export() -> None:
    text = (
        b"time,client,query_name,query_type,rcode\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,API.OpenAI.com.,28 (AAAA),NXDOMAIN\n"
    )
    assert read(FORMAT, text).observations == [
        _seen(
            channel=Channel.DNS,
            kind=Sighting.DNS_QUERY,
            qtype="AAAA",
            action=Action.NXDOMAIN,
            user=None,
        )
    ]


def test_d5_blocked() -> None:
    text = b"timestamp,client_ip,user,domain,status\n2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,Blocked\n"
    assert read(FORMAT, text).observations == [_seen(action=Action.BLOCKED)]


def test_a_quoted_cell_may_hold_the_delimiter() -> None:
    text = (
        b"timestamp,client_ip,user,domain,action\n"
        b'2026-11-20T08:01:02Z, 10.0.0.7, "Baker, Tom", api.openai.com, allowed\n'
    )
    assert read(FORMAT, text).observations == [_seen(user="Baker, Tom")]


def test_s14_doubled_quotes_inside_a_url() -> None:
    text = (
        b"timestamp,client_ip,user,url,action\n"
        b'2026-11-20T08:01:02Z,10.0.0.7,ana,"https://api.openai.com/x?q={""a"":""b,c""}",allowed\n'
    )
    assert read(FORMAT, text).observations == [
        _seen(channel=Channel.PROXY, kind=Sighting.HTTP_URL, path="/x")
    ]


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("api.openai.com:443", "api.openai.com", None),  # S1
        ("tunnel://api.openai.com:443/", "api.openai.com", "/"),
        ("ssl://api.openai.com:443", "api.openai.com", None),
        ("tcp://api.openai.com:443/", "api.openai.com", "/"),
        ("https://api.openai.com:443", "api.openai.com", None),
        ("https://[::1]:443/x", "::1", "/x"),  # S2
        ("https://example.org/?u=http://chatgpt.com/", "example.org", "/"),  # S11
        ("example.org/?u=http://chatgpt.com/", "example.org", "/"),
        ("example.org?u=http://chatgpt.com/", "example.org", None),
        ("api.openai.com/v1", "api.openai.com", "/v1"),  # S12
        ("https://ana:pw@api.openai.com/v1", "api.openai.com", "/v1"),  # S22
        ("random@example.com:443", "example.com", None),
        ("https://b%C3%BCcher.example/", "xn--bcher-kva.example", "/"),  # S24
        ("https://api.openai.com?next=/secret", "api.openai.com", None),
        ("https://api.openai.com#a/secret", "api.openai.com", None),
    ],
)
def test_s1_s2_s11_s12_s22_s24_urls(url: str, host: str, path: str | None) -> None:
    text = f"timestamp,client_ip,user,url,action\n2026-11-20T08:01:02Z,10.0.0.7,ana,{url},allowed\n"
    assert read(FORMAT, text.encode()).observations == [
        _seen(value=host, channel=Channel.PROXY, kind=_kind_of(url), path=path)
    ]


def _kind_of(url: str) -> Sighting:
    """A bare host, with or without port, is what a tunnel is asked for, not a page."""
    return Sighting.HTTP_URL if "/" in url else Sighting.HTTP_CONNECT


def test_s13_the_url_beats_the_vendors_host_name() -> None:
    text = (
        b"timestamp,client_ip,user,hostname,url,action\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,proxy.corp.example,api.openai.com/v1,allowed\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,/v1,allowed\n"
    )
    expected = _seen(channel=Channel.PROXY, kind=Sighting.HTTP_URL, path="/v1")
    assert read(FORMAT, text).observations == [expected, expected._replace(line=3)]


@pytest.mark.parametrize(
    "digits", ["1795226310", "1795226310000", "1795226310000000", "1795226310000000000"]
)
def test_s15_seconds_milli_micro_and_nanoseconds(digits: str) -> None:
    text = f"eventtime,client_ip,user,domain,action\n{digits},10.0.0.7,ana,api.openai.com,allowed\n"
    assert read(FORMAT, text.encode()).observations == [_seen(ts=at("2026-11-21T01:58:30Z"))]


def test_d11_a_day_that_may_be_a_month_is_no_time() -> None:
    text = (
        b"time,client_ip,user,domain,action\n"
        b"20/11/2026 08:01:02,10.0.0.7,ana,api.openai.com,allowed\n"
        b"11/20/2026 8:01:02 AM,10.0.0.7,ana,api.openai.com,allowed\n"
        b"11/10/2026 08:01:02,10.0.0.7,ana,api.openai.com,allowed\n"
    )
    assumed = TimeQuality.ASSUMED_ZONE
    assert read(FORMAT, text).observations == [
        _seen(time_quality=assumed),
        _seen(time_quality=assumed, line=3),
        _seen(ts=None, time_quality=TimeQuality.NONE, line=4),
    ]


def test_the_zone_given_reads_local_times() -> None:
    text = b"time,client_ip,user,domain,action\n2026-11-20 09:01:02,10.0.0.7,ana,api.openai.com,allowed\n"
    assert read(FORMAT, text, zone=ZoneInfo("Europe/Berlin")).observations == [_seen()]


def test_s20_a_header_without_a_host_is_refused() -> None:
    reading = read(FORMAT, b"time,client_ip,path,status\n2026-11-20T08:01:02Z,10.0.0.7,/x,200\n")
    assert reading.observations == []
    assert reading.account == (0, {}, 2)


def test_s23_look_alikes_meet_no_signature() -> None:
    text = (
        b"timestamp,client_ip,user,domain,action\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,notopenai.com,allowed\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,openai.com.evil.example,allowed\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api-openai.com,allowed\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,OPENAI.COM.,allowed\n"
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", line=5)]
    assert reading.account == (4, {"header": 1}, 0)


def test_comments_blank_lines_and_repeated_headers_are_ignored() -> None:
    text = (
        b"# exported by example\n\ntimestamp,client_ip,user,domain,action\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed\n"
        b"timestamp,client_ip,user,domain,action\n\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(line=4)]
    assert reading.account == (1, {"comment": 1, "blank line": 2, "header": 2}, 0)


def test_f4_f5_rows_that_do_not_fit_are_rejected() -> None:
    text = (
        b"timestamp,client_ip,user,domain,action\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana\n"
        b'2026-11-20T08:01:02Z,10.0.0.7,"ana,api.openai.com,allowed\n'
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,-,allowed\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(line=4)]
    assert reading.account == (1, {"header": 1, "record without a host": 1}, 2)
    assert [one.reason for one in reading.tally.rejects] == [
        "3 columns where the header names 5",
        "a quote is not closed on its line",
    ]


@pytest.mark.parametrize("count", ["²", "9" * 5000, "-5", "1.5", "many"])
def test_a_count_that_is_none_costs_the_count_alone(count: str) -> None:
    text = f"timestamp,domain,bytes_sent\n2026-11-20T08:01:02Z,api.openai.com,{count}\n"
    assert read(FORMAT, text.encode()).observations == [
        _seen(client=None, user=None, action=Action.UNKNOWN)
    ]


def test_a_glance_at_the_host_changes_no_account() -> None:
    row = b"2026-11-20T08:01:02Z,10.0.0.7,ana,%s,allowed\n"
    text = (
        b"timestamp,client_ip,user,domain,action\n"
        + row % b"www.example.org"
        + row % b"-"
        + b"timestamp,client_ip,user,domain,action\n"
        + b"2026-11-20T08:01:02Z,www.example.org\n"
        + row % b'"www.example.org"'
        + row % b" api.openai.com "
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(line=7)]
    assert reading.account == (3, {"header": 2, "record without a host": 1}, 1)


def test_a_log_as_cloud_discovery_wants_it() -> None:
    text = (
        b"Date,Time,Source IP,Username,Destination IP,Destination URL,Uploaded bytes,Downloaded bytes,Action\n"
        b"11/20/2026,08:01:02,10.0.0.7,ana,203.0.113.7,https://claude.ai/chat,18120,5120,Allow\n"
    )
    seen = read(FORMAT, text).observations
    assert [(one.value, one.bytes_up, one.bytes_down, one.ts) for one in seen] == [
        ("claude.ai", 18120, 5120, at("2026-11-20T08:01:02Z"))
    ]


def test_sizes_as_kibana_writes_them() -> None:
    text = (
        b'"@timestamp","source.ip","url.domain","source.bytes"\n'
        b'"Nov 20, 2026 @ 08:01:02.123","10.0.0.7","claude.ai","1,024,000"\n'
    )
    assert [one.bytes_up for one in read(FORMAT, text).observations] == [1024000]


def test_times_as_the_portal_of_zscaler_writes_them() -> None:
    text = (
        b"Event Time,User,URL,Policy Action,Client IP\n"
        b'"Friday, November 20, 2026 8:01:02 PM GMT",ana,claude.ai/chat,Allowed,10.0.0.7\n'
    )
    seen = read(FORMAT, text).observations
    assert [(one.ts, one.time_quality) for one in seen] == [
        (at("2026-11-20T20:01:02Z"), TimeQuality.EXACT)
    ]
