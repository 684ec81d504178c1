r"""Zeek logs as tab-separated values: dns, ssl, quic and http.

    #fields	ts	uid	id.orig_h	id.orig_p	...	query	...	rcode_name	...	answers
    1575413122.764317	CWwU9s3h33kFsa9Ljg	10.18.20.97	59102	...	api.openai.com	...

Columns are taken from ``#fields``, which may change anywhere in the file.
Reference: https://docs.zeek.org/en/master/log-formats.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.hosts import HostTable, is_absolute_url
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.zeek import HOST_FIELDS, asked_host, kind_of_log, observe
from scanner.model import Observation

_HASH = ord("#")
_DIRECTIVE = re.compile(
    rb"#(?:separator|set_separator|empty_field|unset_field|path|open|close|fields|types)\b"
)
_NOWHERE = 1 << 30  # no line has that many columns


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    layout = _Layout()
    at, until, tab = layout.at, layout.until, layout.separator
    for number, line in numbered(batches):
        try:
            if line[0] == _HASH:
                layout.take(line, tally)
                at, until, tab = layout.at, layout.until, layout.separator
                continue
            host = hosts[line.split(tab, until)[at]]
        except IndexError:
            layout.refuse(line, number, tally)
            continue
        if host is None and not (layout.is_http and layout.is_worth_a_look(line, hosts)):
            continue
        row = layout.row(line)
        if row is None:
            tally.reject(number, "other columns than #fields names", line)
            continue
        host = asked_host(row, host, hosts)
        if host is None:
            continue
        if seen := observe(layout.path, row, host, clock, number):
            yield seen
        else:
            tally.ignored[f"{layout.path or 'zeek'} record without a host"] += 1


class _Layout:
    """The columns that the last ``#fields`` line named, and the log they belong to."""

    def __init__(self) -> None:
        self.path = ""
        self.separator = b"\t"
        self.at = _NOWHERE
        self.until = 1
        self.is_http = False
        self._method_at = self._uri_at = _NOWHERE
        self._names: list[str] = []

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
            self._locate()
        tally.ignored["header"] += 1

    def row(self, line: bytes) -> dict[str, str] | None:
        """Return the set fields of a record by name, or None if the columns do not agree."""
        separator = self.separator.decode("latin-1")
        cells = line.decode("utf-8", "backslashreplace").split(separator)
        if len(cells) != len(self._names):
            return None
        return {
            name: cell
            for name, cell in zip(self._names, cells, strict=True)
            if cell not in ("-", "(empty)")
        }

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
        elif self.at == _NOWHERE and line:
            tally.ignored[f"{self.path or 'zeek'} record without a host"] += 1
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

    def _index(self, name: str) -> int:
        return self._names.index(name) if name in self._names else _NOWHERE


def _unescaped(separator: bytes) -> bytes:
    r"""Return the separator that ``\x09`` stands for."""
    return re.sub(rb"\\x([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), separator)


FORMAT = Format(
    name="zeek-tsv",
    title="Zeek dns, ssl, quic, http (TSV)",
    read=read,
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
