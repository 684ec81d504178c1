"""Squid's native access.log: 30 % tunnels, the rest requests, some with an AI name in a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.logs import Kind, Log
from benchmarks.traffic import ELSEWHERE, Visit

_METHODS = ("GET",) * 60 + ("POST",) * 3 + ("HEAD",)  # 64
_RESULTS = (
    ("TCP_MISS/200",) * 40
    + ("TCP_HIT/200",) * 8
    + ("TCP_REFRESH_UNMODIFIED/304",) * 8
    + ("TCP_MISS/404",) * 4
    + ("TCP_MISS/302",) * 3
    + ("TCP_DENIED/403",)
)  # 64
_PATHS = (
    "",
    "index.html",
    "static/app.3f9c.js",
    "images/logo.png",
    "api/v2/items",
    "news/2026/11/",
)
_TYPES = ("text/html", "application/javascript", "image/png", "application/json")


def _lines(seen: Iterable[Visit]) -> Iterator[str]:
    for time, client, host, bits in seen:
        head = f"{time:.3f} {bits >> 8 & 4095:6d} {client} "
        size, server = bits >> 20 & 65_535, f"198.51.100.{bits >> 36 & 255}"
        if (bits & 1023) < 307:
            yield f"{head}TCP_TUNNEL/200 {size} CONNECT {host}:443 - HIER_DIRECT/{server} -\n"
            continue
        result, method = _RESULTS[bits >> 44 & 63], _METHODS[bits >> 50 & 63]
        way = f"HIER_DIRECT/{server}" if result[4] != "D" else "HIER_NONE/-"
        yield (
            f"{head}{result} {size} {method} http://{host}/{_PATHS[bits % 6]}{_parameter(bits)} "
            f"- {way} {_TYPES[bits & 3]}\n"
        )


def _parameter(bits: int) -> str:
    """Return what follows the path: one request in four hundred refers to an AI host."""
    chance = bits >> 54 & 1023
    if chance < 3:
        return f"?ref={ELSEWHERE}"
    return f"?id={bits >> 24 & 65_535}" if chance < 256 else ""


LOG = Log(title="Squid access.log", kind=Kind.TEXT, lines=_lines, keeps_case=False)
