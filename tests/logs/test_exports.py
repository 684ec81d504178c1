"""Lines as real products write them, each with what a person would say of it."""

import pytest

from scanner.hosts import HostTable
from scanner.logs import Tally
from scanner.logs.formats import (
    bind,
    csv_fields,
    dnsmasq,
    json_fields,
    squid,
    unbound,
    w3c,
    zeek_json,
    zeek_tsv,
)
from scanner.logs.lines import batch_of
from scanner.model import Action
from tests.support import clock, lines_of, read


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


def test_sentinel_times_and_dates_in_two_columns() -> None:
    sentinel = (
        'TimeGenerated [UTC],DnsQuery,SrcIpAddr\n"11/20/2026, 8:01:02.123 AM",claude.ai,10.0.0.7\n'
    )
    two = "Date,Time,Source IP,URL\n11/20/2026,8:01:02 AM,10.0.0.7,https://claude.ai/x\n"
    for text in (sentinel.replace(" [UTC]", ""), two):
        (one,) = read(csv_fields.FORMAT, text.encode()).observations
        assert one.ts is not None
        assert one.ts.replace(microsecond=0).isoformat() == "2026-11-20T08:01:02+00:00"


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


def hosts(module, text: str | bytes) -> list[str]:
    raw = text.encode() if isinstance(text, str) else text
    return [one.value for one in read(module.FORMAT, raw).observations]


def test_a_latin_1_byte_costs_no_record() -> None:
    line = (
        b'{"ts":1795226310.1,"uid":"C1","id.orig_h":"10.0.0.7","host":"api.openai.com",'
        b'"uri":"/caf\xe9","status_code":200}\n'
    )
    assert hosts(zeek_json, line) == ["api.openai.com"]
    plain = b'{"time":1795226310,"client_ip":"10.0.0.7","url":"https://api.openai.com/caf\xe9"}\n'
    assert hosts(json_fields, plain) == ["api.openai.com"]


def test_unbounds_own_notices_are_no_questions() -> None:
    text = (
        "Nov 21 01:56:43 unbound[1:0] info: 10.0.0.7 api.openai.com. A IN\n"
        "Nov 21 01:56:43 unbound[1:0] info: resolving api.openai.com. A IN\n"
    )
    assert hosts(unbound, text) == ["api.openai.com"]


@pytest.mark.parametrize(
    ("record", "host"),
    [
        ('"url":"https://api.openai.com/v1","query":"a=b&c=d"', "api.openai.com"),
        ('"host":"api.openai.com","uri":"/v1","query":"a=b","method":"GET"', "api.openai.com"),
        ('"url":"https://www.google.com/search","query":"chatgpt.com"', "www.google.com"),
        ('"url":"https://api.openai.com/","server_name":"proxy01.example"', "api.openai.com"),
        ('"query":"api.openai.com"', "api.openai.com"),
    ],
)
def test_a_query_beside_a_url_is_its_query(record: str, host: str) -> None:
    text = '{"time":"2026-11-20T08:00:00Z","client_ip":"10.0.0.7",' + record + "}\n"
    assert hosts(json_fields, text) == [host]


@pytest.mark.parametrize("absolute", [False, True])
def test_zeek_takes_what_a_proxy_is_asked_for(absolute: bool) -> None:
    method, uri = ("GET", "http://claude.ai/x") if absolute else ("CONNECT", "claude.ai:443")
    json = (
        f'{{"ts":1795226310.1,"uid":"C1","id.orig_h":"10.0.0.7","method":"{method}",'
        f'"host":"proxy.corp.example","uri":"{uri}","status_code":200}}\n'
    )
    tsv = (
        "#path\thttp\n#fields\tts\tid.orig_h\tmethod\thost\turi\n"
        f"1795226310.1\t10.0.0.7\t{method}\tproxy.corp.example\t{uri}\n"
    )
    for module, text in ((zeek_json, json), (zeek_tsv, tsv)):
        for wanted, found in (("claude.ai", ["claude.ai"]), ("proxy.corp.example", [])):
            table = HostTable(lambda host, wanted=wanted: host == wanted)
            tally = Tally()
            seen = module.FORMAT.read([batch_of(lines_of(text.encode()))], table, tally, clock())
            assert [one.value for one in seen] == found
            assert not [kind for kind in tally.ignored if "without a host" in kind]


def test_zeek_reads_an_absolute_uri_without_a_method_column() -> None:
    text = (
        "#path\thttp\n#fields\tts\tid.orig_h\thost\turi\n"
        "1795226310.1\t10.0.0.7\tproxy.corp.example\thttp://claude.ai/x\n"
    )
    table = HostTable(lambda host: host == "claude.ai")
    seen = zeek_tsv.FORMAT.read([batch_of(lines_of(text.encode()))], table, Tally(), clock())
    assert [one.value for one in seen] == ["claude.ai"]


def test_the_address_that_asks_is_the_client() -> None:
    text = "time,client,domain,ip\n2026-11-20T08:00:00Z,10.0.0.7,api.openai.com,104.18.1.1\n"
    assert said(csv_fields, text)[0][1] == "10.0.0.7"


@pytest.mark.parametrize(
    "text",
    [
        "time,src_ip,dest_ip,dest_host,domain,action\n2026-11-20T08:00:00Z,10.0.0.7,1.2.3.4,,api.openai.com,allowed\n",
        "time,client_ip,url,url\n2026-11-20T08:00:00Z,10.0.0.7,https://api.openai.com/,-\n",
        "time,user,domain,client_ip,host,method,status\n2026-11-20T08:00:00Z,ana,CORP,10.0.0.7,api.openai.com,GET,200\n",
    ],
)
def test_an_empty_column_leaves_the_word_to_the_next(text: str) -> None:
    assert hosts(csv_fields, text) == ["api.openai.com"]


def test_tabbed_elff_may_hold_quotes_and_brackets() -> None:
    text = (
        "#Fields: c-ip\tcs(User-Agent)\tdate\ttime\tcs-host\tcs-method\tsc-status\n"
        "10.0.0.7\tMoz [FB]\t2026-11-20\t08:00:00\tapi.openai.com\tGET\t200\n"
        '10.0.0.7\tMoz "x y"\t2026-11-20\t08:00:00\tclaude.ai\tGET\t200\n'
    )
    assert hosts(w3c, text) == ["api.openai.com", "claude.ai"]


@pytest.mark.parametrize(
    "word", ["Sinkholed", "Quarantined", "TCP_DENIED/403", "policy-deny", "web-block"]
)
def test_more_words_for_a_block(word: str) -> None:
    text = f"time,client_ip,domain,action\n2026-11-20T08:00:00Z,10.0.0.7,claude.ai,{word}\n"
    assert said(csv_fields, text)[0][3] == "blocked"


def test_an_answer_in_another_case_is_an_answer() -> None:
    text = (
        "Nov 20 08:01:02 dnsmasq[7]: query[A] Api.OpenAI.com from 10.0.0.8\n"
        "Nov 20 08:01:02 dnsmasq[7]: gravity blocked api.openai.com is 0.0.0.0\n"
    )
    assert said(dnsmasq, text, year=2026)[0][3] == "blocked"
