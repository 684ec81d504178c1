"""A Zeek dns.log as JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.logs import Kind, Log
from benchmarks.logs.questions import answers_of, outcome_of, port_of, type_of, uid_of
from benchmarks.traffic import Visit


def _lines(seen: Iterable[Visit]) -> Iterator[str]:
    for time, client, host, bits in seen:
        number, qtype = type_of(bits)
        code, outcome = outcome_of(bits)
        answers = answers_of(bits, qtype) if outcome == "NOERROR" else ()
        yield (
            f'{{"ts":{time:.6f},"uid":"C{uid_of(bits)}","id.orig_h":"{client}",'
            f'"id.orig_p":{port_of(bits)},"id.resp_h":"10.0.{bits >> 3 & 1}.53","id.resp_p":53,'
            f'"proto":"udp","trans_id":{bits >> 32 & 65_535},"rtt":0.0{bits & 32_767:05d},'
            f'"query":"{host}","qclass":1,"qclass_name":"C_INTERNET","qtype":{number},'
            f'"qtype_name":"{qtype}","rcode":{code},"rcode_name":"{outcome}","AA":false,"TC":false,'
            f'"RD":true,"RA":true,"Z":0,{_told(answers)}"rejected":false}}\n'
        )


def _told(answers: tuple[str, ...]) -> str:
    if not answers:
        return ""  # Zeek leaves out what is not set
    names = '","'.join(answers)
    ttls = ",".join(["60.0"] * len(answers))
    return f'"answers":["{names}"],"TTLs":[{ttls}],'


LOG = Log(title="Zeek dns.log (JSON)", kind=Kind.JSON, lines=_lines, keeps_case=True)
