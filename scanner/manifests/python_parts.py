"""The parts of a Python program that is damaged, or written for a newer Python than runs here.

Functions and classes are parsed one by one, of a class that cannot be parsed its methods: an
f-string that only Python 3.12 knows costs the function it stands in, and not the imports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from scanner.manifests import Unreadable
from scanner.manifests.python_code import parse

_HEADS = ("@", "def ", "class ", "async def ")
_INDENT = "    "


def parts(text: str) -> Iterator[ast.Module]:
    """Yield the trees of the parts that can be parsed, with the lines of the whole."""
    for begin, lines in _cut(text.split("\n"), 0):
        tree = _tree(lines, begin)
        if tree is not None:
            yield tree
        elif any(line.startswith("class ") for line in lines[:10]):
            inner = [line.removeprefix(_INDENT) for line in lines]
            methods = (_tree(method, at) for at, method in _cut(inner[1:], begin + 1))
            yield from (tree for tree in methods if tree is not None)


def _cut(lines: Sequence[str], begin: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield what lies before the first function or class, and each of these, with where it begins."""
    at = 0
    for number, line in enumerate(lines):
        if number > at and line.startswith(_HEADS) and lines[number - 1][:1] != "@":
            yield begin + at, lines[at:number]
            at = number
    yield begin + at, lines[at:]


def _tree(lines: Sequence[str], begin: int) -> ast.Module | None:
    try:
        tree = parse("\n".join(lines))
    except Unreadable:
        return None
    if tree.body:
        ast.increment_lineno(tree, begin)
    return tree
