r"""Tinyproxy's log at ``LogLevel Connect`` or finer, in a file or through syslog.

    CONNECT   Nov 21 01:58:34.605 [10933]: Connect (file descriptor 5): 10.0.0.7
    CONNECT   Nov 21 01:58:34.607 [10933]: Request (file descriptor 5): CONNECT api.openai.com:443 HTTP/1.1
    CONNECT   Nov 21 01:58:34.610 [10933]: Established connection to host "api.openai.com" using file descriptor 6.

A request names no client: the last Connect of its process and descriptor does. A later line about
the host says whether it got through. Times have neither year nor zone.
Reference: https://tinyproxy.github.io/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from scanner.hosts import HostTable, fold, host_of_url, is_absolute_url, path_of_url
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Spelled, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.pairing import WINDOW, Pending
from scanner.logs.syslog import time_of
from scanner.model import Action, Channel, Observation, Sighting

_HEAD = re.compile(
    rb"(?:(?:CRITICAL|ERROR|WARNING|NOTICE|CONNECT|INFO|DEBUG) +[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \[(\d{1,10})\]: "
    rb"|tinyproxy\[(\d{1,10})\]: )"
)
_EVENT = re.compile(rb"(Connect|Request) \(file descriptor (\d{1,9})\): ")
_ESTABLISHED = re.compile(rb'Established connection to (?:host|\S+ proxy) "([^"]{1,300})"')
_FILTERED = re.compile(rb'Proxying refused on filtered (?:url|domain) "([^"]{1,9000})"')
_FAILED = re.compile(rb"opensock: Could not [a-z ]{1,60} (?:for|to) (\S{1,300})")
_UNPROVEN = re.compile(rb"Failed auth attempt \(file descriptor: (\d{1,9})\)")
_HEAD_BOUND = 300
# At most one line of a window is about a descriptor that is still open, so that none is lost.
_BOUND = WINDOW + 1

_Kept = TypeVar("_Kept")


class _Descriptor(NamedTuple):
    process: bytes
    number: bytes


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each request about a wanted host, with its outcome if it follows."""
    clients: _Recent[str | None] = _Recent()
    asked: _Recent[str] = _Recent()
    pending = Pending()
    for number, line in numbered(batches):
        head = _HEAD.search(line[:_HEAD_BOUND])
        if not head:
            tally.reject(number, "not a line of tinyproxy", line)
            continue
        process = head[1] or head[2]
        event = _EVENT.match(line, head.end())
        if not event:
            tally.ignored["notice"] += 1
            if pending:
                yield from pending.advance(number)
                yield from _settle(line[head.end() :], process, asked, number, pending)
            continue
        at = _Descriptor(process, event[2])
        if event[1] == b"Connect":
            tally.ignored["connection of a client"] += 1
            clients.keep(at, _address(line[event.end() :]), number)
            continue
        seen = _request(line[event.end() :], hosts, tally, number, line)
        if seen:
            when, quality = time_of(line[: head.end()], clock)
            seen = seen._replace(ts=when, time_quality=quality, client=clients.at(at, number))
            asked.keep(at, seen.value, number)
            yield from pending.hold((process, seen.value), seen)
    yield from pending.rest()


class _Recent(Generic[_Kept]):
    """What was last said of each descriptor, for as many lines as a log's parts overlap."""

    def __init__(self) -> None:
        self._kept: dict[_Descriptor, tuple[int, _Kept]] = {}

    def keep(self, at: _Descriptor, value: _Kept, line: int) -> None:
        self._kept.pop(at, None)
        if len(self._kept) >= _BOUND:
            del self._kept[next(iter(self._kept))]
        self._kept[at] = line, value

    def at(self, at: _Descriptor, line: int) -> _Kept | None:
        said, value = self._kept.get(at, (0, None))
        return value if line - said <= WINDOW else None


def _address(text: bytes) -> str | None:
    """Read ``10.0.0.7``, ``10.0.0.7 at [10.0.0.1]`` and the older ``name [10.0.0.7]``."""
    client, separator, _ = text.partition(b" at [")
    if not separator and client.endswith(b"]"):
        client = client.rpartition(b"[")[2][:-1]
    return client.strip()[:300].decode("ascii", "backslashreplace") or None


def _request(
    text: bytes, hosts: HostTable, tally: Tally, number: int, line: bytes
) -> Observation | None:
    words = text.split()
    if len(words) not in (2, 3):  # HTTP/0.9 names no protocol
        tally.reject(number, "a request that is not method, URL and protocol", line)
        return None
    method, url = words[0], words[1]
    is_connect = method == b"CONNECT"
    if not is_connect and not is_absolute_url(url):
        tally.ignored["request without a host"] += 1
        return None
    host = hosts[url if is_connect else host_of_url(url)]
    if host is None:
        host = hosts.of_api(url, method)
    if host == "":
        tally.ignored["request without a host"] += 1
    if not host:
        return None
    return Observation(
        channel=Channel.PROXY,
        value=host,
        kind=Sighting.HTTP_CONNECT if is_connect else Sighting.HTTP_URL,
        path=None if is_connect else path_of_url(url),
        line=number,
        method=None if is_connect else method.decode("ascii", "replace"),
    )


def _settle(
    message: bytes,
    process: bytes,
    asked: _Recent[str],
    line: int,
    pending: Pending,
) -> Iterator[Observation]:
    """Settle the requests that a notice is about, if it is about any."""
    if found := _UNPROVEN.match(message):
        host = asked.at(_Descriptor(process, found[1]), line)
        yield from pending.settle((process, host), Action.CHALLENGED)
        return
    for pattern, action in (
        (_ESTABLISHED, Action.ALLOWED),
        (_FILTERED, Action.BLOCKED),
        (_FAILED, Action.ERROR),
    ):
        if found := pattern.match(message):
            host = fold(host_of_url(found[1].rstrip(b":")))
            yield from pending.settle((process, host), action)


FORMAT = Format(
    name="tinyproxy",
    title="Tinyproxy log",
    read=read,
    specificity=80,
    proves=OF_A_PROXY - {Proof.BYTES_UP, Proof.BYTES_DOWN, Proof.USER},
    reference="https://tinyproxy.github.io/",
    sample=(
        b"CONNECT   Nov 21 01:58:34.605 [10933]: Connect (file descriptor 5): 10.0.0.7\n"
        b"CONNECT   Nov 21 01:58:34.607 [10933]: Request (file descriptor 5): CONNECT api.openai.com:443 HTTP/1.1\n"
        b'CONNECT   Nov 21 01:58:34.610 [10933]: Established connection to host "api.openai.com" using file descriptor 6.\n'
        b"CONNECT   Nov 21 01:58:34.629 [10933]: Connect (file descriptor 5): 10.0.0.8\n"
        b"CONNECT   Nov 21 01:58:34.633 [10933]: Request (file descriptor 5): GET http://www.example.org/ HTTP/1.1\n"
        b'NOTICE    Nov 21 01:58:34.633 [10933]: Proxying refused on filtered domain "www.example.org"\n'
    ),
    window=WINDOW,
    spelled=Spelled.PARTLY,
)
