"""Documents as trees whose parts know their lines: YAML, JSON with comments, TOML.

The plain parsers tell no lines, and a configuration is only worth reporting with the line it is
written in. All values are text here; what a value means is for whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import yaml

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import toml_of
from scanner.manifests.toml_lines import TomlLines

_DEEPEST = 200
_MOST_NODES = 1_000_000
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_JSON_TOKEN = re.compile(
    r'[ \t\r\n\f\ufeff]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|"(?:[^"\\\n]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"/]+'
)


@dataclass(slots=True, eq=False)
class Node:
    """A value with its line: a text, pairs in their order, or items; none of them where nothing is.

    ``line`` is that of the text's own first line, also below a ``|`` or ``>``.
    """

    line: int = 0
    text: str = ""
    pairs: list[tuple[str, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    is_block: bool = False  # a text of several lines, whose ends of lines count

    def get(self, *keys: str) -> Node:
        """Return the value below keys, also where ``<<`` merges it in; an empty node if none is."""
        found = self
        for key in keys:
            found = _value(found, key) or Node(found.line)
        return found

    def walk(self) -> Iterator[tuple[tuple[str, ...], Node]]:
        """Yield every node once, with the keys above it, "" for an item's, in the order of the file."""
        seen: set[int] = set()
        left: list[tuple[tuple[str, ...], Node]] = [((), self)]
        while left:
            keys, node = left.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield keys, node
            left.extend(((*keys, ""), item) for item in reversed(node.items))
            left.extend(((*keys, key), value) for key, value in reversed(node.pairs))

    def texts(self) -> Iterator[tuple[str, Node]]:
        """Yield every text below this node with the key it is under; "" for none."""
        for keys, node in self.walk():
            if node.text:
                yield keys[-1] if keys else "", node


def _value(node: Node, key: str, depth: int = 0) -> Node | None:
    for name, value in node.pairs:
        if name == key:
            return value
    if depth > 5:
        return None
    for name, merged in node.pairs:
        if name == "<<":
            for one in (merged, *merged.items):
                if (found := _value(one, key, depth + 1)) is not None:
                    return found
    return None


def of_yaml(document: Document) -> list[Node]:
    """Return the documents of a YAML file. An alias stands for the node it names. Raises Unreadable."""
    try:
        return _Builder().of(yaml.parse(document.text, _SafeLoader))
    except (yaml.YAMLError, ValueError) as error:
        first = str(error).strip().split("\n")[0]
        raise Unreadable(f"not YAML: {first}") from error


class _Builder:
    """Makes nodes of YAML events: the events know their lines, and nothing is constructed."""

    def __init__(self) -> None:
        self._done: list[Node] = []
        self._open: list[Node] = []
        self._keys: list[str | None] = []  # the key that waits for its value, of each open node
        self._kinds: list[bool] = []  # whether each open node is a mapping
        self._names: list[str | None] = []
        self._anchors: dict[str, Node] = {}

    def of(self, events: Any) -> list[Node]:
        for number, event in enumerate(events):
            if number > _MOST_NODES:
                raise Unreadable("YAML that is too large")
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._begin(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._end()
                case yaml.AliasEvent():
                    self._add(self._anchors.get(str(event.anchor)) or Node())
        return self._done

    def _scalar(self, event: Any) -> None:
        is_block = event.style in ("|", ">")
        node = Node(event.start_mark.line + 1 + is_block, event.value, is_block=is_block)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._add(node)

    def _begin(self, event: Any) -> None:
        if len(self._open) >= _DEEPEST:
            raise Unreadable("YAML that is nested too deep")
        self._open.append(Node(event.start_mark.line + 1))
        self._keys.append(None)
        self._kinds.append(isinstance(event, yaml.MappingStartEvent))
        self._names.append(event.anchor)

    def _end(self) -> None:
        node, name = self._open.pop(), self._names.pop()
        self._keys.pop()
        self._kinds.pop()
        if name:
            self._anchors[name] = node
        self._add(node)

    def _add(self, node: Node) -> None:
        if not self._open:
            self._done.append(node)
        elif not self._kinds[-1]:
            self._open[-1].items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node.text
        else:
            self._open[-1].pairs.append((self._keys[-1], node))
            self._keys[-1] = None


def of_json(document: Document) -> Node:
    """Return a JSON document, which may hold comments and commas before an end. Raises Unreadable."""
    return _Json(document.text).root()


class _Json:
    def __init__(self, text: str) -> None:
        self._tokens = self._split(text)
        self._word, self._line = "", 1

    def root(self) -> Node:
        self._next()
        node = self._value(0)
        if self._word:
            raise self._wrong()
        return node

    @staticmethod
    def _split(text: str) -> Iterator[tuple[str, int]]:
        at, line = 0, 1
        while at < len(text):
            found = _JSON_TOKEN.match(text, at)
            if not found:
                raise Unreadable(f"not JSON: line {line}")
            token = found[0]
            if token[0] not in " \t\r\n\f\ufeff" and token[:2] not in ("//", "/*"):
                yield token, line
            line += token.count("\n")
            at = found.end()

    def _next(self) -> None:
        self._word, self._line = next(self._tokens, ("", self._line))

    def _wrong(self) -> Unreadable:
        return Unreadable(f"not JSON: line {self._line}")

    def _value(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise Unreadable("JSON that is nested too deep")
        word, node = self._word, Node(self._line)
        if not word or word in "}],:":
            raise self._wrong()
        self._next()
        if word == "{":
            self._pairs(node, depth)
        elif word == "[":
            self._items(node, depth)
        else:
            node.text = self._scalar(word)
        return node

    def _pairs(self, node: Node, depth: int) -> None:
        while self._word != "}":
            if not self._word.startswith('"'):
                raise self._wrong()
            key = self._scalar(self._word)
            self._next()
            if self._word != ":":
                raise self._wrong()
            self._next()
            node.pairs.append((key, self._value(depth + 1)))
            self._comma("}")
        self._next()

    def _items(self, node: Node, depth: int) -> None:
        while self._word != "]":
            node.items.append(self._value(depth + 1))
            self._comma("]")
        self._next()

    def _comma(self, end: str) -> None:
        if self._word == ",":
            self._next()
        elif self._word != end:
            raise self._wrong()

    def _scalar(self, word: str) -> str:
        try:
            value = msgspec.json.decode(word.encode("utf-8", "replace"))
        except msgspec.DecodeError as error:
            raise Unreadable(f"not JSON: line {self._line}: {error}") from error
        return value if isinstance(value, str) else word


def of_toml(document: Document) -> Node:
    """Return a TOML document; a value has the line of its key. Raises Unreadable."""
    return _of_toml(toml_of(document), TomlLines(document), (), 1)


def _of_toml(value: Any, lines: TomlLines, path: tuple[str, ...], line: int) -> Node:
    if len(path) > _DEEPEST:
        raise Unreadable("TOML that is nested too deep")
    node = Node(line)
    if isinstance(value, dict):
        for key, below in value.items():
            at = (*path, key)
            node.pairs.append((key, _of_toml(below, lines, at, lines.of(*at, after=line))))
    elif isinstance(value, list):
        tables = lines.all(*path)  # where this is an array of tables, each of them has its own line
        each = tables if len(tables) == len(value) else [line] * len(value)
        pairs = zip(value, each, strict=True)
        node.items = [_of_toml(one, lines, path, own) for one, own in pairs]
    else:
        node.text = str(value).lower() if isinstance(value, bool) else str(value)
    return node
