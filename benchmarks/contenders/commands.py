"""Commands that count lines: they know no column, no case, no client and no day."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import names
from benchmarks.contenders import Case, Counts, NotHereError, Reading


def ripgrep(case: Case) -> Reading:
    """``rg -c -w -F -f``: lines that hold a suffix between ends of words."""
    return _counting([_found("rg"), "-j1", "-c", "-w", "-F", "-f", _patterns(case), str(case.file)])


def grep(case: Case) -> Reading:
    """``grep -c -F -f``: lines that hold a suffix anywhere."""
    return _counting([_found("grep"), "-c", "-F", "-f", _patterns(case), str(case.file)])


def unpacking(case: Case) -> Reading:
    """``gzip -dc | wc -l``: what it takes to unpack a log and to find its lines."""
    command = 'exec "$0" -dc "$2" | "$1" -l'
    return _counting(["sh", "-c", command, _found("gzip"), _found("wc"), str(case.packed)])


def unpacking_alone(case: Case) -> Reading:
    """``gzip -dc`` to nowhere."""
    return _counting(
        ["sh", "-c", 'exec "$0" -dc "$1" >/dev/null', _found("gzip"), str(case.packed)]
    )


def _found(program: str) -> str:
    """Return where a program is: what pip installed lies beside Python."""
    beside = Path(sys.executable).parent
    path = shutil.which(program, path=f"{beside}{os.pathsep}{os.environ.get('PATH', os.defpath)}")
    if path is None:
        raise NotHereError(f"{program} is not on the PATH")
    return path


def _patterns(case: Case) -> str:
    file = case.suffixes.with_suffix(".patterns")
    if not file.exists():
        text = "".join(f"{suffix}\n" for suffix in names.read_suffixes(case.suffixes))
        file.write_text(text, encoding="ascii")
    return str(file)


def _counting(command: list[str]) -> Reading:
    def read() -> Callable[[], Counts]:
        done = subprocess.run(command, capture_output=True, env={"LC_ALL": "C"}, check=True)
        return lambda: {("any line", "", 0): int(done.stdout or 0)}

    return read
