"""The signatures in force: the built-in files with the user's folders laid over them.

A file that cannot be used is reported and left out; the rest load.

Reference: docs/signatures.md describes the files, signatures/vendor.schema.json checks them in
editors.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from scanner.model import Shape, ShapeFile, Vendor
from signatures.reading import Problem, read

HERE = Path(__file__).parent
BUILT_IN = HERE / "vendors"  # each vendor in the folder of its first letter
SHAPES = "shapes"  # beside the built-in vendors, and inside a folder of the user's

_BUILT_IN_SHAPES = HERE / SHAPES


class SignatureFile(NamedTuple):
    """A file of a vendor, or of shapes."""

    path: str  # text: thousands of Path objects would cost as much as all the rest
    holds_shapes: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """The signatures in force. ``version`` is the calendar version and the hash of their content."""

    vendors: Sequence[Vendor]
    version: str
    problems: tuple[Problem, ...]
    files: Mapping[str, str]  # vendor or shape id -> the path of its file
    shapes: tuple[Shape, ...] = ()


def load(overlays: Iterable[Path] = (), known: Mapping[str, Vendor] = MappingProxyType({})) -> Pack:
    """Load the built-in signatures, then each overlay folder's; the same vendor id replaces.

    ``known`` are vendors by their files, as these stand, that need not be understood again.
    """
    return read_folders((BUILT_IN, *overlays), known)


def read_folders(
    folders: Iterable[Path], known: Mapping[str, Vendor] = MappingProxyType({})
) -> Pack:
    """Return what the folders hold, the later over the earlier."""
    vendors: dict[str, Vendor] = {}
    shapes: dict[str, Shape] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    content = hashlib.blake2b(digest_size=16)
    for name, holds_shapes in files_in(folders, problems):
        path = Path(name)
        try:
            if not path.is_file() and path.exists():  # a pipe would be waited for
                raise OSError(0, "it is no regular file")
            text = path.read_bytes()
        except OSError as error:
            problems.append(Problem(path, 1, f"cannot be read: {error.strerror}"))
            continue
        content.update(b"%s\0%d\0" % (os.fsencode(path.name), len(text)))
        content.update(text)
        if holds_shapes:
            file = read(path, text, ShapeFile, problems)
            shapes.update((shape.id, shape) for shape in (file.shapes if file else ()))
            places.update((shape.id, name) for shape in (file.shapes if file else ()))
        elif vendor := known.get(name) or read(path, text, Vendor, problems):
            vendors[vendor.id] = vendor
            places[vendor.id] = name
    calendar = (HERE / "VERSION").read_text().strip()
    return Pack(
        vendors=tuple(vendors.values()),
        version=f"{calendar}+{content.hexdigest()[:12]}",
        problems=tuple(problems),
        files=places,
        shapes=tuple(shapes.values()),
    )


def files_in(folders: Iterable[Path], problems: list[Problem]) -> Iterator[SignatureFile]:
    """Yield the files of the folders in the order in which they are read."""
    for folder in folders:
        if not folder.is_dir():
            problems.append(Problem(folder, 1, "no such folder of signatures"))
        yield from (SignatureFile(path, False) for path in _yaml_below(folder))
        shapes = _BUILT_IN_SHAPES if folder == BUILT_IN else folder / SHAPES
        yield from (SignatureFile(path, True) for path in _yaml_below(shapes))


def _yaml_below(folder: Path) -> Iterator[str]:
    """Yield the YAML files of a folder and of those in it, by name; shapes are no vendors."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != SHAPES)
        yield from (f"{root}{os.sep}{name}" for name in sorted(files) if name.endswith(".yaml"))
