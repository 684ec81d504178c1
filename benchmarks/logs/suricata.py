"""Suricata's eve.json: DNS of version 3 with answers, TLS and HTTP with the flows they end in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from time import gmtime, strftime

from benchmarks.logs import Kind, Log
from benchmarks.logs.questions import answers_of, outcome_of, port_of, type_of
from benchmarks.traffic import ELSEWHERE, Visit

_LAG = 40  # flows that are open at one time
_DNS, _TLS, _HTTP = 8, 13, 15  # of 16 visits: 8 by DNS, 5 by TLS, 2 by HTTP, 1 a flow alone


def _lines(seen: Iterable[Visit]) -> Iterator[str]:
    second, stamp = -1, ""
    waiting: deque[str] = deque()
    for time, client, host, bits in seen:
        if int(time) != second:
            second = int(time)
            stamp = strftime("%Y-%m-%dT%H:%M:%S", gmtime(second))
        begun, ended = _events(stamp, client, host, bits)
        if begun:
            yield begun
        if bits & 15 < _DNS:
            yield ended
        else:
            waiting.append(ended)
        if len(waiting) > _LAG:
            yield waiting.popleft()


def _events(stamp: str, client: str, host: str, bits: int) -> tuple[str, str]:
    """Return the record of a visit, and the answer or flow that follows it."""
    head = f'{{"timestamp":"{stamp}.{bits >> 20 & 0x7FFFF:06d}+0000","flow_id":{bits >> 12},"in_iface":"eth0",'
    kind = bits & 15
    if kind < _DNS:
        return _dns(head, client, host, bits)
    ends = (
        f'"src_ip":"{client}","src_port":{port_of(bits)},"dest_ip":"198.51.100.{bits >> 40 & 255}",'
        f'"dest_port":{80 if _TLS <= kind < _HTTP else 443},"proto":"TCP"'
    )
    return _record(kind, head, ends, host, bits), _flow(head, ends, bits)


def _dns(head: str, client: str, host: str, bits: int) -> tuple[str, str]:
    qtype = type_of(bits)[1]
    outcome = outcome_of(bits)[1]
    ends = (
        f'{head}"event_type":"dns","src_ip":"{client}","src_port":{port_of(bits)},'
        f'"dest_ip":"10.0.0.53","dest_port":53,"proto":"UDP","dns":{{"version":3,'
    )
    question = f'"queries":[{{"rrname":"{host}","rrtype":"{qtype}"}}]'
    number = bits >> 32 & 65_535
    answers = answers_of(bits, qtype) if outcome == "NOERROR" else ()
    told = ",".join(_answer(host, qtype, one) for one in answers)
    return (
        f'{ends}"type":"request","tx_id":0,"id":{number},"flags":"100","rd":true,"opcode":0,'
        f'"rcode":"NOERROR",{question}}}}}\n',
        f'{ends}"type":"response","tx_id":1,"id":{number},"flags":"8180","qr":true,"rd":true,'
        f'"ra":true,"opcode":0,"rcode":"{outcome}",{question}'
        + (f',"answers":[{told}]}}}}\n' if told else "}}\n"),
    )


def _answer(host: str, qtype: str, data: str) -> str:
    rrtype = "CNAME" if data[-1].isalpha() and ":" not in data else qtype
    return f'{{"rrname":"{host}","rrtype":"{rrtype}","ttl":60,"rdata":"{data}"}}'


def _record(kind: int, head: str, ends: str, host: str, bits: int) -> str:
    if kind < _TLS:
        return (
            f'{head}"event_type":"tls",{ends},"tls":{{"sni":"{host}","version":"TLS 1.3",'
            f'"ja4":"t13d1516h2_8daaf6152771_{bits >> 24 & 0xFFFFFFFF:08x}"}}}}\n'
        )
    if kind < _HTTP:
        refer = f"http://{ELSEWHERE}/" if bits >> 30 & 127 == 5 else "http://www.example.org/"
        return (
            f'{head}"event_type":"http",{ends},"http":{{"hostname":"{host}","url":"/news/{bits >> 50}",'
            f'"http_user_agent":"Mozilla/5.0 (X11; Linux x86_64)","http_refer":"{refer}",'
            f'"http_method":"GET","protocol":"HTTP/1.1","status":200,"length":{bits >> 36 & 65_535}}}}}\n'
        )
    return ""


def _flow(head: str, ends: str, bits: int) -> str:
    return (
        f'{head}"event_type":"flow",{ends},"flow":{{"pkts_toserver":{bits >> 8 & 63},'
        f'"pkts_toclient":{bits >> 9 & 63},"bytes_toserver":{bits >> 16 & 65_535},'
        f'"bytes_toclient":{bits >> 24 & 65_535},"age":60,"state":"closed","alerted":false}}}}\n'
    )


LOG = Log(
    title="Suricata eve.json",
    kind=Kind.JSON,
    lines=_lines,
    keeps_case=True,
    lines_per_visit=2 - 1 / 16,
)
