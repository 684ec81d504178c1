"""pandas with its C reader, in chunks: the distinct hosts of a chunk are looked up, its rows counted.

JSON lines are read as one column and taken apart by regular expressions: its JSON reader is slower.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import names
from benchmarks.contenders import Case, Counts, Reading, day_of, need, product_of

if TYPE_CHECKING:
    import pandas as pd

_CHUNK = 50_000
_NO_QUOTES = 3  # csv.QUOTE_NONE


class _Seen(NamedTuple):
    """The three columns of some records, as the log writes them."""

    host: pd.Series[str]
    client: pd.Series[str]
    time: pd.Series[str]


def reading(case: Case) -> Reading:
    """Return the loop over chunks for the case's log."""
    need("pandas")
    import pandas as pd

    products = names.read_suffixes(case.suffixes)
    seen = _SEEN[case.log]

    def product(raw: str) -> str | None:
        return product_of(_site(raw).lower().rstrip("."), products)

    def read() -> Callable[[], Counts]:
        known: dict[str, str | None] = {}
        counts: Counter[tuple[str, str, str]] = Counter()
        for host, client, time in seen(case):
            codes, distinct = pd.factorize(host)
            new = {raw: product(raw) for raw in distinct if raw not in known}
            known.update(new)
            wanted = [known[raw] for raw in distinct]
            is_found = pd.Series([one is not None for one in wanted]).to_numpy()[codes]
            found = zip(codes[is_found], client[is_found], time[is_found], strict=True)
            counts.update((str(wanted[code]), who, when) for code, who, when in found)
        return lambda: _counts(counts)

    return read


def _site(raw: str) -> str:
    """Return the host of what Squid writes: a URL, or the host and port of a tunnel."""
    return raw.split("/", 3)[2] if raw.startswith("http://") else raw.partition(":")[0]


def _counts(found: Counter[tuple[str, str, str]]) -> Counts:
    counts: Counter[tuple[str, str, int]] = Counter()
    for (product, client, time), number in found.items():
        counts[product, client.partition("#")[0], day_of(time)] += number
    return counts


def _chunks(
    case: Case, separator: str, wanted: Sequence[int], number: int, **more: Any
) -> Iterator[pd.DataFrame]:
    import pandas as pd

    options = {"quoting": _NO_QUOTES, "dtype": object, "na_filter": False, **more}
    yield from pd.read_csv(
        case.file,
        sep=separator,
        header=None,
        names=range(number),
        usecols=list(wanted),
        engine="c",
        chunksize=_CHUNK,
        **options,
    )


def _zeek_tsv(case: Case) -> Iterator[_Seen]:
    for rows in _chunks(case, "\t", (0, 2, 9), 24, skiprows=8):
        yield _Seen(rows[9], rows[2], rows[0])


def _squid(case: Case) -> Iterator[_Seen]:
    for rows in _chunks(case, r"\s+", (0, 2, 6), 10):
        yield _Seen(rows[6], rows[2], rows[0])


def _umbrella_dns(case: Case) -> Iterator[_Seen]:
    for rows in _chunks(case, ",", (0, 3, 8), 16, quoting=0):
        yield _Seen(rows[8], rows[3], rows[0])


def _bind(case: Case) -> Iterator[_Seen]:
    for rows in _chunks(case, " ", (0, 6, 8, 9), 15):
        queries = rows[rows[8] == "query:"]
        yield _Seen(queries[9], queries[6], queries[0])


def _zeek_json(case: Case) -> Iterator[_Seen]:
    pattern = r'"ts":(\d+).*?"id\.orig_h":"([^"]*)".*?"query":"([^"]*)"'
    for rows in _chunks(case, "\x01", (0,), 1):
        found = rows[0].str.extract(pattern)
        yield _Seen(found[2], found[1], found[0])


def _suricata(case: Case) -> Iterator[_Seen]:
    pattern = r'"timestamp":"([^T]*)T.*?"src_ip":"([^"]*)".*?"(?:rrname|sni|hostname)":"([^"]*)"'
    for rows in _chunks(case, "\x01", (0,), 1):
        is_flow = rows[0].str.contains('"event_type":"flow"', regex=False)
        is_answer = rows[0].str.contains('"type":"response"', regex=False)
        found = rows[0][~(is_flow | is_answer)].str.extract(pattern)
        yield _Seen(found[2], found[1], found[0])


_SEEN: dict[str, Callable[[Case], Iterator[_Seen]]] = {
    "zeek_tsv": _zeek_tsv,
    "zeek_json": _zeek_json,
    "squid": _squid,
    "umbrella_dns": _umbrella_dns,
    "suricata": _suricata,
    "bind": _bind,
}
