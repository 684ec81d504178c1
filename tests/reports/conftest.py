"""Two stores, each made once: that of the example organisation, and one full of hostile names."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.reports.hostile import FORMULA, SCRIPT, poison
from tests.reports.making import Made, make_all
from tests.running import EXAMPLE, gnomon


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the example organisation, with some decisions."""
    db = tmp_path_factory.mktemp("example") / "gnomon.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "GNOMON_CONFIG", str(EXAMPLE / "gnomon.toml"))
        ran = gnomon("scan", "--db", db)
        assert ran.code in (0, 4), ran.err
        decide(db, "ChatGPT", "approved", "Contract signed in March", "M. Hale, CISO")
    return db


@pytest.fixture(scope="session")
def hostile(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose evidence and decisions are full of names that want to be more than text."""
    db = tmp_path_factory.mktemp("hostile") / "gnomon.db"
    shutil.copy(example, db)
    decide(db, "Claude", "approved", f"{SCRIPT} {{{{7*7}}}}", FORMULA)
    ran = gnomon(
        "sources", "forget", "logs/unbound.log", "--by", FORMULA, "--reason", SCRIPT, "--db", db
    )
    assert ran.code == 0, ran.err
    poison(db)
    return db


@pytest.fixture(scope="session")
def made(example: Path) -> list[Made]:
    """Every report of the example organisation, in every format and language."""
    return list(make_all(example))


@pytest.fixture(scope="session")
def made_of_hostile(hostile: Path) -> list[Made]:
    return list(make_all(hostile))


def decide(db: Path, name: str, verdict: str, reason: str, by: str) -> None:
    ran = gnomon(
        "review", "decide", name, verdict, "--reason", reason, "--by", by,
        "--review-due", "2027-03-01", "--db", db,
    )  # fmt: skip
    assert ran.code == 0, ran.err
