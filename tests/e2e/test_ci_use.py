"""Gnomon in other repositories' pipelines: the action and the hook, run in a scratch repository."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.running import ROOT
from tests.trees.support import committed

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("bash") is None, reason="git or bash is missing"
)
_FILES = {
    "pyproject.toml": '[project]\nname = "app"\ndependencies = ["openai"]\n',
    "app.py": "import openai\n",
}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Return a repository that uses AI, beside a ``gnomon`` on the path."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    program = bin_folder / "gnomon"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m scanner.cli "$@"\n'
    )
    program.chmod(0o755)
    return committed(tmp_path / "app", _FILES, "git@github.com:harbour/app.git")


def run_action(scratch: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the steps of the action but its installation, as the runner would."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    given = {name: one["default"] for name, one in action["inputs"].items()} | inputs
    done = None
    for step in action["runs"]["steps"][1:]:
        assert "${{" not in step["run"], "what inputs hold must not be part of a script"
        variables = {
            name: given[re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)[1]]  # type: ignore[index]
            for name, value in step["env"].items()
        }
        done = run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], scratch, variables)
    assert done is not None
    return done


def run(
    command: list[str], scratch: Path, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    path = f"{scratch.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **variables}
    return subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True)


def test_the_action_passes_writes_findings_and_fails_where_it_is_told_to(scratch: Path) -> None:
    done = run_action(scratch)
    assert done.returncode == 0, done.stderr
    log = json.loads((scratch / "gnomon.sarif").read_text())
    assert {one["ruleId"].split(".")[0] for one in log["runs"][0]["results"]} == {"openai"}
    (scratch / "gnomon.sarif").unlink()
    done = run_action(scratch, **{"fail-on": "new unreviewed"})
    assert done.returncode == 11
    assert (scratch / "gnomon.sarif").is_file()


def test_hostile_inputs_stay_text(scratch: Path) -> None:
    done = run_action(scratch, path="$(touch ran); echo `touch ran`", **{"fail-on": ""})
    assert done.returncode == 2
    assert not (scratch / "ran").exists()


def test_the_hook_runs(scratch: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    done = run([*hook["entry"].split(), *hook["args"]], scratch, {})
    assert done.returncode == 0, done.stderr
    assert not (scratch / "gnomon.db").exists()
    assert "app" in done.stdout
