"""The example organisation: its logs came from real daemons, its figures from the traffic's plan.

Its accounts are invented, in the vendors' shapes; what they show was written from their tables.
"""

import json
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from pathlib import Path

import pytest

from integrations.fields import Projection
from integrations.files import connector_named
from reports.accounts import money_of, plans_of, reaches_of
from scanner.model import SystemFacts
from scanner.registry import EXPORTS, values
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
    exports = tmp_path / "demo" / "exports"
    assert {one.name for one in exports.iterdir()} == {one.name for one in values(EXPORTS)}
    assert all(any(one.iterdir()) for one in exports.iterdir())
    page = (tmp_path / "demo" / "brief.html").read_text(encoding="utf-8")
    assert "AI brief: Harbour &amp; Pine" in page
    systems = gnomon(
        "inventory", "list", "--db", tmp_path / "demo/gnomon.db", "--format", "json"
    ).json()
    used = [one for one in systems if one["kind"] == "used"]
    by_name = {one["name"]: one for one in used}
    assert {"ChatGPT", "OpenAI API", "Claude", "GitHub Copilot", "Amazon Bedrock"} <= set(by_name)
    deepseek = by_name["DeepSeek Chat"]
    assert deepseek["blocked"] > 0
    assert deepseek["evidence_level"] in ("attempt", "resolved")
    assert all(one["status"] == "new" for one in used)
    of_logs = [one for one in used if set(one["channels"]) <= {"dns", "proxy"}]
    assert of_logs
    assert all(one["first_seen"].startswith("2026-11-1") for one in of_logs)
    built = {one["name"]: one["supplier"] for one in systems if one["kind"] == "built"}
    assert built == {
        "quote-desk": "OpenAI",
        "@harbour/site-notes": "OpenAI",
        "@harbour/berth-planner": "Anthropic",
    }


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


_ACCOUNTS = EXAMPLE / "accounts"
_TRUTH = json.loads((EXAMPLE / "expected.json").read_text(encoding="utf-8"))["accounts"]
_WHOSE = ("some", "everybody", "organisation")
_MAY = {True: "read and change", False: "read", None: "not known"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """Everything of the example, scanned as its gnomon.toml says."""
    folder = tmp_path_factory.mktemp("example") / "demo"
    ran = gnomon("demo", "--out", folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def systems(whole: Path) -> dict[str, dict]:
    rows = gnomon("inventory", "list", "--db", whole / "gnomon.db", "--format", "json").json()
    shown = [
        gnomon("inventory", "show", row["id"], "--db", whole / "gnomon.db", "--format", "json")
        for row in rows
    ]
    assert len({row["name"] for row in rows}) == len(rows), "one row for each product"
    return {one.json()["name"]: one.json() for one in shown}


@pytest.fixture(scope="module")
def facts(whole: Path) -> dict[str, SystemFacts]:
    with Reader(whole / "gnomon.db", read_only=True) as store:
        return {one.name: one for one in store.facts()}


def test_the_recipe_makes_the_same_accounts_again(tmp_path: Path) -> None:
    recipe = EXAMPLE / "recipe/accounts/make.py"
    subprocess.run([sys.executable, "-B", recipe, tmp_path / "accounts"], check=True)
    made = {one.name: one.read_bytes() for one in (tmp_path / "accounts").iterdir()}
    assert made == {one.name: one.read_bytes() for one in _ACCOUNTS.iterdir()}
    assert sum(map(len, made.values())) < 300_000


@pytest.mark.parametrize("name", ["entra", "github", "google", "okta"])
def test_recordings_hold_what_the_operations_declare_and_no_more(name: str) -> None:
    connector = connector_named(name)
    assert connector is not None
    lines = [json.loads(line) for line in (_ACCOUNTS / f"{name}.ndjson").read_text().splitlines()]
    for line in lines:
        for item in line.get("items", ()):
            operation = connector.operation(line["operation"])
            assert operation is not None, line["operation"]
            assert Projection(operation.fields).of(item) == item, operation.id
            placed = set(re.findall(r"{(\w+)}", operation.path))
            assert placed <= line["parameters"].keys(), operation.id


def test_each_product_is_one_row_over_all_sources(systems) -> None:
    for product, said_by in _TRUTH["products"].items():
        sources = {one["source"] for one in systems[product]["evidence"]}
        files = {Path(one.split(" ")[0]).name.split(".")[0] for one in sources if "accounts" in one}
        assert files == set(said_by), product
    chatgpt = systems["ChatGPT"]
    assert {"dns", "proxy", "grant", "expense", "register", "device", "activity"} <= set(
        chatgpt["channels"]
    )
    assert not [name for name in systems if name != "ChatGPT" and "gpt" in name.lower()]


def test_grants_say_what_may_be_reached_and_whose(systems, facts) -> None:
    for product, areas in _TRUTH["reach"].items():
        found = {
            one.area: [_MAY[one.can_write], _WHOSE[one.whose]]
            for one in reaches_of(facts[product].reached)
            if one.area not in ("identity", "profile")
        }
        assert found == areas, product
    scopes = {one["scope"] for one in systems["Otter"]["access"] if one["way"] == "application"}
    assert scopes == {"Calendars.Read"}


def test_seats_and_money_are_added_up(systems, facts) -> None:
    for product, expected in _TRUTH["seats"].items():
        (seats,) = plans_of(facts[product].seats)
        assert {name: getattr(seats, name) for name in expected} == expected, product
    for product, expected in _TRUTH["spend"].items():
        (money,) = money_of(facts[product].spent)
        assert {"currency": money.currency, "amount": money.amount} == expected, product
    for product in ("ElevenLabs", "HeyGen"):  # what people paid themselves, and no log shows
        assert systems[product]["evidence_level"] == "listed"
        assert not systems[product]["hosts"]


def test_who_consented_and_who_is_registered_may_own_it(systems, facts) -> None:
    for product, expected in _TRUTH["owners"].items():
        found: dict[str, set[str]] = {}
        for one in facts[product].owners:
            if one.owner.startswith("u-"):  # who paid most of it: asked, and not named
                assert one.reason == "paid most of it in expenses"
                continue
            found.setdefault(one.owner.removesuffix(" (has left)"), set()).add(one.reason)
        assert {name: sorted(why) for name, why in found.items()} == expected, product
        left = {one["owner"] for one in systems[product]["owner_ranking"] if one["has_left"]}
        assert left & set(expected) == set(_TRUTH["left"]) & set(expected), product


def test_ordinary_people_are_codes_also_those_of_accounts(whole: Path) -> None:
    stored = (whole / "gnomon.db").read_bytes()
    for name in ("nora.quinn@", "h.tanaka@", "emil-berg"):
        assert name.encode() not in stored, name
    assert b"s.lindqvist@" in stored  # she leads Research
    assert b"luis.mendes@" in stored  # he consented for everybody: somebody to ask


def test_what_only_looks_like_ai_is_no_system(whole: Path, systems) -> None:
    names = " ".join(systems).lower()
    for trap in _TRUTH["no_systems"]:
        assert trap.lower() not in names, trap
    rows = gnomon("candidates", "list", "--db", whole / "gnomon.db", "--format", "json").json()
    known = [one for one in rows if one["channel"] == "oauth"]
    for name in _TRUTH["candidates"]:
        mine = [one for one in known if name in str(one["seen_as"])]
        assert {one["subject"].partition(":")[0] for one in mine} == {"entra", "google"}
        assert all(one["reasons"] for one in mine)
        known = [one for one in known if one not in mine]
    assert known == []
    with Reader(whole / "gnomon.db", read_only=True) as store:
        asked = {one["name"] for one in store.questions()}
    assert {"Notion AI", "Miro AI", "Zoom AI Companion"} <= asked


def test_the_brief_shows_what_accounts_add(whole: Path) -> None:
    text = (whole / "brief.html").read_text(encoding="utf-8")
    for said in (
        "may read calendars of the whole organisation",
        "may read and change source code of the whole organisation",
        "1 of 3 seats never used",
        "drive.readonly",
        "complete, but for 1",
        "not licensed: the tenant does not have Microsoft Entra ID P1",
        "martin.hale@harbour-pine.example (has left)",
        "Who wanted it, and what for?",
    ):
        assert said in text, said
    assert "googleapis.com" not in text.split('id="evidence"')[0]
    first = text[text.index('id="blind"') : text.index('id="evidence"')]
    assert "SSO and OAuth grants" not in first
    assert "<li>Devices: " in first


def test_a_list_that_is_denied_makes_the_scan_incomplete(tmp_path: Path) -> None:
    recording = (_ACCOUNTS / "entra.ndjson").read_text(encoding="utf-8")
    denied = recording.replace("not-licensed", "denied").replace(
        "the tenant does not have Microsoft Entra ID P1, which this belongs to",
        "not allowed; grant AuditLog.Read.All",
    )
    (tmp_path / "entra.ndjson").write_text(denied, encoding="utf-8")
    db = tmp_path / "x.db"
    ran = gnomon("scan", tmp_path / "entra.ndjson", "--db", db)
    assert ran.code == 4
    assert "Last use of applications: not allowed; grant AuditLog.Read.All" in ran.err
    text = gnomon("report", "brief", "--db", db).out
    assert "Last use of applications: denied: not allowed" in text
    assert '<span class="bad">in part</span>' in text


def test_a_repository_of_github_is_the_checkout_with_its_remote(tmp_path: Path) -> None:
    code = tmp_path / "code/quote-desk"
    shutil.copytree(EXAMPLE / "code/quote-desk", code)
    (code / ".git").mkdir()
    (code / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (code / ".git/config").write_text(
        '[remote "origin"]\n\turl = git@github.com:harbour-pine/quote-desk.git\n'
    )
    manifest = (code / "pyproject.toml").read_bytes()
    _record_repository(tmp_path / "github.ndjson", "quote-desk", {"pyproject.toml": manifest})
    db = tmp_path / "x.db"
    gnomon("scan", tmp_path / "github.ndjson", tmp_path / "code", "--db", db)
    rows = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    assert [one["name"] for one in rows if one["kind"] == "built"] == ["quote-desk"]


def _record_repository(path: Path, name: str, files: dict[str, bytes]) -> None:
    """Write a recording of one repository of the organisation."""
    head, *_ = (_ACCOUNTS / "github.ndjson").read_text(encoding="utf-8").splitlines()
    place = {"owner": "harbour-pine", "repo": name}
    entries = [
        {"path": one, "mode": "100644", "size": len(data), "sha": one}
        for one, data in files.items()
    ]
    listed = {
        "name": name,
        "owner": {"login": "harbour-pine"},
        "default_branch": "main",
        "html_url": f"https://github.com/harbour-pine/{name}",
        "size": 1,
    }
    pages = [("github.repositories", {"org": "harbour-pine"}, listed)]
    pages.append(
        ("github.tree", {**place, "tree_sha": "main"}, {"truncated": False, "tree": entries})
    )
    for one, data in files.items():
        blob = {"sha": one, "encoding": "base64", "content": b64encode(data).decode()}
        pages.append(("github.blob", {**place, "file_sha": one}, blob))
    lines = [
        {"operation": id_, "parameters": parameters, "page": 1, "items": [item]}
        for id_, parameters, item in pages
    ]
    ended = [
        {"operation": id_, "parameters": parameters, "state": "complete"}
        for id_, parameters, _ in pages
    ]
    told = [head, *map(json.dumps, lines), json.dumps({"ended": ended})]
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
