"""Sifted logs show what read ones show, and account for every line as reading them does."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.logs import Format, Tally
from scanner.logs.blocks import Block, every_line
from scanner.logs.clock import order_of_dates
from scanner.logs.rows import Room
from scanner.logs.screen import Screen
from scanner.logs.streams import LogStream
from scanner.model import Observation
from scanner.registry import FORMATS, values
from scanner.shapes import Shapes
from tests.support import a_matcher, clock, lines_of

pytest.importorskip("hyperscan", reason="hyperscan has no wheel here")

_SIFTED = {one.name: one for one in values(FORMATS) if one.sieve is not None}
_BLOCK = 256 * 1024
_HOSTS = (
    b"api.openai.com",
    b"www.example.org",
    b"claude.ai",
    b"-",
    b"",
    b"null",
    b"(empty)",
    b".",
    b"x@",
)


def _account(tally: Tally) -> tuple[object, ...]:
    tally.settle_others()
    return tally.rejected, sorted(tally.ignored.items()), [one.line for one in tally.rejects]


def _read(
    log_format: Format, path: Path, is_sifted: bool
) -> tuple[list[Observation], int, tuple[object, ...], int]:
    """Return what is seen, the number of lines, the account of them, and how many were read."""
    tally, now, read = Tally(), clock(), 0
    now.day_is_first = order_of_dates(lines_of(log_format.sample))
    ends, others = a_matcher().literals()
    header = [line for line in lines_of(log_format.sample) if line.startswith(b"#")]
    cut = Screen(ends, others).sifting(log_format, header, tally) if is_sifted else every_line
    with LogStream(path) as stream:

        def counted():  # type: ignore[no-untyped-def]
            nonlocal read
            for batch in stream.batches(cut):
                read += len(batch.lines)
                yield batch

        table = a_matcher().host_table(Shapes([]))
        seen = list(log_format.read(counted(), table, tally, now))
        return sorted(seen, key=lambda one: one.line), stream.line_count, _account(tally), read


def _same(log_format: Format, path: Path) -> int:
    """Compare the two ways, and return how many lines were read by the shorter one."""
    every = _read(log_format, path, is_sifted=False)
    few = _read(log_format, path, is_sifted=True)
    assert few[:3] == every[:3]
    return few[3]


def _rows(log_format: Format, count: int) -> list[bytes]:
    """Return that many records about other hosts, behind the sample's header."""
    lines = lines_of(log_format.sample)
    header = [line for line in lines if line.startswith(b"#") and not line.startswith(b"#close")]
    record = next(line for line in lines if not line.startswith(b"#"))
    for name in (b"api.openai.com", b"claude.ai"):
        record = record.replace(name, b"www.example.org")
    return [*header, *[record] * count]


@pytest.mark.parametrize("name", sorted(_SIFTED))
def test_few_lines_of_a_regular_log_are_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    rows = _rows(_SIFTED[name], 8000)
    rows[5000] = lines_of(_SIFTED[name].sample)[-2 if name == "zeek-tsv" else 0]
    path.write_bytes(b"\n".join(rows) + b"\n")
    assert _same(_SIFTED[name], path) < 4100  # the first block, where it holds a header


@pytest.mark.parametrize("name", sorted(_SIFTED))
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 32), ends=st.sampled_from([b"\n", b"\r\n"]))
def test_damage_is_counted_as_reading_counts_it(
    name: str, seed: int, ends: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice = random.Random(seed)
    rows = _rows(_SIFTED[name], 1500)
    for _ in range(dice.randrange(1, 40)):
        _damage(rows, dice)
    path = tmp_path_factory.mktemp("sifted") / "log"
    path.write_bytes(ends.join(rows) + dice.choice([b"", ends]))
    _same(_SIFTED[name], path)


def _damage(rows: list[bytes], dice: random.Random) -> None:
    """Cut, join, swap, blank or otherwise harm a line, or give it another host."""
    at, other = dice.randrange(len(rows)), dice.randrange(len(rows))
    line = rows[at]
    place = dice.randrange(len(line) + 1)
    match dice.randrange(9):
        case 0:
            rows[at] = line[:place]
        case 1:
            rows[at] = line[place:]
        case 2:
            rows[at : at + 1] = [line[:place], line[place:]]
        case 3:
            cut = dice.randrange(len(rows[other]) + 1)
            rows[at], rows[other] = (
                line[:place] + rows[other][cut:],
                rows[other][:cut] + line[place:],
            )
        case 4:
            rows[at] = (
                line[:place]
                + dice.choice([b"\0", b"\x01", b"\t", b" ", b'"', b"\xff"])
                + line[place:]
            )
        case 5:
            rows[at] = dice.choice([b"", b"#", b"noise", b"{}", b"# " + line])
        case 6:
            rows[at] = line + line
        case _:
            rows[at] = line.replace(b"www.example.org", dice.choice(_HOSTS))


def test_a_header_that_changes_on_the_way(tmp_path: Path) -> None:
    rows = _rows(_SIFTED["zeek-tsv"], 4000)
    fields = next(row for row in rows if row.startswith(b"#fields"))
    swapped = fields.replace(b"query\tqtype_name", b"qtype_name\tquery")
    late = [row.replace(b"www.example.org\tA", b"A\tapi.openai.com") for row in rows[-5:]]
    path = tmp_path / "log"
    path.write_bytes(b"\n".join([*rows, swapped, *rows[-3000:], *late, b""]))
    _same(_SIFTED["zeek-tsv"], path)


def test_columns_of_blanks_quotes_and_returns() -> None:
    text = bytearray(b' a bb c\r\nlonger-than-8 12345678 123456789\n"x, y","","w"\n')
    rows = Room().rows(Block(text, 0, len(text)))
    words = rows.words_apart()
    assert [rows.line(row) for row in range(3)] == text.replace(b"\r", b"").split(b"\n")[:3]
    assert words.counts.tolist()[:2] == [3, 3]
    assert words.column(1).is_number().tolist()[:2] == [False, True]
    assert words.column(2).is_number().tolist()[:2] == [False, False]
    cells = rows.quoted_cells(ord(","))
    assert cells is not None
    assert cells.counts.tolist()[2] == 3
    assert cells.column(2).is_one_of([b"w"]).tolist()[2]
    assert cells.column(0).is_one_of([b"x, y"]).tolist()[2]
    assert words.column(0).is_one_of([b"longer-than-8", b"a"]).tolist()[:2] == [True, True]
    assert not words.column(0).is_one_of([b"longer-than-9", b"longer-t", b"aa"]).any()


@pytest.mark.parametrize(
    ("line", "count"),
    [
        (b'"a","b"', 2),
        (b'"a","b"\r', 2),
        (b'""', 1),
        (b'"a,b","c"', 2),
        (b'"x ""y""","b"', 0),
        (b'a,"b"', 0),
        (b'"a",b', 0),
        (b'"a",,"b"', 0),
        (b'"a", "b"', 0),
        (b'"a";"b"', 0),
        (b'"a","b",', 0),
        (b"a,b", 0),
        (b"", 0),
    ],
)
@pytest.mark.parametrize("before", [b'"1","2","3"\n', b"1,2\n", b"\n", b""])
@pytest.mark.parametrize("after", [b'"1","2","3"\n', b"1,2\n", b"\n", b""])
def test_cells_are_told_where_all_are_quoted(
    line: bytes, count: int, before: bytes, after: bytes
) -> None:
    text = bytearray(before + line + b"\n" + after)
    rows = Room().rows(Block(text, 0, len(text)))
    cells = rows.quoted_cells(ord(","))
    if cells is None:
        assert b'"' not in text
        return
    row = int(bool(before))
    assert cells.counts[row] == count
    for which, other in ((0, before), (-1, after)):
        if other:
            assert cells.counts.tolist()[which] == (3 if b'1"' in other else 0)
    if count:
        cell = cells.column(0)
        assert text[cell.starts[row] : cell.ends[row]] == line.split(b'"')[1]


def test_a_quote_that_is_open_at_the_end_of_a_line() -> None:
    text = bytearray(b'"a","b\n c","d"\n')
    assert Room().rows(Block(text, 0, len(text))).quoted_cells(ord(",")) is None


def _eve(event: str, flow: int, more: str) -> bytes:
    return (
        f'{{"timestamp":"2026-11-20T08:01:02.1+0000","flow_id":{flow},"event_type":"{event}",'
        f'"src_ip":"10.0.0.7","dest_ip":"203.0.113.9","dest_port":443,{more}}}'
    ).encode()


@pytest.mark.parametrize("harm", [b"", b"no JSON", b"{}", b'{"event_type":"flow","flow_id":[7]}'])
@pytest.mark.parametrize("distance", [10, 3000, 19_000, 21_000])
def test_the_record_of_a_flow_is_read_where_a_wanted_name_was(
    harm: bytes, distance: int, tmp_path: Path
) -> None:
    sizes = '"flow":{"bytes_toserver":18120,"bytes_toclient":7410}'
    other = _eve("tls", 1, '"tls":{"sni":"www.example.org"}')
    rows = [_eve("flow", number, sizes) for number in range(100, 4100)]
    rows += [_eve("tls", 7, '"tls":{"sni":"claude.ai"}'), *[other] * distance]
    if harm:
        rows.insert(3990, harm)
    rows += [_eve("flow", 7, sizes), *rows[:4000], _eve("stats", 2, '"stats":{}'), other]
    path = tmp_path / "log"
    path.write_bytes(b"\n".join(rows) + b"\n")
    assert _same(_SIFTED["suricata"], path) < (6000 if harm else 100)


def test_answers_and_events_without_a_host_are_ignored_by_kind(tmp_path: Path) -> None:
    dns = '"dns":{{"type":"{}","rrname":"www.example.org","rcode":"NOERROR"}}'
    kinds = [
        _eve("dns", 1, dns.format("query")),
        _eve("dns", 1, dns.format("answer")),
        _eve("dns", 1, dns.format("response").replace("www.example.org", "")),
        _eve("ssh", 1, '"ssh":{}'),
        _eve("never seen", 1, '"x":{}'),
        _eve("http", 1, '"http":{"hostname":"www.example.org","url":"/","http_method":"GET"}'),
        _eve("quic", 1, '"quic":{"sni":"www.example.org"}'),
        _eve("alert", 1, '"alert":{"action":"blocked"},"tls":{"sni":"claude.ai"}'),
    ]
    path = tmp_path / "log"
    path.write_bytes(b"\n".join(kinds * 1000) + b"\n")
    assert 3000 <= _same(_SIFTED["suricata"], path) < 8000
