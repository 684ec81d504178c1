"""The order of sources, their split into files and their repetition never change the inventory."""

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner import compiled
from signatures import loader
from signatures.writer import write
from tests.running import gnomon
from tests.support import AZURE, OPENAI, detection, vendor

_VENDORS = (OPENAI, AZURE, vendor("claude", detection("claude.web", suffix=("claude.ai",))))
_HOSTS = ("api.openai.com", "chatgpt.com", "claude.ai", "x.openai.azure.com", "www.example.org")
_LINES = st.lists(
    st.tuples(st.integers(0, 400_000), st.integers(0, 4), st.sampled_from(_HOSTS), st.booleans()),
    min_size=1, max_size=25, unique_by=lambda line: line[0],
)  # fmt: skip
_CUTS = st.lists(st.integers(0, 2), min_size=25, max_size=25)
_ORDERS = st.permutations(range(6))
_MANIFESTS = {
    "bot": {"requirements.txt": "openai==1.2.3\n", "main.py": "import openai\n"},
    "plain": {"requirements.txt": "requests\n", "main.py": "import requests\n"},
    "quotes": {
        "package.json": '{"name": "quotes", "version": "1.0.0", "dependencies": {"openai": "4"}}'
    },
}


@pytest.fixture(autouse=True, scope="module")
def _few_vendors(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("vendors")
    for one in _VENDORS:
        (folder / f"{one.id}.yaml").write_text(write(one))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "BUILT_IN", folder)
        patch.setattr(compiled, "BUILT_IN", folder)
        yield


def _line(line: tuple[int, int, str, bool]) -> str:
    second, client, host, is_refused = line
    what = "TCP_DENIED/403" if is_refused else "TCP_TUNNEL/200"
    return (
        f"{1_795_226_310 + second}.136 15 10.0.0.{client} {what} {1_000 + second} "
        f"CONNECT {host}:443 - HIER_DIRECT/203.0.113.7 -\n"
    )


def _put(folder: Path, logs: dict[str, list[str]]) -> list[Path]:
    """Write logs and source trees; returns what can be scanned, in order of names."""
    for name, lines in logs.items():
        (folder / name).write_text("".join(lines))
    for tree, files in _MANIFESTS.items():
        for name, text in files.items():
            (folder / tree).mkdir(exist_ok=True)
            (folder / tree / name).write_text(text)
    return [folder / name for name in (*sorted(logs), *_MANIFESTS)]


def _scan(folder: Path, db: Path, paths: Iterable[Path]) -> None:
    db.with_suffix(".key").write_bytes(b"k" * 32)
    ran = gnomon("scan", *paths, "--db", db, "--jobs", 1)
    assert ran.code == 0, ran.err


def _inventory(db: Path) -> list[tuple[Any, ...]]:
    found = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    columns = (
        "id", "name", "supplier", "kind", "evidence_level", "channels", "events", "blocked",
        "users", "bytes_up", "bytes_down",
    )  # fmt: skip
    seen = ("first_seen", "last_seen")
    return [
        (*(json.dumps(one[name]) for name in columns),
         *(one[name] if one["kind"] == "used" else "" for name in seen))
        for one in found
    ]  # fmt: skip


@settings(max_examples=12)
@given(_LINES, _CUTS, _ORDERS)
def test_neither_order_nor_files_nor_repetition_matter(
    lines: list[tuple[int, int, str, bool]], cuts: list[int], order: list[int]
) -> None:
    texts = [_line(line) for line in sorted(lines)]
    parts: dict[str, list[str]] = {}
    for text, cut in zip(texts, cuts, strict=False):
        parts.setdefault(f"part{cut}.log", []).append(text)
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole = _put(Path(one), {"whole.log": texts})
        _scan(Path(one), Path(one, "x.db"), whole)
        split = _put(Path(other), parts)
        for number in (number for number in order if number < len(split)):
            _scan(Path(other), Path(other, "x.db"), [split[number]])
        found = _inventory(Path(other, "x.db"))
        _scan(Path(other), Path(other, "x.db"), reversed(split))
        assert found == _inventory(Path(other, "x.db"))
        assert _known(found) == _known(_inventory(Path(one, "x.db")))


def _known(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Leave the names of trees alone: without a remote an application is known by its folder."""
    return [row for row in found if row[3] == '"used"'] + [
        row[1:] for row in found if row[3] != '"used"'
    ]


@settings(max_examples=8)
@given(_LINES, _LINES)
def test_what_is_forgotten_leaves_what_was_there_without_it(
    kept: list[tuple[int, int, str, bool]], gone: list[tuple[int, int, str, bool]]
) -> None:
    with TemporaryDirectory() as folder:
        one, other = Path(folder, "kept.log"), Path(folder, "gone.log")
        one.write_text("".join(map(_line, kept)))
        other.write_text(
            "".join(_line((one_line[0] + 500_000, *one_line[1:])) for one_line in gone)
        )
        _scan(Path(folder), Path(folder, "x.db"), [one])
        _scan(Path(folder), Path(folder, "y.db"), [one, other])
        who = ("--by", "ana", "--reason", "not ours", "--db", Path(folder, "y.db"))
        assert gnomon("sources", "forget", other, *who).code == 0
        assert _inventory(Path(folder, "y.db")) == _inventory(Path(folder, "x.db"))
