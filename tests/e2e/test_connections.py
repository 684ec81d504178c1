"""Zeek's ssl.log names hosts, its conn.log knows the bytes: together they tell content from a look."""

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.logs import parts
from scanner.reading import recognition
from tests.e2e.test_exactly_once import counted, scan, states, stored
from tests.running import gnomon

_SSL = (
    b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tssl\n"
    b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tserver_name\testablished\n"
    b"1795226310.1\tC1\t10.0.0.7\t50001\t203.0.113.7\t443\tapi.openai.com\tT\n"
    b"1795226320.1\tC2\t10.0.0.7\t50002\t203.0.113.7\t443\tapi.openai.com\tT\n"
    b"1795226330.1\tC3\t10.0.0.8\t50003\t203.0.113.8\t443\tchat.deepseek.com\tT\n"
    b"1795226340.1\tC4\t10.0.0.8\t50004\t203.0.113.9\t443\twww.example.org\tT\n"
)
_CONN_HEADER = (
    b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    b"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration"
    b"\torig_bytes\tresp_bytes\tconn_state\n"
)
_CONN_ROW = b"%s\t%s\t%s\t50001\t203.0.113.7\t443\ttcp\tssl\t3.2\t%s\t%s\tSF\n"
_CONN_ROWS = (
    _CONN_ROW % (b"1795226310.0", b"C1", b"10.0.0.7", b"48000", b"9000")
    + _CONN_ROW % (b"1795226320.0", b"C2", b"10.0.0.7", b"1000", b"500")
    + _CONN_ROW % (b"1795226330.0", b"C3", b"10.0.0.8", b"900", b"4000")
    + _CONN_ROW % (b"1795226340.0", b"C4", b"10.0.0.8", b"77000", b"1")
    + _CONN_ROW % (b"1795226350.0", b"C5", b"10.0.0.9", b"-", b"-")
)
_CONN = _CONN_HEADER + _CONN_ROWS
_EXPECTED = {
    "OpenAI API": ("used", 2, 49_000, 9_500),
    "DeepSeek Chat": ("connected", 1, 900, 4_000),
}


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "gnomon.db"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "zeek"
    folder.mkdir()
    (folder / "conn.log").write_bytes(_CONN)
    (folder / "ssl.log").write_bytes(_SSL)
    return folder


def _inventory(db: Path) -> dict[str, tuple[str, int, int, int]]:
    return {
        one["name"]: (one["evidence_level"], one["events"], one["bytes_up"], one["bytes_down"])
        for one in gnomon("inventory", "list", "--db", db, "--format", "json").json()
    }


def _as_json(tsv: bytes) -> bytes:
    """Return the rows of a TSV log as Zeek writes them in JSON."""
    lines = tsv.decode().splitlines()
    names = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    records = [dict(zip(names, row, strict=True)) for row in rows]
    return b"".join(json.dumps(_typed(record)).encode() + b"\n" for record in records)


def _typed(record: dict[str, str]) -> dict[str, Any]:
    types = {"ts": float, "orig_bytes": int, "resp_bytes": int, "established": "T".__eq__}
    return {name: types.get(name, str)(value) for name, value in record.items() if value != "-"}


def test_events_are_those_of_ssl_and_bytes_those_of_conn(logs: Path, db: Path) -> None:
    ran = scan(logs, db=db)
    assert _inventory(db) == _EXPECTED
    conn, ssl = ran.json()["sources"]
    assert conn["notes"] == ["bytes are tied to the names in ssl.log"]
    assert (conn["parsed"], conn["ignored"]) == (3, 8)
    assert ssl["notes"] == []


def test_json_logs_say_the_same(logs: Path, db: Path) -> None:
    (logs / "conn.log").write_bytes(_as_json(_CONN))
    (logs / "ssl.log").write_bytes(_as_json(_SSL))
    scan(logs, db=db)
    assert _inventory(db) == _EXPECTED


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("order", [("conn.log", "ssl.log"), ("ssl.log", "conn.log")])
def test_neither_order_nor_processes_matter(
    order: tuple[str, str], jobs: int, logs: Path, db: Path
) -> None:
    scan(logs, db=db)
    again = db.with_name("again.db")
    scan(*(logs / name for name in order), db=again, jobs=jobs)
    assert counted(again) == counted(db)


@pytest.mark.parametrize("form", ["tsv", "json"])
def test_a_large_conn_log_is_read_in_parts_with_the_names(
    form: str, logs: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling = b"".join(
        _CONN_ROW % (b"1795226310.0", b"X%d" % number, b"10.0.0.9", b"9", b"9")
        for number in range(4_000)
    )
    conn = _CONN_HEADER + filling + _CONN_ROWS[: len(_CONN_ROWS) // 2]
    conn = conn.rpartition(b"\n")[0] + b"\n" + filling
    conn += b"".join(row + b"\n" for row in _CONN_ROWS.splitlines()[2:])
    (logs / "conn.log").write_bytes(conn if form == "tsv" else _as_json(conn))
    monkeypatch.setattr(parts, "CUT", 1 << 16)
    monkeypatch.setattr(recognition, "LEAST_PART", 1 << 16)
    scan(logs, db=db, jobs=1)
    assert _inventory(db) == _EXPECTED
    in_parts = db.with_name("parts.db")
    scan(logs, db=in_parts, jobs=4)
    assert stored(in_parts) == stored(db)


def test_conn_without_its_companion_names_nobody(logs: Path, db: Path) -> None:
    (logs / "ssl.log").unlink()
    ran = scan(logs, db=db)
    (conn,) = ran.json()["sources"]
    assert (conn["status"], conn["reason"]) == ("complete", "none of its lines is a record")
    assert _inventory(db) == {}


def test_ssl_alone_knows_no_bytes(logs: Path, db: Path) -> None:
    (logs / "conn.log").unlink()
    scan(logs, db=db)
    assert _inventory(db) == {
        "OpenAI API": ("connected", 2, 0, 0),
        "DeepSeek Chat": ("connected", 1, 0, 0),
    }


def test_a_scan_of_conn_alone_counts_bytes_and_no_event(logs: Path, db: Path) -> None:
    """Its companion lies beside it, but is not part of the scan: its events are not either."""
    scan(logs / "conn.log", db=db)
    assert _inventory(db) == {
        name: (level, 0, up, down) for name, (level, _, up, down) in _EXPECTED.items()
    }
    shown = gnomon("inventory", "show", "OpenAI API", "--db", db, "--format", "json")
    assert (shown.code, shown.json()["evidence"][0]["level"]) == (0, "used")
    assert gnomon("inventory", "show", "OpenAI API", "--db", db).code == 0
    brief = gnomon("report", "brief", "--db", db, "--out", db.with_name("brief.html"))
    assert brief.code == 0
    assert "OpenAI API" in db.with_name("brief.html").read_text()


def test_a_second_scan_changes_nothing(logs: Path, db: Path) -> None:
    scan(logs, db=db)
    before = counted(db)
    assert states(scan(logs, db=db)) == {"conn.log": "already_read", "ssl.log": "already_read"}
    assert counted(db) == before


def test_conn_is_read_again_when_its_companion_comes(logs: Path, db: Path) -> None:
    (logs / "ssl.log").rename(logs.parent / "kept")
    scan(logs, db=db)
    (logs.parent / "kept").rename(logs / "ssl.log")
    assert states(scan(logs, db=db)) == {"conn.log": "complete", "ssl.log": "complete"}
    assert _inventory(db) == _EXPECTED


def test_a_copy_of_conn_without_its_companion_takes_nothing_away(logs: Path, db: Path) -> None:
    copies = logs / "copies"
    copies.mkdir()
    (copies / "conn.log").write_bytes(_CONN)
    scan(logs, db=db)
    assert _inventory(db) == _EXPECTED
    assert set(states(scan(logs, db=db)).values()) == {"already_read"}
    assert _inventory(db) == _EXPECTED


@pytest.mark.parametrize(("companion", "ignored"), [("ssl.log", 9_008), ("dns.log", 9_011)])
def test_a_conn_log_is_read_in_full_by_a_screened_scan_too(
    companion: str, ignored: int, logs: Path, db: Path
) -> None:
    filling = b"".join(
        _CONN_ROW % (b"1795226310.0", b"X%d" % number, b"10.0.0.9", b"9", b"9")
        for number in range(9_000)
    )
    (logs / "conn.log").write_bytes(_CONN_HEADER + filling + _CONN_ROWS)
    (logs / "ssl.log").rename(logs / companion)
    conn, _ = scan(logs, db=db, arguments=["--screen"]).json()["sources"]
    assert conn["ignored"] == ignored
    assert (_inventory(db) == _EXPECTED) == (companion == "ssl.log")
