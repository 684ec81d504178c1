"""Decisions by spreadsheet, as hurried people and other programs hand them back."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from scanner.errors import UsageError
from scanner.inventory.decision_import import Imported, import_decisions
from scanner.inventory.decision_rows import day_of
from scanner.inventory.decision_sheet import as_csv
from scanner.inventory.review import decide
from scanner.inventory.verdicts import State
from scanner.store import Store
from tests.inventory.test_review_sheet import NOW, PLACES, exported, filled, store, workbook

__all__ = ["store"]  # the fixture
LOOK = {"verdict": "in_review", "reason": "look"}
DUE = datetime(2027, 6, 30, tzinfo=UTC)
FINE = {"verdict": "approved", "reason": "fine", "review_due": "2027-06-30"}


def changed(content: bytes, change: Callable[[Any, Any], object]) -> bytes:
    """Return a workbook to which somebody did that: it is given the book and its first sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book, book.worksheets[0])
    said = io.BytesIO()
    book.save(said)
    return said.getvalue()


def handed_in(store: Store, content: bytes) -> Imported:
    return import_decisions(store, "board", content, "ana", NOW)


def told(done: Imported) -> list[tuple[int, str, str]]:
    return [(one.row, one.result, one.detail) for one in done.results]


def renamed_and_moved(book: Any, sheet: Any) -> None:
    sheet.title = "Board of 12 December"
    book.move_sheet("Explanations", -1)


def a_title_above(_: Any, sheet: Any) -> None:
    sheet.insert_rows(1, 2)
    sheet["A1"] = "AI board, 12 December"


def remarks_behind_headings(_: Any, sheet: Any) -> None:
    sheet.cell(1, PLACES["verdict"]).value = "Verdict *"
    sheet.cell(1, PLACES["review_due"]).value = "Review due\n(yyyy-mm-dd)"


def another_column_first(_: Any, sheet: Any) -> None:
    sheet.insert_cols(1)
    for number in range(2, 4):
        sheet.cell(number, 1).value = number - 2


def a_column_that_is_worked_out(_: Any, sheet: Any) -> None:
    sheet.cell(1, 30).value = "Days left"
    for number in range(2, 4):
        sheet.cell(number, 30).value = f"=T{number}-TODAY()"


def blanks_far_below(_: Any, sheet: Any) -> None:
    for number in range(900, 1_000):
        sheet.cell(number, PLACES["reason"]).value = " "


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (renamed_and_moved, 2),
        (a_title_above, 4),
        (remarks_behind_headings, 2),
        (another_column_first, 2),
        (a_column_that_is_worked_out, 2),
        (blanks_far_below, 2),
    ],
)
def test_what_people_do_to_a_workbook_changes_no_decision(
    store: Store, change: Callable[[Any, Any], object], row: int
) -> None:
    done = handed_in(store, changed(filled(workbook(exported(store)), FINE), change))
    assert told(done) == [(row, "recorded", "")]
    assert done.empty == 1
    assert [one.review_due for one in store.decisions()] == [DUE]


def test_rows_that_were_sorted_without_the_hidden_columns_decide_on_nothing(store: Store) -> None:
    """DeepSeek's verdict would else stand on the OpenAI API."""
    deepseek, openai = exported(store)
    content = as_csv(
        [{**deepseek, "name": "OpenAI API", **LOOK}, {**openai, "name": "DeepSeek Chat"}]
    )
    ((row, result, detail),) = told(handed_in(store, content))
    assert (row, result) == (2, "error")
    assert detail.startswith(
        "'OpenAI API' stands beside the id of 'DeepSeek Chat': were rows sorted"
    )
    assert store.decisions() == []


def test_a_decision_that_this_database_never_had_cannot_have_been_seen(store: Store) -> None:
    """A sheet of another database would else overrule everybody here."""
    system = exported(store)[0]
    decide(store, system["id"], State.REJECTED, "law", "ben", NOW)
    ((_, result, detail),) = told(handed_in(store, as_csv([{**system, **LOOK, "seen": 40}])))
    assert result == "error"
    assert detail.startswith(
        "decision 40, which it rests on, is not in this database, whose last is 1"
    )
    assert [one.by for one in store.decisions()] == ["ben"]


def test_one_verdict_over_merged_rows_is_no_verdict_on_each(store: Store) -> None:
    def merge(_: Any, sheet: Any) -> None:
        at = PLACES["verdict"]
        sheet.merge_cells(start_row=2, end_row=3, start_column=at, end_column=at)

    content = changed(filled(workbook(exported(store)), FINE), merge)
    shared = "rows 2 to 3 share a cell; give each row its own"
    assert told(handed_in(store, content)) == [(2, "error", shared), (3, "error", shared)]
    assert store.decisions() == []


def test_what_a_spreadsheet_could_not_work_out_is_no_reason(store: Store) -> None:
    def fail(_: Any, sheet: Any) -> None:
        cell = sheet.cell(2, PLACES["reason"])
        cell.value, cell.data_type = "#N/A", "e"

    content = changed(filled(workbook(exported(store)), FINE), fail)
    ((_, result, detail),) = told(handed_in(store, content))
    assert (result, detail) == ("error", "S2 is an error of the spreadsheet; write what it says")


def test_two_columns_of_one_name_are_refused(store: Store) -> None:
    def add(_: Any, sheet: Any) -> None:
        sheet.cell(1, 30).value = "verdict"

    with pytest.raises(UsageError, match="board: two columns are called Verdict; keep one"):
        handed_in(store, changed(workbook(exported(store)), add))


def test_columns_of_others_are_named(store: Store) -> None:
    system = exported(store)[0]["id"]
    said = (
        f"System id,Decision seen,Verdict,Reason,Condition,Mood\n{system},0.0,in-review,look,x,y\n"
    )
    done = handed_in(store, said.encode())
    assert (told(done), done.passed_over) == ([(2, "recorded", "")], ("Condition", "Mood"))


@pytest.mark.parametrize(
    ("encoding", "begin", "delimiter"),
    [("utf-16", "", "\t"), ("utf-8", "sep=;\r\n", ";"), ("utf-8-sig", "", ";")],
)
def test_csv_as_spreadsheets_save_it(
    store: Store, encoding: str, begin: str, delimiter: str
) -> None:
    system = exported(store)[0]["id"]
    rows = (
        ("System id", "Decision seen", "Verdict", "Reason", "Review due"),
        (system, "0", "Approved", "geprüft", "30.06.2027"),
    )
    content = (begin + "".join(f"{delimiter.join(row)}\r\n" for row in rows)).encode(encoding)
    assert [one.result for one in handed_in(store, content).results] == ["recorded"]
    assert [(one.reason, one.review_due) for one in store.decisions()] == [("geprüft", DUE)]


def test_letters_are_not_guessed(store: Store) -> None:
    content = "System id;Decision seen;Verdict;Reason\nx;0;rejected;geprüft\n".encode("cp1252")
    with pytest.raises(
        UsageError, match=r'invalid start byte; save it as \.xlsx, or as "CSV UTF-8"'
    ):
        handed_in(store, content)


@pytest.mark.parametrize(
    "said",
    ["2027-06-30", "2027-06-30 00:00:00", "2027-06-30T09:00:00Z", "2027/6/30", "30.6.2027",
     "30/06/2027", "6/30/2027", "30-06-2027"],
)  # fmt: skip
def test_a_day_of_any_country_that_can_be_one_day_only(said: str) -> None:
    assert day_of(said) == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("6/7/2027", "'6/7/2027' may be two days; write it as 2027-01-31"),
        ("31.02.2027", "'31.02.2027' is no day; write it as 2027-01-31"),
        ("46568", "'46568' is no day; write it as 2027-01-31"),
        ("2027-W26", "'2027-W26' is no day; write it as 2027-01-31"),
        ("30 June 2027", "'30 June 2027' is no day; write it as 2027-01-31"),
        ("1.7.27", "'1.7.27' is no day; write it as 2027-01-31"),
    ],
)
def test_what_may_be_two_days_or_none_is_asked_for_again(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why.replace(".", r"\.")):
        day_of(said)
