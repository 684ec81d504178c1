"""A signature file into its vendor, a shape file into its shapes; what is wrong is told by line."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_Content = TypeVar("_Content")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a signature file, and where; or, if it only ``warns``, what to look at."""

    path: Path
    line: int
    message: str
    warns: bool = False

    def __str__(self) -> str:
        warning = "warning: " if self.warns else ""
        return f"{self.path}:{self.line}: {warning}{self.message}"


def read(
    path: Path, text: bytes, expected: type[_Content], problems: list[Problem]
) -> _Content | None:
    """Return what one file holds; what is wrong with it goes to ``problems``."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
        unknown = list(_unknown_keys(content, expected, "$"))
        if not unknown:
            return msgspec.convert(content, expected)
        for where, key in unknown:
            line = _line_of(text, f"{where}.{key}")
            problems.append(Problem(path, line, f"unknown key {key!r} at {where}"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # YAML finds an early end behind the last line, where there is nothing to look at.
        line = min(mark.line + 1, len(text.splitlines()) or 1) if mark else 1
        problems.append(Problem(path, line, f"not YAML: {getattr(error, 'problem', error)}"))
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `")
        where = where.rstrip("`")
        place = f" at {where}" if where else ""
        problems.append(Problem(path, _line_of(text, where), f"{message}{place}"))
    return None


def lines_of_values(text: bytes) -> dict[str, int]:
    """Return for each scalar of a file the line on which it first stands."""
    found: dict[str, int] = {}
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, yaml.ScalarToken):
            found.setdefault(token.value, token.start_mark.line + 1)
    return found


def _unknown_keys(value: Any, expected: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of mappings that the dataclass in their place does not have."""
    if dataclasses.is_dataclass(expected) and isinstance(value, dict):
        hints = _hints(cast("type", expected))
        for key, inner in value.items():
            if key not in hints:
                yield where, str(key)
            else:
                yield from _unknown_keys(inner, hints[key], f"{where}.{key}")
    elif isinstance(value, list) and (arguments := typing.get_args(expected)):
        for index, inner in enumerate(value):
            yield from _unknown_keys(inner, arguments[0], f"{where}[{index}]")


@cache
def _hints(expected: type) -> dict[str, Any]:
    return typing.get_type_hints(expected)


def _line_of(text: bytes, where: str) -> int:
    """Return the line on which the value at ``$.products[0].id`` stands, or the nearest above it."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for key, index in _STEP.findall(where):
        if node is None:
            break
        found = _child(node, key, index)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node, key: str, index: str) -> tuple[int, yaml.Node] | None:
    if index and isinstance(node, yaml.SequenceNode) and int(index) < len(node.value):
        child = node.value[int(index)]
        return child.start_mark.line + 1, child
    if key and isinstance(node, yaml.MappingNode):
        for name, child in node.value:
            if name.value == key:
                return name.start_mark.line + 1, child
    return None
