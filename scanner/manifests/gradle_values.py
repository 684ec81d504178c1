"""What names in Gradle's scripts stand for, as far as it is written: variables, properties, catalogs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scanner.manifests import Document, Unreadable
from scanner.manifests.gradle_catalogs import Catalog, catalog_of, dotted
from scanner.manifests.gradle_text import Token, tokens_of

_SCOPES = re.compile(r"^(?:(?:rootProject|project|this|parent)\.)*(?:ext\.|extra\.)?")
_GET = re.compile(r"(?:\.(?:get|asProvider|toString|orNull|asString))+$")
_IN_TEXT = re.compile(r"\$\{([^}]{1,200})\}|\$([A-Za-z_][\w.]*)")
_QUOTED = re.compile(r"""["']([\w.-]+)["']""")
_SCRIPTS = ("build.gradle", "build.gradle.kts")
_UNKNOWN = "\0"
_LONGEST = 1000
_DEEPEST = 5
# Whatever ends a map, or begins something else in it.
_NO_PAIRS = frozenset({"]", "[", "=", "{", "}", "(", ";"})


class Values:
    """The values of one script's names; those of scripts and properties above it where it lacks one."""

    def __init__(self, document: Document, tokens: list[Token]) -> None:
        self._document = document
        self._own = dict(_assigned(tokens))
        self._above: list[dict[str, str]] | None = None
        self._catalogs: dict[str, Catalog | None] = {}
        self._found: dict[str, str] = {}

    def filled(self, text: Token, depth: int = 0) -> str:
        """Return a string with its variables filled in; NUL stands for each that is unknown."""
        if text.kind == "plain" or "$" not in text.value:
            return text.value[:_LONGEST]

        def value(found: re.Match[str]) -> str:
            return self.of(found[1] or found[2], depth + 1)

        return _IN_TEXT.sub(value, text.value[:_LONGEST])[:_LONGEST]

    def of(self, written: str, depth: int = 0) -> str:
        """Return what a name stands for; NUL if it is unknown."""
        if written not in self._found:
            self._found[written] = _UNKNOWN  # for a name that leads back to itself
            self._found[written] = self._look_up(written, depth)
        return self._found[written]

    def _look_up(self, written: str, depth: int) -> str:
        quoted = _QUOTED.search(written)  # property("name"), ext["name"]
        name = _GET.sub(
            "", _SCOPES.sub("", (quoted[1] if quoted else written).strip().rstrip("()"))
        )
        head, _, rest = name.partition(".versions.")
        if rest and (catalog := self.catalog(head)):
            return catalog.versions.get(dotted(rest), _UNKNOWN)
        for known in (self._own, *self._others()):
            if (found := known.get(name)) is not None:
                return self.filled(Token("text", found, 0), depth) if depth < _DEEPEST else _UNKNOWN
        return _UNKNOWN

    def catalog(self, name: str) -> Catalog | None:
        """Return the catalog of a name; None if there is none, or it cannot be read."""
        if name not in self._catalogs:
            found = self._document.above(f"gradle/{name}.versions.toml") if name else None
            try:
                self._catalogs[name] = catalog_of(found.data) if found else None
            except Unreadable:
                self._catalogs[name] = None
        return self._catalogs[name]

    def _others(self) -> list[dict[str, str]]:
        if self._above is None:
            self._above = list(_inherited(self._document))
        return self._above


def is_known(value: str) -> bool:
    return _UNKNOWN not in value


def _inherited(document: Document) -> Iterator[dict[str, str]]:
    """Yield what properties beside a script, and properties and scripts above it, set."""
    for step in range(document.path.count("/") + 1):
        folder = "../" * step
        if found := document.beside(f"{folder}gradle.properties"):
            yield _properties(found.data)
        for name in _SCRIPTS if step else ():
            if found := document.beside(f"{folder}{name}"):
                yield _variables(found.data)


@lru_cache(maxsize=32)
def _variables(data: bytes) -> dict[str, str]:
    return dict(_assigned(list(tokens_of(Document("build.gradle", data).text))))


@lru_cache(maxsize=32)
def _properties(data: bytes) -> dict[str, str]:
    pairs = (line.partition("=") for line in Document("gradle.properties", data).lines)
    return {key.strip(): value.strip() for key, equals, value in pairs if equals and key[:1] != "#"}


def _assigned(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Yield the names that are set to a string, or to a map of strings, and the strings."""
    for at in range(len(tokens) - 2):
        one, sign, value = tokens[at : at + 3]
        if one.kind == "name" and sign.value == "=" and sign.kind == "sign":
            name = _SCOPES.sub("", one.value)
            if value.is_text:
                yield name, _raw(value)
            elif value.value == "[":
                yield from ((f"{name}.{key}", text) for key, text in _map(tokens, at + 3))
        elif one.value in ("set", "extra.set", "ext.set") and sign.value == "(" and value.is_text:
            yield from _pair(value, tokens[at + 3 : at + 5])
        elif one.value == "extra" and sign.value == "[" and value.is_text:
            yield from _pair(value, tokens[at + 4 : at + 6])
        elif one.value == "extra" and sign.value == "(" and value.is_text and at > 1:
            yield tokens[at - 2].value, _raw(value)  # val name by extra("value")


def _pair(key: Token, tokens: list[Token]) -> Iterator[tuple[str, str]]:
    match tokens:
        case [Token("sign", "," | "=", _), value] if value.is_text:
            yield key.value, _raw(value)


def _map(tokens: list[Token], at: int) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a Groovy map whose values are strings."""
    while at + 2 < len(tokens) and not (
        tokens[at].kind == "sign" and tokens[at].value in _NO_PAIRS
    ):
        key, colon, value = tokens[at : at + 3]
        if colon.value == ":" and value.is_text:
            yield key.value, _raw(value)
        at += 1


def _raw(text: Token) -> str:
    return (
        text.value if text.kind == "text" or "$" not in text.value else text.value.replace("$", "")
    )
