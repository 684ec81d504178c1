"""Documents as JSON, TOML, YAML and XML: the libraries' safe ways, with bounds and one error.

No parser here runs what it reads, fetches anything, or lets a small file become a large one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar
from xml.parsers import expat

import msgspec
import yaml

from scanner.manifests import Document, Unreadable

_Typed = TypeVar("_Typed")
_MOST_VALUES = 1_000_000  # of YAML, and elements of XML: each takes far more memory than its text
_DEEPEST = 200
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def json_of(document: Document) -> Any:
    """Return a document as JSON. Raises Unreadable."""
    return typed_json(document, Any)


def typed_json(document: Document, kind: type[_Typed]) -> _Typed:
    """Return a document as JSON of a ``msgspec.Struct``; other fields are passed over. Raises Unreadable."""
    try:
        return msgspec.json.decode(document.text.encode("utf-8", "replace"), type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable(f"not such JSON: {error}") from error


def toml_of(document: Document) -> dict[str, Any]:
    """Return a document as TOML. Raises Unreadable."""
    try:
        return tomllib.loads(document.text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable(f"not TOML: {error}") from error


def yaml_of(document: Document) -> list[Any]:
    """Return the documents of a YAML file, at most one million values in all. Raises Unreadable.

    A tag that names no plain type (``!Ref``, ``!vault``) stands for the value it is put on.
    """
    try:
        return list(_yaml_documents(document.text))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        first = str(error).strip().split("\n")[0]
        raise Unreadable(f"not YAML: {first}") from error


def _yaml_documents(text: str) -> Iterator[Any]:
    loader = _SafeLoader(text)
    try:
        yield from _Values(loader).documents()
    finally:
        loader.dispose()


class _Open(NamedTuple):
    """A list or mapping that is not at its end: what is in it so far, and what it counts."""

    is_mapping: bool
    anchor: str | None
    items: list[Any]
    size: list[int]  # one number: that of the values in it


class _Values:
    """Makes values of YAML events, one after the other: a parser that recurses can be made to crash.

    An alias counts as often as it is used, for whoever walks through the values meets it so often.
    """

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._known: dict[str, tuple[Any, int]] = {}
        self._open: list[_Open] = []
        self._left = _MOST_VALUES

    def documents(self) -> Iterator[Any]:
        while (event := self._loader.get_event()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                self._known.clear()
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                yield from self._end(self._open.pop())
            elif isinstance(event, yaml.ScalarEvent):
                yield from self._put(self._scalar(event), 1, event.anchor)
            elif isinstance(event, yaml.AliasEvent):
                value, size = self._known.get(event.anchor or "", (None, 1))
                yield from self._put(value, size, None)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if len(self._open) >= _DEEPEST:
            raise Unreadable("YAML that is nested too deep")
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(is_mapping, event.anchor, [], [1]))

    def _end(self, ended: _Open) -> Iterator[Any]:
        value = _mapping(ended.items) if ended.is_mapping else ended.items
        yield from self._put(value, ended.size[0], ended.anchor)

    def _put(self, value: Any, size: int, anchor: str | None) -> Iterator[Any]:
        """Put a value where it belongs; one that belongs nowhere is a document."""
        if anchor is not None:
            self._known[anchor] = value, size
        self._left -= size
        if self._left < 0:
            raise Unreadable("YAML that grows without bound")
        if self._open:
            self._open[-1].items.append(value)
            self._open[-1].size[0] += size
        else:
            yield None if value is _MERGE else value

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag == "tag:yaml.org,2002:merge":
            return _MERGE
        if not tag.startswith("tag:yaml.org,2002:"):
            return event.value
        return self._loader.construct_object(yaml.ScalarNode(tag, event.value))


_MERGE = object()


def _mapping(items: list[Any]) -> dict[Any, Any]:
    """Return keys and values as a mapping, under what ``<<`` merges into it."""
    merged: dict[Any, Any] = {}
    own: dict[Any, Any] = {}
    for key, value in zip(items[::2], items[1::2], strict=False):
        if key is not _MERGE:
            own[_key(key)] = value
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                merged = {**one, **merged}
    return {**merged, **own}


def _key(value: Any) -> Any:
    return (
        value if isinstance(value, str | int | float | bool | None) else str(type(value).__name__)
    )


@dataclass(slots=True)
class Element:
    """An element of XML: its name without namespace, attributes, text and where it begins."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def child(self, tag: str) -> Element | None:
        """Return the first child of that name."""
        return next((one for one in self.children if one.tag == tag), None)

    def all(self, *path: str) -> Iterator[Element]:
        """Yield the elements at a path below this one: ``all("dependencies", "dependency")``."""
        if not path:
            yield self
            return
        for one in self.children:
            if one.tag == path[0]:
                yield from one.all(*path[1:])

    def value(self, tag: str) -> str:
        """Return the text of the first child of that name; "" if there is none."""
        found = self.child(tag)
        return found.text.strip() if found else ""


def xml_of(document: Document, *tags: str) -> Element:
    """Return the root of an XML document, of one of the names if any are given.

    Raises Unreadable, also where the document declares entities.
    """
    builder = _Builder()
    try:
        builder.parser.Parse(document.data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # of its encoding too
        raise Unreadable(f"not XML: {error}") from error
    if builder.root is None:
        raise Unreadable("not XML: no element")
    if tags and builder.root.tag not in tags:
        raise Unreadable(f"its root is {builder.root.tag[:80]!r}, not {' or '.join(tags)!r}")
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._left = _MOST_VALUES
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._refuse

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        made = Element(tag.rpartition(":")[2], attributes, self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(made)
        else:
            self.root = made
        if len(self._open) > _DEEPEST:
            raise Unreadable("XML that is nested too deep")
        self._left -= 1
        if self._left < 0:
            raise Unreadable("XML of too many elements")
        self._open.append(made)
        self._texts.append([])

    def _end(self, _tag: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _text(self, data: str) -> None:
        self._texts[-1].append(data)

    def _refuse(self, *_: object) -> None:
        raise Unreadable("XML that declares entities")
