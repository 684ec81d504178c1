"""Which format a log is in: each format's own reader tries the first lines, and the best one wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scanner.hosts import HostTable
from scanner.logs import Format, Tally
from scanner.logs.clock import Clock
from scanner.logs.lines import batch_of

SAMPLE_LINES = 400
# At least this share of the sampled lines must be understood.
_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a format understands a sample of lines."""

    format: Format
    lines: int
    parsed: int
    ignored: int
    rejected: int
    why_refused: str | None

    @property
    def is_fit(self) -> bool:
        return self.why_refused is None

    @property
    def rank(self) -> tuple[bool, int, int]:
        return self.is_fit, self.format.specificity if self.is_fit else 0, self.parsed


def judge(formats: Iterable[Format], head: bytes, clock: Clock) -> list[Verdict]:
    """Return what each format makes of the first lines of a log, the best first."""
    lines = sample_lines(head)
    verdicts = [_try(candidate, lines, clock) for candidate in formats]
    return sorted(verdicts, key=lambda verdict: verdict.rank, reverse=True)


def sample_lines(head: bytes) -> list[bytes]:
    """Return the first lines of a log, without a last one that may be cut."""
    text = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\0", b"")
    lines = text.split(b"\n", SAMPLE_LINES)
    return lines[:-1] if len(lines) > 1 else lines


def _try(candidate: Format, lines: list[bytes], clock: Clock) -> Verdict:
    tally = Tally(read=len(lines))
    try:
        for _ in candidate.read([batch_of(lines)], HostTable.of_every_host(), tally, clock):
            pass
    except Exception as error:  # noqa: BLE001 - a reader that fails on a log does not fit it
        why = f"its reader failed: {type(error).__name__}: {error}"
        return Verdict(candidate, len(lines), 0, 0, len(lines), why)
    return Verdict(
        format=candidate,
        lines=len(lines),
        parsed=tally.parsed,
        ignored=tally.ignored.total(),
        rejected=tally.rejected,
        why_refused=_why_refused(tally),
    )


def _why_refused(tally: Tally) -> str | None:
    saying_nothing = tally.ignored["blank line"] + tally.ignored["comment"]
    understood = tally.read - tally.rejected - saying_nothing
    if not understood:
        return tally.rejects[0].reason if tally.rejects else "no lines"
    if understood < _ENOUGH * (tally.read - saying_nothing):
        first = tally.rejects[0]
        return f"{tally.rejected} of {tally.read} lines refused, first line {first.line}: {first.reason}"
    if not tally.parsed and tally.ignored["record without a host field"]:
        return "no record has a field that names a host"
    return None
