"""Whether an account can be read: one small request for each operation, and what the token has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from integrations.connector import Sends, Stopped, Trouble
from integrations.operations import Operation
from integrations.pace import stamp
from scanner.errors import GnomonError

_PARAMETER = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\{(\w+):number\}")
_PATIENCE = 60.0  # seconds for one question
_OF_TIME = re.compile(r"(?i)time|since|start|until|^end|^from$|^to$|date|after")
_WORDS = {
    Trouble.DENIED: "missing",
    Trouble.SIGN_IN: "missing",
    Trouble.NOT_LICENSED: "not licensed",
    Trouble.NOT_THERE: "not there",
}


class Checked(NamedTuple):
    """An operation, whether it can be sent, and what to do if not."""

    operation: Operation
    state: str  # granted, missing, not licensed, not there, later, or failed
    advice: str = ""


def check(operations: tuple[Operation, ...], transport: Sends, now: float) -> Iterator[Checked]:
    """Yield how each operation fares. Those that ask for one object each are left for later."""
    for operation in operations:
        asked = f"{operation.path} {operation.query} {operation.body}"
        names = set(_PARAMETER.findall(asked))
        times = {name: _time(name, now) for name in names if _OF_TIME.search(name)}
        if names - times.keys() or _NUMBER.search(asked):
            yield Checked(operation, "later", "asked for what the others list")
            continue
        try:
            next(transport.pages(operation, times, "", now + _PATIENCE), None)
        except Stopped as error:
            word = _WORDS.get(error.meaning.trouble, "failed")
            yield Checked(operation, word, error.meaning.advice)
        except GnomonError as error:
            yield Checked(operation, "failed", str(error))
        else:
            yield Checked(operation, "granted")


def _time(name: str, now: float) -> str:
    """Return an hour ago for where a question begins, and now for where it ends."""
    is_end = re.search(r"(?i)until|end|to$", name) is not None
    return stamp(now - (0 if is_end else 3600)).strftime("%Y-%m-%dT%H:%M:%SZ")
