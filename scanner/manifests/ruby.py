"""Files that are Ruby programs by their statements, without running them.

Bundler's, RubyGems' and CocoaPods' files are programs, but nearly all are lists of calls with
literal arguments. A statement is what such a call takes, over several lines if need be, without
comments; what is computed stays unread, and readers say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TEXT_OR_COMMENT = re.compile(r""""(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|#.*""")
_HEREDOC = re.compile(r"""<<[~-]?(["'`]?)([A-Z][A-Z0-9_]*)\1(?!\w)""")
_GOES_ON = (",", "\\", "(", "[", "=>")
_LONGEST = 20_000  # characters of one statement; nobody writes more, and some patterns look back
_OPENS = re.compile(
    r"\bdo\s*(?:\|[^|]*\|)?$|\{\s*(?:\|[^|]*\|)?$"
    r"|^(?:if|unless|case|while|until|for|begin|def|class|module)\b(?!.*\bend$)"
    r"|=\s*(?:if|unless|case|begin)\b(?!.*\bend$)"
)
_CLOSES = re.compile(r"^(?:end\b|\})")
LITERAL = r"""(?:"([^"]*)"|'([^']*)'|%[qQ]?<([^>]*)>|%[qQ]?\(([^)]*)\)|%[qQ]?\[([^\]]*)\]|%[qQ]?\{([^}]*)\})(?:\.freeze)?"""
_FIRST = re.compile(rf"[\s(]*{LITERAL}")
_NEXT = re.compile(rf"\s*,\s*\[?\s*{LITERAL}\s*\]?(?!\s*(?:=>|:))")
_VERSION = re.compile(r"\s*(?:[=<>!~]=|~>|[<>=])?\s*\d[\w.-]*\s*(?:,|$)")


class Statement(NamedTuple):
    text: str
    line: int


class Call(NamedTuple):
    """A call's literal arguments: the name, the versions that are wanted, and the rest as written."""

    name: str
    versions: str
    rest: str


def statements(text: str) -> Iterator[Statement]:
    """Yield the statements of a program and the lines they begin in."""
    parts: list[str] = []
    begin = 0
    for number, line in enumerate(map(str.strip, _code(text.split("\n"))), 1):
        if not line:
            continue
        if not parts:
            begin = number
        parts.append(line.removesuffix("\\"))
        if not line.endswith(_GOES_ON):
            yield Statement(" ".join(parts)[:_LONGEST], begin)
            parts = []
    if parts:
        yield Statement(" ".join(parts)[:_LONGEST], begin)


def opens_block(statement: str) -> bool:
    return _OPENS.search(statement) is not None


def closes_block(statement: str) -> bool:
    return _CLOSES.match(statement) is not None


def call_of(arguments: str) -> Call | None:
    """Return what stands between a call's brackets; None if its name is computed."""
    first = _FIRST.match(arguments)
    name = _literal(first) if first else ""
    if first is None or not name or "#{" in name:
        return None
    versions = []
    at = first.end()
    while following := _NEXT.match(arguments, at):
        texts = _literals(arguments[at : following.end()])
        versions += [one.strip() for one in texts if _VERSION.match(one)]
        at = following.end()
    return Call(name.strip(), ", ".join(versions), arguments[at:])


def first_literal(text: str) -> str:
    """Return the text that an assignment or a call begins with; "" if it is computed."""
    match = _FIRST.match(text)
    found = _literal(match) if match else ""
    return "" if "#{" in found else found


def literals(text: str) -> list[str]:
    """Return all texts in a piece of a program."""
    return [one for one in _literals(text) if "#{" not in one]


_ANY_LITERAL = re.compile(LITERAL)


def _literals(text: str) -> list[str]:
    return [_literal(match) for match in _ANY_LITERAL.finditer(text)]


def _literal(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group is not None), "")


def _code(lines: list[str]) -> Iterator[str]:
    """Yield the lines without comments, and empty ones for what is text over many lines."""
    last = {line.strip(): number for number, line in enumerate(lines)}
    until = ""
    for number, line in enumerate(lines):
        if until:
            until = "" if line.strip() == until or line.startswith(until + " ") else until
            yield ""
            continue
        if line.startswith("__END__"):
            return
        if line.startswith("=begin"):
            until = "=end"
            yield ""
            continue
        opened = _HEREDOC.search(line) if "<<" in line else None
        if opened and last.get(opened[2], -1) > number:
            until = opened[2]
        yield _TEXT_OR_COMMENT.sub(_without_comment, line) if "#" in line else line


def _without_comment(match: re.Match[str]) -> str:
    return "" if match[0].startswith("#") else match[0]
