"""The files of the benchmark, below its data folder: written once, and again when they would differ."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.contenders import Case
from benchmarks.logs import Log, log_of

ROOT = Path(__file__).parent.parent
_PIECE = 1 << 20
_LEVEL = 6  # what gzip and logrotate take


class Files:
    """The files for logs of ``lines`` lines in ``folder``."""

    def __init__(self, folder: Path, lines: int) -> None:
        self._folder = folder.resolve()
        self._lines = lines
        self._folder.mkdir(parents=True, exist_ok=True)
        self._version = _version()
        self._write_names()

    def case(self, log: str) -> Case:
        """Return the files for one log; they are there."""
        return self._case(log, self._written(log, self._lines))

    def tiny_case(self, log: str) -> Case:
        """Return a log of one line: what is left is the price of a start."""
        return self._case(log, self._written(log, 1))

    def large_case(self, log: str, times: int) -> Case:
        """Return the log with its records ``times`` over, not packed; ``remove`` it afterwards."""
        case = self.case(log)
        large = case.file.with_suffix(f".x{times}.log")
        say(f"writing {large.name}")
        _repeat(log_of(log), case.file, large, times)
        return replace(case, file=large)

    def remove(self, case: Case) -> None:
        """Remove a large log."""
        case.file.unlink()

    def _case(self, log: str, file: Path) -> Case:
        packed = file.with_suffix(".log.gz")
        if not packed.exists():
            say(f"packing {file.name}")
            _pack(file, packed)
        return Case(
            log=log,
            file=file,
            packed=packed,
            suffixes=self._folder / f"suffixes-{self._version}.tsv",
            signatures=self._folder / f"signatures-{self._version}",
            cache=self._folder / "cache",
        )

    def _written(self, log: str, lines: int) -> Path:
        file = self._folder / f"{log}-{self._version}-{lines}.log"
        if not file.exists():
            say(f"writing {file.name}")
            begun = file.with_suffix(".part")
            python("-m", "benchmarks.logs", log, str(lines), str(begun))
            begun.rename(file)
        return file

    def _write_names(self) -> None:
        """Write the suffixes and their signature files, in a child: this process stays small."""
        python(
            "-c",
            "import sys; from pathlib import Path; from benchmarks import names\n"
            "names.write_suffixes(Path(sys.argv[1])); names.write_overlay(Path(sys.argv[2]))",
            str(self._folder / f"suffixes-{self._version}.tsv"),
            str(self._folder / f"signatures-{self._version}"),
        )


def warm(file: Path) -> None:
    """Read a file once, so that the first contender finds it in memory like the others."""
    buffer = bytearray(_PIECE)
    with file.open("rb", buffering=0) as raw:
        while raw.readinto(buffer):
            pass


def as_argument(case: Case) -> str:
    """Return the case as ``benchmarks.contenders`` takes it."""
    return json.dumps({name: str(value) for name, value in asdict(case).items()})


def python(*arguments: str) -> str:
    """Run Python in the project's folder and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def say(text: str) -> None:
    """Tell whoever waits."""
    print(text, file=sys.stderr, flush=True)


def _pack(file: Path, packed: Path) -> None:
    begun = packed.with_suffix(".part")
    with file.open("rb") as plain, gzip.open(begun, "wb", _LEVEL) as out:
        shutil.copyfileobj(plain, out, _PIECE)
    begun.rename(packed)


def _repeat(log: Log, file: Path, large: Path, times: int) -> None:
    """Write what stands between header and footer of a file ``times`` over."""
    end = file.stat().st_size - len(log.footer)
    with file.open("rb") as records, large.open("wb") as out:
        out.write(log.header.encode())
        for _ in range(times):
            records.seek(len(log.header))
            while piece := records.read(min(_PIECE, end - records.tell())):
                out.write(piece)
        out.write(log.footer.encode())


def _version() -> str:
    """Return a short hash of what writes the files."""
    here = Path(__file__).parent
    sources = [here / "names.py", here / "traffic.py", *sorted((here / "logs").glob("*.py"))]
    return hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()[:8]
