"""Files that hold records: recorded collections and downloads, found among what a scan is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from xxhash import xxh3_128

from integrations import recorded
from integrations.accounts import RecordedInput
from integrations.connector import Connector
from integrations.downloads import Download, Opened
from integrations.downloads.recognition import opened
from scanner.accounts import AccountInput, ListedTree, Listing, Recognise
from scanner.errors import SourceError
from scanner.model import Record, SourceState, Tenant
from scanner.registry import CONNECTORS, values

_BLOCK = 1024 * 1024
_ROW = "(row)"
_GOES_ON = "its answer goes on in another page, which is not here; save every page into one folder"


class NamedFile(NamedTuple):
    """A file, and what it is called in results."""

    path: Path
    label: str


class _Kept(NamedTuple):
    file: NamedFile
    download: Download
    opened: Opened


def account_inputs(files: Iterable[NamedFile]) -> tuple[list[AccountInput], set[Path]]:
    """Return the accounts among files, and the files that they are made of.

    Downloads of one system that lie in one folder belong together: the one says what the
    applications are, the other what they were granted.
    """
    found: list[AccountInput] = []
    together: dict[tuple[Path, str], list[_Kept]] = {}
    taken: set[Path] = set()
    for file in files:
        if recorded.is_recorded(file.path):
            found.append(_recording(file))
        elif kept := _kept(file):
            for one in kept:
                alone = one.file.label if one.download.is_generic else ""
                group = (file.path.parent, one.download.system + alone)
                together.setdefault(group, []).append(one)
        else:
            continue
        taken.add(file.path)
    found += [DownloadsInput(tuple(group)) for group in together.values()]
    return found, taken


def _recording(file: NamedFile) -> AccountInput:
    try:
        name = recorded.connector_of(file.path)
        connector = connector_named(name)
    except SourceError as error:
        return RefusedInput(file.label, str(error))
    if connector is None:
        return RefusedInput(file.label, f"recorded by a connector that is not here: {name!r}")
    return RecordedInput(connector, file.path, file.label)


def _kept(file: NamedFile) -> list[_Kept]:
    try:
        found = opened(file.path)
    except (OSError, SourceError):
        return []  # the reader of logs says what is wrong with it
    return [_Kept(_sheet_of(file, part), download, part) for download, part in found]


def _sheet_of(file: NamedFile, part: Opened) -> NamedFile:
    sheet = part.beginning.sheet
    return file._replace(label=f"{file.label} {sheet}") if sheet else file


def connector_named(name: str) -> Connector | None:
    """Return the connector of that name; None if there is none."""
    return next((one for one in values(CONNECTORS) if one.name == name), None)


@dataclass(frozen=True, slots=True)
class RefusedInput:
    """A file that was recognised and cannot be read."""

    name: str
    reason: str
    size: int = 0

    @contextmanager
    def open(self, recognise: Recognise) -> Iterator[DownloadedAccount]:  # noqa: ARG002
        """Raise SourceError."""
        raise SourceError(self.reason)
        yield DownloadedAccount(())


@dataclass(frozen=True, slots=True)
class DownloadsInput:
    """Downloads of one system that lie in one folder."""

    kept: tuple[_Kept, ...]

    @property
    def name(self) -> str:
        return self.kept[0].file.label

    @property
    def size(self) -> int:
        return sum(one.file.path.stat().st_size for one in self.kept)

    @contextmanager
    def open(self, recognise: Recognise) -> Iterator[DownloadedAccount]:  # noqa: ARG002
        """Open the files."""
        yield DownloadedAccount(self.kept)


class DownloadedAccount:
    """Downloads that belong together, as an account."""

    tenant = Tenant("download", "file")

    def __init__(self, kept: tuple[_Kept, ...]) -> None:
        self._kept = kept

    def listings(self) -> list[Listing]:
        """Return a listing for each file."""
        return [_listing(one, self._missing(one)) for one in self._kept]

    def _missing(self, one: _Kept) -> str:
        """Return what is known to be missing. Pages are whole with one that no other follows."""
        if not one.download.goes_on(one.opened):
            return one.download.missing(one.opened)
        marks = one.opened.beginning.marks
        alike = [two for two in self._kept if two.opened.beginning.marks == marks]
        is_ended = any(not two.download.goes_on(two.opened) for two in alike)
        return "" if is_ended else _GOES_ON

    def trees(self) -> Iterator[ListedTree]:
        """There is no source code in downloads."""
        yield from ()

    def stored(self) -> None:
        """Files stay where they are."""


def _listing(one: _Kept, missing: str) -> Listing:
    return Listing(
        key=f"{one.download.name}\0{one.file.label}",
        name=one.file.label,
        title=one.download.title,
        state=SourceState.PARTIAL if missing else SourceState.COMPLETE,
        records=partial(_records, one),
        reason=missing or None,
        pages=1,
        size=one.file.path.stat().st_size,
        digest=_digest(one),
        bad_fields=partial(_bad, one.opened),
        ignored=partial(dict, one.opened.ignored),
        rejected=partial(_rejected, one.opened),
        notes=_notes(one.opened.unread),
        is_file=True,
    )


def _notes(unread: tuple[str, ...]) -> tuple[str, ...]:
    named = ", ".join(unread)
    return (f"sheets of the workbook that hold no table that is known: {named}",) if unread else ()


def _records(one: _Kept) -> Iterator[Record]:
    one.opened.bad.clear()
    one.opened.ignored.clear()
    yield from one.download.read(one.opened)


def _bad(opened_file: Opened) -> dict[str, int]:
    return {name: count for name, count in opened_file.bad.items() if name != _ROW}


def _rejected(opened_file: Opened) -> int:
    return opened_file.bad[_ROW]


def _digest(one: _Kept) -> str:
    sheet = one.opened.beginning.sheet
    digest = xxh3_128("\0".join(filter(None, (one.download.name, sheet))).encode())
    with one.file.path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
