"""The literals that a value of a JavaScript program can be, as far as the program itself shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scanner.manifests.javascript_tree import line_of, operator, plain, text_of
from scanner.manifests.literals import UNKNOWN

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 20
_MOST_STEPS = 200
_DEEPEST = 20
_LONGEST = 2_000
_WRAPPERS = frozenset(
    {"as_expression", "satisfies_expression", "non_null_expression", "parenthesized_expression"}
    | {"await_expression"}
)


def literals(value: Node, constants: dict[str, list[Node]]) -> Iterator[tuple[str, int]]:
    """Yield the texts that a value can be, and their lines; an unknown part is ``{}``."""
    yield from _Following(constants).literals(value, 0)


class _Following:
    """One value being followed, in a bounded number of steps: ``a = a + a`` has no end."""

    def __init__(self, constants: dict[str, list[Node]]) -> None:
        self._constants = constants
        self._steps = _MOST_STEPS

    def literals(self, node: Node, depth: int) -> Iterator[tuple[str, int]]:
        self._steps -= 1
        if depth > _DEEPEST or self._steps < 0:
            return
        if node.type == "string":
            yield plain(node), line_of(node)
        elif node.type == "template_string" or operator(node) == "+":
            yield self._joined(node.named_children, depth), line_of(node)
        else:
            for one in self._alternatives(node):
                yield from self.literals(one, depth + 1)

    def _alternatives(self, node: Node) -> list[Node]:
        match node.type:
            case "identifier" | "shorthand_property_identifier":
                return self._constants.get(text_of(node), [])
            case "binary_expression" if operator(node) in ("??", "||"):
                return node.named_children
            case "ternary_expression":
                return node.named_children[1:]
            case "array":
                return node.named_children[:_MOST]
            case kind if kind in _WRAPPERS:
                return node.named_children[:1]
        return []

    def _joined(self, parts: list[Node], depth: int) -> str:
        return "".join(self._part(one, depth + 1) for one in parts[:100])[:_LONGEST]

    def _part(self, node: Node, depth: int) -> str:
        if node.type in ("string_fragment", "escape_sequence"):
            return text_of(node)
        if node.type == "template_substitution":
            inner = node.named_children
            if not inner:
                return UNKNOWN
            node = inner[0]
        found = next(self.literals(node, depth), None)
        return UNKNOWN if found is None else found[0][:_LONGEST]
