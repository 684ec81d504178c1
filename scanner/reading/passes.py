"""Passes over a log: whole, or part by part, and once more over what the format refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from scanner import evidence
from scanner.evidence import Gathering
from scanner.logs import Batch, Format, Tally
from scanner.logs.blocks import Cutter, every_line
from scanner.logs.clock import Clock
from scanner.logs.detection import GENERIC, SAMPLE_LINES, Verdict, judge
from scanner.logs.parts import Part, PartStream
from scanner.logs.peeling import Peeling
from scanner.logs.screen import Screening
from scanner.logs.streams import LogStream
from scanner.model import Observation
from scanner.reading import Plan, Shown, Tools, leftovers
from scanner.reading.companions import flows, naming
from scanner.reading.leftovers import Leftovers
from scanner.reading.recognition import peeling_of

TAIL = 200
# Passes over one log: each reads what the one before refused.
_PASSES = 3
Left = Sequence[tuple[Path, int]]  # files of refused lines, with the lines before them
_FEWEST_LEFT = 1
# Of the lines that screened reading looks at, so many may be refused.
_DOUBTFUL = 0.02


def read_whole(tools: Tools, how: Plan, stream: LogStream, clock: Clock) -> Shown:
    """Read a log from its beginning to its end."""
    log_format = tools.format(how.format)
    work = _Pass(tools, log_format, peeling_of(tools, how), clock, flows(tools, naming(how)))
    screening = _screening(tools, how)
    some_lines = screening or _sifting(tools, how, work.tally)
    work.sees_all = some_lines is None
    batches = stream.batches(some_lines or every_line)
    work.read(_metered(batches, lambda: stream.position, tools))
    return Shown(
        findings=work.gathering.findings,
        tally=work.account(stream.line_count),
        line_count=stream.line_count,
        marks=stream.marks,
        length=stream.length,
        partial=stream.partial,
        formats=(how.format,),
        tail=stream.tail[-TAIL:],
        cut_lines=stream.cut_lines,
        damage=stream.damage,
        left=work.left(),
        screened=screening.screened if screening else 0,
    )


def read_part(tools: Tools, how: Plan, part: Part, lengths: Sequence[int], clock: Clock) -> Shown:
    """Read the lines that begin in one part of a log."""
    log_format = tools.format(how.format)
    work = _Pass(tools, log_format, peeling_of(tools, how), clock, flows(tools, naming(how)))
    path = how.source.file
    assert path is not None, "standard input is never cut"  # noqa: S101
    with PartStream(path, part, log_format.window or 0, lengths, how.beginning) as stream:
        work.only_own()
        screening = _screening(tools, how)
        some_lines = screening or _sifting(tools, how, work.tally)
        work.sees_all = some_lines is None
        cut = some_lines or every_line
        batches = stream.batches(work.begin, lambda: work.end(stream.line_count), cut)
        metered = _metered(batches, lambda: stream.position, tools)
        work.read(_with_header(how, part, metered))
        return Shown(
            findings=work.gathering.findings,
            tally=work.account(stream.line_count),
            line_count=stream.line_count,
            marks=stream.marks,
            length=part.end,
            partial=stream.partial,
            formats=(how.format,),
            tail=stream.tail[-TAIL:],
            cut_lines=stream.cut_lines,
            left=work.left(),
            headers=tuple(stream.headers),
            screened=screening.screened if screening else 0,
        )


def is_doubtful(shown: Shown) -> bool:
    """Whether screened reading met so many lines that the format refuses that all should be read."""
    seen = shown.tally.read - shown.screened
    return shown.screened > 0 and shown.tally.rejected > _DOUBTFUL * seen


def _screening(tools: Tools, how: Plan) -> Screening | None:
    if not how.is_screened or tools.screen is None:
        return None
    return tools.screen.screening(tools.format(how.format))


def _sifting(tools: Tools, how: Plan, tally: Tally) -> Cutter | None:
    if not how.is_sifted or tools.screen is None:
        return None
    return tools.screen.sifting(tools.format(how.format), how.header, tally)


def joined(shown: Sequence[Shown]) -> Shown:
    """Return what the parts of a log show together."""
    before = [0]
    for one in shown:
        before.append(before[-1] + one.line_count)
    tally = Tally()
    for one, lines in zip(shown, before, strict=False):
        tally.add(one.tally, lines)
    return Shown(
        findings=evidence.merge([(one.findings, n) for one, n in zip(shown, before, strict=False)]),
        tally=tally,
        line_count=before[-1],
        marks=b"".join(one.marks for one in shown),
        length=shown[-1].length,
        partial={length: mark for one in shown for length, mark in one.partial.items()},
        formats=shown[0].formats,
        tail=shown[-1].tail,
        cut_lines=sum(one.cut_lines for one in shown),
        left=tuple(
            (path, lines) for one, lines in zip(shown, before, strict=False) for path, _ in one.left
        ),
        screened=sum(one.screened for one in shown),
    )


def header_changes(how: Plan, shown: Iterable[Shown]) -> bool:
    """Whether a part holds a header that the parts after it were not read by."""
    known = frozenset(how.header)
    met = (line for one in shown for line in one.headers)
    return bool(how.header) and any(line not in known and not _says_nothing(line) for line in met)


def with_leftovers(tools: Tools, shown: Shown, clock: Clock) -> Shown:
    """Read what the format refused once more, in the format that it may be in."""
    for _ in range(_PASSES - 1):
        if not shown.left or shown.tally.rejected < _FEWEST_LEFT:
            break
        verdict = format_of_left(tools, shown.left, shown.formats, clock)
        if verdict is None:
            break
        _add_pass(tools, shown, verdict, clock)
    for path, _lines in shown.left:
        path.unlink(missing_ok=True)
    shown.left = ()
    shown.tally.settle_others()
    return shown


class _Pass:
    """One reader at work on a log: where its observations go, and its account."""

    def __init__(
        self,
        tools: Tools,
        log_format: Format,
        peeling: Peeling,
        clock: Clock,
        named: Mapping[bytes, str] | None = None,
    ) -> None:
        self.gathering = Gathering(tools.matcher, tools.shapes, tools.pseudonyms, tools.folder)
        self.tally = Tally()
        self._keeps_names = tools.resolves
        self._format = log_format
        self._peeling = peeling
        self._clock = clock
        self._flows = named or {}
        self.sees_all = True  # whether lines without a wanted name are among those that it reads
        self._left = Leftovers(tools.folder)
        self._account: Tally | None = None
        self._begins = 0
        self._ends: int | None = None  # lines that are its own; None: not known yet
        self.tally.on_reject = self._left.add

    def read(self, batches: Iterable[Batch]) -> None:
        hosts = self.gathering.host_table(self.sees_all, self._keeps_names)
        hosts.flows = self._flows
        records = self._peeling.batches(batches, self.tally)
        seen = self._format.read(records, hosts, self.tally, self._clock)
        self.gathering.add_all(self._own(seen) if self._peeling.names or self._begins else seen)

    def begin(self) -> None:
        """Take the lines from here on as its own, and forget what came of those before."""
        self.tally.restart()
        self.tally.on_reject = self._left.add

    def end(self, line_count: int) -> None:
        """Close the account: the lines from here on are another's."""
        self._ends = line_count
        self._account = self.tally.copy()
        self.tally.on_reject = None

    def only_own(self) -> None:
        """Leave out what lines before its own, and after them, show."""
        self._begins = 1
        self.tally.on_reject = None

    def account(self, line_count: int) -> Tally:
        tally = self._account or self.tally.copy()
        tally.read = line_count + tally.joined
        return tally

    def left(self) -> tuple[tuple[Path, int], ...]:
        path = self._left.close()
        return ((path, 0),) if path else ()

    def _own(self, seen: Iterable[Observation]) -> Iterator[Observation]:
        for one in seen:
            if one.line >= self._begins and (self._ends is None or one.line <= self._ends):
                yield self._peeling.dated(one, self._clock)


def _with_header(how: Plan, part: Part, batches: Iterable[Batch]) -> Iterator[Batch]:
    """Put the log's header before a part that has it not."""
    if part.begin and how.header:
        yield Batch(range(-len(how.header), 0), how.header)
    yield from batches


def _metered(
    batches: Iterable[Batch], position: Callable[[], int], tools: Tools
) -> Iterator[Batch]:
    """Tell the meter what is read."""
    if tools.meter is None:
        yield from batches
        return
    before = position()
    for batch in batches:
        yield batch
        now = position()
        tools.meter(now - before, len(batch.lines))
        before = now


def _says_nothing(line: bytes) -> bool:
    """Whether a header line only tells when a log was opened or closed."""
    return line.startswith((b"#open", b"#close"))


def format_of_left(tools: Tools, left: Left, tried: Sequence[str], clock: Clock) -> Verdict | None:
    """Return the format that refused lines are in; None if no product's own format fits them."""
    lines = first_lines(left)
    others = [one for one in tools.formats if one.specificity >= GENERIC and one.name not in tried]
    best = judge(others, lines, clock, tools.envelopes, is_thorough=False)
    return best[0] if best and best[0].is_fit and best[0].parsed else None


def first_lines(left: Left) -> list[bytes]:
    """Return a sample of refused lines."""
    lines = (line for batch in leftovers.batches(left) for line in batch.lines)
    return list(islice(lines, SAMPLE_LINES))


def _add_pass(tools: Tools, shown: Shown, verdict: Verdict, clock: Clock) -> None:
    lines = first_lines(shown.left)
    work = _Pass(tools, verdict.format, Peeling(verdict.envelopes, lines), clock)
    counted = _Counted(leftovers.batches(shown.left))
    work.read(counted)
    tally = work.account(counted.lines)
    tally.rejected += shown.tally.rejected - counted.lines
    tally.others = min(tally.others, tally.rejected)
    tally.ignored.update(shown.tally.ignored)
    tally.joined += shown.tally.joined
    tally.read = shown.tally.read + tally.joined - shown.tally.joined
    shown.findings = evidence.merge([(shown.findings, 0), (work.gathering.findings, 0)])
    shown.tally = tally
    shown.formats = (*shown.formats, verdict.format.name)
    for path, _ in shown.left:
        path.unlink(missing_ok=True)
    shown.left = work.left()


class _Counted:
    """Batches, counted as they go by."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        self.lines = 0
        self._batches = batches

    def __iter__(self) -> Iterator[Batch]:
        for batch in self._batches:
            self.lines += len(batch.lines)
            yield batch
