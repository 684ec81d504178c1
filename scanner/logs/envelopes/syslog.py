r"""The head that syslog puts before a message: RFC 3164, RFC 5424 and what relays make of them.

    <30>Nov 21 01:58:33 gw squid[931]: 1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -
    <134>1 2026-11-21T01:58:33.637174+00:00 gw nginx 931 - [meta@1 id="7"] 10.0.0.7 - - [21/Nov/2026:01:58:33 +0000] "CONNECT ...
    2026-11-21T01:58:33+00:00 gw squid[931]: 1795226310.136     15 10.0.0.7 ...
    Nov 21 01:57:13 1795226233.566      4 10.0.0.7 ...

Messages that one line joins (rsyslog writes their line ends as ``#012``) are told apart, repeated
ones repeated, and of two heads, a relay's and the sender's, both are taken off. The tag of a
daemon that is known by it alone stays. A time is a head only where a machine, a tag or a record's
own beginning follows: a log of one's own may begin with a time too.
Reference: https://www.rfc-editor.org/rfc/rfc5424
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import is_known_by_tag, lines_in, stateless

_MOST_HEADS = 4
_MOST_REPEATS = 1000
_MOST_BYTES = 1_000_000
_MOST_FRAMES = 10_000
_MAY_BE_ONE = re.compile(rb"<\d|\d{1,7} <\d|[*.]?[A-Z][a-z]{2} |\d{4}-\d\d-\d\dT")
_FRAME = re.compile(rb"\s*(\d{1,7}) (?=<\d{1,3}>)")
_PRIORITY = re.compile(rb"<\d{1,3}>")
_RFC_5424 = re.compile(
    rb"\d{1,2} (?:-|(?P<iso>\d{4}-\d\d-\d\dT\S{8,24})) \S{1,255} (?P<app>\S{1,48}) (?P<pid>\S{1,128}) \S{1,32} "
    rb'(?:-(?= |$)|(?:\[[^ =\]"]{1,128}+(?: [^ =\]"]{1,128}+="(?:[^"\\]++|\\.)*")* ?\])+)? ?(?:\xef\xbb\xbf)?'
)
_ISO = re.compile(rb"(?P<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) ")
_BSD = re.compile(
    rb"(?P<month>[*.]?[A-Z][a-z]{2} [ \d]?\d )(?P<year>\d{4} )?(?P<clock>\d\d:\d\d:\d\d(?:\.\d{1,9})?)"
    rb"(?P<later_year> \d{4}(?= ))?(?: (?P<zone>UTC|GMT|Z|[A-Z]{1,3}[DS]T|CET|EET|WET|MSK))?:? "
)
_HOST = re.compile(
    rb"(?!\d++(?:\.\d++)? |(?i:info|warn|warning|error|debug|trace|fatal|notice|critical) )"
    rb"[\w.:%-]{1,255}+(?<!:) ++"
)
_TAG = re.compile(rb"(?P<tag>[\w./()-]{1,64}+)(?:\[[\w.:-]{1,32}\]: ?|: )")
# What a message without a machine before it may begin with, for an ISO time to be a relay's.
_RECORD = re.compile(rb"\d{9,10}\.\d{3} |CEF:\d|LEEF:\d|\{")
_REPEATED = re.compile(rb"message repeated (\d{1,9}) times: \[ ?")
_LAST_REPEATED = re.compile(rb"last message repeated \d+ times?")


def peel(line: bytes) -> list[bytes] | None:
    """Return the messages in a line; None if it begins with no head of syslog."""
    if not _MAY_BE_ONE.match(line):
        return None
    if _FRAME.match(line):
        found = [(frame, peel(frame)) for frame in _frames(line)]
        return [one for frame, inner in found for one in ([frame] if inner is None else inner)]
    message = _message(line)
    return None if message is None else _records(*message)


def time(line: bytes, clock: Clock) -> Time:
    """Return the time of the innermost head, of the first message where several share a line."""
    last = NO_TIME
    rest: bytes | None = next(_frames(line), line)
    for _ in range(_MOST_HEADS):
        head = _head(rest or b"")
        if head is None:
            break
        said = _read(head[0], clock)
        last = said if said[0] is not None else last
        rest = head[2]
    return last


def _frames(line: bytes) -> Iterator[bytes]:
    """Yield the frames of a line that counts their bytes; one that counts none whole."""
    at = 0
    for _ in range(_MOST_FRAMES):
        count = _FRAME.match(line, at)
        if count is None:
            break
        at = count.end()
        end = at + int(count[1])
        if end < len(line) and not _FRAME.match(line, end):  # miscounted
            break
        yield line[at:end].rstrip()
        at = end
    if at < len(line):
        yield line[at:]


def _message(line: bytes) -> tuple[bytes, bytes] | None:
    """Return the tag that has to stay, if any, and the message behind the last head."""
    found: tuple[bytes, bytes] | None = None
    rest = line
    for _ in range(_MOST_HEADS):
        head = _head(rest)
        if head is None:
            break
        _, tag, rest = head
        found = tag, rest
        if tag:
            break
    return found


_Head = tuple[re.Match[bytes] | None, bytes, bytes]


def _head(line: bytes) -> _Head | None:
    """Return the time, the tag that has to stay, and what follows; None if there is no head."""
    priority = _PRIORITY.match(line)
    begin = priority.end() if priority else 0
    if priority and (full := _RFC_5424.match(line, begin)):
        tag = b"%b[%b]: " % (full["app"], full["pid"]) if is_known_by_tag(full["app"]) else b""
        return full, tag, line[full.end() :]
    if bsd := _BSD.match(line, begin):
        return _after_bsd(line, bsd, is_sent=priority is not None)
    if iso := _ISO.match(line, begin):
        return _after_iso(line, iso, is_sent=priority is not None)
    return (None, *_behind_tag(line, begin)) if priority else None


def _after_bsd(line: bytes, time: re.Match[bytes], is_sent: bool) -> _Head | None:
    """A daemon's own log has its time and its tag: it is left as it is."""
    host = _host(line, time.end())
    tag, rest = _behind_tag(line, host or time.end())
    if tag and host is None and not is_sent:
        return None
    return time, tag, rest


def _after_iso(line: bytes, time: re.Match[bytes], is_sent: bool) -> _Head | None:
    host = _host(line, time.end())
    begin = host or time.end()
    is_known = _RECORD.match(line, begin) or (host and _TAG.match(line, begin))
    return (time, *_behind_tag(line, begin)) if is_sent or is_known else None


def _host(line: bytes, begin: int) -> int | None:
    """Return where the machine's name ends that stands at ``begin``; None if none does."""
    host = _HOST.match(line, begin)
    if host is None or line.startswith(b"- ", host.end()):  # 10.0.0.7 - ana [21/Nov/2026:...
        return None
    return host.end()


def _behind_tag(line: bytes, begin: int) -> tuple[bytes, bytes]:
    """Return the tag, if it has to stay, and the message."""
    tag = _TAG.match(line, begin)
    if tag is None:
        return b"", line[begin:]
    return (tag[0] if is_known_by_tag(tag["tag"]) else b""), line[tag.end() :]


def _records(tag: bytes, message: bytes) -> list[bytes]:
    """Return the records of a message: joined ones apart, repeated ones as often as they came."""
    if b"#0" not in message and b"message repeated " not in message[:30]:
        return [tag + message] if message else []
    if _LAST_REPEATED.match(message):
        return []
    times = 1
    if repeated := _REPEATED.match(message):
        message = message[repeated.end() :].removesuffix(b"]")
        times = min(int(repeated[1]), _MOST_REPEATS, 1 + _MOST_BYTES // (len(message) + 1))
    message = message.replace(b"#011", b"\t").replace(b"#015#012", b"#012")
    lines = [tag + one for one in lines_in(message, b"#012")]
    return lines * times if len(lines) == 1 else lines


def _read(head: re.Match[bytes] | None, clock: Clock) -> Time:
    parts = head.groupdict() if head else {}
    if iso := parts.get("iso"):
        return clock.iso(iso.decode("ascii", "replace"))
    if not parts.get("clock"):
        return NO_TIME
    year = (parts["later_year"] or parts["year"] or b"").strip()
    written = parts["month"].lstrip(b"*.") + parts["clock"] + (b" " + year if year else b"")
    if parts["zone"] in (b"UTC", b"GMT", b"Z"):
        clock = replace(clock, zone=UTC, zone_is_given=True)
    return clock.syslog(" ".join(written.decode("ascii", "replace").split()))


ENVELOPE = Envelope(
    name="syslog",
    title="Syslog (RFC 3164, RFC 5424, rsyslog files)",
    open=stateless(peel),
    time=time,
    sample=(
        b"<30>Nov 21 01:58:33 gw squid[931]: 1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -\n"
        b"<134>1 2026-11-21T01:58:34+00:00 gw squid 931 - - 1795226311.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT claude.ai:443 - HIER_DIRECT/203.0.113.7 -\n"
    ),
    reference="https://www.rfc-editor.org/rfc/rfc5424",
)
