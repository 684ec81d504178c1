r"""Netskope web transactions: quoted columns with blanks or commas between them, or JSON.

    2026-11-20 08:01:02 64 18120 5120 23240 10.0.0.7 203.0.113.7 "ana@corp.example" POST https - ... chatgpt.com ... http_transaction ...

The columns are those of the documentation, about 150 of them, unless a header names others. Which
of the later ones a tenant gets differs, so that without a header the policy's verdict is looked
for near the end. Times are UTC.
Reference: https://docs.netskope.com/en/transaction-events-fields/
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from scanner.hosts import HostTable, path_of_url
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.values import count, decoded, outcome, text
from scanner.logs.web import answered
from scanner.model import Action, Channel, Observation, Sighting

_KIND = b"http_transaction"
_COLUMNS = [
    "date",
    "time",
    "time-taken",
    "cs-bytes",
    "sc-bytes",
    "bytes",
    "c-ip",
    "s-ip",
    "cs-username",
    "cs-method",
    "cs-uri-scheme",
    "cs-uri-query",
    "cs-user-agent",
    "cs-content-type",
    "sc-status",
    "sc-content-type",
    "cs-dns",
    "cs-host",
    "cs-uri",
    "cs-uri-port",
    "cs-referer",
    "x-cs-session-id",
    "x-cs-access-method",
    "x-cs-app",
    "x-s-country",
    "x-s-latitude",
    "x-s-longitude",
    "x-s-location",
    "x-s-region",
    "x-s-zipcode",
    "x-c-country",
    "x-c-latitude",
    "x-c-longitude",
    "x-c-location",
    "x-c-region",
    "x-c-zipcode",
    "x-c-os",
    "x-c-browser",
    "x-c-browser-version",
    "x-c-device",
    "x-cs-site",
    "x-cs-timestamp",
    "x-cs-page-id",
    "x-cs-userip",
    "x-cs-traffic-type",
    "x-cs-tunnel-id",
    "x-category",
    "x-other-category",
    "x-type",
]
# Columns that no other product has.
_OWN = frozenset({"x-cs-app", "x-cs-access-method", "x-transaction-id", "x-cs-page-id"})
_MOST_TAIL = 12
_LEAST_WHOLE = 130
_UNSET = frozenset({"notchecked", "notavailable", "nossl"})
_VERDICTS = {
    "allow": Action.ALLOWED,
    "alert": Action.ALLOWED,
    "bypass": Action.ALLOWED,
    "block": Action.BLOCKED,
    "isolate": Action.ALLOWED,
    "useralert": Action.UNKNOWN,
}
_ADDRESS = re.compile(r"[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_Row = Mapping[str, Any]


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    return by_line(_Columns().parse)(batches, hosts, tally, clock)


class _Columns:
    """The columns that the last header named; those of the documentation before any."""

    def __init__(self) -> None:
        self._names = _COLUMNS
        self._between: bytes | None = None  # known from a header

    def parse(self, line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
        """Return what a line shows."""
        if line.lstrip()[:1] == b"{":
            return _of_json(line, hosts, clock)
        if b"cs-host" in line and self._took_header(line):
            return Skipped("header")
        if line[:1] == b"#":
            return Skipped("comment")
        if "x-type" in self._names and _KIND not in line:
            return Refused("no transaction")
        cells = _cells(line, self._between or line[10:11])
        row = dict(zip(self._names, cells, strict=False))
        is_whole = len(cells) == len(self._names)
        if not (row.get("x-type") == "http_transaction" if "x-type" in self._names else is_whole):
            return Refused("other columns than the header names")
        if self._between is None and len(cells) >= _LEAST_WHOLE:
            tail = (cell for cell in cells[-_MOST_TAIL:] if cell.lower() in _VERDICTS)
            row["x-policy-action"] = next(tail, "-")
        return _parse(row, hosts, clock)

    def _took_header(self, line: bytes) -> bool:
        head = re.sub(rb"^#Fields:\s*", b"", line, flags=re.I)
        between = b"," if b"," in head else b" "
        names = [cell.strip().lower() for cell in _cells(head, between)]
        if _OWN.isdisjoint(names) or "cs-host" not in names:
            return False
        self._names, self._between = names, between
        return True


def _cells(line: bytes, between: bytes) -> list[str]:
    """Return the columns of a line with commas or else blanks between them; none if damaged."""
    delimiter = "," if between == b"," else " "
    try:
        return next(csv.reader([line.decode("utf-8", "replace")], delimiter=delimiter), [])
    except csv.Error:  # a cell larger than any, or a lone carriage return
        return []


def _of_json(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    if _KIND not in line:
        return Refused("no transaction")
    try:
        row = decoded(_decode, line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Refused(f"not such a JSON record: {error}")
    if row.get("x-type") != "http_transaction" or "cs-host" not in row:
        return Refused("no transaction")
    return _parse(row, hosts, clock)


def _parse(row: _Row, hosts: HostTable, clock: Clock) -> Parsed:
    site = _site(row)
    host = hosts[site]
    uri, method = _value(row, "cs-uri"), _value(row, "cs-method")
    if host is None and uri is not None:
        host = hosts.of_api(
            uri.encode("utf-8", "surrogatepass"), method, site.encode("utf-8", "surrogatepass")
        )
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    path = _path(row)
    is_tunnel = method in ("CONNECT", None) or path is None or row.get("x-ssl-bypass") == "Yes"
    when, quality = _time(row, clock)
    seen = Observation(
        channel=Channel.PROXY,
        value=host,
        ts=when,
        kind=Sighting.HTTP_CONNECT if is_tunnel else Sighting.HTTP_URL,
        client=_value(row, "c-ip", "x-cs-userip"),
        user=_user(row),
        action=_action(row),
        bytes_up=count(_value(row, "cs-bytes")),
        bytes_down=count(_value(row, "sc-bytes")),
        path=None if is_tunnel else path,
        time_quality=quality,
        method=None if is_tunnel else method,
    )
    return (seen,)


def _site(row: _Row) -> str:
    """Return the host that was asked for: the name in the TLS greeting beats an address."""
    host = _value(row, "cs-host", "x-cs-sni") or ""
    return _value(row, "x-cs-sni") or host if _ADDRESS.fullmatch(host) else host


def _path(row: _Row) -> str | None:
    for name in ("x-cs-uri-path", "cs-uri"):
        uri = _value(row, name)
        if uri is not None and uri.startswith("/"):
            return path_of_url(uri.encode("utf-8", "surrogatepass"))
    return None


def _user(row: _Row) -> str | None:
    """Return the person; an address stands for one whom nobody knows."""
    user = _value(row, "cs-username")
    return None if user in (row.get("c-ip"), row.get("x-cs-userip")) else user


def _action(row: _Row) -> Action:
    status, verdict = answered(_value(row, "sc-status")), _value(row, "x-policy-action")
    said = _VERDICTS.get((verdict or "").lower()) or outcome(verdict)
    if status is Action.CHALLENGED or said is Action.BLOCKED:
        return status if status is Action.CHALLENGED else Action.BLOCKED
    if _value(row, "x-cs-ssl-engine-action") == "Block":
        reason = _value(row, "x-cs-ssl-engine-action-reason") or ""
        return Action.ERROR if reason.startswith("SSL Error") else Action.BLOCKED
    return status if status is Action.ERROR else said or status or Action.UNKNOWN


def _time(row: _Row, clock: Clock) -> Time:
    date, time = _value(row, "date"), _value(row, "time")
    read_time = clock.iso(f"{date}T{time}+00:00")
    return read_time if read_time[0] else clock.any(_value(row, "x-cs-timestamp"))


def _value(row: _Row, *names: str) -> str | None:
    shown = (text(row.get(name)) for name in names)
    return next((one for one in shown if one is not None and one.lower() not in _UNSET), None)


FORMAT = Format(
    name="netskope-transactions",
    title="Netskope web transactions",
    read=read,
    specificity=80,
    proves=OF_A_PROXY,
    reference="https://docs.netskope.com/en/transaction-events-fields/",
    sample=(
        b'2026-11-20 08:01:02 64 18120 5120 23240 10.0.0.7 203.0.113.7 "ana@corp.example" POST https - '
        b'"Mozilla/5.0 (X11; Linux x86_64)" application/json 200 text/event-stream api.openai.com '
        b'api.openai.com /v1/responses 443 - 2071157430488732926 "Client" "OpenAI" - - - - - - - - - - '
        b'- - "Linux" "Chrome" 140 - "openai" 1795161662 0 10.0.0.7 CloudApp - "Generative AI" '
        b'"All Categories" http_transaction - - 1428207982606865851 2732587927347258112\n'
        b'2026-11-20 08:01:09 - 537 0 537 10.0.0.8 - "10.0.0.8" - - - - - - - - chat.deepseek.com - 443 '
        b"- 0 Client - - - - - - - - - - - - - - - - - - 1795161669 0 10.0.0.8 Web - - - "
        b"http_transaction - - 1350739992944030464 0\n"
    ),
)
