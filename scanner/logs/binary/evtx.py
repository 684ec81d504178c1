"""Windows event logs (.evtx), read with the ``evtx`` library.

    {"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":22},"EventData":{...}}}

Records are JSON as the library writes it: an element with attributes has ``#attributes``, and its
text, if any, in ``#text``.
The library runs forever in a chunk whose lists of strings or templates bite their own tails; such
a chunk is found beforehand and blanked in a copy of the file.
Reference: https://learn.microsoft.com/en-us/windows/win32/wes/eventmanifestschema-schema
"""

from __future__ import annotations

import importlib
import json
import re
import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scanner.errors import SourceError
from scanner.logs.binary import Binary

_MAGIC = b"ElfFile\0"
_HEAD_SIZE = 4096
_CHUNK_SIZE = 65536
# Where a chunk keeps the beginnings of its lists: 64 of strings, and 32 of templates after them.
_LISTS = struct.Struct("<96I")
_LISTS_AT = 128
_NEXT = struct.Struct("<I")
# The library leaves some of them as they are, inside names; JSON and lines have no place for them.
_CONTROL = re.compile(r"[\x00-\x1f]")
_MISSING = (
    "Windows event logs need an extra library; install it with: pip install 'gnomon[evtx]', "
    "or export the log as JSON"
)


def is_it(head: bytes) -> bool:
    """Whether a file that begins so is a Windows event log."""
    return head.startswith(_MAGIC)


def records(path: Path) -> Iterator[bytes]:
    """Yield the events in the order of the file; one damaged record for each run of damage."""
    with _readable(path) as (readable, blanked):
        damage: list[str | BaseException] = ["a chunk whose lists have no end"] * blanked
        for event in _events_and_damage(readable):
            if isinstance(event, BaseException):
                damage.append(event)
                continue
            if damage:
                yield _told(damage)
                damage = []
            yield _CONTROL.sub(" ", event).encode("utf-8", "replace")
        if damage:
            yield _told(damage)


def _events_and_damage(path: Path) -> Iterator[str | BaseException]:
    events = _events(path)
    while True:
        try:
            yield next(events)["data"]
        except StopIteration:
            return
        except BaseException as error:
            if not _is_damage(error):
                raise
            yield error


def _events(path: Path) -> Iterator[dict[str, Any]]:
    try:
        library = importlib.import_module("evtx")
    except ImportError as error:
        raise SourceError(_MISSING) from error
    try:
        parser = library.PyEvtxParser(str(path), number_of_threads=1, indent=False)
        events: Iterator[dict[str, Any]] = iter(parser.records_json())
    except BaseException as error:
        if not _is_damage(error):
            raise
        raise SourceError(f"damaged: its head is no event log's ({_sentence(error)})") from error
    return events


def _is_damage(error: BaseException) -> bool:
    """Whether the library says that the file is damaged, or gave up on it in a panic of its own."""
    return isinstance(error, RuntimeError | OSError | ValueError) or (
        type(error).__name__ == "PanicException"
    )


@contextmanager
def _readable(path: Path) -> Iterator[tuple[Path, int]]:
    """Give the file, or a copy with the chunks blanked that would never end; and how many."""
    try:
        endless = list(_endless_chunks(path))
        if not endless:
            yield path, 0
            return
        with tempfile.TemporaryDirectory(prefix="gnomon-") as folder:
            copy = Path(folder, "log.evtx")
            shutil.copyfile(path, copy)
            with copy.open("r+b") as file:
                for begin in endless:
                    file.seek(begin)
                    file.write(bytes(_CHUNK_SIZE))
            yield copy, len(endless)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror or error}") from error


def _endless_chunks(path: Path) -> Iterator[int]:
    with path.open("rb") as file:
        begin = _HEAD_SIZE
        file.seek(begin)
        while len(chunk := file.read(_CHUNK_SIZE)) == _CHUNK_SIZE:
            if chunk.startswith(b"ElfChnk") and _is_endless(chunk):
                yield begin
            begin += _CHUNK_SIZE


def _is_endless(chunk: bytes) -> bool:
    """Whether an entry of a list leads to one that was met before."""
    met = set()
    for at in _LISTS.unpack_from(chunk, _LISTS_AT):
        while 0 < at <= _CHUNK_SIZE - _NEXT.size:
            if at in met:
                return True
            met.add(at)
            at = _NEXT.unpack_from(chunk, at)[0]  # noqa: PLW2901
    return False


def _told(damage: list[str | BaseException]) -> bytes:
    more = f", and {len(damage) - 1} more after it" if len(damage) > 1 else ""
    return json.dumps({"damaged": _sentence(damage[0]) + more}, separators=(",", ":")).encode()


def _sentence(error: str | BaseException) -> str:
    return " ".join(str(error).split())[:200]


BINARY = Binary(
    name="evtx",
    title="Windows event log (.evtx)",
    is_it=is_it,
    records=records,
    reference="https://learn.microsoft.com/en-us/windows/win32/wes/eventmanifestschema-schema",
)
