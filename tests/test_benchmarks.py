"""The benchmark's logs and counts: what is compared must be the same work."""

from pathlib import Path

import pytest

from benchmarks import captures, inventory, names, web
from benchmarks.aims import Aim, aims_of
from benchmarks.contenders import Case, Measured, gnomon, loop
from benchmarks.files import Files
from benchmarks.logs import NAMES, log_of, write
from benchmarks.results import Result

_LINES = 3_000


def _case(log: str, folder: Path) -> Case:
    file, suffixes = folder / f"{log}.log", folder / "suffixes.tsv"
    write(log_of(log), file, _LINES)
    names.write_suffixes(suffixes)
    return Case(log, file, folder / "none.gz", suffixes, folder / "none", folder / "none")


def _run(seconds: float, digest: str = "same", hits: int = 5) -> Measured:
    return Measured(seconds, seconds, 50.0, 3, hits, digest)


@pytest.mark.parametrize("log", NAMES)
def test_gnomon_counts_what_a_plain_loop_counts(log: str, tmp_path: Path) -> None:
    case = _case(log, tmp_path)
    counts = loop.reading(case)()()
    assert len(counts) > 10
    assert gnomon.plain(case)()() == counts


@pytest.mark.parametrize("log", NAMES)
def test_a_log_has_as_many_lines_as_asked_for_and_the_same_each_time(
    log: str, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    known = log_of(log)
    write(known, first, 200)
    write(known, second, 200)
    assert first.read_bytes() == second.read_bytes()
    text = first.read_text(encoding="ascii")
    assert text.startswith(known.header)
    assert text.endswith(known.footer)
    assert text.count("\n") == 200 + (known.header + known.footer).count("\n")


def test_a_large_log_has_the_records_of_a_small_one_several_times(tmp_path: Path) -> None:
    files = Files(tmp_path, _LINES)
    case = files.large_case("zeek_tsv", 3)
    counts = loop.reading(files.case("zeek_tsv"))()()
    assert loop.reading(case)()() == {key: 3 * n for key, n in counts.items()}
    files.remove(case)
    assert not case.file.exists()


def test_ratios_compare_runs_of_one_turn() -> None:
    runs = {
        "gnomon": [_run(2.0), _run(4.0)],
        "polars": [_run(1.0), _run(8.0)],
        "duckdb": [_run(3.0), _run(2.0)],
    }
    result = Result("zeek_tsv", 100, 1000, runs)
    assert result.ratios("gnomon", "polars", "duckdb", "pandas") == [0.5, 0.5]
    assert result.ratios("gnomon", "pandas") == []
    assert result.ratios("screen", "duckdb") == []


def test_contenders_that_do_not_agree_are_told_and_those_that_count_lines_never() -> None:
    runs = {"gnomon": [_run(1.0)], "duckdb": [_run(1.0, "other")], "rg": [_run(1.0, "lines")]}
    (told,) = Result("bind", 100, 1000, runs).differences()
    assert "gnomon" in told
    assert "rg" not in told
    del runs["duckdb"]
    assert list(Result("bind", 100, 1000, runs).differences()) == []
    lost = Result("bind", 100, 1000, runs, large={"gnomon": _run(9.0, hits=49)})
    assert [told.partition(": ")[0] for told in lost.differences()] == ["bind, 10 times over"]


def test_an_aim_is_met_missed_or_not_measured() -> None:
    assert Aim("speed", "bind", 1.0, 1.0).verdict == "met"
    assert Aim("speed", "bind", 1.0, 0.99).verdict == "missed"
    assert Aim("memory", "bind", 150, 151, is_at_most=True).verdict == "missed"
    assert Aim("speed", "bind", 1.0, None).verdict == "not measured"


def test_aims_take_the_median_of_the_turns() -> None:
    runs = {"gnomon": [_run(1.0)] * 3, "duckdb": [_run(0.6), _run(0.8), _run(0.9)]}
    aims = {aim.what: aim for aim in aims_of([Result("suricata", 100, 1000, runs)], [0.1])}
    assert aims["reading / DuckDB"] == Aim("reading / DuckDB", "suricata", 0.7, 0.8)
    assert aims["two processes / one"].reached is None
    assert aims["`gnomon --help`"].verdict == "met"


def test_a_small_year_is_written_and_measured(tmp_path: Path) -> None:
    figures = list(inventory.measured(tmp_path / "year.db", 600, 3))
    assert [one.what for one in figures if one.most is not None] == [
        "a daily scan, median over the year",
        "one more day, 30,000 rows",
        "that day again, other content: replaced",
        "a day forgotten",
        "file",
        "gnomon inventory list, the process",
        "gnomon changes of a year, the process",
    ]


def test_pages_are_asked_for_and_measured(tmp_path: Path) -> None:
    web.make(tmp_path / "year.db", 600, 3)
    with web.serving(tmp_path / "year.db") as (link, _), web.Visitor(link) as visitor:
        figures = list(web.alone(visitor, ["/", "/inventory"]))
    assert [one.what for one in figures if one.most is not None] == [
        "/",
        "/, its size",
        "/inventory",
        "/inventory, its size",
        "the first page with all that it loads",
    ]
    assert all(one.value > 0 for one in figures)


def test_a_capture_is_the_same_each_time_and_gnomon_reads_what_scapy_reads(tmp_path: Path) -> None:
    first, second = tmp_path / "first.pcap", tmp_path / "second.pcap"
    assert captures.generate(first, 400) == captures.generate(second, 400) >= 400
    assert first.read_bytes() == second.read_bytes()
    ours = captures.of_gnomon(first)
    dns = {key: count for key, count in captures.of_scapy(first).items() if key[1] == "dns"}
    assert {key: count for key, count in ours.items() if key[1] == "dns"} == dns
    assert len(dns) > 50
    assert any(kind == "tls" for _, kind, _ in ours)
