"""Cisco Umbrella's DNS log: quoted CSV, commas inside the quotes, names with a last dot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import gmtime, strftime

from benchmarks.logs import Kind, Log
from benchmarks.logs.questions import outcome_of, type_of
from benchmarks.traffic import ELSEWHERE, Visit

_CATEGORIES = (
    "Business Services,Software/Technology",
    "Infrastructure",
    "Search Engines",
    "Social Networking,Chat",
    "",
    "Advertisements",
    "SaaS and B2B,Application",
    "News/Media",
)


def _lines(seen: Iterable[Visit]) -> Iterator[str]:
    second, stamp = -1, ""
    for time, client, host, bits in seen:
        if int(time) != second:
            second = int(time)
            stamp = strftime("%Y-%m-%d %H:%M:%S", gmtime(second))
        number, qtype = type_of(bits)
        place = _place(bits)
        is_blocked = bits >> 20 & 127 == 0
        yield (
            f'"{stamp}","{place}","{place},Harbour","{client}","203.0.113.{bits >> 30 & 15}",'
            f'"{"Blocked" if is_blocked else "Allowed"}","{number} ({qtype})","{outcome_of(bits)[1]}",'
            f'"{host}.","{_CATEGORIES[bits & 7]}","Networks","Networks,Sites",'
            f'"{"Advertisements" if is_blocked else ""}","506165","","8234970"\n'
        )


def _place(bits: int) -> str:
    """Return a network's name; one in a thousand is called after an AI host."""
    if bits >> 10 & 1023 == 5:
        return f"Kiosk for {ELSEWHERE}, Hall 2"
    return f"Quay {bits >> 3 & 31}, Floor {bits >> 8 & 3}"


LOG = Log(title="Cisco Umbrella DNS (CSV)", kind=Kind.COLUMNS, lines=_lines, keeps_case=False)
