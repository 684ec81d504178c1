"""The review application as people start it: a process of its own, over a copy of a store."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.running import EXAMPLE, ROOT

_ADDRESS = re.compile(r"http://\S+")


@dataclass(frozen=True, slots=True)
class Served:
    """A server: the link that lets one browser in, and the store behind it."""

    link: str
    db: Path


@contextmanager
def served(store: Path, folder: Path, settings: str = "") -> Iterator[Served]:
    """Serve a copy of a store on loopback, with the example's settings and these."""
    folder.mkdir()
    db = folder / "g.db"
    shutil.copy(store, db)
    own = (EXAMPLE / "gnomon.toml").read_text(encoding="utf-8")
    (folder / "gnomon.toml").write_text(f"{own}\n{settings}", encoding="utf-8")
    command = [sys.executable, "-m", "scanner.cli", "serve", "--db", str(db), "--port", "0"]
    with subprocess.Popen(
        [*command, "--by", "Ana Novak"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GNOMON_LOG": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            yield Served(_link(server), db)
        finally:
            server.terminate()


def _link(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if found := _ADDRESS.search(line):
            return found.group()
    raise AssertionError("the server did not come up: " + "".join(said))


def play(specification: Path, served: Served, **more: str) -> str:
    """Let a specification drive a browser; returns what it says, and fails with that."""
    from scanner.web.app import pages

    told = {
        "GNOMON_LINK": served.link,
        "GNOMON_PAGES": json.dumps([one.path for one in pages() if not one.writes]),
        "GNOMON_CHROMIUM": chromium(),
        **more,
    }
    ran = subprocess.run(
        ["node", "--test-reporter=spec", str(specification)],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        timeout=600,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    return said


def chromium() -> str:
    """Return where the browser is; "" if there is none."""
    found = (shutil.which(one) for one in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), "")
