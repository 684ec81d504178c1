r"""Unbound with ``log-queries``, ``log-replies`` and ``log-local-actions``.

    [1795226202] unbound[7837:0] info: 127.0.0.11 api.openai.com. A IN
    [1795226202] unbound[7837:0] info: api.openai.com. redirect 127.0.0.11@53550 api.openai.com. A IN
    [1795226202] unbound[7837:0] info: 127.0.0.11 api.openai.com. A IN NOERROR 0.000000 1 59

The three have the same tag unless ``log-tag-queryreply`` is set: only their shape tells them
apart. A query is counted once, and its local action, its policy rewrite or its reply says what
became of it. One of these without its query above it is counted by itself: some logs hold them alone.
Reference: https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html (log-queries)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto

from scanner.hosts import HostTable
from scanner.logs import OF_DNS, Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import numbered
from scanner.logs.pairing import WINDOW, Pending
from scanner.logs.questions import question
from scanner.model import Action, Observation

# Threads count in hexadecimal digits; a relay may have left the daemon's name out.
_THREAD = rb"\[\d+:[0-9a-f]+\] "
_TAG = re.compile(
    rb"(?:unbound(?:\[[0-9a-f:]+\])?:? (?:%b)?|(?<!\S)%b)(\w+): (.*)" % (_THREAD, _THREAD),
    re.DOTALL,
)
# What stands first in a question or a reply; the resolver's own notices begin with a word.
_ADDRESS = re.compile(rb"[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%\w]*")
_RECORDS = frozenset({b"info", b"query", b"reply"})
_CLASSES = frozenset({b"IN", b"CH", b"HS", b"ANY", b"NONE"})
_BLOCKING = frozenset(
    {b"always_nxdomain", b"always_refuse", b"always_null", b"always_nodata", b"always_deny"}
    | {b"refuse", b"deny", b"inform_deny", b"block_a"}
)
_BY_RCODE = {
    b"NOERROR": Action.ALLOWED,
    b"NXDOMAIN": Action.NXDOMAIN,
    b"REFUSED": Action.BLOCKED,
}
# Who asked for which name and type.
_Key = tuple[bytes, bytes, bytes]


class _Shape(Enum):
    """What a line is, which its words alone tell."""

    QUERY = auto()
    REPLY = auto()
    LOCAL = auto()
    POLICY = auto()
    NOTICE = auto()


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each query about a wanted host, with its outcome where it follows."""
    pending = Pending()
    last_query = -WINDOW - 1
    for number, line in numbered(batches):
        message = _message(line)
        if message is None:
            tally.reject(number, "not a line of unbound", line)
            continue
        words = message.split(b" ")
        key = tuple(words[:3])
        match _shape(words):
            case _Shape.QUERY:
                last_query = number
                if seen := _query(words, hosts, tally, clock, line, number):
                    yield from pending.hold(key, seen)
            case _Shape.REPLY:
                yield from pending.advance(number)
                is_known = hosts[words[1]] is None and number - last_query <= WINDOW
                if is_known or pending.was_asked(key):
                    tally.ignored["reply to a query above"] += 1
                    yield from _settle_reply(words, pending)
                elif seen := _query(words, hosts, tally, clock, line, number):
                    yield seen._replace(action=_BY_RCODE.get(words[4], Action.ERROR))
            case _Shape.POLICY:
                yield from pending.advance(number)
                key, action = _asked(words), _policy_action(words)
                is_known = hosts[key[1]] is None and number - last_query <= WINDOW
                if is_known or pending.was_asked(key):
                    tally.ignored["policy rewrite of a query above"] += 1
                elif seen := _query([*key], hosts, tally, clock, line, number):
                    yield from pending.hold(key, seen)
                if action is not None:
                    yield from pending.settle(key, action)
            case _Shape.LOCAL:
                yield from pending.advance(number)
                key = _asked(words)
                is_known = hosts[key[1]] is None and number - last_query <= WINDOW
                if is_known or pending.was_asked(key):
                    tally.ignored["local action on a query above"] += 1
                elif seen := _query([*key], hosts, tally, clock, line, number):
                    yield from pending.hold(key, seen)
                yield from _settle_local(words[-5], key, pending)
            case _Shape.NOTICE:
                tally.ignored["notice"] += 1
    yield from pending.rest()


def _message(line: bytes) -> bytes | None:
    """Return what stands behind the tag; the tag's own word tells notices from records."""
    tag, _, message = line.partition(b" info: ")
    if message and b"unbound" in tag:
        return message
    found = _TAG.search(line)
    if not found:
        return None
    return found[2] if found[1] in _RECORDS else b""


def _shape(words: list[bytes]) -> _Shape:
    if words[0] == b"rpz:":
        is_about_one = len(words) > 5 and words[-1] in _CLASSES and b"@" in words[-4]
        return _Shape.POLICY if is_about_one else _Shape.NOTICE
    if len(words) > 3 and words[3] in _CLASSES and _ADDRESS.fullmatch(words[0]):
        if len(words) == 4:
            return _Shape.QUERY
        if len(words) >= 8:
            return _Shape.REPLY
    # The zone stands first, unless a view is what acts.
    is_local = len(words) in (5, 6) and words[-1] in _CLASSES and b"@" in words[-4]
    return _Shape.LOCAL if is_local else _Shape.NOTICE


def _query(
    words: list[bytes], hosts: HostTable, tally: Tally, clock: Clock, line: bytes, number: int
) -> Observation | None:
    host = hosts[words[1]]
    if host == "":
        tally.ignored["query without a name"] += 1
    if not host:
        return None
    head = line.partition(b"unbound" if b"unbound" in line else b": ")[0]
    return question(host, words[0], words[2], head, clock, number)


def _settle_reply(words: list[bytes], pending: Pending) -> Iterator[Observation]:
    action = _BY_RCODE.get(words[4], Action.ERROR)
    key = (words[0], words[1], words[2])
    if action is Action.NXDOMAIN and pending.presumed(key) is Action.BLOCKED:
        action = Action.BLOCKED
    yield from pending.settle(key, action)


def _asked(words: list[bytes]) -> _Key:
    """Return what ``... client@port name. A IN`` ends with."""
    client, name, qtype = words[-4:-1]
    return client.partition(b"@")[0], name, qtype


def _policy_action(words: list[bytes]) -> Action | None:
    """``rpz: applied [list] name. rpz-nxdomain client@port name. A IN``"""
    return None if words[-5].endswith((b"passthru", b"disabled")) else Action.BLOCKED


def _settle_local(action: bytes, key: _Key, pending: Pending) -> Iterator[Observation]:
    if action in _BLOCKING:
        yield from pending.settle(key, Action.BLOCKED)
    elif action == b"static":  # answers what it has data for, and denies the rest
        pending.presume(key, Action.BLOCKED)


FORMAT = Format(
    name="unbound",
    title="Unbound query log",
    read=read,
    specificity=80,
    proves=OF_DNS,
    reference="https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html",
    sample=(
        b"[1795226202] unbound[7837:0] info: 10.0.0.7 api.openai.com. A IN\n"
        b"[1795226202] unbound[7837:0] info: 10.0.0.7 api.openai.com. A IN NOERROR 0.000000 1 59\n"
    ),
    window=WINDOW,
)
