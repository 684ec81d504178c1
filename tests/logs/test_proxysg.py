"""The pairs and the JSON of Symantec's (Blue Coat's) proxies, read."""

import json
from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.proxysg import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_JSON = {
    "c-ip": "10.0.0.7",
    "cs(referer)": "https://claude.ai/",
    "cs-auth-groups": ["Group1", "Group2"],
    "cs-bytes": 18120,
    "cs-host": "api.openai.com",
    "cs-method": "POST",
    "cs-uri-path": "/v1/responses",
    "cs-uri-port": 443,
    "cs-uri-query": "key=secret",
    "cs-uri-scheme": "https",
    "cs-userdn": "ana",
    "date": "2026-11-20",
    "s-action": "TCP_NC_MISS",
    "s-computername": "PROXY01",
    "sc-bytes": 5120,
    "sc-filter-result": "OBSERVED",
    "sc-status": 200,
    "time": "08:01:02",
    "x-bluecoat-appliance-name": "PROXY01",
    "x-dns-cs-dns": "-",
}


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        bytes_up=18120,
        bytes_down=5120,
        path="/v1/responses",
        line=1,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


_TUNNEL = {"kind": Sighting.HTTP_CONNECT, "path": None, "method": None}


def _json(**changed: object) -> bytes:
    changes = {name.replace("_", "-"): value for name, value in changed.items()}
    return json.dumps({**_JSON, **changes}).encode() + b"\n"


def _pairs(head: str = "2026-11-20T08:01:02PROXY01.CORP.EXAMPLE", **changed: str) -> bytes:
    usual = {
        "c-ip": "10.0.0.7",
        "rs-Content-Type": '"-" ',
        "cs-bytes": "18120",
        "cs-categories": '"Technology/Internet, Generative AI"',
        "cs-host": "api.openai.com",
        "cs-ip": "203.0.113.1",
        "cs-method": "POST",
        "cs-uri-port": "443",
        "cs-uri-scheme": "https",
        "cs-username": "ana",
        "s-action": "TCP_NC_MISS",
        "sc-bytes": "5120",
        "sc-filter-result": "OBSERVED",
        "sc-status": "200",
        "c-url": '"https://api.openai.com/v1/responses?key=secret"',
        "cs-Referer": '"https://claude.ai/"',
        "cs-uri-path": "/v1/responses",
        "x-rs-certificate-hostname": "-",
    }
    changes = {name.replace("_", "-"): value for name, value in changed.items()}
    written = " ".join(f"{name}={value}" for name, value in {**usual, **changes}.items())
    return f"{head} bluecoat - access_log - {written}\n".encode()


def test_json() -> None:
    assert read(FORMAT, _json()).observations == [_seen()]


def test_s16_pairs_after_a_time_that_the_proxys_name_is_glued_to() -> None:
    assert read(FORMAT, _pairs(), zone=ZoneInfo("Asia/Tokyo")).observations == [_seen()]


@pytest.mark.parametrize(
    ("head", "quality"),
    [
        ("<111>1 2026-11-20T08:01:02PROXY01", TimeQuality.EXACT),
        ("<111>1 2026-11-20T08:01:02 PROXY01", TimeQuality.EXACT),
        ("<111>1 2026-11-20T08:01:02Z PROXY01", TimeQuality.EXACT),
        ("2026-11-20T09:01:02+01:00 PROXY01", TimeQuality.EXACT),
        ("<111>Nov 20 08:01:02 PROXY01", TimeQuality.ASSUMED_YEAR),
    ],
)
def test_times_before_the_pairs(head: str, quality: TimeQuality) -> None:
    assert read(FORMAT, _pairs(head)).observations == [_seen(time_quality=quality)]


def test_json_with_a_time_of_the_epoch_or_none() -> None:
    text = _json(date="-", x_timestamp_unix=1795161662) + _json(date=None)
    assert read(FORMAT, text).observations == [
        _seen(),
        _seen(ts=None, time_quality=TimeQuality.NONE, line=2),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"cs_method": "CONNECT", "cs_uri_scheme": "tcp", "cs_uri_path": "/"},
        {"cs_method": "unknown", "cs_uri_scheme": "ssl", "cs_uri_path": "/"},
        {"cs_method": "-", "cs_uri_path": "-", "c_url": '"ssl://api.openai.com:443/"', "cs_uri_scheme": "-"},
        {"cs_host": "-", "c_url": '"tcp://api.openai.com:443/"', "cs_method": "CONNECT"},
    ],
)  # fmt: skip
def test_s1_tunnels(changed: dict[str, str]) -> None:
    assert read(FORMAT, _pairs(**changed)).observations == [_seen(**_TUNNEL)]


def test_s1_tunnels_in_json() -> None:
    assert read(FORMAT, _json(cs_uri_scheme="ssl")).observations == [_seen(**_TUNNEL)]


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"sc_filter_result": "DENIED", "sc_status": "403"}, Action.BLOCKED),
        ({"s_action": "TCP_DENIED", "sc_filter_result": "-"}, Action.BLOCKED),
        ({"sc_filter_result": "DENIED", "sc_status": "407"}, Action.CHALLENGED),
        ({"sc_status": "503"}, Action.ERROR),
        ({"sc_filter_result": "PROXIED"}, Action.ALLOWED),
        ({"sc_filter_result": "-"}, Action.ALLOWED),
        ({"sc_filter_result": "-", "sc_status": "-"}, Action.UNKNOWN),
    ],
)
def test_s3_s4_what_became_of_a_request(changed: dict[str, str], action: Action) -> None:
    text = _pairs(**changed) + _json(**changed)
    assert [one.action for one in read(FORMAT, text).observations] == [action] * 2


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("[::1]", "::1"),  # S2
        ("API.OpenAI.com.", "api.openai.com"),
        ("b%C3%BCcher.example", "xn--bcher-kva.example"),  # S24
    ],
)
def test_s2_s24_hosts(host: str, expected: str) -> None:
    text = _pairs(cs_host=host) + _json(cs_host=host)
    assert [one.value for one in read(FORMAT, text).observations] == [expected] * 2


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("CORP\\bob", "CORP\\bob"),
        ("CN=Ana Bell,OU=R AND D", "CN=Ana Bell,OU=R AND D"),
        ("-", None),
        (None, None),
    ],
)
def test_s6_users(written: str | None, user: str | None) -> None:
    assert read(FORMAT, _json(cs_userdn=written)).observations == [_seen(user=user)]


def test_a_question_to_the_dns_proxy() -> None:
    text = _json(
        cs_host="-",
        cs_uri_scheme="dns",
        x_dns_cs_dns="api.openai.com",
        x_dns_cs_qtype="A",
        x_dns_rs_rcode="NXDOMAIN",
    )
    assert read(FORMAT, text).observations == [
        Observation(
            channel=Channel.DNS,
            value="api.openai.com",
            ts=at("2026-11-20T08:01:02Z"),
            kind=Sighting.DNS_QUERY,
            client="10.0.0.7",
            user="ana",
            action=Action.NXDOMAIN,
            qtype="A",
            line=1,
        )
    ]


def test_records_without_a_host_are_ignored_and_counted() -> None:
    reading = read(FORMAT, _json(cs_host="-") + _pairs(cs_host="-", c_url='"-"'))
    assert reading.observations == []
    assert reading.account == (0, {"record without a host": 2}, 0)


def test_fields_of_wrong_types_cost_themselves_alone() -> None:
    text = _json(date=[], cs_userdn={}, cs_bytes="many", sc_status=True, c_ip=5)
    assert read(FORMAT, text).observations == [
        _seen(ts=None, time_quality=TimeQuality.NONE, user=None, bytes_up=None, client="5")
    ]


def test_s23_look_alikes_meet_no_signature() -> None:
    hosts = ("notopenai.com", "openai.com.evil.example", "api-openai.com", "OPENAI.COM.")
    text = b"".join(_pairs(cs_host=host, cs_method="GET") for host in hosts)
    text += b"".join(_json(cs_host=host) for host in hosts)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [
        _seen(value="openai.com", method="GET", line=4),
        _seen(value="openai.com", line=8),
    ]
    assert reading.account == (8, {}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b'{"x-type":"http_transaction","cs-host":"api.openai.com","c-ip":"10.0.0.7"}\n',
        b'{"cs-host":"api.openai.com","c-ip":"10.0.0.7"\n',
        b"2026-11-20 08:01:02 c-ip=10.0.0.7 cs-host=api.openai.com\n",
        b"2026-11-20 08:01:02 10.0.0.7 ana POST api.openai.com /v1/responses 200\n",
        b"Dear diary\n",
        b"[]\n",
    ],
)
def test_f5_lines_of_other_logs_are_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)
