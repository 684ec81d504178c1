"""Logs in, inventory out: the whole path, with the exit codes it promises."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT, SHARED, SQUID, gnomon


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_bytes(SQUID)
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "gnomon.db"


def scan(*arguments: object, db: Path):
    return gnomon("scan", *arguments, "--db", db, "--format", "json")


def inventory(db: Path):
    return gnomon("inventory", "list", "--db", db, "--format", "json").json()


def counts(db: Path):
    return {
        one["name"]: (one["evidence_level"], one["events"], one["blocked"]) for one in inventory(db)
    }


def test_a_log_becomes_an_inventory(log: Path, db: Path) -> None:
    ran = scan(log, db=db)
    assert ran.code == 0
    (source,) = ran.json()["sources"]
    assert source["status"] == "complete"
    assert (source["read"], source["parsed"], source["ignored"], source["rejected"]) == (3, 3, 0, 0)
    assert source["period"]["first"] == "2026-11-21T01:58:30.136000Z"
    assert source["period"]["last"] == "2026-11-21T01:58:31Z"
    assert ran.json()["systems"]["names_new"] == ["DeepSeek Chat", "OpenAI API"]
    assert counts(db) == {"OpenAI API": ("connected", 1, 0), "DeepSeek Chat": ("attempt", 1, 1)}


def test_the_same_log_again_changes_nothing_but_the_list_of_scans(log: Path, db: Path) -> None:
    scan(log, db=db)
    before = inventory(db)
    ran = scan(log, db=db)
    assert ran.code == 0
    assert ran.json()["sources"][0]["status"] == "already_read"
    assert ran.json()["systems"] == {"new": 0, "seen_again": 2, "total": 2, "names_new": []}
    assert inventory(db) == before


def test_a_renamed_compressed_copy_is_the_same_evidence(
    log: Path, db: Path, tmp_path: Path
) -> None:
    scan(log, db=db)
    before = inventory(db)
    copy = tmp_path / "access.log.1.gz"
    copy.write_bytes(gzip.compress(SQUID))
    assert scan(copy, db=db).json()["sources"][0]["status"] == "already_read"
    assert inventory(db) == before


def test_a_grown_log_replaces_its_shorter_self(log: Path, db: Path) -> None:
    scan(log, db=db)
    log.write_bytes(SQUID + SQUID.splitlines(keepends=True)[0].replace(b"10.136", b"99.136"))
    assert scan(log, db=db).json()["sources"][0]["status"] == "complete"
    assert counts(db)["OpenAI API"] == ("connected", 2, 0)


def test_a_log_cut_in_its_last_line_and_grown_counts_each_line_once(log: Path, db: Path) -> None:
    log.write_bytes(SQUID[:-150])
    scan(log, db=db)
    log.write_bytes(SQUID)
    scan(log, db=db)
    assert counts(db) == {"OpenAI API": ("connected", 1, 0), "DeepSeek Chat": ("attempt", 1, 1)}


def test_standard_input_is_a_log_too(db: Path) -> None:
    ran = gnomon("scan", "-", "--db", db, "--format", "json", stdin=SQUID)
    assert ran.json()["systems"]["total"] == 2


def test_order_and_split_of_sources_do_not_matter(tmp_path: Path) -> None:
    lines = SQUID.splitlines(keepends=True)
    found = []
    for name, parts in (("whole", [SQUID]), ("split", lines), ("turned", lines[::-1])):
        folder = tmp_path / name
        folder.mkdir()
        for number, part in enumerate(parts):
            (folder / f"{number}.log").write_bytes(part)
        scan(folder, db=folder / "x.db")
        found.append(inventory(folder / "x.db"))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("content", "code", "state"),
    [
        (b"", 3, "empty"),
        (b"hello, this is no log at all\n", 3, "unrecognised"),
        (bytes(range(256)) * 20, 3, "unrecognised"),
        (b"SQLite format 3\0" + bytes(100), 3, "unrecognised"),
        (b"x" * 3_000_000, 3, "unrecognised"),
        (gzip.compress(SQUID * 50)[:-40], 4, "partial"),
        (SQUID + b"not a record of squid\n" * 2, 4, "partial"),
    ],
    ids=["empty", "unknown", "binary", "database", "one-line", "cut-gz", "many-rejects"],
)
def test_what_cannot_be_read_whole_is_said(
    content: bytes, code: int, state: str, tmp_path: Path, db: Path
) -> None:
    path = tmp_path / "some.log"
    path.write_bytes(content)
    ran = scan(path, db=db)
    assert ran.code == code
    (source,) = ran.json()["sources"]
    assert source["status"] == state
    assert source["reason"]


def test_a_header_alone_is_a_log_without_records(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "dns.log"
    path.write_bytes(b"#separator \\x09\n#path\tdns\n#fields\tts\tid.orig_h\tquery\n#close\tx\n")
    ran = scan(path, db=db)
    assert (ran.code, ran.json()["sources"][0]["parsed"]) == (0, 0)


def test_one_bad_file_stops_nothing(log: Path, db: Path, tmp_path: Path) -> None:
    (tmp_path / "zzz.log").write_bytes(b"what is this\n")
    ran = scan(tmp_path, db=db)
    assert ran.code == 4
    states = [Path(one["source"]).name + " " + one["status"] for one in ran.json()["sources"]]
    assert states == ["access.log complete", "zzz.log unrecognised"]
    assert ran.json()["systems"]["total"] == 2


def test_a_file_that_cannot_be_opened_is_a_failed_source(
    log: Path, db: Path, tmp_path: Path
) -> None:
    loop = tmp_path / "loop.log"
    loop.symlink_to(loop)
    ran = scan(tmp_path, db=db)
    assert ran.code == 4
    failed = next(one for one in ran.json()["sources"] if one["status"] == "failed")
    assert "loop.log" in failed["source"]
    assert "cannot be" in failed["reason"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_permissions_are_told(log: Path, db: Path) -> None:
    log.chmod(0)
    assert "Permission denied" in scan(log, db=db).json()["sources"][0]["reason"]
    log.chmod(0o600)
    scan(log, db=db)
    db.chmod(0o400)
    ran = scan(log, db=db)
    assert ran.code == 1
    assert "check its permissions" in ran.err


def test_nothing_recognised_is_not_nothing_found(tmp_path: Path, db: Path) -> None:
    (tmp_path / "x.log").write_bytes(b"what is this\n")
    ran = gnomon("scan", tmp_path, "--db", db)
    assert ran.code == 3
    assert "nothing was looked at" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan", "no-such.log"], "no-such.log: no such file or folder"),
        (["scan"], "nothing to scan"),
        (["scan", ".", "--log-format", "nope"], "no log format is named 'nope'"),
        (["scan", ".", "--tz", "Mars/Base"], "no time zone is named 'Mars/Base'"),
        (["report", "nope"], "no report is named 'nope'"),
        (["signatures", "show", "nope"], "no vendor is known as 'nope'"),
    ],
)
def test_usage_is_explained_in_one_line(
    arguments: list[str], said: str, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = gnomon(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_databases_that_cannot_be_used_are_explained_and_untouched(
    log: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, and stays as it is" * 50)
    for arguments in (["scan", log], ["inventory", "list"], ["report", "brief"]):
        ran = gnomon(*arguments, "--db", broken)
        assert ran.code == 1
        assert "not a usable database" in ran.err
    assert broken.read_bytes() == b"this is no database, and stays as it is" * 50
    missing = gnomon("inventory", "list", "--db", tmp_path / "none.db")
    assert (missing.code, "no such database" in missing.err) == (1, True)
    folder = gnomon("scan", log, "--db", tmp_path / "none" / "x.db")
    assert folder.code == 1


def test_another_key_is_refused_before_anything_is_written(log: Path, db: Path) -> None:
    scan(log, db=db)
    before = inventory(db)
    key = db.with_suffix(".key")
    key.write_bytes(b"k" * 32)
    log.write_bytes(SQUID * 2)
    assert scan(log, db=db).code == 1
    key.unlink()
    ran = scan(log, db=db)
    assert (ran.code, "key of this database is missing" in ran.err) == (1, True)
    assert inventory(db) == before


def test_people_are_stored_as_pseudonyms(log: Path, db: Path) -> None:
    scan(log, db=db)
    content = db.read_bytes()
    assert b"10.0.0.7" not in content
    assert b"ana" not in content.replace(b"analy", b"")
    assert db.with_suffix(".key").stat().st_mode & 0o777 == 0o600
    assert db.stat().st_mode & 0o777 == 0o600


def test_the_text_of_a_rejected_line_is_shown_and_not_stored(tmp_path: Path, db: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(SQUID * 4 + b"zacharias asked for /?q=secretword\n")
    ran = scan(path, db=db)
    assert ran.json()["sources"][0]["rejects"][0]["excerpt"] == "zacharias asked for /?q=secretword"
    assert b"zacharias" not in db.read_bytes()


def test_a_broken_signature_file_is_left_out_and_said(log: Path, db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "x.yaml").write_text("schema: 1\nid: [\n")
    ran = scan(log, "--signatures", folder, db=db)
    assert ran.code == 4
    assert "x.yaml:3: not YAML" in ran.err or "x.yaml:2: not YAML" in ran.err
    assert ran.json()["systems"]["total"] == 2


def test_gnomon_toml_names_the_sources(log: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "gnomon.toml").write_text('[[sources]]\npath = "access.log"\nformat = "squid"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    ran = gnomon("scan", "--format", "json")
    assert ran.code == 0
    assert ran.json()["sources"][0]["source"] == "access.log"
    assert (tmp_path / "gnomon.db").exists()


def test_observe_prints_every_record(log: Path) -> None:
    ran = gnomon("observe", log)
    assert ran.code == 0
    first = ran.ndjson()[0]
    assert first["ts"] == "2026-11-21T01:58:30.136000Z"
    assert (first["host"], first["client"], first["user"]) == ("api.openai.com", "10.0.0.7", "ana")
    assert (first["action"], first["kind"], first["bytes"]) == ("allowed", "http_connect", 1832)
    assert [one["host"] for one in ran.ndjson()] == [
        "api.openai.com",
        "chat.deepseek.com",
        "www.example.org",
    ]
    assert "3 lines read, 3 parsed, 0 ignored, 0 rejected" in ran.err


def test_detect_names_the_format_and_why_not_another(log: Path, tmp_path: Path) -> None:
    rows = gnomon("detect", log, "--format", "json").json()
    assert (rows[0]["format"], rows[0]["fits"], rows[0]["why_not"]) == ("squid", True, "")
    assert all(row["why_not"] for row in rows[1:])
    unknown = tmp_path / "unknown"
    unknown.write_bytes(b"hello\n")
    assert gnomon("detect", unknown).code == 3


def test_show_gives_the_lines_behind_a_system(log: Path, db: Path) -> None:
    scan(log, db=db)
    shown = gnomon("inventory", "show", "openai api", "--db", db, "--format", "json").json()
    assert shown["hosts"] == [{"host": "api.openai.com", "records": 1}]
    (evidence,) = shown["evidence"]
    assert evidence["where"] == f"{log}:1"
    assert (evidence["action"], evidence["level"], evidence["events"]) == (
        "allowed",
        "connected",
        1,
    )
    assert [(one["role"], one["rules"]) for one in shown["roles"]] == [("customer", ["R02"])]
    assert shown["owner"] is None


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared samples are not beside this checkout")
def test_every_lab_log_scans_without_a_rejected_line(db: Path) -> None:
    folders = [SHARED / "samples" / "logs" / name for name in ("bind9", "unbound", "dnsmasq")]
    ran = scan(*folders, SHARED / "samples/logs/squid/lab-squid-native.log", db=db)
    assert ran.code == 0
    assert sum(one["rejected"] for one in ran.json()["sources"]) == 0
    assert ran.json()["systems"]["total"] == 13


def test_two_scans_at_once_count_each_log_once(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for number in range(30):
        lines = [SQUID.replace(b"1795226", b"%07d" % (1795226 - number * 7 - n)) for n in range(40)]
        (logs / f"{number}.log").write_bytes(b"".join(lines))
    command = [sys.executable, "-m", "scanner.cli", "scan", str(logs), "--db"]
    alone = subprocess.run([*command, str(tmp_path / "a.db")], cwd=ROOT, capture_output=True)
    assert alone.returncode == 0
    shared = [*command, str(tmp_path / "b.db")]
    pair = [subprocess.Popen(shared, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(timeout=120) for one in pair] == [0, 0]
    assert counts(tmp_path / "a.db") == counts(tmp_path / "b.db")


def test_a_stopped_scan_keeps_what_it_had_finished_in_the_inventory(
    log: Path, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "second.log").write_bytes(SQUID * 3)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scanner.store.Store.finish_scan", stop)
    ran = scan(log, db=db)
    assert ran.code == 1
    assert "what was finished before is kept" in ran.err
    assert [one["name"] for one in inventory(db)] == ["DeepSeek Chat", "OpenAI API"]


def test_odd_names_pipes_and_links_below_a_folder(tmp_path: Path, db: Path) -> None:
    logs, elsewhere = tmp_path / "logs", tmp_path / "elsewhere"
    logs.mkdir()
    elsewhere.mkdir()
    Path(os.fsdecode(os.fsencode(logs) + b"/inv\xff\xfe\n.log")).write_bytes(SQUID)
    os.mkfifo(logs / "pipe")
    (elsewhere / "far.log").write_bytes(SQUID.replace(b"api.openai.com", b"claude.ai"))
    (logs / "link").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(logs)
    ran = scan(logs, db=db)
    assert ran.code == 4
    states = {Path(one["source"]).name: one["status"] for one in ran.json()["sources"]}
    assert states == {"inv\\xff\\xfe\n.log": "complete", "pipe": "failed", "far.log": "complete"}
    assert {one["name"] for one in inventory(db)} == {"Claude", "DeepSeek Chat", "OpenAI API"}


def test_output_that_cannot_be_written_is_one_sentence() -> None:
    command = f"{sys.executable} -m scanner.cli formats"
    for redirect in (">&-", "> /dev/full"):
        ran = subprocess.run(f"{command} {redirect}", shell=True, capture_output=True, cwd=ROOT)
        assert b"Traceback" not in ran.stderr
