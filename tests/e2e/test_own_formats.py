"""Logs of a shape of one's own, told by an option or in gnomon.toml, from the log to the inventory."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tests.running import SQUID, Ran, gnomon

_FEED = (
    b'"Fri Nov 20 08:01:02 2026","ana@corp.example","api.openai.com/v1/chat","Allowed","POST","10.0.0.7"\n'
    b'"Fri Nov 20 08:01:03 2026","bob@corp.example","chat.deepseek.com/","Blocked","GET","10.0.0.8"\n'
    b'"Fri Nov 20 08:01:04 2026","bob@corp.example","www.example.org/","Allowed","GET","10.0.0.8"\n'
)
_MAP = "time=col1,user=col2,url=col3,action=col4,method=col5,client=col6"
_CORP = b"20.11.2026 08:01:02 | 10.0.0.7 -> api.openai.com\n20.11.2026 08:01:03 | 10.0.0.8 -> claude.ai\n"
_TOML = """
[[formats]]
name = "corp"
title = "Our gateway"
pattern = '(?P<time>\\S+ \\S+) \\| (?P<client>\\S+) -> (?P<host>\\S+)'
kind = "tls"
samples = [{line = "20.11.2026 08:01:02 | 10.0.0.7 -> %s", host = "api.openai.com", client = "10.0.0.7"}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _log(folder: Path, content: bytes, name: str = "some.log") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _settings(folder: Path, text: str) -> None:
    (folder / "gnomon.toml").write_text(text)


def _scan(*arguments: object) -> Ran:
    return gnomon("scan", *arguments, "--jobs", 1, "--format", "json")


def _hosts(*arguments: object, stdin: bytes = b"") -> list[tuple[object, ...]]:
    ran = gnomon("observe", *arguments, stdin=stdin)
    return [(one["host"], one["client"], one["user"], one["action"]) for one in ran.ndjson()]


def test_a_feed_by_its_map_becomes_an_inventory(project: Path) -> None:
    ran = _scan(_log(project, _FEED), "--map", _MAP)
    assert ran.code == 0
    (source,) = ran.json()["sources"]
    assert (source["format"], source["read"], source["rejected"]) == (f"--map {_MAP}", 3, 0)
    assert ran.json()["systems"]["names_new"] == ["DeepSeek Chat", "OpenAI API"]


def test_the_same_log_by_another_map_is_read_again(project: Path) -> None:
    log = _log(project, _FEED)
    _scan(log, "--map", "url=col3")
    assert _scan(log, "--map", "url=col3").json()["sources"][0]["status"] == "already_read"
    ran = _scan(log, "--map", _MAP)
    assert ran.json()["sources"][0]["status"] == "complete"
    assert ran.json()["systems"]["total"] == 2


@pytest.mark.parametrize(
    ("option", "text", "line"),
    [
        ("--map", "host=col3,client=col1,user=col2,action=col4", b"10.0.0.7;ana;api.openai.com;pass"),
        ("--map", "host=q.name,client=ip,user=who,action=a", b'{"q":{"name":"api.openai.com"},"ip":"10.0.0.7","who":"ana","a":"pass"}'),
        ("--squid-logformat", "%>a %un %ru %Ss", b"10.0.0.7 ana api.openai.com:443 TCP_TUNNEL"),
        ("--nginx-log-format", '$remote_addr $remote_user "$request" $status', b'10.0.0.7 ana "CONNECT api.openai.com:443 HTTP/1.1" 200'),
        ("--apache-log-format", '%h %u "%r" %s', b'10.0.0.7 ana "CONNECT api.openai.com:443 HTTP/1.1" 200'),
    ],
)  # fmt: skip
def test_a_format_described_by_an_option(option: str, text: str, line: bytes) -> None:
    found = _hosts("-", option, text, stdin=line + b"\n")
    assert found == [("api.openai.com", "10.0.0.7", "ana", "allowed")]


def test_at_most_one_format_is_forced(project: Path) -> None:
    log = _log(project, _FEED)
    for others in (["--log-format", "squid"], ["--squid-logformat", "%ru"]):
        ran = gnomon("scan", log, "--map", _MAP, *others)
        assert ran.code == 2
        assert "give only one of --log-format, --map, --squid-logformat" in ran.err


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--map", "hots=col3", "--map: the map: 'hots' is no meaning; there are host, url, client"),
        ("--squid-logformat", "%>a", "--squid-logformat: Squid logformat: no field of it names"),
    ],
)
def test_a_description_that_says_nothing(option: str, text: str, said: str, project: Path) -> None:
    ran = gnomon("observe", _log(project, _FEED), option, text)
    assert ran.code == 2
    assert said in ran.err


def test_a_format_of_ones_own_is_recognised(project: Path) -> None:
    _settings(project, _TOML % "api.openai.com")
    log = _log(project, _CORP)
    assert _hosts(log) == [
        ("api.openai.com", "10.0.0.7", None, "unknown"),
        ("claude.ai", "10.0.0.8", None, "unknown"),
    ]
    ran = _scan(log)
    assert (ran.code, ran.json()["sources"][0]["format"]) == (0, "corp")
    best = gnomon("detect", log, "--format", "json").json()[0]
    assert (best["format"], best["fits"], best["parsed"]) == ("corp", True, 2)
    listed = {one["name"]: one for one in gnomon("formats", "--format", "json").json()}
    assert (listed["corp"]["title"], listed["corp"]["client"], listed["corp"]["user"]) == (
        "Our gateway",
        True,
        False,
    )
    assert listed["corp"]["origin"] == "gnomon.toml"
    assert "squid" in listed


def test_a_source_names_a_format_of_ones_own(project: Path) -> None:
    _log(project, _CORP)
    _settings(project, _TOML % "api.openai.com" + '[[sources]]\npath = "some.log"\nformat = "corp"')
    assert _scan().json()["sources"][0]["format"] == "corp"
    _settings(project, '[[sources]]\npath = "some.log"\nformat = "corp"')
    ran = _scan()
    assert ran.code == 2
    assert "no log format is named 'corp'" in ran.err


def test_a_sample_that_fails_stops_a_scan_and_is_told_by_the_check(project: Path) -> None:
    _settings(project, _TOML % "claude.ai")
    said = (
        "format 'corp', sample 1: expected host api.openai.com, client 10.0.0.7, but host claude.ai"
    )
    ran = _scan(_log(project, _CORP))
    assert ran.code == 2
    assert said in ran.err
    checked = gnomon("formats", "--check", "--format", "json")
    assert checked.code == 1
    failing = [one for one in checked.json() if not one["ok"]]
    assert [one["name"] for one in failing] == ["corp"]
    assert said in failing[0]["detail"]


def test_the_check_tells_of_a_format_that_is_wrong(project: Path) -> None:
    _settings(project, '[[formats]]\nname = "corp"\npattern = "("\n')
    checked = gnomon("formats", "--check", "--format", "json")
    assert checked.code == 1
    (failing,) = [one for one in checked.json() if not one["ok"]]
    assert "its pattern is no regular expression" in failing["detail"]


def test_the_check_of_sound_formats(project: Path) -> None:
    _settings(project, _TOML % "api.openai.com")
    checked = gnomon("formats", "--check", "--format", "json")
    assert checked.code == 0
    rows = {one["name"]: one for one in checked.json()}
    assert (rows["corp"]["samples"], rows["corp"]["detail"]) == (1, "")
    assert rows["squid"]["samples"] == 2


@pytest.mark.parametrize("name", ["squid", "corp"])
def test_no_two_formats_have_one_name(name: str, project: Path) -> None:
    again = f'[[formats]]\nname = "{name}"\nmap = "host=col1"\n'
    _settings(project, _TOML % "api.openai.com" + again)
    ran = _scan(_log(project, _CORP))
    assert ran.code == 2
    assert f"format '{name}': there is one of that name" in ran.err


def _archive(folder: Path, *files: tuple[str, bytes]) -> Path:
    path = folder / "logs.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 1_795_226_310
            archive.addfile(info, io.BytesIO(content))
    return path


def test_f8_the_logs_in_an_archive(project: Path) -> None:
    archive = _archive(project, ("squid/access.log", SQUID), ("squid/access.log.1", SQUID * 2))
    ran = _scan(archive)
    assert ran.code == 0
    assert [(one["source"], one["status"]) for one in ran.json()["sources"]] == [
        (f"{archive}/squid/access.log", "complete"),
        (f"{archive}/squid/access.log.1", "complete"),
    ]
    assert {one["status"] for one in _scan(archive).json()["sources"]} == {"already_read"}


def test_f9_what_is_refused_in_an_archive_is_told(project: Path) -> None:
    archive = _archive(project, ("../access.log", SQUID), ("access.log", SQUID))
    ran = _scan(archive)
    assert ran.code == 4
    refused, read = ran.json()["sources"]
    assert (refused["status"], read["status"]) == ("failed", "complete")
    assert refused["reason"].startswith("its name in the archive leads out of it")
    observed = gnomon("observe", archive)
    assert observed.code == 4
    assert {one["source"] for one in observed.ndjson()} == {f"{archive}/access.log"}
    assert "its name in the archive leads out of it" in observed.err


def test_a_log_is_read_again_when_the_definition_of_a_format_changes(project: Path) -> None:
    log = _log(project, _CORP)
    _settings(project, _TOML % "api.openai.com")
    assert _scan(log).json()["sources"][0]["status"] == "complete"
    assert _scan(log).json()["sources"][0]["status"] == "already_read"
    _settings(project, (_TOML % "api.openai.com").replace('kind = "tls"', 'kind = "dns"'))
    assert _scan(log).json()["sources"][0]["status"] == "complete"
