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
        elif (kept := _kept(file)) is not None:
            group = kept.download.system
            alone = file.label if kept.download.is_generic else ""
            together.setdefault((file.path.parent, group + alone), []).append(kept)
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


def _kept(file: NamedFile) -> _Kept | None:
    try:
        found = opened(file.path)
    except (OSError, SourceError):
        return None  # the reader of logs says what is wrong with it
    return None if found is None else _Kept(file, *found)


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
        return [_listing(one, one.download.missing(one.opened)) for one in self._kept]

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
        is_file=True,
    )


def _records(one: _Kept) -> Iterator[Record]:
    one.opened.bad.clear()
    yield from one.download.read(one.opened)


def _bad(opened_file: Opened) -> dict[str, int]:
    return dict(opened_file.bad)


def _digest(one: _Kept) -> str:
    digest = xxh3_128(one.download.name.encode())
    with one.file.path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
