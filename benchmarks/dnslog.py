"""Writes a Zeek dns.log as a resolver of 10,000 clients leaves it: 1.5 % AI names, Zipf, three days.

    python -m benchmarks.dnslog LINES FILE [TIMES]

The same arguments give the same bytes. TIMES repeats the records: a larger log with the same hosts
and clients, which shows what a reader keeps for a line rather than for a name.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from benchmarks import names

AI_SHARE = 0.015
MIXED_CASE_SHARE = 0.01  # of the AI lines
LOOK_ALIKE_SHARE = 0.005
DAYS = 3

_FIRST = 1_795_046_400  # 2026-11-19 00:00:00 UTC
_BATCH = 10_000
_COLUMNS = {
    "ts": "time", "uid": "string", "id.orig_h": "addr", "id.orig_p": "port", "id.resp_h": "addr",
    "id.resp_p": "port", "proto": "enum", "trans_id": "count", "rtt": "interval",
    "query": "string", "qclass": "count", "qclass_name": "string", "qtype": "count",
    "qtype_name": "string", "rcode": "count", "rcode_name": "string", "AA": "bool", "TC": "bool",
    "RD": "bool", "RA": "bool", "Z": "count", "answers": "vector[string]",
    "TTLs": "vector[interval]", "rejected": "bool",
}  # fmt: skip
COLUMNS = tuple(_COLUMNS)
_HEADER = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
    "#open\t2026-11-19-00-00-00\n"
    f"#fields\t{chr(9).join(COLUMNS)}\n#types\t{chr(9).join(_COLUMNS.values())}\n"
)
_FOOTER = "#close\t2026-11-22-00-00-00\n"
_QUESTIONS = ("1\tA",) * 12 + ("28\tAAAA",) * 5 + ("65\tHTTPS",) * 3
_OUTCOMES = ("0\tNOERROR",) * 94 + ("3\tNXDOMAIN",) * 5 + ("2\tSERVFAIL",)
_UID = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"


def write(file: Path, lines: int, times: int = 1) -> None:
    """Write ``lines`` records, ``times`` over; memory does not grow with them."""
    for at in range(times):
        with file.open("a" if at else "w", encoding="ascii", newline="\n") as out:
            if not at:
                out.write(_HEADER)
            for batch in _batches(lines):
                out.write(batch)
    with file.open("a", encoding="ascii", newline="\n") as out:
        out.write(_FOOTER)


def _batches(lines: int) -> Iterator[str]:
    traffic = _Traffic()
    for start in range(0, lines, _BATCH):
        count = min(_BATCH, lines - start)
        yield "".join(traffic.records(start, count, lines))


class _Zipf:
    """Draws from a list whose n-th entry is met in proportion to 1 / n ** exponent."""

    def __init__(self, values: list[str], exponent: float) -> None:
        self._values = values
        self._weights = list(accumulate(1 / n**exponent for n in range(1, len(values) + 1)))

    def draw(self, dice: random.Random, count: int) -> list[str]:
        return dice.choices(self._values, cum_weights=self._weights, k=count)


class _Traffic:
    """Who asks for what."""

    def __init__(self) -> None:
        self._dice = random.Random(names.SEED + 4)
        self._benign = _Zipf(names.benign_hosts(), 1.0)
        self._ai = _Zipf(names.ai_hosts(), 1.0)
        self._look_alike = _Zipf(names.look_alikes(), 1.0)
        self._clients = _Zipf(names.clients(), 0.6)

    def records(self, start: int, count: int, lines: int) -> Iterator[str]:
        """Yield ``count`` records from the ``start``-th of ``lines``, which fill three days."""
        dice = self._dice
        step = DAYS * 86_400 / lines
        queries = [self._other_than(host) for host in self._benign.draw(dice, count)]
        clients = self._clients.draw(dice, count)
        questions = dice.choices(_QUESTIONS, k=count)
        outcomes = dice.choices(_OUTCOMES, k=count)
        for at in range(count):
            yield _record(
                dice.getrandbits(64),
                f"{_FIRST + (start + at) * step:.6f}",
                clients[at],
                queries[at],
                questions[at],
                outcomes[at],
            )

    def _other_than(self, benign: str) -> str:
        chance = self._dice.random()
        if chance < AI_SHARE:
            (host,) = self._ai.draw(self._dice, 1)
            return self._mixed(host) if chance < AI_SHARE * MIXED_CASE_SHARE else host
        if chance < AI_SHARE + LOOK_ALIKE_SHARE:
            return self._look_alike.draw(self._dice, 1)[0]
        return benign

    def _mixed(self, host: str) -> str:
        """Return the host as a resolver that plays with case (DNS 0x20) asks for it."""
        return "".join(self._dice.choice((letter, letter.upper())) for letter in host)


def _record(bits: int, time: str, client: str, query: str, question: str, outcome: str) -> str:
    uid = "".join([_UID[bits >> shift & 31] for shift in range(0, 60, 5)])
    port = 49_152 + (bits & 16_383)
    resolver = "10.0.0.53" if bits & 3 else "10.0.1.53"
    if outcome == "0\tNOERROR":
        answers, ttls = _answers(bits, question)
    else:
        answers = ttls = "-"
    return (
        f"{time}\tC{uid}\t{client}\t{port}\t{resolver}\t53\tudp\t{bits >> 32 & 65_535}\t"
        f"0.0{bits & 32_767:05d}\t{query}\t1\tC_INTERNET\t{question}\t{outcome}\t"
        f"F\tF\tT\tT\t0\t{answers}\t{ttls}\tF\n"
    )


def _answers(bits: int, question: str) -> tuple[str, str]:
    """Return answers and TTLs; one in a thousand benign names is an alias of an AI host."""
    if bits & 1023 == 5:
        return "api.openai.com,203.0.113.9", "300.000000,60.000000"
    low, high = bits >> 8 & 255, bits >> 16 & 255
    if question == "28\tAAAA":
        return f"2001:db8::{low:x}:{high:x}", "60.000000"
    if question == "65\tHTTPS":
        return "-", "-"
    if bits & 3 == 0:
        return f"edge{low}.cdn.example,198.51.100.{high}", "300.000000,60.000000"
    return f"198.51.100.{low},203.0.113.{high}", "60.000000,60.000000"


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
