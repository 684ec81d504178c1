"""The example organisation: its record, its owners, and its own register beside what evidence shows."""

import shutil
from pathlib import Path

import jsonschema
import pytest

from scanner.inventory.record_fields import SPECS, schema
from tests.running import ROOT, gnomon

EXAMPLE = ROOT / "examples" / "harbour-and-pine"
PEOPLE = """Name,E-mail,Department,Manager,Active
Rosa Vance,rosa@harbour-pine.example,Leadership,,yes
Ada Brook,ada@harbour-pine.example,Design,Rosa Vance,yes
"""


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    (folder / "people.csv").write_text(PEOPLE)
    sources = [EXAMPLE / name for name in ("logs", "code", "accounts")]
    gnomon("scan", *sources, folder / "people.csv", "--year", "2026", "--db", folder / "g.db")
    return folder / "g.db"


def test_every_system_has_a_whole_record(db: Path) -> None:
    systems = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    checker = jsonschema.Draft202012Validator(schema())
    assert len(systems) > 10
    for one in systems[::4]:
        found = gnomon("inventory", "record", one["id"], "--db", db, "--format", "json").json()
        assert [error.message for error in checker.iter_errors(found)] == []
        assert set(found["fields"]) == {spec.name for spec in SPECS}


def test_most_systems_have_somebody_to_ask(db: Path) -> None:
    rows = gnomon("inventory", "owners", "--db", db, "--format", "json").json()
    assert {one["status"] for one in rows} == {"candidate", "nobody"}
    for one in rows:
        ranks = [(each["has_left"], -each["confidence"]) for each in one["candidates"]]
        assert ranks == sorted(ranks)
        assert all(each["why"] and each["reasons"] for each in one["candidates"])


def test_its_register_is_reconciled(db: Path) -> None:
    register = EXAMPLE / "accounts" / "applications.csv"
    rows = gnomon("inventory", "reconcile", register, "--db", db, "--format", "json").json()
    systems = {
        one["id"] for one in gnomon("inventory", "list", "--db", db, "--format", "json").json()
    }
    told = {status: [one for one in rows if one["status"] == status] for status in
            ("in_both", "proposed", "ambiguous", "not_registered", "never_seen")}  # fmt: skip
    assert sum(map(len, told.values())) == len(rows)
    registered = {id_ for one in told["in_both"] for id_ in one["systems"]}
    assert registered
    missing = {id_ for one in told["not_registered"] for id_ in one["systems"]}
    assert missing == systems - registered
    assert all(one["note"] for one in told["never_seen"])


def test_what_a_person_said_survives_the_next_scan(db: Path, tmp_path: Path) -> None:
    for suffix in (".db", ".key"):
        shutil.copy(db.with_suffix(suffix), tmp_path)
    db = tmp_path / db.name
    system = gnomon("inventory", "list", "--db", db, "--format", "json").json()[0]["id"]
    told = ("--by", "Rosa", "--reason", "asked the team", "--db", db)
    assert gnomon("inventory", "set", system, "purpose", "drafts mails", *told).code == 0
    assert gnomon("inventory", "owner", system, "rosa@harbour-pine.example", *told).code == 0
    gnomon("scan", EXAMPLE / "logs", "--year", "2026", "--db", db)
    found = gnomon("inventory", "record", system, "--db", db, "--format", "json").json()["fields"]
    assert (found["purpose"]["value"], found["purpose"]["by"]) == ("drafts mails", "Rosa")
    assert found["owner"]["value"]["status"] == "confirmed"
