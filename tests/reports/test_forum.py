"""The forum pack, the impact sheets and the evidence of one system, as their readers ask."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.running import gnomon


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2027, 2, 1, tzinfo=UTC).timestamp())))


def data(db: Path, report: str, *arguments: object) -> Any:
    return gnomon("report", report, *arguments, "--as", "json", "--db", db).json()["data"]


def test_the_pack_tells_what_is_new_and_how_far_we_are(example: Path) -> None:
    pack = data(example, "changes", "--since", "2020-01-01")
    assert {"new_system", "new_supplier"} <= {one["kind"] for one in pack["changes"]}
    measures = pack["measures"]
    assert measures["systems"] > 20
    assert measures["owned"] == 0.0
    assert measures["decided"] == pytest.approx(1 / measures["systems"])
    assert measures["days_to_decision"] > 0


def test_an_approval_that_ends_soon_is_listed(example: Path) -> None:
    text = gnomon("report", "changes", "--as", "md", "--db", example).out
    ending = text[text.index("Approvals that end") :]
    assert "ChatGPT" in ending.split("Without a decision")[0]


def test_after_the_last_scan_nothing_is_new(example: Path) -> None:
    pack = data(example, "changes", "--since", "2027-01-31")
    assert [one["kind"] for one in pack["changes"] if one["kind"].startswith("new_")] == []


def test_every_system_in_the_scope_has_a_sheet_until_it_has_an_assessment(
    example: Path, tmp_path: Path
) -> None:
    db = tmp_path / "x.db"
    db.write_bytes(example.read_bytes())
    before = data(db, "impact")["systems"]
    assert before
    assert all(one["reference"] == "" for one in before)
    first = before[0]["system"]
    ran = gnomon(
        "inventory", "set", first, "impact_assessment_ref", "DOC-17",
        "--by", "M. Hale", "--reason", "assessed", "--db", db,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    after = {one["system"]: one["reference"] for one in data(db, "impact")["systems"]}
    assert after[first] == "DOC-17"
    page = gnomon("report", "impact", "--as", "html", "--db", db).out
    assert f'<section id="{first}"' not in page
    assert f'<section id="{before[1]["system"]}"' in page


def test_evidence_names_each_place_with_the_hash_of_its_source(example: Path) -> None:
    found = data(example, "evidence", "ChatGPT")
    (system,) = found["systems"]
    assert system["name"] == "ChatGPT"
    assert [one["verdict"] for one in system["decisions"]] == ["approved"]
    logs = [one for one in system["sights"] if one["source"].endswith("squid-access.log")]
    assert logs
    assert all(one["line"] and one["digest"] for one in logs)


def test_evidence_of_a_supplier_is_that_of_its_systems(example: Path) -> None:
    names = {one["name"] for one in data(example, "evidence", "OpenAI")["systems"]}
    assert {"ChatGPT", "OpenAI API", "quote-desk"} <= names


def test_nobody_by_that_name(example: Path) -> None:
    ran = gnomon("report", "evidence", "no such thing", "--db", example)
    assert ran.code == 2
    assert "no AI system is known as 'no such thing'" in ran.err
