"""The head of an HTTP/1 request, and the status of its answer."""

from __future__ import annotations

import re
from typing import NamedTuple

from scanner.capture.tls import text
from scanner.hosts import host_of_url, is_absolute_url, path_of_url

METHODS = (
    b"GET ", b"POST ", b"PUT ", b"HEAD ", b"OPTIONS ", b"CONNECT ", b"DELETE ", b"PATCH ",
)  # fmt: skip
_INITIALS = bytes({method[0] for method in METHODS})
# Targets with spaces in them are wrong, and asked for.
_REQUEST = re.compile(rb"([A-Z_]{3,11}) ([^\r\n]{1,8192}?) HTTP/1\.[01][ \t]*\r?\n")
_HOST = re.compile(rb"\r?\n[Hh][Oo][Ss][Tt]:[ \t]*([^\r\n]{1,300}?)[ \t]*\r?\n")
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)")
_END = re.compile(rb"\r?\n\r?\n")
# What follows the head of a request: so many bytes, or pieces that say how long they are.
_BODY = re.compile(rb"\n(?:content-length:[ \t]*(\d{1,9})|transfer-encoding:)", re.IGNORECASE)
LARGEST = 1 << 14


class Request(NamedTuple):
    """A request: its method, the host as it was written, and the path without the query.

    ``host`` is "" where the request names none.
    """

    method: str
    host: str
    path: str | None


class NotHttpError(Exception):
    """Bytes do not begin with a request."""


def looks_like_one(begun: bytes) -> bool:
    """Whether a stream that begins so may begin with a request."""
    return begun[0] in _INITIALS and any(
        begun.startswith(method) or method.startswith(begun[:8]) for method in METHODS
    )


def request(stream: bytes, is_cut: bool = False) -> Request | None:
    """Return the request that a stream begins with; None if its head goes on.

    ``is_cut`` says that nothing more will come: then what is there is read. Raises NotHttpError.
    """
    line = _REQUEST.match(stream)
    if line is None:
        if b"\n" in stream[:LARGEST] or len(stream) >= LARGEST or is_cut:
            raise NotHttpError("no line of a request")
        return None
    end = _END.search(stream, line.end() - 2)
    if end is None and not is_cut and len(stream) < LARGEST:
        return None
    head = stream[: end.end() if end else len(stream)]
    return _read(line[1].decode("ascii"), line[2].strip(), _HOST.search(head, line.end() - 2))


def behind(stream: bytes) -> bytes:
    """Return a stream from its second request on; nothing if no other follows the first one."""
    end = _END.search(stream)
    body = _BODY.search(stream, 0, end.end()) if end else None
    if end is None or (body and not body[1]):
        return b""
    rest = stream[end.end() + int(body[1] if body else 0) :].lstrip(b"\r\n")
    return rest if rest and looks_like_one(rest) else b""


def _read(method: str, target: bytes, named: re.Match[bytes] | None) -> Request:
    if method == "CONNECT":
        return Request(method, _host(host_of_url(target)), None)
    if is_absolute_url(target):  # as a proxy is asked
        return Request(method, _host(host_of_url(target)), path_of_url(target))
    path = path_of_url(b"-" + target) if target.startswith(b"/") else None
    return Request(method, _host(named[1]) if named else "", path)


def _host(authority: bytes) -> str:
    """Return a host without its port, and without who asks; "" if there is none."""
    name = authority.rpartition(b"@")[2]
    host, _, port = name.rpartition(b":")
    return text(host if host and port.isdigit() else name) or ""


def status(stream: bytes) -> str | None:
    """Return the status of an answer; None if the stream begins with none."""
    found = _STATUS.match(stream)
    return found[1].decode("ascii") if found else None
