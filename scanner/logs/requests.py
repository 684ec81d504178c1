"""HTTP requests as proxies log them: whom they were for, and what became of them."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from scanner.hosts import HostTable, host_of_url, is_absolute_url, path_of_url
from scanner.logs.clock import Clock, Time
from scanner.logs.values import text
from scanner.model import Action, Channel, Observation, Sighting

NOT_A_PROXYS = "record of a web server, not of a proxy"
NO_REQUEST = "request that was no request"
NO_HOST = "record without a host"

_CONNECT = b"CONNECT"
_ERRORS_OF_A_GATEWAY = frozenset({b"500", b"502", b"503", b"504"})
# What Squid writes about a tunnel that it peeks into, before the record of the tunnel itself.
_PEEKED = (b"NONE_NONE", b"NONE", b"TAG_NONE")
_METHOD = re.compile(rb"[A-Za-z_-]{1,32}")

_NAME = re.compile(
    rb"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,30}\.[A-Za-z][A-Za-z0-9-]{0,62}\.?"
)
# A virtual server's host:port, if any; client, ident, user, time.
_HEAD = re.compile(
    rb"(?:(?:[A-Za-z0-9._-]{1,255}|\[[0-9a-fA-F:]{2,45}\]):\d{1,5} (?=\S{0,255}[.:]))?"
    rb"(\S{1,255}) (\S{1,255}) (.{1,256}?) \[([^\]]{10,40})\] \""
)
_REST = re.compile(rb"(.*?)\" (\d{3}|-|0) (\d+|-)(?= |$)", re.DOTALL)


class Request(NamedTuple):
    """A method and what it was for: an absolute URL, or the ``host:port`` of a tunnel."""

    method: bytes
    url: bytes

    @classmethod
    def of(cls, line: bytes) -> Request | None:
        """Read ``GET http://host/path HTTP/1.1``; None if that is no request line."""
        method, _, rest = line.partition(b" ")
        url, _, protocol = rest.rpartition(b" ")
        if not url:
            url, protocol = protocol, b""
        if not url or not _METHOD.fullmatch(method):
            return None
        return cls(method, url)

    @property
    def is_tunnel(self) -> bool:
        return self.method == _CONNECT

    @property
    def is_for_a_proxy(self) -> bool:
        """Whether it names the site itself, as a browser does that talks to a proxy."""
        return self.is_tunnel or is_absolute_url(self.url)

    @property
    def site(self) -> bytes:
        """The host that it is for, as the log writes it."""
        return self.url if self.is_tunnel and b"/" not in self.url else host_of_url(self.url)

    def host(self, hosts: HostTable) -> str | None:
        """Return the host that it is for if that is wanted, "" if it has none."""
        found = hosts[self.site]
        return hosts.of_api(self.url, self.method) if found is None else found

    def observation(self, host: str) -> Observation:
        """Return what it shows of a wanted host; who asked, and when, is for the caller to add."""
        return Observation(
            channel=Channel.PROXY,
            value=host,
            kind=Sighting.HTTP_CONNECT if self.is_tunnel else Sighting.HTTP_URL,
            path=None if self.is_tunnel else path_of_url(self.url),
            method=None if self.is_tunnel else self.method.decode("ascii", "replace"),
        )


class CommonLog(NamedTuple):
    """The columns of a line in the common log format, and what follows them."""

    client: bytes
    user: bytes
    time: bytes
    request: bytes
    status: bytes
    size: bytes
    rest: bytes

    @classmethod
    def of(cls, line: bytes) -> CommonLog | None:
        """Split ``client ident user [time] "request" status size ...``; the user may hold blanks.

        A ``host:port`` before the client, as of a virtual server, is passed over.
        """
        head = _HEAD.match(line)
        rest = _REST.match(line, head.end()) if head else None
        if head is None or rest is None:
            return None
        client, _, user, time = head.groups()
        request, status, size = rest.groups()
        return cls(client, user, time, request, status, size, line[rest.end() :])

    def when(self, clock: Clock) -> Time:
        """Return its time; a day and month in figures that cannot be told apart are none."""
        return clock.any(self.time.decode("ascii", "replace"))


def is_name(raw: bytes) -> bool:
    """Whether this is a host name of two labels or more, with or without a port: no address."""
    name, _, port = raw.partition(b":")
    return (not port or port.isdigit()) and len(raw) < 300 and bool(_NAME.fullmatch(name))


def person(raw: bytes) -> str | None:
    """Return a user as proxies write one, without quotes, doubled backslashes and ``%20``."""
    plain = raw.strip().strip(b'"').replace(b"\\\\", b"\\")
    if b"%" in plain:
        plain = unquote_to_bytes(plain)
    return text(plain.decode("utf-8", "backslashreplace"))


def words(raw: bytes) -> str | None:
    """Return a value as text; None for the unset."""
    return text(raw.decode("utf-8", "backslashreplace"))


def squid_outcome(result: bytes, status: bytes, size: bytes, is_tunnel: bool) -> Action:
    """Return what Squid made of a request, by its result code, its status and the reply's size."""
    if status == b"407":
        return Action.CHALLENGED
    if b"DENIED" in result:
        return Action.BLOCKED
    if is_tunnel and result in _PEEKED and status == b"200":
        return Action.REPEAT if size == b"0" else Action.ALLOWED
    is_open = b"TUNNEL" in result and size != b"0"
    if status in _ERRORS_OF_A_GATEWAY and not is_open:
        return Action.ERROR
    if status in (b"000", b"0"):  # the client or the server gave up before a reply
        return Action.UNKNOWN if size != b"0" else Action.ERROR
    return Action.ALLOWED


def status_outcome(status: bytes, is_tunnel: bool) -> Action:
    """Return what a status alone says. The status of a tunnel is always the proxy's own word."""
    if status == b"407":
        return Action.CHALLENGED
    if status in (b"502", b"503", b"504"):
        return Action.ERROR
    if is_tunnel and status[:1] in (b"4", b"5"):
        return Action.BLOCKED if status in (b"403", b"405") else Action.ERROR
    if status == b"403":  # of the proxy, or of the site behind it
        return Action.UNKNOWN
    return Action.ALLOWED if status[:1] in (b"1", b"2", b"3", b"4", b"5") else Action.UNKNOWN
