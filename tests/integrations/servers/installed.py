"""Servers that npm installed: whether they are there, and one of them running."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("GNOMON_CONTRACT", "")) / "node_modules"
_SECONDS = 60.0  # that a server may take to come up


def needs(package: str) -> pytest.MarkDecorator:
    """Return the mark that skips tests where node or a package is not there."""
    return pytest.mark.skipif(
        not shutil.which("node") or not (FOLDER / package).is_dir(),
        reason=f"needs node and {package}, which npm installs: make test-contract",
    )


@contextmanager
def running(arguments: Sequence[str | Path], says: str) -> Iterator[str]:
    """Run a server until the end; gives what its output says where it matches ``says``."""
    with subprocess.Popen(
        ["node", *map(str, arguments)],
        cwd=HERE,
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        found: queue.Queue[str] = queue.Queue()
        assert server.stdout is not None
        # What it goes on to say is read too: a pipe that is full would stop it.
        reader = threading.Thread(target=_read, args=(server.stdout, re.compile(says), found))
        reader.start()
        try:
            yield found.get(timeout=_SECONDS)
        finally:
            server.terminate()
            reader.join()


def _read(output: IO[str], says: re.Pattern[str], found: queue.Queue[str]) -> None:
    for line in output:
        if match := says.search(line):
            found.put(match[1])
