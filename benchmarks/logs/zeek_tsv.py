"""A Zeek dns.log with its 24 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.logs import Kind, Log
from benchmarks.logs.questions import answers_of, outcome_of, port_of, type_of, uid_of
from benchmarks.traffic import Visit

_COLUMNS = {
    "ts": "time", "uid": "string", "id.orig_h": "addr", "id.orig_p": "port", "id.resp_h": "addr",
    "id.resp_p": "port", "proto": "enum", "trans_id": "count", "rtt": "interval",
    "query": "string", "qclass": "count", "qclass_name": "string", "qtype": "count",
    "qtype_name": "string", "rcode": "count", "rcode_name": "string", "AA": "bool", "TC": "bool",
    "RD": "bool", "RA": "bool", "Z": "count", "answers": "vector[string]",
    "TTLs": "vector[interval]", "rejected": "bool",
}  # fmt: skip
COLUMNS = tuple(_COLUMNS)


def _lines(seen: Iterable[Visit]) -> Iterator[str]:
    for time, client, host, bits in seen:
        number, qtype = type_of(bits)
        code, outcome = outcome_of(bits)
        answers = answers_of(bits, qtype) if outcome == "NOERROR" else ()
        yield (
            f"{time:.6f}\tC{uid_of(bits)}\t{client}\t{port_of(bits)}\t10.0.{bits >> 3 & 1}.53\t53\tudp\t"
            f"{bits >> 32 & 65_535}\t0.0{bits & 32_767:05d}\t{host}\t1\tC_INTERNET\t{number}\t{qtype}\t"
            f"{code}\t{outcome}\tF\tF\tT\tT\t0\t{','.join(answers) or '-'}\t"
            f"{','.join(['60.000000'] * len(answers)) or '-'}\tF\n"
        )


LOG = Log(
    title="Zeek dns.log (TSV)",
    kind=Kind.COLUMNS,
    lines=_lines,
    keeps_case=True,
    header=(
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
        "#open\t2026-11-19-00-00-00\n"
        f"#fields\t{chr(9).join(COLUMNS)}\n#types\t{chr(9).join(_COLUMNS.values())}\n"
    ),
    footer="#close\t2026-11-22-00-00-00\n",
)
