"""DuckDB on one thread: host, client and day of each record as a table, then what its hosts mean.

The suffixes are looked up for distinct hosts only: of the forms tried (grouping first, a ladder for
each row, joins by prefix) the fastest that is exact.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.contenders import Case, Counts, Reading, day_of, need
from benchmarks.logs.zeek_tsv import COLUMNS


def reading(case: Case) -> Reading:
    """Return the query for the case's log."""
    need("duckdb")
    import duckdb

    db = duckdb.connect(config={"threads": 1})
    db.execute("CREATE TABLE suffix (suffix VARCHAR, product VARCHAR)")
    db.execute(f"COPY suffix FROM '{_quoted(case.suffixes)}' (DELIMITER '\t', HEADER false)")
    table = _SEEN[case.log].replace("FILE", f"'{_quoted(case.file)}'")

    def read() -> Callable[[], Counts]:
        db.execute(f"CREATE TEMP TABLE seen AS {table}")
        rows = db.execute(_COUNTED).fetchall()
        return lambda: {(product, client, day_of(day)): n for product, client, day, n in rows}

    return read


def _quoted(path: object) -> str:
    return str(path).replace("'", "''")


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}': 'VARCHAR'" for name in names)


_COUNTED = """
WITH host AS (
    SELECT host, string_split(rtrim(lower(host), '.'), '.') AS labels
    FROM (SELECT DISTINCT host FROM seen)
), ladder AS (
    SELECT host, labels, unnest(range(1, len(labels) + 1)) AS step FROM host
), found AS (
    SELECT host, arg_min(product, step) AS product
    FROM ladder JOIN suffix ON suffix = array_to_string(list_slice(labels, step, len(labels)), '.')
    GROUP BY host
)
SELECT product, client, day, count(*) FROM seen JOIN found USING (host) GROUP BY ALL
"""
_SPACED = tuple(f"c{at}" for at in range(16))
_READ_CSV = "read_csv(FILE, auto_detect = false, header = false, "
# Squid pads its second column with blanks: they are empty columns, one to five.
_SHIFTS = "\n".join(f"WHEN c{at} <> '' THEN {{{at}}}" for at in range(1, 6))
_SEEN = {
    "zeek_tsv": f"""
SELECT query AS host, "id.orig_h" AS client, CAST(ts[:10] AS INTEGER) // 86400 AS day
FROM {_READ_CSV} delim = '\t', quote = '', escape = '', comment = '#',
     columns = {{{_columns(COLUMNS)}}})
""",
    "zeek_json": """
SELECT query AS host, "id.orig_h" AS client, CAST(floor(ts / 86400) AS INTEGER) AS day
FROM read_json(FILE, format = 'newline_delimited', auto_detect = false,
     columns = {'ts': 'DOUBLE', 'id.orig_h': 'VARCHAR', 'query': 'VARCHAR'})
""",
    "squid": f"""
WITH columns AS (
    SELECT c0, CASE {_SHIFTS.format(None, *(f"c{at + 1}" for at in range(1, 6)))} ELSE c7 END AS client,
           CASE {_SHIFTS.format(None, *(f"c{at + 5}" for at in range(1, 6)))} ELSE c11 END AS url
    FROM {_READ_CSV} delim = ' ', quote = '', escape = '', null_padding = true, nullstr = '\x01',
         columns = {{{_columns(_SPACED)}}})
)
SELECT CASE WHEN starts_with(url, 'http') THEN split_part(url, '/', 3)
            ELSE split_part(url, ':', 1) END AS host,
       client, CAST(c0[:10] AS INTEGER) // 86400 AS day
FROM columns
""",
    "umbrella_dns": f"""
SELECT c8 AS host, c3 AS client, c0[:10] AS day
FROM {_READ_CSV} delim = ',', quote = '"', escape = '"', columns = {{{_columns(_SPACED)}}})
""",
    "suricata": """
SELECT CASE event_type WHEN 'dns' THEN dns.queries[1].rrname WHEN 'tls' THEN tls.sni
       ELSE http.hostname END AS host, src_ip AS client, "timestamp"[:10] AS day
FROM read_json(FILE, format = 'newline_delimited', auto_detect = false, columns = {
     'timestamp': 'VARCHAR', 'event_type': 'VARCHAR', 'src_ip': 'VARCHAR',
     'dns': 'STRUCT("type" VARCHAR, queries STRUCT(rrname VARCHAR)[])',
     'tls': 'STRUCT(sni VARCHAR)', 'http': 'STRUCT(hostname VARCHAR)'})
WHERE event_type IN ('tls', 'http') OR (event_type = 'dns' AND dns."type" = 'request')
""",
    "bind": f"""
SELECT c9 AS host, split_part(c6, '#', 1) AS client, c0 AS day
FROM {_READ_CSV} delim = ' ', quote = '', escape = '', null_padding = true,
     columns = {{{_columns(_SPACED)}}})
WHERE c8 = 'query:'
""",
}
