"""Evidence that waits in files: written in order, added up when it is read."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner import evidence, spill
from scanner.evidence import Gathering, merge
from scanner.model import Action, Channel, Evidence, EvidenceKey, Findings, Level, Observation
from scanner.privacy import Privacy, Pseudonyms
from scanner.shapes import Shapes
from tests.support import a_matcher, at

_WHEN = at("2026-11-21T01:58:30Z")
_KEYS = st.builds(
    EvidenceKey,
    st.sampled_from(["openai.api", "azure.openai"]),
    st.sampled_from(["ana", "bob", "10.0.0.7", ""]),
    st.sampled_from(["user", "client", "unknown"]),
    st.sampled_from([None, 0, 20_778, 20_779]),
    st.sampled_from(Channel),
    st.sampled_from(Action),
)


def _evidence(events: int, line: int = 1) -> Evidence:
    later = _WHEN + timedelta(seconds=events)
    return Evidence(Level.CONNECTED, plain=events, bytes_up=7, first=_WHEN, last=later, line=line)


_ROWS = st.dictionaries(_KEYS, st.integers(1, 9).map(_evidence), max_size=20)


def _key(number: int) -> EvidenceKey:
    return EvidenceKey(
        "openai.api", f"10.0.0.{number:03}", "client", 20_778, Channel.DNS, Action.ALLOWED
    )


def _values(rows: Iterable[spill.Row]) -> list[tuple[EvidenceKey, int, int]]:
    return [(key, added.plain, added.line) for key, added in rows]


@given(rows=_ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_comes_back_in_order(
    rows: dict[EvidenceKey, Evidence], tmp_path: Path
) -> None:
    path = spill.write(rows.items(), tmp_path)
    back = list(spill.read(path))
    assert dict(back) == rows
    assert [spill.order(key) for key, _ in back] == sorted(spill.order(key) for key in rows)
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()


@given(parts=st.lists(_ROWS, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_of_one_key_are_added_up(
    parts: list[dict[EvidenceKey, Evidence]], tmp_path: Path
) -> None:
    paths = [spill.write(part.items(), tmp_path) for part in parts]
    merged = list(spill.merged((spill.read(path), 0) for path in paths))
    keys = [key for key, _ in merged]
    assert set(keys) == {key for part in parts for key in part}
    assert len(set(keys)) == len(keys)
    for key, added in merged:
        assert added.plain == sum(part[key].plain for part in parts if key in part)
        assert added.last == max(part[key].last for part in parts if key in part)
    for path in paths:
        path.unlink()


def test_lines_are_shifted_by_what_stands_before_a_part(tmp_path: Path) -> None:
    first = Findings(evidence={_key(1): _evidence(1, 5), _key(2): _evidence(1, 6)})
    second = Findings(
        evidence={_key(3): _evidence(1, 2)},
        files=[spill.write([(_key(2), _evidence(4, 1)), (_key(4), _evidence(1, 9))], tmp_path)],
    )
    whole = merge([(first, 0), (second, 100)])
    assert _values(evidence.rows(whole)) == [
        (_key(1), 1, 5),
        (_key(2), 5, 6),
        (_key(3), 1, 102),
        (_key(4), 1, 109),
    ]


def _seen(number: int) -> Observation:
    return Observation(
        Channel.DNS,
        "api.openai.com",
        _WHEN + timedelta(seconds=number),
        client=f"10.0.{number % 7}.{number % 11}",
        action=Action.ALLOWED,
        line=number + 1,
    )


@pytest.mark.parametrize("bound", [1, 2, 50, 1_000])
def test_evidence_is_the_same_however_little_the_memory_holds(
    bound: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gathered(folder: Path | None) -> list[spill.Row]:
        gathering = Gathering(
            a_matcher(), Shapes([]), Pseudonyms(b"k" * 32, Privacy.IDENTIFIED), folder
        )
        gathering.add_all(_seen(number) for number in range(500))
        return list(evidence.rows(gathering.findings))

    monkeypatch.setattr(evidence, "_KEYS_BOUND", bound)
    kept = gathered(tmp_path)
    assert kept == gathered(None)
    assert (len(kept), sum(added.plain for _, added in kept)) == (77, 500)
    assert bool(list(tmp_path.iterdir())) == (bound < 77)


def _ended_process() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_folder_is_gone_afterwards_and_those_of_killed_scans_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / f"gnomon-scan-{_ended_process()}-x1"
    running = tmp_path / f"gnomon-scan-{os.getpid()}-x2"
    others = tmp_path / "gnomon-scan-notes-x3"
    for folder in (left, running, others):
        folder.mkdir()
        (folder / "evidence-1").write_bytes(b"x")
    with spill.scratch() as mine:
        assert mine.stat().st_mode & 0o077 == 0
        assert {*tmp_path.iterdir()} == {mine, running, others}
    assert {*tmp_path.iterdir()} == {running, others}


def test_a_folder_is_gone_when_the_scan_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def fail() -> None:
        with spill.scratch() as mine:
            (mine / "evidence-1").write_bytes(b"x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert not list(tmp_path.iterdir())


def test_a_link_in_the_place_of_a_folder_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_bytes(b"x")
    shared = tmp_path / "tmp"
    shared.mkdir()
    (shared / f"gnomon-scan-{_ended_process()}-x").symlink_to(precious)
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    with spill.scratch():
        pass
    assert (precious / "file").exists()
