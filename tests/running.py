"""Runs the command line in this process, as a shell would: arguments in, texts and exit code out."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from scanner.cli import main

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "harbour-and-pine"
SHARED = ROOT.parent / "shared"


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def ndjson(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def gnomon(*arguments: object, stdin: bytes = b"") -> Ran:
    """Run ``gnomon`` with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    reader = io.BufferedReader(io.BytesIO(stdin))  # type: ignore[arg-type]
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        mock.patch.object(sys, "argv", ["gnomon", *map(str, arguments)]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(reader)),
    ):
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


SQUID = (
    b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 ana HIER_DIRECT/203.0.113.7 -\n"
    b"1795226310.289      0 10.0.0.8 TCP_DENIED/403 3494 CONNECT chat.deepseek.com:443 - HIER_NONE/- text/html\n"
    b"1795226311.000      9 10.0.0.8 TCP_MISS/200 3494 GET http://www.example.org/ - HIER_DIRECT/203.0.113.9 text/html\n"
)
