r"""W3C extended log files (ELFF): ProxySG, Forefront TMG and other proxies; IIS is told apart.

    #Fields: date time c-ip cs-username cs-method cs-host cs-uri-path sc-status s-action cs-bytes sc-bytes
    2026-11-20 08:01:02 10.0.0.7 ana GET api.openai.com /v1/models 200 TCP_MISS 812 5120

Columns are taken from ``#Fields``, which may change anywhere; a log with times alone takes its
day from ``#Date``. Where no header goes, as by syslog, lines may be in a layout that a ProxySG comes
with. A web server's own log names visitors and no site that they left for: its records are ignored,
with that reason, and so are those of networks that stand before web servers.
Reference: https://www.w3.org/TR/WD-logfile.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Batch, Format, Tally
from scanner.logs.clock import Clock, Time
from scanner.logs.elff import layout_of
from scanner.logs.lines import numbered
from scanner.logs.requests import squid_outcome
from scanner.logs.values import count, outcome
from scanner.model import Action, Channel, Observation, Sighting

_HASH = ord("#")
_ADDRESS = re.compile(rb"[0-9.]+|\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?")
_NAMED = re.compile(rb"(?:\w+://)?[^/:]*[A-Za-z][^/:]*\.")
_ZONED = re.compile(r" (?:GMT|[+-]\d{4})$")
_DIRECTIVE = re.compile(rb"#[A-Za-z-]+:")
_CELL = re.compile(rb'"((?:[^"]|"")*)"|(\[[^]]*\](?!\S)|\S+)')
# The column that names the site a client asked for, best first.
_HOST_COLUMNS = ("cs-host", "r-host", "cs-uri", "cs-url", "x-host", "cs(host)")
_CLIENT_COLUMNS = ("c-ip", "cs-ip", "x-client-address")
_USER_COLUMNS = (
    "cs-username", "cs-user", "c-username", "x-authenticated-user", "cs-auth-user", "cs-userdn",
)  # fmt: skip
_PATH_COLUMNS = ("cs-uri-path", "cs-uri-stem")
_URL_COLUMNS = ("cs-uri", "cs-url", "c-uri")
_METHOD_COLUMNS = ("cs-method", "s-operation")
_ORIGIN_SERVERS = (
    b"internet information s",
    b"http server api",
    b"iis advanced logging",
    b"incapsula",
)
# Columns that IIS or a content network writes, and no proxy.
_ORIGIN_COLUMNS = frozenset({"sc-win32-status", "sc-substatus", "x-edge-location"})
_TUNNELS = ("ssl", "tcp", "ssl-tunnel", "tunnel")
_NO_ANSWER = "TCP_ERR_MISS"
_BLOCKED = ("DENIED", "BLOCKED", "FORBIDDEN")
_TIME_COLUMNS = (
    "x-timestamp",
    "timestamp",
    "x-cs-timestamp",
    "x-timestamp-unix",
    "x-timestamp-unix-utc",
    "localtime",
)


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    layout = _Layout()
    for number, line in numbered(batches):
        if not line.strip():
            tally.ignored["blank line"] += 1
        elif line[0] == _HASH:
            is_directive = _DIRECTIVE.match(line)
            tally.ignored["header" if is_directive else "comment"] += 1
            if is_directive:
                layout.take(line)
        elif layout.has_no_columns and not layout.guess(line):
            tally.reject(number, layout.why_refused, line)
        elif layout.why_hostless:
            tally.ignored[layout.why_hostless] += 1
        elif (cells := layout.cells(line)) is None:
            tally.reject(number, layout.why_refused, line)
        else:
            at = layout.host_at(cells)
            raw = cells[at]
            site = host_of_url(raw) if b"/" in raw else raw
            host = hosts[site]
            if host is None:
                host = hosts.of_api(layout.url(cells, at), layout.method(cells), site)
            if host:
                yield layout.observe(cells, at, host, clock, number)
            elif host == "":
                tally.ignored["record without a host"] += 1


class _Layout:
    """The columns of the last ``#Fields``, the day of the last ``#Date``, and the software."""

    def __init__(self) -> None:
        self._hosts_at: list[int] = []
        self.why_hostless: str | None = None
        self.why_refused = "no #Fields line before it"
        self._names: list[str] = []
        self._at: dict[str, int] = {}
        self._date = ""
        self._is_origin = False

    def take(self, line: bytes) -> None:
        """Take in a directive line."""
        word, _, rest = line.partition(b":")
        match word.lower():
            case b"#fields":
                names = rest.decode("ascii", "replace").lower().split()
                self._names = [] if any("," in name for name in names) else names
                self._locate()
            case b"#software":
                self._is_origin = any(name in rest.lower() for name in _ORIGIN_SERVERS)
                self._locate()
            case b"#date" | b"#start-date":
                self._date = rest.decode("ascii", "replace").split()[0] if rest.split() else ""

    @property
    def has_no_columns(self) -> bool:
        return not self._names

    def guess(self, line: bytes) -> bool:
        """Take the columns for those of a ProxySG, if no header named any and they look like it."""
        names = layout_of(line, [quoted or bare for quoted, bare in _CELL.findall(line)])
        if names is None:
            return False
        self._names = names
        self._locate()
        return True

    def _locate(self) -> None:
        self._at = {name: at for at, name in reversed(list(enumerate(self._names)))}
        self.why_refused = "other columns than #Fields names"
        known = [name for name in _HOST_COLUMNS if name in self._at]
        if self._is_origin or not _ORIGIN_COLUMNS.isdisjoint(self._at):
            self.why_hostless = "record of a web server, not of a proxy"
        elif self._names and not known:
            self.why_hostless = "record without a host column"
        else:
            self.why_hostless = None
        self._hosts_at = [self._at[name] for name in known]

    def host_at(self, cells: list[bytes]) -> int:
        """Return the column that names the host of a record: a name rather than an address."""
        first, *others = self._hosts_at
        if others and (cells[first] in (b"-", b"") or _ADDRESS.fullmatch(cells[first])):
            named = (at for at in others if _NAMED.match(cells[at]))
            return next(named, first)
        return first

    def cells(self, line: bytes) -> list[bytes] | None:
        """Return the columns of a record, or None if they are not those of ``#Fields``."""
        if b"\t" in line and len(tabbed := line.split(b"\t")) == len(self._names):
            return [cell.strip(b'"') for cell in tabbed]
        if b'"' in line or b"[" in line:
            cells = [quoted.replace(b'""', b'"') or bare for quoted, bare in _CELL.findall(line)]
        else:
            cells = line.split(b"\t") if b"\t" in line else line.split()
        return cells if self._names and len(cells) == len(self._names) else None

    def url(self, cells: list[bytes], at: int) -> bytes:
        """Return the path of a record, or what stands where its URL would."""
        named = (name for name in (*_PATH_COLUMNS, *_URL_COLUMNS) if name in self._at)
        return next((cells[self._at[name]] for name in named), cells[at])

    def method(self, cells: list[bytes]) -> bytes | None:
        named = (name for name in _METHOD_COLUMNS if name in self._at)
        return next((cells[self._at[name]] for name in named), None)

    def observe(
        self, cells: list[bytes], at: int, host: str, clock: Clock, line: int
    ) -> Observation:
        """Return what a record shows, whose host stands in column ``at``."""
        method = self._text(cells, *_METHOD_COLUMNS)
        is_connect = method == "CONNECT" or self._scheme(cells, at) in _TUNNELS
        when, quality = self._time(cells, clock)
        return Observation(
            channel=Channel.PROXY,
            value=host,
            ts=when,
            kind=Sighting.HTTP_CONNECT if is_connect else Sighting.HTTP_URL,
            client=self._text(cells, *_CLIENT_COLUMNS),
            user=_user(self._text(cells, *_USER_COLUMNS)),
            action=self._action(cells),
            bytes_up=count(self._text(cells, "cs-bytes")),
            bytes_down=count(self._text(cells, "sc-bytes")),
            path=None if is_connect else self._path(cells, at),
            line=line,
            time_quality=quality,
            method=None if is_connect else method,
        )

    def _scheme(self, cells: list[bytes], at: int) -> str:
        """Return what the record calls the protocol, or what its URL begins with."""
        named = self._text(cells, "cs-uri-scheme", "cs-protocol")
        return (
            named or self.url(cells, at).partition(b"://")[0].decode("ascii", "replace")
        ).lower()

    def _text(self, cells: list[bytes], *names: str) -> str | None:
        for name in names:
            if name in self._at:
                text = cells[self._at[name]].decode("utf-8", "backslashreplace")
                if text not in ("-", ""):
                    return text
        return None

    def _path(self, cells: list[bytes], at: int) -> str | None:
        for name in _PATH_COLUMNS:
            if (text := self._text(cells, name)) and text.startswith("/"):
                return re.split("[?#;]", text, maxsplit=1)[0]
        return path_of_url(self.url(cells, at))

    def _time(self, cells: list[bytes], clock: Clock) -> Time:
        time = self._text(cells, "time")
        if time is None and (local := self._text(cells, "time-local")):
            return clock.any(f"{self._text(cells, 'date-local') or self._date} {local}")
        if time is None:
            if gmt := self._text(cells, "gmttime"):
                gmt = gmt.strip("[]")
                return clock.any(gmt if _ZONED.search(gmt) else f"{gmt} GMT")
            return clock.any(self._text(cells, *_TIME_COLUMNS))
        date = self._text(cells, "date") or self._date
        return clock.any(f"{date} {time}+00:00" if "-" in date else f"{date} {time}")

    def _action(self, cells: list[bytes]) -> Action:
        if result := self._text(cells, "x-resultcode-httpstatus", "sc-result-code"):
            return self._of_cisco(cells, result)
        status = self._text(cells, "sc-status", "sc-http-status") or ""
        verdict = self._text(cells, "sc-filter-result", "x-policy-action", "action")
        served = (self._text(cells, "s-action") or "").upper()
        if status in ("407", "12209"):  # TMG writes its own code for "authenticate first"
            return Action.CHALLENGED
        said = outcome(verdict)
        if said is Action.BLOCKED or any(word in served for word in _BLOCKED):
            return Action.BLOCKED
        if status in ("502", "503", "504") or served == _NO_ANSWER:
            return Action.ERROR
        return said or (Action.ALLOWED if status or verdict else Action.UNKNOWN)

    def _of_cisco(self, cells: list[bytes], result: str) -> Action:
        """Return what the Secure Web Appliance says, which has Squid's words for it."""
        code, _, status = result.partition("/")
        status = status or self._text(cells, "sc-http-status") or ""
        if "DENIED" in code and status in ("401", "407"):
            return Action.CHALLENGED
        if (self._text(cells, "x-acltag") or "").startswith(("BLOCK_", "DROP_")):
            return Action.BLOCKED
        size = self._text(cells, "sc-bytes") or "0"
        is_tunnel = self._text(cells, *_METHOD_COLUMNS) == "CONNECT"
        return squid_outcome(code.encode(), status.encode(), size.encode(), is_tunnel)


def _user(text: str | None) -> str | None:
    """Undo ``+`` for a blank; TMG marks a name that nobody proved with ``?``."""
    if text is None or text.lower() == "anonymous":
        return None
    return text.replace("+", " ").removesuffix("?").strip() or None


FORMAT = Format(
    name="w3c",
    title="W3C extended (ProxySG, TMG, generic)",
    read=read,
    specificity=90,
    proves=OF_A_PROXY,
    reference="https://www.w3.org/TR/WD-logfile.html",
    sample=(
        b"#Software: Example Proxy 7.3\n#Version: 1.0\n#Date: 2026-11-20 08:00:00\n"
        b"#Fields: date time c-ip cs-username cs-method cs-host cs-uri-path sc-status s-action cs-bytes sc-bytes\n"
        b"2026-11-20 08:01:02 10.0.0.7 ana POST api.openai.com /v1/responses 200 TCP_MISS 18120 5120\n"
        b"2026-11-20 08:01:09 10.0.0.8 - CONNECT chat.deepseek.com - 403 TCP_DENIED 310 0\n"
    ),
)
