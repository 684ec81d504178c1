"""What people do to identity when nobody watches: chains, crossings, names that others have, what is gone."""

from pathlib import Path
from typing import Any

import pytest

from tests.running import SQUID, Ran, gnomon

_WHO = ("--by", "Mo", "--reason", "why")


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("access.log").write_bytes(SQUID)
    Path("more.log").write_bytes(SQUID.replace(b"api.openai.com", b"claude.ai"))
    Path("bot").mkdir()
    Path("bot", "pyproject.toml").write_text(
        '[project]\nname = "bot"\nversion = "1"\ndependencies = ["openai==1.2.3"]\n'
    )
    assert gnomon("scan", "access.log", "more.log", "bot", "--db", "x.db").code == 0
    return Path("x.db")


def _say(what: str, *arguments: str) -> Ran:
    return gnomon("inventory", what, *arguments, *_WHO, "--db", "x.db")


def _decide(system: str, verdict: str, *more: str) -> Ran:
    return gnomon("review", "decide", system, verdict, *more, *_WHO, "--db", "x.db")


def _listed() -> dict[str, dict[str, Any]]:
    rows = gnomon("inventory", "list", "--db", "x.db", "--format", "json").json()
    return {one["name"]: one for one in rows}


def test_a_chain_of_merges_is_taken_apart_link_by_link(db: Path) -> None:
    before = _listed()
    assert _say("merge", "DeepSeek Chat", "Claude").code == 0
    assert _say("merge", "OpenAI API", "DeepSeek Chat").code == 0
    assert _listed().keys() == {"OpenAI API", "bot"}
    assert _say("split", "OpenAI API", "DeepSeek Chat").code == 0
    assert _listed()["DeepSeek Chat"]["supplier"] == "Anthropic, DeepSeek"
    assert _say("split", "DeepSeek Chat", "Claude").code == 0
    assert _listed() == before


def test_what_is_used_is_merged_into_what_is_built_and_comes_back(db: Path) -> None:
    before = _listed()
    assert _decide("OpenAI API", "rejected").code == 0
    assert _say("merge", "bot", "OpenAI API").code == 0
    bot = _listed()["bot"]
    assert (bot["kind"], bot["events"], bot["status"]) == ("built", 1, "rejected")
    assert bot["channels"] == ["code", "proxy"]
    shown = gnomon("inventory", "show", "bot", "--db", "x.db", "--format", "json").json()
    assert shown["components"]
    assert [one["detection"].split(".")[0] for one in shown["evidence"]] == ["openai"]
    assert _say("split", "bot", "OpenAI API").code == 0
    assert _listed() == {**before, "OpenAI API": {**before["OpenAI API"], "status": "rejected"}}


def test_what_is_built_is_merged_into_what_is_used(db: Path) -> None:
    before = _listed()
    assert _say("merge", "OpenAI API", "bot").code == 0
    merged = _listed()["OpenAI API"]
    assert (merged["kind"], merged["channels"]) == ("used", ["code", "proxy"])
    assert _say("split", "OpenAI API", "bot").code == 0
    assert _listed() == before


def test_two_systems_of_one_name_are_asked_for_by_id(db: Path) -> None:
    ids = {name: one["id"] for name, one in _listed().items()}
    assert _say("rename", "Claude", "deepseek CHAT").code == 0
    refused = _say("merge", "OpenAI API", "DeepSeek Chat")
    assert refused.code == 2
    assert f"names several systems: {', '.join(sorted([ids['Claude'], ids['DeepSeek Chat']]))}" in (
        refused.err
    )
    assert "names several systems" in _decide("DeepSeek Chat", "rejected").err
    assert _decide(ids["Claude"], "rejected").code == 0
    assert _say("rename", ids["Claude"]).code == 0
    assert _listed()["Claude"]["status"] == "rejected"


def test_what_was_merged_away_is_found_by_the_name_it_had(db: Path) -> None:
    _decide("Claude", "rejected")
    _say("merge", "OpenAI API", "Claude")
    for command in (
        ("inventory", "show", "Claude"),
        ("inventory", "record", "Claude"),
        ("inventory", "roles", "Claude"),
        ("inventory", "owners", "Claude"),
        ("review", "show", "Claude"),
        ("review", "history", "Claude"),
        ("changes", "--system", "Claude"),
        ("report", "evidence", "Claude", "--as", "md"),
    ):
        ran = gnomon(*command, "--db", "x.db")
        assert (ran.code, "OpenAI API" in ran.out + ran.err) == (0, True), command
    for decided in (_decide("Claude", "in_review"), _say("set", "Claude", "purpose", "none")):
        assert decided.code == 2
        assert "Claude was merged into OpenAI API" in decided.err


def test_a_forgotten_source_takes_what_was_merged_and_gives_it_back_when_it_is_read_again(
    db: Path,
) -> None:
    _decide("Claude", "rejected")
    _say("merge", "OpenAI API", "Claude")
    before = _listed()
    who = (*_WHO, "--db", "x.db")
    assert gnomon("sources", "forget", Path("more.log").absolute(), *who).code == 0 or (
        gnomon("sources", "forget", "more.log", *who).code == 0
    )
    assert _listed()["OpenAI API"]["supplier"] == "OpenAI"
    assert _listed()["OpenAI API"]["status"] == "rejected"
    gnomon("scan", "more.log", "--db", "x.db")
    assert _listed() == before


def test_the_one_that_stays_may_lose_all_its_evidence(db: Path) -> None:
    """What is left is shown under the name and the id of the one that stays."""
    stays = _listed()["Claude"]["id"]
    _say("merge", "Claude", "OpenAI API")
    who = (*_WHO, "--db", "x.db")
    assert gnomon("sources", "forget", "more.log", *who).code == 0
    assert _listed()["Claude"]["id"] == stays
    assert _listed()["Claude"]["supplier"] == "OpenAI"
    assert _say("split", "Claude", "OpenAI API").code == 0
    assert _listed().keys() == {"DeepSeek Chat", "OpenAI API", "bot"}


def test_a_decision_on_what_is_gone_is_refused_and_its_history_stays(db: Path) -> None:
    gone = _listed()["Claude"]["id"]
    _decide("Claude", "rejected")
    gnomon("sources", "forget", "more.log", *_WHO, "--db", "x.db")
    assert _decide(gone, "in_review").code == 2
    history = gnomon("review", "history", gone, "--db", "x.db", "--format", "json").json()
    assert [one["verdict"] for one in history] == ["rejected"]


def test_a_merge_both_ways_ends_with_one_system(db: Path) -> None:
    _say("merge", "Claude", "OpenAI API")
    again = _say("merge", "OpenAI API", "Claude")
    assert (again.code, "already" in again.err) == (2, True)
    assert set(_listed()) == {"Claude", "DeepSeek Chat", "bot"}
