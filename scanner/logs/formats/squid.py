r"""Squid's native access log.

    1795226310.136     15 127.0.0.1 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/127.0.0.1 -

Time is the end of the request. A user may contain blanks, so the columns after the URL are read
from the right. Peeking at TLS logs a CONNECT twice; the first line, 0 bytes, is the repeat.
Reference: https://wiki.squid-cache.org/Features/LogFormat#squid-native-accesslog-format
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.hosts import HostTable, host_of_url, path_of_url
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.values import count
from scanner.model import Action, Channel, Observation, Sighting

# user, hierarchy, content type, and whatever some append
_TAIL = re.compile(rb"(.+?) [A-Z_]{3,}/\S+ \S.*")
_REFUSED_BY_GATEWAY = frozenset({b"500", b"502", b"503", b"504"})


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each record about a wanted host."""
    for number, line in numbered(batches):
        try:
            ended, _, client, result, size, method, url, tail = line.split(None, 7)
        except ValueError:
            tally.reject(number, "fewer than ten columns", line)
            continue
        if not (ended[:10].isdigit() and b"/" in result and (size.isdigit() or size == b"-")):
            tally.reject(number, "not epoch, elapsed, client, code/status, size", line)
            continue
        if method == b"ICP_QUERY":
            tally.ignored["question of another cache"] += 1
            continue
        if url.startswith(b"error:"):
            tally.ignored["request that was no request"] += 1
            continue
        host = hosts[url if method == b"CONNECT" else host_of_url(url)]
        if host is None:
            host = hosts.of_api(url, method)
        if host is None:
            continue
        if not host:
            tally.ignored["record without a host"] += 1
            continue
        found = _TAIL.match(tail)
        if not found or b"#012" in tail:  # a relay has joined records
            tally.reject(number, "no user, hierarchy and content type after the URL", line)
            continue
        when, quality = clock.epoch(ended)
        is_connect = method == b"CONNECT"
        yield Observation(
            channel=Channel.PROXY,
            value=host,
            ts=when,
            kind=Sighting.HTTP_CONNECT if is_connect else Sighting.HTTP_URL,
            client=client.decode("ascii", "backslashreplace"),
            user=_user(found[1]),
            action=_action(result, size, is_connect),
            bytes_down=count(size),
            path=None if is_connect else path_of_url(url),
            line=number,
            time_quality=quality,
            method=None if is_connect else method.decode("ascii", "replace"),
        )


def _user(raw: bytes) -> str | None:
    text = raw.strip().replace(b"\\\\", b"\\").decode("utf-8", "backslashreplace")
    return None if text == "-" else text


def _action(result: bytes, size: bytes, is_connect: bool) -> Action:
    code, _, status = result.partition(b"/")
    if status == b"407":
        return Action.CHALLENGED
    if b"DENIED" in code:
        return Action.BLOCKED
    if is_connect and code in (b"NONE_NONE", b"NONE", b"TAG_NONE") and status == b"200":
        return Action.REPEAT if size == b"0" else Action.ALLOWED
    if status in _REFUSED_BY_GATEWAY and (size == b"0" or not is_connect):
        return Action.ERROR
    if status in (b"000", b"0"):  # the client or the server gave up before a reply
        return Action.UNKNOWN if size != b"0" else Action.ERROR
    return Action.ALLOWED


FORMAT = Format(
    name="squid",
    title="Squid native access.log",
    read=read,
    specificity=70,
    proves=OF_A_PROXY - {Proof.BYTES_UP},
    reference="https://wiki.squid-cache.org/Features/LogFormat",
    sample=(
        b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -\n"
        b"1795226310.289      0 10.0.0.8 TCP_DENIED/403 3494 CONNECT chat.deepseek.com:443 ana HIER_NONE/- text/html\n"
    ),
)
