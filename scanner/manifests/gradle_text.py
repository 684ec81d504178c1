"""Gradle's scripts, in Groovy and in Kotlin, as statements and blocks. Nothing of them is run.

Only what both languages share is understood: strings, names, brackets, comments, and where a
statement ends. That is enough for what scripts declare; what they compute stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.manifests import Unreadable

# A comment or a long string that does not end goes to the file's end, so that nothing is read twice.
_TOKEN = re.compile(
    r"""
    (?P<skip>//[^\n]*|/\*(?s:.*?)(?:\*/|\Z))
    |(?P<long>\"\"\"(?s:.*?)(?:\"\"\"|\Z)|'''(?s:.*?)(?:'''|\Z))
    |(?P<text>"(?:[^"\\\n$]++|\\.|\$\{[^}\n]{0,200}\}|\$(?!\{[^}\n]{0,200}\}))*")
    |(?P<plain>'(?:[^'\\\n]++|\\.)*')
    |(?P<name>`[^`\n]+`|[A-Za-z_][\w$]*(?:\??\.[A-Za-z_][\w$]*)*)
    |(?P<sign>[{}()\[\],:;=\n]|\d[\w.]*)
    """,
    re.VERBOSE,
)
_DEEPEST = 100
_OPEN = frozenset("([")
_CLOSED = frozenset(")]")
_PAIRS = {"(": ")", "[": "]"}


class Token(NamedTuple):
    kind: str  # text (with variables in it), plain, name or sign
    value: str
    line: int

    @property
    def is_text(self) -> bool:
        return self.kind in ("text", "plain")


@dataclass(slots=True)
class Statement:
    """The tokens of one statement, and the blocks in it; the tokens of a block are not among them."""

    tokens: list[Token] = field(default_factory=list)
    blocks: list[list[Statement]] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The name that it begins with; "" if it begins otherwise."""
        return self.tokens[0].value if self.tokens and self.tokens[0].kind == "name" else ""

    @property
    def line(self) -> int:
        return self.tokens[0].line if self.tokens else 1


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of a script; strings without their quotes, comments left out."""
    line = 1
    for found in _TOKEN.finditer(text):
        kind, value = str(found.lastgroup), found[0]
        if kind == "name":
            yield Token(kind, value.strip("`").replace("?.", "."), line)
        elif kind == "long":
            yield Token("text" if value[0] == '"' else "plain", value[3:-3], line)
        elif kind != "skip":
            yield Token(kind, value[1:-1] if kind != "sign" else value, line)
        line += value.count("\n")


@dataclass(slots=True)
class _Open:
    """A block that is being read: its statements so far, and the one in progress."""

    statements: list[Statement] = field(default_factory=list)
    current: Statement = field(default_factory=Statement)
    depth: int = 0  # of brackets that are open in the statement

    def finish(self) -> None:
        if self.current.tokens or self.current.blocks:
            self.statements.append(self.current)
        self.current, self.depth = Statement(), 0

    def is_unfinished(self) -> bool:
        tokens = self.current.tokens
        return self.depth > 0 or (bool(tokens) and tokens[-1].value in (",", "="))


def statements_of(text: str) -> list[Statement]:
    """Return the statements of a script. Raises Unreadable for blocks that are nested too deep."""
    stack = [_Open()]
    for token in tokens_of(text):
        block = stack[-1]
        if token.kind != "sign":
            block.current.tokens.append(token)
            continue
        match token.value:
            case "{":
                if len(stack) > _DEEPEST:
                    raise Unreadable("blocks that are nested too deep")
                stack.append(_Open())
            case "}":
                _close(stack)
            case "\n":
                if not block.is_unfinished():
                    block.finish()
            case ";":
                block.finish()
            case sign:
                block.depth += (sign in _OPEN) - (sign in _CLOSED)
                block.current.tokens.append(token)
    while len(stack) > 1:
        _close(stack)
    stack[0].finish()
    return stack[0].statements


def _close(stack: list[_Open]) -> None:
    if len(stack) > 1:
        closed = stack.pop()
        closed.finish()
        stack[-1].current.blocks.append(closed.statements)


def inside(tokens: list[Token], at: int = 0) -> list[Token]:
    """Return the tokens between the bracket at a place and the one that closes it."""
    opened = tokens[at].value if at < len(tokens) and tokens[at].kind == "sign" else ""
    if opened not in _PAIRS:
        return []
    depth = 0
    for end in range(at, len(tokens)):
        if tokens[end].kind == "sign":
            depth += (tokens[end].value in _OPEN) - (tokens[end].value in _CLOSED)
            if depth == 0:
                return tokens[at + 1 : end]
    return tokens[at + 1 :]


def arguments(tokens: list[Token]) -> list[list[Token]]:
    """Return the tokens between the commas that stand outside all brackets."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.value in _OPEN) - (token.value in _CLOSED)
            if token.value == "," and depth == 0:
                found.append([])
                continue
        found[-1].append(token)
    return [one for one in found if one]
