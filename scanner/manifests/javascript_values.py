"""The literals that a value of a JavaScript program can be, as far as the program itself shows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from scanner.manifests.javascript_tree import (
    Tree,
    last_name,
    line_of,
    operator,
    plain,
    text_of,
)
from scanner.manifests.literals import UNKNOWN

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 20
_MOST_STEPS = 200
_DEEPEST = 20
_LONGEST = 2_000
_ASSIGNING = frozenset(
    {"variable_declarator", "assignment_expression", "assignment_pattern"}
    | {"object_assignment_pattern", "required_parameter"}
)
_WRAPPERS = frozenset(
    {"as_expression", "satisfies_expression", "non_null_expression", "parenthesized_expression"}
    | {"await_expression"}
)


class Constants:
    """What the names of a program are assigned, looked for when one is asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[str, list[Node]] = {}

    def values(self, name: str) -> list[Node]:
        """Return the first values that a name is assigned anywhere in the program."""
        if name not in self._known:
            self._known[name] = list(islice(self._assigned(name), _MOST))
        return self._known[name]

    def _assigned(self, name: str) -> Iterator[Node]:
        for node in self._tree.around(self._tree.places_of_name(name), _ASSIGNING):
            if (found := assignment(node)) is not None and found[0] == name:
                yield found[1]


def assignment(node: Node) -> tuple[str, Node] | None:
    """Return the name and the value of what assigns one; None if it gives no value."""
    match node.type:
        case "variable_declarator":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        case "required_parameter":
            name, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        case _:
            name, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            return None if name is None or value is None else (last_name(name), value)
    return None if name is None or value is None else (text_of(name), value)


def literals(value: Node, constants: Constants) -> Iterator[tuple[str, int]]:
    """Yield the texts that a value can be, and their lines; an unknown part is ``{}``."""
    yield from _Following(constants).literals(value, 0)


class _Following:
    """One value being followed, in a bounded number of steps: ``a = a + a`` has no end."""

    def __init__(self, constants: Constants) -> None:
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
                return self._constants.values(text_of(node))
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
