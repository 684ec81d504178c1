"""Each line counts once: however a log is split among processes, rotated, copied, packed or grown."""

import bz2
import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scanner import compiled
from scanner.logs import parts
from scanner.reading import recognition
from signatures import loader
from signatures.writer import write
from tests.running import ROOT, Ran, gnomon
from tests.support import detection, vendor

_HOSTS = (
    "api.openai.com",
    "chat.deepseek.com",
    "claude.ai",
    "www.example.org",
    "llm-gateway.initech.example",
    "gemini.google.com",
)


_VENDORS = tuple(
    vendor(name, detection(f"{name}.web", suffix=(host,)))
    for name, host in (
        ("openai", "openai.com"),
        ("deepseek", "deepseek.com"),
        ("claude", "claude.ai"),
        ("gemini", "gemini.google.com"),
    )
)
# ``gnomon`` with the vendors of a folder, named first, in the place of those built in.
_WITH_VENDORS = """
import sys
from pathlib import Path
from scanner import cli, compiled
from signatures import loader
loader.BUILT_IN = compiled.BUILT_IN = Path(sys.argv.pop(1))
cli.main()
"""


def write_vendors(folder: Path) -> Path:
    """Write a few vendors: what many thousand would find is not what these tests are about."""
    folder.mkdir()
    for one in _VENDORS:
        (folder / f"{one.id}.yaml").write_text(write(one))
    return folder


@pytest.fixture(autouse=True)
def vendors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a few vendors in the place of those built in."""
    folder = write_vendors(tmp_path / "vendors")
    monkeypatch.setattr(loader, "BUILT_IN", folder)
    monkeypatch.setattr(compiled, "BUILT_IN", folder)
    return folder


def command(vendors: Path, log: Path, db: Path, *arguments: object) -> list[str]:
    """Return what starts a scan in a process of its own."""
    db.with_suffix(".key").write_bytes(b"k" * 32)
    start = [sys.executable, "-c", _WITH_VENDORS, vendors, "scan", log, "--db", db, *arguments]
    return [str(part) for part in start]


def squid(*numbers: int) -> bytes:
    """Return a line of Squid for each number; no two are alike."""
    return b"".join(
        b"%d.136 15 10.0.%d.%d TCP_TUNNEL/200 %d CONNECT %s:443 - HIER_DIRECT/203.0.113.7 -\n"
        % (
            1_795_226_310 + 97 * number,
            number % 3,
            number % 17,
            1_000 + number,
            _HOSTS[number % len(_HOSTS)].encode(),
        )
        for number in numbers
    )


def scan(*paths: Path, db: Path, jobs: int = 1, arguments: Iterable[object] = ()) -> Ran:
    """Scan with the same key for every database, so that people are the same in all."""
    db.with_suffix(".key").write_bytes(b"k" * 32)
    return gnomon("scan", *paths, "--db", db, "--jobs", jobs, "--format", "json", *arguments)


def states(ran: Ran) -> dict[str, str]:
    """Return what became of each log, by its file's name."""
    return {Path(one["source"]).name: one["status"] for one in ran.json()["sources"]}


_COUNTED = {
    "evidence": """
        SELECT detection.key, actor.kind, actor.code, day, channel, action, MAX(level), SUM(plain),
               SUM(ipv6), SUM(service), SUM(bytes_up), SUM(bytes_down), MIN(first), MAX(last)
        FROM evidence JOIN detection ON detection.id = evidence.detection
        JOIN actor ON actor.id = evidence.actor GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    """,
    "hosts": """
        SELECT detection.key, host, SUM(records) FROM sighted_host
        JOIN detection ON detection.id = sighted_host.detection GROUP BY 1, 2 ORDER BY 1, 2
    """,
    "signs": """
        SELECT channel, subject, shape.key, detail, SUM(records), MAX(level), MIN(first), MAX(last)
        FROM sign JOIN shape ON shape.id = sign.shape GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    """,
    "systems": "SELECT id, name, events, blocked, users, bytes_down FROM inventory ORDER BY id",
}
_STORED = {
    **_COUNTED,
    "lines": """
        SELECT detection.key, actor.code, day, channel, action, source.name, line FROM evidence
        JOIN detection ON detection.id = evidence.detection JOIN actor ON actor.id = evidence.actor
        JOIN source ON source.id = evidence.source ORDER BY 1, 2, 3, 4, 5, 6
    """,
    "sign lines": "SELECT subject, detail, line FROM sign ORDER BY 1, 2, 3",
    "sources": """
        SELECT name, fingerprint, length, digest, size, reading, format, hex(marks), hex(beginning)
        FROM source ORDER BY name, length
    """,
    "statuses": """
        SELECT scan, position, name, state, reason, format, read, parsed, rejected, ignored, rejects,
               first, last, time_quality, bytes, screened, notes
        FROM scan_source ORDER BY scan, position
    """,
}

_Dump = dict[str, list[tuple[Any, ...]]]


def counted(db: Path) -> _Dump:
    """Return all that was counted, whatever the logs that it was counted in."""
    return _asked(db, _COUNTED)


def stored(db: Path) -> _Dump:
    """Return all that a scan stored, but for numbers of rows and the time of the scan."""
    return _asked(db, _STORED)


def _asked(db: Path, questions: dict[str, str]) -> _Dump:
    with closing(sqlite3.connect(db)) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in questions.items()}


def counted_once(content: bytes, folder: Path) -> _Dump:
    """Return what a log of this content counts, read alone and once."""
    (folder / "alone").mkdir()
    (folder / "alone" / "alone.log").write_bytes(content)
    scan(folder / "alone" / "alone.log", db=folder / "alone" / "x.db")
    return counted(folder / "alone" / "x.db")


# --- The same, however it is split.


def _day(number: int) -> bytes:
    return b"2026-11-%02dT%02d:%02d:%02dZ" % (
        1 + number // 4_000 % 20,
        number // 600 % 24,
        number // 60 % 60,
        number % 60,
    )


def _host(number: int) -> bytes:
    return _HOSTS[number % len(_HOSTS)].encode()


def _csv() -> bytes:
    rows = (
        b'%s,10.0.0.%d,"u%d, Ana",%s,%s\n'
        % (
            _day(number),
            number % 200,
            number % 9,
            _host(number),
            (b"allowed", b"blocked")[number % 2],
        )
        for number in range(3_000)
    )
    return b"timestamp,client_ip,user,domain,action\n" + b"".join(rows)


def _json() -> bytes:
    return b"".join(
        json.dumps(
            {
                "time": _day(number).decode(),
                "client_ip": f"10.0.0.{number % 200}",
                "url": f"https://{_host(number).decode()}/v1/chat/completions?x={number}",
                "method": "POST",
                "status": 200,
            }
        ).encode()
        + b"\n"
        for number in range(1_500)
    )


def _bind() -> bytes:
    """Questions, each third one blocked some 1,900 lines below: often in the next part."""
    lines: list[bytes] = []
    blocks: dict[int, bytes] = {}
    for number in range(2_200):
        time = b"21-Nov-2026 01:%02d:%02d.489" % (number // 60, number % 60)
        client = b"client @0x7f71 10.0.0.%d#%d (%s)" % (number % 250, 1_024 + number, _host(number))
        lines.append(b"%s queries: info: %s: query: %s IN A +\n" % (time, client, _host(number)))
        if number % 3 == 0:
            what = b"rpz QNAME NXDOMAIN rewrite %s/A/IN via x.rpz" % _host(number)
            blocks[number + 1_400] = b"%s rpz: info: %s: %s\n" % (time, client, what)
        if number in blocks:
            lines.append(blocks[number])
    return b"".join(lines)


_ZEEK = (
    b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
    b"#open\t2026-11-21-01-58-30\n#fields\tts\tid.orig_h\tquery\tqtype_name\n"
)


def _zeek(*numbers: int) -> bytes:
    return b"".join(
        b"%d.5\t10.0.0.%d\t%s\t%s\n"
        % (1_795_226_310 + number, number % 200, _host(number), (b"A", b"AAAA")[number % 2])
        for number in numbers
    )


def _zeek_turned(*numbers: int) -> bytes:
    """The same records in other columns, under a header that says so."""
    rows = (row.split(b"\t") for row in _zeek(*numbers).splitlines())
    turned = (b"\t".join((row[2], row[0], row[3], row[1])) + b"\n" for row in rows)
    return b"#fields\tquery\tts\tqtype_name\tid.orig_h\n" + b"".join(turned)


def _garbage(number: int) -> bytes:
    return b"%d the cache manager said something that is no record\n" % number


_LOGS: dict[str, Callable[[], bytes]] = {
    "zeek": lambda: _ZEEK + _zeek(*range(4_000)) + b"#close\t2026-11-21-02-00-00\n",
    "zeek, opened often": lambda: b"".join(
        _ZEEK.replace(b"01-58", b"%02d-58" % hour) + _zeek(*range(200 * hour, 200 * hour + 200))
        for hour in range(20)
    ),
    "header changes early": lambda: _ZEEK + _zeek(*range(500)) + _zeek_turned(*range(500, 4_000)),
    "header changes late": lambda: (
        _ZEEK + _zeek(*range(3_000)) + _zeek_turned(*range(3_000, 4_000))
    ),
    "header changes twice": lambda: (
        _ZEEK + _zeek(*range(900)) + _zeek_turned(*range(900, 3_000)) + _ZEEK + _zeek(*range(1_000))
    ),
    "csv": _csv,
    "csv with a mark": lambda: b"\xef\xbb\xbf" + _csv(),
    "csv joined": lambda: _csv()[:60_000].rpartition(b"\n")[0] + b"\n" + _csv(),
    "crlf": lambda: _csv().replace(b"\n", b"\r\n"),
    "bind with blocks": _bind,
    "squid": lambda: squid(*range(2_000)),
    "squid, no last end": lambda: squid(*range(2_000))[:-9],
    "json": _json,
    "json with a mark": lambda: b"\xef\xbb\xbf" + _json(),
    "two formats": lambda: squid(*range(1_000)) + _ZEEK + _zeek(*range(2_000)),
    "garbage": lambda: b"".join(
        _garbage(number) if number % 4 == 3 else squid(number) for number in range(2_000)
    ),
    "one long line": lambda: (
        _bind()[:40_000].rpartition(b"\n")[0] + b"\n" + b"x" * 400_000 + b"\n" + _bind()
    ),
}


@pytest.mark.parametrize("name", _LOGS)
def test_evidence_is_the_same_however_a_log_is_split(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small logs are cut as if they were large, at ends of pieces all the same."""
    path = tmp_path / "some.log"
    path.write_bytes(content := _LOGS[name]())
    monkeypatch.setattr(parts, "CUT", 1 << 12 if len(content) <= 1 << 18 else 1 << 16)
    monkeypatch.setattr(recognition, "LEAST_PART", 1 << 14)
    dumps = []
    for jobs in (1, 4):
        ran = scan(path, db=tmp_path / f"{jobs}.db", jobs=jobs)
        assert "reading it failed" not in ran.out
        dumps.append(stored(tmp_path / f"{jobs}.db"))
    assert dumps[0]["evidence"]
    assert dumps[1] == dumps[0]


def test_a_log_of_40_mb_is_the_same_in_one_part_and_in_two(tmp_path: Path) -> None:
    path = tmp_path / "some.log"
    rows = squid(*range(4_000)).replace(b":443", b"/" + b"x" * 900)
    path.write_bytes(rows * (40_000_000 // len(rows)))
    assert path.stat().st_size > 2 * recognition.LEAST_PART
    for jobs in (1, 2):
        assert scan(path, db=tmp_path / f"{jobs}.db", jobs=jobs).code == 0
    assert stored(tmp_path / "1.db") == stored(tmp_path / "2.db")


# --- Each line once.


def test_a_log_that_grows_and_is_rotated_and_packed(tmp_path: Path) -> None:
    folder, db = tmp_path / "logs", tmp_path / "x.db"
    folder.mkdir()
    log = folder / "x.log"
    log.write_bytes(squid(*range(100)))
    scan(folder, db=db)
    log.write_bytes(squid(*range(150)))
    assert states(scan(folder, db=db)) == {"x.log": "complete"}
    log.rename(folder / "x.log.1")
    log.write_bytes(squid(*range(150, 200)))
    assert states(scan(folder, db=db)) == {"x.log": "complete", "x.log.1": "already_read"}
    (folder / "x.log.2.gz").write_bytes(gzip.compress((folder / "x.log.1").read_bytes()))
    log.rename(folder / "x.log.1")
    log.write_bytes(squid(*range(200, 210)))
    assert states(scan(folder, db=db, jobs=2)) == {
        "x.log": "complete",
        "x.log.1": "already_read",
        "x.log.2.gz": "already_read",
    }
    (folder / "x.log.2.gz").rename(folder / "renamed")
    assert set(states(scan(folder, db=db)).values()) == {"already_read"}
    assert counted(db) == counted_once(squid(*range(210)), tmp_path)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_content_in_several_files_of_one_folder(jobs: int, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    content = squid(*range(300))
    for number in range(6):
        (folder / f"{number}.log").write_bytes(content)
    (folder / "7.gz").write_bytes(gzip.compress(content))
    (folder / "8.bz2").write_bytes(bz2.compress(content))
    ran = scan(folder, db=tmp_path / "x.db", jobs=jobs)
    assert sorted(states(ran).values()) == ["already_read"] * 7 + ["complete"]
    assert counted(tmp_path / "x.db") == counted_once(content, tmp_path)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_shorter_copies_beside_the_longer_log(
    order: tuple[int, ...], jobs: int, tmp_path: Path
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    for name, third in zip("abc", order, strict=True):
        (folder / name).write_bytes(squid(*range(100 * third)))
    scan(folder, db=tmp_path / "x.db", jobs=jobs)
    assert counted(tmp_path / "x.db") == counted_once(squid(*range(300)), tmp_path)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_copy_of_what_a_log_was_beside_the_log_that_has_grown(jobs: int, tmp_path: Path) -> None:
    folder, db = tmp_path / "logs", tmp_path / "x.db"
    folder.mkdir()
    (folder / "a.log").write_bytes(squid(*range(100)))
    scan(folder, db=db)
    (folder / "b.log").write_bytes(squid(*range(100)))
    (folder / "a.log").write_bytes(squid(*range(200)))
    ran = scan(folder, db=db, jobs=jobs)
    assert (ran.code, states(ran)) == (0, {"a.log": "complete", "b.log": "already_read"})
    assert counted(db) == counted_once(squid(*range(200)), tmp_path)


def test_an_older_copy_that_ends_within_a_line(tmp_path: Path) -> None:
    for name, content in (("new", squid(*range(200))), ("old", squid(*range(90))[:-40])):
        (tmp_path / name).write_bytes(content)
        scan(tmp_path / name, db=tmp_path / "x.db")
    assert counted(tmp_path / "x.db") == counted_once(squid(*range(200)), tmp_path)


def test_a_log_copied_truncated_and_written_anew(tmp_path: Path) -> None:
    log, db = tmp_path / "x.log", tmp_path / "x.db"
    log.write_bytes(squid(*range(120)))
    scan(log, db=db)
    (tmp_path / "x.log.1").write_bytes(squid(*range(130)))  # ten more before it was copied
    log.write_bytes(squid(*range(130, 140)))
    scan(log, db=db)
    scan(tmp_path / "x.log.1", log, db=db, jobs=2)
    log.write_bytes(squid(*range(130, 190)))
    scan(log, db=db)
    assert counted(db) == counted_once(squid(*range(190)), tmp_path)


@pytest.mark.parametrize("header", [b"", _ZEEK, b"# " + b"x" * 5_000 + b"\n"])
def test_two_logs_that_begin_alike_are_two_logs(header: bytes, tmp_path: Path) -> None:
    begin = header + _zeek(*range(50)) if header == _ZEEK else header + squid(*range(50))
    row = _zeek if header == _ZEEK else squid
    db = tmp_path / "x.db"
    for name, numbers in (("a", range(50, 200)), ("b", range(200, 270)), ("c", range(270, 400))):
        (tmp_path / name).write_bytes(begin + row(*numbers))
        assert states(scan(tmp_path / name, db=db)) == {name: "complete"}
    events = [row[2] for row in counted(db)["hosts"]]
    known = [number for number in range(50, 400) if "example" not in _HOSTS[number % 6]]
    shared = [number for number in range(50) if "example" not in _HOSTS[number % 6]]
    assert sum(events) == len(known) + 3 * len(shared)


def test_one_record_under_the_header_of_a_longer_log_is_not_lost(tmp_path: Path) -> None:
    header = b"timestamp,client_ip,user,domain,action,method,status,bytes_in,bytes_out\n"
    rows = [
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,api.openai.com,allowed,GET,200,1,2\n",
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,claude.ai,allowed,GET,200,1,2\n",
    ]
    (tmp_path / "a.csv").write_bytes(header + rows[0] * 9)
    (tmp_path / "b.csv").write_bytes(header + rows[1])
    for name in ("a.csv", "b.csv"):
        assert states(scan(tmp_path / name, db=tmp_path / "x.db")) == {name: "complete"}


def test_other_signatures_replace_what_was_read_by_the_old_ones(tmp_path: Path) -> None:
    log, db, own = tmp_path / "x.log", tmp_path / "x.db", tmp_path / "own"
    log.write_bytes(squid(*range(60)))
    scan(log, db=db)
    before = counted(db)
    own.mkdir()
    initech = vendor("initech", detection("initech.web", suffix=("initech.example",)))
    (own / "initech.yaml").write_text(write(initech))
    more = ("--signatures", own)
    assert states(scan(log, db=db, arguments=more)) == {"x.log": "complete"}
    assert "Initech" in str(counted(db)["systems"])
    assert states(scan(log, db=db, arguments=more)) == {"x.log": "already_read"}
    assert states(scan(log, db=db)) == {"x.log": "complete"}
    assert counted(db)["hosts"] == before["hosts"]


def test_several_scans_at_once_of_logs_that_grow_out_of_each_other(
    vendors: Path, tmp_path: Path
) -> None:
    folder, db = tmp_path / "logs", tmp_path / "x.db"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.log").write_bytes(squid(*range(40 * (1 + number % 4))))
    several = [
        subprocess.Popen(
            command(vendors, folder, db, "--jobs", 2),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    ended = [(one.communicate(timeout=60)[1], one.returncode) for one in several]
    assert ended == [(b"", 0)] * 3
    assert counted(db) == counted_once(squid(*range(160)), tmp_path)
