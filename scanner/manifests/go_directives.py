"""The directives of Go's own files, ``go.mod`` and ``go.work``: one a line, or many in a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.manifests import Document, Trouble, Unreadable

_WORD = re.compile(r'"[^"]*"|`[^`]*`|[()\[\],]|[^\s()\[\],]+')
_VERBS = frozenset(
    {"module", "go", "toolchain", "godebug", "require", "exclude", "replace", "retract", "tool"}
    | {"ignore", "use"}
)
_MODULE = re.compile(r"[\w.~+!-]+(?:/[\w.~+!-]+)*")
_LONGEST = 1000
_INDIRECT = re.compile(r"indirect(?:\s*;.*)?")


class Directive(NamedTuple):
    verb: str
    words: list[str]
    line: int
    is_indirect: bool


def directives(document: Document) -> Iterator[Directive | Trouble]:
    """Yield the directives of a file; Trouble for what is none. Raises Unreadable."""
    block = ""
    is_known = False
    for number, line in enumerate(document.lines, 1):
        code, _, comment = line.partition("//")
        words = [word.strip('"`') for word in _WORD.findall(code)]
        if not words:
            continue
        if block:
            if words == [")"]:
                block = ""
                continue
        elif words[0] not in _VERBS:
            if not is_known:
                raise Unreadable(f"no directive in line {number}")
            yield Trouble(f"no directive: {words[0][:40]!r}", number)
            continue
        is_known = True
        verb = block or words.pop(0)
        if words == ["("]:
            block = verb
        elif words not in ([], ["(", ")"]):
            yield Directive(verb, words, number, bool(_INDIRECT.fullmatch(comment.strip())))


def replacement(found: Directive) -> tuple[str, str] | None:
    """Return the module, and its version, that a ``replace`` puts in place of another; None if it is a folder."""
    words = found.words
    new = words[words.index("=>") + 1 :] if "=>" in words else []
    match new:
        case [path, version] if is_module(path):  # a folder has no version
            return path, version
    return None


def is_module(path: str) -> bool:
    """Say whether a word can be a module's path, and no folder's."""
    return (
        len(path) <= _LONGEST and bool(_MODULE.fullmatch(path)) and not path.startswith((".", "/"))
    )
