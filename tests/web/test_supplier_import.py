"""A questionnaire that came back is handed in by browser: shown first, then recorded, or refused."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from scanner.store import Reader
from tests.web.forms import fields_of, words_of
from tests.web.visiting import Browser, House, behind_proxy, csrf_of, named, notices_of

PATH = "/suppliers/openai/import"


@pytest.fixture
def house(db: Path) -> House:
    return behind_proxy(db)


def reviewer(house: House, name: str = "rita") -> Browser:
    return named(house, name, "privacy")


def filled(browser: Browser, **answers: str) -> bytes:
    """Return the questionnaire as a supplier sends it back, with the answers to some questions."""
    sent = browser.get("/suppliers/openai/questionnaire/xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(sent))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            asked = next((one.value for one in row if one.value in answers), None)
            if asked is not None and len(row) > 5:
                row[4].value, row[5].value = "yes", answers[asked]
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def hand_in(browser: Browser, content: bytes, name: str = "back.xlsx") -> object:
    data = {"csrf": csrf_of(browser, PATH)}
    return browser.post(PATH, data=data, files={"file": (name, content)})


def answers_in(db: Path) -> list[tuple[str, str, str]]:
    with Reader(db, read_only=True) as store:
        made = store.decisions()
    return [(str(one.value.get("question")), str(one.value.get("value")), one.by) for one in made]


def test_a_file_is_shown_row_by_row_before_it_is_recorded(house: House, db: Path) -> None:
    browser = reviewer(house)
    shown = hand_in(browser, filled(browser, Q06="Our own", Q07="Yes, a card"))
    assert shown.status_code == 200  # type: ignore[attr-defined]
    assert re.findall(r"Q0\d|will be recorded", words_of(shown)) == [  # type: ignore[arg-type]
        "Q06", "will be recorded", "Q07", "will be recorded",
    ]  # fmt: skip
    assert answers_in(db) == []
    held = fields_of(shown.text, PATH)  # type: ignore[attr-defined]
    assert browser.post(PATH, data=held).headers["location"] == "/suppliers/openai#questions"
    assert notices_of(browser, "/suppliers/openai") == [
        "OpenAI: 2 answers of the questionnaire stand."
    ]
    assert answers_in(db) == [("Q06", "Our own", "rita"), ("Q07", "Yes, a card", "rita")]


def test_what_somebody_answered_since_is_told_and_left(house: House, db: Path) -> None:
    first, second = reviewer(house), reviewer(house, "zoe")
    content = filled(first, Q06="Theirs", Q07="A card")
    page = "/suppliers/openai/questions/Q06"
    form = {"csrf": csrf_of(second, page), "seen": "0", "state": "no", "value": "Zoe's"}
    assert second.post(page, data={**form, "kind": "own_word"}).status_code == 303
    shown = hand_in(first, content)
    assert "left as it is: somebody answered since" in words_of(shown)  # type: ignore[arg-type]
    done = first.post(PATH, data=fields_of(shown.text, PATH))  # type: ignore[attr-defined]
    assert done.status_code == 200
    assert "left as it is: somebody answered since" in words_of(done)
    assert answers_in(db) == [("Q06", "Zoe's", "zoe"), ("Q07", "A card", "rita")]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        pytest.param(b"", "back.xlsx", "Choose the file", id="nothing"),
        pytest.param(b"PK\x03\x04" + b"\0" * 99, "back.xlsx", "cannot be read", id="no workbook"),
        pytest.param(b"a,b\n1,2\n", "back.csv", "no table of it has the headings", id="other"),
        pytest.param(b"x" * 700_001, "back.csv", "longer than 700 kB", id="long"),
        pytest.param(
            b"\xff\xfe\0\xd8", "..\\..\\<b>\r\n.csv", "neither a workbook nor CSV", id="halves"
        ),
    ],
)
def test_what_is_no_questionnaire_is_refused_in_words(
    house: House, db: Path, content: bytes, name: str, words: str
) -> None:
    answer = hand_in(reviewer(house), content, name)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert words in words_of(answer)  # type: ignore[arg-type]
    assert "<b>" not in answer.text  # type: ignore[attr-defined]
    assert answers_in(db) == []


def test_one_row_with_an_error_keeps_all_back(house: House, db: Path) -> None:
    browser = reviewer(house)
    content = filled(browser, Q06="Our own", Q07="=HYPERLINK(1)")
    shown = hand_in(browser, content)
    told = words_of(shown)  # type: ignore[arg-type]
    assert ("held back" in told, "Nothing of it can be recorded" in told) == (True, True)
    assert "Record these answers" not in told
    assert answers_in(db) == []


def test_what_is_brought_back_changed_is_read_anew(house: House, db: Path) -> None:
    browser = reviewer(house)
    for content in ("no base64!", "QUJD", ""):
        data = {"csrf": csrf_of(browser, PATH), "act": "record", "name": "x.xlsx"}
        assert browser.post(PATH, data={**data, "content": content}).status_code == 422
    assert answers_in(db) == []


def test_readers_hand_in_nothing(house: House, db: Path) -> None:
    ben = named(house, "ben", "staff")
    assert ben.get(PATH).status_code == 403
    assert PATH not in ben.get("/suppliers/openai").text
    answer = ben.post(PATH, data={"csrf": csrf_of(ben)}, files={"file": ("a.csv", b"x")})
    assert (answer.status_code, answers_in(db)) == (403, [])


def test_a_file_that_comes_after_the_session_is_not_shown_as_text(house: House, db: Path) -> None:
    alone = House(db)
    browser = alone.signed_in()
    token = csrf_of(browser, PATH)
    alone.clock.passes(hours=9)
    answer = browser.post(PATH, data={"csrf": token}, files={"file": ("a.xlsx", b"PK\x03\x04")})
    assert (answer.status_code, "PK" in answer.text) == (401, False)
