"""Lines of a known layout, text and codes by turns: one regular expression, and what it finds.

Most values hold no blank. A user's name may, and so may headers; so that no line takes long, a
name is at most 256 bytes, and only the last header is tried in more than one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scanner.errors import UsageError
from scanner.hosts import HostTable, path_of_url
from scanner.logs import Read
from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.lines import Parsed, Refused, Skipped, by_line
from scanner.logs.requests import (
    NO_HOST,
    NO_REQUEST,
    NOT_A_PROXYS,
    Request,
    is_name,
    person,
    squid_outcome,
    status_outcome,
    words,
)
from scanner.logs.values import count
from scanner.model import Action, Channel, Sighting, TimeQuality

_LONGEST_LINE = 65_536
_CLF_TIME = "%d/%b/%Y:%H:%M:%S %z"
# After these a value goes on to their counterpart, blanks and all.
_ENCLOSING = b"\"'])}>|,;\t"
_NAMES_A_HOST = frozenset({"url", "request", "domain", "sni"})


class Code(NamedTuple):
    """A code of a format string: what its value means ("" if nothing to us), how it is written."""

    meaning: str = ""
    is_loose: bool = False  # may hold blanks and quotes
    argument: str = ""
    is_padded: bool = False


class _Line(NamedTuple):
    """The values of a line by their meaning, and the ``strftime`` formats of its times."""

    values: dict[str, bytes]
    time_formats: dict[str, str]

    def get(self, meaning: str) -> bytes:
        return self.values.get(meaning, b"")


def reader_of_pieces(pieces: Sequence[bytes | Code], what: str, *, is_a_proxys: bool) -> Read:
    codes = [piece for piece in pieces if isinstance(piece, Code)]
    meanings = {code.meaning for code in codes}
    if meanings.isdisjoint(_NAMES_A_HOST):
        raise UsageError(
            f"{what}: no field of it names the site that was asked for. "
            "Logs in it cannot show which services are used."
        )
    line_of = re.compile(b"".join(_patterns(pieces)), re.DOTALL).fullmatch
    has_request = not meanings.isdisjoint({"url", "request", "domain"})
    formats = {code.meaning: code.argument for code in codes}

    def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
        found = line_of(line.rstrip()) if len(line) <= _LONGEST_LINE else None
        if found is None:
            return Refused(f"not a line of that {what}")
        values: dict[str, bytes] = {}
        for code, value in zip(codes, found.groups(), strict=True):
            if code.meaning and value.strip() not in (b"-", b""):
                values.setdefault(code.meaning, value.strip())
        seen = _look(_Line(values, formats), hosts, clock, is_a_proxys)
        if has_request or not isinstance(seen, tuple) or isinstance(seen, Skipped | Refused):
            return seen
        return tuple(one._replace(channel=Channel.TLS, kind=Sighting.TLS_SNI) for one in seen)

    return by_line(parse)


def _patterns(pieces: Sequence[bytes | Code]) -> Iterator[bytes]:
    """Yield the regular expression of each piece."""
    last_loose = max(
        (at for at, p in enumerate(pieces) if isinstance(p, Code) and p.is_loose), default=-1
    )
    has_user = False
    for at, piece in enumerate(pieces):
        if isinstance(piece, bytes):
            yield re.escape(piece)
            continue
        literal = next((p for p in pieces[at + 1 : at + 2] if isinstance(p, bytes)), b"")
        if piece.meaning == "user" and not has_user:
            has_user = True
            pattern = rb"(.{0,256}?)"
        elif at == last_loose:
            pattern = rb"(.*?)"
        elif piece.is_loose and literal:
            pattern = rb"((?:\\.|(?!" + re.escape(literal) + rb").)*)"
        else:
            pattern = _tight(piece, literal[:1])
        yield b" *" + pattern + b" *" if piece.is_padded else pattern


def _tight(code: Code, stop: bytes) -> bytes:
    """Return the pattern of a value that ends before ``stop``, or with the word that it is in."""
    if stop and stop in _ENCLOSING:
        return b"([^" + re.escape(stop) + b"]*)"
    if code.meaning in ("local", "gmt") and code.argument != "iso":
        return rb"(\S*" + rb" \S*" * (code.argument or _CLF_TIME).count(" ") + rb")"
    if code.meaning in ("client", "url") or stop in (b" ", b""):
        return rb"(\S*)"
    return rb"([^\s" + re.escape(stop) + rb"]*)"


def _look(line: _Line, hosts: HostTable, clock: Clock, is_a_proxys: bool) -> Parsed:
    request = _request(line)
    if request is None or request.url.startswith(b"error:"):
        return Skipped(NO_REQUEST if line.get("request") or line.get("url") else NO_HOST)
    if not is_a_proxys and not request.is_for_a_proxy:
        return Skipped(NOT_A_PROXYS)
    host = request.host(hosts)
    if not host:
        return () if host is None else Skipped(NO_HOST)
    when, quality = _time(line, clock)
    seen = request.observation(host)._replace(
        ts=when,
        time_quality=quality,
        client=words(line.get("client")),
        user=person(line.get("user") or line.get("ident")),
        action=_action(line, request.is_tunnel),
        bytes_up=count(line.get("up")),
        bytes_down=count(line.get("down")),
    )
    return (seen,)


def _request(line: _Line) -> Request | None:
    """Return the request, of what is logged of it; the SNI where it names only an address."""
    if asked := line.get("request"):
        return Request.of(asked)
    method, sni = line.get("method"), line.get("sni")
    url = line.get("url") or line.get("domain") + line.get("path")
    if not method and b"/" not in url:
        method = b"CONNECT"
    request = Request(method, url)
    if sni and not is_name(request.site):
        if request.is_tunnel:
            return Request(method, sni)
        return Request(method, b"https://" + sni + (path_of_url(url) or "").encode())
    return request if url else None


def _action(line: _Line, is_tunnel: bool) -> Action:
    status = line.get("status")
    if result := line.get("result"):
        return squid_outcome(result, status, line.get("down"), is_tunnel)
    return status_outcome(status, is_tunnel) if status else Action.UNKNOWN


def _time(line: _Line, clock: Clock) -> Time:
    milliseconds = count(line.get("milliseconds")) or 0
    when, quality = _second(line, clock)
    return (when + timedelta(milliseconds=milliseconds) if when else None), quality


def _second(line: _Line, clock: Clock) -> Time:
    if epoch := line.get("epoch"):
        return clock.epoch(epoch)
    for meaning in ("gmt", "local"):
        if written := line.get(meaning).decode("utf-8", "replace"):
            return _dated(written, line.time_formats[meaning], meaning == "gmt", clock)
    return NO_TIME


def _dated(written: str, time_format: str, is_gmt: bool, clock: Clock) -> Time:
    """Read a time by the ``strftime`` format that it was written with."""
    try:
        when = datetime.strptime(written, time_format or _CLF_TIME)  # noqa: DTZ007 - zoned below
    except ValueError:
        return clock.any(written)
    if when.tzinfo is None and not is_gmt:
        return clock.iso(when.isoformat())
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC), TimeQuality.EXACT
