"""The scope document: drafted, refused, approved, kept, compared, and on two pages."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reports.keeping import keep, read
from scanner.inventory.drift import Drift, Drifted, drift
from scanner.inventory.scope_entries import Entry, HeldRole
from scanner.model import Act, Decision
from scanner.store import PaperStore, Reader
from tests.reports.making import all_reports, material
from tests.running import Ran, gnomon
from tests.support import at

MOMENT = at("2026-11-22T08:00:00Z")
SAID = """
organisation = "Harbour & Pine"

[scope]
statement = "The AI that Harbour & Pine uses and builds to plan, quote and sell harbour works."
definition = "Software that learns from data or generates content."
accountable = "Ines Halloran"
legal_entities = ["Harbour & Pine Ltd"]
units = ["Head office", "Studio"]
sites = ["Cork"]
issues = ["Customers ask which AI drafts their quotes"]
activities = ["using and building AI"]
parties = [{ name = "Customers", requires = "to know where AI drafts what they receive" }]
"""


@pytest.fixture
def db(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example's database, with settings that say what people must say."""
    return a_place(tmp_path, monkeypatch, SAID, example)


def a_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, said: str, copied: Path | None = None
) -> Path:
    (folder / "gnomon.toml").write_text(said, encoding="utf-8")
    monkeypatch.setenv("GNOMON_CONFIG", str(folder / "gnomon.toml"))
    monkeypatch.setattr("scanner.commands.report.made_at", lambda: MOMENT)
    monkeypatch.setattr("scanner.commands._report_people.now", lambda: MOMENT)
    if copied is not None:
        shutil.copy(copied, folder / "g.db")
        shutil.copy(copied.with_suffix(".key"), folder / "g.key")
    return folder / "g.db"


def run(*arguments: object, db: Path) -> Ran:
    ran = gnomon(*arguments, "--db", db)
    assert ran.code == 0, ran.err
    return ran


def scope(db: Path, *arguments: object) -> dict[str, Any]:
    """Return the document as machines read it."""
    found: dict[str, Any] = run("report", "scope", "--as", "json", *arguments, db=db).json()["data"]
    return found


def approve(db: Path, *arguments: object) -> Ran:
    return gnomon("report", "scope", "--approve", "--by", "Ines", *arguments, "--db", db)


def settle(db: Path, system: str, place: str) -> None:
    out = ("--code", "immaterial", "--review-due", "2027-10-01") if place == "out" else ()
    reason = "public texts alone, and no decision about people"
    run("review", "scope", system, place, "--by", "Board", "--reason", reason, *out, db=db)


def test_a_draft_says_who_is_to_write_what_is_missing(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = a_place(tmp_path, monkeypatch, '[scope]\naccountable = "Ines Halloran"\n', example)
    text = run("report", "scope", "--as", "md", db=db).out
    for name in ("Legal entities", "Units", "Sites and regions", "Interested parties"):
        assert f"- **{name}**: to be written by Ines Halloran" in text
    assert "## 13. Definition of AI" in text
    assert text.count("to be written by Ines Halloran") == 7
    assert "draft, not approved" in text


def test_everything_stands_in_one_of_three_lists(db: Path) -> None:
    settle(db, "Midjourney", "out")
    settle(db, "GitHub Copilot", "in")
    data = scope(db)
    names = {
        place: {one["name"] for one in data[place]}
        for place in ("in_scope", "out_of_scope", "undecided")
    }
    with Reader(db) as store:
        assert sum(map(len, names.values())) == len(store.systems())
    assert names["out_of_scope"] == {"Midjourney"}
    assert {"GitHub Copilot", "ChatGPT"} <= names["in_scope"]  # ChatGPT by what it may reach
    assert all(one["decide_by"] for one in data["undecided"])
    (out,) = data["out_of_scope"]
    assert (out["code"], out["by"], out["review_due"]) == (
        "immaterial", "Board", "2027-10-01T00:00:00Z",
    )  # fmt: skip
    assert {one["role"] for one in data["roles"]} >= {"customer", "producer", "provider"}
    assert data["interfaces"][0]["name"] == "OpenAI"


def test_what_is_open_has_to_be_said(db: Path) -> None:
    ran = approve(db)
    assert ran.code == 2
    assert "systems are undecided" in ran.err
    assert "in by default alone" in ran.err
    assert "no confirmed role" in ran.err
    with Reader(db) as store:
        assert (store.decisions(Act.APPROVE), store.kept_papers("scope")) == ([], [])
    assert approve(db, "--reason", "The board meets again in December").code == 0
    text = run("report", "scope", "--version", 1, "--as", "md", db=db).out
    assert "The board meets again in December" in text
    assert "systems are undecided" in text
    assert "approved by Ines on 22 Nov 2026" in text


def test_a_scope_without_systems_is_never_approved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = a_place(tmp_path, monkeypatch, SAID)
    log = tmp_path / "empty.log"
    log.write_text(
        "1795226310.1 9 10.0.0.8 TCP_MISS/200 3 GET http://www.example.org/ - HIER_DIRECT/203.0.113.9 text/html\n"
    )
    gnomon("scan", log, "--db", db)
    ran = approve(db, "--reason", "We need a certificate")
    assert (ran.code, "no system is in scope" in ran.err) == (2, True)


@pytest.mark.parametrize("style", ["html", "md", "json", "docx"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_approved_version_is_written_again_as_it_was(
    db: Path, tmp_path: Path, style: str, language: str
) -> None:
    first, again = tmp_path / f"a.{style}", tmp_path / f"b.{style}"
    options = ("--lang", language, "--out")
    assert approve(db, "--reason", "as it is", *options, first).code == 0
    settle(db, "Midjourney", "out")
    run("report", "scope", "--version", 1, *options, again, db=db)
    assert first.read_bytes() == again.read_bytes()
    assert scope(db)["document"]["previous"] == 1
    missing = gnomon("report", "scope", "--version", 2, "--db", db)
    assert (missing.code, "there are: 1" in missing.err) == (2, True)


def test_drift_tells_what_came_and_what_is_another_now(db: Path, tmp_path: Path) -> None:
    for name in ("quote-desk", "GitHub Copilot", "Midjourney"):
        settle(db, name, "in")
    assert approve(db, "--reason", "as it is").code == 0
    assert scope(db)["drift"] == []
    log = tmp_path / "new.log"
    log.write_text(
        "1795226310.136 15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.mistral.ai:443 ana HIER_DIRECT/203.0.113.7 -\n"
    )
    run("scan", log, db=db)
    settle(db, "Midjourney", "out")
    by = ("--by", "Board", "--reason", "it is for colleagues alone")
    run("inventory", "reject-role", "quote-desk", "provider", *by, db=db)
    run("inventory", "owner", "GitHub Copilot", "Ana Ruiz", *by, db=db)
    told = {(one["kind"], one["name"]): one for one in scope(db)["drift"]}
    assert set(told) == {
        ("new", "Mistral API"),
        ("moved", "Midjourney"),
        ("roles", "quote-desk"),
        ("owner", "GitHub Copilot"),
    }
    assert told["moved", "Midjourney"]["before"] == ["in"]
    assert told["moved", "Midjourney"]["after"] == ["out"]
    assert set(told["roles", "quote-desk"]["before"]) - {"provider"} == set(
        told["roles", "quote-desk"]["after"]
    )
    assert told["owner", "GitHub Copilot"]["after"] == ["Ana Ruiz"]
    text = run("report", "scope", "--as", "md", db=db).out
    assert "in evidence, not in the approved scope" in text


def a_log(folder: Path, name: str, first: datetime, days: int, *hosts: str) -> Path:
    """Write a proxy's log with one visit to each host every day."""
    lines = [
        f"{(first + timedelta(days=day)).timestamp():.3f} 15 10.0.0.7 TCP_TUNNEL/200 1832 "
        f"CONNECT {host}:443 ana HIER_DIRECT/203.0.113.7 -\n"
        for day in range(days)
        for host in hosts
    ]
    (folder / name).write_text("".join(lines))
    return folder / name


def test_not_seen_is_said_only_where_it_would_have_been_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = a_place(tmp_path, monkeypatch, SAID)
    first = at("2026-08-01T09:00:00Z")
    run("scan", a_log(tmp_path, "proxy-1.log", first, 3, "chatgpt.com", "claude.ai"), db=db)
    for name in ("ChatGPT", "Claude"):
        settle(db, name, "in")
    assert approve(db, "--reason", "as it is").code == 0
    assert {one["kind"] for one in scope(db)["drift"]} == {"cannot_tell"}
    later = first + timedelta(days=3)
    run("scan", a_log(tmp_path, "proxy-2.log", later, 105, "chatgpt.com"), db=db)
    assert [(one["kind"], one["name"]) for one in scope(db)["drift"]] == [("not_seen", "Claude")]


def an_entry(name: str, **values: Any) -> Entry:
    entry = Entry(
        id=f"ais-{name}", name=name, kind="used", family="assistants", origin=("llm_api",),
        roles=(HeldRole("customer", is_confirmed=False),), units=(), environment=("saas",),
        owner="Ana", is_owner_confirmed=False, suppliers=("OpenAI",), models=("gpt-4o",),
        place="in", why="", is_decided=True,
    )  # fmt: skip
    return replace(entry, **values)


def test_drift_is_of_what_matters_alone() -> None:
    before = [an_entry("a"), an_entry("b"), an_entry("c", place="out"), an_entry("gone")]
    after = [
        an_entry("a", owner="Ben", why="another reason"),  # candidates for owner come and go
        an_entry("b", models=("gpt-5",), suppliers=("OpenAI", "Pinecone")),
        an_entry("c", place="out"),
    ]
    silent = {
        f"ais-{one}": Drift(Drifted.NOT_SEEN, f"ais-{one}", one, note="quiet") for one in "ac"
    }
    assert drift(before, after, silent) == [
        Drift(Drifted.GONE, "ais-gone", "gone", ("in",), ()),
        Drift(Drifted.NOT_SEEN, "ais-a", "a", note="quiet"),
        Drift(Drifted.SUPPLIERS, "ais-b", "b", ("OpenAI",), ("OpenAI", "Pinecone")),
        Drift(Drifted.MODELS, "ais-b", "b", ("gpt-4o",), ("gpt-5",)),
    ]


def test_an_approval_is_of_the_moment_that_it_is_given(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = at("2001-01-01T00:00:00Z")
    monkeypatch.setattr("scanner.commands.report.made_at", lambda: past)
    assert approve(db, "--reason", "as it is").code == 0
    with Reader(db) as store:
        (made,) = store.decisions(Act.APPROVE)
    assert made.at == MOMENT
    assert (
        "approved by Ines on 22 Nov 2026"
        in run("report", "scope", "--version", 1, "--as", "md", db=db).out
    )


def forge(db: Path, statement: str) -> None:
    """Do to a database what its triggers forbid."""
    connection = sqlite3.connect(db)
    for trigger in ("paper_is_never_changed", "paper_is_never_removed"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE paper SET content = replace(content, 'Ines', 'Mallory')", "version 1 of scope"),
        ("UPDATE paper SET version = 7", "version 7 of scope"),
        ("DELETE FROM paper", "is missing"),
    ],
)
def test_a_paper_that_was_tampered_with_is_told(db: Path, statement: str, said: str) -> None:
    assert approve(db, "--reason", "as it is").code == 0
    assert gnomon("doctor", "--verify", "--db", db).code == 0
    with sqlite3.connect(db) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    forge(db, statement)
    ran = gnomon("doctor", "--verify", "--db", db, "--format", "json")
    chain, papers = ran.json()
    assert (ran.code, chain["ok"], papers["ok"]) == (1, True, False)
    assert said in papers["detail"]


def test_nothing_is_kept_if_somebody_decided_meanwhile(db: Path) -> None:
    with PaperStore(db) as store:
        last = store.last_decision()
        assert last is not None
        decision = Decision("scope", "approved", "", "Ines", MOMENT, act=Act.APPROVE)
        assert store.keep_paper("scope", 1, "{}", decision, last.number - 1) is None
        assert store.last_decision() == last
        assert store.kept_papers("scope") == []


def test_a_paper_is_kept_whole(example: Path) -> None:
    """Of every report: what is read again is what was kept, to the last cell."""
    with Reader(example, read_only=True) as store:
        for report in all_reports():
            if report.compose is None or report.data is None:
                continue
            papers = [report.compose(material(store, report, one)) for one in ("en", "fr")]
            kept = read(keep(papers), report.data)
            for paper in papers:
                again = kept.papers[paper.head.language]
                assert (again.title, again.head) == (paper.title, paper.head), report.name
                assert again.sections == paper.sections, report.name
            both = [msgspec.to_builtins(one) for one in (kept.data, papers[0].data)]
            assert both[0] == both[1], report.name


def test_only_the_scope_is_approved(db: Path) -> None:
    ran = gnomon("report", "coverage", "--approve", "--by", "Ines", "--db", db)
    assert (ran.code, "is not approved" in ran.err) == (2, True)
    ran = gnomon("report", "scope", "--approve", "--db", db)
    assert (ran.code, "--by" in ran.err) == (2, True)


HOSTS = (
    "chatgpt.com", "claude.ai", "gemini.google.com", "www.perplexity.ai", "copilot.microsoft.com",
    "www.midjourney.com", "api.openai.com", "api.anthropic.com", "api.mistral.ai", "otter.ai",
    "api.elevenlabs.io", "elevenlabs.io", "api-free.deepl.com", "api.cohere.com", "huggingface.co", "chat.deepseek.com", "app.grammarly.com",
)  # fmt: skip


@pytest.fixture(params=[(8, 4), (15, 0)], ids=["mixed", "all in scope"])
def of_fifteen(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A database of fifteen systems: so many in scope and out of it, the rest undecided."""
    inside, out = request.param
    db = a_place(tmp_path, monkeypatch, SAID)
    run("scan", a_log(tmp_path, "proxy.log", at("2026-11-01T09:00:00Z"), 2, *HOSTS), db=db)
    with Reader(db) as store:
        systems = [one.id for one in store.systems()]
    assert len(systems) == 15
    for system in systems:
        by = ("--by", "Board", "--reason", "runs the contract")
        run("inventory", "owner", system, "Maximiliane Oberhuber-Fitzgerald", *by, db=db)
    for number, system in enumerate(systems[: inside + out]):
        settle(db, system, "in" if number < inside else "out")
    assert approve(db, "--reason", "The board decides on the rest in December").code == 0
    return db


def test_sections_1_to_10_are_two_pages_from_a_browser(of_fifteen: Path, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not (chromium and shutil.which("pdftotext")):
        pytest.skip("no Chromium with pdftotext is installed")
    page, made = tmp_path / "s.html", tmp_path / "s.pdf"
    run("report", "scope", "--version", 1, "--out", page, db=of_fifteen)
    subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", f"--user-data-dir={tmp_path / 'chromium'}",
         f"--print-to-pdf={made}", page.as_uri()],
        check=True, capture_output=True, timeout=90,
    )  # fmt: skip
    assert page_of(made, "11. Coverage") == 3
    assert page_of(made, "10. Undecided") == 2


def test_sections_1_to_10_are_two_pages_from_libreoffice(of_fifteen: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not (office and shutil.which("pdftotext")):
        pytest.skip("no LibreOffice with pdftotext is installed")
    run("report", "scope", "--version", 1, "--out", tmp_path / "s.docx", db=of_fifteen)
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "s.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert page_of(tmp_path / "s.pdf", "11. Coverage") == 3
    assert page_of(tmp_path / "s.pdf", "10. Undecided") <= 2


def page_of(made: Path, heading: str) -> int:
    """Return the page that a heading is on, from 1."""
    ran = subprocess.run(["pdftotext", made, "-"], check=True, capture_output=True, timeout=30)
    pages = ran.stdout.decode().split("\f")
    return next(number for number, text in enumerate(pages, 1) if heading in text)


def test_its_data_are_as_the_schema_says(db: Path) -> None:
    import jsonschema

    report = next(one for one in all_reports() if one.name == "scope")
    schema = msgspec.json.schema(report.data)
    jsonschema.validate(scope(db), schema)
