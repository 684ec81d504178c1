"""The loop that anyone would write: split or decode every line, walk up the host's labels, count."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks import names
from benchmarks.contenders import Case, Counts, Reading, day_of, product_of


class Met(NamedTuple):
    day: int
    client: str
    host: str


def reading(case: Case) -> Reading:
    """Return the loop for the case's log."""
    products = names.read_suffixes(case.suffixes)
    parse = _PARSERS[case.log]

    def read() -> Callable[[], Counts]:
        counts: Counter[tuple[str, str, int]] = Counter()
        with case.file.open(encoding="utf-8", newline="\n") as lines:
            for day, client, host in parse(lines):
                product = product_of(host.lower().rstrip("."), products)
                if product is not None:
                    counts[product, client, day] += 1
        return lambda: counts

    return read


def _zeek_tsv(lines: Iterable[str]) -> Iterator[Met]:
    for line in lines:
        if line[0] != "#":
            cells = line.split("\t")
            yield Met(day_of(cells[0]), cells[2], cells[9])


def _zeek_json(lines: Iterable[str]) -> Iterator[Met]:
    for line in lines:
        record = json.loads(line)
        yield Met(int(record["ts"]) // 86_400, record["id.orig_h"], record["query"])


def _squid(lines: Iterable[str]) -> Iterator[Met]:
    for line in lines:
        time, _, client, _, _, method, url, *_ = line.split()
        site = url.rpartition(":")[0] if method == "CONNECT" else urlsplit(url).hostname or ""
        yield Met(day_of(time), client, site)


def _umbrella_dns(lines: Iterable[str]) -> Iterator[Met]:
    for row in csv.reader(lines):
        yield Met(day_of(row[0]), row[3], row[8])


def _suricata(lines: Iterable[str]) -> Iterator[Met]:
    for line in lines:
        event = json.loads(line)
        match event["event_type"]:
            case "dns" if event["dns"]["type"] == "request":
                host = event["dns"]["queries"][0]["rrname"]
            case "tls":
                host = event["tls"]["sni"]
            case "http":
                host = event["http"]["hostname"]
            case _:
                continue
        yield Met(day_of(event["timestamp"]), event["src_ip"], host)


def _bind(lines: Iterable[str]) -> Iterator[Met]:
    for line in lines:
        head, found, rest = line.partition(": query: ")
        if found:
            client = head.partition(" client ")[2].split()[1].partition("#")[0]
            yield Met(day_of(line), client, rest.partition(" ")[0])


_PARSERS: dict[str, Callable[[Iterable[str]], Iterator[Met]]] = {
    "zeek_tsv": _zeek_tsv,
    "zeek_json": _zeek_json,
    "squid": _squid,
    "umbrella_dns": _umbrella_dns,
    "suricata": _suricata,
    "bind": _bind,
}
