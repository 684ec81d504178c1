"""Source trees in, built systems out: the whole path."""

import json
import shutil
from pathlib import Path

import pytest

from tests.running import gnomon
from tests.trees.support import committed, git, written

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

_REMOTE = "git@github.com:harbour/support.git"
_BOT = "services/bot"
_FILES = {
    f"{_BOT}/requirements.txt": "openai==1.2.3\nrequests\n",
    f"{_BOT}/Dockerfile": 'FROM python:3.12-slim\nCMD ["python", "main.py"]\n',
    f"{_BOT}/main.py": "from openai import OpenAI\n\nclient = OpenAI()\n",
    "web/package.json": '{"name": "@harbour/web", "dependencies": {"react": "18"}}',
    ".github/CODEOWNERS": f"* @harbour/platform\n{_BOT}/ @harbour/bots\n",
}


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "gnomon.db"


def scan(*arguments: object, db: Path):
    return gnomon("scan", *arguments, "--db", db, "--format", "json")


def inventory(db: Path):
    return gnomon("inventory", "list", "--db", db, "--format", "json").json()


def test_a_repository_becomes_a_built_system(tmp_path: Path, db: Path) -> None:
    root = committed(tmp_path / "support", _FILES, _REMOTE)
    ran = scan(root, db=db)
    assert ran.code == 0
    assert ran.json()["sources"][0]["format"] == "source tree"
    (system,) = inventory(db)
    assert (system["name"], system["kind"], system["supplier"]) == ("bot", "built", "OpenAI")
    assert system["product"] == f"github.com/harbour/support#{_BOT}"
    shown = gnomon("inventory", "show", "bot", "--db", db, "--format", "json").json()
    where = {
        (one["value"], one["tie"], one["version"], one["where"]) for one in shown["components"]
    }
    assert ("pkg:pypi/openai", "declared", "==1.2.3", f"{_BOT}/requirements.txt:1") in {
        (value, tie, version if version.startswith("=") else f"=={version}", place)
        for value, tie, version, place in where
    }
    assert any(tie == "imported" and place == f"{_BOT}/main.py:1" for _, tie, _, place in where)
    owners = [one["owner"] for one in shown["owner_candidates"]]
    assert owners == ["@harbour/bots", "Ann Lee <ann@harbour.example>"]
    assert shown["hints"] == [
        {
            "kind": "deployment",
            "label": "container image",
            "reason": "has Dockerfile",
            "file": f"{_BOT}/Dockerfile",
            "line": 1,
            "places": 1,
            "where": f"{_BOT}/Dockerfile:1",
        }
    ]
    table = gnomon("inventory", "show", "bot", "--db", db).out
    assert "Hints, for a person to confirm" in table
    assert "perhaps container image" in table


def test_a_second_checkout_and_a_rename_are_the_same_system(tmp_path: Path, db: Path) -> None:
    first = committed(tmp_path / "support", _FILES, _REMOTE)
    second = tmp_path / "elsewhere" / "copy-of-it"
    second.parent.mkdir()
    git(tmp_path, "clone", "-q", str(first), str(second))
    git(second, "remote", "set-url", "origin", "https://github.com/Harbour/Support")
    scan(first, db=db)
    before = inventory(db)
    scan(second, db=db)
    (after,) = inventory(db)
    assert after["id"] == before[0]["id"]
    assert after["first_seen"] == before[0]["first_seen"]
    shown = gnomon("inventory", "show", "bot", "--db", db, "--format", "json").json()
    assert len(shown["components"]) == len({one["where"] for one in shown["components"]})


def test_what_is_taken_out_is_gone_from_the_next_scan(tmp_path: Path, db: Path) -> None:
    root = committed(tmp_path / "support", _FILES, _REMOTE)
    scan(root, db=db)
    written(root, {f"{_BOT}/requirements.txt": "requests\n", f"{_BOT}/main.py": "print()\n"})
    scan(root, db=db)
    assert inventory(db) == []
    written(root, _FILES)
    scan(root, db=db)
    assert len(inventory(db)) == 1


def test_a_revision_of_a_bare_mirror(tmp_path: Path, db: Path) -> None:
    root = committed(tmp_path / "support", _FILES, _REMOTE)
    git(tmp_path, "clone", "-q", "--bare", str(root), "mirror.git")
    git(tmp_path / "mirror.git", "remote", "set-url", "origin", _REMOTE)
    written(root, {f"{_BOT}/main.py": "", f"{_BOT}/requirements.txt": ""})
    assert scan(tmp_path / "mirror.git", db=db).code == 0
    assert [one["name"] for one in inventory(db)] == ["bot"]
    other = tmp_path / "other.db"
    scan(root, "--git", "HEAD", db=other)
    assert [one["id"] for one in inventory(other)] == [one["id"] for one in inventory(db)]
    ran = scan(root, "--git", "nowhere", db=other)
    assert ran.code == 4
    assert "no revision nowhere" in ran.json()["sources"][0]["reason"]


def test_ai_in_tests_examples_and_ignored_files_makes_no_system(tmp_path: Path, db: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "plain"\ndependencies = ["requests"]\n',
        "tests/test_it.py": "import openai\n",
        "examples/chat/requirements.txt": "openai\n",
        ".gitignore": "local.py\n",
        "local.py": "import anthropic\n",
        "node_modules/openai/package.json": '{"name": "openai"}',
    }
    root = written(tmp_path / "plain", files)
    assert scan(root, db=db).code == 0
    assert inventory(db) == []
    assert scan(root, "--no-ignore", db=db).code == 0
    assert [one["supplier"] for one in inventory(db)] == ["Anthropic, OpenAI"]


def test_folders_of_logs_and_checkouts_are_told_apart(tmp_path: Path, db: Path) -> None:
    committed(tmp_path / "all" / "support", _FILES, _REMOTE)
    written(tmp_path / "all" / "logs", {"access.log": "not a log\n"})
    sources = {one["format"] for one in scan(tmp_path / "all", db=db).json()["sources"]}
    assert sources == {"source tree", None}


def test_used_and_built_have_one_supplier(tmp_path: Path, db: Path) -> None:
    log = (
        b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT chatgpt.com:443 ana "
        b"HIER_DIRECT/203.0.113.7 -\n"
    )
    written(tmp_path / "in" / "logs", {"access.log": log})
    committed(tmp_path / "in" / "one", _FILES, "git@github.com:harbour/one.git")
    committed(tmp_path / "in" / "two", _FILES, "git@github.com:harbour/two.git")
    assert scan(tmp_path / "in", db=db).code == 0
    assert sorted((one["kind"], one["supplier"]) for one in inventory(db)) == [
        ("built", "OpenAI"),
        ("built", "OpenAI"),
        ("used", "OpenAI"),
    ]


def test_fail_on_and_sarif(tmp_path: Path, db: Path) -> None:
    root = committed(tmp_path / "support", _FILES, _REMOTE)
    assert scan(root, "--fail-on", "prohibited", db=db).code == 0
    assert scan(root, "--fail-on", "new", db=db).code == 0  # it was new in the scan before
    ran = scan(root, "--fail-on", "unreviewed", "--fail-on", "prohibited", db=db)
    assert ran.code == 11
    assert "unreviewed: bot" in ran.err
    assert scan(root, "--fail-on", "new", db=tmp_path / "other.db").code == 10
    log = json.loads(gnomon("report", "sarif", "--db", db).out)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert (root / place["artifactLocation"]["uri"]).is_file()
    brief = gnomon("report", "brief", "--db", db)
    assert brief.code == 0
    assert "Who answers for it, and what may go to its suppliers?" in brief.out
    assert "services/bot/main.py:1" in brief.out


def test_unknown_packages_and_words_are_candidates(tmp_path: Path, db: Path) -> None:
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "app", "dependencies": {"harbour-helper": "1"}},
            "node_modules/harbour-helper": {"version": "1.0.0", "dependencies": {"openai": "4"}},
            "node_modules/openai": {"version": "4.0.0"},
        },
    }
    manifest = {
        "name": "app",
        "description": "Answers letters with large language models",
        "dependencies": {"harbour-helper": "1"},
    }
    files = {"package.json": json.dumps(manifest), "package-lock.json": json.dumps(lock, indent=1)}
    root = committed(tmp_path / "app", files, "git@github.com:harbour/app.git")
    assert scan(root, db=db).code == 0
    assert inventory(db) == []  # through an unknown package alone
    found = gnomon("candidates", "list", "--db", db, "--format", "json").json()
    assert sorted(one["subject"] for one in found) == [
        "github.com/harbour/app",
        "pkg:npm/harbour-helper",
    ]


def test_a_package_that_calls_another_supplier_names_both(tmp_path: Path, db: Path) -> None:
    root = written(tmp_path / "app", {"requirements.txt": "langchain-openai==0.2\n"})
    assert scan(root, db=db).code == 0
    assert [one["supplier"] for one in inventory(db)] == ["LangChain, OpenAI"]


def test_what_is_imported_and_nowhere_declared_is_said(tmp_path: Path, db: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "app"\ndependencies = ["openai"]\n',
        "app.py": "import anthropic\nimport openai\n",
    }
    assert scan(written(tmp_path / "app", files), db=db).code == 0
    shown = gnomon("inventory", "show", "app", "--db", db, "--format", "json").json()
    undeclared = {one["supplier"] for one in shown["components"] if one["is_undeclared"]}
    assert undeclared == {"Anthropic"}
    assert "imported, undeclared" in gnomon("inventory", "show", "app", "--db", db).out
