"""The syntax trees of JavaScript and TypeScript, and what their nodes say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scanner.manifests import Unreadable

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query
    from tree_sitter import Tree as SyntaxTree

_LONGEST = 2_000
_SHORT = 100
_WORDS = re.compile(rb"[&>()][^'\"`\n]*")


class Dialect(NamedTuple):
    """What a file is written in, by the end of its name."""

    name: str
    title: str


_JAVASCRIPT = Dialect("javascript", "JavaScript")
_DIALECTS = {
    ".ts": Dialect("typescript", "TypeScript"),
    ".mts": Dialect("typescript", "TypeScript"),
    ".cts": Dialect("typescript", "TypeScript"),
    ".tsx": Dialect("tsx", "TypeScript with JSX"),
}


def language_of(name: str) -> Dialect:
    """Return the dialect of a file of that name."""
    return _DIALECTS.get(name[name.rfind(".") :].lower(), _JAVASCRIPT)


@cache
def _language(name: str) -> Language:
    import tree_sitter_javascript  # each grammar is a library of 1 MB that few commands need
    import tree_sitter_typescript
    from tree_sitter import Language

    grammars = {
        "javascript": tree_sitter_javascript.language,
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
    }
    return Language(grammars[name]())


@cache
def _parser(name: str) -> Parser:
    from tree_sitter import Parser

    return Parser(_language(name))


@cache
def _query(name: str, kinds: frozenset[str]) -> Query:
    """Return what finds the nodes of some kinds, those that a grammar has."""
    from tree_sitter import Query

    language = _language(name)
    known = [f"({kind})" for kind in sorted(kinds) if language.id_for_node_kind(kind, True)]
    return Query(language, f"[{' '.join(known)}] @found")


class Tree:
    """The syntax tree of a program; damaged parts of it are nodes that say so."""

    def __init__(self, tree: SyntaxTree, dialect: Dialect) -> None:
        self._tree = tree
        self._dialect = dialect

    def nodes(self, kinds: frozenset[str]) -> Iterable[Node]:
        """Return the nodes of some kinds, in the order of the text."""
        if self._tree.root_node.has_error:  # a query may take quadratic time then
            return (node for node in self._every() if node.type in kinds)
        from tree_sitter import QueryCursor

        cursor = QueryCursor(_query(self._dialect.name, kinds))
        found = cursor.captures(self._tree.root_node).get("found", [])
        return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))

    def _every(self) -> Iterator[Node]:
        """Yield every node, from the root on."""
        cursor = self._tree.walk()
        while True:
            node = cursor.node
            if node is not None:
                yield node
            if cursor.goto_first_child():
                continue
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    return

    def first_error(self) -> int:
        """Return the line of the first part that could not be parsed and may say something; 0 if none."""
        waiting = [self._tree.root_node]
        while waiting:
            node = waiting.pop()
            if node.is_error or node.is_missing:
                if _may_say_something(node):
                    return line_of(node)
            elif node.has_error:
                waiting += reversed(node.children)
        return 0


def parse(data: bytes, dialect: Dialect) -> Tree:
    """Return the tree of a program, whatever it holds. Raises Unreadable."""
    tree = _parser(dialect.name).parse(data)
    if tree is None:
        raise Unreadable(f"not {dialect.title}")
    return Tree(tree, dialect)


def _may_say_something(node: Node) -> bool:
    """Whether a damaged part may hold more than signs: ``&`` in a text, ``<typeof import("x")>()``."""
    if node.end_byte - node.start_byte > _SHORT or node.text is None:
        return True
    return not _WORDS.fullmatch(node.text)


def arguments(node: Node) -> list[Node]:
    """Return the first two arguments of a call."""
    given = node.child_by_field_name("arguments")
    if given is None or given.type != "arguments":
        return []
    return [one for one in given.named_children if one.type != "comment"][:2]


def last_name(node: Node) -> str:
    """Return ``c`` of ``a.b.c`` and of ``c``."""
    named = node.child_by_field_name("property") if node.type == "member_expression" else node
    return "" if named is None or named.child_count else text_of(named)


def owner(node: Node) -> str:
    """Return ``a`` of ``a.b``."""
    whose = node.child_by_field_name("object")
    return text_of(whose) if whose is not None and whose.type == "identifier" else ""


def operator(node: Node) -> str:
    found = node.child_by_field_name("operator")
    return "" if found is None else text_of(found)


def text_of(node: Node) -> str:
    """Return the text of a short node."""
    if node.end_byte - node.start_byte > _LONGEST or node.text is None:
        return ""
    return node.text.decode("utf-8", "replace")


def plain(node: Node) -> str:
    """Return the text of a string, or of a template without parts; "" of anything else."""
    if node.type not in ("string", "template_string"):
        return ""
    if any(one.type == "template_substitution" for one in node.named_children[:1000]):
        return ""
    return text_of(node)[1:-1]


def line_of(node: Node) -> int:
    return node.start_point.row + 1
