"""What names lead to, as resolvers said lately: a file in the cache folder, for its owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

_MOST = 200_000  # names; the oldest go first


class _Known(msgspec.Struct):
    asked: datetime
    leads: list[str]


class KnownNames:
    """Names with the hosts that they lead to. Whatever is wrong with the file, it is a cache."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: dict[str, _Known] = {}
        with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            self._names = msgspec.json.decode(path.read_bytes(), type=dict[str, _Known])

    def get(self, name: str, since: datetime) -> list[str] | None:
        """Return where a name leads; None if nobody asked since then."""
        known = self._names.get(name)
        return known.leads if known is not None and known.asked.astimezone(UTC) >= since else None

    def put(self, name: str, leads: list[str], now: datetime) -> None:
        """Remember where a name leads."""
        self._names[name] = _Known(now, leads)

    def save(self) -> None:
        """Write the file, if it can be written: all of it, or nothing."""
        newest = sorted(self._names, key=lambda one: (self._names[one].asked, one))[-_MOST:]
        content = msgspec.json.encode({name: self._names[name] for name in sorted(newest)})
        unfinished = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.unlink(missing_ok=True)
            handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            unfinished.replace(self._path)
