"""The review from the command line: decide, list, show, hand out and in, scope, and fail a scan."""

import sqlite3
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.running import ROOT, SQUID, Ran, gnomon

POLICY = """
[[policy]]
verdict = "prohibited"
supplier = "deepseek"
reason = "the law"
by = "the board"
at = 2026-01-31

[[policy]]
verdict = "approved"
product = "nobody/nothing"
reason = "misspelled"
by = "the board"
at = 2026-01-31
review_due = 2999-01-01

[scope]
owner = "the AI board"

[[scope.rules]]
scope = "in"
supplier = "openai"
"""


@pytest.fixture(autouse=True)
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GNOMON_DB", raising=False)
    (tmp_path / "access.log").write_bytes(SQUID)
    assert gnomon("scan", "access.log").code == 0
    return tmp_path


def review(*arguments: object) -> Ran:
    return gnomon("review", *arguments)


def states(*arguments: object) -> dict[str, str]:
    rows = review("list", *arguments, "--format", "json").json()
    return {one["name"]: one["state"] for one in rows}


def approve(system: str = "OpenAI API", *arguments: object) -> Ran:
    said = ("--by", "Ana", "--reason", "fine", "--review-due", "2999-01-01")
    return review("decide", system, "approved", *said, *arguments)


def test_decide_list_show_and_history() -> None:
    ran = approve("openai api", "--exception", "unit=Sales until=2998-01-01")
    assert (ran.code, ran.out) == (0, "OpenAI API: approved (decision 1)\n")
    assert states() == {"DeepSeek Chat": "new", "OpenAI API": "approved"}
    assert states("--state", "approved") == {"OpenAI API": "approved"}
    assert states("--only", "undecided") == {"DeepSeek Chat": "new"}
    assert states("--only", "ending") == {}
    shown = review("show", "OpenAI API", "--format", "json").json()
    assert (shown["by"], shown["seen"]) == ("Ana", 1)
    assert shown["exceptions"] == ["unit=Sales until=2998-01-01"]
    assert "exceptions           unit=Sales until=2998-01-01" in review("show", "OpenAI API").out
    (entry,) = review("history", "OpenAI API", "--format", "json").json()
    assert (entry["verdict"], entry["name"], entry["number"]) == ("approved", "OpenAI API", 1)
    assert len(review("history", "--format", "json").json()) == 1
    inventory = gnomon("inventory", "list", "--format", "json").json()
    assert [one["status"] for one in inventory] == ["new", "approved"]


def test_what_may_not_be_decided() -> None:
    said = ("--by", "Ana", "--reason", "fine")
    ran = review("decide", "OpenAI API", "approved", *said)
    assert (ran.code, ran.err) == (
        2,
        "gnomon: approved needs a review date: how long does it hold\n",
    )
    assert review("decide", "nothing", "rejected", *said).code == 2
    assert "--exception: exception 'Sales'" in approve("OpenAI API", "--exception", "Sales").err
    assert approve("OpenAI API", "--seen", "0").code == 0
    late = review("decide", "OpenAI API", "rejected", *said, "--seen", "0")
    assert late.code == 1
    assert "Ana decided approved" in late.err
    assert len(review("history", "--format", "json").json()) == 1


def test_the_policy_shows_and_fails_a_scan(scanned: Path) -> None:
    assert gnomon("scan", "access.log", "--fail-on", "prohibited").code == 0
    (scanned / "gnomon.toml").write_text(POLICY)
    assert states() == {"DeepSeek Chat": "rejected", "OpenAI API": "new"}
    ran = review("list")
    assert "by the policy on the supplier deepseek" in ran.out
    assert "the policy on nobody/nothing is about no AI system that was seen" in ran.err
    ran = gnomon("scan", "access.log", "--fail-on", "prohibited", "--fail-on", "unreviewed")
    assert (ran.code, "prohibited: DeepSeek Chat" in ran.err) == (12, True)
    assert gnomon("scan", "access.log", "--fail-on", "unreviewed").code == 11
    approve()
    assert gnomon("scan", "access.log", "--fail-on", "unreviewed").code == 0
    review("decide", "DeepSeek Chat", "retired", "--by", "Ana", "--reason", "blocked for ever")
    assert gnomon("scan", "access.log", "--fail-on", "prohibited").code == 0
    assert ">DeepSeek Chat" in gnomon("report", "brief").out


def test_a_policy_that_says_too_little(scanned: Path) -> None:
    (scanned / "gnomon.toml").write_text(POLICY.replace("review_due = 2999-01-01", ""))
    ran = review("list")
    assert ran.code == 2
    assert "needs a review_due" in ran.err
    assert "gnomon.toml" in ran.err


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_spreadsheet_round_trip(scanned: Path, kind: str) -> None:
    file = scanned / f"decisions.{kind}"
    assert review("export", file).code == 0
    if kind == "xlsx":
        book = openpyxl.load_workbook(file)
        sheet = book["Decisions"]
        places = {one.value: one.column for one in sheet[1]}
        for name, value in (("Verdict", "rejected"), ("Reason", "the law")):
            sheet.cell(2, places[name]).value = value
        book.save(file)
    else:
        head, first, *rest = file.read_text("utf-8-sig").splitlines()
        cells = first.split(",")
        places = {name: place for place, name in enumerate(head.split(","))}
        cells[places["Verdict"]], cells[places["Reason"]] = "rejected", "the law"
        file.write_text("\n".join([head, ",".join(cells), *rest]))
    ran = review("import", file, "--by", "Ana", "--format", "json")
    assert ran.code == 0, ran.err
    assert [(one["row"], one["result"]) for one in ran.json()] == [(2, "recorded")]
    assert "1 recorded, 1 row without a decision" in ran.err
    assert states() == {"DeepSeek Chat": "rejected", "OpenAI API": "new"}
    ran = review("import", file, "--by", "Ben")
    assert ran.code == 1
    assert "conflict" in ran.out
    assert gnomon("doctor", "--verify").code == 0


def test_an_import_is_whole_or_not_at_all(scanned: Path) -> None:
    file = scanned / "decisions.csv"
    review("export", file)
    lines = file.read_text("utf-8-sig").splitlines()
    verdicts = ("approved", "in_review")  # the first lacks its review date
    said = [
        f"{line.rsplit(',', 6)[0]},{v},,why,,," for line, v in zip(lines[1:], verdicts, strict=True)
    ]
    file.write_text("\n".join([lines[0], *said]))
    assert review("import", file, "--by", "Ana").code == 1
    assert states() == {"DeepSeek Chat": "new", "OpenAI API": "new"}
    assert review("import", file, "--by", "Ana", "--valid-rows").code == 1
    assert states() == {"DeepSeek Chat": "new", "OpenAI API": "in_review"}


def test_files_that_cannot_be_used(scanned: Path) -> None:
    assert review("export", scanned / "decisions.doc").code == 2
    assert review("export", scanned / "nowhere" / "decisions.xlsx").code == 2
    assert review("import", scanned / "access.log", "--by", "Ana").code == 2
    assert review("import", scanned / "none.xlsx", "--by", "Ana").code == 2
    assert sorted(one.name for one in scanned.glob("*decisions*")) == []


def test_scope(scanned: Path) -> None:
    (scanned / "gnomon.toml").write_text(POLICY)
    rows = {one["name"]: one for one in review("scope-list", "--format", "json").json()}
    assert (rows["OpenAI API"]["scope"], rows["OpenAI API"]["why"]) == (
        "in",
        "by the rule on supplier openai",
    )
    undecided = rows["DeepSeek Chat"]
    assert (undecided["scope"], undecided["owner"]) == ("undecided", "the AI board")
    assert undecided["decide_by"]
    said = ("DeepSeek Chat", "out", "--by", "Ana", "--reason", "blocked")
    assert review("scope", *said).code == 2
    ran = review("scope", *said, "--code", "immaterial", "--review-due", "2999-01-01")
    assert (ran.code, ran.out) == (0, "DeepSeek Chat: out of scope (decision 1)\n")
    (out,) = review("scope-list", "--scope", "out", "--format", "json").json()
    assert (out["name"], out["code"], out["by"]) == ("DeepSeek Chat", "immaterial", "Ana")


def test_what_was_decided_on_a_system_that_is_gone_is_not_lost(scanned: Path) -> None:
    approve()
    system = review("list", "--state", "approved", "--format", "json").json()[0]["id"]
    (scanned / "other.log").write_bytes(SQUID.replace(b"api.openai.com", b"www.example.com"))
    gnomon("scan", "other.log", "--db", "other.db")
    with sqlite3.connect("gnomon.db") as old, sqlite3.connect("other.db") as new:
        for row in old.execute("SELECT * FROM decision"):
            new.execute(f"INSERT INTO decision VALUES ({','.join('?' * len(row))})", row)
        new.execute("INSERT INTO meta SELECT 'decision_head', '1 ' || hash FROM decision")
    old.close()
    new.close()
    (entry,) = review("history", system, "--db", "other.db", "--format", "json").json()
    assert (entry["verdict"], entry["name"]) == ("approved", "(gone)")
    assert gnomon("doctor", "--verify", "--db", "other.db").code == 0


def test_nothing_is_decided_yet() -> None:
    assert review("history").code == 2
    assert review("history", "--format", "json").json() == []
    assert "nothing was decided yet on OpenAI API" in review("history", "OpenAI API").err


def test_a_database_of_a_newer_gnomon_is_left_alone() -> None:
    approve()
    with sqlite3.connect("gnomon.db") as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('gnomon', '9999_future', '2030-01-01')"
        )
    connection.close()
    for ran in (approve(), review("list"), gnomon("doctor", "--verify")):
        assert (ran.code, "made by a newer gnomon" in ran.err) == (1, True)
    with sqlite3.connect("gnomon.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM decision").fetchone() == (1,)
    connection.close()


def test_the_policy_that_the_readme_shows_is_one(scanned: Path) -> None:
    blocks = (ROOT / "README.md").read_text().split("```toml\n")[1:]
    (shown,) = [one.partition("```")[0] for one in blocks if "[[policy]]" in one]
    (scanned / "gnomon.toml").write_text(shown)
    assert states() == {"DeepSeek Chat": "rejected", "OpenAI API": "new"}
