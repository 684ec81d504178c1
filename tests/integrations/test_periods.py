"""Periods of time as vendors want them."""

from integrations.periods import day, days, milliseconds, seconds

NOON = "2026-11-20T12:00:00Z"


def test_a_time_in_seconds_and_milliseconds() -> None:
    assert seconds(NOON) == "1795176000"
    assert milliseconds(NOON) == "1795176000000"
    assert milliseconds(NOON, days=1) == "1795262400000"


def test_days() -> None:
    assert day(NOON) == "2026-11-20"
    assert day(NOON, -30) == "2026-10-21"
    assert list(days("2026-11-29T00:00:00Z", "2026-12-01T23:00:00Z")) == [
        "2026-11-29",
        "2026-11-30",
        "2026-12-01",
    ]
    assert list(days("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z")) == []
