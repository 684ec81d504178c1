"""A small store with one AI system and two people, scanned once; each test gets a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.running import SQUID, gnomon
from tests.web.visiting import House


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    (folder / "access.log").write_bytes(SQUID)
    db = folder / "g.db"
    assert gnomon("scan", folder / "access.log", "--db", db).code == 0
    return db


@pytest.fixture
def db(scanned: Path, tmp_path: Path) -> Path:
    for one in (scanned, scanned.with_suffix(".key")):
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / scanned.name


@pytest.fixture
def house(db: Path) -> House:
    return House(db)
