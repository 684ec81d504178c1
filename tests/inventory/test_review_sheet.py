"""Decisions by spreadsheet: out with what a decider must know, back with what they say."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from scanner.errors import UsageError
from scanner.inventory.decision_import import Imported, import_decisions
from scanner.inventory.decision_rows import read_rows
from scanner.inventory.decision_sheet import COLUMNS, as_csv, as_workbook, rows_of
from scanner.inventory.review import decide
from scanner.inventory.review_lists import standpoints
from scanner.inventory.verdicts import VERDICTS, State
from scanner.store import Store
from tests.running import SQUID, gnomon
from tests.support import at, within

NOW = at("2026-11-21T12:00:00Z")
LATER = at("2027-06-01T00:00:00Z")
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "http://evil.example/")
PLACES = {name: place for place, name in enumerate(COLUMNS, 1)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "access.log").write_bytes(SQUID)
    gnomon("scan", tmp_path / "access.log", "--db", tmp_path / "x.db")
    with Store(tmp_path / "x.db") as opened:
        yield opened


def exported(store: Store) -> list[dict[str, Any]]:
    return list(rows_of(standpoints(store, (), NOW)))


def workbook(rows: list[dict[str, Any]]) -> bytes:
    return as_workbook(rows, NOW)


def filled(content: bytes, *answers: Mapping[str, Any]) -> bytes:
    """Return a workbook with these answers in its rows, as a person would leave it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for number, values in enumerate(answers, 2):
        for name, value in values.items():
            book["Decisions"].cell(number, PLACES[name]).value = value
    said = io.BytesIO()
    book.save(said)
    return said.getvalue()


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """Return a workbook whose first sheet has other text."""
    said = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(said, "w") as after:
        for part in before.infolist():
            data = before.read(part)
            is_first = part.filename == "xl/worksheets/sheet1.xml"
            after.writestr(part.filename, data.replace(old, new) if is_first else data)
    return said.getvalue()


def results(done: Imported) -> list[tuple[int, str, str]]:
    return [(one.row, one.result, one.detail) for one in done.results]


APPROVED = {
    "verdict": "approved_with_conditions",
    "reason": "fine",
    "review_due": date(2027, 6, 1),
    "conditions": "no names",
    "exceptions": "unit=Sales until=2027-01-01",
}


def test_a_decider_is_told_what_they_must_know(store: Store) -> None:
    blocked, used = exported(store)
    assert {key: value for key, value in used.items() if value not in ("", None)} == {
        "id": used["id"],
        "seen": 0,
        "name": "OpenAI API",
        "supplier": "OpenAI",
        "kind": "used",
        "category": "model-api",
        "state": "new",
        "why": "nobody has decided yet",
        "level": "connected",
        "people": 1,
        "events": 1,
        "first": date(2026, 11, 21),
        "last": date(2026, 11, 21),
    }
    assert (blocked["name"], blocked["level"], blocked["first"]) == (
        "DeepSeek Chat",
        "attempt",
        None,
    )


def test_the_workbook_has_lists_a_frozen_head_and_hidden_columns(store: Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(exported(store))))
    sheet = book["Decisions"]
    assert [one.value for one in sheet[1]] == [one.heading for one in COLUMNS.values()]
    assert sheet.freeze_panes == "D2"
    assert [sheet.column_dimensions[name].hidden for name in "ABC"] == [True, True, False]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists["Q2:Q3"] == f'"{",".join(VERDICTS)}"'
    assert book.sheetnames == ["Decisions", "Explanations"]
    told = {row[0].value: row[1].value for row in book["Explanations"].rows}
    assert told["approved"] == "It may be used, until the review date. Needs a review date."


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_out_and_back(store: Store, kind: str) -> None:
    rows = exported(store)
    if kind == "xlsx":
        content = filled(workbook(rows), {}, APPROVED)
    else:
        content = as_csv([rows[0], {**rows[1], **APPROVED}])
    done = import_decisions(store, f"board.{kind}", content, "ana", NOW)
    assert results(done) == [(3, "recorded", "")]
    assert (done.is_whole, done.empty) == (True, 1)
    (decision,) = store.decisions()
    assert (decision.subject, decision.verdict, decision.by) == (
        rows[1]["id"],
        "approved_with_conditions",
        "ana",
    )
    assert (decision.reason, decision.review_due, decision.conditions) == (
        "fine",
        LATER,
        "no names",
    )
    digest = hashlib.sha256(content).hexdigest()
    assert decision.value == {
        "exceptions": [{"unit": "Sales", "users": [], "until": "2027-01-01"}],
        "file": {"name": f"board.{kind}", "sha256": digest, "row": 3},
    }
    again = import_decisions(store, f"board.{kind}", content, "ana", NOW)
    assert results(again) == [(3, "stands already", "recorded before, word for word")]
    assert len(store.decisions()) == 1


def test_one_error_keeps_all_from_being_recorded(store: Store) -> None:
    content = filled(
        workbook(exported(store)),
        {"verdict": "approved", "reason": "fine"},
        {"verdict": "in_review", "reason": "look"},
    )
    done = import_decisions(store, "a.xlsx", content, "ana", NOW)
    assert results(done) == [
        (2, "error", "approved needs a review date: how long does it hold"),
        (3, "held back", "sound, but other rows have errors"),
    ]
    assert not done.is_whole
    assert store.decisions() == []
    done = import_decisions(store, "a.xlsx", content, "ana", NOW, is_partly=True)
    assert [one.result for one in done.results] == ["error", "recorded"]
    assert [one.verdict for one in store.decisions()] == ["in_review"]


def test_a_newer_decision_is_told_and_left_alone(store: Store) -> None:
    rows = exported(store)
    answer = {"verdict": "in_review", "reason": "look"}
    content = filled(workbook(rows), answer, answer)
    decide(store, rows[0]["id"], State.REJECTED, "law", "ben", NOW)
    done = import_decisions(store, "a.xlsx", content, "ana", NOW)
    assert [one.result for one in done.results] == ["conflict", "recorded"]
    assert done.results[0].detail.startswith("ben decided rejected at 2026-11-21T12:00:00Z")
    assert [(one.by, one.verdict) for one in store.decisions()] == [
        ("ben", "rejected"),
        ("ana", "in_review"),
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"reason": "fine"}, "Reason without a verdict"),
        ({"verdict": "maybe", "reason": "fine"}, "'maybe' is no verdict"),
        ({"verdict": "rejected"}, "a decision needs a reason"),
        ({"verdict": "rejected", "reason": "=1+1"}, "S2 is a formula; write what it says"),
        ({"verdict": '=IF(TRUE,"approved","")', "reason": "x"}, "Q2 is a formula"),
        ({"verdict": "rejected", "reason": "x", "review_due": "soon"}, "'soon' is no day"),
        ({"verdict": "rejected", "reason": "x", "exceptions": "Sales"}, "write it as unit=Sales"),
        ({"verdict": "dismissed", "reason": "x", "code": "so"}, "dismissed needs a code"),
        ({"verdict": "rejected", "reason": "x", "seen": "-1"}, "are not as they were exported"),
        (
            {"verdict": "rejected", "reason": "x", "id": "ais-no"},
            "no AI system is known as 'ais-no'",
        ),
        ({"verdict": "new", "reason": "x"}, "it cannot be decided"),
    ],
)
def test_rows_with_errors(store: Store, answer: Mapping[str, Any], said: str) -> None:
    content = filled(workbook(exported(store)), answer)
    (result,) = import_decisions(store, "a.xlsx", content, "ana", NOW).results
    assert (result.row, result.result) == (2, "error")
    assert said in result.detail
    assert store.decisions() == []


def test_one_system_twice_in_a_file(store: Store) -> None:
    row = {**exported(store)[0], "verdict": "in_review", "reason": "look"}
    content = as_csv([row, {**row, "reason": "look again"}])
    done = import_decisions(store, "a.csv", content, "ana", NOW)
    assert [one.result for one in done.results] == ["held back", "error"]
    assert "stands here twice" in done.results[1].detail


@pytest.mark.parametrize("text", HOSTILE)
def test_what_comes_from_evidence_stays_text(store: Store, text: str) -> None:
    rows = [{**exported(store)[0], "name": text, "units": text}]
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    cell = book["Decisions"].cell(2, PLACES["name"])
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert cell.value == text.replace("\t", "\\t")
    (row,) = read_rows("a.csv", as_csv(rows))
    assert row.values["name"] == text.replace("\t", "\\t")
    quoted = as_csv(rows).decode().splitlines()[1]
    assert text.startswith("http") or f",{text}" not in quoted


def test_files_that_are_no_spreadsheets(store: Store) -> None:
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    for content, said in (
        (b"", "no column System id and Verdict"),
        (b"id,name\n1,2\n", "no column Verdict"),
        (b"\xff\xfe\x00", "neither a workbook nor CSV"),
        (b"id,verdict\n\0", "neither a workbook nor CSV"),
        (b"PK\x03\x04 and then nothing", "a workbook that cannot be read"),
        (empty.getvalue(), "a workbook that cannot be read"),
        (workbook(exported(store))[:3000], "a workbook that cannot be read"),
        (b'id,verdict\n"' + b"x" * 200_000, "not CSV"),
    ):
        with pytest.raises(UsageError, match=said):
            import_decisions(store, "a.file", content, "ana", NOW)


def test_a_workbook_that_claims_to_be_huge_is_read_in_no_time(store: Store) -> None:
    content = filled(workbook(exported(store)), {"verdict": "in_review", "reason": "look"})
    last = b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>'  # as LibreOffice may write it
    with within(60):
        done = import_decisions(
            store, "a.xlsx", rewritten(content, b"</sheetData>", last), "ana", NOW
        )
    assert results(done) == [(2, "recorded", "")]


def test_a_workbook_of_more_rows_than_anybody_decides_is_refused(store: Store) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="C%d" t="n"><v>7</v></c></row>' % (n, n) for n in range(9, 200_010)
    )
    content = rewritten(workbook(exported(store)), b"</sheetData>", rows + b"</sheetData>")
    with within(120), pytest.raises(UsageError, match="more than 200,000 rows"):
        import_decisions(store, "a.xlsx", content, "ana", NOW)


def test_columns_in_another_order_and_semicolons(store: Store) -> None:
    system = exported(store)[0]["id"]
    content = (
        "Reason;Mood;Verdict;System id;Decision seen;Review due\n"
        f"fine;good;Approved;{system};0;2027-06-01T00:00:00\n"
    )
    done = import_decisions(store, "a.csv", content.encode(), "ana", NOW)
    assert results(done) == [(2, "recorded", "")]


def test_a_hundred_thousand_rows(store: Store) -> None:
    known = exported(store)[0]
    many = [{**known, "id": f"ais-{n}"} for n in range(100_000)]
    many[50_000] = {**known, "verdict": "in_review", "reason": "look"}
    with within(60):
        done = import_decisions(store, "a.csv", as_csv(many), "ana", NOW)
    assert results(done) == [(50_002, "recorded", "")]
    assert done.empty == 99_999
    gone = [{**one, "verdict": "in_review", "reason": "look"} for one in many]
    with within(60):
        done = import_decisions(store, "a.csv", as_csv(gone), "ana", NOW)
    assert {one.result for one in done.results} == {"error", "stands already"}
    assert len(store.decisions()) == 1


def test_two_people_importing_at_once(store: Store) -> None:
    rows = exported(store)
    done: dict[str, list[str]] = {}
    start = threading.Barrier(2)

    def hand_in(by: str) -> None:
        said = [{**one, "verdict": "in_review", "reason": f"{by} looks"} for one in rows]
        with Store(store.path) as own:
            start.wait()
            ended = import_decisions(own, f"{by}.csv", as_csv(said), by, NOW)
        done[by] = [one.result for one in ended.results]

    both = [threading.Thread(target=hand_in, args=(by,)) for by in ("ana", "ben")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(done.values()) == [["conflict", "conflict"], ["recorded", "recorded"]]
    assert len({one.by for one in store.decisions()}) == 1
    assert store.first_break() is None


def test_a_day_is_a_day_in_every_form(store: Store) -> None:
    answer = {
        "verdict": "approved",
        "reason": "fine",
        "review_due": LATER.replace(hour=9, tzinfo=None),
    }
    content = filled(workbook(exported(store)), answer)
    import_decisions(store, "a.xlsx", content, "ana", NOW)
    assert [one.review_due for one in store.decisions()] == [LATER]
