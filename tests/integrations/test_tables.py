"""Tables in files: found below titles, read by column, in memory that does not grow."""

import tracemalloc
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from integrations.columns import Columns
from integrations.downloads import Beginning, Opened
from integrations.fields import Item
from integrations.tables import find
from scanner.errors import SourceError
from tests.support import at

_COLUMNS = Columns(
    names={
        "name": ("app",),
        "when": ("date",),
        "then": ("until",),
        "amount": ("price",),
        "users": ("users",),
    },
    needed=("name",),
    keys=("name",),
    one_of=(("when", "amount", "users"),),
    never=frozenset({"clientip"}),
    times=("when", "then"),
    amounts=("amount",),
    counts=("users",),
)


def _rows(
    folder: Path, content: bytes, name: str = "t.csv"
) -> tuple[list[Item], Mapping[str, int]]:
    path = folder / name
    path.write_bytes(content)
    file = Opened(Beginning(path))
    rows = list(file.rows(_COLUMNS))
    return rows, file.bad


def _times(folder: Path, *lines: str, heading: str = "app,date") -> list[datetime | None]:
    rows, _ = _rows(folder, "\n".join((heading, *lines)).encode())
    return [one.time("when") for one in rows]


def test_a_heading_below_titles_is_found(tmp_path: Path) -> None:
    rows, bad = _rows(tmp_path, b'Report;of;2026\n\nApp;Users;Notes\nChatGPT;1.204;"a\nb"\n')
    assert [(one.text("name"), one.number("users")) for one in rows] == [("ChatGPT", 1204)]
    assert bad == {}


def test_where_cells_are_parted_by_semicolons_the_day_comes_first(tmp_path: Path) -> None:
    semicolons, _ = _rows(tmp_path, b"app;date\nx;01/03/2026\n")
    assert semicolons[0].time("when") == at("2026-03-01T00:00:00Z")
    assert _times(tmp_path, "x,01/03/2026") == [None]


def test_a_table_of_a_log_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"app,users,client_ip\nx,1,10.0.0.1\n")
    assert find(_COLUMNS, Beginning(tmp_path / "log.csv").sheets) is None
    with pytest.raises(SourceError, match="names the columns"):
        list(Opened(Beginning(tmp_path / "log.csv")).rows(_COLUMNS))


def test_rows_that_are_not_understood_are_counted(tmp_path: Path) -> None:
    rows, bad = _rows(
        tmp_path,
        b"app,users\nChatGPT,many\n,3\nClaude,4,torn\n\napp,users\nCursor,5\nshort\n",
    )
    assert [(one.text("name"), one.number("users")) for one in rows] == [
        ("ChatGPT", 0), ("Cursor", 5), ("short", 0),
    ]  # fmt: skip
    assert bad == {"users": 1, "(row)": 2}


def test_the_order_of_dates_is_that_of_the_whole_column(tmp_path: Path) -> None:
    assert _times(tmp_path, "a,01/02/2026", "b,13/02/2026") == [
        at("2026-02-01T00:00:00Z"), at("2026-02-13T00:00:00Z"),
    ]  # fmt: skip
    assert _times(tmp_path, "a,01/02/2026", "b,02/13/2026") == [
        at("2026-01-02T00:00:00Z"), at("2026-02-13T00:00:00Z"),
    ]  # fmt: skip


def test_a_column_that_does_not_tell_goes_with_the_others(tmp_path: Path) -> None:
    both = _times(tmp_path, "a,01/02/2026,25/12/2026", heading="app,date,until")
    assert both == [at("2026-02-01T00:00:00Z")]
    by_comma = _times(tmp_path, 'a,01/02/2026,"2,50"', heading="app,date,price")
    assert by_comma == [at("2026-02-01T00:00:00Z")]


def test_a_date_that_could_be_two_is_lost_and_counted(tmp_path: Path) -> None:
    for lines in (b"a,01/02/2026\n", b"a,01/02/2026\nb,13/02/2026\nc,02/13/2026\n"):
        rows, bad = _rows(tmp_path, b"app,date\n" + lines)
        assert {one.time("when") for one in rows} == {None}
        assert bad == {"when": lines.count(b"\n")}


def test_a_contradictory_column_does_not_borrow_an_order(tmp_path: Path) -> None:
    text = b"app,date,until\na,01/02/2026,25/12/2026\nb,13/02/2026,\nc,02/13/2026,\n"
    assert {one.time("when") for one in _rows(tmp_path, text)[0]} == {None}


def test_amounts_bring_their_currency(tmp_path: Path) -> None:
    rows, _ = _rows(tmp_path, "app;price\nx;1.234,50 €\ny;3,00 €\n".encode("cp1252"))
    assert [(one.amount("amount"), one.text("currency")) for one in rows] == [
        (1234.5, "EUR"), (3.0, "EUR"),
    ]  # fmt: skip


def test_lines_in_the_encoding_of_windows_are_read(tmp_path: Path) -> None:
    text = "app,users\nCafé,1\n".encode() + "Müller,2\n".encode("cp1252")
    assert [one.text("name") for one in _rows(tmp_path, text)[0]] == ["Café", "Müller"]


def test_an_enormous_line_or_cell_is_counted(tmp_path: Path) -> None:
    cell = b'x,"' + b"a" * 200_000 + b'"\n'
    rows, bad = _rows(tmp_path, b"app,users\n" + b"z" * 3_000_000 + b"\n" + cell + b"Claude,4\n")
    assert [one.text("name") for one in rows] == ["Claude"]
    assert bad["(row)"] == 2


def test_memory_does_not_grow_with_a_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    peaks = []
    for count in (2_000, 20_000):
        with path.open("w") as file:
            file.write("app,date,price\n")
            file.writelines(f"app {i},{i % 28 + 1}/02/2026,{i}.50\n" for i in range(count))
        tracemalloc.start()
        opened = Opened(Beginning(path))
        assert sum(1 for _ in opened.rows(_COLUMNS)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert opened.bad == Counter()
    assert peaks[1] < 1.5 * peaks[0]
