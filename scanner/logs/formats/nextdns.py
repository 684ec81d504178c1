"""NextDNS's log as its web interface exports it, CSV with a header of its own, or as its API has it.

    timestamp,domain,query_type,dnssec,protocol,client_ip,status,reasons,destination_country,root_domain,device_id,device_name,device_model,device_local_ip,matched_name,client_name
    2026-11-20T08:01:02.123Z,api.openai.com,A,false,DNS-over-HTTPS,203.0.113.7,,,US,openai.com,A1B2C,laptop-ana,,10.0.0.7,,nextdns-cli
    {"timestamp":"2026-11-20T08:01:02.123Z","domain":"api.openai.com","root":"openai.com","encrypted":true,"protocol":"DNS-over-HTTPS","clientIp":"203.0.113.7","device":{"id":"A1B2C","name":"laptop-ana"},"status":"default","reasons":[]}

The header is real; the values of the columns and the JSON are from documentation.
Reference: https://nextdns.github.io/api/
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.values import decoded, record_type, said, text
from scanner.model import Action, Channel, Observation, Sighting

# Columns that no other export has together.
_MARKS = frozenset({"timestamp", "domain", "query_type", "dnssec", "protocol", "status"})
_ACTIONS = {
    "": Action.ALLOWED,
    "default": Action.ALLOWED,
    "allowed": Action.ALLOWED,
    "blocked": Action.BLOCKED,
    "error": Action.ERROR,
}


class _Entry(msgspec.Struct, gc=False):
    """A query in the API's words; what is missing from any other JSON has no default."""

    timestamp: str
    domain: str
    protocol: str
    encrypted: bool
    status: str
    type: Any = None
    device: Any = None
    client_ip: Any = msgspec.field(default=None, name="clientIp")


_decode = msgspec.json.Decoder(_Entry).decode


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    names: list[str] = []
    for number, line in numbered(batches):
        if not line:
            tally.ignored["blank line"] += 1
            continue
        if line.startswith(b"{"):
            yield from _of_api(line, number, hosts, tally, clock)
            continue
        cells = _cells(line)
        plain = [cell.strip("\ufeff\"' ") for cell in cells] if b"timestamp" in line else []
        if "timestamp" in plain and _MARKS.issubset(plain):
            names = plain
            tally.ignored["header"] += 1
            continue
        if not names or len(cells) != len(names):
            why = f"{len(cells)} columns where the header names {len(names)}"
            tally.reject(number, why if names else "no header of NextDNS above it", line)
            continue
        record = dict(zip(names, cells, strict=True))
        host = hosts[record["domain"]]
        if host:
            yield _observe(record, host, clock, number)
        elif host == "":
            tally.ignored["record without a host"] += 1


def _of_api(
    line: bytes, number: int, hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    try:
        entry = decoded(_decode, line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        tally.reject(number, f"not a JSON record of NextDNS: {error}", line)
        return
    if host := hosts[entry.domain]:
        record = {
            "timestamp": entry.timestamp,
            "status": entry.status,
            "query_type": text(entry.type) or "",
            "device_name": said(entry.device, "name") or "",
            "device_local_ip": said(entry.device, "localIp") or "",
            "client_ip": text(entry.client_ip) or "",
        }
        yield _observe(record, host, clock, number)
    elif host == "":
        tally.ignored["record without a host"] += 1


def _cells(line: bytes) -> list[str]:
    """Return the cells of a row; those of one with a quote left open are too few."""
    written = line.decode("utf-8", "backslashreplace")
    if '"' not in written:
        return written.split(",")
    try:
        return next(csv.reader([written], strict=True), [""])
    except csv.Error:
        return [""]


def _observe(record: Mapping[str, str], host: str, clock: Clock, line: int) -> Observation:
    when, quality = clock.any(record["timestamp"])
    named = (text(record.get(name)) for name in ("device_name", "device_local_ip", "client_ip"))
    return Observation(
        channel=Channel.DNS,
        value=host,
        ts=when,
        kind=Sighting.DNS_QUERY,
        client=next((name for name in named if name), None),
        action=_ACTIONS.get(record["status"].strip().lower(), Action.UNKNOWN),
        qtype=record_type(record["query_type"]),
        line=line,
        time_quality=quality,
    )


FORMAT = Format(
    name="nextdns",
    title="NextDNS log export (CSV, JSON)",
    read=read,
    specificity=85,
    proves=OF_DNS,
    reference="https://nextdns.github.io/api/",
    sample=(
        b"timestamp,domain,query_type,dnssec,protocol,client_ip,status,reasons,destination_country,"
        b"root_domain,device_id,device_name,device_model,device_local_ip,matched_name,client_name\n"
        b"2026-11-20T08:01:02.123Z,api.openai.com,A,false,DNS-over-HTTPS,203.0.113.7,,,US,"
        b"openai.com,A1B2C,laptop-ana,,10.0.0.7,,nextdns-cli\n"
        b'2026-11-20T08:01:09.456Z,chat.deepseek.com,AAAA,false,DNS-over-TLS,203.0.113.7,blocked,"blocklist:oisd,denylist",,'
        b"deepseek.com,D3E4F,phone-tom,,,deepseek.com,\n"
    ),
    window=None,
)
