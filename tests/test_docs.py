"""The documentation says what the code does."""

import subprocess
import sys

from tests.running import ROOT


def test_generated_documents_are_up_to_date() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for package in ("scanner", "signatures", "integrations", "reports")
        for path in (ROOT / package).rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
    ]
    assert silent == []
