"""``gnomon signatures propose`` writes files to review, which pass the check, and never the base."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import Ran, gnomon
from tests.signatures import GOOD, a_base_of
from tests.support import NOW

HEADER = "vendor,product,channel,value,source,note\n"
TABLE = HEADER + (
    "Acme AI,Acme Chat,host,acme-ai.example,https://a.example/,\n"
    "Acme AI,Acme Chat,env_var,ACME_API_KEY,https://a.example/,\n"
    "Zeta,Zeta,domain,zeta-ai.com,https://z.example/,\n"
    "Zeta,Zeta,env_var,API_KEY,https://z.example/,\n"
)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make Acme the built-in base, and today the day that the tests know."""
    monkeypatch.setattr("scanner.commands.signatures.now", lambda: NOW)
    return a_base_of(tmp_path, monkeypatch)


def run_propose(table: str, *more: object) -> Ran:
    """Propose what a table states."""
    Path("list.csv").write_text(table)
    return gnomon("signatures", "propose", "csv", "list.csv", *more)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_what_is_new_is_written_for_review_and_never_into_the_base(base: Path) -> None:
    before = contents(base)
    ran = run_propose(TABLE, "--format", "json")
    assert ran.code == 0
    assert ran.json() == [
        {"standing": "new", "vendor": "Acme AI", "channel": "env", "value": "ACME_API_KEY", "why": "", "source": "https://a.example/"},
        {"standing": "new", "vendor": "Zeta", "channel": "host", "value": "zeta-ai.com", "why": "", "source": "https://z.example/"},
        {"standing": "doubtful", "vendor": "Zeta", "channel": "env", "value": "API_KEY", "why": "API_KEY is generic: supporting at most", "source": "https://z.example/"},
    ]  # fmt: skip
    assert ran.err == (
        "a table of identifiers (CSV or TSV) (as its source column says): "
        "4 identifiers, 1 known, 2 vendors to review in proposals\n"
    )
    assert contents(base) == before
    assert list(contents(Path("proposals"))) == ["acme.yaml", "zeta.yaml"]


def test_a_known_vendors_file_is_its_own_with_the_additions(base: Path) -> None:
    run_propose(TABLE)
    added = (
        "      - id: acme.chat.env\n"
        "        channel: env\n"
        "        exact: [ACME_API_KEY]\n"
        "        evidence: build\n"
        "        confidence: 60\n"
        "        sources: ['https://a.example/']\n"
        "        tests: {match: [ACME_API_KEY], no_match: [not-ACME_API_KEY]}\n"
    )
    before = GOOD.replace("2026-11-21", "2026-12-01").replace(
        "        tests:\n"
        "          match: [acme-ai.example, api.acme-ai.example]\n"
        "          no_match: [notacme-ai.example]\n",
        "        tests: {match: [acme-ai.example, api.acme-ai.example], no_match: [notacme-ai.example]}\n",
    )
    assert Path("proposals/acme.yaml").read_text() == before + added


def test_the_same_statements_make_the_same_files(base: Path) -> None:
    first = run_propose(TABLE, "--into", "one")
    second = run_propose(TABLE, "--into", "two")
    assert first.out == second.out
    assert contents(Path("one")) == contents(Path("two"))


def test_nothing_new_writes_nothing(base: Path) -> None:
    ran = run_propose(HEADER + "Acme AI,Chat,host,acme-ai.example,https://a.example/,\n")
    assert ran.err.endswith("1 identifiers, 1 known, 0 vendors to review in proposals\n")
    assert not Path("proposals").exists()


@pytest.mark.parametrize(
    "rows",
    [
        TABLE.removeprefix(HEADER),
        "Zeta,Z,host_pattern,api-*.zeta.com,https://z.example/,\n",
        "Zeta,Z,process,Zeta.exe,https://z.example/,\n"
        "Zeta,Z,github_app,zeta[bot],https://z.example/,\n"
        "Zeta,Z,email_sender,zeta.com,https://z.example/,\n"
        "Zeta,Z,container,ghcr.io/zeta/server,https://z.example/,\n",
        "Zeta,Z,host,zeta.com,https://z.example/,\nZeta,Z,host,zeta.com,https://list.example/,\n",
        "Zeta,Z,domain,zeta.com,https://z.example/,\n"
        "Zeta,Z,domain_exact,zeta.com,https://z.example/,\n",
        "Zeta,Z,host_pattern,*-api.zeta.com,https://z.example/,\n",
        "Zeta,Z,env,SHARED_KEY,https://z.example/,\nMoon,M,env,SHARED_KEY,https://z.example/,\n"
        "Moon,M,env,MOON_KEY,https://z.example/,\n",
        "LivePerson,L,host,liveperson.net,https://z.example/,\n"
        "LivePerson,L,host,liveperson.ai,https://z.example/,\n",
        "Zeta,Z,host_pattern,*.zeta.com,https://z.example/,\nZeta,Y,host,api.zeta.com,https://y.example/,\n",
        "Zeta,Z,host_pattern,*.zeta.com,https://z.example/,\nZeta,Y,domain_exact,api.zeta.com,https://y.example/,\n",
        "Zeta,Z,host_pattern,ai.{region}.zeta.com,https://z.example/,\n"
        "Zeta,Z,domain_exact,ai.us-east-1.zeta.com,https://y.example/,\n",
        "Zeta,Z,host_pattern,eu-*.zeta.com,https://z.example/,\nZeta,Z,host_pattern,*.zeta.com,https://z.example/,\n",
        "Acme AI,Y,host_pattern,*-x.acme-ai.example,https://z.example/,\n"
        "Zeta,Y,host,zeta.com,https://z.example/,\n",
        "Zeta,Y,host,zeta.com,https://z.example/,\nZeta,Z,host,zeta.com,https://z.example/,\n",
        "Zeta,Z,host,zeta.ai,https://z.example/,\nZeta,Z,host,notzeta.ai,https://z.example/,\n",
        "Zeta,Z,email_sender,bot@zeta.ai,https://z.example/,\nZeta,Z,email_sender,zeta.ai,https://z.example/,\n",
        "Zeta,Z,process,/opt/zeta/Zeta,https://z.example/,\nZeta,Z,process,zeta,https://y.example/,\n",
        "Zeta,Z,purl,pkg:pypi/zeta_ai,https://z.example/,\nZeta,Z,purl,pkg:pypi/Zeta-AI,https://y.example/,\n",
        "Zeta,Z,file,*.zeta,https://z.example/,\n",
        "Acme,Acme,env,ACME_KEY,https://z.example/,\nAcme-AI,Draw,env,ACME_KEY,https://z.example/,\n",
        "智谱,清言,host,zhipu.cn,https://z.example/,\n智谱,智谱,host,zhipu.ai,https://z.example/,\n",
    ],
)
def test_what_is_proposed_passes_the_check(rows: str, base: Path) -> None:
    run_propose(HEADER + rows)
    assert list(contents(Path("proposals")))
    ran = gnomon("signatures", "check", "proposals")
    assert (ran.out, ran.code) == ("", 0)


def test_a_file_that_a_person_has_edited_is_never_overwritten(base: Path) -> None:
    run_propose(TABLE)
    edited = Path("proposals", "zeta.yaml")
    edited.write_text(edited.read_text() + "# looked at\n")
    ran = run_propose(TABLE)
    assert (ran.code, "zeta.yaml: stands there already" in ran.err) == (2, True)
    assert edited.read_text().endswith("# looked at\n")
