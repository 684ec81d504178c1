"""Zone files and saved answers of dig: the records in them, one at a time, and what is not in them.

Both are RFC 1035's master format. A record that cannot be read is counted and passed over, the
rest is read; no other file is opened, whatever $INCLUDE says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from integrations.public_dns.sending import value_of

if TYPE_CHECKING:
    from dns.name import Name
    from dns.rdatatype import RdataType
    from dns.tokenizer import Tokenizer

_WANTED = frozenset({"TXT", "SPF", "MX", "CNAME"})
_ANSWER = re.compile(r"^;; ->>HEADER<<- .*?status: ([A-Z0-9]{1,20})", re.MULTILINE)
_SILENCE = re.compile(r"^;; (?:connection timed out|no servers could be reached)", re.MULTILINE)
# Quoted texts, what a backslash takes away, comments, and the parentheses that count.
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|;.*|[()]')
_MOST_HELD = 200  # lines between parentheses
_ANSWERED = "\n;; ANSWER SECTION:"
_ELSEWHERE = re.compile(r"^\$(INCLUDE|GENERATE)\b", re.MULTILINE | re.IGNORECASE)


class Entry(NamedTuple):
    """One record: its owner without the last dot, its type, and what it says."""

    name: str
    type: str
    value: str


def entries(lines: Iterable[str], bad: Counter[str]) -> Iterator[Entry]:
    """Yield the records of a file that are looked at; the others are passed over."""
    from dns.exception import DNSException

    zone = _Zone(bad)
    for line in _whole_lines(lines):
        try:
            entry = zone.entry(line)
        except (DNSException, ValueError):
            bad["(record)"] += 1
            continue
        if entry is not None:
            yield entry


def _whole_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, those joined that parentheses hold together.

    One that is never closed stands alone, so that it takes no other record with it.
    """
    held: list[str] = []
    depth = 0
    for line in lines:
        held.append(line)
        depth += _depth(line)
        if depth <= 0:
            yield "".join(held)
        elif len(held) >= _MOST_HELD:
            yield from held
        else:
            continue
        held, depth = [], 0
    yield from held


def _depth(line: str) -> int:
    """Return how many parentheses a line opens and leaves open, but for those in quotes."""
    return sum({"(": 1, ")": -1}.get(one, 0) for one in _MARKS.findall(line))


def unread(text: str) -> str:
    """Return what of the records a file does not hold, in one sentence; "" if it holds all."""
    said_something = {"NOERROR", "NXDOMAIN"} if _ANSWERED in text else {"NOERROR"}
    found = Counter(code for code in _ANSWER.findall(text) if code not in said_something)
    found["no answer"] += len(_SILENCE.findall(text))
    parts = [f"{what} ({count:,})" for what, count in sorted(found.items()) if count]
    reasons = [f"answers that say nothing: {', '.join(parts)}"] if parts else []
    if elsewhere := {one.upper() for one in _ELSEWHERE.findall(text)}:
        named = ", ".join(f"${one}" for one in sorted(elsewhere))
        reasons.append(f"{named} is not followed")
    return "; ".join(reasons)


class _Zone:
    """A file at work: what $ORIGIN says, and whose the last record was."""

    def __init__(self, bad: Counter[str]) -> None:
        self._bad = bad
        self._origin: Name | None = None
        self._owner: Name | None = None

    def entry(self, line: str) -> Entry | None:
        """Return the record of a line; None if it holds none that is looked at. Raises
        DNSException, ValueError."""
        from dns import rdata, rdataclass, rdatatype
        from dns.tokenizer import Tokenizer

        tokens = Tokenizer(line)
        first = tokens.get(want_leading=True)
        if first.is_whitespace():
            first = tokens.get()
            if first.is_eol_or_eof():
                return None
            tokens.unget(first)
        elif first.is_eol_or_eof():
            return None
        elif first.value.startswith("$"):
            self._direct(first.value.upper(), tokens)
            return None
        else:
            self._owner = tokens.as_name(first, self._origin)
        kind = _type(tokens)
        type_ = rdatatype.to_text(kind)
        if type_ not in _WANTED:
            return None
        if self._owner is None or not self._owner.is_absolute():
            raise ValueError("nobody says whose record it is")
        record = rdata.from_text(rdataclass.IN, kind, tokens, self._origin, relativize=False)
        name = self._owner.to_text(omit_final_dot=True).lower()
        return Entry(name, type_, value_of(record))

    def _direct(self, directive: str, tokens: Tokenizer) -> None:
        """Do what a line says that begins with a dollar; one that needs more than the file is left."""
        if directive == "$ORIGIN":
            self._origin = tokens.get_name(self._origin)
        elif directive != "$TTL":
            self._bad[directive if directive in ("$INCLUDE", "$GENERATE") else "(directive)"] += 1


def _type(tokens: Tokenizer) -> RdataType:
    """Return the type of a record: it stands behind a time and a class, which may be left out."""
    from dns import rdataclass, rdatatype, ttl

    while True:
        word = tokens.get_string()
        if word.upper() in ("CH", "HS", "IN"):
            if rdataclass.from_text(word) != rdataclass.IN:
                raise ValueError("a record of another class")
            continue
        try:
            ttl.from_text(word)
        except ttl.BadTTL:
            return rdatatype.from_text(word)
