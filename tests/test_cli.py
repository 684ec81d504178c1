"""The command line as a whole: quick to start, documented, and stable in its exit codes."""

import subprocess
import sys

import pytest

from scanner.cli import LazyGroup, gnomon
from scanner.errors import ExitCode
from scanner.registry import FORMATS, values
from tests.running import ROOT
from tests.running import gnomon as run

HEAVY = (
    "jinja2", "msgspec", "pandas", "reports", "rich", "scapy", "scanner.engine", "scanner.store",
    "signatures", "sqlite3", "sqlite_utils", "yaml", "backports.zstd",
)  # fmt: skip


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom scanner.cli import main\nsys.argv = ['gnomon', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sorted(sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = set(ran.stdout.rpartition("LOADED ")[2].split())
    assert "scanner.commands.scan" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_every_command_has_help_that_fits_a_line() -> None:
    assert isinstance(gnomon, LazyGroup)
    text = run("--help").out
    for name in gnomon.list_commands(None):  # type: ignore[arg-type]
        assert f"\n  {name} " in text
        assert run(name, "--help").code == 0


def test_exit_codes_are_stable() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0,
        "ERROR": 1,
        "USAGE": 2,
        "NOTHING_RECOGNISED": 3,
        "INCOMPLETE": 4,
        "NEW": 10,
        "UNREVIEWED": 11,
        "PROHIBITED": 12,
    }


@pytest.mark.parametrize("arguments", [["no-such-command"], ["scan", "--no-such-option"]])
def test_usage_errors_exit_2(arguments: list[str]) -> None:
    assert run(*arguments).code == 2


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m scanner.cli signatures list --format ndjson | head -n 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0
    assert len(ran.stdout.splitlines()) == 1
    assert "Traceback" not in ran.stderr


def test_formats_lists_what_each_can_prove() -> None:
    rows = {row["name"]: row for row in run("formats", "--format", "json").json()}
    assert len(rows) == len(values(FORMATS))
    assert rows["squid"]["user"]
    assert not rows["bind"]["user"]


def test_doctor_is_content_with_a_sound_installation() -> None:
    ran = run("doctor", "--format", "json")
    assert ran.code == 0
    assert all(row["ok"] for row in ran.json())
