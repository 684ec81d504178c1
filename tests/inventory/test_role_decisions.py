"""What people say of roles: recorded with who and why, kept by a rescan, shown where roles show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.running import SQUID, gnomon

_DAYS = b"".join(
    line.replace(b"1795226310", str(1795226310 + 86_400 * day).encode()) + b"\n"
    for day in range(3)
    for line in SQUID.splitlines()[:1]
)
_APP = """
[project]
name = "quote-desk"
dependencies = ["openai>=1.5"]
"""


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    (tmp_path / "access.log").write_bytes(_DAYS)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "pyproject.toml").write_text(_APP)
    db = tmp_path / "x.db"
    assert gnomon("scan", tmp_path / "access.log", tmp_path / "app", "--db", db).code == 0
    return db


def roles(db: Path, system: str) -> dict[str, tuple[Any, ...]]:
    rows = gnomon("inventory", "roles", system, "--db", db, "--format", "json").json()
    return {one["role"]: (one["confidence"], one["status"], one["by"]) for one in rows}


def test_roles_are_listed_with_rule_and_question(scanned: Path) -> None:
    rows = gnomon("inventory", "roles", "OpenAI API", "--db", scanned, "--format", "json").json()
    assert [(one["role"], one["sub_role"], one["rules"], one["question"]) for one in rows] == [
        ("customer", "user", ["R11"], "Which service is it, and who owns it?"),
        ("producer", "deployer", ["R11"], "Which service is it, and who owns it?"),
    ]
    assert all(one["evidence"] for one in rows)


def test_all_systems_have_their_roles_in_the_listing(scanned: Path) -> None:
    listed = gnomon("inventory", "list", "--db", scanned, "--format", "json").json()
    found = {one["name"]: [role["role"] for role in one["roles"]] for one in listed}
    assert found == {
        "OpenAI API": ["customer", "producer"],
        "quote-desk": ["customer", "producer", "provider"],
    }
    table = gnomon("inventory", "list", "--db", scanned, "--format", "csv").out
    assert '"customer?, producer?, provider?"' in table


def test_what_people_say_survives_a_rescan(scanned: Path, tmp_path: Path) -> None:
    told = ("--by", "Ana", "--reason", "staff ask it", "--db", scanned)
    ran = gnomon("inventory", "confirm-role", "OpenAI API", "customer", *told)
    assert (ran.code, ran.out) == (0, "OpenAI API: customer confirmed\n")
    assert gnomon("inventory", "reject-role", "OpenAI API", "producer", *told).code == 0
    (tmp_path / "access.log").write_bytes(_DAYS * 2)
    gnomon("scan", tmp_path / "access.log", "--db", scanned)
    assert roles(scanned, "OpenAI API") == {
        "customer": (0.85, "confirmed", "Ana"),
        "producer": (0.6, "rejected", "Ana"),
    }
    table = gnomon("inventory", "list", "--db", scanned, "--format", "csv").out
    assert ",customer," in table
    assert "OpenAI API" in gnomon("inventory", "show", "OpenAI API", "--db", scanned).out


def test_a_decision_on_a_role_is_none_on_the_system(scanned: Path) -> None:
    told = ("--by", "Ana", "--reason", "no", "--db", scanned)
    gnomon("inventory", "reject-role", "OpenAI API", "producer", *told)
    listed = gnomon("inventory", "list", "--db", scanned, "--format", "json").json()
    assert {one["status"] for one in listed} == {"new"}


def test_a_role_that_no_rule_suggests_may_be_confirmed(scanned: Path) -> None:
    told = ("--sub-role", "evaluator", "--by", "Ana", "--reason", "we test it", "--db", scanned)
    gnomon("inventory", "confirm-role", "OpenAI API", "partner", *told)
    assert roles(scanned, "OpenAI API")["partner"] == (0.0, "confirmed", "Ana")


def test_a_person_says_that_customers_meet_it(scanned: Path) -> None:
    assert roles(scanned, "quote-desk")["provider"] == (0.45, "candidate", None)
    told = ("--by", "Ana", "--reason", "it is the shop", "--db", scanned)
    gnomon("inventory", "set", "quote-desk", "customer_facing", "yes", *told)
    assert roles(scanned, "quote-desk")["provider"] == (0.8, "candidate", None)
    gnomon("inventory", "set", "quote-desk", "customer_facing", "no", *told)
    assert set(roles(scanned, "quote-desk")) == {"customer", "producer"}


def test_the_eu_act_role_stands_apart(scanned: Path) -> None:
    before = roles(scanned, "quote-desk")
    told = ("--by", "Ana", "--reason", "counsel says so", "--db", scanned)
    gnomon("inventory", "set", "quote-desk", "ai_act_role", "deployer", *told)
    shown = gnomon("inventory", "show", "quote-desk", "--db", scanned, "--format", "json").json()
    assert shown["fields"] == {"ai_act_role": "deployer"}
    assert roles(scanned, "quote-desk") == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("confirm-role", "OpenAI API", "king"), "no role is called 'king'"),
        (
            ("confirm-role", "OpenAI API", "customer", "--sub-role", "x"),
            "no customer is called 'x'",
        ),
        (("confirm-role", "Nothing", "customer"), "no AI system is known as 'Nothing'"),
        (("set", "OpenAI API", "ai_act_role", "king"), "ai_act_role is one of provider"),
    ],
)
def test_what_is_wrong_is_said(scanned: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = gnomon("inventory", *arguments, "--by", "Ana", "--reason", "why", "--db", scanned)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_decision_needs_a_name_and_a_reason(scanned: Path) -> None:
    told = ("--by", " ", "--reason", "why", "--db", scanned)
    ran = gnomon("inventory", "confirm-role", "OpenAI API", "customer", *told)
    assert ran.code == 2
    assert "a decision needs a name" in ran.err


def test_thresholds_stand_in_the_settings(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gnomon.toml").write_text('db = "x.db"\n[roles]\nclient_work = ["*app"]\n')
    rows = gnomon("inventory", "roles", "quote-desk", "--format", "json").json()
    assert "partner" in {one["role"] for one in rows}
    (tmp_path / "gnomon.toml").write_text('db = "x.db"\n[roles]\npeople = 0\n')
    ran = gnomon("inventory", "roles", "quote-desk")
    assert ran.code == 2
    assert "people" in ran.err
