"""What fuzzing began with, and some of what it came upon, run once more; no fuzzer is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzzing.targets import TARGETS
from tests.support import within

_KEPT = Path(__file__).parent / "kept"


def _inputs(target: str) -> list[bytes]:
    kept = (_KEPT / f"{target}.txt").read_text(encoding="ascii")
    return [*TARGETS[target].seeds, *map(bytes.fromhex, kept.splitlines())]


@pytest.mark.parametrize("target", TARGETS)
def test_inputs_that_took_new_ways_run_through(target: str) -> None:
    inputs = _inputs(target)
    assert len(inputs) > 10
    for data in inputs:
        with within(5):
            TARGETS[target].run(data)


def test_every_list_of_kept_inputs_has_its_target() -> None:
    assert {path.stem for path in _KEPT.iterdir()} == set(TARGETS)
