"""What the oldest Pythons that we run on cannot do, though they do not say so."""

import re

import pytest

from tests.running import ROOT

# Before 3.11.5 a group that is repeated possessively, or is atomic, may lose what it matched.
_WRONG_BEFORE = re.compile(r"[^\\(]\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")


@pytest.mark.parametrize("folder", ["scanner", "signatures", "integrations", "reports"])
def test_no_group_is_repeated_possessively(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _WRONG_BEFORE.search(line)
    ]
    assert not found
