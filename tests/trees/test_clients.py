"""The OpenAI SDK with another supplier's address."""

from pathlib import Path

import pytest

from tests.running import gnomon
from tests.trees.support import written

_ELSEWHERE = 'from openai import OpenAI\nc = OpenAI(base_url="https://api.deepseek.com/v1")\n'
_AT_HOME = "from openai import OpenAI\nc = OpenAI()\n"


def suppliers(tmp_path: Path, **files: str) -> str:
    manifest = {"pyproject.toml": '[project]\nname = "app"\ndependencies = ["openai"]\n'}
    sources = {f"{name}.py": text for name, text in files.items()}
    root = written(tmp_path / "app", {**manifest, **sources})
    db = tmp_path / "gnomon.db"
    gnomon("scan", root, "--db", db)
    (system,) = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    return str(system["supplier"])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a": _ELSEWHERE}, "DeepSeek"),
        ({"a": _AT_HOME}, "OpenAI"),
        ({"a": _ELSEWHERE, "b": _AT_HOME}, "DeepSeek, OpenAI"),
        (
            {"a": _ELSEWHERE + 'd = OpenAI(base_url="https://api.openai.com/v1")\n'},
            "DeepSeek, OpenAI",
        ),
        ({"a": _ELSEWHERE + 'u = __import__("os").environ["OPENAI_API_KEY"]\n'}, "DeepSeek"),
    ],
)
def test_the_address_decides_who_is_the_supplier(
    files: dict[str, str], expected: str, tmp_path: Path
) -> None:
    assert suppliers(tmp_path, **files) == expected
