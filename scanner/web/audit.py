"""The audit log: one line for who came in, who did not, what was refused and what was decided.

It holds names and what was decided about, never a token, a secret, a reason or what a form said.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterable

from scanner.model import Decision
from scanner.output import clean

_LONGEST = 500  # characters of one value
_log = logging.getLogger("gnomon.web")


def note(event: str, **values: object) -> None:
    """Write down that something happened as it should."""
    _log.info("%s", _line(event, values))


def warn(event: str, **values: object) -> None:
    """Write down that something was refused, or failed."""
    _log.warning("%s", _line(event, values))


def decided(decisions: Iterable[Decision]) -> None:
    """Write down what was decided; why stands in the store."""
    for one in decisions:
        note(
            "decided",
            number=one.number,
            act=one.act,
            subject=one.subject,
            verdict=one.verdict,
            by=one.by,
        )


def to_stderr() -> None:
    """Send the audit log to where the server was started, with the time in UTC."""
    made = logging.StreamHandler(sys.stderr)
    form = logging.Formatter("%(asctime)sZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    made.setFormatter(form)
    _log.addHandler(made)
    _log.setLevel(logging.INFO)
    _log.propagate = False


def _line(event: str, values: dict[str, object]) -> str:
    """Return one line: what others said is quoted, so that nobody can write a line of their own."""
    shown = (f'{name}="{_quoted(value)}"' for name, value in values.items())
    return " ".join([event.replace(" ", "_"), *shown])


def _quoted(value: object) -> str:
    return clean(str(value)[:_LONGEST].replace("\\", "\\\\").replace('"', '\\"'))
