r"""Skyhigh (once McAfee) Web Gateway: its access log, and the lines of pairs it is made to write.

    [20/Nov/2026:08:01:02 +0000] "ana" 10.0.0.7 200 "CONNECT api.openai.com:443 HTTP/1.1" "Web Ads" "Minimal Risk" "" 5120 18120 "Mozilla/5.0" "" "0" ""
    status="200/0" srcip="10.0.0.7" user="ana" dhost="claude.ai" mtd="GET" bytes="538/539/289/286" url="https://claude.ai/chats"

Where a header names other columns, they are read by it. A request that was refused has a block id other than 0. ``bytes`` are those from the client, to
the server, from the server, to the client. The cloud's ``requested_host=`` lines leave out the
quotes, whatever a value holds (from documentation).
Reference: https://success.skyhighsecurity.com/Skyhigh_Secure_Web_Gateway_(On_Prem)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import Clock, Time
from scanner.logs.keyvalue import pairs
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.syslog import time_of
from scanner.logs.values import count, outcome, text
from scanner.logs.web import answered
from scanner.model import Action, Channel, Observation, Sighting

_LONGEST_HEAD = 300
_STAMP = re.compile(rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] ?")
# "user" address [status] "request" [status], and the counts after three quoted words or at once
_ACCESS = re.compile(
    rb'"([^"]*)" ([0-9a-fA-F:.]+) (?:(\d{3}) )?"([^" ]+) ([^"]*)"(?: (\d{3}))?'
    rb'(?:(?: "[^"]*"){3})? (\d+)(?: (\d+))? '
)
_BLOCK_ID = re.compile(rb'"(\d+)"(?: "[^"]*")?\s*$')
_LONGEST_TAIL = 200
# What the appliance calls its columns, and how pairs name the same.
_NAMES = {
    "auth_user": "user", "src_ip": "srcip", "status_code": "status", "method": "mtd",
    "req_line": "http_request_first_line", "host": "dhost", "block_res": "block_id",
    "bytes_from_client": "client_to_server_bytes", "bytes_to_client": "server_to_client_bytes",
}  # fmt: skip
_SITES = frozenset({"http_request_first_line", "url", "dhost"})
_CELL = re.compile(rb'(?<!\S)(?:"([^"]*)"|\[([^]]*)\]|(\S+))(?!\S)')
# What only one of the three kinds of pairs has, and what it has as well.
_SHAPES = (
    (b"http_request_first_line=", "source_ip"),
    (b"requested_host=", "http_action"),
    (b"mtd=", "dhost"),
)


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    return by_line(_Columns().parse)(batches, hosts, tally, clock)


class _Columns:
    """The columns that the last header named, where they tell the site; else those of every log."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def parse(self, line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
        """Return what a line shows."""
        if line.startswith(b"#time_stamp "):
            header = line[1:].decode("utf-8", "replace").replace('"', "")
            names = [_NAMES.get(name, name) for name in header.split()]
            self._names = names if _SITES.intersection(names) else []
            return Skipped("header")
        cells = [a or b or c for a, b, c in _CELL.findall(line)] if self._names else []
        if not self._names or len(cells) != len(self._names):
            return parse(line, hosts, clock)
        shown = (cell.decode("utf-8", "backslashreplace") for cell in cells)
        fields = dict(zip(self._names, shown, strict=True))
        return _parse(fields, hosts, clock.any(fields["time_stamp"]))


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a line shows."""
    stamp = _STAMP.search(line, 0, _LONGEST_HEAD)
    body = line[stamp.end() :] if stamp else line
    when = clock.any(stamp[1].decode()) if stamp else None
    access = _ACCESS.match(body) if stamp else None
    if access:
        fields = _of_access(access, body)
    elif any(mark in body for mark, _ in _SHAPES):
        fields = pairs(body)
        if not any(mark in body and other in fields for mark, other in _SHAPES):
            return Refused("pairs of another product")
    else:
        return Refused("neither an access log line nor pairs of a web gateway")
    return _parse(fields, hosts, when or _time(fields, line, clock))


def _of_access(found: re.Match[bytes], body: bytes) -> dict[str, str]:
    """Return an access log line's fields under the names that they have in pairs."""
    user, client, before, method, url, after, down, up = (part or b"" for part in found.groups())
    blocked = _BLOCK_ID.search(body[-_LONGEST_TAIL:])
    fields = {
        "user": user,
        "srcip": client,
        "status": (before or after) + b"/" + (blocked[1] if blocked else b"0"),
        "http_request_first_line": method + b" " + url,
        "client_to_server_bytes": up,
        "server_to_client_bytes": down,
    }
    return {name: value.decode("utf-8", "backslashreplace") for name, value in fields.items()}


def _parse(fields: Mapping[str, str], hosts: HostTable, when: Time) -> Parsed:
    method, url = _request(fields)
    written = url.encode("utf-8", "surrogatepass")
    host = hosts[host_of_url(written)]
    if host == "":
        host = hosts[_value(fields, "dhost", "destination_host") or ""]
    if host is None:
        host = hosts.of_api(written, method)
    if host is None:
        return ()
    if not host:
        return Skipped("record without a host")
    path = None if method == "CONNECT" else path_of_url(written)
    up, down = _bytes(fields)
    seen = Observation(
        channel=Channel.PROXY,
        value=host,
        ts=when[0],
        kind=Sighting.HTTP_CONNECT if path is None else Sighting.HTTP_URL,
        client=_value(fields, "client_ip", "srcip", "source_ip"),
        user=_value(fields, "user", "username"),
        action=_action(fields),
        bytes_up=count(up),
        bytes_down=count(down),
        path=path,
        time_quality=when[1],
        method=None if path is None else method,
    )
    return (seen,)


def _request(fields: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the method and the URL that were asked for."""
    if line := _value(fields, "http_request_first_line"):
        method, _, url = line.partition(" ")
        return method, re.sub(r" HTTP/[0-9.]+$", "", url).strip()
    if host := _value(fields, "requested_host"):
        return _value(fields, "http_action"), host + (_value(fields, "requested_path") or "")
    return _value(fields, "mtd"), _value(fields, "url") or ""


def _bytes(fields: Mapping[str, str]) -> tuple[str | None, str | None]:
    parts = fields.get("bytes", "").split("/")
    if len(parts) == 4:
        return parts[0], parts[3]
    return (
        _value(fields, "client_to_server_bytes", "source_bytes"),
        _value(fields, "server_to_client_bytes", "destination_bytes"),
    )


def _action(fields: Mapping[str, str]) -> Action:
    written = _value(fields, "status", "http_status_code") or ""
    status, _, block = written.partition("/")
    block = block or fields.get("block_id", "0")
    answer = answered(status)
    if answer in (Action.CHALLENGED, Action.ERROR):
        return answer
    if block.strip("0-"):
        return Action.BLOCKED
    return outcome(_value(fields, "result")) or answer or Action.UNKNOWN


def _time(fields: Mapping[str, str], line: bytes, clock: Clock) -> Time:
    written = _value(fields, "date", "request_timestamp_epoch", "request_timestamp")
    return clock.any(written) if written else time_of(line, clock)


def _value(fields: Mapping[str, str], *names: str) -> str | None:
    return next((shown for name in names if (shown := text(fields.get(name)))), None)


FORMAT = Format(
    name="skyhigh",
    title="Skyhigh (McAfee) Web Gateway",
    read=read,
    specificity=75,
    proves=OF_A_PROXY,
    reference="https://success.skyhighsecurity.com/Skyhigh_Secure_Web_Gateway_(On_Prem)",
    sample=(
        b'[20/Nov/2026:08:01:02 +0000] "ana" 10.0.0.7 200 "POST https://api.openai.com/v1/responses HTTP/2.0" '
        b'"Generative AI" "Minimal Risk" "application/json" 5120 18120 "python-httpx/0.27" "" "0" "OpenAI"\n'
        b'[20/Nov/2026:08:01:09 +0000] "" 10.0.0.8 407 "CONNECT chat.deepseek.com:443 HTTP/1.1" '
        b'"Generative AI" "Minimal Risk" "" 3559 217 "Mozilla/5.0" "" "81" ""\n'
        b'[20/Nov/2026:08:01:10 +0000] status="403/10" srcip="10.0.0.8" user="bob" dhost="chat.deepseek.com" '
        b'urlp="443" proto="HTTPS/https" mtd="GET" urlc="Generative AI" bytes="458/0/0/3001" ua="Chrome140" '
        b'rule="No AI" url="https://chat.deepseek.com/"\n'
    ),
)
