"""The eighteen ways in which reading an account fails, each in the name of the tests that show it.

F1 a token ends, F2 a right is missing, F3 a licence is missing, F4 too many requests, F5 answers break
off, F6 a place in a list is lost, F7 lists do not add up, F8 a list goes on elsewhere, F9 items
break their contract, F10 large accounts, F11 clocks, F12 proxies and certificates, F13 killed, F14
secrets, F15 only what is declared, F16 whose account it is, F17 names that are concealed, F18 what
one person sees.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
_TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)
_MODE = re.compile(r"(?<=_)f(\d+)(?=_)")


def test_every_failure_mode_is_in_the_name_of_a_test() -> None:
    names = [name for file in HERE.rglob("test_*.py") for name in _TEST.findall(file.read_text())]
    found = {int(mode) for name in names for mode in _MODE.findall(name)}
    assert found == set(range(1, 19))
