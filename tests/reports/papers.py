"""A small paper that holds each kind of block, for the tests of the writers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reports.paper import (
    Bullets,
    Cell,
    Chart,
    Column,
    Facts,
    Figure,
    Figures,
    Head,
    Paper,
    Point,
    Said,
    Section,
    Share,
    Table,
    Tone,
    Trend,
    say,
)
from tests.support import at

HEAD = Head(
    organisation="Harbour & Pine",
    made_at=at("2026-12-01T09:30:00Z"),
    period=None,
    tool="gnomon 1",
    signatures="2026.11+abc",
    scans=(1,),
    privacy="pseudonymous",
    decisions=0,
    decided_up_to="",
    language="en",
    as_rows=(("Organisation", "Harbour & Pine"), ("Scans", 1)),
    in_short="Harbour & Pine, 1 Dec 2026.",
)
BLIND = Section("blind", "What this cannot see", (say("No source has devices."),))


@dataclass(frozen=True)
class Row:
    """One row of the data."""

    name: str
    people: int


@dataclass(frozen=True)
class Data:
    """What machines read."""

    rows: tuple[Row, ...] = (Row("ChatGPT", 7), Row("{{7*7}} <b>", 1))


def paper(*sections: Section, language: str = "en", **changes: Any) -> Paper:
    """Return a paper of these sections, and of what it cannot see."""
    made = Paper(
        name="small",
        title="A small paper",
        subtitle="Of one page",
        head=replace(HEAD, language=language),
        sections=(*sections, BLIND),
        data=Data(),
    )
    return replace(made, **changes)


def table(*rows: tuple[Cell, ...], name: str = "Systems", **changes: Any) -> Table:
    """Return a table of three columns: a name, a number, and a state that people fill in."""
    columns = (
        Column("System", 30),
        Column("People", 8, is_number=True),
        Column("State", 16, choices=("approved", "rejected, for now"), is_to_fill=True),
    )
    return Table(name, columns, rows, "There is none.", **changes)


EVERYTHING = paper(
    Section(
        "words",
        "Words",
        (
            say("Two of three. ", Said("See the table.", opens="#chatgpt")),
            say("Nobody has decided.", is_notice=True),
            Bullets(("first", Said("second", Tone.BAD))),
            Facts((("Since", date(2026, 3, 1)), ("Share", Share(0.25)), ("Known", True))),
            Figures((Figure(1234, "people"),)),
            Chart("Use", (Point("March", 3), Point("April", 0))),
        ),
    ),
    Section(
        "systems",
        "Systems",
        (
            table(
                ("ChatGPT", 1234, None),
                (Said("Claude", opens="https://example.org/a?b=c&d"), 2, "approved"),
                (Trend((1, 2), "rising"), 0, ("a", "b")),
                ids=("chatgpt", "claude", "trend"),
            ),
        ),
        level=2,
        is_annex=True,
    ),
)
