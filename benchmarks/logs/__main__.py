"""Writes one log of the benchmark, in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.logs import log_of, write

if __name__ == "__main__":
    name, lines, file = sys.argv[1:]
    write(log_of(name), Path(file), int(lines))
