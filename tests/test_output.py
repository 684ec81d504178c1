"""What is printed cannot drive a terminal, nor a spreadsheet."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from scanner.model import Channel
from scanner.output import OutputFormat, cell, clean, document, listing, show

ROWS = [
    {"name": "a", "n": 1, "when": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "tags": ["x", "y"]},
    {"name": "=1+1", "n": -2, "when": None, "tags": [], "extra": Channel.DNS},
]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain name.example", "plain name.example"),
        ("bücher", "bücher"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\r\nb\x00", r"a\r\nb\x00"),
        ("abc\u202etxt.exe", r"abc\u202etxt.exe"),
        ("\udc80", r"\udc80"),
        ("\x9b31m", r"\x9b31m"),
    ],
)
def test_control_and_direction_marks_become_visible(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", r"\t=1"),
        (-1, "-1"),
        ("name", "name"),
        (None, ""),
        (True, "yes"),
    ],
)
def test_a_cell_is_never_a_formula(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    listing(ROWS, ("name", "n", "when", "tags"), OutputFormat.CSV)
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["name", "n", "when", "tags"],
        ["a", "1", "2026-01-02T03:04:05Z", "x, y"],
        ["'=1+1", "-2", "", ""],
    ]


def test_json_and_ndjson_hold_whole_rows(capsys: pytest.CaptureFixture[str]) -> None:
    expected = [
        {"name": "a", "n": 1, "when": "2026-01-02T03:04:05Z", "tags": ["x", "y"]},
        {"name": "=1+1", "n": -2, "when": None, "tags": [], "extra": "dns"},
    ]
    listing(ROWS, ("name",), OutputFormat.JSON)
    assert json.loads(capsys.readouterr().out) == expected
    listing(ROWS, ("name",), OutputFormat.NDJSON)
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == expected
    document({"at": datetime(2026, 1, 2, tzinfo=UTC)})
    assert json.loads(capsys.readouterr().out) == {"at": "2026-01-02T00:00:00Z"}


def test_table_shows_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    listing([{"host_name": "[red]x[/red]\x1b[0m", "n": 12}], ("host_name", "n"), OutputFormat.TABLE)
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["host", "name", "n"]
    assert row.split() == [r"[red]x[/red]\x1b[0m", "12"]
    show("a\x1bb")
    assert capsys.readouterr().out == "a\\x1bb\n"
