"""Zeek logs as JSON lines, with flat, underscored or nested connection ids.

    {"ts":1575413122.76,"uid":"CWwU9s3h33kFsa9Ljg","id.orig_h":"10.18.20.97","query":"api.openai.com",...}

Reference: https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Tally, sieve_of
from scanner.logs.clock import Clock
from scanner.logs.values import decoded
from scanner.logs.zeek import (
    asked_host,
    is_of_connections,
    is_worth_a_look,
    named_connection,
    observe,
    observe_connection,
)
from scanner.model import Observation

if TYPE_CHECKING:
    from scanner.logs.rows import Mask, Rows

_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# The number of a line that may be wanted, the line, and what is known of its host.
_Row = tuple[int, bytes, str | None]


class _Usual(msgspec.Struct, gc=False):
    """What decides whether a record is wanted, as nearly every record has it.

    The fewer fields and the more in the order of the log, the faster: all others are passed over.
    """

    ts: float | str
    uid: Annotated[str, msgspec.Meta(min_length=1)]
    query: str | None = None
    server_name: str | None = None
    method: str | None = None
    host: str | None = None
    uri: str | None = None


class _Names(msgspec.Struct, gc=False):
    """The same of a record that has it otherwise."""

    uid: str | None = None
    query: str | None = None
    server_name: str | None = None
    host: Any = None
    conn: Any = msgspec.field(default=None, name="id")
    orig: str | None = msgspec.field(default=None, name="id.orig_h")
    orig_under: str | None = msgspec.field(default=None, name="id_orig_h")
    fuid: Any = None
    path: Any = msgspec.field(default=None, name="_path")
    stream: Any = msgspec.field(default=None, name="@stream")
    ts: Any = None
    written: Any = msgspec.field(default=None, name="_write_ts")
    method: Any = None
    uri: Any = None


class _Unnamed(msgspec.Struct, gc=False):
    """What matters of a record without a host."""

    uid: Any = None
    uri: Any = None
    path: Any = msgspec.field(default=None, name="_path")
    stream: Any = msgspec.field(default=None, name="@stream")


_usual = msgspec.json.Decoder(_Usual).decode
_usual_records = msgspec.json.Decoder(_Usual).decode_lines
_names = msgspec.json.Decoder(_Names).decode
_unnamed = msgspec.json.Decoder(_Unnamed).decode


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    for batch in batches:
        for number, line, host in _wanted(batch, hosts, tally):
            try:
                seen = _observed(line, number, host, hosts, tally, clock)
            except _ERRORS as error:  # in what was passed over
                tally.reject(number, f"not a JSON record: {error}", line)
                continue
            if seen is not None:
                yield seen


def _are_usual(rows: Rows) -> Mask:
    from scanner.logs.rows import are_names  # with numpy, which is loaded for sieves alone

    records = rows.records(_usual_records)
    if records is None:
        return rows.none()
    return are_names([one.query or one.server_name or one.host or "" for one in records])


def flows(batches: Iterable[Batch], hosts: HostTable) -> Iterator[tuple[bytes, str]]:
    """Yield the id and the wanted host of each connection that an ssl or quic log names."""
    for batch in batches:
        for _, line, host in _wanted(batch, hosts, Tally()):
            try:
                uid = named_connection(_row(line)) if host else None
            except _ERRORS:
                continue
            if uid and host:
                yield uid, host


def _wanted(batch: Batch, hosts: HostTable, tally: Tally) -> Iterator[_Row]:
    """Yield the lines that may be wanted."""
    usual = _all_usual(batch.lines)
    if usual is None:
        yield from _one_by_one(batch, hosts, tally)
        return
    for at, record in enumerate(usual):
        host = hosts[record.query or record.server_name or record.host or ""]
        if host is not None or (
            record.uri is not None and is_worth_a_look(record.method, record.uri, hosts)
        ):
            yield batch.numbers[at], batch.lines[at], host


def _all_usual(lines: Sequence[bytes]) -> list[_Usual] | None:
    """Decode records, without a step of Python's own on each; None if one of them is not usual."""
    try:
        return [_usual(line) for line in lines]
    except _ERRORS:
        return None


def _one_by_one(batch: Batch, hosts: HostTable, tally: Tally) -> Iterator[_Row]:
    """Yield the lines that may be wanted, and account for those that are no records."""
    for number, line in zip(*batch, strict=True):
        try:
            record = _any(line)
        except _ERRORS as error:
            tally.reject(number, f"not a JSON record: {error}", line)
            continue
        if isinstance(record, _Names) and not _is_of_zeek(record):
            tally.reject(number, "not a Zeek record: no ts, or neither uid nor id", line)
            continue
        raw = record.query or record.server_name or record.host
        host = hosts[raw if isinstance(raw, str) else ""]
        if host is not None or is_worth_a_look(record.method, record.uri, hosts):
            yield number, line, host


def _any(line: bytes) -> _Usual | _Names:
    """Decode a record: as a usual one if it can be, so that what is around it makes no difference."""
    try:
        return decoded(_usual, line)
    except _ERRORS:
        return decoded(_names, line)


def _observed(
    line: bytes, number: int, host: str | None, hosts: HostTable, tally: Tally, clock: Clock
) -> Observation | None:
    flow = None
    if host == "":
        record = decoded(_unnamed, line)
        flow = hosts.of_flow(record.uid) if isinstance(record.uid, str) else None
        if flow is None and record.uri is None:
            tally.ignored[_without_a_host(record.path or record.stream)] += 1
            return None
    row = _row(line)
    if flow is not None and is_of_connections(_path(row), row):
        return observe_connection(row, flow, clock, number)
    host = asked_host(row, host, hosts)
    if host is None:
        return None
    seen = observe(_path(row), row, host, clock, number)
    if seen is None:
        tally.ignored[_without_a_host(_path(row))] += 1
    return seen


def _is_of_zeek(names: _Names) -> bool:
    """Whether it is a record of any log; those of files have no connection, only their name."""
    connection = names.uid or names.orig or names.orig_under or names.conn
    is_dated = names.ts is not None or names.written is not None
    return is_dated and bool(connection or names.path or names.stream or names.fuid)


def _row(line: bytes) -> dict[str, Any]:
    """Return the fields of a record that are set."""
    record: dict[str, Any] = decoded(msgspec.json.decode, line)
    if None not in record.values():  # as Zeek itself writes them
        return record
    return {key: value for key, value in record.items() if value is not None}


def _path(row: dict[str, Any]) -> str:
    return str(row.get("_path") or row.get("@stream") or "")


def _without_a_host(path: object) -> str:
    """As what a record without a host is counted."""
    return f"{path or 'zeek'} record without a host"


FORMAT = Format(
    name="zeek-json",
    title="Zeek dns, ssl, quic, http, conn (JSON)",
    read=read,
    sieve=sieve_of(_are_usual),
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
