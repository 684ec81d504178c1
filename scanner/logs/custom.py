r"""Log formats of one's own, as gnomon.toml describes them, checked by their samples.

[[formats]]
name = "corp-proxy"
pattern = '(?P<time>\S+ \S+) (?P<client>\S+) (?P<user>\S+) (?P<method>\S+) (?P<url>\S+)'
samples = [
  {line = "2026-11-20 08:01:02 10.0.0.7 ana CONNECT api.openai.com:443", host = "api.openai.com"},
  {line = "2026-11-20 08:01:03 10.0.0.7 - started -", ignored = true},
]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from scanner.config import FormatSettings, SampleSettings
from scanner.errors import ConfigError, UsageError
from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Batch, Format, Proof, Read, Tally
from scanner.logs.clock import Clock
from scanner.logs.format_strings import (
    reader_of_apache_log_format,
    reader_of_nginx_log_format,
    reader_of_squid_logformat,
)
from scanner.logs.lines import Parsed, Refused, by_line
from scanner.logs.mapped import parsed_map, reader_of_columns, reader_of_map
from scanner.logs.meanings import (
    MEANINGS,
    Meanings,
    check_meanings,
    is_time_format,
    proofs,
    site_of,
)
from scanner.model import Observation

SPECIFICITY = 85
_LONGEST_LINE = 65_536
_LAYOUTS = (
    "pattern", "squid_logformat", "nginx_log_format", "apache_log_format", "columns", "map",
)  # fmt: skip
_STRINGS: dict[str, Callable[[str], Read]] = {
    "squid_logformat": reader_of_squid_logformat,
    "nginx_log_format": reader_of_nginx_log_format,
    "apache_log_format": reader_of_apache_log_format,
}
_WHENEVER = datetime(2026, 1, 1, tzinfo=UTC)


def formats_of(settings: Sequence[FormatSettings]) -> tuple[Format, ...]:
    """Return formats of one's own. Raises ConfigError if one is wrong or fails its samples."""
    formats = tuple(format_of(one) for one in settings)
    for one, made in zip(settings, formats, strict=True):
        for failure in failures(one, made):
            raise ConfigError(failure)
    return formats


def format_of(settings: FormatSettings) -> Format:
    """Return a format without looking at its samples. Raises ConfigError if it is wrong."""
    try:
        layout = _layout(settings)
        read, shown = _reader(settings, layout)
    except UsageError as error:
        raise ConfigError(f"format {settings.name!r}: {error}") from error
    return Format(
        name=settings.name,
        title=settings.title or settings.name,
        read=read,
        specificity=SPECIFICITY,
        proves=shown,
        reference="gnomon.toml",
        sample="".join(f"{one.line}\n" for one in settings.samples).encode(),
    )


def failures(settings: FormatSettings, made: Format) -> Iterator[str]:
    """Yield, for each sample that comes out otherwise, what was expected of it and what came."""
    samples = settings.samples
    times = [_aware(one.time) for one in samples if one.time is not None]
    outcomes = _outcomes(made, [one.line for one in samples], max(times, default=_WHENEVER))
    for number, (sample, came) in enumerate(zip(samples, outcomes, strict=True), 1):
        expected = _Expected.of(sample)
        if not expected.is_met_by(came.seen):
            yield (
                f"format {settings.name!r}, sample {number}: expected {expected}, "
                f"but {came} came out of: {sample.line}"
            )


def _layout(settings: FormatSettings) -> str:
    """Return which of the settings says how lines are read."""
    given = [one for one in _LAYOUTS if getattr(settings, one) is not None]
    if len(given) != 1:
        raise UsageError(f"give exactly one of {', '.join(_LAYOUTS)}")
    if given[0] in _STRINGS and (settings.kind or settings.time_format):
        raise UsageError(f"kind and time_format say nothing beside {given[0]}")
    if settings.delimiter is not None and (given[0] != "columns" or len(settings.delimiter) != 1):
        raise UsageError("delimiter is one character, and stands beside columns")
    if settings.time_format is not None and not is_time_format(settings.time_format):
        raise UsageError(f"time_format {settings.time_format!r} is none that strptime knows")
    for sample in settings.samples:
        if sample.ignored == (sample.host is not None):
            raise UsageError("a sample says either host or ignored = true")
    return given[0]


def _reader(settings: FormatSettings, layout: str) -> tuple[Read, frozenset[Proof]]:
    """Return what reads the lines, and what their records can prove."""
    meanings = Meanings(settings.kind, settings.time_format)
    if settings.pattern is not None:
        return _reader_of_pattern(settings.pattern, meanings)
    if settings.map is not None:
        return reader_of_map(settings.map, meanings), proofs(parsed_map(settings.map))
    if settings.columns is not None:
        columns = {name: at for at, name in enumerate(settings.columns) if name in MEANINGS}
        check_meanings(columns, "columns")
        if any(settings.columns.count(meaning) > 1 for meaning in columns):
            raise UsageError("columns: two of them have the same meaning")
        count = len(settings.columns)
        return reader_of_columns(columns, count, settings.delimiter, meanings), proofs(columns)
    return _STRINGS[layout](getattr(settings, layout)), OF_A_PROXY


def _reader_of_pattern(pattern: str, meanings: Meanings) -> tuple[Read, frozenset[Proof]]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"its pattern is no regular expression: {error}") from error
    check_meanings(compiled.groupindex, "the named groups of its pattern")

    def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
        found = compiled.match(line[:_LONGEST_LINE].decode("utf-8", "backslashreplace"))
        if found is None:
            return Refused("not a line of that pattern")
        values = {meaning: value for meaning, value in found.groupdict().items() if value}
        return meanings.parse(values, site_of(values), hosts, clock)

    return by_line(parse), proofs(compiled.groupindex)


class _Came(NamedTuple):
    """What came out of a line, or why nothing."""

    seen: tuple[Observation, ...]
    reason: str

    def __str__(self) -> str:
        if not self.seen:
            return f"nothing ({self.reason})"
        return " and ".join(
            _told(one.value, one.client, one.user, one.action.value, one.ts) for one in self.seen
        )


class _Expected(NamedTuple):
    """What is to come out of a line; of what is None, nothing is said."""

    host: str | None
    client: str | None
    user: str | None
    action: str | None
    time: datetime | None

    @classmethod
    def of(cls, sample: SampleSettings) -> _Expected:
        when = _aware(sample.time) if sample.time is not None else None
        return cls(sample.host, sample.client, sample.user, sample.action, when)

    def __str__(self) -> str:
        return _told(*self) or "nothing"

    def is_met_by(self, seen: Sequence[Observation]) -> bool:
        if self.host is None or len(seen) != 1:
            return self.host is None and not seen
        one = seen[0]
        came = (one.value, one.client, one.user, one.action.value, one.ts)
        return all(want in (None, got) for want, got in zip(self, came, strict=True))


def _told(
    host: str | None,
    client: str | None,
    user: str | None,
    action: str | None,
    when: datetime | None,
) -> str:
    values = {"host": host, "client": client, "user": user, "action": action}
    told = [f"{name} {value}" for name, value in values.items() if value is not None]
    return ", ".join([*told, *([f"time {when.isoformat()}"] if when else [])])


def _outcomes(made: Format, lines: Sequence[str], latest: datetime) -> list[_Came]:
    """Read lines as one log, and tell of each what came of it."""
    tally = Tally()
    reasons: list[str] = []

    def one_by_one() -> Iterator[Batch]:
        for number, line in enumerate(lines, 1):
            yield Batch((number,), (line.encode(),))
            reasons.append(_reason(tally))
            tally.restart()

    seen = list(made.read(one_by_one(), HostTable.of_every_host(), tally, Clock(latest)))
    return [
        _Came(tuple(one for one in seen if one.line == number), reason)
        for number, reason in enumerate(reasons, 1)
    ]


def _reason(tally: Tally) -> str:
    return ", ".join([*(one.reason for one in tally.rejects), *_ignored(tally.ignored)])


def _ignored(kinds: Iterable[str]) -> list[str]:
    return [f"ignored: {kind}" for kind in kinds]


def _aware(when: datetime) -> datetime:
    return when.astimezone(UTC) if when.tzinfo is not None else when.replace(tzinfo=UTC)
