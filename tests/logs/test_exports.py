"""Lines as real products write them, each with what a person would say of it."""

import pytest

from scanner.logs import bind, csv_fields, dnsmasq, json_fields, squid, unbound, w3c, zeek_tsv
from scanner.model import Action
from tests.support import read


def said(module, text: str, **settings):
    """What the reader says of a log: host, client, user, outcome, how far."""
    return [
        (one.value, one.client, one.user, one.action.value, one.level.label)
        for one in read(module.FORMAT, text.encode(), **settings).observations
    ]


def test_netskope_elff_names_its_outcome_in_one_word() -> None:
    text = (
        "#Fields: date time c-ip cs-host sc-status x-policy-action\n"
        '2026-11-20 08:01:02 10.0.0.7 claude.ai 200 "block"\n'
    )
    assert said(w3c, text) == [("claude.ai", "10.0.0.7", None, "blocked", "attempt")]


def test_w3c_takes_the_name_where_another_column_has_only_an_address() -> None:
    text = (
        "#Fields: date time c-ip cs-method cs-host cs-uri\n"
        "2026-11-20 08:01:02 10.0.0.7 CONNECT - tcp://chatgpt.com:443/\n"
        "2026-11-20 08:01:02 10.0.0.7 GET 203.0.113.9 http://claude.ai/chat\n"
    )
    assert [one[0] for one in said(w3c, text)] == ["chatgpt.com", "claude.ai"]


def test_tmg_tunnels_are_connections() -> None:
    text = (
        "#Fields: date time c-ip cs-username cs-protocol cs-uri\n"
        "2026-11-20 08:01:02 10.0.0.7 CORP\\ana SSL-tunnel chatgpt.com:443\n"
    )
    assert said(w3c, text) == [("chatgpt.com", "10.0.0.7", "CORP\\ana", "unknown", "connected")]


@pytest.mark.parametrize(
    "time", ["[20/Nov/2026:08:01:02 +0000]", "[20/11/2026:08:01:02 GMT]", "1795161662"]
)
def test_w3c_times_in_one_column(time: str) -> None:
    name = "timestamp" if time.isdigit() else "gmttime"
    text = f"#Fields: {name} c-ip cs-host\n{time} 10.0.0.7 claude.ai\n"
    (one,) = read(w3c.FORMAT, text.encode()).observations
    assert one.ts is not None
    assert one.ts.isoformat() == "2026-11-20T08:01:02+00:00"


@pytest.mark.parametrize(
    ("decision", "action"),
    [
        ("blockedByCategory", "blocked"),
        ("blockedOnQueryName", "blocked"),
        ("allowedOnNoPolicyMatch", "allowed"),
        ("allowedByQueryName", "allowed"),
    ],
)
def test_cloudflare_gateway_decisions(decision: str, action: str) -> None:
    text = (
        f'{{"QueryName":"claude.ai","SrcIP":"10.0.0.7","Email":"ana@corp.example",'
        f'"ResolverDecision":"{decision}","Datetime":"2026-11-20T08:01:02Z"}}\n'
    )
    level = "attempt" if action == "blocked" else "resolved"
    assert said(json_fields, text) == [("claude.ai", "10.0.0.7", "ana@corp.example", action, level)]


def test_adguard_home_and_route_53_blocks() -> None:
    adguard = '{"T":"2026-11-20T08:01:02Z","QH":"claude.ai","QT":"A","IP":"10.0.0.7","Result":{"IsFiltered":true}}\n'
    assert said(json_fields, adguard)[0][3:] == ("blocked", "attempt")
    route53 = (
        '{"query_timestamp":"2026-11-20T08:01:02Z","query_name":"claude.ai.","query_type":"A",'
        '"rcode":"NOERROR","srcaddr":"10.0.0.7","firewall_rule_action":"BLOCK"}\n'
    )
    assert said(json_fields, route53) == [("claude.ai", "10.0.0.7", None, "blocked", "attempt")]


def test_defender_network_events() -> None:
    text = (
        "Timestamp,DeviceName,ActionType,RemoteUrl,LocalIP,InitiatingProcessAccountName\n"
        "2026-11-20T08:01:02Z,lap1,ConnectionFailed,https://claude.ai/x,10.0.0.7,ana\n"
        "2026-11-20T08:01:03Z,lap1,ConnectionSuccess,chatgpt.com,10.0.0.7,ana\n"
    )
    assert said(csv_fields, text) == [
        ("claude.ai", "10.0.0.7", "ana", "error", "attempt"),
        ("chatgpt.com", "10.0.0.7", "ana", "allowed", "connected"),
    ]
    wrapped = '{"time":"2026-11-20T08:01:02Z","properties":{"RemoteUrl":"chatgpt.com","LocalIP":"10.0.0.7"}}\n'
    assert said(json_fields, wrapped)[0][:2] == ("chatgpt.com", "10.0.0.7")


def test_the_shippers_machine_is_not_the_site() -> None:
    splunk = (
        "_time,host,source,sourcetype,src_ip,user,url,action,dest\n"
        "2026-11-20T08:01:02Z,proxy01,/var/log/x,squid,10.0.0.7,ana,,blocked,claude.ai\n"
    )
    assert said(csv_fields, splunk) == [("claude.ai", "10.0.0.7", "ana", "blocked", "attempt")]
    no_url = "time,hostname,user,url\n2026-11-20T08:01:02Z,lap1,ana,\n"
    assert said(csv_fields, no_url) == []
    filebeat = '{"@timestamp":"2026-11-20T08:01:02Z","host":{"name":"sensor1"},"message":"x"}\n'
    assert said(json_fields, filebeat) == []
    module = (
        '{"@timestamp":"2026-11-20T08:01:02Z","zeek":{"dns":{"query":"claude.ai"},"session_id":"C1"},'
        '"source":{"ip":"10.0.0.7"},"host":{"name":"sensor1"}}\n'
    )
    assert said(json_fields, module)[0][:2] == ("claude.ai", "10.0.0.7")


def test_suricata_is_refused_rather_than_read_wrongly() -> None:
    text = '{"timestamp":"2026-11-20T08:01:02.1+0000","flow_id":1,"event_type":"dns","src_ip":"10.0.0.1","dns":{"rrname":"claude.ai"}}\n'
    found = read(json_fields.FORMAT, text.encode())
    assert (found.observations, found.tally.rejected) == ([], 1)


def test_sentinel_times_and_dates_in_two_columns() -> None:
    sentinel = (
        'TimeGenerated [UTC],DnsQuery,SrcIpAddr\n"11/20/2026, 8:01:02.123 AM",claude.ai,10.0.0.7\n'
    )
    two = "Date,Time,Source IP,URL\n11/20/2026,8:01:02 AM,10.0.0.7,https://claude.ai/x\n"
    for text in (sentinel.replace(" [UTC]", ""), two):
        (one,) = read(csv_fields.FORMAT, text.encode()).observations
        assert one.ts is not None
        assert one.ts.isoformat() == "2026-11-20T08:01:02+00:00"


def test_excel_says_its_separator_first() -> None:
    text = "sep=;\ntime;client_ip;domain\n2026-11-20T08:01:02Z;10.0.0.7;claude.ai\n"
    assert said(csv_fields, text)[0][:2] == ("claude.ai", "10.0.0.7")


@pytest.mark.parametrize(
    "outcome",
    [
        "gravity blocked claude.ai is 0.0.0.0",
        "regex denied claude.ai is 0.0.0.0",
        "exactly denied claude.ai is NXDOMAIN",
        "special domain claude.ai is NXDOMAIN",
        "gravity blocked (CNAME) claude.ai is 0.0.0.0",
        "/etc/pihole/black.list claude.ai is 0.0.0.0",
        "config claude.ai is 0.0.0.0",
        "config claude.ai is REFUSED (EDE: blocked)",
    ],
)
def test_pi_hole_blocks(outcome: str) -> None:
    text = (
        "Nov 20 08:01:02 dnsmasq[7]: query[A] claude.ai from 10.0.0.7\n"
        f"Nov 20 08:01:02 dnsmasq[7]: {outcome}\n"
    )
    assert said(dnsmasq, text, year=2026) == [("claude.ai", "10.0.0.7", None, "blocked", "attempt")]


@pytest.mark.parametrize(
    ("prefix", "action"), [("", "blocked"), ("disabled ", "allowed")], ids=["applied", "disabled"]
)
def test_bind_policies_and_signed_clients(prefix: str, action: str) -> None:
    client = "client @0x1 10.0.0.7#4001/key k1 (poe.com)"
    text = (
        f"{client}: query: poe.com IN A + (10.0.0.1)\n"
        f"{client}: {prefix}rpz QNAME NXDOMAIN rewrite poe.com/A/IN via poe.com.rpz.local\n"
    )
    assert [one[3] for one in said(bind, text)] == [action]


def test_unbound_policies_and_longer_replies() -> None:
    text = (
        "[1795161662] unbound[7:0] info: 10.0.0.1 claude.ai. A IN\n"
        "[1795161662] unbound[7:0] info: rpz: applied [x] claude.ai. rpz-nxdomain 10.0.0.1@5000 claude.ai. A IN\n"
        "[1795161662] unbound[7:0] info: 10.0.0.1 claude.ai. A IN NXDOMAIN 0.000000 1 40\n"
    )
    assert said(unbound, text) == [("claude.ai", "10.0.0.1", None, "blocked", "attempt")]
    replies = "[1795161662] unbound[7:0] info: 10.0.0.1 claude.ai. A IN NOERROR 0.1 0 40 to 10.0.0.53 53\n"
    assert said(unbound, replies)[0][3] == "allowed"


def test_squid_tails_of_many_kinds() -> None:
    head = "1795226310.136     15 10.0.0.7 TCP_MISS/200 1832 GET http://claude.ai/x"
    tails = (
        "- HIER_DIRECT/203.0.113.7 text/html; charset=utf-8",
        '- HIER_DIRECT/203.0.113.7 text/html "-" "Agent "quoted" 1"',
        "- DIRECT/203.0.113.7 text/html [User-Agent: x\\r\\n] [HTTP/1.1 200 OK\\r\\n]",
    )
    for tail in tails:
        assert said(squid, f"{head} {tail}\n") == [
            ("claude.ai", "10.0.0.7", None, "allowed", "used")
        ]
    joined = f"{head} ana HIER_DIRECT/1.1.1.1 -#0121795226311.0 1 10.0.0.8 TCP_MISS/200 1 GET http://x.example/ - HIER_DIRECT/1.1.1.1 -\n"
    found = read(squid.FORMAT, joined.encode())
    assert (found.observations, found.tally.rejected) == ([], 1)


def test_zeek_with_another_separator() -> None:
    text = (
        "#separator \\x2c\n#set_separator,;\n#path,dns\n#fields,ts,id.orig_h,query,qtype_name\n"
        "1795226310.0,10.0.0.7,claude.ai,A\n"
    )
    assert said(zeek_tsv, text) == [("claude.ai", "10.0.0.7", None, "unknown", "resolved")]


def test_an_aborted_request_is_an_attempt() -> None:
    line = "1795226310.136 15 10.0.0.7 TCP_MISS_ABORTED/000 0 POST http://claude.ai/x - HIER_DIRECT/1.1.1.1 -\n"
    (one,) = read(squid.FORMAT, line.encode()).observations
    assert (one.action, one.level.label) == (Action.ERROR, "attempt")


@pytest.mark.parametrize(
    ("columns", "values", "up"),
    [("bytes_sent", "900", None), ("bytes_sent,bytes_received", "900,100", 900)],
)
def test_bytes_sent_alone_may_be_what_came_down(columns: str, values: str, up: int | None) -> None:
    text = f"time,client_ip,domain,{columns}\n2026-11-20T08:01:02Z,10.0.0.7,claude.ai,{values}\n"
    (one,) = read(csv_fields.FORMAT, text.encode()).observations
    assert one.bytes_up == up
