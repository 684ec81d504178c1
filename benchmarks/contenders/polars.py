"""polars on one thread: host, client and day of each record, then what its distinct hosts mean.

Of the forms tried (grouping first, batches with a memo, two passes) the fastest that is exact; it
holds three columns of the whole log in memory. JSON is read as text, which is faster here than its
JSON reader.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import names
from benchmarks.contenders import Case, Counts, Reading, day_of, need, product_of

if TYPE_CHECKING:
    import polars as pl


def reading(case: Case) -> Reading:
    """Return the query for the case's log."""
    need("polars")
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    products = names.read_suffixes(case.suffixes)
    seen = _SEEN[case.log](case.file)

    def read() -> Callable[[], Counts]:
        met = seen.collect(engine="streaming")
        hosts = met["host"].unique().drop_nulls()
        found = [product_of(host.lower().rstrip("."), products) for host in hosts]
        known = pl.DataFrame({"host": hosts, "product": pl.Series(found, dtype=pl.String)})
        counted = met.join(known.drop_nulls(), on="host").group_by("product", "client", "day").len()
        rows = counted.select("product", "client", "day", "len").rows()
        return lambda: _counts(rows)

    return read


def _counts(rows: list[tuple[str, str, int | str, int]]) -> Counts:
    counts: Counter[tuple[str, str, int]] = Counter()
    for product, client, day, number in rows:
        counts[product, client, day_of(day)] += number
    return counts


def _columns(file: Path, separator: str, number: int, quote: str | None = None) -> pl.LazyFrame:
    import polars as pl

    return pl.scan_csv(
        file,
        separator=separator,
        has_header=False,
        quote_char=quote,
        comment_prefix="#" if separator == "\t" else None,
        schema={f"c{at}": pl.String for at in range(number)},
        extra_columns="ignore",
        truncate_ragged_lines=True,
    )


def _before(text: pl.Expr, mark: str) -> pl.Expr:
    return text.str.splitn(mark, 2).struct.field("field_0")


def _zeek_tsv(file: Path) -> pl.LazyFrame:
    from polars import col

    day = col("c0").str.head(10).cast(int) // 86_400
    return _columns(file, "\t", 24).select(host="c9", client="c2", day=day)


def _zeek_json(file: Path) -> pl.LazyFrame:
    line = _columns(file, "\x01", 1).select(line="c0")
    return line.select(
        host=_extract(r'"query":"([^"]*)"'),
        client=_extract(r'"id\.orig_h":"([^"]*)"'),
        day=_extract(r'"ts":(\d+)').cast(int) // 86_400,
    )


def _extract(pattern: str) -> pl.Expr:
    from polars import col

    return col("line").str.extract(pattern)


def _squid(file: Path) -> pl.LazyFrame:
    from polars import col

    line = _columns(file, "\x01", 1).select(line="c0")
    cells = col("line").str.slice(15).str.strip_chars_start(" ").str.splitn(" ", 8)
    day = col("line").str.head(10).cast(int) // 86_400
    site = _before(_before(col("url").str.strip_prefix("http://"), "/"), ":")
    return (
        line.select(cells=cells, day=day)
        .unnest("cells")
        .select("day", client="field_1", url="field_5")
        .select("day", "client", host=site)
    )


def _umbrella_dns(file: Path) -> pl.LazyFrame:
    from polars import col

    return _columns(file, ",", 16, '"').select(host="c8", client="c3", day=col("c0").str.head(10))


def _suricata(file: Path) -> pl.LazyFrame:
    from polars import col

    line = _columns(file, "\x01", 1).select(line="c0")
    is_answer = col("line").str.contains('"type":"response"', literal=True)
    is_flow = col("line").str.contains('"event_type":"flow"', literal=True)
    return line.filter(~is_answer & ~is_flow).select(
        host=_extract(r'"(?:rrname|sni|hostname)":"([^"]*)"'),
        client=_extract(r'"src_ip":"([^"]*)"'),
        day=_extract(r'"timestamp":"([^"T]*)T'),
    )


def _bind(file: Path) -> pl.LazyFrame:
    from polars import col

    columns = _columns(file, " ", 10).filter(col("c8") == "query:")
    return columns.select(host="c9", client=_before(col("c6"), "#"), day="c0")


_SEEN: dict[str, Callable[[Path], pl.LazyFrame]] = {
    "zeek_tsv": _zeek_tsv,
    "zeek_json": _zeek_json,
    "squid": _squid,
    "umbrella_dns": _umbrella_dns,
    "suricata": _suricata,
    "bind": _bind,
}
