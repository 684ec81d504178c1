"""Zscaler's web, DNS and firewall feeds, read."""

import json
from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.zscaler import FORMAT
from scanner.model import Action, Channel, Level, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_WEB = {
    "datetime": "Fri Nov 20 08:01:02 2026",
    "reason": "Allowed",
    "protocol": "HTTPS",
    "action": "Allowed",
    "responsesize": "5120",
    "requestsize": "18120",
    "serverip": "203.0.113.7",
    "requestmethod": "POST",
    "refererURL": "None",
    "useragent": "Unknown",
    "product": "NSS",
    "location": "Road%20Warrior",
    "ClientIP": "10.0.0.7",
    "status": "200",
    "user": "ana@corp.example",
    "url": "api.openai.com/v1/responses?key=secret",
    "vendor": "Zscaler",
    "hostname": "api.openai.com",
    "appname": "General Browsing",
    "urlclass": "Business Use",
    "devicehostname": " ",
}


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_URL,
        client="10.0.0.7",
        user="ana@corp.example",
        action=Action.ALLOWED,
        bytes_up=18120,
        bytes_down=5120,
        path="/v1/responses",
        line=1,
        time_quality=TimeQuality.ASSUMED_ZONE,
        method="POST",
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _json(source: str = "zscalernss-web", **changed: object) -> bytes:
    return json.dumps({"sourcetype": source, "event": {**_WEB, **changed}}).encode() + b"\n"


def test_a_web_record() -> None:
    assert read(FORMAT, _json()).observations == [_seen()]


def test_a_web_record_out_of_its_envelope() -> None:
    assert read(FORMAT, json.dumps(_WEB).encode() + b"\n").observations == [_seen()]


def test_a_web_record_under_the_names_of_another_feed() -> None:
    text = (
        b'{ "sourcetype" : "zscalernss-web", "event" :{"time":"Fri Nov 20 08:01:02 2026",'
        b'"login":"ana@corp.example","proto":"HTTPS","eurl":"api.openai.com/v1/responses",'
        b'"action":"Allowed","reqsize":18120,"respsize":5120,"urlclass":"Business Use",'
        b'"location":"HQ","cip":"10.0.0.7","reqmethod":"POST","respcode":"200"}}\n'
    )
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize("left_out", ["urlclass", "vendor"])
def test_a_feed_may_lack_what_tells_it_best(left_out: str) -> None:
    record = {name: value for name, value in _WEB.items() if name != left_out}
    assert read(FORMAT, json.dumps(record).encode() + b"\n").observations == [_seen()]


def test_cells_with_tabs_between_them() -> None:
    text = (
        b"2026-11-20 08:01:02\treason=Allowed\tevent_id=1\tprotocol=HTTPS\taction=Allowed\t"
        b"responsesize=5120\trequestsize=18120\turlcategory=Corporate Marketing\t"
        b"requestmethod=POST\tuseragent=Unknown\tlocation=HQ - SITE\tClientIP=10.0.0.7\t"
        b"status=200\tuser=ana@corp.example\turl=api.openai.com/v1/responses?a=b&c=d\t"
        b"vendor=Zscaler\thostname=api.openai.com\turlclass=Business Use\n"
    )
    assert read(FORMAT, text).observations == [_seen()]


def test_cells_after_the_head_of_a_syslog_line() -> None:
    text = (
        b"<134>Nov 20 08:01:02 nss reason=Allowed\trequestmethod=POST\taction=Allowed\t"
        b"responsesize=5120\trequestsize=18120\tClientIP=10.0.0.7\tuser=ana@corp.example\t"
        b"url=api.openai.com/v1/responses\turlclass=Business Use\tvendor=Zscaler\n"
    )
    seen = read(FORMAT, text).observations
    assert seen == [_seen(time_quality=TimeQuality.ASSUMED_YEAR)]


@pytest.mark.parametrize(
    ("changed", "when", "quality"),
    [
        ({"datetime": "2026-11-20 08:01:02"}, "2026-11-20T07:01:02Z", TimeQuality.EXACT),
        ({"tz": "GMT"}, "2026-11-20T08:01:02Z", TimeQuality.EXACT),
        ({"epochtime": "1795161662"}, "2026-11-20T08:01:02Z", TimeQuality.EXACT),
        ({"datetime": "None"}, None, TimeQuality.NONE),
        ({"datetime": "yesterday"}, None, TimeQuality.NONE),
    ],
)
def test_times(changed: dict[str, str], when: str | None, quality: TimeQuality) -> None:
    seen = read(FORMAT, _json(**changed), zone=ZoneInfo("Europe/Berlin")).observations
    assert [(one.ts, one.time_quality) for one in seen] == [(when and at(when), quality)]


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("api.openai.com/", "api.openai.com", "/"),
        ("api.openai.com:8443/v1", "api.openai.com", "/v1"),
        ("[::1]:443/v1", "::1", "/v1"),
        ("https://api.openai.com/v1", "api.openai.com", "/v1"),
        ("example.org/?u=http://chatgpt.com/", "example.org", "/"),  # S11
        ("b%C3%BCcher.example/x%20y", "xn--bcher-kva.example", "/x%20y"),  # S24
    ],
)
def test_s12_urls_have_no_scheme(url: str, host: str, path: str) -> None:
    assert read(FORMAT, _json(url=url)).observations == [_seen(value=host, path=path)]


def test_s13_the_url_is_believed_and_not_the_host_beside_it() -> None:
    seen = read(FORMAT, _json(hostname="claude.ai")).observations
    assert seen == [_seen()]


def test_s13_the_host_beside_it_is_believed_where_there_is_no_url() -> None:
    seen = read(FORMAT, _json(url="None")).observations
    assert seen == [_seen(kind=Sighting.HTTP_CONNECT, path=None, method=None)]


def test_s22_a_user_in_the_url_is_not_part_of_the_host() -> None:
    seen = read(FORMAT, _json(url="random@api.openai.com:443")).observations
    assert seen == [_seen(kind=Sighting.HTTP_CONNECT, path=None, method=None)]


@pytest.mark.parametrize(
    "changed",
    [
        {"protocol": "SSL", "requestmethod": "NA", "url": "api.openai.com"},
        {"protocol": "SSL", "requestmethod": "NA", "url": "api.openai.com/"},
        {"protocol": "HTTP_PROXY", "requestmethod": "CONNECT", "url": "api.openai.com:443"},
        {"requestmethod": "CONNECT", "url": "api.openai.com:443/"},
    ],
)
def test_s1_of_an_unopened_session_only_the_host_is_known(changed: dict[str, str]) -> None:
    seen = read(FORMAT, _json(**changed)).observations
    assert seen == [_seen(kind=Sighting.HTTP_CONNECT, path=None, method=None)]
    assert seen[0].level is Level.USED


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({"action": "Blocked", "status": "403"}, Action.BLOCKED),
        ({"action": "Blocked", "status": "NA"}, Action.BLOCKED),
        ({"action": "Blocked", "status": "407"}, Action.CHALLENGED),
        ({"action": "Allowed", "status": "407"}, Action.CHALLENGED),
        ({"action": "Allowed", "status": "503"}, Action.ERROR),
        ({"action": "Allowed", "status": "NA"}, Action.ALLOWED),
        ({"action": "N/A", "status": "200"}, Action.UNKNOWN),
    ],
)
def test_s3_s4_what_became_of_a_request(changed: dict[str, str], action: Action) -> None:
    assert read(FORMAT, _json(**changed)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ("carol%20smith@corp.example", "carol smith@corp.example"),
        ("corp\\bob", "corp\\bob"),
        ("Road%20Warrior", None),  # the place stands for the person
        ("None", None),
        ("NA", None),
        ("", None),
        (None, None),
    ],
)
def test_s6_users(written: str | None, user: str | None) -> None:
    assert read(FORMAT, _json(user=written)).observations == [_seen(user=user)]


@pytest.mark.parametrize("unset", ["None", "NA", "N/A", "-", "", None])
def test_unset_values_are_none(unset: str | None) -> None:
    text = _json(ClientIP=unset, requestsize=unset, responsesize=unset, requestmethod=unset)
    seen = read(FORMAT, text).observations
    assert seen == [_seen(client=None, bytes_up=None, bytes_down=None, method=None)]


def test_a_device_stands_for_an_address_that_is_not_logged() -> None:
    seen = read(FORMAT, _json(ClientIP="NA", devicehostname="LAPTOP7")).observations
    assert seen == [_seen(client="LAPTOP7")]


def test_fields_of_wrong_types_cost_themselves_alone() -> None:
    seen = read(FORMAT, _json(ClientIP=[1], requestsize={}, status=[], datetime=True)).observations
    assert [(one.value, one.client, one.bytes_up, one.ts) for one in seen] == [
        ("api.openai.com", None, None, None)
    ]


def _dns(**changed: object) -> bytes:
    usual = {
        "datetime": "Fri Nov 20 08:01:02 2026",
        "user": "ana@corp.example",
        "location": "HQ",
        "reqaction": "Allow",
        "resaction": "Allow",
        "dns_reqtype": "AAAA",
        "dns_req": "api.openai.com",
        "dns_resp": "NotFound",
        "clt_sip": "10.0.0.7",
    }
    record = {"sourcetype": "zscalernss-dns", "event": {**usual, **changed}}
    return json.dumps(record).encode() + b"\n"


@pytest.mark.parametrize(
    ("changed", "action"),
    [
        ({}, Action.ALLOWED),
        ({"reqaction": "Block"}, Action.BLOCKED),
        ({"reqaction": "REQ_ALLOW", "resaction": "RES_BLOCK"}, Action.BLOCKED),
        ({"dns_resp": "0.0.0.0"}, Action.BLOCKED),
        ({"dns_resp": "NXDOMAIN"}, Action.NXDOMAIN),
        ({"dns_resp": "SERVFAIL"}, Action.ERROR),
        ({"reqaction": "None", "resaction": "None"}, Action.UNKNOWN),
    ],
)
def test_d5_dns_records(changed: dict[str, str], action: Action) -> None:
    assert read(FORMAT, _dns(**changed)).observations == [
        Observation(
            channel=Channel.DNS,
            value="api.openai.com",
            ts=at("2026-11-20T08:01:02Z"),
            kind=Sighting.DNS_QUERY,
            client="10.0.0.7",
            user="ana@corp.example",
            action=action,
            qtype="AAAA",
            line=1,
            time_quality=TimeQuality.ASSUMED_ZONE,
        )
    ]


def _firewall(**changed: object) -> bytes:
    usual = {
        "datetime": "Fri Nov 20 08:01:02 2026",
        "user": "ana%40corp.example",
        "locationname": "HQ",
        "csip": "10.0.0.7",
        "cdip": "203.0.113.7",
        "sdip": "203.0.113.7",
        "action": "Allow",
        "nwsvc": "HTTPS",
        "nwapp": "openai",
        "inbytes": "5120",
        "outbytes": "18120",
    }
    record = {"sourcetype": "zscalernss-fw", "event": {**usual, **changed}}
    return json.dumps(record).encode() + b"\n"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {"value": "openai", "kind": Sighting.APP}),
        ({"cltdomain": "api.openai.com"}, {"kind": Sighting.HTTP_CONNECT}),
        (
            {"cltdomain": "api.openai.com", "action": "Drop"},
            {"kind": Sighting.HTTP_CONNECT, "action": Action.BLOCKED},
        ),
    ],
)
def test_firewall_records_name_a_host_or_an_application(
    changed: dict[str, str], expected: dict[str, object]
) -> None:
    usual = _seen(channel=Channel.FLOW, path=None, method=None)
    assert read(FORMAT, _firewall(**changed)).observations == [usual._replace(**expected)]  # type: ignore[arg-type]


def test_s23_look_alikes_meet_no_signature() -> None:
    urls = ("notopenai.com/", "openai.com.evil.example/", "api-openai.com/", "OPENAI.COM./x")
    text = b"".join(_json(url=url) for url in urls) + _firewall(nwapp="mozilla")
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(value="openai.com", path="/x", line=4)]
    assert reading.account == (4, {"record without a host": 1}, 0)


def test_records_of_other_feeds_are_ignored_and_counted() -> None:
    text = (
        b'{"sourcetype":"zscalernss-tunnel","event":{"datetime":"Fri Nov 20 08:01:02 2026"}}\n'
        b'{"sourcetype":"zscalernss-audit","event":{"time":"Fri Nov 20 08:01:02 2026"}}\n'
        + _json(url="None", hostname="None")
    )
    reading = read(FORMAT, text)
    assert reading.observations == []
    assert reading.account == (0, {"record of another feed": 2, "record without a host": 1}, 0)


@pytest.mark.parametrize(
    "line",
    [
        b'{"sourcetype":"access_combined","event":{"url":"https://api.openai.com/"}}\n',
        b'{"sourcetype":"httpevent","event":"api.openai.com"}\n',
        b'{"time":"2026-11-20T08:01:02Z","url":"https://api.openai.com/","user":"ana"}\n',
        b'{"sourcetype":"zscalernss-web","event":{"url":"api.openai.com/\n',
        b"1795226310.136\tC1\t10.0.0.7\tapi.openai.com\n",
        b"url=api.openai.com\tuser=ana\n",
        b"Dear diary\n",
        b"[]\n",
    ],
)
def test_f5_lines_of_other_logs_are_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_values_in_quotes() -> None:
    text = (
        b"2026-11-20 08:01:02\treason=Allowed\tprotocol=HTTP\taction=Allowed\tresponsesize=512\t"
        b'requestsize=111\trequestmethod=GET\tClientIP=10.0.0.7\tuser=ana\turl="claude.ai/chat"\t'
        b"vendor=Zscaler\n"
    )
    seen = read(FORMAT, text).observations
    assert [(one.value, one.path) for one in seen] == [("claude.ai", "/chat")]


@pytest.mark.parametrize(
    ("host", "path"), [("claude.ai", "/chat"), ("api.claude.ai", None)]
)  # claude.ai/chat
def test_a_url_in_base_64(host: str, path: str | None) -> None:
    text = (
        '{"sourcetype":"zscalernss-web","event":{"epochtime":"1795161662","b64url":"Y2xhdWRlLmFpL2NoYXQ=",'
        f'"host":"{host}","proto":"HTTPS","reqmethod":"GET","action":"Allowed","cltip":"10.0.0.7"}}}}\n'
    )
    assert [(one.value, one.path) for one in read(FORMAT, text.encode()).observations] == [
        (host, path)
    ]
