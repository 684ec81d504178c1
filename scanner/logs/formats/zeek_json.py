"""Zeek logs as JSON lines, with flat, underscored or nested connection ids.

    {"ts":1575413122.76,"uid":"CWwU9s3h33kFsa9Ljg","id.orig_h":"10.18.20.97","query":"api.openai.com",...}

Reference: https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.values import decoded
from scanner.logs.zeek import asked_host, is_worth_a_look, observe
from scanner.model import Observation


class _Names(msgspec.Struct, gc=False):
    """The few fields that decide whether a record is wanted; decoding stops at nothing else."""

    uid: str | None = None
    query: str | None = None
    server_name: str | None = None
    host: Any = None
    conn: Any = msgspec.field(default=None, name="id")
    orig: str | None = msgspec.field(default=None, name="id.orig_h")
    orig_under: str | None = msgspec.field(default=None, name="id_orig_h")
    ts: Any = None
    method: Any = None
    uri: Any = None


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    decode = msgspec.json.Decoder(_Names).decode
    for number, line in numbered(batches):
        try:
            names = decoded(decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            tally.reject(number, f"not a JSON record: {error}", line)
            continue
        if names.ts is None or not (names.uid or names.orig or names.orig_under or names.conn):
            tally.reject(number, "not a Zeek record: no ts, or neither uid nor id", line)
            continue
        raw = names.query or names.server_name or names.host
        host = hosts[raw if isinstance(raw, str) else ""]
        if host is None and not is_worth_a_look(names.method, names.uri, hosts):
            continue
        try:
            row = _row(line)
        except (msgspec.DecodeError, RecursionError) as error:  # in what was passed over above
            tally.reject(number, f"not a JSON record: {error}", line)
            continue
        host = asked_host(row, host, hosts)
        if host is None:
            continue
        if seen := observe(_path(row), row, host, clock, number):
            yield seen
        else:
            tally.ignored[f"{_path(row) or 'zeek'} record without a host"] += 1


def _row(line: bytes) -> dict[str, Any]:
    """Return the fields of a record that are set."""
    record: dict[str, Any] = decoded(msgspec.json.decode, line)
    return {key: value for key, value in record.items() if value is not None}


def _path(row: dict[str, Any]) -> str:
    return str(row.get("_path") or row.get("@stream") or "")


FORMAT = Format(
    name="zeek-json",
    title="Zeek dns, ssl, quic, http (JSON)",
    read=read,
    specificity=60,
    proves=OF_A_PROXY,
    reference="https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs",
    sample=(
        b'{"ts":1795226310.136,"uid":"Ch1","id.orig_h":"10.0.0.7","id.orig_p":51234,'
        b'"id.resp_h":"10.0.0.1","id.resp_p":53,"proto":"udp","query":"api.openai.com",'
        b'"qtype_name":"A","rcode_name":"NOERROR","answers":["203.0.113.7"],"rejected":false}\n'
        b'{"ts":1795226311.25,"uid":"Ch2","id.orig_h":"10.0.0.8","id.orig_p":51235,'
        b'"id.resp_h":"203.0.113.9","id.resp_p":443,"server_name":"claude.ai","established":true}\n'
    ),
)
