r"""Zeek logs as tab-separated values: dns, ssl, quic and http, and conn beside them.

    #fields	ts	uid	id.orig_h	id.orig_p	...	query	...	rcode_name	...	answers
    1575413122.764317	CWwU9s3h33kFsa9Ljg	10.18.20.97	59102	...	api.openai.com	...

Columns are taken from ``#fields``, which may change anywhere in the file.
Reference: https://docs.zeek.org/en/master/log-formats.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING

from scanner.hosts import HostTable, is_absolute_url
from scanner.logs import OF_A_PROXY, Batch, Format, Sieve, Sieved, Tally
from scanner.logs.clock import Clock
from scanner.logs.zeek import (
    HOST_FIELDS,
    USED_FIELDS,
    asked_host,
    is_of_connections,
    kind_of_log,
    named_connection,
    observe,
    observe_connection,
)
from scanner.model import Observation

if TYPE_CHECKING:
    from scanner.logs.rows import Mask, Rows

_HASH = ord("#")
_FIRST = itemgetter(0)
_UNSET = (b"-", b"(empty)")
_DIRECTIVE = re.compile(
    rb"#(?:separator|set_separator|empty_field|unset_field|path|open|close|fields|types)\b"
)
_CHANGES = (b"#separator", b"#path", b"#fields")
_NOWHERE = 1 << 30  # no line has that many columns

# The number of a line that may be wanted, the line, and what is known of its host.
_Row = tuple[int, bytes, str | None]


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    layout = _Layout()
    for batch in batches:
        for number, line, host in _wanted(batch, layout, hosts, tally):
            yield from _observed(line, number, host, layout, hosts, tally, clock)


def flows(batches: Iterable[Batch], hosts: HostTable) -> Iterator[tuple[bytes, str]]:
    """Yield the id and the wanted host of each connection that an ssl or quic log names."""
    layout = _Layout()
    for batch in batches:
        for _, line, host in _wanted(batch, layout, hosts, Tally()):
            uid = named_connection(layout.row(line) or {}) if host else None
            if uid and host:
                yield uid, host


def sieve(header: Sequence[bytes]) -> Sieve:
    """Return what tells the records with as many columns as ``#fields`` names, and a host."""
    layout = _Layout()
    for line in header:
        layout.take(line, Tally())

    def are_plain(rows: Rows, _named: Mask) -> Sieved:
        is_header: Mask = rows.bytes[rows.starts] == _HASH
        was_known = layout.is_ready
        if is_header.any():
            directives = [rows.line(row) for row in is_header.nonzero()[0].tolist()]
            was_known = was_known and not any(one.startswith(_CHANGES) for one in directives)
            for one in directives:
                layout.take(one, Tally())
        if not was_known or layout.is_without_hosts or len(layout.separator) != 1:
            return Sieved(rows.none())
        cells = rows.cells(layout.separator[0])
        is_plain: Mask = cells.column(layout.at).is_a_name() & (cells.counts == layout.width)
        return Sieved(is_plain & ~is_header & ~rows.strange())

    return are_plain


def _wanted(batch: Batch, layout: _Layout, hosts: HostTable, tally: Tally) -> Iterator[_Row]:
    found = layout.hosts_at_once(batch.lines, hosts)
    if found is None:
        yield from _one_by_one(batch, layout, hosts, tally)
        return
    rows = [row for row in zip(*batch, found, strict=True) if row[2] is not None]
    if layout.is_without_hosts and len(rows) < len(found):
        tally.ignored[layout.without_a_host] += len(found) - len(rows)
    yield from rows


def _one_by_one(batch: Batch, layout: _Layout, hosts: HostTable, tally: Tally) -> Iterator[_Row]:
    """Yield the lines that may be wanted, taking in headers on the way."""
    for number, line in zip(*batch, strict=True):
        try:
            if line[0] == _HASH:
                layout.take(line, tally)
                continue
            host = hosts[line.split(layout.separator, layout.until)[layout.at]]
        except IndexError:
            host = layout.host_of_flow(line, hosts)
            if host is None:
                layout.refuse(line, number, tally)
                continue
        if host is not None or (layout.is_http and layout.is_worth_a_look(line, hosts)):
            yield number, line, host


def _observed(
    line: bytes,
    number: int,
    host: str | None,
    layout: _Layout,
    hosts: HostTable,
    tally: Tally,
    clock: Clock,
) -> Iterator[Observation]:
    row = layout.row(line)
    if row is None:
        tally.reject(number, "other columns than #fields names", line)
        return
    if layout.is_without_hosts:
        yield observe_connection(row, host or "", clock, number)
        return
    host = asked_host(row, host, hosts)
    if host is None:
        return
    if seen := observe(layout.path, row, host, clock, number):
        yield seen
    else:
        tally.ignored[layout.without_a_host] += 1


class _Layout:
    """The columns that the last ``#fields`` line named, and the log they belong to."""

    def __init__(self) -> None:
        self.path = ""
        self.separator = b"\t"
        self.at = _NOWHERE
        self.until = 1
        self.is_http = False
        self._method_at = self._uri_at = self._flow_at = _NOWHERE
        self._names: list[str] = []
        self._used: list[tuple[str, int]] = []

    @property
    def is_ready(self) -> bool:
        """Whether a header was met."""
        return bool(self._names)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self._names)

    @property
    def is_without_hosts(self) -> bool:
        """Whether no column names a host."""
        return self.at == _NOWHERE

    @property
    def without_a_host(self) -> str:
        """As what a record without a host is counted."""
        return f"{self.path or 'zeek'} record without a host"

    def take(self, line: bytes, tally: Tally) -> None:
        """Take in a directive line."""
        if not _DIRECTIVE.match(line):
            tally.ignored["comment"] += 1
            return
        if line.startswith(b"#separator "):
            self.separator = _unescaped(line.partition(b" ")[2].strip()) or b"\t"
        word, _, rest = line.partition(self.separator)
        if word == b"#path":
            self.path = rest.decode("ascii", "replace").strip()
            self._locate()
        elif word == b"#fields":
            self._names = rest.decode("utf-8", "replace").split(self.separator.decode("latin-1"))
            self._used = [(n, at) for at, n in enumerate(self._names) if n in USED_FIELDS]
            self._locate()
        tally.ignored["header"] += 1

    def row(self, line: bytes) -> dict[str, str] | None:
        """Return the set fields of a record by name, or None if the columns do not agree."""
        cells = line.split(self.separator)
        if len(cells) != len(self._names):
            return None
        return {
            name: cells[at].decode("utf-8", "backslashreplace")
            for name, at in self._used
            if cells[at] not in _UNSET
        }

    def hosts_at_once(
        self, lines: Sequence[bytes], hosts: HostTable
    ) -> Sequence[str | None] | None:
        """Look up the hosts of many records; None where a header or a damaged line is among them.

        Python spends no step of its own on a line here, which is a fifth of the time.
        """
        if self.is_http or not self._names:
            return None
        try:
            if _HASH in map(_FIRST, lines):
                return None
            if not self.is_without_hosts:
                return list(map(hosts.__getitem__, self._cells(lines, self.at)))
            if self._flow_at == _NOWHERE or not hosts.flows:
                return (None,) * len(lines)
            return list(map(hosts.flows.get, self._cells(lines, self._flow_at)))
        except IndexError:
            return None

    def host_of_flow(self, line: bytes, hosts: HostTable) -> str | None:
        """Return the wanted host of a record of conn, if another log names its connection."""
        if self._flow_at == _NOWHERE or not hosts.flows:
            return None
        cells = line.split(self.separator, self._flow_at + 1)
        return hosts.of_flow(cells[self._flow_at]) if len(cells) > self._flow_at else None

    def _cells(self, lines: Iterable[bytes], at: int) -> Iterator[bytes]:
        rows = map(bytes.split, lines, repeat(self.separator), repeat(at + 1))
        return map(itemgetter(at), rows)

    def is_worth_a_look(self, line: bytes, hosts: HostTable) -> bool:
        """Whether a record of the http log asks a proxy for another host, or a model API."""
        cells = line.split(self.separator, max(self._method_at, self._uri_at) + 1)
        method = b"".join(cells[self._method_at : self._method_at + 1])  # empty without a column
        uri = b"".join(cells[self._uri_at : self._uri_at + 1])
        if method == b"CONNECT" or is_absolute_url(uri):
            return True
        return hosts.of_api(uri, method, b"-") is not None

    def refuse(self, line: bytes, number: int, tally: Tally) -> None:
        """Account for a record that has no host column, by its log or by damage."""
        if not self._names:
            why = "no #fields line before it; a zeek-cut extract has lost its header"
            tally.reject(number, why, line)
        elif self.is_without_hosts and line:
            tally.ignored[self.without_a_host] += 1
        else:
            tally.reject(number, "fewer columns than #fields names", line)

    def _locate(self) -> None:
        """Find the host column; a log such as conn has none, known_hosts another kind of host."""
        kind = kind_of_log(self.path)
        wanted = HOST_FIELDS.values() if not self.path else [HOST_FIELDS[kind]] if kind else []
        known = [name for name in wanted if name in self._names]
        self.at = self._names.index(known[0]) if known else _NOWHERE
        self.until = self.at + 1 if known else 1
        self._method_at = self._index("method")
        self._uri_at = self._index("uri")
        self.is_http = known[:1] == ["host"]
        is_conn = not known and is_of_connections(self.path, self._names)
        self._flow_at = self._index("uid") if is_conn else _NOWHERE

    def _index(self, name: str) -> int:
        return self._names.index(name) if name in self._names else _NOWHERE


def _unescaped(separator: bytes) -> bytes:
    r"""Return the separator that ``\x09`` stands for."""
    return re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), separator)


FORMAT = Format(
    name="zeek-tsv",
    title="Zeek dns, ssl, quic, http, conn (TSV)",
    read=read,
    sieve=sieve,
    specificity=90,
    proves=OF_A_PROXY,
    reference="https://docs.zeek.org/en/master/log-formats.html",
    sample=(
        b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
        b"#path\tdns\n#open\t2026-11-20-00-00-00\n"
        b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name"
        b"\trcode_name\tanswers\trejected\n"
        b"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring\tstring\tvector[string]\tbool\n"
        b"1795226310.136000\tCh1\t10.0.0.7\t51234\t10.0.0.1\t53\tudp\tapi.openai.com\tA\tNOERROR\t203.0.113.7\tF\n"
        b"1795226311.250000\tCh2\t10.0.0.8\t51235\t10.0.0.1\t53\tudp\twww.example.org\tA\tNOERROR\t203.0.113.8\tF\n"
        b"#close\t2026-11-20-01-00-00\n"
    ),
)
