"""The record: forty fields, each value with whose it is, what says so, and when; none ever empty."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scanner.config import Config
from scanner.errors import UsageError
from scanner.inventory.controls import CONTROLS, controls_of
from scanner.inventory.record import Record, records, set_field
from scanner.inventory.record_fields import BY_NAME, SETTABLE, SPECS, flaw_of, said, schema
from scanner.inventory.record_values import DRAWS
from scanner.model import Act, Decision, RoleClaim, RoleStatus
from scanner.store import Store
from tests.running import ROOT, SQUID, gnomon
from tests.support import at, the_base

NOW = at("2026-11-21T12:00:00Z")
PACKAGE = '{"name": "quote-desk", "dependencies": {"openai": "^4.0.0"}, "scripts": {"start": "x"}}'


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "access.log").write_bytes(SQUID)
    (tmp_path / "quote-desk").mkdir()
    (tmp_path / "quote-desk" / "package.json").write_text(PACKAGE)
    (tmp_path / "quote-desk" / "index.js").write_text('import OpenAI from "openai";\n')
    assert gnomon("scan", "access.log", "quote-desk", "--db", "g.db").code == 0
    return tmp_path / "g.db"


def the(db: Path, name: str = "OpenAI API") -> Record:
    with Store(db) as store:
        found = records(store, the_base().matcher, Config(db=str(db)), NOW)
    return next(one for one in found if one.name == name)


def put(db: Path, field: str, *values: str, by: str = "Ana") -> None:
    with Store(db) as store:
        set_field(store, the(db).system, field, values, "because", by, NOW)


def test_there_are_forty_fields_and_each_is_filled_somehow() -> None:
    assert {one.number for one in SPECS} == set(range(1, 41))
    assert len(BY_NAME) == len(SPECS)
    assert set(DRAWS) <= set(BY_NAME)
    assert [one.name for one in SPECS if one.name not in DRAWS and not one.is_settable] == []


def test_no_value_is_empty_and_each_says_whose_it_is(db: Path) -> None:
    for name in ("OpenAI API", "quote-desk"):
        for one in the(db, name).values:
            assert one.value not in (None, "", [], {}), one.name
            assert one.source
            assert one.origin in BY_NAME[one.name].by
            assert one.at is not None or one.state != "known", one.name
            assert one.value == one.state or one.state == "known"


def test_values_of_each_origin(db: Path) -> None:
    found = the(db)
    told = {
        name: (found[name].value, found[name].origin.value, found[name].state.value)
        for name in (
            "name",
            "vendor_id",
            "hits",
            "origin_class",
            "purpose",
            "plan_tier",
            "channels",
        )
    }
    assert told == {
        "name": ("OpenAI API", "catalogue", "known"),
        "vendor_id": (["openai"], "catalogue", "known"),
        "hits": (1, "detected", "known"),
        "origin_class": (["llm_api"], "computed", "known"),
        "purpose": ("missing", "person", "missing"),
        "plan_tier": ("unknown", "detected", "unknown"),
        "channels": (["proxy"], "detected", "known"),
    }
    assert found["hits"].at == found["last_seen"].value
    assert found["hits"].evidence
    assert found["catalogue_version"].value


def test_what_is_built_has_its_components(db: Path) -> None:
    found = the(db, "quote-desk")
    assert {one["product"] for one in found["components"].value} == {"openai/openai-api"}
    assert found["components"].evidence
    assert found["technique_class"].value == ["generative"]
    assert found["approval_status"].value == "new"


def test_the_document_is_as_its_schema_says(db: Path) -> None:
    put(db, "data_inputs", "contracts", "mail")
    checker = jsonschema.Draft202012Validator(schema())
    for name in ("OpenAI API", "quote-desk"):
        ran = gnomon("inventory", "record", name, "--db", db, "--format", "json")
        assert [one.message for one in checker.iter_errors(ran.json())] == []


def test_the_schema_refuses_what_is_no_record(db: Path) -> None:
    ran = gnomon("inventory", "record", "OpenAI API", "--db", db, "--format", "json").json()
    checker = jsonschema.Draft202012Validator(schema())
    for name, value in (("ai_act_role", "king"), ("purpose", ""), ("owner", None), ("tags", [""])):
        changed = json.loads(json.dumps(ran))
        changed["fields"][name] |= {"value": value, "state": "known"}
        assert not checker.is_valid(changed), name
    del ran["fields"]["purpose"]
    assert not checker.is_valid(ran)


def test_the_published_schema_is_this_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    file = ROOT / "docs" / "record.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == schema()


def test_a_persons_word_goes_before_evidence_which_stays_beside_it(db: Path) -> None:
    before = the(db)["deployment_environment"]
    assert (before.value, before.origin) == (["saas"], "computed")
    put(db, "deployment_environment", "prod", "staging")
    after = the(db)["deployment_environment"]
    assert (after.value, after.origin, after.by, after.at, after.instead_of) == (
        ["prod", "staging"], "person", "Ana", NOW, ["saas"],
    )  # fmt: skip
    put(db, "deployment_environment", by="Ben")
    assert the(db)["deployment_environment"].value == ["saas"]


def test_the_newest_word_counts_and_all_stay_on_the_record(db: Path) -> None:
    put(db, "purpose", "drafts mails")
    put(db, "purpose", "drafts answers", by="Ben")
    found = the(db)
    assert (found["purpose"].value, found["purpose"].by) == ("drafts answers", "Ben")
    assert [one["by"] for one in found["history"].value] == ["Ben", "Ana"]


def test_what_is_stored_and_no_value_of_the_field_is_not_believed(db: Path) -> None:
    system = the(db).system
    for value in ("king", 7, None, ["provider"], {"a": 1}):
        with Store(db) as store:
            store.decide(
                Decision(system, "said", "why", "Eve", NOW, act=Act.FIELD,
                         value={"field": "ai_act_role", "value": value})
            )  # fmt: skip
        assert the(db)["ai_act_role"].state == "missing"


def test_decisions_show_in_the_record(db: Path) -> None:
    told = ("--by", "Ana", "--reason", "why", "--db", db)
    gnomon("review", "decide", "OpenAI API", "approved", "--review-due", "2030-01-01", *told)
    gnomon("review", "scope", "OpenAI API", "in", *told)
    gnomon("inventory", "owner", "OpenAI API", "Zoe", *told)
    gnomon("inventory", "confirm-role", "OpenAI API", "producer", *told)
    found = the(db)
    assert (found["approval_status"].value, found["approval_status"].by) == ("approved", "Ana")
    assert found["approval"].value["by"] == "Ana"
    assert found["review_due"].value == at("2030-01-01T00:00:00Z")
    assert (found["scope_43"].value["scope"], found["scope_43"].origin) == ("in", "person")
    assert (found["owner"].value["person"], found["owner"].by) == ("Zoe", "Ana")
    assert found["used_before_approval"].value is True
    assert "A.6.2.5" in found["annex_a_controls"].value
    roles = {one["role"]: one["status"] for one in found["roles_22989"].value}
    assert roles["producer"] == "confirmed"


def test_triage_counts_no_unknown_as_bad(db: Path) -> None:
    before = the(db)["risk_triage"].value
    assert before["unknowns"]
    assert sum(one["points"] for one in before["factors"]) == before["score"]
    put(db, "affects_individuals", "yes")
    put(db, "customer_facing", "yes")
    after = the(db)["risk_triage"].value
    assert after["score"] == before["score"] + 5
    assert set(before["unknowns"]) - set(after["unknowns"]) == {
        "affects_individuals", "customer_facing",
    }  # fmt: skip


def test_the_same_input_gives_the_same_record(db: Path) -> None:
    assert the(db) == the(db)


@pytest.mark.parametrize(
    ("field", "values", "expected"),
    [
        ("purpose", (" drafts mails ",), "drafts mails"),
        ("ai_subjects", ("staff", "customers", "staff"), ["staff", "customers"]),
        ("oversight", ("in_the_loop",), "in_the_loop"),
        ("impact_assessment_due", ("2027-01-31",), "2027-01-31"),
        ("data_inputs", ("mail",), [{"class": "mail"}]),
        ("customer_facing", ("Yes",), "yes"),
        ("oversight", ("In the loop",), "in_the_loop"),
        ("deployment_environment", ("PROD", "prod"), ["prod"]),
        ("purpose", ("Yes",), "Yes"),
    ],
)
def test_what_a_person_gives_becomes_json(
    field: str, values: tuple[str, ...], expected: Any
) -> None:
    assert said(field, values) == expected
    assert flaw_of(BY_NAME[field], expected) == ""


@pytest.mark.parametrize(
    ("field", "values", "why"),
    [
        ("king", ("x",), "king is no field of the record"),
        ("owner", ("Ana",), "use `gnomon inventory owner`"),
        ("hits", ("3",), "hits is not set by hand"),
        ("purpose", (" ",), "purpose needs a value"),
        ("purpose", ("two", "words"), "purpose is one value, and not 2"),
        ("purpose", ("x" * 4001,), "more than 4,000 characters"),
        ("oversight", ("maybe",), "oversight is one of in_the_loop"),
        ("deployment_environment", ("prod", "moon"), "and not 'moon'"),
        ("impact_assessment_due", ("31.1.2027",), "a day such as 2027-01-31"),
        ("tags", tuple(map(str, range(201))), "tags is a list of 1 to 200 texts"),
    ],
)
def test_what_is_no_value_is_refused_in_words(
    field: str, values: tuple[str, ...], why: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(why)):
        said(field, values)


def test_every_settable_field_takes_a_value(db: Path) -> None:
    given = {"day": "2027-01-31"}
    for name in SETTABLE:
        spec = BY_NAME[name]
        value = spec.values[0] if spec.values else given.get(spec.kind, "some text")
        ran = gnomon(
            "inventory", "set", "OpenAI API", name, value, "--by", "A", "--reason", "b", "--db", db
        )
        assert ran.code == 0, ran.err
    found = the(db)
    assert {found[name].origin.value for name in SETTABLE} == {"person"}


def test_the_command_needs_a_value_or_says_that_it_is_withdrawn(db: Path) -> None:
    told = ("--by", "Ana", "--reason", "why", "--db", db)
    for arguments in (("purpose",), ("purpose", "x", "--withdraw")):
        ran = gnomon("inventory", "set", "OpenAI API", *arguments, *told)
        assert (ran.code, "give a value, or --withdraw" in ran.err) == (2, True)
    gnomon("inventory", "set", "OpenAI API", "purpose", "x", *told)
    ran = gnomon("inventory", "set", "OpenAI API", "purpose", "--withdraw", *told)
    assert (ran.code, ran.out) == (0, "OpenAI API: purpose is withdrawn\n")
    assert the(db)["purpose"].state == "missing"


def test_the_table_says_what_is_missing(db: Path) -> None:
    ran = gnomon("inventory", "record", "OpenAI API", "--db", db)
    assert ran.code == 0
    assert " values are for people to give: purpose, intended_use" in ran.out
    hostile = "\x1b[2Jx"
    put(db, "notes", hostile)
    assert "\x1b" not in gnomon("inventory", "record", "OpenAI API", "--db", db).out


def test_controls_follow_roles() -> None:
    assert len(CONTROLS) == len(set(CONTROLS)) == 38
    customer = controls_of([RoleClaim("customer", "user", 0.9)])
    assert "A.10.3" in customer
    assert "A.6.2.5" not in customer
    assert controls_of([RoleClaim("provider", "", 0.9, status=RoleStatus.REJECTED)]) == []
    assert "A.10.4" in controls_of([RoleClaim("provider", "", 0.9)])
    assert "A.7.2" in controls_of([RoleClaim("producer", "developer", 0.9)])
