"""Records whose columns or fields somebody named by what they mean, as observations.

The meanings are those of ``MEANINGS``, whatever the log itself calls them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from scanner.errors import UsageError
from scanner.hosts import HostTable, fold, host_of_url, path_of_url
from scanner.logs import Proof
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Skipped
from scanner.logs.requests import NO_HOST, is_name, status_outcome
from scanner.logs.values import count, is_set, outcome, program, text
from scanner.logs.web import sighting
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality

NO_HOST_FIELD = "record without a host field"
MEANINGS = (
    "host", "url", "client", "user", "time", "action", "status", "method", "bytes_up",
    "bytes_down", "qtype", "process",
)  # fmt: skip
_PROOFS = {
    "host": Proof.HOST, "url": Proof.HOST, "client": Proof.CLIENT, "user": Proof.USER,
    "time": Proof.TIME, "action": Proof.ACTION, "status": Proof.ACTION,
    "bytes_up": Proof.BYTES_UP, "bytes_down": Proof.BYTES_DOWN, "process": Proof.PROCESS,
}  # fmt: skip
# What a record of a host alone shows, by the kind of its log.
KINDS = {
    "dns": (Sighting.DNS_QUERY, Channel.DNS),
    "tls": (Sighting.TLS_SNI, Channel.TLS),
    "proxy": (Sighting.HTTP_URL, Channel.PROXY),
    "connect": (Sighting.HTTP_CONNECT, Channel.PROXY),
}
_RCODES = {
    "0": Action.ALLOWED,
    "2": Action.ERROR,
    "3": Action.NXDOMAIN,
    "5": Action.BLOCKED,
}
_IPV4 = rb"\d{1,3}(?:\.\d{1,3}){3}"
_ADDRESS = re.compile(_IPV4 + rb"(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]{2,45}")  # fmt: skip
_WITH_PORT = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]{2,45}\]):\d{1,5}")
_DIRECTIVE_OF_A_YEAR = re.compile(r"(?:^|[^%])(?:%%)*%[YyGcxDF]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Meanings(NamedTuple):
    """How records of a log are understood: their kind, one of ``KINDS``, and how times are written.

    ``time_format`` is one of ``strptime``; without one, times are read whatever their spelling.
    """

    kind: str | None = None
    time_format: str | None = None

    def parse(
        self, values: Mapping[str, str], site: bytes, hosts: HostTable, clock: Clock
    ) -> Parsed:
        """Return what a record shows, of its values by their meanings and its ``site_of`` them."""
        if not site:
            return Skipped(NO_HOST)
        host = hosts[site]
        url = values.get("url") or None
        if host is None and url is None:
            return ()
        method = (text(values.get("method")) or "").upper() or None
        if host is None and url is not None:
            host = hosts.of_api(url.encode("utf-8", "surrogatepass"), method, site)
        if not host:
            return () if host is None else Skipped(NO_HOST)
        return (self._observation(values, host, text(url), method, clock),)

    def is_plausible(self, values: Mapping[str, str], site: bytes, clock: Clock) -> bool:
        """Whether values that were found by their place alone can be those of a record.

        A host shows it by its dot; without one, the time or the client has to.
        """
        if site and _is_host(site):
            return True
        if site and not re.fullmatch(rb"[A-Za-z0-9_-]{1,63}(?::\d{1,5})?", site):
            return False
        client = (values.get("client") or "").encode("utf-8", "surrogatepass")
        return bool(_ADDRESS.fullmatch(client)) or self._time(values, clock)[0] is not None

    def _observation(
        self,
        values: Mapping[str, str],
        host: str,
        url: str | None,
        method: str | None,
        clock: Clock,
    ) -> Observation:
        when, quality = self._time(values, clock)
        if when is None:
            when, quality = NO_TIME
        qtype = text(values.get("qtype"))
        kind, channel = self._kind(url, method, qtype)
        path = path_of_url(url.encode("utf-8", "surrogatepass")) if url else None
        is_page = kind is Sighting.HTTP_URL
        return Observation(
            channel=channel,
            value=host,
            ts=when,
            kind=kind,
            client=_client(values.get("client")),
            user=text(values.get("user")),
            action=_action(values, kind),
            bytes_up=count(values.get("bytes_up")),
            bytes_down=count(values.get("bytes_down")),
            path=path if is_page else None,
            qtype=qtype if channel is Channel.DNS else None,
            time_quality=quality,
            method=method if is_page else None,
            process=program(text(values.get("process"))),
        )

    def _kind(
        self, url: str | None, method: str | None, qtype: str | None
    ) -> tuple[Sighting, Channel]:
        if method == "CONNECT":
            return KINDS["connect"]
        path = path_of_url(url.encode("utf-8", "surrogatepass")) if url else None
        if path is not None:
            return sighting(url, path, method)
        if self.kind is not None:
            return KINDS[self.kind]
        if method is not None:
            return KINDS["proxy"]
        if qtype is not None:
            return KINDS["dns"]
        return KINDS["connect"] if url else (Sighting.NAME, Channel.LOG)

    def _time(self, values: Mapping[str, str], clock: Clock) -> Time:
        written = text(values.get("time"))
        if written is None:
            return NO_TIME
        if self.time_format is None:
            return clock.any(written)
        return _by_format(written, self.time_format, clock)


def check_meanings(meanings: Iterable[str], what: str) -> None:
    """Raise UsageError for names that are no meanings, and if none of them names a host."""
    known = ", ".join(MEANINGS)
    named = list(meanings)
    for meaning in named:
        if meaning not in MEANINGS:
            raise UsageError(f"{what}: {meaning!r} is no meaning; there are {known}")
    if "host" not in named and "url" not in named:
        raise UsageError(f"{what}: nothing in it is the host or url that was asked for")


def proofs(meanings: Iterable[str]) -> frozenset[Proof]:
    """Return what records with values of these meanings can prove."""
    named = set(meanings)
    of_paths = {Proof.PATH} if "url" in named else set()
    return frozenset({_PROOFS[one] for one in named if one in _PROOFS} | of_paths)


def is_time_format(time_format: str) -> bool:
    """Whether ``strptime`` understands it."""
    try:
        written = datetime(2026, 11, 21, 13, 58, 30, tzinfo=UTC).strftime(time_format)
        datetime.strptime(written, time_format)  # noqa: DTZ007 - nobody takes it for a time
    except ValueError:
        return False
    return "%" in time_format


def site_of(values: Mapping[str, str]) -> bytes:
    """Return the host as written: the URL's, or if that is a path or an address, the host's own.

    Returns b"" where neither says anything.
    """
    url, host = values.get("url", ""), values.get("host", "")
    of_url = b"" if url.startswith("/") else _site(url)
    if not host or (of_url and not _ADDRESS.fullmatch(of_url)):
        return of_url
    named = _site(host)
    return named if not of_url or is_name(named) else of_url


def _site(written: str) -> bytes:
    if "." not in written and not is_set(written):
        return b""
    return host_of_url(written.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=65_536)
def _is_host(site: bytes) -> bool:
    """Whether this looks like a host by itself: a name of two labels or more, or an address."""
    plain = site.rpartition(b"@")[2]
    if is_name(plain) or _ADDRESS.fullmatch(plain):
        return True
    return not plain.isascii() and is_name(fold(plain).encode("utf-8", "surrogatepass"))


def _client(written: str | None) -> str | None:
    client = text(written)
    found = _WITH_PORT.fullmatch(client) if client else None
    return found[1].strip("[]") if found else client


def _action(values: Mapping[str, str], kind: Sighting) -> Action:
    word, status = text(values.get("action")), text(values.get("status"))
    if (said := outcome(word)) is not None:
        return said
    status = status or word
    if status is None:
        return Action.UNKNOWN
    if kind is Sighting.DNS_QUERY:
        return _RCODES.get(status) or outcome(status) or Action.UNKNOWN
    if len(status) == 3 and status.isascii() and status.isdigit():
        return status_outcome(status.encode(), kind is Sighting.HTTP_CONNECT)
    return outcome(status) or Action.UNKNOWN


def _by_format(written: str, time_format: str, clock: Clock) -> Time:
    """Read a time by the format that it was written with, without a year too."""
    has_year = _DIRECTIVE_OF_A_YEAR.search(time_format) is not None
    try:
        if has_year:
            when = datetime.strptime(written, time_format)  # noqa: DTZ007 - zoned below
        else:  # 2000 had a 29 February
            when = datetime.strptime(f"2000 {written}", f"%Y {time_format}")  # noqa: DTZ007
    except ValueError:
        return NO_TIME
    if not has_year:
        return clock.syslog(f"{_MONTHS[when.month - 1]} {when.day} {when:%H:%M:%S}")
    if when.tzinfo is not None:
        return when.astimezone(UTC), TimeQuality.EXACT
    return clock.iso(when.isoformat())
