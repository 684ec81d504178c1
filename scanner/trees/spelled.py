"""What a mention may be known as: programs import modules, and signatures mostly know packages."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress

from scanner.hosts import fold
from scanner.manifests import Mention, Unreadable
from scanner.manifests.purls import purl
from scanner.model import Identifier
from scanner.trees.namespaces import JVM, Namespaces

Known = tuple[Identifier, str]

_PYTHON = frozenset({".py", ".ipynb"})
_JAVASCRIPT = frozenset(
    {".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte"}
)


# What builders of web pages want before the name of a variable that pages may know.
_PUBLIC = re.compile(r"(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|REACT_APP|GATSBY|VITE|NUXT|PUBLIC)_")
_SPACES = re.compile(r"\s+")


def spelled(mention: Mention, path: str, namespaces: Namespaces) -> Iterator[Known]:
    """Yield what the mention of a file may be known as, the surest first."""
    value = mention.value
    if mention.channel is Identifier.HOST:
        yield Identifier.HOST, fold(value.encode("utf-8", "surrogatepass"))
    elif mention.channel is Identifier.IMPORT:
        yield from _imported(value, posixpath.splitext(path)[1].lower(), namespaces)
    else:
        yield mention.channel, value
        if mention.channel is Identifier.ENV and (public := _PUBLIC.match(value)):
            yield Identifier.ENV, value[public.end() :]
        elif mention.channel is Identifier.MODEL and " " in value:  # Claude 3.5 Sonnet
            yield Identifier.MODEL, _SPACES.sub("-", value)


def _imported(module: str, ending: str, namespaces: Namespaces) -> Iterator[Known]:
    """Yield what a module of a program in the language of a file's ending belongs to."""
    if ending in _PYTHON:
        yield from _of_python(module)
    elif ending in _JAVASCRIPT:
        yield from _packages("npm", [module])
    elif ending == ".go":
        yield from _packages("golang", _parents(module, "/", 2))
    elif ending == ".cs":
        yield from _packages("nuget", _parents(module, ".", 1))
    elif ending == ".rb":
        name = module.partition("/")[0]
        yield from _packages("gem", [name, name.replace("_", "-")])
    elif ending == ".dart":
        yield from _packages("pub", [module])
    elif ending == ".r":
        yield from _packages("cran", [module])
    elif ending == ".swift":
        yield Identifier.IMPORT, module
        yield from _of_namespace(namespaces.of_swift(module))
    elif ending == ".rs":
        name = module.partition("::")[0]
        yield from _packages("cargo", [name, name.replace("_", "-")])
    elif ending in JVM:
        yield from ((Identifier.IMPORT, one) for one in _parents(module, ".", 2))
        yield from _of_namespace(namespaces.of_jvm(module))
    elif ending == ".php":  # signatures write a namespace with its backslash, as composer.json does
        yield from ((Identifier.IMPORT, f"{one}\\") for one in _parents(module, "\\", 1))
        yield from _of_namespace(namespaces.of_php(module))


def _of_namespace(package: str | None) -> Iterator[Known]:
    if package is not None:
        yield Identifier.PACKAGE, package


def _of_python(module: str) -> Iterator[Known]:
    yield from ((Identifier.IMPORT, one) for one in _parents(module, ".", 1))
    first = module.partition(".")[0]  # most are called as their packages are
    if first not in sys.stdlib_module_names:
        yield from _packages("pypi", [first.replace("_", "-")])


def _packages(ecosystem: str, names: Iterable[str]) -> Iterator[Known]:
    for name in names:
        with suppress(Unreadable):  # no name of a package: then it names none
            yield Identifier.PACKAGE, purl(ecosystem, name)


def _parents(name: str, separator: str, fewest: int) -> Iterator[str]:
    parts = name.split(separator)
    for count in range(len(parts), fewest - 1, -1):
        yield separator.join(parts[:count])
