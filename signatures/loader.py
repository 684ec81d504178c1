"""Signature files into vendors. A file that cannot be used is reported and left out; the rest load.

Reference: docs/signatures.md describes the file, signatures/vendor.schema.json checks it in editors.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec
import yaml

from scanner.model import Vendor

HERE = Path(__file__).parent
BUILT_IN = HERE / "vendors"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a signature file, and where."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Pack:
    """The signatures in force. ``version`` is the calendar version and the hash of their content."""

    vendors: tuple[Vendor, ...]
    version: str
    problems: tuple[Problem, ...]
    files: Mapping[str, Path]  # vendor id -> its file


def load(overlays: Iterable[Path] = ()) -> Pack:
    """Load the built-in vendors, then each overlay folder's; the same vendor id replaces."""
    vendors: dict[str, Vendor] = {}
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    content = hashlib.blake2b(digest_size=6)
    for path in _files((BUILT_IN, *overlays), problems):
        text = path.read_bytes()
        content.update(path.name.encode() + b"\0" + text)
        vendor = read(path, text, problems)
        if vendor is not None:
            vendors[vendor.id] = vendor
            files[vendor.id] = path
    calendar = (HERE / "VERSION").read_text().strip()
    version = f"{calendar}+{content.hexdigest()}"
    return Pack(tuple(vendors.values()), version, tuple(problems), files)


def read(path: Path, text: bytes, problems: list[Problem]) -> Vendor | None:
    """Return the vendor of one file; what is wrong with it goes to ``problems``."""
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
        unknown = list(_unknown_keys(content, Vendor, "$"))
        if not unknown:
            return msgspec.convert(content, Vendor)
        for where, key in unknown:
            line = _line_of(text, f"{where}.{key}")
            problems.append(Problem(path, line, f"unknown key {key!r} at {where}"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problems.append(Problem(path, line, f"not YAML: {getattr(error, 'problem', error)}"))
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `")
        where = where.rstrip("`")
        place = f" at {where}" if where else ""
        problems.append(Problem(path, _line_of(text, where), f"{message}{place}"))
    return None


def _files(folders: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            problems.append(Problem(folder, 1, "no such folder of signatures"))
        yield from sorted(folder.glob("*.yaml"))


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
