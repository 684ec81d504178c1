"""What the store holds, read once for all visitors until it changes.

One thread reads and writes: SQLite's connection belongs to it, and a page is made in a few
milliseconds from what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from reports.material import LONG_AGO, Catalogue, Material
from scanner.config import Config
from scanner.store import Store
from scanner.web.facts import FactKeeper

_FRESH = 60.0  # seconds after which reviews that have run out are noticed


class Holding:
    """The open store, and the material made from it for each language.

    After a scan one that ``waits`` shows nothing that was known before.
    """

    def __init__(
        self, config: Config, catalogue: Catalogue, signatures: str, *, waits: bool = False
    ) -> None:
        self._config = config
        self._catalogue = catalogue
        self._signatures = signatures
        self._waits = waits
        self._reader: FactKeeper | None = None
        self._state: tuple[object, ...] = ()
        self._made: dict[str, Material] = {}
        self._made_at = LONG_AGO

    def patient(self) -> Holding:
        """Return one of its own connection, for a thread in which nobody else waits."""
        return Holding(self._config, self._catalogue, self._signatures, waits=True)

    def material(self, language: str, now: datetime) -> Material:
        """Return what the store holds now. Raises StoreError."""
        if self._reader is None:
            work_out = None if self._waits else self._work_out
            self._reader = FactKeeper(self._config.database, work_out)
        state = self._reader.state()
        if state != self._state or (now - self._made_at).total_seconds() > _FRESH:
            self._state, self._made, self._made_at = state, {}, now
        if language not in self._made:
            self._made[language] = self._material(self._reader, language, now)
        return self._made[language]

    def _material(self, reader: FactKeeper, language: str, now: datetime) -> Material:
        return Material(
            store=reader,
            catalogue=self._catalogue,
            signatures=self._signatures,
            config=self._config,
            now=now,
            language=language,
            remembered=reader.remembered,
            full=reader.full,
        )

    def _work_out(self, reader: FactKeeper) -> object:
        """Make of facts what most pages show; of the time the day alone decides."""
        material = self._material(reader, self._config.language, self._made_at)
        return material.systems, material.triage, material.supplier_records

    @property
    def as_of(self) -> datetime | None:
        """When the scan began that pages rest on, while those of a later one are made."""
        return self._reader.as_of if self._reader else None

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """Open the store for a decision."""
        with Store(self._config.database) as store:
            yield store

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
