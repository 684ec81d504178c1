"""What a log is: its format, its envelopes, the time it covers, and what to say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from scanner.hosts import HostTable
from scanner.inputs import LogInput
from scanner.logs import Format, Tally
from scanner.logs.clock import Clock, order_of_dates
from scanner.logs.detection import Verdict, judge, sample_lines
from scanner.logs.lines import batch_of
from scanner.logs.parts import Part, parts_of
from scanner.logs.peeling import Peeling
from scanner.logs.streams import LogStream
from scanner.model import Channel, Observation, TimeQuality
from scanner.reading import Plan, Tools
from scanner.reading.companions import companions_of, names_itself

# A log is cut into parts of at least this size: below, handing them out takes longer.
LEAST_PART = 16 * 1024 * 1024
# Below, making a start with numpy takes longer than reading every line.
LEAST_SIFTED = 512 * 1024
_PERIOD_LINES = 200
_INNER_SAMPLE = 64 * 1024
_INNER_LINES = 100
_MOST_HEADER = 100
# One address that asks for nearly all names: others stand behind it.
_FEWEST_FOR_A_FORWARDER = 100
_FORWARDERS_SHARE = 0.95
_ORIGIN = "record of a web server"


def recognise(tools: Tools, stream: LogStream, clock: Clock, forced: str | None) -> Verdict | str:
    """Return the log's format and envelopes, or in words why no format fits."""
    if what := stream.not_a_log():
        return f"no log that can be read: {what}"
    lines = sample(stream)
    clock.day_is_first = order_of_dates(lines)
    formats = [tools.format(forced)] if forced is not None else tools.formats
    verdicts = judge(formats, lines, clock, tools.envelopes, is_thorough=forced is not None)
    if verdicts and (verdicts[0].is_fit or forced is not None):
        return verdicts[0]
    if any(not one.is_fit and _ORIGIN in (one.why_refused or "") for one in verdicts):
        return (
            "the log of a web server: its visitors are others, and it names no site they left for"
        )
    return "no known log format; `gnomon detect` says why not, --log-format forces one"


def sample(stream: LogStream) -> list[bytes]:
    """Return lines from the beginning of a log, and of a large one from its middle and its end."""
    lines = sample_lines(stream.head)
    size = stream.size
    if not stream.is_plain or size <= 2 * len(stream.head):
        return lines
    for at in (size // 2, size - _INNER_SAMPLE):
        inner = stream.peek(at, _INNER_SAMPLE).partition(b"\n")[2]
        lines.extend(sample_lines(inner, _INNER_LINES))
    return lines


def plan(tools: Tools, source: LogInput, stream: LogStream, verdict: Verdict, clock: Clock) -> Plan:
    """Return how a recognised log is to be read."""
    lines = tuple(sample_lines(stream.head))
    peeling = Peeling(verdict.envelopes, lines)
    screen = tools.screen
    beside = companions_of(source, verdict.format.name)
    is_mixed = not verdict.envelopes and names_itself(stream.head, verdict.format.name)
    # A log without names is read in full: its lines matter, or at least count.
    has_names = verdict.parsed > 0 and not beside and not is_mixed
    finds = screen if has_names and stream.is_text else None
    is_screened = finds is not None and tools.screens and finds.suits(verdict.format)
    is_sifted = finds is not None and not is_screened and finds.can_sift(verdict.format)
    return Plan(
        source=source,
        format=verdict.format.name,
        envelopes=tuple(one.name for one in verdict.envelopes),
        first_lines=lines,
        header=tuple(_header(verdict, lines, peeling, clock)),
        beginning=stream.beginning,
        day_is_first=clock.day_is_first,
        is_screened=is_screened,
        is_sifted=is_sifted and not verdict.envelopes and len(stream.head) >= LEAST_SIFTED,
        companions=beside,
        names_itself=is_mixed,
    )


def parts(stream: LogStream, verdict: Verdict, how: Plan, jobs: int) -> list[Part]:
    """Return the parts that several processes read best; none: a log to be read in one go."""
    if jobs < 2 or verdict.format.window is None or not stream.is_plain or how.names_itself:
        return []
    if how.header and how.envelopes:  # headers that change on the way could not be seen
        return []
    count = min(jobs, stream.size // LEAST_PART)
    return parts_of(stream.size, count) if count > 1 else []


def period(
    tools: Tools, how: Plan, clock: Clock, tail: Sequence[bytes]
) -> tuple[datetime | None, datetime | None, TimeQuality, tuple[str, ...]]:
    """Return the times of the first and last records, and what to note about a sample of them."""
    lines = [*how.first_lines[:_PERIOD_LINES], *tail[-_PERIOD_LINES:]]
    seen = list(observed(tools.format(how.format), peeling_of(tools, how), lines, clock))
    notes = tuple(_forwarder(seen))
    times = [one.ts for one in seen if one.ts is not None]
    if not times:
        return None, None, TimeQuality.NONE, notes
    quality = next(one.time_quality for one in seen if one.ts is not None)
    return min(times), max(times), quality, notes


def observed(
    log_format: Format, peeling: Peeling, lines: Sequence[bytes], clock: Clock
) -> Iterator[Observation]:
    """Yield what each of some lines shows, whatever its host."""
    tally = Tally()
    batches = peeling.batches([batch_of(lines)], tally)
    for seen in log_format.read(batches, HostTable.of_every_host(), tally, clock):
        yield peeling.dated(seen, clock)


def peeling_of(tools: Tools, how: Plan) -> Peeling:
    """Return the envelopes of a log, opened."""
    return Peeling([tools.envelope(name) for name in how.envelopes], how.first_lines)


def _header(
    verdict: Verdict, lines: Sequence[bytes], peeling: Peeling, clock: Clock
) -> Iterator[bytes]:
    """Yield the lines before the first record, as far as they may say how records are read."""
    for line in lines[:_MOST_HEADER]:
        tally = Tally()
        batches = peeling.batches([batch_of([line])], tally)
        reading = verdict.format.read(batches, HostTable.of_every_host(), tally, clock)
        if any(True for _ in reading) or tally.rejected or not tally.ignored:
            return
        yield line


def _forwarder(seen: Sequence[Observation]) -> Iterator[str]:
    """Say so when nearly all queries of a DNS log come from one address."""
    clients = Counter(one.client for one in seen if one.channel is Channel.DNS and one.client)
    total = clients.total()
    if total < _FEWEST_FOR_A_FORWARDER:
        return
    most = clients.most_common(1)[0][1]
    if most >= _FORWARDERS_SHARE * total:
        yield (
            f"{100 * most // total} % of the queries in a sample come from one address: "
            "probably a forwarder, and who asked it is not in this log"
        )
