"""The syntax trees of JavaScript and TypeScript, and what their nodes say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scanner.manifests import Unreadable
from scanner.manifests.telling import Telling

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, TreeCursor
    from tree_sitter import Tree as SyntaxTree

_LONGEST = 2_000
_SHORT = 100
_CLOSE = 5  # a name, its member, its call, and the statement around them
_MOST_NAMES = 1_000  # each is searched for in the whole program
_GOES_ON = frozenset(
    bytes([one]) for one in range(256) if one >= 128 or chr(one).isalnum() or chr(one) in "_$"
)
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


class Tree:
    """The syntax tree of a program; damaged parts of it are nodes that say so."""

    def __init__(self, tree: SyntaxTree, data: bytes) -> None:
        self._tree = tree
        self._data = data
        self._asked = 0  # names

    def around(self, places: Iterable[int], kinds: frozenset[str]) -> list[Node]:
        """Return the nodes of some kinds that lie close around places, in the order of the text.

        So only what may say something is looked at: a program has a hundred times as many nodes.
        """
        found: dict[int, Node] = {}
        way = _Way(self._tree)
        for place in sorted(places):
            for node in way.to(place)[-_CLOSE:]:
                if node.type in kinds:
                    found[node.id] = node
        return sorted(found.values(), key=lambda node: (node.start_byte, -node.end_byte))

    def places_of(self, telling: Telling) -> list[int]:
        """Return the last but one byte of each match: where a word is whose end is matched too."""
        return [end - 2 for end in telling.ends(self._data)]

    def places_of_name(self, name: str) -> Iterator[int]:
        """Yield where a name stands as a whole word; of too many names, of the first alone."""
        self._asked += 1
        word, data = name.encode(), self._data
        at = data.find(word) if word and self._asked <= _MOST_NAMES else -1
        while at >= 0:
            end = at + len(word)
            if data[at - 1 : at] not in _GOES_ON and data[end : end + 1] not in _GOES_ON:
                yield at
            at = data.find(word, end)

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


class _Way:
    """A way through a tree, from one place to those behind it."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._cursor = tree.walk()
        self._nodes = [tree.root_node]
        # Where the tree is damaged, nodes may have any number of children in one flat list.
        self._is_flat = tree.root_node.has_error

    def to(self, place: int) -> list[Node]:
        """Return the nodes that a place lies in, the root first."""
        cursor, nodes = self._cursor, self._nodes
        while len(nodes) > 1 and nodes[-1].end_byte <= place:
            if self._is_flat and cursor.goto_next_sibling():
                nodes[-1] = _at(cursor)
            else:
                cursor.goto_parent()
                nodes.pop()
        while cursor.goto_first_child_for_byte(place) is not None:
            nodes.append(_at(cursor))
        return nodes


def _at(cursor: TreeCursor) -> Node:
    node = cursor.node
    assert node is not None, "the cursor is in the tree"  # noqa: S101
    return node


def parse(data: bytes, dialect: Dialect) -> Tree:
    """Return the tree of a program, whatever it holds. Raises Unreadable."""
    tree = _parser(dialect.name).parse(data)
    if tree is None:
        raise Unreadable(f"not {dialect.title}")
    return Tree(tree, data)


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
