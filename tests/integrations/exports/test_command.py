"""``gnomon export``: files in a folder, from the store, and nothing sent."""

from pathlib import Path

import pytest

from scanner.registry import EXPORTS, values
from tests.running import SQUID, gnomon

ANSWERS = {"probo": ("organization=o",), "verifywise": ("assignee=1",)}


@pytest.fixture
def db(tmp_path: Path) -> Path:
    (tmp_path / "access.log").write_bytes(SQUID)
    assert gnomon("scan", tmp_path / "access.log", "--db", tmp_path / "x.db").code == 0
    return tmp_path / "x.db"


def export(db: Path, target: str, folder: Path) -> dict[str, bytes]:
    given = [word for one in ANSWERS.get(target, ()) for word in ("--set", one)]
    ran = gnomon("export", target, "--out", folder, "--db", db, *given)
    assert ran.code == 0, ran.err
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


@pytest.mark.parametrize("target", [one.name for one in values(EXPORTS)])
def test_every_target_writes_its_files_the_same_each_time(
    target: str, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")
    first = export(db, target, tmp_path / "a")
    (plugin,) = (one for one in values(EXPORTS) if one.name == target)
    told = {one.name.replace("NNN", "001") for one in plugin.files}
    assert set(first) == told
    assert first == export(db, target, tmp_path / "b")


def test_a_needed_setting_is_asked_for(db: Path, tmp_path: Path) -> None:
    ran = gnomon("export", "probo", "--out", tmp_path / "out", "--db", db)
    assert ran.code == 2
    assert "needs --set organization=VALUE" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nosuch", "--out", "x"), "no target is named 'nosuch'"),
        (("opengrc",), "say where to"),
        (("opengrc", "--out", "x", "--set", "a=b"), "opengrc asks for nothing"),
        (
            ("probo", "--out", "x", "--set", "organization=o", "--set", "risk-classification=LOW"),
            "is one of HIGH_RISK, LIMITED, MINIMAL, GPAI",
        ),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str, db: Path) -> None:
    ran = gnomon("export", *words, "--db", db)
    assert ran.code == 2
    assert said in ran.err


def test_targets_are_listed_with_what_they_ask() -> None:
    found = gnomon("export", "--list", "--format", "json").json()
    assert {one["target"] for one in found} == {one.name for one in values(EXPORTS)}
    assert all(one["file"] and one["how it is taken"] for one in found)
