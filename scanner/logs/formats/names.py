"""The last resort: lines of unknown logs that begin with a time and name one host, alone.

    2026-11-20 08:01:02 gw7 pass rule=12 10.0.0.7:52344 api.openai.com tcp 443

Nobody knows what such a line says of the host, so that a record shows a name and its time and no
more. A host counts where it stands by itself, below a known public suffix, as the only one of its
line; not within a URL, a mail address, a quoted text, nor as the machine that wrote the line. A
log that names the same host again and again is that of the host itself, and is refused, as are
requests that a web server answered.
Reference: https://publicsuffix.org/list/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from scanner.hosts import HostTable
from scanner.logs import Batch, Format, Proof, Spelled, Tally
from scanner.logs.clock import Clock, Time
from scanner.logs.lines import numbered
from scanner.logs.requests import NOT_A_PROXYS
from scanner.model import Channel, Observation, Sighting

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST_LINE = 16_384
# So many lines that name but one host are about that host. Detection begins with fewer.
_ENOUGH_OF_ONE = 30
_MOST_HELD = 1000
_NO_TIME = "does not begin with a time"
_NOT_ONE = "does not name one host by itself"
_OF_ITSELF = "every line names the same host: its own"

_CLOCK = rb"\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?"
_ZONE = rb"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_TIMES = (
    rb"\d{4}-\d\d-\d\d[ T]" + _CLOCK + _ZONE,
    rb"\d{4}/\d\d/\d\d[ T]" + _CLOCK + _ZONE,
    rb"\d{1,2}[-/][A-Za-z]{3}[-/]\d{4}[ :T]" + _CLOCK + _ZONE,
    rb"\d{1,2}[/.]\d{1,2}[/.]\d{4},? " + _CLOCK + rb"(?: ?[AaPp][Mm])?" + _ZONE,
    rb"1\d{9}(?:\.\d{1,9}|\d{3}|\d{6})?",
)
_BEGIN = re.compile(
    rb"(?P<priority><\d{1,3}>(?:1 )?)?[\[\"]?"
    rb"(?:(?P<syslog>(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d " + _CLOCK + rb"(?: \d{4})?)"
    rb"|(?P<time>" + b"|".join(_TIMES) + rb"))[\]\"]?(?=[\s,;|])"
)  # fmt: skip
# What follows the time in syslog: the machine, and the program that says something.
_MACHINE = re.compile(rb" +[^ ]+")
_MACHINE_AND_PROGRAM = re.compile(rb" +[^ ]+ +[^ :\[]+(?:\[\d+\])?:(?= )")
# Requests, referers, agents, messages. A quoted word is a value like any other.
_QUOTED_TEXT = re.compile(rb'"[^"]*[ /][^"]*"')
_REQUEST = re.compile(rb"\b(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) /")
_ZEEK_CUT = re.compile(rb"\d{10}\.\d+\t(?:C\w{1,20}\t|[\d.:a-f]+\t)")
_LABEL = rb"[A-Za-z0-9_-]{1,63}"
_DELIMITERS = bytes.maketrans(b"\"',;|", b"     ")
# A host, or key=host; not one with anything else beside it.
_WORD = re.compile(rb"(?:[A-Za-z0-9_.-]{1,40}=)?(" + _LABEL + rb"(?:\." + _LABEL + rb"){1,9})\.?")
# Top-level domains that are the ends of file names as well, or of names of things in a program.
_OF_FILES = frozenset(["java", "md", "properties", "py", "sh", "so", "zip"])
_OF_SHORT_NAMES = _OF_FILES | frozenset(
    ["cc", "data", "date", "host", "id", "ml", "mov", "name", "pl", "pm", "ps", "rs"]
)
_JAVAS = frozenset({"jakarta", "java", "javax"})
_PACKAGES = frozenset({"com", "edu", "gov", "io", "net", "org", "sun"})
_OF_SITES = frozenset({"com", "net", "org"})


class _Named(NamedTuple):
    """A line that names one host."""

    number: int
    line: bytes
    host: bytes
    begin: re.Match[bytes]


def read(
    batches: Iterable[Batch], hosts: HostTable, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Yield an observation for each line that names a wanted host."""
    for one in _about_others(_naming_one(batches, tally), tally):
        if host := hosts[one.host]:
            when, quality = _time(one.begin, clock)
            yield Observation(
                Channel.LOG, host, when, Sighting.NAME, line=one.number, time_quality=quality
            )


def _naming_one(batches: Iterable[Batch], tally: Tally) -> Iterator[_Named]:
    for number, line in numbered(batches):
        begin = _BEGIN.match(line) if len(line) <= _LONGEST_LINE else None
        if begin is None:
            tally.reject(number, _NO_TIME, line)
            continue
        if _ZEEK_CUT.match(line):
            tally.reject(number, "columns of a Zeek log without its header", line)
            continue
        if b" /" in line and _REQUEST.search(line):
            tally.reject(number, NOT_A_PROXYS, line)
            continue
        found = _hosts(line, begin)
        if len(found) == 1:
            yield _Named(number, line, found.pop(), begin)
        else:
            tally.reject(number, _NOT_ONE, line)


def _about_others(lines: Iterator[_Named], tally: Tally) -> Iterator[_Named]:
    """Yield the lines, unless all of them name one host: then they are refused.

    So are the first ones, if it is many of them; a burst is held back until another host comes.
    """
    held: list[_Named] = []
    first: bytes | None = None
    is_own = False
    for one in lines:
        first = first or one.host
        if one.host != first:
            yield from held
            yield one
            yield from lines
            return
        held.append(one)
        if len(held) == _MOST_HELD:
            is_own = True
            _refuse(held, tally)
    if is_own or len(held) >= _ENOUGH_OF_ONE:
        _refuse(held, tally)
    else:
        yield from held


def _refuse(held: list[_Named], tally: Tally) -> None:
    for one in held:
        tally.reject(one.number, _OF_ITSELF, one.line)
    held.clear()


def _hosts(line: bytes, begin: re.Match[bytes]) -> set[bytes]:
    """Return the hosts that stand by themselves behind the head of a line."""
    is_syslog = begin["syslog"] or (begin["priority"] or b"").endswith(b" ")
    machine = (_MACHINE if is_syslog else _MACHINE_AND_PROGRAM).match(line, begin.end())
    rest = line[machine.end() if machine else begin.end() :]
    if b'"' in rest:
        rest = _QUOTED_TEXT.sub(b'""', rest)
    words = rest.translate(_DELIMITERS).split()
    hosts = {_host_in(word) for word in words if b"." in word and not word[-1:].isdigit()}
    return hosts - {b""}


@lru_cache(maxsize=65_536)
def _host_in(word: bytes) -> bytes:
    """Return the host that a word is, or that it gives a key; b"" if neither."""
    found = _WORD.fullmatch(word)
    return found[1].lower() if found and _is_host(found[1]) else b""


def _is_host(token: bytes) -> bool:
    """Whether a word with dots is a name below a public suffix, and of no file or Java class."""
    labels = token.decode("ascii").split(".")
    end = labels[-1]
    if not end.isalpha() and not end.startswith("xn--"):
        return False
    if not end.islower() and not token.isupper():  # System.Net, Session.Id
        return False
    end = end.lower()
    if end in (_OF_SHORT_NAMES if len(labels) == 2 else _OF_FILES):
        return False
    first = labels[0].lower()
    if first in _JAVAS or (first in _PACKAGES and end not in _OF_SITES):
        return False
    return _suffixes().privatesuffix(token.decode("ascii").lower()) is not None


@cache
def _suffixes() -> PublicSuffixList:
    """Return the public suffixes, and those alone: no unknown word is one."""
    from publicsuffixlist import PublicSuffixList  # reading the list takes 50 ms

    return PublicSuffixList(only_icann=True, accept_unknown=False)


def _time(begin: re.Match[bytes], clock: Clock) -> Time:
    if begin["syslog"]:
        return clock.syslog(begin["syslog"].decode("ascii"))
    return clock.any(begin["time"].decode("ascii").replace(",", ".", 1))


FORMAT = Format(
    name="names",
    title="Lines that begin with a time and name one host (last resort)",
    read=read,
    specificity=5,
    proves=frozenset({Proof.TIME, Proof.HOST}),
    reference="https://publicsuffix.org/list/",
    sample=(
        b"2026-11-20 08:01:02 gw7 pass rule=12 10.0.0.7:52344 api.openai.com tcp 443\n"
        b"2026-11-20 08:01:03 gw7 pass rule=12 10.0.0.8:40112 www.example.org tcp 443\n"
        b"2026-11-20 08:01:09 gw7 drop rule=3 10.0.0.8:40114 chat.deepseek.com tcp 443\n"
    ),
    window=None,
    spelled=Spelled.PARTLY,
)
