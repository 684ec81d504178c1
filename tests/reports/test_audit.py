"""What an auditor tripped over: each a statement that was false, or read as something else."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from reports.deciding import said_of
from reports.reasons import scope_reason
from reports.sources import blind_spots, is_anything_read, logged
from reports.texts import Texts
from scanner.inventory.scope import BY_DEFAULT, NO_RULE
from scanner.model import Act, SourceState, TimeQuality
from scanner.store import Reader
from tests.reports.making import all_reports, material
from tests.running import EXAMPLE, gnomon
from tests.support import at

EN, FR = Texts("en"), Texts("fr")


@pytest.fixture
def db(example: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "x.db"
    copy.write_bytes(example.read_bytes())
    copy.with_suffix(".key").write_bytes(example.with_suffix(".key").read_bytes())
    return copy


def done(db: Path, *arguments: object, by: str = "Ines", reason: str = "asked") -> None:
    ran = gnomon(*arguments, "--by", by, "--reason", reason, "--db", db)
    assert ran.code == 0, ran.err


def markdown(db: Path, *report: str) -> str:
    return gnomon("report", *report, "--as", "md", "--db", db).out


def row_of(text: str, *names: str) -> list[str]:
    """Return the cells of the first row of a table that begins so."""
    row = next(line for line in text.splitlines() if line.startswith(f"| {' | '.join(names)}"))
    return [cell.strip() for cell in row.strip("|").split("|")]


def a_source(name: str, **values: Any) -> dict[str, Any]:
    """Return a source as the store's coverage has it."""
    return {
        "name": name, "format": "squid", "state": SourceState.COMPLETE, "reason": None,
        "notes": [], "read": 1, "parsed": 1, "rejected": 0, "screened": 0,
        "time_quality": TimeQuality.NONE, "first": None, "last": None, **values,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("act", "verdict", "value", "said"),
    [
        (Act.REVIEW, "rejected", {}, "rejected"),
        (Act.ROLE, "rejected", {"role": "provider"}, "AI provider: rejected"),
        (Act.SCOPE, "out", {"code": "immaterial"}, "scope: out of scope"),
        (Act.OWNER, "confirmed", {"owner": "ana@x.example"}, "answers for it: ana@x.example"),
        (Act.FIELD, "said", {"field": "deployment_environment", "value": ["prod"]},
         "Where it runs: production"),
        (Act.FIELD, "withdrawn", {"field": "purpose", "value": ""}, "Purpose: taken back"),
        (Act.ANSWER, "no", {"question": "Q34", "value": "no export"}, "Q34: no, no export"),
        (Act.CONTROL, "not_applicable", {}, "not applicable"),
    ],
)  # fmt: skip
def test_a_decision_says_of_what_it_is(
    act: Act, verdict: str, value: dict[str, Any], said: str
) -> None:
    assert said_of(act, verdict, value, EN) == said


def test_a_rejected_role_is_no_rejected_system(db: Path) -> None:
    done(db, "inventory", "reject-role", "Claude", "provider")
    decided = markdown(db, "changes").split("## What was decided")[1]
    assert "| Claude | AI provider: rejected | Ines | asked |" in decided
    assert "| Claude | rejected |" not in decided
    assert "AI provider: rejected" in markdown(db, "evidence", "Claude")


def test_what_people_said_goes_before_evidence_in_the_scope(db: Path) -> None:
    before = row_of(markdown(db, "scope"), "quote-desk \\*")
    done(db, "inventory", "set", "quote-desk", "deployment_environment", "prod")
    after = row_of(markdown(db, "scope"), "quote-desk \\*")
    assert (before[4], after[4]) == ("not known", "production")


def test_who_would_decide_is_marked_until_somebody_confirmed_it(db: Path) -> None:
    undecided = markdown(db, "scope").split("## 10.")[1]
    assert row_of(undecided, "Anthropic API")[1] == "lena.fischer@harbour-pine.example?"
    done(db, "inventory", "owner", "Anthropic API", "lena.fischer@harbour-pine.example")
    undecided = markdown(db, "scope").split("## 10.")[1]
    assert row_of(undecided, "Anthropic API")[1] == "lena.fischer@harbour-pine.example"


def test_that_the_catalogue_knows_no_models_of_a_supplier_is_no_no(db: Path) -> None:
    interfaces = markdown(db, "scope").split("## 8.")[1]
    assert row_of(interfaces, "OpenAI")[4] == "yes"
    assert row_of(interfaces, "Otter.ai")[4] == "not known"


def test_none_is_used_before_an_approval_that_there_is_not(example: Path, tmp_path: Path) -> None:
    assert "1 of 1 approved ones used before that" in markdown(example, "scope")
    log = tmp_path / "dnsmasq.log"
    log.write_text("Nov 16 08:00:01 dnsmasq[1]: query[A] chatgpt.com from 10.0.0.7\n" * 3)
    assert gnomon("scan", log, "--year", "2026", "--db", tmp_path / "x.db").code == 0
    assert "none of them is approved yet" in markdown(tmp_path / "x.db", "scope")


def test_a_date_in_a_list_is_no_day_on_which_the_network_was_watched() -> None:
    year, day = at("2025-04-01T00:00:00Z"), at("2026-11-20T08:00:00Z")
    sources = [
        a_source("accounts.csv", format="Expenses", first=year, last=year),
        a_source("squid.log", first=day, last=day),
    ]
    assert logged(sources) == (day, day)
    assert logged(sources[:1]) is None


def test_a_head_says_when_the_network_was_watched(example: Path) -> None:
    head = gnomon("report", "brief", "--as", "json", "--db", example).json()["head"]
    assert head["period"][0] == "2025-04-01T00:00:00Z"
    assert head["logs"][0].startswith("2026-11-16")


def test_a_source_that_a_person_removed_says_nothing_of_the_others() -> None:
    gone = a_source("squid.log", state=SourceState.SKIPPED, reason="forgotten: a guest network")
    left_out = a_source("entra X", format="X", state=SourceState.SKIPPED, reason="not asked for")
    assert blind_spots([gone], EN) == blind_spots([], EN)
    assert any("1 of 1" in what for what, _ in blind_spots([gone, left_out], EN))
    assert not is_anything_read([gone, left_out])
    assert is_anything_read([gone, a_source("dns.log", state=SourceState.PARTIAL)])


def test_a_source_that_is_read_again_is_no_longer_told_as_removed(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(db, "sources", "forget", "logs/unbound.log")
    said = "| logs/unbound.log | Removed from the evidence by a person |"
    assert said in markdown(db, "coverage")
    assert row_of(markdown(db, "coverage"), "logs/unbound.log")[2] == "removed by a person"
    monkeypatch.setenv("GNOMON_CONFIG", str(EXAMPLE / "gnomon.toml"))
    assert gnomon("scan", "--db", db).code in (0, 4)
    assert said not in markdown(db, "coverage")


def test_where_nothing_could_be_read_nothing_was_found_is_not_said(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "README").write_text("x\n")
    gnomon("scan", notes, "--db", tmp_path / "x.db")
    text = markdown(tmp_path / "x.db", "brief")
    assert "Nothing was looked at" in text
    assert "No AI system was found" not in text


def test_an_account_that_names_nobody_is_no_user(example: Path) -> None:
    row = row_of(markdown(example, "evidence", "CodeRabbit"), "accounts/github.ndjson Installed")
    assert row[:3] + row[4:6] == [
        "accounts/github.ndjson Installed GitHub Apps", "list of applications", "allowed", "0", "0",
    ]  # fmt: skip


def test_people_of_no_known_unit_are_counted_too(example: Path) -> None:
    units = next(
        line
        for line in markdown(example, "evidence", "ChatGPT").splitlines()
        if "People of" in line
    )
    known = sum(int(part.rsplit(":", 1)[1]) for part in units.split("**: ")[1].split(";"))
    systems = gnomon("inventory", "list", "--db", example, "--format", "json").json()
    assert "unit not known" in units
    assert known == next(one["users"] for one in systems if one["name"] == "ChatGPT")


def test_a_candidate_is_called_as_it_calls_itself(example: Path) -> None:
    routine = markdown(example, "changes").split("## Routine")[1].split("## Lists")[0]
    assert "| MinuteMind AI Notetaker | new candidate |" in routine


def test_no_heading_is_empty(example: Path) -> None:
    with Reader(example, read_only=True) as store:
        for report in all_reports():
            if "md" in report.outputs:
                text = report.outputs["md"].write(material(store, report))
                assert "\n## \n" not in str(text), report.name


def test_a_product_that_nobody_was_seen_using_is_not_told_as_used(example: Path) -> None:
    text = gnomon("report", "register", "--as", "omb-cots", "--db", example).out
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    said = {
        one["Name of Commercial Product or Service Used"]: one["Agency Use (Y/N)?"] for one in rows
    }
    assert (said["ChatGPT"], said["ElevenLabs"], said["Botpress"]) == ("Y", "Y", "")


def test_the_first_of_a_month_has_its_own_number_in_french() -> None:
    assert [FR.day(at(f"2026-03-{day}T00:00:00Z")) for day in ("01", "02", "11")] == [
        "1er mars 2026", "2 mars 2026", "11 mars 2026",
    ]  # fmt: skip
    assert EN.day(at("2026-03-01T00:00:00Z")) == "1 Mar 2026"


def test_reasons_are_framed_in_the_language_of_the_reader() -> None:
    assert scope_reason(NO_RULE, FR) == "aucune de nos règles ne dit où il se place"
    assert scope_reason(f"{BY_DEFAULT}may reach mail", FR) == "inclus d’office : may reach mail"
    assert scope_reason("written otherwise", FR) == "written otherwise"
