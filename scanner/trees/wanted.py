"""Which programs are worth reading: those that hold a name that some signature knows.

A tree has thousands of programs, and few name AI. One pass over a program's bytes tells; where
Hyperscan cannot be had, every program is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.logs.filters import filter_of, is_available
from scanner.matching import Matcher
from scanner.model import Identifier

if TYPE_CHECKING:
    import hyperscan

_PACKAGE = re.compile(r"pkg:(\w+)/(.+)")
_FIRST_OF_A_PATTERN = re.compile(r"(?:(?:[\w/:-]|%40|\\\W)(?![?*+{]))+")
_SHORTEST = 3
_TELLING = 6
_SHORTEST_OF_A_MODEL = 4
_LONGEST_MODEL = 100
_MEMO_BOUND = 20_000
_MODEL_AROUND = re.compile(rb"[\w.:/@+~-]*")
_QUOTES = b"\"'`"
# A name begins, or goes on behind its maker's or a gateway's: "us.anthropic.claude-opus-4"
_BEFORE_A_MODEL = frozenset(bytes([one]) for one in b"\"'`/:.@")
_OF_INFRASTRUCTURE = frozenset({"terraform", "cloudformation", "bicep", "kubernetes"})
_GO_ON = frozenset(bytes([one]) for one in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")


class Wanted:
    """A filter for programs, made once for all trees of a scan."""

    def __init__(
        self, matcher: Matcher, beginnings: Iterable[bytes] = (), cache: Path | None = None
    ) -> None:
        """``beginnings`` are of what goes on behind them, such as keys; ``cache`` keeps the filter."""
        self._cache = cache
        self._matcher = matcher
        self._models: dict[str, bool] = {}
        self._names = sorted({name for name in _names(matcher) if name})
        self._beginnings = sorted({*beginnings, *_beginnings(matcher)})
        # Of names of models, most are words too: they count where a text in quotes is one.
        self._texts = sorted(
            {one.encode() for one in matcher.model_texts() if len(one) >= _SHORTEST_OF_A_MODEL}
        )
        self._database: hyperscan.Database | None = None

    def prepare(self) -> None:
        """Make the filter before processes are born, so that each has it."""
        if self._database is None and is_available():
            known = [*self._names, *self._beginnings, *self._texts]
            self._database = filter_of(known, self._cache)

    def is_in(self, data: bytes) -> bool:
        """Whether a program may name something that is known."""
        if not is_available():
            return True
        self.prepare()
        is_found = False
        first_beginning = len(self._names)
        first_text = first_beginning + len(self._beginnings)

        def stop(number: int, _from: int, end: int, *_: object) -> bool:
            nonlocal is_found
            if number < first_beginning:
                is_found = data[end : end + 1] not in _GO_ON  # or it only begins a name
            elif number < first_text:
                is_found = True
            else:
                begin = end - len(self._texts[number - first_text])
                is_found = data[begin - 1 : begin] in _BEFORE_A_MODEL and self._is_model(data, end)
            return is_found

        assert self._database is not None, "it was just made"  # noqa: S101
        _scan(self._database, data, stop)
        return is_found

    def _is_model(self, data: bytes, end: int) -> bool:
        """Whether the text in quotes that goes on where a part of a model's name ends is one."""
        head = data[max(end - _LONGEST_MODEL, 0) : end]
        begin = max(head.rfind(quote) for quote in _QUOTES) + 1
        ahead = _MODEL_AROUND.match(data, end)
        after = ahead.end() if ahead else end
        if not begin or data[after : after + 1] != head[begin - 1 : begin]:
            return False
        text = (head[begin:] + data[end:after]).decode("latin-1")
        if (known := self._models.get(text)) is None:
            known = self._matcher.match_value(Identifier.MODEL, text) is not None
            if len(self._models) >= _MEMO_BOUND:
                self._models.clear()
            self._models[text] = known
        return known


def _names(matcher: Matcher) -> Iterator[bytes]:
    """Yield how programs spell what signatures know."""
    yield from (one.encode() for one in matcher.addresses() if len(one) >= _SHORTEST)
    for channel in (Identifier.ENV, Identifier.CONTAINER):
        yield from (name.encode() for name in matcher.known(channel))
    for name in matcher.known(Identifier.FILE):
        kind, _, resource = name.partition(":")  # terraform:aws_bedrockagent_agent
        if kind in _OF_INFRASTRUCTURE:
            yield resource.encode()
    for module in matcher.known(Identifier.IMPORT):
        if not module.endswith("\\"):
            yield from (one.encode() for one in _imported_by_python(module))
    for package in matcher.known(Identifier.PACKAGE):
        yield from (one.encode() for one in _in_programs(package))


def _in_programs(package: str) -> Iterator[str]:
    """Yield how programs spell that they have a package, each up to the end of its name."""
    found = _PACKAGE.match(package)
    ecosystem, name = found.groups() if found else ("", "")
    match ecosystem:
        case "npm":
            yield from (f"{quote}{name.replace('%40', '@')}" for quote in "'\"`")
        case "pypi":
            yield from _imported_by_python(name.replace("-", "_"))
        case "golang":  # in quotes, as no link to its page is
            yield from (f"{quote}{name}" for quote in '"`')
        case "cargo":
            crate = name.replace("-", "_")
            yield from (f"use {crate}", f"use ::{crate}", f"extern crate {crate}")
        case "nuget":
            yield from (f"{begin}{name}" for begin in ("using ", "using static ", "global::"))
        case "gem":
            spellings = [
                f"{quote}{one}" for one in (name, name.replace("-", "_")) for quote in "'\""
            ]
            yield from (
                f"{call}{one}" for call in ("require ", "require(", "gem ") for one in spellings
            )
        case "pub":
            yield f"package:{name}"
        case "cran":
            calls = ("library", "require", "requireNamespace", "loadNamespace")
            yield from (f"{call}({quote}{name}" for call in calls for quote in ("", "'", '"'))
            yield f"{name}:"  # of name::call()


def _imported_by_python(module: str) -> tuple[str, str]:
    return f"import {module}", f"from {module}"


def _beginnings(matcher: Matcher) -> Iterator[bytes]:
    """Yield what programs spell that goes on behind it: images and packages of a pattern."""
    images = map(_beginning, matcher.patterns(Identifier.CONTAINER))
    yield from (one.encode() for one in images if len(one) >= _TELLING)
    for package in map(_beginning, matcher.patterns(Identifier.PACKAGE)):
        if len(package.partition("/")[2].removeprefix("%40")) >= _SHORTEST:
            yield from (one.encode() for one in _in_programs(package))


def _beginning(pattern: str) -> str:
    found = _FIRST_OF_A_PATTERN.match(pattern)
    return re.sub(r"\\(.)", r"\1", found[0]) if found else ""


def _scan(database: hyperscan.Database, data: bytes, stop: object) -> None:
    try:
        database.scan(data, match_event_handler=stop)  # type: ignore[arg-type]
    except _ended():
        return


@cache
def _ended() -> type[Exception]:
    """Return what Hyperscan raises where a handler has seen enough."""
    import hyperscan

    return hyperscan.ScanTerminated
