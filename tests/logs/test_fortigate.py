"""FortiGate records, read."""

import pytest

from scanner.hosts import HostTable
from scanner.logs.formats.fortigate import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.PROXY,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.HTTP_CONNECT,
        client="10.0.0.7",
        user="ana",
        action=Action.ALLOWED,
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _dns(**changed: object) -> Observation:
    return _seen(
        channel=Channel.DNS, kind=Sighting.DNS_QUERY, qtype="A", action=Action.UNKNOWN
    )._replace(**changed)  # type: ignore[arg-type]


_HEAD = 'date=2026-11-20 time=09:01:02 devname="FGT1" logid="{}" type="{}" subtype="{}" '
_WHO = 'eventtime=1795161662000000000 tz="+0100" user="ana" srcip=10.0.0.7 srcport=5000 dstip=203.0.113.9 '


def _line(rest: str, kind: str = "utm", section: str = "webfilter", number: str = "0317013312", who: str = _WHO) -> bytes:  # fmt: skip
    return f"{_HEAD.format(number, kind, section)}{who}{rest}\n".encode()


_SITE = 'service="HTTPS" hostname="api.openai.com" action="passthrough" url="/"'


def test_a_site_without_deep_inspection() -> None:
    assert read(FORMAT, _line(_SITE)).observations == [_seen()]


@pytest.mark.parametrize(
    "url", ["/v1/models?key=secret", "https://api.openai.com/v1/models?key=secret"]
)
def test_a_request_has_a_path_and_never_a_query(url: str) -> None:
    text = _line(
        f'service="HTTPS" hostname="api.openai.com" action="passthrough" httpmethod="get" '
        f'url="{url}" sentbyte=3545 rcvdbyte=6812'
    )
    assert read(FORMAT, text).observations == [
        _seen(
            kind=Sighting.HTTP_URL,
            path="/v1/models",
            method="GET",
            bytes_up=3545,
            bytes_down=6812,
        )
    ]


def test_s22_a_host_with_a_port() -> None:
    text = _line('service="HTTPS" hostname="API.OpenAI.com:443" action="passthrough" url="/"')
    assert read(FORMAT, text).observations == [_seen()]


def test_a_request_in_the_clear() -> None:
    text = _line('service="HTTP" hostname="api.openai.com" action="passthrough" url="/"')
    assert read(FORMAT, text).observations == [_seen(kind=Sighting.HTTP_URL, path="/")]


def test_pairs_parted_by_commas() -> None:
    text = _line(_SITE).replace(b" ", b",")
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("1795161662", "2026-11-20T08:01:02Z"),
        ("1795161662136", "2026-11-20T08:01:02.136Z"),
        ("1795161662136000", "2026-11-20T08:01:02.136Z"),
        ("1795161662136000000", "2026-11-20T08:01:02.136Z"),
    ],
)
def test_s15_eventtime_of_10_13_16_and_19_digits(written: str, when: str) -> None:
    text = _line(_SITE).replace(b"1795161662000000000", written.encode())
    assert read(FORMAT, text).observations == [_seen(ts=at(when))]


@pytest.mark.parametrize("head", ["", "<189>", "<189>1 2026-11-20T08:01:02Z fw - - - - "])
def test_a_date_that_a_relay_has_cut_off(head: str) -> None:
    text = head.encode() + _line(_SITE).replace(b"date=2026-11-20 ", b"")
    assert read(FORMAT, text).observations == [_seen()]


def test_date_time_and_zone_stand_in_for_eventtime() -> None:
    text = _line(_SITE, who='tz="+0100" user="ana" srcip=10.0.0.7 ')
    assert read(FORMAT, text).observations == [_seen()]


def test_without_a_zone_the_time_is_assumed() -> None:
    text = _line(_SITE, who='user="ana" srcip=10.0.0.7 ')
    assert read(FORMAT, text).observations == [
        _seen(ts=at("2026-11-20T09:01:02Z"), time_quality=TimeQuality.ASSUMED_ZONE)
    ]


@pytest.mark.parametrize(
    ("pairs", "action"),
    [
        ('action="passthrough"', Action.ALLOWED),
        ('action="pass"', Action.ALLOWED),
        ('action="blocked"', Action.BLOCKED),
        ('action="block"', Action.BLOCKED),
        ('action="redirect"', Action.BLOCKED),
        ('action="reset"', Action.BLOCKED),
        ('action="close" utmaction="block"', Action.BLOCKED),
        ('action="ip-conn"', Action.ERROR),
        ('action="what"', Action.UNKNOWN),
        ("", Action.UNKNOWN),
    ],
)
def test_s4_what_became_of_it(pairs: str, action: Action) -> None:
    text = _line(f'service="HTTPS" hostname="api.openai.com" {pairs} url="/"')
    assert read(FORMAT, text).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("written", "user"),
    [
        ('user="N/A"', None),
        ("", None),
        ('user="carol smith"', "carol smith"),
        (r'user="corp\bob"', "corp\\bob"),
        ('user="" unauthuser="dan"', "dan"),
    ],
)
def test_s6_users(written: str, user: str | None) -> None:
    text = _line(_SITE, who=_WHO.replace('user="ana"', written))
    assert read(FORMAT, text).observations == [_seen(user=user)]


def test_a_client_of_ipv6() -> None:
    text = _line(_SITE, who=_WHO.replace("10.0.0.7", "2001:db8::7"))
    assert read(FORMAT, text).observations == [_seen(client="2001:db8::7")]


_QUESTION = 'xid=235 qname="{}" qtype="A" qtypeval=1 qclass="IN"'


def _ask(name: str = "api.openai.com") -> bytes:
    return _line(f'eventtype="dns-query" {_QUESTION.format(name)}', section="dns")


def _answer(action: str = "pass", name: str = "api.openai.com") -> bytes:
    rest = f'eventtype="dns-response" {_QUESTION.format(name)} ipaddr="203.0.113.9, 203.0.113.10" action="{action}"'
    return _line(rest, section="dns")


@pytest.mark.parametrize("name", ["[api.openai.com]", "['api.openai.com']", "API.openai.com."])
def test_d6_d7_a_question_however_it_is_written(name: str) -> None:
    assert read(FORMAT, _ask(name)).observations == [_dns()]


def test_a_question_and_its_answer_are_one_use() -> None:
    reading = read(FORMAT, _ask() + _answer("block"))
    assert reading.observations == [_dns(action=Action.BLOCKED)]
    assert reading.account == (1, {"answer to a question above": 1}, 0)


def test_an_answer_alone_counts() -> None:
    assert read(FORMAT, _answer()).observations == [_dns(action=Action.ALLOWED)]


def test_the_dns_records_of_older_versions() -> None:
    text = _line(_QUESTION.format("api.openai.com"), kind="dns", section="dns-query")
    assert read(FORMAT, text.replace(b" ", b",")).observations == [_dns()]


def test_an_application_with_a_host() -> None:
    text = _line(f'{_SITE} appcat="GenAI" app="OpenAI.ChatGPT"', section="app-ctrl")
    assert read(FORMAT, text).observations == [_seen()]


def test_an_application_without_a_host() -> None:
    rest = 'service="SSL" action="pass" appcat="GenAI" app="OpenAI.ChatGPT"'
    assert read(FORMAT, _line(rest, section="app-ctrl")).observations == [
        _seen(value="OpenAI.ChatGPT", channel=Channel.FLOW, kind=Sighting.APP)
    ]


def test_a_tls_record() -> None:
    text = _line('hostname="api.openai.com" action="exempt"', section="ssl")
    assert read(FORMAT, text).observations == [_seen(channel=Channel.TLS, kind=Sighting.TLS_SNI)]


def _session(action: str = "close", number: str = "0000000013") -> bytes:
    rest = f'action="{action}" app="Claude" sentbyte=30000 rcvdbyte=1224'
    return _line(rest, kind="traffic", section="forward", number=number)


@pytest.mark.parametrize("action", ["close", "accept", "client-rst", "server-rst", "timeout"])
def test_a_session_is_counted_when_it_ends(action: str) -> None:
    text = _session("start") + _session("accept", "0000000020") + _session(action)
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(
            value="Claude",
            channel=Channel.FLOW,
            kind=Sighting.APP,
            bytes_up=30000,
            bytes_down=1224,
            line=3,
        )
    ]
    assert reading.account == (
        1,
        {"start of a session": 1, "statistics of an open session": 1},
        0,
    )


def test_a_denied_session() -> None:
    assert [one.action for one in read(FORMAT, _session("deny")).observations] == [Action.BLOCKED]


def test_what_is_nobodys_visit() -> None:
    text = (
        _line('logdesc="Admin login" user="admin" ui="GUI"', kind="event", section="system")
        + _line('action="accept" service="SNMP"', kind="traffic", section="forward")
        + _line('eventtype="dns-query" qname=""', section="dns")
    )
    assert read(FORMAT, text).account == (
        0,
        {
            "event of the firewall itself": 1,
            "record without a host or an application": 1,
            "record without a host": 1,
        },
        0,
    )


def test_s11_other_fields_are_not_the_host() -> None:
    rest = 'msg="hostname=claude.ai is fine" referralurl="https://chatgpt.com/" hostname="www.example.org" url="/"'
    hosts = HostTable(lambda name: name != "www.example.org")
    assert read(FORMAT, _line(rest), hosts=hosts).observations == []


def test_a_request_of_the_shape_of_a_model_api() -> None:
    hosts = HostTable("api.openai.com".__eq__, is_api_url=lambda url: b"/v1/chat" in url)
    text = _line('service="HTTPS" hostname="llm.corp.example" httpmethod="POST" url="/v1/chat"')
    other = text.replace(b"/v1/chat", b"/other")
    assert [
        (one.value, one.line) for one in read(FORMAT, other + text, hosts=hosts).observations
    ] == [("llm.corp.example", 2)]


@pytest.mark.parametrize(
    "line",
    [
        b"CEF:0|Fortinet|Fortigate|v7.0|13056|utm:webfilter|4|FTNTFGTlogid=0316013056 FTNTFGTsubtype=webfilter\n",
        b'device="SFW" date=2026-11-20 log_id=050901616001 log_type="Content Filtering" log_subtype="Allowed"\n',
        b"date=2026-11-20 time=08:01:02 srcip=10.0.0.7 hostname=api.openai.com\n",
        b"logid type subtype\n",
    ],
)
def test_what_is_not_of_fortios_is_rejected(line: bytes) -> None:
    assert read(FORMAT, line).account == (0, {}, 1)


def test_the_client_of_a_record_about_what_a_server_sent() -> None:
    text = (
        b'logid="0419016384" type="utm" subtype="ips" eventtime=1795161662 srcip=203.0.113.9 srcport=80 '
        b'dstip=10.0.0.7 dstport=44362 action="dropped" hostname="api.openai.com" url="/x"\n'
    )
    assert [one.client for one in read(FORMAT, text).observations] == ["10.0.0.7"]


def test_a_transaction_of_fortiproxy_says_what_became_of_it_elsewhere() -> None:
    text = _line('hostname="api.openai.com" utmaction="allow"', "traffic", "http-transaction")
    assert [one.action for one in read(FORMAT, text).observations] == [Action.ALLOWED]


def test_an_exported_line_with_each_pair_in_quotes() -> None:
    text = (
        b'"date=2026-11-20","time=08:01:02","logid=""0317013312""","type=""utm""",'
        b'"subtype=""webfilter""","eventtime=1795161662136000000","user=""ana""","srcip=10.0.0.7",'
        b'"service=""HTTPS""","hostname=""api.openai.com""","action=""passthrough"""\n'
    )
    assert [(one.value, one.user, one.action) for one in read(FORMAT, text).observations] == [
        ("api.openai.com", "ana", Action.ALLOWED)
    ]


def test_a_line_of_a_table_keeps_its_doubled_quotes() -> None:
    text = (
        b'logid=""0317013312"" type=""utm"" subtype=""webfilter"" eventtime=1795161662 user="""" '
        b'srcip=10.0.0.7 service=""HTTPS"" hostname=""api.openai.com"" action=""blocked""\n'
    )
    assert [(one.value, one.user, one.action) for one in read(FORMAT, text).observations] == [
        ("api.openai.com", None, Action.BLOCKED)
    ]
