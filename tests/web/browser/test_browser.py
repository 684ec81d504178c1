"""What people do in the review application, done in a real browser.

Each file beside this one whose name ends in ``.spec.mjs`` is a topic; it is played against the real
server with the example organisation. It runs in ``make test``, where npm and Chromium are there.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.reports.hostile import poison
from tests.running import EXAMPLE, gnomon
from tests.web.browser.serving import chromium, play, served

HERE = Path(__file__).parent
FOLDER = os.environ.get("GNOMON_BROWSER", "")

pytestmark = pytest.mark.skipif(
    not shutil.which("node")
    or not chromium()
    or not (Path(FOLDER) / "node_modules" / "playwright-core").is_dir(),
    reason="needs node, Chromium and what npm installs: make test",
)

TOPICS = ("sign_in", "keyboard", "pages", "plain", "over", "comfort", "handing_in")
# People whom a proxy names: each has a session of their own.
PROXY = """
[web.proxy]
trusted = ["127.0.0.1"]
[web.roles]
approver = ["ciso"]
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example organisation, scanned with everything it has."""
    db = tmp_path_factory.mktemp("organisation") / "g.db"
    inputs = [EXAMPLE / one for one in ("logs", "code", "accounts")]
    ran = gnomon("scan", *inputs, "--year", 2026, "--db", db)
    assert ran.code == 0, ran.err
    return db


def test_every_specification_is_played() -> None:
    there = {one.name.removesuffix(".spec.mjs") for one in HERE.glob("*.spec.mjs")}
    assert there == {*TOPICS, "hostile", "together"}


@pytest.mark.parametrize("topic", TOPICS)
def test_in_a_browser(topic: str, store: Path, tmp_path: Path) -> None:
    with served(store, tmp_path / "served") as here:
        sys.stdout.write(play(HERE / f"{topic}.spec.mjs", here))


def test_two_people_in_a_browser(store: Path, tmp_path: Path) -> None:
    with served(store, tmp_path / "served", PROXY) as here:
        sys.stdout.write(play(HERE / "together.spec.mjs", here))


def test_hostile_evidence_stays_text_in_a_browser(store: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    shutil.copy(store, bad)
    poison(bad)
    with served(bad, tmp_path / "served") as here:
        sys.stdout.write(play(HERE / "hostile.spec.mjs", here))
