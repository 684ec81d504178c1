"""The worksheet of the 38 controls: what it suggests, what comes back, and what is to object to."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reports.texts import Texts
from scanner.inventory.applicability import Applies
from scanner.inventory.controls import CONTROLS, TITLES, Weight, suggestions
from scanner.model import Act, RoleClaim, RoleStatus
from scanner.store import Reader
from tests.running import SHARED, Ran, gnomon

GOOD = "the parent group runs this for all of us, policy G-12"


@pytest.fixture
def db(example: Path, tmp_path: Path) -> Path:
    shutil.copy(example, tmp_path / "g.db")
    return tmp_path / "g.db"


def worksheet(db: Path, style: str = "csv", language: str = "en") -> Path:
    file = db.with_name(f"soa-{language}.{style}")
    ran = gnomon("report", "soa", "--as", style, "--lang", language, "--out", file, "--db", db)
    assert ran.code == 0, ran.err
    return file


def filled(file: Path, language: str, **rows: tuple[str, str]) -> Path:
    """Fill rows in, as somebody would with a spreadsheet; A_10_3 is A.10.3."""
    said = {name.replace("_", "."): row for name, row in rows.items()}
    texts = Texts(language)
    heads = [texts(f"soa.column.{one}") for one in ("control", "state", "reason")]
    if file.suffix == ".csv":
        table = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        control, *asked = map(table[0].index, heads)
        for row in table[1:]:
            for place, text in zip(asked, said.get(row[control], ()), strict=False):
                row[place] = text
        with file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows(table)
        return file
    import openpyxl

    book = openpyxl.load_workbook(file)
    sheet = book[texts("soa.section.worksheet")]
    first = [cell.value for cell in sheet[1]]
    control, *asked = map(first.index, heads)
    for cells in sheet.iter_rows(min_row=2):
        for place, text in zip(asked, said.get(str(cells[control].value), ()), strict=False):
            cells[place].value = text
    book.save(file)
    return file


def hand_back(db: Path, file: Path) -> Ran:
    return gnomon("report", "soa", "--import", file, "--by", "Ines", "--db", db)


def soa(db: Path) -> dict[str, Any]:
    found: dict[str, Any] = gnomon("report", "soa", "--as", "json", "--db", db).json()["data"]
    return found


def test_the_controls_are_the_38_and_no_other() -> None:
    known = SHARED / "data" / "annex_a_38.json"
    if not known.is_file():
        pytest.skip("the project stands alone here: ../shared/data is not there")
    assert [(one["id"], one["title"]) for one in json.loads(known.read_text())] == list(
        TITLES.items()
    )


def test_there_is_a_row_for_each_control_with_a_note(db: Path) -> None:
    for language in ("en", "fr"):
        table = list(csv.reader(io.StringIO(worksheet(db, "csv", language).read_text())))
        assert [row[0] for row in table[1:]] == list(CONTROLS)
        assert len(CONTROLS) == 38
        assert all(row[2] for row in table[1:])
        notes = {row[2] for row in table[1:]}
        assert len(notes) == 38  # each says something of its own


def test_evidence_links_to_whom_it_concerns(db: Path) -> None:
    data = soa(db)
    by_key = {(one["control"], one["key"]): one for one in data["touches"]}
    never = by_key["A.10.3", "never_reviewed"]
    assert never["is_gap"]
    assert {"OpenAI", "Anthropic"} <= set(never["names"])
    with Reader(db) as store:
        names = store.system_names()
    owners = by_key["A.3.2", "no_owner"]
    assert [names[one] for one in owners["ids"]] == owners["names"]
    assert set(by_key["A.6.2.7", "is_built"]["names"]) >= {"quote-desk"}
    assert "ChatGPT" in by_key["A.5.2", "no_assessment"]["names"]


def test_what_evidence_touches_follows_what_people_say(db: Path) -> None:
    by = ("--by", "Ana", "--reason", "asked", "--db", db)
    gnomon("inventory", "set", "ChatGPT", "impact_assessment_ref", "AIIA-7", *by)
    gnomon("inventory", "owner", "ChatGPT", "Ana Ruiz", *by)
    gnomon(
        "review",
        "scope",
        "Claude",
        "out",
        "--code",
        "immaterial",
        "--review-due",
        "2027-10-01",
        *by,
    )
    for one in soa(db)["touches"]:
        if one["key"] in ("no_assessment", "no_owner"):
            assert "ChatGPT" not in one["names"]
        if one["key"] != "suppliers_used":
            assert "Claude" not in one["names"]


@pytest.mark.parametrize("style", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_people_fill_in_comes_back(db: Path, style: str, language: str) -> None:
    words = {one: Texts(language)(f"soa.state.{one}") for one in Applies}
    file = filled(
        worksheet(db, style, language),
        language,
        A_2_2=(words[Applies.APPLIED], "=1+1"),
        A_8_3=(words[Applies.NOT_APPLICABLE], GOOD),
        A_10_4=(words[Applies.INHERITED].upper(), GOOD),
    )
    ran = hand_back(db, file)
    if style == "xlsx":  # a formula is never taken for what somebody wrote
        assert ran.code == 1
        assert "A.2.2" in ran.out
        assert "error" in ran.out
        filled(file, language, A_2_2=(words[Applies.APPLIED], "as of March"))
        ran = hand_back(db, file)
    assert ran.code == 0, ran.out + ran.err
    stated = {one["id"]: (one["state"], one["by"]) for one in soa(db)["controls"] if one["state"]}
    assert stated == {
        "A.2.2": ("applied", "Ines"),
        "A.8.3": ("not_applicable", "Ines"),
        "A.10.4": ("inherited", "Ines"),
    }
    again = hand_back(db, file)
    assert (again.code, "3 stands already" in again.err) == (0, True)
    with Reader(db) as store:
        made = store.decisions(Act.CONTROL)
    assert len(made) == 3
    assert made[0].value["file"]["name"] == file.name


def test_nothing_is_recorded_while_an_exclusion_has_no_reason(db: Path) -> None:
    file = filled(worksheet(db), "en", A_2_2=("applied", ""), A_10_3=("not applicable", " "))
    ran = hand_back(db, file)
    assert ran.code == 1
    assert "not_applicable needs a justification" in ran.out
    assert "held back" in ran.out
    assert not any(one["state"] for one in soa(db)["controls"])


def test_what_somebody_stated_since_is_a_conflict(db: Path) -> None:
    old = worksheet(db)
    mine = filled(Path(shutil.copy(old, old.with_name("mine.csv"))), "en", A_2_2=("applied", ""))
    assert hand_back(db, mine).code == 0
    theirs = filled(old, "en", A_2_2=("inherited", GOOD), A_2_3=("applied", ""))
    ran = hand_back(db, theirs)
    assert (ran.code, "conflict" in ran.out) == (1, True)
    stated = {one["id"]: one["state"] for one in soa(db)["controls"] if one["state"]}
    assert stated == {"A.2.2": "applied"}
    assert hand_back(db, filled(worksheet(db), "en", A_2_2=("inherited", GOOD))).code == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("perhaps", ""), "is no state"),
        (("", "because"), "without a state"),
        (("inherited", ""), "needs a justification"),
    ],
)
def test_a_row_that_says_nothing_sound_is_told(db: Path, row: tuple[str, str], said: str) -> None:
    ran = hand_back(db, filled(worksheet(db), "en", A_2_2=row))
    assert (ran.code, said in ran.out) == (1, True)


def test_a_file_that_is_no_worksheet_is_refused(db: Path) -> None:
    file = db.with_name("other.csv")
    file.write_text("a,b\n1,2\n")
    ran = hand_back(db, file)
    assert (ran.code, "has the columns of the worksheet" in ran.err) == (2, True)


def test_lint_tells_what_an_auditor_would_ask(db: Path) -> None:
    file = filled(
        worksheet(db),
        "en",
        A_10_3=("not applicable", "we have no suppliers of AI"),
        A_8_3=("not applicable", "n/a"),
        A_3_2=("applied", ""),
        A_2_2=("applied", ""),
    )
    assert hand_back(db, file).code == 0
    told: dict[str, set[str]] = {}
    for one in soa(db)["objections"]:
        told.setdefault(one["objection"], set()).add(one["control"])
    assert told["contradicted"] >= {"A.10.3"}
    assert told["thin_reason"] == {"A.8.3"}
    assert told["open"] == {"A.3.2"}
    assert told["no_state"] == set(CONTROLS) - {"A.10.3", "A.8.3", "A.3.2", "A.2.2"}


def claim(role: str, status: RoleStatus = RoleStatus.CANDIDATE, sub_role: str = "") -> RoleClaim:
    return RoleClaim(role, sub_role, 0.9, status=status)


def test_roles_suggest_controls() -> None:
    customer = suggestions({"a": [claim("customer")]})
    assert customer["A.10.3"].weight is Weight.CORE
    assert customer["A.6.2.6"].weight is Weight.OFTEN
    assert customer["A.6.1.2"].weight is Weight.SELDOM
    assert customer["A.8.2"].weight is Weight.NONE
    both = suggestions({"a": [claim("customer", RoleStatus.CONFIRMED)], "b": [claim("provider")]})
    assert both["A.10.4"].roles == ("provider",)
    assert (both["A.10.3"].systems, both["A.10.3"].confirmed) == (("a", "b"), 1)
    none = suggestions({"a": [claim("customer", RoleStatus.REJECTED)]})
    assert {one.weight for one in none.values()} == {Weight.NONE}
    developer = suggestions({"a": [claim("producer", sub_role="developer")]})
    assert developer["A.7.5"].weight is Weight.CORE
