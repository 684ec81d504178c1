"""The example organisation: its logs came from real daemons, its figures from the traffic's plan."""

import json
from collections import Counter
from pathlib import Path

import pytest

from scanner.store import Reader
from tests.running import EXAMPLE, gnomon

EXPECTED = json.loads((EXAMPLE / "expected.json").read_text(encoding="utf-8"))["files"]
_OUTCOMES = {"auth_challenge": "challenged", "blocked": "blocked", "repeat": "peek_repeat"}


@pytest.fixture(scope="module", params=sorted(EXPECTED))
def observed(request):
    name = request.param
    ran = gnomon("observe", EXAMPLE / name, "--year", 2026)
    assert ran.code == 0
    return EXPECTED[name], ran.ndjson(), ran.err


def test_every_record_of_a_client_is_seen(observed) -> None:
    expected, rows, said = observed
    assert f"{expected['lines']} lines read" in said
    assert len(rows) == expected["client_records"] - expected.get("records_without_host", 0)
    assert len({row["host"] for row in rows}) == expected["distinct_hosts"]
    # Squid: one client of the plan sent nothing but a request that was none.
    silent = 1 if expected.get("records_without_host") else 0
    assert len({row["client"] for row in rows}) == expected["distinct_clients"] - silent


def test_outcomes_are_told_apart(observed) -> None:
    expected, rows, _ = observed
    for host, figures in expected["ai_hosts"].items():
        mine = [row for row in rows if row["host"] == host]
        outcomes = Counter(_OUTCOMES.get(row["action"], "used") for row in mine)
        for outcome in ("used", "blocked", "challenged", "peek_repeat"):
            assert outcomes[outcome] == figures.get(outcome, 0), (host, outcome)


def test_challenges_and_repeats_are_counted_over_all_hosts(observed) -> None:
    expected, rows, _ = observed
    actions = Counter(row["action"] for row in rows)
    assert actions["auth_challenge"] == expected["challenged"]
    assert actions["repeat"] == expected["peek_repeat"]


def test_each_ai_host_has_its_records_clients_and_users(observed) -> None:
    expected, rows, _ = observed
    for host, figures in expected["ai_hosts"].items():
        mine = [row for row in rows if row["host"] == host]
        assert len(mine) == figures["records"], host
        assert sorted({row["client"] for row in mine}) == sorted(figures["clients"]), host
        if "users" in figures:
            assert sorted({row["user"] for row in mine} - {None}) == sorted(figures["users"]), host


def test_the_demo_scans_the_example_and_writes_the_brief(tmp_path: Path) -> None:
    ran = gnomon("demo", "--out", tmp_path / "demo")
    assert ran.code == 0
    page = (tmp_path / "demo" / "brief.html").read_text(encoding="utf-8")
    assert "AI brief for Harbour &amp; Pine" in page
    systems = gnomon(
        "inventory", "list", "--db", tmp_path / "demo/gnomon.db", "--format", "json"
    ).json()
    used = [one for one in systems if one["kind"] == "used"]
    by_name = {one["name"]: one for one in used}
    assert {"ChatGPT", "OpenAI API", "Claude", "GitHub Copilot", "Amazon Bedrock"} <= set(by_name)
    deepseek = by_name["DeepSeek Chat"]
    assert deepseek["blocked"] > 0
    assert deepseek["evidence_level"] in ("attempt", "resolved")
    assert all(one["status"] == "new" and one["first_seen"].startswith("2026-11-1") for one in used)
    built = {one["name"]: one["supplier"] for one in systems if one["kind"] == "built"}
    assert built == {"quote-desk": "OpenAI", "@harbour/site-notes": "OpenAI"}


def test_one_supplier_of_one_used_system_and_two_built_ones(tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    gnomon("scan", EXAMPLE / "logs/squid-access.log", EXAMPLE / "code", "--year", 2026, "--db", db)
    with Reader(db, read_only=True) as store:
        systems = {one.id: one for one in store.systems()}
        (openai,) = (one for one in store.suppliers() if one.id == "openai")
        owners = store.owner_candidates_of(
            next(one.id for one in systems.values() if one.name == "quote-desk")
        )
    mine = [systems[one] for one in openai.systems]
    assert sorted(one.name for one in mine if one.kind == "built") == [
        "@harbour/site-notes",
        "quote-desk",
    ]
    assert "ChatGPT" in {one.name for one in mine if one.kind == "used"}
    assert [one["owner"] for one in owners][:1] == ["@harbour/sales-tools"]


def test_look_alikes_and_embedded_software_are_no_ai_systems(tmp_path: Path) -> None:
    gnomon("scan", EXAMPLE / "logs", "--year", 2026, "--db", tmp_path / "x.db")
    rows = gnomon("inventory", "list", "--db", tmp_path / "x.db", "--format", "json").json()
    names = " ".join(row["name"] for row in rows)
    assert "Miro" not in names
    assert "Zoom" not in names
    for row in rows:
        shown = gnomon(
            "inventory", "show", row["id"], "--db", tmp_path / "x.db", "--format", "json"
        )
        for host in shown.json()["hosts"]:
            assert "login-check" not in host["host"]
            assert not host["host"].endswith(".example")
