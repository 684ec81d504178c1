"""Logs: read by several processes, large ones in parts, and stored one after another."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from scanner import evidence
from scanner.courses import REJECTED_SHARE, Course, Desk, guarded, refused
from scanner.errors import SourceError
from scanner.inputs import LogInput, Refused, opened
from scanner.logs.marks import begins_with, digest
from scanner.logs.streams import LogStream
from scanner.model import SourceState, SourceStatus
from scanner.reading import Shown, companions
from scanner.reading.passes import header_changes, joined
from scanner.reading.tasks import Known, Looked, finish, look, read_in_one_go, read_piece
from scanner.store import NewSource, StoredSource

_TRIES = 5


def courses(desk: Desk, given: LogInput, position: int) -> Iterator[Course]:
    """Yield the way of a log, or of each log in an archive."""
    for number, source in enumerate(opened(given, desk.tools.folder), position):
        if isinstance(source, Refused):
            yield refused(desk, source, number)
        else:
            reading = _read_until_stored(desk, source, number)
            yield guarded(desk, source.name, reading, number, ended=source.discard)


def _read_until_stored(desk: Desk, source: LogInput, position: int) -> Course:
    """Read a log, again if another scan stored one like it while this one was read."""
    source.refuse_what_is_no_file()
    for _ in range(_TRIES if source.is_regular else 1):
        alike = _alike(desk, source)
        looked = yield from _looked(desk, source, alike)
        yield []  # its turn comes when all before it are stored
        status = _stored(desk, source, position, looked, alike)
        if status is not None:
            return status
    raise SourceError("other scans kept storing logs like it; scan it again")


def _alike(desk: Desk, source: LogInput) -> tuple[StoredSource, ...]:
    """Return the stored logs that begin as a file does; of a pipe nobody knows before."""
    if not source.is_regular:
        return ()
    tools = desk.tools
    with LogStream(source.file, (), tools.binaries, tools.folder) as stream:
        return tuple(desk.store.sources_like(stream.fingerprint, stream.beginning))


def _looked(
    desk: Desk, source: LogInput, alike: Sequence[StoredSource]
) -> Generator[list[Future[Any]], None, Looked]:
    known = [Known(one.id, one.length, one.marks, one.size, one.reading) for one in alike]
    arguments = (source, known, desk.stamp, desk.workers.jobs)
    if not source.is_regular:  # only this process has its standard input
        return look(desk.tools, *arguments)
    future = desk.workers.submit(look, *arguments)
    yield [future]
    looked = future.result()
    if looked.parts:
        looked.shown = yield from _parts(desk, looked, [one.length for one in alike])
    return looked


def _parts(
    desk: Desk, looked: Looked, lengths: list[int]
) -> Generator[list[Future[Any]], None, Shown]:
    """Read a log in its parts; in one go after all, where a header changes on the way."""
    how = looked.how
    futures = [desk.workers.submit(read_piece, how, part, lengths) for part in looked.parts]
    yield list(futures)
    pieces = [future.result() for future in futures]
    assert how is not None, "what is read in parts was recognised"  # noqa: S101
    if header_changes(how, pieces):
        whole = desk.workers.submit(read_in_one_go, how, lengths)
        yield [whole]
        return whole.result()
    return finish(desk.tools, how, joined(pieces))


def _stored(
    desk: Desk,
    source: LogInput,
    position: int,
    looked: Looked,
    alike: tuple[StoredSource, ...],
) -> SourceStatus | None:
    """Store what a log shows, or why nothing; None if it has to be looked at again."""
    if looked.why_unread is not None:
        status = SourceStatus(source.name, looked.why_unread[0], reason=looked.why_unread[1])
        desk.store.write_status(desk.scan, position, status)
        return status
    shown, same = looked.shown, looked.same
    if not source.is_regular:
        alike = tuple(desk.store.sources_like(looked.fingerprint, looked.beginning))
    if same is None and shown is not None:
        same = next((old.id for old in alike if _is_in(old, shown, looked.reading)), None)
    if same is not None:
        reason = "the same content is stored already"
        status = SourceStatus(source.name, SourceState.ALREADY_READ, reason=reason)
        status.format = looked.how.format if looked.how else None
        desk.store.write_status(desk.scan, position, status, same)
        return status
    assert shown is not None, "a log is unread, stored already, or shown"  # noqa: S101
    if desk.enrich is not None:
        shown.notes = (*shown.notes, *desk.enrich(source.name, shown.findings))
    status = _status(source, shown)
    new = NewSource(
        fingerprint=looked.fingerprint,
        length=shown.length,
        digest=digest(shown.marks, shown.length),
        size=source.size,
        reading=looked.reading,
        name=source.name,
        format=status.format or "",
        marks=shown.marks,
        beginning=looked.beginning,
        replaces=tuple(old for old in alike if _continues(old, shown)),
        alike=alike,
    )
    rows = evidence.rows(shown.findings)
    is_stored = desk.store.write_source(desk.scan, position, status, new, shown.findings, rows)
    return status if is_stored else None


def _is_in(old: StoredSource, shown: Shown, reading: str) -> bool:
    """Whether a stored log has all that this one shows: it is the same, or was longer already."""
    if old.length == shown.length:
        return old.marks == shown.marks and companions.suffices(old.reading, reading)
    return old.length > shown.length and begins_with(old.marks, shown.marks, shown.length)


def _continues(old: StoredSource, shown: Shown) -> bool:
    """Whether a log is a stored one, read otherwise, or grown."""
    if old.length == shown.length:
        return old.marks == shown.marks
    partial = shown.partial.get(old.length)
    return old.length < shown.length and begins_with(shown.marks, old.marks, old.length, partial)


def _status(source: LogInput, shown: Shown) -> SourceStatus:
    state, reason = _state(shown)
    return SourceStatus(
        name=source.name,
        state=state,
        format=" + ".join(shown.formats),
        reason=reason,
        read=shown.tally.read,
        ignored=dict(sorted(shown.tally.ignored.items())),
        rejected=shown.tally.rejected,
        rejects=tuple(shown.tally.rejects),
        first=shown.first,
        last=shown.last,
        time_quality=shown.time_quality,
        bytes_read=shown.length,
        screened=shown.screened,
        notes=tuple(_notes(shown)),
    )


def _notes(shown: Shown) -> Iterator[str]:
    """Say which way a log was read, and what its sample shows."""
    if shown.screened:
        yield (
            f"screened: {shown.screened:,} lines hold no wanted name and were passed over; "
            "one block in a hundred was read in full"
        )
    yield from shown.notes


def _state(shown: Shown) -> tuple[SourceState, str | None]:
    tally = shown.tally
    if shown.damage:
        return SourceState.PARTIAL, f"{shown.damage}; what comes before is counted"
    if tally.rejected > REJECTED_SHARE * tally.read:
        share = f"{tally.rejected} of {tally.read} lines were not understood"
        return SourceState.PARTIAL, f"{share}; see `gnomon detect`, or force --log-format"
    if shown.cut_lines:
        return SourceState.COMPLETE, f"{shown.cut_lines} line(s) over 1 MiB were cut there"
    if tally.read and not tally.parsed:
        return SourceState.COMPLETE, "none of its lines is a record"
    return SourceState.COMPLETE, None
