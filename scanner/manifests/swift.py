"""Swift packages by where they are fetched from: purls of URLs, and the calls in a Package.swift."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scanner.manifests import Trouble, Unreadable
from scanner.manifests.purls import purl

_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+\.[\w.-]+):(?!//)(.+)")
_TEXT_OR_COMMENT = re.compile(
    r'"""(?:[^"]|"(?!""))*(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)'
)
_CALL = re.compile(r"(?:\.|\bPackage\.Dependency\.)package\s*\(")
_PART = re.compile(r'"(?:\\.|[^"\\\n])*"?|[()]')
_URL = re.compile(r'\burl:\s*"([^"\n]*)"')
_ID = re.compile(r'\bid:\s*"([^"\n]*)"')
_LONGEST_CALL = 5_000
_NO_ADDRESS = "a package whose address is computed, or none"


class Dependency(NamedTuple):
    """What one ``.package(...)`` asks for; no value where it is a folder of the same tree."""

    value: str
    version: str
    line: int


def value_of_url(url: str) -> str:
    """Return the purl of a package by its repository; what the URL holds of a user is left out.

    Raises Unreadable for what is no address.
    """
    url = url.strip()
    if "://" in url:
        url = url.partition("://")[2].partition("?")[0].partition("#")[0]
        host, slash, path = url.partition("/")
        host = host.rpartition("@")[2].partition(":")[0]
    elif match := _SCP.fullmatch(url):
        host, slash, path = match[1], "/", match[2]
    else:
        raise Unreadable(f"no address of a package: {url[:80]!r}")
    path = path.strip("/").removesuffix(".git")
    if not slash or "." not in host or not path:
        raise Unreadable(f"no address of a package: {url[:80]!r}")
    return purl("swift", f"{host.lower()}/{path}")


def value_of_identity(identity: str) -> str:
    """Return the purl of a package of a registry, which is known as ``scope.name``."""
    return purl("swift", identity.replace(".", "/", 1))


def code_of(text: str) -> str:
    """Return a program without its comments; its lines stay where they are."""
    return _TEXT_OR_COMMENT.sub(_without, text)


def _without(match: re.Match[str]) -> str:
    found = match[0]
    if found.startswith('"') and not found.startswith('"""'):
        return found
    return '""' + "\n" * found.count("\n")


def dependencies(code: str) -> Iterator[Dependency | Trouble]:
    """Yield what the calls in a program without comments ask for."""
    line, last, at = 1, 0, 0
    while match := _CALL.search(code, at):
        line += code.count("\n", last, match.start())
        last = match.start()
        arguments = _arguments(code, match.end())
        at = match.end() + len(arguments)
        url, identity = _URL.search(arguments), _ID.search(arguments)
        try:
            if url:
                yield Dependency(value_of_url(url[1]), _version(arguments[url.end() :]), line)
            elif identity:
                version = _version(arguments[identity.end() :])
                yield Dependency(value_of_identity(identity[1]), version, line)
            elif "path:" not in arguments:
                yield Trouble(_NO_ADDRESS, line)
        except Unreadable:
            yield Trouble(_NO_ADDRESS, line)


def _arguments(code: str, begin: int) -> str:
    depth = 1
    for match in _PART.finditer(code, begin, begin + _LONGEST_CALL):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return code[begin : match.start()]
    return code[begin : begin + _LONGEST_CALL]


_TRAITS = re.compile(r",?\s*traits:.*", re.DOTALL)
_EXACT = re.compile(r'(?:\.exact\(|exact:)\s*"([^"]*)"\)?')


def _version(rest: str) -> str:
    """Return the requirement that stands behind a URL, without quotes: ``from: 1.2.0``."""
    rest = " ".join(_TRAITS.sub("", rest).strip().strip(",").split())
    if exact := _EXACT.fullmatch(rest):
        return exact[1]
    return rest.replace('"', "")
