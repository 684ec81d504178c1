"""What Bundler's Gemfile names: gems, and the groups that they are in.

Both the reader of a Gemfile and that of its lock need it: the lock does not tell groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.manifests import Document, Group, Trouble
from scanner.manifests.ruby import call_of, closes_block, opens_block, statements

_GEM = re.compile(r"(?:^|[{;|]\s*)gem(?=[\s(])\s*(.*)")
_GROUP = re.compile(r"^group(?=[\s(])(.*)")
_OF_GEM = re.compile(
    r"(?:\bgroups?:|:groups?\s*=>)\s*(\[[^\]]*\]|%[iw][\[({][^\])}]*|:?\w+|:?\"\w+\"|'\w+')"
)
_SYMBOL = re.compile(r""":["']?(\w+)|["'](\w+)["']""")
_LISTED = re.compile(r"%[iw][\[({]([^\])}]*)")
_MEANT = re.compile(r"[\w:*%\"'(\[]")
_TEST = frozenset({"test", "tests", "spec", "cucumber", "rspec", "ci", "benchmark", "benchmarks"})
_DEV = frozenset(
    {"development", "dev", "local", "debug", "lint", "linting", "doc", "docs", "documentation"}
    | {"tools", "rubocop", "release", "deploy"}
)


class Gem(NamedTuple):
    name: str
    versions: str
    group: Group
    line: int


def gems_of(document: Document) -> Iterator[Gem | Trouble]:
    """Yield the gems of a Gemfile in the order of the file."""
    blocks: list[tuple[tuple[str, ...], bool]] = []
    for text, line in statements(document.text):
        yield from _gems(text, line, blocks)
        if closes_block(text):
            if blocks:
                blocks.pop()
        elif opens_block(text):
            names = _names(found[1]) if (found := _GROUP.match(text)) else ()
            blocks.append((names, "optional: true" in text or ":optional => true" in text))


def _gems(
    text: str, line: int, blocks: list[tuple[tuple[str, ...], bool]]
) -> Iterator[Gem | Trouble]:
    for match in _GEM.finditer(text):
        call = call_of(match[1])
        if call is None:
            if _MEANT.match(match[1]):
                yield Trouble("a gem whose name is computed", line)
            continue
        around = [name for names, _ in blocks for name in names]
        inline = _names(found[1]) if (found := _GROUP.match(text)) else ()
        own = _names(found[1]) if (found := _OF_GEM.search(call.rest)) else ()
        is_optional = any(optional for _, optional in blocks)
        group = group_of({*around, *inline, *own}, is_optional)
        yield Gem(call.name, call.versions, group, line)


def _names(text: str) -> tuple[str, ...]:
    """Return the names in ``:a, :b``, ``[:a]``, ``%i[a b]`` or ``"a"``."""
    if listed := _LISTED.search(text):
        return tuple(listed[1].split())
    return tuple(one or other for one, other in _SYMBOL.findall(text.partition(" optional:")[0]))


def group_of(names: set[str], is_optional: bool = False) -> Group:
    """Return what gems in groups of these names are for; a name that says nothing runs."""
    plain = {name.lower() for name in names}
    if plain and plain <= _TEST:
        return Group.TEST
    if plain and plain <= _TEST | _DEV:
        return Group.DEV
    return Group.OPTIONAL if is_optional else Group.RUNTIME
