"""What people say is one system stays so, whatever is scanned afterwards."""

import json
from pathlib import Path

import pytest

from scanner.model import Act
from scanner.store import Reader
from tests.running import SQUID, Ran, gnomon

_WHO = ("--by", "Ana", "--reason", "one contract")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    (tmp_path / "access.log").write_bytes(SQUID)
    assert gnomon("scan", tmp_path / "access.log", "--db", tmp_path / "x.db").code == 0
    return tmp_path / "x.db"


def _names(db: Path) -> list[tuple[str, str, int]]:
    found = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    return [(one["name"], one["supplier"], one["events"]) for one in found]


def _say(db: Path, *arguments: str) -> Ran:
    return gnomon("inventory", *arguments, *_WHO, "--db", db)


_BOTH = [("DeepSeek Chat", "DeepSeek", 1), ("OpenAI API", "OpenAI", 1)]


def test_a_merge_survives_scans_and_is_taken_back(db: Path, tmp_path: Path) -> None:
    assert _names(db) == _BOTH
    ran = _say(db, "merge", "OpenAI API", "deepseek chat")
    assert (ran.code, ran.out.count("DeepSeek, OpenAI")) == (0, 1)
    (tmp_path / "access.log").write_bytes(SQUID * 2)
    gnomon("scan", tmp_path / "access.log", "--db", db)
    assert _names(db) == [("OpenAI API", "DeepSeek, OpenAI", 4)]
    shown = gnomon("inventory", "show", "OpenAI API", "--db", db, "--format", "json").json()
    assert {one["detection"].partition(".")[0] for one in shown["evidence"]} == {
        "openai", "deepseek",
    }  # fmt: skip
    assert _say(db, "split", "OpenAI API", "DeepSeek Chat").code == 0
    assert [name for name, _, _ in _names(db)] == ["DeepSeek Chat", "OpenAI API"]
    with Reader(db, read_only=True) as store:
        assert [one.act for one in store.decisions()] == [Act.MERGE, Act.SPLIT]
        assert store.first_break() is None


def test_a_name_is_given_and_taken_back(db: Path) -> None:
    assert _say(db, "rename", "OpenAI API", "  Quote   engine ").code == 0
    assert _names(db)[1] == ("Quote engine", "OpenAI", 1)
    assert _say(db, "rename", "quote engine").code == 0
    assert _names(db) == _BOTH


def test_some_detections_are_a_system_of_their_own(tmp_path: Path) -> None:
    log, db = tmp_path / "access.log", tmp_path / "x.db"
    log.write_bytes(SQUID + SQUID.replace(b"api.openai.com", b"platform.openai.com"))
    gnomon("scan", log, "--db", db)
    shown = gnomon("inventory", "show", "OpenAI API", "--db", db, "--format", "json").json()
    first, *others = sorted({one["detection"] for one in shown["evidence"]})
    if not others:
        refused = _say(db, "split", "OpenAI API", "--detections", first, "--name", "Pilot")
        assert "would leave nothing" in refused.err
        return
    assert _say(db, "split", "OpenAI API", "--detections", first, "--name", "Pilot").code == 0
    assert "Pilot" in [name for name, _, _ in _names(db)]
    assert _say(db, "merge", "OpenAI API", "Pilot").code == 0
    assert "Pilot" not in [name for name, _, _ in _names(db)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("merge", "OpenAI API", "openai api"), "already"),
        (("merge", "OpenAI API", "nobody's"), "no AI system is known as"),
        (("split", "OpenAI API", "DeepSeek Chat"), "was not merged"),
        (("split", "OpenAI API", "--detections", "x.y", "--name", "N"), "has no detection x.y"),
        (("split", "OpenAI API", "--name", "N"), "give OTHER, or --detections and --name"),
        (("rename", "OpenAI API", " "), "a name has 1 to 200 characters"),
        (("rename", "OpenAI API", "x" * 201), "a name has 1 to 200 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_recorded(
    db: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = _say(db, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    with Reader(db, read_only=True) as store:
        assert store.decisions() == []


def test_nobody_decides_without_a_name_and_a_reason(db: Path) -> None:
    ran = gnomon("inventory", "rename", "OpenAI API", "X", "--by", " ", "--reason", "r", "--db", db)
    assert (ran.code, _names(db)) == (2, _BOTH)
    assert "say who decides and why" in ran.err


def test_a_forgotten_source_takes_its_evidence_and_no_other_along(db: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.log"
    more.write_bytes(SQUID.replace(b"10.0.0.7", b"10.0.0.70").splitlines(keepends=True)[0])
    gnomon("scan", more, "--db", db)
    assert _names(db) == [("DeepSeek Chat", "DeepSeek", 1), ("OpenAI API", "OpenAI", 2)]
    who = ("--by", "Ana", "--reason", "not ours", "--db", db)
    ran = gnomon("sources", "forget", tmp_path / "access.log", *who)
    assert (ran.code, "1 stored copy" in ran.out) == (0, True)
    assert _names(db) == [("OpenAI API", "OpenAI", 1)]
    with Reader(db, read_only=True) as store:
        (decision,) = store.decisions(Act.FORGET)
        states = {Path(one["name"]).name: one["state"] for one in store.coverage()}
    assert (decision.subject, decision.by) == (f"source:{tmp_path / 'access.log'}", "Ana")
    assert states == {"access.log": "skipped", "more.log": "complete"}
    again = gnomon("sources", "forget", tmp_path / "acces.log", *who)
    assert again.code == 2
    assert "did you mean" in again.err
    gnomon("scan", tmp_path / "access.log", "--db", db)
    assert _names(db) == [("DeepSeek Chat", "DeepSeek", 1), ("OpenAI API", "OpenAI", 2)]


def test_a_merged_system_is_one_of_the_suppliers_of_both(db: Path) -> None:
    _say(db, "merge", "OpenAI API", "DeepSeek Chat")
    rows = gnomon("suppliers", "list", "--db", db, "--format", "json").json()
    found = {one["id"]: (one["systems"], one["direct"], one["share"]) for one in rows}
    assert found["openai"] == found["deepseek"] == (1, 1, "100%")


def test_what_rests_on_a_supplier_is_told_with_why(tmp_path: Path) -> None:
    bot = tmp_path / "bot"
    bot.mkdir()
    (bot / "pyproject.toml").write_text(
        '[project]\nname = "bot"\nversion = "1"\ndependencies = ["openai==1.2.3"]\n'
    )
    log = tmp_path / "access.log"
    log.write_bytes(SQUID.replace(b"api.openai.com", b"api.githubcopilot.com"))
    gnomon("scan", bot, log, "--db", tmp_path / "x.db")
    shown = gnomon("suppliers", "show", "OpenAI", "--db", tmp_path / "x.db", "--format", "json")
    told = {one["name"]: (one["direct"], one["why"]) for one in shown.json()["on_it"]}
    assert told == {
        "bot": (True, ["OpenAI API is a component"]),
        "GitHub Copilot": (False, ["GitHub Copilot is used, which runs on OpenAI API"]),
    }
    table = gnomon("suppliers", "list", "--db", tmp_path / "x.db").out.splitlines()
    assert table[1].split()[:3] == ["openai", "OpenAI", "US"]
    assert "67%" in table[1]
    missing = gnomon("suppliers", "show", "nobody", "--db", tmp_path / "x.db")
    assert (missing.code, json.dumps(missing.out)) == (2, '""')
