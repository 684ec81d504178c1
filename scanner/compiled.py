"""The signature base as scans use it: compiled once, found again by the hash of its content.

Reading thousands of YAML files takes seconds. What they hold, and the index of it, is kept as one
artefact; a vendor in it is decoded when something meets it. Whether the files still are those
that the artefact was made from is told by their sizes and times of change, as git does it.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import overload

import msgspec

import signatures
from scanner import index as indexing
from scanner.index import Index, index
from scanner.matching import Matcher
from scanner.model import Shape, Vendor
from scanner.shapes import Shapes
from signatures.loader import BUILT_IN, HERE, Pack, files_in
from signatures.reading import Problem

_KEPT = 4  # artefacts, the newest
_MAKERS = (
    __name__,
    Vendor.__module__,
    indexing.__name__,
    "scanner.hosts",
    "scanner.naming",
    "scanner.required",
    "scanner.spelling",
    "signatures.loader",
    "signatures.reading",
)


@dataclass(frozen=True, slots=True)
class SignatureBase:
    """The signatures in force, ready for matching."""

    pack: Pack
    matcher: Matcher
    shapes: Shapes

    @classmethod
    def of_nothing(cls) -> SignatureBase:
        """Return a base that knows nothing: for reading without matching."""
        return cls(Pack((), "none", (), {}, ()), Matcher(()), Shapes(()))


@dataclass(slots=True)
class _Artefact:
    """What is kept of a base."""

    version: str
    vendors: list[msgspec.Raw]
    shapes: list[Shape]
    index: Index
    files: dict[str, str]
    problems: list[tuple[str, int, str]]


class _Vendors(Sequence[Vendor]):
    """Vendors that are decoded when they are asked for."""

    def __init__(self, encoded: list[msgspec.Raw]) -> None:
        self._encoded = encoded
        self._decoded: dict[int, Vendor] = {}

    def __len__(self) -> int:
        return len(self._encoded)

    @overload
    def __getitem__(self, at: int) -> Vendor: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Vendor]: ...

    def __getitem__(self, at: int | slice) -> Vendor | Sequence[Vendor]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if at not in self._decoded:
            self._decoded[at] = msgspec.msgpack.decode(self._encoded[at], type=Vendor)
        return self._decoded[at]


def open_base(
    overlays: Iterable[Path] = (),
    cache_folder: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> SignatureBase:
    """Return the built-in signatures with the overlays, from the cache or into it.

    ``tell`` hears of it when they have to be compiled, which takes some seconds.
    """
    folders = (BUILT_IN, *overlays)
    stamp = cache_folder / f"files-{_stamp(folders)}" if cache_folder else None
    kept = _take(stamp) if stamp else None
    if kept is None:
        if tell is not None:
            tell("gnomon: compiling the signatures; this is done once")
        pack = signatures.load(folders[1:], _built_in(cache_folder) if folders[1:] else {})
        made = index(pack.vendors)
        if stamp:
            _keep(stamp, pack, made)
        return SignatureBase(pack, Matcher(pack.vendors, made), Shapes(pack.shapes))
    vendors = _Vendors(kept.vendors)
    pack = Pack(
        vendors=vendors,
        version=kept.version,
        problems=tuple(Problem(Path(path), line, text) for path, line, text in kept.problems),
        files=kept.files,
        shapes=tuple(kept.shapes),
    )
    return SignatureBase(pack, Matcher(vendors, kept.index), Shapes(pack.shapes))


def _built_in(cache_folder: Path | None) -> Mapping[str, Vendor]:
    """Return the built-in vendors by their files: whoever changes a file of their own reads that alone."""
    if cache_folder is None:
        return {}
    pack = open_base(cache_folder=cache_folder).pack
    return {pack.files[one.id]: one for one in pack.vendors}


def _stamp(folders: Iterable[Path]) -> str:
    """Return a hash of what the file system says of every file: name, size, times of change."""
    seen = hashlib.blake2b(f"{_layout()}\0".encode(), digest_size=16)
    seen.update((HERE / "VERSION").read_bytes())
    for folder in folders:
        seen.update(os.fsencode(f"{folder}\0{folder.is_dir()}\n"))
        for path, _ in files_in([folder], []):
            seen.update(os.fsencode(f"{path}\0{_look_of(path)}\n"))
    return seen.hexdigest()


def _look_of(path: str) -> str:
    """Return what the file system says of a file; nothing of a link to nowhere."""
    try:
        about = os.stat(path)  # noqa: PTH116 - see SignatureFile
    except OSError:
        return ""
    return f"{about.st_size}\0{about.st_mtime_ns}\0{about.st_ctime_ns}"


@cache
def _layout() -> str:
    """Return a hash of the code that makes an artefact: other code, another artefact."""
    code = hashlib.blake2b(digest_size=4)
    for module in _MAKERS:
        code.update(Path(sys.modules[module].__file__ or "").read_bytes())
    return code.hexdigest()


def _take(stamp: Path) -> _Artefact | None:
    """Return the artefact that a stamp stands for; None if there is none that can be used."""
    try:
        with _without_collecting():
            name = stamp.read_text(encoding="utf-8")
            content = stamp.with_name(name).read_bytes()
            if name != _name_of(content):
                return None
            with suppress(OSError):  # what is used is kept
                stamp.touch()
                stamp.with_name(name).touch()
            return msgspec.msgpack.decode(content, type=_Artefact)
    except (OSError, ValueError, msgspec.DecodeError):
        return None


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hold the garbage collector off: it would look at every new object twice, and free none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _keep(stamp: Path, pack: Pack, made: Index) -> None:
    """Write the artefact, then its stamp. A folder that cannot be written costs time only."""
    with suppress(OSError, ValueError):  # ValueError: a file name that no text can hold
        content = _encoded(pack, made)
        name = _name_of(content)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        _write(stamp.with_name(name), content)
        _write(stamp, name.encode())
        for pattern in ("signatures-*.msgpack", "files-*"):
            _forget_all_but_the_newest(stamp.parent, pattern)


def _encoded(pack: Pack, made: Index) -> bytes:
    encode = msgspec.msgpack.Encoder(order="deterministic").encode
    return encode(
        _Artefact(
            version=pack.version,
            vendors=[msgspec.Raw(msgspec.msgpack.encode(vendor)) for vendor in pack.vendors],
            shapes=list(pack.shapes),
            index=made,
            files=dict(pack.files),
            problems=[(str(one.path), one.line, one.message) for one in pack.problems],
        )
    )


def _name_of(content: bytes) -> str:
    """Return the name of an artefact: the hash of its content."""
    return f"signatures-{hashlib.blake2b(content, digest_size=16).hexdigest()}.msgpack"


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def _forget_all_but_the_newest(folder: Path, pattern: str) -> None:
    kept = sorted(folder.glob(pattern), key=lambda file: file.stat().st_mtime_ns)
    for old in kept[:-_KEPT]:
        old.unlink()
