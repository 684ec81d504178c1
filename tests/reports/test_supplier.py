"""The review of a supplier on the example organisation: prefilled, answered, asked for, decided."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reports.material import Material
from reports.texts import Texts
from scanner.inventory.supplier_answers import Standing, answers
from scanner.inventory.supplier_questions import Asks, activities, questions
from scanner.inventory.supplier_statements import Ground, SourceKind
from scanner.inventory.suppliers import SupplierUse
from scanner.model import Tier
from scanner.store import Reader
from tests.reports.making import LANGUAGES, material
from tests.reports.opened import cells_of
from tests.running import Ran, gnomon
from tests.support import NOW, the_base

WHO = ("--by", "Ana Ruiz")
LATER = "2099-01-31"


@pytest.fixture
def db(example: Path, tmp_path: Path) -> Path:
    shutil.copy(example, tmp_path / "g.db")
    return tmp_path / "g.db"


def suppliers(db: Path, *arguments: object) -> Ran:
    return gnomon("suppliers", *arguments, "--db", db)


def answer(db: Path, question: str, state: str, text: str = "as agreed", *more: object) -> Ran:
    return suppliers(db, "answer", "OpenAI", question, state, text, *WHO, *more)


def decide(db: Path, verdict: str, *more: object) -> Ran:
    return suppliers(db, "decide", "openai", verdict, *WHO, "--reason", "needed", *more)


def review(db: Path, supplier: str = "openai") -> dict[str, Any]:
    ran = gnomon("report", "supplier", supplier, "--as", "json", "--db", db)
    assert ran.code == 0, ran.err
    data: dict[str, Any] = ran.json()["data"]
    return data


def answers_of(db: Path) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in review(db)["answers"]}


def papers(example: Path) -> Material:
    from tests.reports.making import all_reports

    report = next(one for one in all_reports() if one.name == "suppliers")
    return material(Reader(example, read_only=True), report)


def test_a_curated_supplier_that_is_used_has_twelve_answers_with_source_and_date(
    example: Path,
) -> None:
    found = papers(example).supplier_records
    counted = {}
    for one in found.values():
        if one.vendor and one.vendor.tier is Tier.CURATED:
            told = [each for each in one.answers if each.standing is Standing.PREFILLED]
            counted[one.id] = len(told)
            for each in (stated for every in told for stated in every.statements):
                assert each.source, (one.id, each)
                assert each.as_of <= NOW.date() or each.kind is SourceKind.CATALOGUE_FACT
    assert len(counted) >= 15
    assert {name: n for name, n in counted.items() if n < 12} == {}


def test_how_many_answers_the_catalogue_alone_gives_for_every_curated_supplier(
    record_property: Callable[[str, object], None],
) -> None:
    """Four more come with the first system: what it is, what for, how much rests on it, who does what."""
    counted: dict[str, int] = {}
    for vendor in the_base().pack.vendors:
        if vendor.tier is Tier.CURATED:
            use = SupplierUse(vendor.id, vendor.name, None, False, (), 0)
            ground = Ground(use, vendor, (), NOW, date(2025, 11, 21))
            told = answers(ground, (), NOW, date(2025, 11, 21))
            counted[vendor.id] = sum(
                one.standing is Standing.PREFILLED and one.question.asks is Asks.SUPPLIER
                for one in told
            )
    short = sorted(name for name, n in counted.items() if n + 4 < 12)
    record_property("fewer than twelve", f"{len(short)} of {len(counted)}: {', '.join(short)}")
    assert len(counted) == 166
    assert len(short) <= 17, short


def test_the_words_of_every_question_and_activity_are_there_in_every_language() -> None:
    for texts in map(Texts, LANGUAGES):
        for one in questions():
            assert texts(f"supplier.question.{one.id}").endswith("?")
            assert texts(f"supplier.topic.{one.topic}")
        for each in activities():
            assert texts(f"supplier.activity.{each.id}")


def test_an_answer_is_added_and_the_newest_counts(db: Path) -> None:
    assert answer(db, "q19", "partly", "in negotiation").code == 0
    more = ("--source", "contract", "--url", "https://c.example/1", "--tier", "Enterprise",
            "--as-of", "2024-03-02", "--valid-until", "2098-01-01", "--note", "clause 4")  # fmt: skip
    assert answer(db, "Q19", "yes", "signed", *more).code == 0
    found = answers_of(db)["Q19"]
    assert (found["state"], found["standing"]) == ("yes", "answered")
    spoken = {key: found["answered"][key] for key in ("value", "source_kind", "url", "plan_tier",
              "as_of", "valid_until", "note", "by")}  # fmt: skip
    assert spoken == {
        "value": "signed", "source_kind": "contract", "url": "https://c.example/1",
        "plan_tier": "Enterprise", "as_of": "2024-03-02", "valid_until": "2098-01-01",
        "note": "clause 4", "by": "Ana Ruiz",
    }  # fmt: skip
    assert [one["about"] for one in found["statements"]] == ["terms", "dpa", "url_privacy"]
    assert gnomon("doctor", "--verify", "--db", db).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Q99", "yes", "x"), "is no question"),
        (("Q10", "no", ""), "it needs a text or a note"),
        (("Q10", "no", "x", "--as-of", "2199-01-01"), "has not come yet"),
        (("Q10", "no", "x" * 4_001), "more than 4,000 characters"),
        (("Q10", "no", "x", "--seen", "99"), "is not in this database"),
    ],
)
def test_an_answer_that_cannot_stand_is_refused(
    db: Path, arguments: tuple[str, ...], told: str
) -> None:
    ran = answer(db, *arguments)
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert review(db)["version"] == 0


def test_nobody_overrules_an_answer_unseen(db: Path) -> None:
    assert answer(db, "Q10", "yes", "first").code == 0
    ran = answer(db, "Q10", "no", "second", "--seen", "0")
    assert (ran.code, "Ana Ruiz said yes" in ran.err) == (1, True)
    assert answer(db, "Q11", "no", "another question", "--seen", "0").code == 0
    assert answers_of(db)["Q10"]["answered"]["value"] == "first"


@pytest.mark.parametrize(
    ("verdict", "more", "told"),
    [
        ("approve", (), "needs a review date"),
        ("exit", (), "needs a review date"),
        ("approve", ("--review-due", "2020-01-01"), "is past"),
        ("restrict", ("--review-due", LATER), "needs conditions"),
        ("approve-with-conditions", ("--review-due", LATER), "needs conditions"),
    ],
)
def test_a_decision_needs_its_day_and_its_limits(
    db: Path, verdict: str, more: tuple[str, ...], told: str
) -> None:
    ran = decide(db, verdict, *more)
    assert (ran.code, told in ran.err) == (2, True), ran.err


def test_a_decision_is_in_the_review_and_in_the_record_of_its_systems(db: Path) -> None:
    ran = decide(db, "restrict", "--review-due", LATER, "--conditions", "no customer data")
    assert ran.code == 0, ran.err
    found = review(db)
    assert (found["state"], found["decision"]["verdict"], found["next_due"], found["triggers"]) == (
        "decided", "restricted", LATER, [],
    )  # fmt: skip
    assert answers_of(db)["Q36"]["answered"]["value"] == "restricted"
    record = gnomon("inventory", "record", "OpenAI API", "--format", "json", "--db", db).json()
    said = record["fields"]["supplier_review_ref"]["value"]
    assert [(one["supplier"], one["verdict"]) for one in said] == [("openai", "restricted")]
    rows = gnomon("report", "suppliers", "--as", "json", "--db", db).json()["data"]["suppliers"]
    (row,) = [one for one in rows if one["id"] == "openai"]
    assert (row["state"], row["decided_by"], row["next_due"]) == ("decided", "Ana Ruiz", LATER)


def causes(db: Path) -> list[tuple[str, list[str]]]:
    found = review(db)
    assert found["state"] == ("in_review" if found["triggers"] else "decided")
    return [(one["cause"], one["what"]) for one in found["triggers"]]


def test_what_changes_after_a_decision_makes_a_review_due(db: Path) -> None:
    """A new product, a new scope, another model, a fact that says something else, an incident."""
    with Reader(db, read_only=True) as store:
        whole = store.latest_decisions("supplier:")
    assert whole == {}
    assert decide(db, "approve", "--review-due", LATER).code == 0
    assert causes(db) == []
    basis = _basis(db)
    _decide_on(db, {**basis, "systems": basis["systems"][1:]})
    assert [one for one, _ in causes(db)] == ["new_product"]
    _decide_on(db, {**basis, "reach": ["mail"]})
    assert [one for one, _ in causes(db)] == ["new_reach"]
    _decide_on(db, {**basis, "models": ["gpt-3"]})
    assert causes(db) == [("model_changed", ["gpt-3", "gpt-4o", "gpt-4o-mini"])]
    other = [one for one in basis["facts"] if not one.startswith("retention")]
    _decide_on(db, {**basis, "facts": [*other, "retention:0123456789ab"]})
    assert causes(db) == [("fact_changed", ["retention"])]
    _decide_on(db, basis)
    ran = suppliers(db, "set", "openai", "incidents", "INC-7", *WHO, "--reason", "told us")
    assert ran.code == 0, ran.err
    assert causes(db) == [("incident", ["INC-7"])]


def _basis(db: Path) -> dict[str, list[str]]:
    with Reader(db, read_only=True) as store:
        return dict(store.latest_decisions("supplier:")["supplier:openai"].value["basis"])


def _decide_on(db: Path, basis: dict[str, list[str]]) -> None:
    from datetime import UTC, datetime

    from scanner.inventory.supplier_answering import decide as record
    from scanner.inventory.supplier_review import Verdict
    from scanner.store import Store

    with Store(db) as store:
        record(
            store, "openai", Verdict.APPROVED, "needed", "Ana Ruiz", datetime.now(UTC), basis,
            {"openai"}, datetime(2099, 1, 31, tzinfo=UTC),
        )  # fmt: skip


def test_a_certificate_that_ends_soon_makes_a_review_due(db: Path) -> None:
    assert decide(db, "approve", "--review-due", LATER).code == 0
    more = ("--source", "certificate", "--valid-until", "2098-01-01")
    assert answer(db, "Q17", "partly", "ISO/IEC 27001", *more).code == 0
    assert causes(db) == []
    assert answer(db, "Q17", "partly", "ISO/IEC 27001", *more[:3], "2024-12-01").code == 0
    assert causes(db) == [("certificate_ends", ["ISO/IEC 27001"])]


def test_who_does_what_is_a_proposal_until_a_person_agrees(db: Path) -> None:
    before = {one["activity"]: one for one in review(db)["responsibilities"]}
    assert before["logs"]["proposed"] == {"embedded_in_saas": "shared", "llm_api": "shared"}
    assert {one["agreed"] for one in before.values()} == {None}
    who = (*WHO, "--reason", "call of 3 March")
    assert suppliers(db, "set", "openai", "activity.logs", "us", *who).code == 0
    after = {one["activity"]: one["agreed"] for one in review(db)["responsibilities"]}
    assert {name: one for name, one in after.items() if one} == {"logs": "us"}
    assert suppliers(db, "set", "openai", "activity.logs", "they", *who).code == 2
    assert suppliers(db, "set", "openai", "activity.logs", "--withdraw", *who).code == 0
    assert {one["agreed"] for one in review(db)["responsibilities"]} == {None}


def test_our_products_that_customers_may_meet_are_listed(db: Path) -> None:
    named = {one["id"]: one["name"] for one in review(db)["systems"]}
    assert sorted(named[one] for one in review(db)["customers"]) == [
        "@harbour/site-notes", "quote-desk",
    ]  # fmt: skip
    who = (*WHO, "--reason", "asked the owner")
    ran = gnomon("inventory", "set", "quote-desk", "customer_facing", "no", *who, "--db", db)
    assert ran.code == 0
    assert [named[one] for one in review(db)["customers"]] == ["@harbour/site-notes"]


def questionnaire(db: Path, style: str, language: str = "en") -> Path:
    file = db.with_name(f"q-{language}.{style}")
    ran = suppliers(db, "questionnaire", "openai", file, "--lang", language)
    assert ran.code == 0, ran.err
    return file


def fill_workbook(file: Path, language: str, **rows: tuple[str, str]) -> Path:
    import openpyxl  # type: ignore[import-untyped]

    texts = Texts(language)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        filled = rows.get(str(sheet.cell(row, 1).value), ())
        for name, text in zip(("state", "answer"), filled, strict=False):
            sheet.cell(row, places[texts(f"questionnaire.column.{name}")]).value = text
    book.save(file)
    return file


def fill_document(file: Path, _language: str, **rows: tuple[str, str]) -> Path:
    import docx

    document = docx.Document(str(file))
    for table in document.tables:
        for row in table.rows:
            state, text = rows.get(row.cells[0].text, ("", ""))
            if state:
                row.cells[2].text, row.cells[3].text = state, text
    document.save(str(file))
    return file


FILLS: dict[str, Callable[..., Path]] = {"xlsx": fill_workbook, "docx": fill_document}


@pytest.mark.parametrize("style", FILLS)
@pytest.mark.parametrize(("language", "state"), [("en", "Partly"), ("fr", "en partie")])
def test_a_questionnaire_goes_out_and_comes_back(
    db: Path, style: str, language: str, state: str
) -> None:
    file = FILLS[style](questionnaire(db, style, language), language, Q22=(state, "two benchmarks"))
    ran = suppliers(db, "import", "openai", file, *WHO, "--format", "json")
    assert ran.code == 0, ran.err
    assert [(one["question"], one["result"]) for one in ran.json()] == [("Q22", "recorded")]
    found = answers_of(db)["Q22"]
    assert (found["state"], found["answered"]["source_kind"]) == ("partly", "vendor_answer")
    with Reader(db, read_only=True) as store:
        (made,) = store.decisions_on("supplier:openai")
    assert (made.by, made.value["file"]["name"], len(made.value["file"]["sha256"])) == (
        "Ana Ruiz", file.name, 64,
    )  # fmt: skip
    again = suppliers(db, "import", "openai", file, *WHO, "--format", "json")
    assert [one["result"] for one in again.json()] == ["stands already"]


@pytest.mark.parametrize("style", FILLS)
def test_what_we_observed_does_not_go_out(db: Path, style: str) -> None:
    file = questionnaire(db, style)
    if style == "xlsx":
        said = " ".join(str(cell.value) for cell in cells_of(file.read_bytes()))
    else:
        import docx

        cells = (cell for one in docx.Document(str(file)).tables for cell in one._cells)
        said = " ".join(cell.text for cell in cells)
    assert "openai.com/enterprise-privacy" in said
    for ours in ("quote-desk", "Sales", "people", "accounts/", "gmail.readonly", "of 27 AI"):
        assert ours not in said, ours
    asked = {one.id for one in questions() if one.asks is Asks.SUPPLIER}
    assert {one for one in said.split() if one.startswith("Q") and len(one) == 3} == asked


def test_a_row_with_an_error_keeps_all_from_being_recorded(db: Path) -> None:
    file = fill_workbook(
        questionnaire(db, "xlsx"), "en",
        Q05=("yes", "GPT-4o"), Q08=("perhaps", "x"), Q09=("", "no state"), Q13=("yes", "=1+1"),
    )  # fmt: skip
    ran = suppliers(db, "import", "openai", file, *WHO, "--format", "json")
    assert ran.code == 1
    results = {one["question"]: one["result"] for one in ran.json()}
    assert results == {"Q05": "held back", "Q08": "error", "Q09": "error", "Q13": "error"}
    assert review(db)["version"] == 0


def test_what_was_answered_since_is_a_conflict_and_the_rest_is_recorded(db: Path) -> None:
    file = fill_workbook(
        questionnaire(db, "xlsx"), "en", Q05=("yes", "GPT-4o"), Q07=("yes", "system card")
    )
    assert answer(db, "Q05", "no", "they did not say").code == 0
    ran = suppliers(db, "import", "openai", file, *WHO, "--format", "json")
    assert ran.code == 1
    results = {one["question"]: one["result"] for one in ran.json()}
    assert results == {"Q05": "conflict", "Q07": "recorded"}
    assert answers_of(db)["Q05"]["state"] == "no"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("anthropic/Q05/0", "about anthropic"),
        ("openai/Q02/0", "not for the supplier"),
        ("openai/Q77/0", "not for the supplier"),
        ("=openai", "not as it was sent out"),
        ("openai/Q05/999", "is not in this database"),
    ],
)
def test_a_reference_that_was_changed_is_an_error(db: Path, reference: str, told: str) -> None:
    file = db.with_suffix(".csv")
    file.write_text(f"Reference,State,Your answer\n{reference},yes,x\n")
    ran = suppliers(db, "import", "openai", file, *WHO, "--format", "json")
    assert (ran.code, [one["result"] for one in ran.json()]) == (1, ["error"])
    assert told in ran.json()[0]["detail"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlsx", b"PK\x03\x04nonsense"), ("x.docx", b""), ("x.csv", b"a,b\n1,2\n"), ("x", b"\0\1")],
)
def test_a_file_that_is_no_questionnaire_is_told(db: Path, name: str, content: bytes) -> None:
    file = db.with_name(name)
    file.write_bytes(content)
    ran = suppliers(db, "import", "openai", file, *WHO)
    assert (ran.code, name in ran.err) == (2, True), ran.err


def test_what_a_supplier_writes_stays_text(db: Path) -> None:
    said = '=HYPERLINK("http://x") <script>alert(1)</script>'
    file = db.with_suffix(".csv")
    row = ["openai/Q05/0", "yes", said, "javascript:alert(1)"]
    out = io.StringIO()
    import csv

    csv.writer(out).writerows([["Reference", "State", "Your answer", "Document or address"], row])
    file.write_text(out.getvalue())
    assert suppliers(db, "import", "openai", file, *WHO).code == 0
    page = gnomon("report", "supplier", "openai", "--as", "html", "--db", db).out
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page
    again = questionnaire(db, "xlsx")
    assert all(cell.data_type != "f" for cell in cells_of(again.read_bytes()))


def test_a_review_waits_from_the_day_it_was_sent_until_an_answer(db: Path) -> None:
    assert review(db)["state"] == "not_started"
    sent = ("set", "openai", "questionnaire_sent", "2026-11-20", *WHO, "--reason", "by mail")
    assert suppliers(db, *sent).code == 0
    assert review(db)["state"] == "waiting_supplier"
    assert answer(db, "Q05", "yes", "GPT-4o").code == 0
    assert review(db)["state"] == "in_review"


def test_a_decision_that_was_changed_in_the_database_is_told(db: Path) -> None:
    assert answer(db, "Q05", "yes", "GPT-4o").code == 0
    with sqlite3.connect(db) as store:
        store.execute("DROP TRIGGER decision_is_never_changed")
        store.execute("UPDATE decision SET verdict = 'no' WHERE act = 'answer'")
    store.close()
    assert gnomon("doctor", "--verify", "--db", db).code != 0


def test_show_says_where_the_review_stands(db: Path) -> None:
    assert decide(db, "reject").code == 0
    shown = suppliers(db, "show", "openai", "--format", "json")
    told = json.loads(shown.out)["review"]
    assert (told["state"], told["decision"], len(told["answers"])) == ("decided", "rejected", 36)
