"""The engine: finds the logs, has each one read once, and stores what it shows.

Files are read by several processes, large ones in parts; what they show is written here, one log
after another, each in one transaction. One bad file never stops a scan, and a scan that is
stopped keeps what it has stored: the next one goes on from there.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scanner import evidence
from scanner.accounts import AccountInput, ListedTree, Listing
from scanner.accounts.gathering import Gathering
from scanner.accounts.meaning import Meaning
from scanner.errors import GnomonError, SourceError
from scanner.inputs import LogInput, Refused, opened
from scanner.logs.marks import begins_with, digest
from scanner.logs.streams import LogStream
from scanner.model import (
    SOURCE_TREE,
    Built,
    Holding,
    SourceState,
    SourceStatus,
    Tenant,
    TimeQuality,
)
from scanner.progress import Progress
from scanner.reading import Shown, Tools, companions
from scanner.reading.passes import header_changes, joined
from scanner.reading.tasks import Known, Looked, finish, look, look_at, read_in_one_go, read_piece
from scanner.store import ListingStore, NewListing, NewSource, StoredSource
from scanner.trees import TreeInput
from scanner.workers import Counters, Workers, explained

# Above this share of lines that are not understood, a log counts as read in part.
REJECTED_SHARE = 0.2
_TRIES = 5
# What stands for the revision of a tree of which an account listed a part.
_LISTED = "as listed"
_AHEAD = 3  # logs handed out for each process before the first of them is stored
_BEAT = 0.2  # seconds between two looks at the progress

Input = LogInput | TreeInput | AccountInput
# A log's way through a scan: yields what it waits for, nothing when it waits for its turn to be
# stored; returns what became of it.
_Course = Generator[list[Future[Any]], None, SourceStatus]


def _nothing() -> None:
    pass


@dataclass(slots=True)
class ScanSummary:
    """What one scan did."""

    scan: int
    sources: list[SourceStatus] = field(default_factory=list)
    is_stopped: bool = False

    @property
    def nothing_recognised(self) -> bool:
        """Whether no source was a log that could be read."""
        return not self.is_stopped and all(
            source.state in (SourceState.UNRECOGNISED, SourceState.EMPTY) for source in self.sources
        )

    @property
    def is_incomplete(self) -> bool:
        return self.is_stopped or any(source.state.is_incomplete for source in self.sources)


class Engine:
    """Reads logs into a store."""

    def __init__(
        self,
        tools: Tools,
        pack_version: str,
        tool_version: str,
        now: Callable[[], datetime],
        jobs: int = 1,
        progress: Progress | None = None,
    ) -> None:
        self._tools = tools
        self._pack_version = pack_version
        self._tool_version = tool_version
        self._now = now
        self._jobs = jobs
        self._progress = progress

    def scan(self, inputs: Iterable[Input], store: ListingStore) -> ScanSummary:
        """Read every input, one transaction each, and return what became of them.

        Ctrl-C ends it; what was stored by then is kept.
        """
        privacy = self._tools.pseudonyms.privacy
        number = store.begin_scan(self._now(), self._tool_version, self._pack_version, privacy)
        summary = ScanSummary(number)
        try:
            self._read_all(list(inputs), store, summary)
        except KeyboardInterrupt:
            summary.is_stopped = True
        store.finish_scan(number, self._now())
        return summary

    def _read_all(self, inputs: list[Input], store: ListingStore, summary: ScanSummary) -> None:
        counters = Counters() if self._progress else None
        with Workers(self._tools, self._jobs, counters) as workers:
            if self._progress is not None:
                self._progress.begin(len(inputs), sum(source.size for source in inputs))
            desk = _Desk(self, workers, store, summary.scan)
            for status in _in_order(desk.courses(inputs), workers.jobs, self._tell(counters)):
                summary.sources.append(status)
                if self._progress is not None:
                    self._progress.done(status.name)

    def _tell(self, counters: Counters | None) -> Callable[[], None]:
        """Return what says how far the processes are."""

        def tell() -> None:
            if counters is not None and self._progress is not None:
                self._progress.advance(counters.bytes, counters.lines)

        return tell

    @property
    def stamp(self) -> str:
        """What decides how a log is read, beside the log: another stamp replaces what was read."""
        privacy = self._tools.pseudonyms.privacy
        own = self._tools.own_formats
        return f"{self._tool_version}|{self._pack_version}|{privacy}{own and '|'}{own}"

    @property
    def tools(self) -> Tools:
        return self._tools


class _Desk:
    """Where logs are handed out to the processes, and what they show is stored."""

    def __init__(self, engine: Engine, workers: Workers, store: ListingStore, scan: int) -> None:
        self._engine = engine
        self._workers = workers
        self._store = store
        self._scan = scan

    def courses(self, inputs: Iterable[Input]) -> Iterator[_Course]:
        """Yield the way of each log and tree, also in archives; it begins when it is asked for."""
        position = 0
        for given in inputs:
            if isinstance(given, TreeInput):
                yield self._course(given.name, self._read_tree(given, position), position)
                position += 1
                continue
            if not isinstance(given, LogInput):
                for course in self._account_courses(given, position):
                    yield course
                    position += 1
                continue
            for source in opened(given, self._engine.tools.folder):
                if isinstance(source, Refused):
                    yield self._refused(source, position)
                else:
                    reading = self._read_until_stored(source, position)
                    yield self._course(source.name, reading, position, source.discard)
                position += 1

    def _account_courses(self, given: AccountInput, position: int) -> Iterator[_Course]:
        """Yield the way of each listing of an account; the account is read when it is asked for."""
        meaning = Meaning(self._engine.tools.matcher, self._engine.tools.shapes)
        try:
            with given.open(meaning.of) as account:
                listings = account.listings()
                pseudonyms = self._engine.tools.pseudonyms
                held = Gathering(meaning.of, pseudonyms, meaning.signs).gather(listings)
                for tree in account.trees():
                    name = f"{given.name} {tree.name}"
                    yield self._course(name, self._read_listed_tree(tree, name, position), position)
                    position += 1
                for number, (listing, holding) in enumerate(zip(listings, held, strict=True), 1):
                    storing = self._store_listing(account.tenant, listing, holding, position)
                    ended = account.stored if number == len(listings) else _nothing
                    yield self._course(listing.name, storing, position, ended)
                    position += 1
        except (GnomonError, OSError) as error:
            refused = Refused(given.name, _reason(error))
            yield self._course(given.name, self._refused(refused, position), position)

    def _store_listing(
        self, tenant: Tenant, listing: Listing, held: Holding, position: int
    ) -> _Course:
        yield []  # its turn comes when all before it are stored
        fingerprint = fingerprint_of_listing(tenant, listing.key)
        if listing.is_file and (copy := self._store.copy_of(listing.digest, fingerprint)):
            reason = "the same content is stored already"
            status = SourceStatus(listing.name, SourceState.ALREADY_READ, reason=reason)
            self._store.write_status(self._scan, position, status, copy)
            return status
        status = _status_of_listing(listing, held)
        new = NewListing(
            NewSource(
                fingerprint=fingerprint,
                length=listing.size,
                digest=listing.digest,
                size=listing.size,
                reading=self._engine.stamp,
                name=listing.name,
                format=listing.title,
                marks=b"",
                beginning=b"",
                replaces=(),
                alike=(),
            ),
            is_complete=listing.state is SourceState.COMPLETE,
            since=listing.since,
            until=listing.until,
        )
        if listing.pages:
            self._store.write_listing(self._scan, position, status, new, held)
        else:
            self._store.write_status(self._scan, position, status)
        return status

    def _refused(self, refused: Refused, position: int) -> _Course:
        yield []
        status = SourceStatus(refused.name, refused.state, reason=refused.reason)
        self._store.write_status(self._scan, position, status)
        return status

    def _course(
        self,
        name: str,
        reading: _Course,
        position: int,
        discard: Callable[[], None] = _nothing,
    ) -> _Course:
        """Return the way of one source, which whatever happens to it ends in a status."""
        started = time.perf_counter()
        try:
            status = yield from reading
        except (SourceError, OSError) as error:
            status = SourceStatus(name, SourceState.FAILED, reason=_reason(error))
            self._store.write_status(self._scan, position, status)
        except GnomonError:
            raise
        except Exception as error:
            known = explained(error)
            if isinstance(known, GnomonError):
                raise known from error
            reason = f"reading it failed: {type(error).__name__}: {error}"
            status = SourceStatus(name, SourceState.FAILED, reason=reason)
            self._store.write_status(self._scan, position, status)
        finally:
            discard()
        status.seconds = time.perf_counter() - started
        return status

    def _read_tree(self, source: TreeInput, position: int) -> _Course:
        future = self._workers.submit(look_at, source)
        yield [future]
        built = future.result()
        yield []  # its turn comes when all before it are stored
        return self._stored_tree(source.name, source.revision or "", built, position)

    def _read_listed_tree(self, tree: ListedTree, name: str, position: int) -> _Course:
        from scanner.trees.tasks import look_at_listed

        reader = self._engine.tools.trees
        assert reader is not None, "accounts may have source trees"  # noqa: S101
        built = look_at_listed(reader, tree, tree.origin, tree.name)
        built.notes = tree.notes
        yield []  # its turn comes when all before it are stored
        return self._stored_tree(name, _LISTED, built, position)

    def _stored_tree(self, name: str, revision: str, built: Built, position: int) -> SourceStatus:
        from scanner.trees.verdicts import is_built, is_shipped

        status = _status_of_tree(name, built)
        fingerprint = _fingerprint_of_tree(revision, built)
        replaces = tuple(self._store.sources_like(fingerprint, b""))
        new = NewSource(
            fingerprint=fingerprint,
            length=built.bytes,
            digest=built.digest,
            size=built.bytes,
            reading=self._engine.stamp,
            name=name,
            format=SOURCE_TREE,
            marks=b"",
            beginning=b"",
            replaces=replaces,
            alike=replaces,
        )
        self._store.write_tree(self._scan, position, status, new, built, (is_built, is_shipped))
        return status

    def _read_until_stored(self, source: LogInput, position: int) -> _Course:
        """Read a log, again if another scan stored one like it while this one was read."""
        source.refuse_what_is_no_file()
        for _ in range(_TRIES if source.is_regular else 1):
            alike = self._alike(source)
            looked = yield from self._looked(source, alike)
            yield []  # its turn comes when all before it are stored
            status = self._stored(source, position, looked, alike)
            if status is not None:
                return status
        raise SourceError("other scans kept storing logs like it; scan it again")

    def _alike(self, source: LogInput) -> tuple[StoredSource, ...]:
        """Return the stored logs that begin as a file does; of a pipe nobody knows before."""
        if not source.is_regular:
            return ()
        tools = self._engine.tools
        with LogStream(source.file, (), tools.binaries, tools.folder) as stream:
            return tuple(self._store.sources_like(stream.fingerprint, stream.beginning))

    def _looked(
        self, source: LogInput, alike: Sequence[StoredSource]
    ) -> Generator[list[Future[Any]], None, Looked]:
        known = [Known(one.id, one.length, one.marks, one.size, one.reading) for one in alike]
        arguments = (source, known, self._engine.stamp, self._workers.jobs)
        if not source.is_regular:  # only this process has its standard input
            return look(self._engine.tools, *arguments)
        future = self._workers.submit(look, *arguments)
        yield [future]
        looked = future.result()
        if looked.parts:
            looked.shown = yield from self._parts(looked, [one.length for one in alike])
        return looked

    def _parts(
        self, looked: Looked, lengths: list[int]
    ) -> Generator[list[Future[Any]], None, Shown]:
        """Read a log in its parts; in one go after all, where a header changes on the way."""
        how = looked.how
        futures = [self._workers.submit(read_piece, how, part, lengths) for part in looked.parts]
        yield list(futures)
        pieces = [future.result() for future in futures]
        assert how is not None, "what is read in parts was recognised"  # noqa: S101
        if header_changes(how, pieces):
            whole = self._workers.submit(read_in_one_go, how, lengths)
            yield [whole]
            return whole.result()
        return finish(self._engine.tools, how, joined(pieces))

    def _stored(
        self,
        source: LogInput,
        position: int,
        looked: Looked,
        alike: tuple[StoredSource, ...],
    ) -> SourceStatus | None:
        """Store what a log shows, or why nothing; None if it has to be looked at again."""
        if looked.why_unread is not None:
            status = SourceStatus(source.name, looked.why_unread[0], reason=looked.why_unread[1])
            self._store.write_status(self._scan, position, status)
            return status
        shown, same = looked.shown, looked.same
        if not source.is_regular:
            alike = tuple(self._store.sources_like(looked.fingerprint, looked.beginning))
        if same is None and shown is not None:
            same = next((old.id for old in alike if _is_in(old, shown, looked.reading)), None)
        if same is not None:
            reason = "the same content is stored already"
            status = SourceStatus(source.name, SourceState.ALREADY_READ, reason=reason)
            status.format = looked.how.format if looked.how else None
            self._store.write_status(self._scan, position, status, same)
            return status
        assert shown is not None, "a log is unread, stored already, or shown"  # noqa: S101
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
        is_stored = self._store.write_source(
            self._scan, position, status, new, shown.findings, rows
        )
        return status if is_stored else None


def _fingerprint_of_tree(revision: str, built: Built) -> str:
    """Return what a tree is known by: where it comes from, and which part of it was read."""
    named = f"tree\0{built.origin}\0{built.below}\0{revision}"
    return hashlib.blake2b(named.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def fingerprint_of_listing(tenant: Tenant, key: str) -> str:
    """Return what a listing is known by: whose it is, and what it lists."""
    named = f"listing\0{tenant.system}\0{tenant.id}\0{key}"
    return hashlib.blake2b(named.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _status_of_listing(listing: Listing, held: Holding) -> SourceStatus:
    """Return what became of a listing: its "lines" are its records."""
    bad = listing.bad_fields()
    notes = (*listing.notes, *held.notes)
    if bad:
        fields = ", ".join(f"{name} ({count:,})" for name, count in sorted(bad.items()))
        notes = (*notes, f"fields that were not what they should be, and were left out: {fields}")
    return SourceStatus(
        name=listing.name,
        state=listing.state,
        format=listing.title,
        reason=listing.reason,
        read=held.read,
        ignored=dict(sorted(held.ignored.items())),
        first=held.first or listing.since,
        last=held.last or (None if listing.is_state else listing.until),
        time_quality=TimeQuality.EXACT if held.first else TimeQuality.NONE,
        notes=notes,
    )


def _status_of_tree(name: str, built: Built) -> SourceStatus:
    """Return what became of a tree: its "lines" are its files."""
    state = SourceState.COMPLETE if built.files else SourceState.EMPTY
    reason = None if built.files else "no file of a kind that names what is built"
    if built.rejected > REJECTED_SHARE * built.files:
        state = SourceState.PARTIAL
        reason = f"{built.rejected} of {built.files} files were not understood"
    return SourceStatus(
        name=name,
        state=state,
        format=SOURCE_TREE,
        reason=reason,
        read=built.files,
        rejected=built.rejected,
        rejects=tuple(built.rejects),
        bytes_read=built.bytes,
        notes=built.notes,
    )


def _in_order(
    courses: Iterator[_Course], jobs: int, beat: Callable[[], None]
) -> Iterator[SourceStatus]:
    """Run the courses side by side and yield their results in the order in which they began."""
    running: deque[_Running] = deque()
    while True:
        while len(running) < (_AHEAD * jobs if jobs > 1 else 1):
            course = next(courses, None)
            if course is None:
                break
            running.append(_Running(course))
        if not running:
            return
        for at, one in enumerate(running):
            one.go_on(is_first=at == 0)
        if running[0].status is not None:
            yield running.popleft().status  # type: ignore[misc]
            continue
        awaited = [future for one in running for future in one.awaited if not future.done()]
        if awaited and not running[0].is_ready:
            wait(awaited, _BEAT, FIRST_COMPLETED)
        beat()


class _Running:
    """A course that has begun."""

    def __init__(self, course: _Course) -> None:
        self._course = course
        self.awaited: list[Future[Any]] = []
        self.status: SourceStatus | None = None
        self._step()

    @property
    def is_ready(self) -> bool:
        """Whether nothing that it waits for is missing."""
        return all(future.done() for future in self.awaited)

    def go_on(self, is_first: bool) -> None:
        """Take the next steps, as far as they can be taken now."""
        while self.status is None and self.is_ready and (is_first or self.awaited):
            self._step()

    def _step(self) -> None:
        try:
            self.awaited = next(self._course)
        except StopIteration as end:
            self.status = end.value


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


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return str(error)
