"""The engine: finds the logs, reads each one once, and stores what it shows.

It opens files, keeps the account of every line, catches what a reader raises and turns it into a
status with its reason. One bad file never stops a scan.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from scanner.errors import GnomonError, SourceError
from scanner.evidence import Gathering
from scanner.hosts import HostTable
from scanner.inputs import LogInput
from scanner.logs import Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.detection import judge, sample_lines
from scanner.logs.lines import batch_of
from scanner.logs.streams import LogStream
from scanner.matching import Matcher
from scanner.model import Findings, Observation, SourceState, SourceStatus, TimeQuality
from scanner.privacy import Pseudonyms
from scanner.progress import Progress
from scanner.shapes import Shapes
from scanner.store import NewSource, Store, StoredSource

# Above this share of lines that are not understood, a log counts as read in part.
REJECTED_SHARE = 0.2
_PERIOD_LINES = 200
_TRIES = 5


@dataclass(slots=True)
class ScanSummary:
    """What one scan did."""

    scan: int
    sources: list[SourceStatus] = field(default_factory=list)

    @property
    def nothing_recognised(self) -> bool:
        """Whether no source was a log that could be read."""
        return all(
            source.state in (SourceState.UNRECOGNISED, SourceState.EMPTY) for source in self.sources
        )

    @property
    def is_incomplete(self) -> bool:
        return any(source.state.is_incomplete for source in self.sources)


class _Found(NamedTuple):
    """What a look at a log came to: new evidence, or a stored log with the same content."""

    status: SourceStatus
    new: NewSource | None = None
    findings: Findings = Findings()
    same: int | None = None


class Engine:
    """Reads logs into a store."""

    def __init__(
        self,
        formats: Iterable[Format],
        matcher: Matcher,
        shapes: Shapes,
        pseudonyms: Pseudonyms,
        pack_version: str,
        tool_version: str,
        now: Callable[[], datetime],
        progress: Progress | None = None,
    ) -> None:
        self._formats = tuple(formats)
        self._matcher = matcher
        self._shapes = shapes
        self._pseudonyms = pseudonyms
        self._pack_version = pack_version
        self._tool_version = tool_version
        self._now = now
        self._progress = progress

    def scan(self, inputs: Iterable[LogInput], store: Store) -> ScanSummary:
        """Read every input, one transaction each, and return what became of them."""
        number = store.begin_scan(
            self._now(), self._tool_version, self._pack_version, self._pseudonyms.privacy
        )
        summary = ScanSummary(number)
        for position, source in enumerate(inputs):
            summary.sources.append(self._scan_one(source, store, number, position))
        store.finish_scan(number, self._now())
        return summary

    def _scan_one(self, source: LogInput, store: Store, scan: int, position: int) -> SourceStatus:
        started = time.perf_counter()
        try:
            status = self._read_until_stored(source, store, scan, position)
        except (SourceError, OSError) as error:
            status = SourceStatus(source.name, SourceState.FAILED, reason=_reason(error))
            store.write_status(scan, position, status)
        except GnomonError:
            raise
        except Exception as error:  # noqa: BLE001 - a reader's fault is that source's fault alone
            reason = f"reading it failed: {type(error).__name__}: {error}"
            status = SourceStatus(source.name, SourceState.FAILED, reason=reason)
            store.write_status(scan, position, status)
        status.seconds = time.perf_counter() - started
        return status

    def _read_until_stored(
        self, source: LogInput, store: Store, scan: int, position: int
    ) -> SourceStatus:
        """Read a log, again if another scan stored one like it while this one was read."""
        source.refuse_what_is_no_file()
        for _ in range(_TRIES if source.is_regular else 1):
            with LogStream(source.file) as stream:
                found = self._look(source, stream, store)
                if found.new is None:
                    store.write_status(scan, position, found.status, found.same)
                    return found.status
                if store.write_source(scan, position, found.status, found.new, found.findings):
                    return found.status
        raise SourceError("other scans kept storing logs like it; scan it again")

    def _look(self, source: LogInput, stream: LogStream, store: Store) -> _Found:
        """Read a log, unless its content is no log or stored already."""
        if not stream.head:
            return _unread(source, SourceState.EMPTY, "the file is empty")
        clock = source.clock(self._now())
        log_format = recognise(self._formats, stream, clock, source.format)
        if isinstance(log_format, str):
            return _unread(source, SourceState.UNRECOGNISED, log_format)
        reading = self._reading(source, log_format)
        alike = tuple(store.sources_like(stream.fingerprint))
        if same := _same_on_disk(source, alike, reading):
            return _already_read(source, log_format, same)
        stream.mark(old.length for old in alike)
        status, findings = self.read(source, stream, log_format, clock)
        contained = tuple(old for old in alike if stream.digest_at(old.length) == old.digest)
        for old in contained:
            if old.length == stream.length and old.reading == reading:
                return _already_read(source, log_format, old)
        new = NewSource(
            fingerprint=stream.fingerprint,
            length=stream.length,
            digest=stream.digest,
            size=source.size,
            reading=reading,
            name=source.name,
            format=log_format.name,
            replaces=contained,
            alike=alike,
        )
        return _Found(status, new, findings)

    def read(
        self, source: LogInput, stream: LogStream, log_format: Format, clock: Clock
    ) -> tuple[SourceStatus, Findings]:
        """Read one log to its end; returns its account and what it shows."""
        tally = Tally()
        gathering = Gathering(self._matcher, self._shapes, self._pseudonyms)
        batches = self._watched(source, stream)
        gathering.add_all(log_format.read(batches, gathering.host_table(), tally, clock))
        tally.read = stream.line_count
        return _status(source, stream, log_format, tally, clock), gathering.findings

    def _watched(self, source: LogInput, stream: LogStream) -> Iterable[Batch]:
        """Return the log's lines, telling the progress as they go by."""
        if self._progress is None:
            return stream.batches()
        self._progress.begin(source.name, source.size)
        return _telling(stream, self._progress)

    def _reading(self, source: LogInput, log_format: Format) -> str:
        """How a log is read: another reading of the same bytes replaces the former one."""
        return "|".join(
            (
                self._tool_version,
                self._pack_version,
                self._pseudonyms.privacy,
                log_format.name,
                str(source.zone or ""),
                str(source.year or ""),
            )
        )


def recognise(
    formats: Iterable[Format], stream: LogStream, clock: Clock, forced: str | None
) -> Format | str:
    """Return the log's format, or in words why none fits."""
    if forced is not None:
        return next(candidate for candidate in formats if candidate.name == forced)
    if what := stream.not_a_log():
        return f"{what}, not a text log"
    best = judge(formats, stream.head, clock)[0]
    if best.is_fit:
        return best.format
    return "no known log format; `gnomon detect` says why not, --log-format forces one"


def period(
    log_format: Format, stream: LogStream, clock: Clock
) -> tuple[datetime | None, datetime | None, TimeQuality]:
    """Return the times of the first and last records, read from the log's first and last lines."""
    lines = [*sample_lines(stream.head)[:_PERIOD_LINES], *stream.tail[-_PERIOD_LINES:]]
    seen = list(log_format.read([batch_of(lines)], HostTable.of_every_host(), Tally(), clock))
    times = [observation.ts for observation in seen if observation.ts is not None]
    if not times:
        return None, None, TimeQuality.NONE
    quality = next(one.time_quality for one in seen if one.ts is not None)
    return min(times), max(times), quality


def observe(
    source: LogInput, formats: Iterable[Format], now: datetime, tally: Tally
) -> Iterator[Observation]:
    """Yield every record of a log, whatever its host. Raises SourceError if it is no known log."""
    with LogStream(source.file) as stream:
        clock = source.clock(now)
        found = recognise(formats, stream, clock, source.format)
        if isinstance(found, str):
            raise SourceError(f"{source.path}: {found}")
        yield from found.read(stream.batches(), HostTable.of_every_host(), tally, clock)
        tally.read = stream.line_count


def _telling(stream: LogStream, progress: Progress) -> Iterator[Batch]:
    for batch in stream.batches():
        yield batch
        progress.advance(stream.position, stream.line_count)


def _status(
    source: LogInput, stream: LogStream, log_format: Format, tally: Tally, clock: Clock
) -> SourceStatus:
    first, last, quality = period(log_format, stream, clock)
    state, reason = _state(stream, tally)
    return SourceStatus(
        name=source.name,
        state=state,
        format=log_format.name,
        reason=reason,
        read=tally.read,
        ignored=dict(sorted(tally.ignored.items())),
        rejected=tally.rejected,
        rejects=tuple(tally.rejects),
        first=first,
        last=last,
        time_quality=quality,
        bytes_read=stream.length,
    )


def _state(stream: LogStream, tally: Tally) -> tuple[SourceState, str | None]:
    if stream.damage:
        return SourceState.PARTIAL, f"{stream.damage}; what comes before is counted"
    if tally.rejected > REJECTED_SHARE * tally.read:
        share = f"{tally.rejected} of {tally.read} lines were not understood"
        return SourceState.PARTIAL, f"{share}; see `gnomon detect`, or force --log-format"
    if stream.cut_lines:
        return SourceState.COMPLETE, f"{stream.cut_lines} line(s) over 1 MiB were cut there"
    if tally.read and not tally.parsed:
        return SourceState.COMPLETE, "none of its lines is a record"
    return SourceState.COMPLETE, None


def _same_on_disk(
    source: LogInput, alike: Iterable[StoredSource], reading: str
) -> StoredSource | None:
    """Find the stored log with the same bytes; a hash of the file is enough, no line is parsed."""
    likely = [old for old in alike if old.size == source.size and old.reading == reading]
    if not likely or not source.is_regular:
        return None
    with LogStream(source.file) as stream:
        stream.drain()
        return next(
            (old for old in likely if (old.length, old.digest) == (stream.length, stream.digest)),
            None,
        )


def _already_read(source: LogInput, log_format: Format, same: StoredSource) -> _Found:
    reason = "the same content is stored already"
    found = _unread(source, SourceState.ALREADY_READ, reason)
    found.status.format = log_format.name
    return found._replace(same=same.id)


def _unread(source: LogInput, state: SourceState, reason: str) -> _Found:
    return _Found(SourceStatus(source.name, state, reason=reason))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return str(error)
