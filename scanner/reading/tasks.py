"""What the processes of a scan are asked to do, one call each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.errors import SourceError
from scanner.hosts import HostTable
from scanner.inputs import LogInput
from scanner.logs import Batch, Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.parts import Part
from scanner.logs.peeling import Peeling
from scanner.logs.streams import LogStream
from scanner.model import Built, Observation, SourceState
from scanner.reading import Plan, Shown, Tools, companions, leftovers
from scanner.reading.leftovers import Leftovers
from scanner.reading.passes import (
    format_of_left,
    is_doubtful,
    read_part,
    read_whole,
    with_leftovers,
)
from scanner.reading.recognition import parts, peeling_of, period, plan, recognise
from scanner.trees import TreeInput

if TYPE_CHECKING:
    from scanner.trees.pieces import Piece
    from scanner.trees.tasks import Part as PartOfTree
    from scanner.trees.tasks import Survey


@dataclass(frozen=True, slots=True)
class Known:
    """A log whose evidence is stored: enough to tell whether another has its content."""

    id: int
    length: int
    marks: bytes
    size: int
    reading: str


@dataclass(slots=True)
class Looked:
    """What a look at a log came to: what it shows, or the parts to read it in, or why neither."""

    fingerprint: str = ""
    beginning: bytes = b""
    how: Plan | None = None
    reading: str = ""
    shown: Shown | None = None
    parts: tuple[Part, ...] = ()
    same: int | None = None
    why_unread: tuple[SourceState, str] | None = None


def look(tools: Tools, source: LogInput, alike: Sequence[Known], stamp: str, jobs: int) -> Looked:
    """Read a log, unless it is none, is stored already, or is to be read in ``jobs`` parts.

    ``stamp`` names what else decides how a log is read: the versions and the privacy.
    """
    lengths = [old.length for old in alike]
    with LogStream(source.file, lengths, tools.binaries, tools.folder) as stream:
        looked = Looked(stream.fingerprint, stream.beginning)
        if not stream.head and not stream.not_a_log():
            looked.why_unread = SourceState.EMPTY, "the file is empty"
            return looked
        clock = source.clock(tools.now)
        verdict = recognise(tools, stream, clock, source.format)
        if isinstance(verdict, str):
            looked.why_unread = SourceState.UNRECOGNISED, verdict
            return looked
        looked.how = how = plan(tools, source, stream, verdict, clock)
        looked.reading = "|".join(
            (stamp, how.format, *how.envelopes, str(source.zone or ""), str(source.year or ""))
        )
        looked.reading += companions.stamp(how.companions)
        # At the end: read without that, it shows no more, so that it is not read again.
        looked.reading += "|resolved" if tools.resolves else ""
        looked.same = _same_on_disk(tools, source, alike, looked.reading)
        if looked.same is not None:
            return looked
        looked.parts = tuple(parts(stream, verdict, how, jobs))
        if not looked.parts:
            looked.shown = finish(tools, how, read_whole(tools, how, stream, clock))
    if looked.shown is not None and is_doubtful(looked.shown):
        looked.how = how = replace(how, is_screened=False)
        looked.shown = read_in_one_go(tools, how, lengths)
    return looked


def look_at(tools: Tools, source: TreeInput, jobs: int) -> Built | Survey:
    """Read a source tree, unless it is large: then say what of it is to be read in parts."""
    from scanner.trees.tasks import look_at_tree, survey_tree  # with parsers that logs need not

    assert tools.trees is not None, "there are source trees to read"  # noqa: S101
    look = survey_tree if jobs > 1 else look_at_tree
    return look(tools.trees, source, tools.now)


def read_files_of(tools: Tools, part: PartOfTree) -> Piece:
    """Read one part of a source tree."""
    from scanner.trees.tasks import read_tree_part

    assert tools.trees is not None, "there are source trees to read"  # noqa: S101
    return read_tree_part(tools.trees, part)


def read_piece(tools: Tools, how: Plan, part: Part, lengths: Sequence[int]) -> Shown:
    """Read one part of a log; every line of it, if a first look shows that it takes that."""
    clock = how.clock(tools.now)
    shown = read_part(tools, how, part, lengths, clock)
    if is_doubtful(shown):
        return read_part(tools, replace(how, is_screened=False), part, lengths, clock)
    return shown


def read_in_one_go(tools: Tools, how: Plan, lengths: Sequence[int]) -> Shown:
    """Read a log whole after all: its parts turned out to depend on each other."""
    with LogStream(how.source.file, lengths, tools.binaries, tools.folder) as stream:
        return finish(tools, how, read_whole(tools, how, stream, how.clock(tools.now)))


def finish(tools: Tools, how: Plan, shown: Shown) -> Shown:
    """Look at what the format refused, and at the time that the log covers."""
    clock = how.clock(tools.now)
    shown = with_leftovers(tools, shown, clock)
    shown.first, shown.last, shown.time_quality, notes = period(tools, how, clock, shown.tail)
    told = (f"{times:,} {what}" for what, times in sorted(shown.tally.noted.items()))
    shown.notes = (*notes, *companions.note(how.companions), *told)
    shown.tail = []
    return shown


def observations(tools: Tools, source: LogInput, tally: Tally) -> Iterator[Observation]:
    """Yield every record of a log, whatever its host. Raises SourceError if it is no known log."""
    left = Leftovers(tools.folder)
    tally.on_reject = left.add
    with LogStream(source.file, (), tools.binaries, tools.folder) as stream:
        clock = source.clock(tools.now)
        verdict = recognise(tools, stream, clock, source.format)
        if isinstance(verdict, str):
            raise SourceError(f"{source.name}: {verdict}")
        peeling = peeling_of(tools, plan(tools, source, stream, verdict, clock))
        yield from _every_record(verdict.format, peeling, stream.batches(), tally, clock)
        tally.read = stream.line_count + tally.joined
    path = left.close()
    if path is not None:
        yield from _what_was_left(tools, path, verdict.format.name, tally, clock)
    tally.settle_others()


def _every_record(
    log_format: Format, peeling: Peeling, batches: Iterable[Batch], tally: Tally, clock: Clock
) -> Iterator[Observation]:
    records = peeling.batches(batches, tally)
    for seen in log_format.read(records, HostTable.of_every_host(), tally, clock):
        yield peeling.dated(seen, clock)


def _what_was_left(
    tools: Tools, path: Path, tried: str, tally: Tally, clock: Clock
) -> Iterator[Observation]:
    """Read what a format refused in the format that it may be in."""
    verdict = format_of_left(tools, [(path, 0)], [tried], clock)
    if verdict is None:
        return
    batches = list(leftovers.batches([(path, 0)]))
    again = Tally()
    peeling = Peeling(verdict.envelopes, [line for batch in batches for line in batch.lines])
    yield from _every_record(verdict.format, peeling, batches, again, clock)
    tally.rejected += again.rejected - sum(len(batch.lines) for batch in batches)
    tally.rejects = again.rejects
    tally.ignored.update(again.ignored)
    tally.joined += again.joined
    tally.read += again.joined
    tally.others = again.others


def _same_on_disk(
    tools: Tools, source: LogInput, alike: Sequence[Known], reading: str
) -> int | None:
    """Find the stored log with the same bytes: hashes of the file are enough, no line is parsed."""
    likely = [
        old
        for old in alike
        if old.size == source.size and companions.suffices(old.reading, reading)
    ]
    if not likely or not source.is_regular:
        return None
    with LogStream(source.file, (), tools.binaries, tools.folder) as stream:
        stream.drain()
        return next(
            (old.id for old in likely if (old.length, old.marks) == (stream.length, stream.marks)),
            None,
        )
