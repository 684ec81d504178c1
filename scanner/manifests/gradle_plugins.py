"""The plugins that Gradle's scripts ask for by their ids, in ``plugins`` blocks and by ``apply``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from scanner.manifests import Trouble
from scanner.manifests.gradle_catalogs import Library, marker
from scanner.manifests.gradle_text import Statement, Token
from scanner.manifests.gradle_values import Values, is_known

_ID = re.compile(r"[\w-]+(?:\.[\w-]+)*")


class Plugin(NamedTuple):
    """A plugin; those that come with Gradle are no libraries."""

    id: str
    library: Library | None
    line: int
    is_applied: bool = True


def plugins_of(statements: list[Statement], values: Values) -> Iterator[Plugin | Trouble]:
    """Yield the plugins that a script, or what it manages for others, asks for.

    Trouble for one that is in no catalog of the tree.
    """
    for one in statements:
        match one.head:
            case "plugins":
                for block in one.blocks:
                    yield from (made for line in block if (made := _plugin(line, values)))
            case "apply":
                yield from _applied(one)
            case "pluginManagement" | "allprojects" | "subprojects":
                for block in one.blocks:
                    yield from plugins_of(block, values)


def _plugin(one: Statement, values: Values) -> Plugin | Trouble | None:
    words = [token for token in one.tokens if token.kind != "sign" or token.value not in "()"]
    if not words or words[0].kind != "name":
        return None
    version = _after(words, "version", values)
    is_applied = ("apply", "false") not in [
        (first.value, second.value) for first, second in pairwise(words)
    ]
    match words:
        case [Token(value="alias"), Token("name", name, line), *_]:
            return _from_catalog(name, line, version, is_applied, values)
        case [Token(value="kotlin"), plugin, *_] if plugin.is_text:
            return _made(f"org.jetbrains.kotlin.{plugin.value}", version, plugin.line, is_applied)
        case [Token(value="id"), plugin, *_] if plugin.is_text:
            return _made(values.filled(plugin), version, plugin.line, is_applied)
        case [core]:  # plugins { application }
            return Plugin(core.value, None, core.line)
    return None


def _made(plugin: str, version: str, line: int, is_applied: bool) -> Plugin | None:
    if not _ID.fullmatch(plugin):
        return None
    library = marker(plugin, version) if "." in plugin else None  # one without is Gradle's own
    return Plugin(plugin, library, line, is_applied)


def _from_catalog(
    name: str, line: int, version: str, is_applied: bool, values: Values
) -> Plugin | Trouble:
    catalog, _, rest = name.partition(".plugins.")
    known = values.catalog(catalog) if rest else None
    found = known.plugins.get(rest) if known else None
    if found is None:
        return Trouble(f"a plugin that no catalog here holds: {name[:120]}", line)
    library = Library(found.group, found.name, version) if version else found
    return Plugin(found.group, library, line, is_applied)


def _after(words: list[Token], word: str, values: Values) -> str:
    for name, value in pairwise(words):
        if name.kind == "name" and name.value == word:
            text = values.filled(value) if value.is_text else values.of(value.value)
            return text if is_known(text) else ""
    return ""


def _applied(one: Statement) -> Iterator[Plugin]:
    """Yield the plugin of ``apply plugin: 'id'`` or ``apply(plugin = "id")``."""
    for name, _, value in zip(one.tokens, one.tokens[1:], one.tokens[2:], strict=False):
        if (
            name.value == "plugin"
            and value.is_text
            and (made := _made(value.value, "", value.line, True))
        ):
            yield made
