"""What mix.exs wants, read without running it; mix.lock's reader needs it for what is direct."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.manifests import Group, Trouble, Unreadable
from scanner.manifests.purls import purl

# Texts end with their line, so that a lone quote (``?"``) hides no more than that.
_TEXT_OR_COMMENT = re.compile(r'"""(?:[^"]|"(?!""))*(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|#[^\n]*')
_FUNCTION = re.compile(r"^[ \t]*defp?[ \t]+\w*deps\w*", re.MULTILINE)
_NEXT = re.compile(r"^[ \t]*(?:defp?|defmodule|defmacrop?|@\w+)\b", re.MULTILINE)
_INLINE = re.compile(r"\bdeps:\s*\[")
_TUPLE = re.compile(r'\{\s*:"?(\w+)"?\s*,\s*')
_PART = re.compile(r'"(?:\\.|[^"\\\n])*"?|[\[\]{}()]')
_VERSION = re.compile(r'"([^"]*)"')
_ONLY = re.compile(r"\bonly:\s*(\[[^\]]*\]|:\w+)")
_REAL_NAME = re.compile(r'\bhex:\s*[:"]+(\w+)')
_ORGANIZATION = re.compile(r'\borganization:\s*"(\w+)"')
_LONGEST = 2_000


class Wanted(NamedTuple):
    name: str  # as mix.lock calls it
    value: str
    version: str
    group: Group
    line: int


def code_of(text: str) -> str:
    """Return a program without its comments and longer texts; its lines stay where they are."""
    return _TEXT_OR_COMMENT.sub(_without, text)


def _without(match: re.Match[str]) -> str:
    found = match[0]
    if found.startswith("#"):
        return ""
    return '""' + "\n" * found.count("\n") if found.startswith('"""') else found


def wanted(code: str) -> Iterator[Wanted | Trouble]:
    """Yield the dependencies in a program without comments, in their order."""
    line, last = 1, 0
    for begin, end in _regions(code):
        at = begin
        while match := _TUPLE.search(code, at, end):
            line += code.count("\n", last, match.start())
            last = match.start()
            arguments = _arguments(code, match.end(), end)
            at = match.end() + len(arguments)
            if "in_umbrella: true" not in arguments:
                yield _wanted(match[1], arguments, line)


def _regions(code: str) -> Iterator[tuple[int, int]]:
    """Yield where dependencies stand: functions named so, and a list in the project itself."""
    found = []
    for match in _FUNCTION.finditer(code):
        following = _NEXT.search(code, match.end())
        found.append((match.end(), following.start() if following else len(code)))
    reached = 0
    for match in _INLINE.finditer(code):
        if match.end() >= reached:
            reached = match.end() + len(_arguments(code, match.end(), len(code)))
            found.append((match.end(), reached))
    reached = 0
    for begin, end in sorted(found):
        if end > max(begin, reached):
            yield max(begin, reached), end
            reached = end


def _arguments(code: str, begin: int, end: int) -> str:
    """Return what stands up to the bracket that closes."""
    depth = 1
    for match in _PART.finditer(code, begin, end):
        depth += 1 if match[0] in "[{(" else -1 if match[0] in "]})" else 0
        if not depth:
            return code[begin : match.start()]
    return code[begin:end]


def _wanted(name: str, arguments: str, line: int) -> Wanted | Trouble:
    version = _VERSION.match(arguments)
    options = arguments[:_LONGEST]
    real, organization = _REAL_NAME.search(options), _ORGANIZATION.search(options)
    try:
        value = purl("hex", real[1] if real else name, organization[1] if organization else None)
    except Unreadable as error:
        return Trouble(str(error), line)
    return Wanted(name, value, version[1] if version else "", _group(options), line)


def _group(options: str) -> Group:
    if only := _ONLY.search(options):
        names = set(re.findall(r"\w+", only[1]))
        if "prod" not in names:
            return Group.TEST if names <= {"test", "bench"} else Group.DEV
    if "optional: true" in options:
        return Group.OPTIONAL
    return Group.BUILD if "runtime: false" in options else Group.RUNTIME
