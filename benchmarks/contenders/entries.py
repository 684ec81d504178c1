"""All contenders by name, and what is to be known to compare them."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.contenders import Contender, commands, duckdb, gnomon, loop, pandas, polars


@dataclass(frozen=True, slots=True)
class Entry:
    """One contender: how it is called, and what it may have."""

    title: str
    make: Contender
    cores: int = 1
    counts: bool = True  # by product, client and day; else lines
    is_command: bool = False  # measured from start to exit


ENTRIES = {
    "gnomon": Entry("**Gnomon, reading** (lines to evidence, no store)", gnomon.plain),
    "screen": Entry("**Gnomon, screened reading**", gnomon.screened),
    "scan1": Entry("**`gnomon scan --jobs 1`**", gnomon.scan, is_command=True),
    "scan2": Entry("**`gnomon scan --jobs 2`**, 2 cores", gnomon.scan_two, 2, is_command=True),
    "pandas": Entry("pandas, C reader", pandas.reading),
    "polars": Entry("polars, 1 thread", polars.reading),
    "duckdb": Entry("DuckDB, 1 thread", duckdb.reading),
    "loop": Entry("plain Python loop", loop.reading),
    "rg": Entry("`rg -c -w -F -f`: lines", commands.ripgrep, counts=False, is_command=True),
    "grep": Entry("`grep -c -F -f`: lines", commands.grep, counts=False, is_command=True),
    "gnomon.gz": Entry("**Gnomon, reading the gzip file**", gnomon.packed),
    "screen.gz": Entry("**Gnomon, screened, the gzip file**", gnomon.screened_packed),
    "wc.gz": Entry("`gzip -dc \\| wc -l`", commands.unpacking, counts=False, is_command=True),
    "cat.gz": Entry("`gzip -dc`", commands.unpacking_alone, counts=False, is_command=True),
}
