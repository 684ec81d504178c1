"""Genuine logs of real daemons, made in a laboratory; they lie beside the project, not in it.

What they cover is covered by the small inline texts of the other tests too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from scanner.hosts import HostTable, fold
from scanner.logs import Format, Tally
from scanner.logs.detection import judge, sample_lines
from scanner.logs.lines import batch_of
from scanner.logs.streams import LogStream
from scanner.model import Action
from scanner.registry import FORMATS, values
from tests.support import Reading, clock

_LAB = Path(__file__).parents[2].parent / "shared" / "samples" / "logs"
_EXPECTED = _LAB / "EXPECTED-lab.md"
_FORMATS = {one.name: one for one in values(FORMATS)}
_FORMAT_OF = {"dnsmasq": "dnsmasq", "unbound": "unbound", "bind9": "bind", "squid": "squid"}
# Squid's two requests that were none (GARBAGE and -) have no host. The table counts them as
# records, and their error:invalid-request as one more host; we ignore them, and say so by kind.
_NO_REQUESTS = {"squid": "request that was no request"}

pytestmark = pytest.mark.skipif(
    not _LAB.is_dir(), reason="the laboratory's logs are not beside the project"
)


class _Row(NamedTuple):
    file: str
    records: int
    hosts: int
    first: list[tuple[str, str]]
    about_openai: int


def _rows() -> Iterator[_Row]:
    """Read the table of EXPECTED-lab.md, the rows of our formats."""
    text = _EXPECTED.read_text(encoding="utf-8") if _EXPECTED.is_file() else ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) < 5 or not cells[1].isdigit() or cells[0].split("/")[0] not in _FORMAT_OF:
            continue
        first = [tuple(pair.split(" ← ")) for pair in cells[3].split("; ")]
        yield _Row(cells[0], int(cells[1]), int(cells[2]), first, int(cells[4]))  # type: ignore[arg-type]


def _reading(log_format: Format, path: Path) -> Reading:
    tally = Tally()
    with LogStream(path) as stream:
        lines = stream.lines()
        seen = list(
            log_format.read([batch_of(list(lines))], HostTable.of_every_host(), tally, clock())
        )
        tally.read = stream.line_count
    return Reading(sorted(seen, key=lambda one: one.line), tally)


def test_the_table_is_read_whole() -> None:
    assert {row.file.split("/")[0] for row in _rows()} == set(_FORMAT_OF)
    assert sum(1 for _ in _rows()) == 10


@pytest.mark.parametrize("row", list(_rows()), ids=lambda row: row.file)
def test_a_daemons_log_shows_what_was_expected_of_it(row: _Row) -> None:
    folder = row.file.split("/")[0]
    seen, tally = _reading(_FORMATS[_FORMAT_OF[folder]], _LAB / row.file)
    no_requests = tally.ignored[_NO_REQUESTS[folder]] if folder in _NO_REQUESTS else 0
    assert tally.rejects == []
    assert len(seen) + no_requests == row.records
    assert len({one.value for one in seen}) + bool(no_requests) == row.hosts
    assert [(one.value, one.client) for one in seen[:3]] == row.first
    assert sum(one.value == "api.openai.com" for one in seen) == row.about_openai


@pytest.mark.parametrize("row", list(_rows()), ids=lambda row: row.file)
def test_a_daemons_log_is_recognised(row: _Row) -> None:
    with LogStream(_LAB / row.file) as stream:
        best = judge(_FORMATS.values(), sample_lines(stream.head), clock())[0]
    assert (best.format.name, best.is_fit) == (_FORMAT_OF[row.file.split("/")[0]], True)


def test_what_became_of_squids_requests() -> None:
    """As EXPECTED-lab.md puts it: 4 real uses of api.openai.com, 1 challenge, 1 duplicate."""
    seen, _ = _reading(_FORMATS["squid"], _LAB / "squid" / "lab-squid-native.log")
    assert [(one.user, one.action) for one in seen if one.value == "api.openai.com"] == [
        (None, Action.ALLOWED),
        ("alice", Action.ALLOWED),
        (None, Action.CHALLENGED),
        ("alice", Action.ALLOWED),
        ("alice", Action.REPEAT),
        ("alice", Action.ALLOWED),
    ]
    assert [one.action for one in seen if one.user == "corp\\bob"] == [Action.CHALLENGED]
    assert [one.action for one in seen if one.value == "chat.deepseek.com"] == [Action.BLOCKED]
    assert [one.value for one in seen if one.user == "carol smith@corp.example"] == [
        "huggingface.co"
    ]


def _zeek() -> list[tuple[str, Path]]:
    return [
        (name, path)
        for name, folder in (("zeek-tsv", "zeek_tsv"), ("zeek-json", "zeek_json"))
        for path in sorted((_LAB / folder).glob("*"))
    ]


@pytest.mark.parametrize(("name", "path"), _zeek(), ids=lambda value: getattr(value, "name", value))
def test_every_zeek_log_is_read_and_accounted_for(name: str, path: Path) -> None:
    seen, tally = _reading(_FORMATS[name], path)
    with LogStream(path) as stream:
        text = b"\n".join(stream.lines())
    assert tally.read == text.count(b"\n") + 1
    assert tally.parsed == len(seen)
    hosts = {fold(token) for token in re.split(rb'[\t\n ",]|://|/', text)}
    assert [one.value for one in seen if one.value not in hosts and " " not in one.value] == []


def _rows_of(path: Path) -> list[dict[str, str]]:
    """Read a Zeek log the simplest way, to compare with."""
    names: list[str] = []
    rows = []
    for line in path.read_text(encoding="latin-1").split("\n"):
        word, *cells = line.split("\t")
        if word == "#fields":
            names = cells
        elif line and not line.startswith("#"):
            rows.append(dict(zip(names, [word, *cells], strict=False)))
    return rows


_HOST_OF = {"dns": "query", "ssl": "server_name", "quic": "server_name"}


@pytest.mark.parametrize(
    "path",
    [path for _, path in _zeek() if path.suffixes[-2:-1] and path.suffixes[-2][1:] in _HOST_OF],
    ids=lambda path: path.name,
)
def test_every_named_row_of_a_zeek_log_is_shown(path: Path) -> None:
    column = _HOST_OF[path.suffixes[-2][1:]]
    named = [
        (fold(row[column].encode("latin-1")), row.get("id.orig_h"))
        for row in _rows_of(path)
        if row.get(column, "-") not in ("-", "(empty)", "")
    ]
    seen, _ = _reading(_FORMATS["zeek-tsv"], path)
    assert [(one.value, one.client) for one in seen] == named


def _captures() -> list[str]:
    """The captures of which both a quic and an ssl log are here."""
    folder = _LAB / "zeek_tsv"
    return sorted(
        path.name.removesuffix(".quic.log")
        for path in folder.glob("*.quic.log")
        if path.with_name(path.name.replace(".quic.log", ".ssl.log")).exists()
    )


@pytest.mark.parametrize("capture", _captures())
def test_the_quic_and_tls_logs_of_one_capture_agree(capture: str) -> None:
    quic, tls = (
        {
            (one.client, one.value)
            for one in _reading(
                _FORMATS["zeek-tsv"], _LAB / "zeek_tsv" / f"{capture}.{log}.log"
            ).observations
        }
        for log in ("quic", "ssl")
    )
    assert quic == tls


def test_z11_a_gz_and_its_plain_log_are_the_same_and_a_corrupt_one_says_so() -> None:
    plain = _reading(_FORMATS["zeek-tsv"], _LAB / "zeek_tsv" / "zat-http.log")
    packed = _reading(_FORMATS["zeek-tsv"], _LAB / "zeek_tsv" / "zat-http.log.gz")
    corrupt = _LAB / "zeek_tsv" / "zat-http.log.corrupt.gz"
    with LogStream(corrupt) as stream:
        kept = [line for line in stream.lines() if line]
        assert stream.damage is not None
    with LogStream(_LAB / "zeek_tsv" / "zat-http.log") as stream:
        whole = list(stream.lines())
    assert packed == plain
    assert len(plain.observations) > 100
    assert 10 < len(kept) <= len(whole)
    assert kept[:10] == whole[:10]


def test_z12_an_empty_log_is_empty() -> None:
    seen, tally = _reading(_FORMATS["zeek-tsv"], _LAB / "zeek_tsv" / "zat-http_empty.log")
    assert (seen, tally.parsed, tally.rejected) == ([], 0, 0)
