"""A BIND 9 query log; one query in 64 fails, which repeats its name on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import gmtime, strftime

from benchmarks.logs import Kind, Log
from benchmarks.logs.questions import outcome_of, port_of, type_of
from benchmarks.traffic import Visit

_FLAGS = ("+E(0)K", "+", "+E(0)DC", "-E(0)DC", "+E(0)TK", "+", "+E(0)", "+E(0)K")


def _lines(seen: Iterable[Visit]) -> Iterator[str]:
    second, stamp = -1, ""
    for time, client, host, bits in seen:
        if int(time) != second:
            second = int(time)
            stamp = strftime("%d-%b-%Y %H:%M:%S", gmtime(second))
        head = f"{stamp}.{int(time * 1000) % 1000:03d}"
        who = f"client @0x7f71{bits >> 16 & 0xFFFF:04x}a098 {client}#{port_of(bits)} ({host}):"
        qtype = type_of(bits)[1]
        yield (
            f"{head} queries: info: {who} query: {host} IN {qtype} {_FLAGS[bits >> 3 & 7]} (10.0.0.1)\n"
        )
        outcome = outcome_of(bits)[1]
        if outcome == "SERVFAIL":
            yield (
                f"{head} query-errors: info: {who} query failed ({outcome}) for {host}/IN/{qtype} "
                "at query.c:7837\n"
            )


LOG = Log(
    title="BIND 9 query log",
    kind=Kind.TEXT,
    lines=_lines,
    keeps_case=True,
    lines_per_visit=1 + 1 / 64,
)
