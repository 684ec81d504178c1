"""The logs beside one that name what it leaves unnamed: Zeek's ssl and quic beside its conn.

conn says how many bytes went up and down and names no host; ssl and quic name the host and know no
bytes. All three give a connection the same id. A log may hold them all, as collectors write it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from scanner.errors import SourceError
from scanner.hosts import HostTable
from scanner.inputs import LogInput
from scanner.logs.formats import zeek_json, zeek_tsv
from scanner.logs.streams import LogStream
from scanner.reading import Plan, Tools

_FORMATS = frozenset({zeek_json.FORMAT.name, zeek_tsv.FORMAT.name})
_CONN = re.compile(r"(?<![a-z])conn(?![a-z])")
_NAMING = ("ssl", "quic")
_PACKED = re.compile(r"\.(?:gz|zst|bz2|xz)$")
_SUFFIXES = ("", ".gz", ".zst", ".bz2", ".xz")
# Connections whose names are kept; those beyond stay unnamed.
_MOST = 500_000


def companions(path: Path) -> list[Path]:
    """Return the logs that name the connections of a conn log: those beside it, of the same time.

    ``conn.08:00:00-09:00:00.log.gz`` has ``ssl.08:00:00-09:00:00.log.gz``, packed or not.
    """
    if not _CONN.search(path.name):
        return []
    found = []
    for log in _NAMING:
        name = _CONN.sub(log, path.name, count=1)
        plain = _PACKED.sub("", name)
        likely = (path.with_name(one) for one in (name, *(plain + end for end in _SUFFIXES)))
        found.extend([one for one in likely if one.is_file()][:1])
    return found


def companions_of(source: LogInput, format_name: str) -> tuple[Path, ...]:
    """Return the companions of a recognised log; one out of an archive has none beside it."""
    if format_name not in _FORMATS or source.file is None or source.label is not None:
        return ()
    return tuple(companions(source.file))


def names_itself(head: bytes, format_name: str) -> bool:
    """Whether a log that begins so holds both conn and what names its connections."""
    return format_name in _FORMATS and b"conn_state" in head and b"server_name" in head


def naming(how: Plan) -> tuple[Path, ...]:
    """Return the logs that name the connections of a log, which may be one of them itself."""
    own = how.source.file if how.names_itself else None
    return how.companions if own is None else (*how.companions, own)


def flows(tools: Tools, paths: Sequence[Path]) -> dict[bytes, str]:
    """Return the wanted hosts of the connections that these logs name, by id.

    Of one that cannot be read, or not to its end, what could be read counts.
    """
    found: dict[bytes, str] = {}
    hosts = tools.matcher.host_table(tools.shapes)
    for path in paths:
        with suppress(SourceError):
            for uid, host in _named(path, hosts):
                if len(found) >= _MOST:
                    break
                found.setdefault(uid, host)
    return found


def stamp(paths: Sequence[Path]) -> str:
    """Return what tells companions from others and from none: their names and sizes."""
    return "".join(f"|{_name(path)} {_size(path)}" for path in paths)


def suffices(stored: str, reading: str) -> bool:
    """Whether a stored reading of the same content shows all that ``reading`` would show.

    It does if it had companions where there are none now: a copy of conn.log alone says no more.
    """
    return stored == reading or stored.startswith(f"{reading}|")


def note(paths: Sequence[Path]) -> tuple[str, ...]:
    """Say which names the bytes were tied to."""
    names = " and ".join(map(_name, paths))
    return (f"bytes are tied to the names in {names}",) if paths else ()


def _named(path: Path, hosts: HostTable) -> Iterator[tuple[bytes, str]]:
    with LogStream(path) as stream:
        log_format = zeek_tsv if stream.head.startswith(b"#") else zeek_json
        yield from log_format.flows(stream.batches(), hosts)


def _name(path: Path) -> str:
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
