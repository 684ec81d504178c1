"""Times as logs write them."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.logs.clock import NO_TIME, Clock
from scanner.logs.syslog import time_of
from scanner.model import TimeQuality
from tests.support import at, clock, within

_NAIVE = datetime.fromisoformat
_EXACT, _ZONE, _YEAR = TimeQuality.EXACT, TimeQuality.ASSUMED_ZONE, TimeQuality.ASSUMED_YEAR


@pytest.mark.parametrize(
    ("written", "when", "quality"),
    [
        (1795226310, "2026-11-21T01:58:30Z", _EXACT),
        (1795226310.136, "2026-11-21T01:58:30.136Z", _EXACT),
        ("1795226310.136", "2026-11-21T01:58:30.136Z", _EXACT),
        ("1795226310136", "2026-11-21T01:58:30.136Z", _EXACT),
        ("1795226310136000", "2026-11-21T01:58:30.136Z", _EXACT),
        ("1795226310000000000", "2026-11-21T01:58:30Z", _EXACT),
        (0, "1970-01-01T00:00:00Z", _EXACT),
        ("2026-11-21T01:58:30Z", "2026-11-21T01:58:30Z", _EXACT),
        ("2026-11-21T01:58:30+00:00", "2026-11-21T01:58:30Z", _EXACT),
        ("2026-11-21T01:58:30.935301+0000", "2026-11-21T01:58:30.935301Z", _EXACT),
        ("2026-11-21T12:58:30+11", "2026-11-21T01:58:30Z", _EXACT),
        ("2026-11-21T01:58:30.123456789Z", "2026-11-21T01:58:30.123456Z", _EXACT),
        ("2026-11-21 01:58:30", "2026-11-21T01:58:30Z", _ZONE),
        ("21-Nov-2026 01:58:30.869", "2026-11-21T01:58:30.869Z", _ZONE),
        ("[21/Nov/2026:01:58:30 +0000]", "2026-11-21T01:58:30Z", _EXACT),
        ("21/Nov/2026:02:58:30 +0100", "2026-11-21T01:58:30Z", _EXACT),
        ("Nov 21 01:58:30", "2026-11-21T01:58:30Z", _YEAR),
        ("Nov  1 01:58:30.5", "2026-11-01T01:58:30.5Z", _YEAR),
        ("Sat Nov 21 01:58:30 2026", "2026-11-21T01:58:30Z", _ZONE),
        ("Sun Nov  1 01:58:30 2026", "2026-11-01T01:58:30Z", _ZONE),
        ("Sat Nov 21 01:58:30", "2026-11-21T01:58:30Z", _YEAR),
        ("2026/11/21 01:58:30", "2026-11-21T01:58:30Z", _ZONE),
        ("21.11.2026 01:58:30", "2026-11-21T01:58:30Z", _ZONE),
        ("11/21/2026 1:58:30 AM", "2026-11-21T01:58:30Z", _ZONE),
        ("11/21/2026, 1:58:30.125 AM", "2026-11-21T01:58:30.125Z", _ZONE),
        ("11/21/2026 12:58:30 AM", "2026-11-21T00:58:30Z", _ZONE),
        ("11/21/2026 12:58 PM", "2026-11-21T12:58:00Z", _ZONE),
    ],
)
def test_spellings(written: object, when: str, quality: TimeQuality) -> None:
    assert clock().any(written) == (at(when), quality)


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        "",
        "-",
        "XXXX",
        "11/10/2026 01:58:30",  # November or October
        "31/31/2026 01:58:30",
        "21/11/2026 25:58:30",
        "Nov 31 01:58:30",
        "Foo 21 01:58:30",
        "Sat 21 Nov 01:58:30 2026",
        "Sat Nov 31 01:58:30 2026",
        "21-Foo-2026 01:58:30",
        "2026-13-21T01:58:30Z",
        "01:58:30",
        [],
        {},
        float("nan"),
        float("inf"),
        "9" * 400,
        10**400,
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_what_is_no_time(written: object) -> None:
    with within(2):
        assert clock().any(written) == NO_TIME


@given(st.text() | st.integers() | st.floats() | st.datetimes(timezones=st.timezones()).map(str))
def test_nothing_that_a_log_writes_is_an_error(written: object) -> None:
    with within(2):
        when, quality = clock().any(written)
    assert (when is None) is (quality is TimeQuality.NONE)
    assert when is None or when.utcoffset() == timedelta()


@given(st.datetimes(_NAIVE("1973-06-01"), _NAIVE("2100-01-01")))
def test_a_time_written_as_iso_or_epoch_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    when = at(f"{moment.isoformat()}+00:00")
    milliseconds = round(when.timestamp() * 1000)
    assert clock().any(when.isoformat()) == (when, _EXACT)
    assert clock().any(milliseconds) == (when, _EXACT)


def test_the_zone_given_is_no_assumption() -> None:
    berlin = clock(zone=ZoneInfo("Europe/Berlin"))
    assert berlin.iso("2026-11-21 02:58:30") == (at("2026-11-21T01:58:30Z"), _EXACT)
    assert berlin.iso("2026-07-21 03:58:30") == (at("2026-07-21T01:58:30Z"), _EXACT)
    assert berlin.iso("2026-11-21T01:58:30Z") == (at("2026-11-21T01:58:30Z"), _EXACT)


def _syslog(latest: str, text: str, year: int | None = None) -> datetime | None:
    return Clock(at(latest), year=year).syslog(text)[0]


def test_a_day_ahead_of_now_belongs_to_last_year() -> None:
    assert _syslog("2026-01-05T00:00:00Z", "Dec 31 23:59:59") == at("2025-12-31T23:59:59Z")
    assert _syslog("2026-01-05T00:00:00Z", "Jan  4 23:59:59") == at("2026-01-04T23:59:59Z")


def test_clocks_and_zones_may_be_a_day_apart() -> None:
    assert _syslog("2026-11-21T20:00:00Z", "Nov 22 06:00:00") == at("2026-11-22T06:00:00Z")


def test_the_year_given_is_taken() -> None:
    assert _syslog("2026-01-05T00:00:00Z", "Dec 31 23:59:59", 2024) == at("2024-12-31T23:59:59Z")


def test_the_29th_of_february() -> None:
    assert _syslog("2024-03-01T00:00:00Z", "Feb 29 12:00:00") == at("2024-02-29T12:00:00Z")
    assert _syslog("2025-01-10T00:00:00Z", "Feb 29 12:00:00") == at("2024-02-29T12:00:00Z")
    assert _syslog("2026-12-01T00:00:00Z", "Feb 29 12:00:00") is None
    assert _syslog("2026-12-01T00:00:00Z", "Feb 29 12:00:00", 2026) is None


def test_the_zone_given_dates_lines_without_a_year() -> None:
    tokyo = Clock(at("2026-01-01T03:00:00Z"), timezone(timedelta(hours=9)), zone_is_given=True)
    assert tokyo.syslog("Jan  1 12:00:00") == (at("2026-01-01T03:00:00Z"), _YEAR)


@pytest.mark.parametrize(
    "line",
    [
        b"<30>Nov 21 01:58:30 gw named[7]: x",
        b"<30>1 2026-11-21T01:58:30Z gw named 7 - - x",
        b"2026-11-21T02:58:30+01:00 gw unbound[7]: x",
        b"2026-11-21 01:58:30,000 x",
        b"[1795226310] unbound[7:0] info: x",
        b"21-Nov-2026 01:58:30.000 queries: x",
        b"Nov 21 03:00:00 gw named[7]: 21-Nov-2026 01:58:30.000 queries: x",
    ],
)
def test_the_time_at_the_start_of_a_line(line: bytes) -> None:
    assert time_of(line, clock())[0] == at("2026-11-21T01:58:30Z")


def test_a_line_without_a_time_has_none() -> None:
    assert time_of(b"client 10.0.0.9#41 (a.example): query: a.example IN A", clock()) == NO_TIME


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("20261120080102", "2026-11-20T08:01:02Z"),
        ("20/11/2026 08:01:02 +0100", "2026-11-20T07:01:02Z"),
        ("2026/11/20 08:01:02 +01:00", "2026-11-20T07:01:02Z"),
        ("20/Nov/2026:08:01:02 +01:00", "2026-11-20T07:01:02Z"),
        ("20-Nov-2026 08:01:02 PM GMT", "2026-11-20T20:01:02Z"),
        ("20-Nov-2026 08:01:02 GMT", "2026-11-20T08:01:02Z"),
        ("2026-11-20 08:01:02 UTC", "2026-11-20T08:01:02Z"),
        ("Fri, 20 Nov 2026 08:01:02 GMT", "2026-11-20T08:01:02Z"),
    ],
)
def test_a_zone_that_is_written_is_never_assumed(written: str, when: str) -> None:
    time, quality = clock(zone=ZoneInfo("Europe/Madrid")).any(written)
    if len(written) == 14:
        time, quality = clock().any(written)
        assert (time, quality) == (at(when), TimeQuality.ASSUMED_ZONE)
    else:
        assert (time, quality) == (at(when), TimeQuality.EXACT)


def test_years_and_words_that_exports_write() -> None:
    assert clock().any("Nov 20 08:01:02 2024")[0] == at("2024-11-20T08:01:02Z")
    assert clock().any("Nov 20, 2026 @ 08:01:02.000")[0] == at("2026-11-20T08:01:02Z")
