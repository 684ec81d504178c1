"""Which format a log is in: each format's own reader tries a sample of its lines, and the best one wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.hosts import HostTable
from scanner.logs import Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.envelopes import Envelope
from scanner.logs.lines import batch_of
from scanner.logs.peeling import Peeled, ways_to_peel

SAMPLE_LINES = 400
# A format that understands none of the first lines is not tried on the others.
_FIRST_LINES = 24
# At least this share of the sampled lines must be understood.
_ENOUGH = 0.6
# With so many records a format is there, whatever else a collector of syslog wrote between them.
_FEW_RECORDS = 3
# A format that reads by field names alone is below this.
GENERIC = 40
# A format that knows lines but has no record in them may know the envelope alone.
_NOTHING_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a format understands a sample of lines, taken out of ``envelopes``."""

    format: Format
    lines: int
    parsed: int
    ignored: int
    rejected: int
    why_refused: str | None
    envelopes: tuple[Envelope, ...] = ()

    @property
    def is_fit(self) -> bool:
        return self.why_refused is None

    @property
    def rank(self) -> tuple[bool, int, int, int, int]:
        """What says most comes first; of one format, the reading that no envelope is in the way of."""
        specificity = self.format.specificity if self.is_fit else 0
        if not self.parsed:
            specificity -= _NOTHING_SHOWN
        return self.is_fit, specificity, self.parsed, -self.rejected, len(self.envelopes)


def judge(
    formats: Iterable[Format],
    lines: Sequence[bytes],
    clock: Clock,
    envelopes: Sequence[Envelope] = (),
    is_thorough: bool = True,
) -> list[Verdict]:
    """Return what each format makes of a sample of a log, the best first.

    Each is judged by the lines as they are and by what is in their envelopes, and answers for
    where it does best. Unless ``is_thorough``, formats that know none of the first lines are left
    out.
    """
    known = tuple(formats)
    best: dict[str, Verdict] = {}
    for way in ways_to_peel(lines, envelopes):
        for candidate in known if is_thorough else _likely(known, way, clock):
            verdict = _try(candidate, way, clock)
            former = best.get(candidate.name)
            if former is None or verdict.rank > former.rank:
                best[candidate.name] = verdict
    return sorted(best.values(), key=lambda verdict: verdict.rank, reverse=True)


def sample_lines(head: bytes, limit: int = SAMPLE_LINES) -> list[bytes]:
    """Return the first lines of a log, without a last one that may be cut."""
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\0", b"")
    lines = text.split(b"\n", limit)
    return lines[:-1] if len(lines) > 1 else lines


def _likely(formats: Iterable[Format], way: Peeled, clock: Clock) -> list[Format]:
    first = Peeled(way.envelopes, way.lines[:_FIRST_LINES])
    return [one for one in formats if _understood(_try(one, first, clock))]


def _understood(verdict: Verdict) -> int:
    return verdict.lines - verdict.rejected


def _try(candidate: Format, way: Peeled, clock: Clock) -> Verdict:
    tally = Tally(read=len(way.lines))
    try:
        reading = candidate.read([batch_of(way.lines)], HostTable.of_every_host(), tally, clock)
        for _ in reading:
            pass
    except Exception as error:  # noqa: BLE001 - a reader that fails on a log does not fit it
        why = f"its reader failed: {type(error).__name__}: {error}"
        count = len(way.lines)
        return Verdict(candidate, count, 0, 0, count, why, way.envelopes)
    return Verdict(
        format=candidate,
        lines=len(way.lines),
        parsed=tally.parsed,
        ignored=tally.ignored.total(),
        rejected=tally.rejected,
        why_refused=_why_refused(tally),
        envelopes=way.envelopes,
    )


def _why_refused(tally: Tally) -> str | None:
    saying_nothing = tally.ignored["blank line"] + tally.ignored["comment"]
    understood = tally.read - tally.rejected - saying_nothing
    if not understood:
        return tally.rejects[0].reason if tally.rejects else "no lines"
    of_others = tally.others if tally.parsed >= _FEW_RECORDS else 0
    if understood < _ENOUGH * (tally.read - saying_nothing - of_others):
        first = tally.rejects[0]
        return f"{tally.rejected} of {tally.read} lines refused, first line {first.line}: {first.reason}"
    if not tally.parsed and tally.ignored["record without a host field"]:
        return "no record has a field that names a host"
    return None
