"""API keys in files: found, placed, and written down nowhere."""

from pathlib import Path

import pytest

from scanner.trees.keys import Keys
from tests.running import gnomon
from tests.support import the_base
from tests.trees.support import written

_KEY = "sk-ant-api03-Zx9Yw8Vu7Tq6Rp5Po4Nm3Lk2Ji1Hg0"


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys(the_base().matcher)


@pytest.mark.parametrize(
    "line",
    [f'KEY = "{_KEY}"', f"ANTHROPIC_API_KEY={_KEY}", f"x-api-key: {_KEY}\r", f"({_KEY})", _KEY],
)
def test_a_key_is_found_where_it_stands(line: str, keys: Keys) -> None:
    data = f"first\n{line}\nlast".encode()
    assert [(one.text, one.line) for one in keys.in_data(data) if one.text == _KEY] == [(_KEY, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "sk-ant-api03-your-key-goes-here-in-this-place",
        "sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-ant-api03-EXAMPLEEXAMPLEEXAMPLE123456",
        "task-ant-api03-Zx9Yw8Vu7Tq6Rp5Po4Nm3Lk2Ji1Hg0",
        "sk-ant-api03-aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_what_stands_in_for_a_key_is_none(text: str, keys: Keys) -> None:
    assert not [one for one in keys.in_data(text.encode()) if one.text.startswith("sk-ant")]


def test_no_part_of_a_key_is_stored_or_shown(tmp_path: Path) -> None:
    root = written(
        tmp_path / "app",
        {
            "pyproject.toml": '[project]\nname = "app"\n',
            "call.py": f'import anthropic\n\nclient = anthropic.Anthropic(api_key="{_KEY}")\n',
            ".env.sample": f"ANTHROPIC_API_KEY={_KEY}\n",
            "only.py": f'TOKEN = "{_KEY}"\n',
        },
    )
    db = tmp_path / "gnomon.db"
    said = [gnomon("scan", root, "--db", db), gnomon("inventory", "list", "--db", db)]
    shown = gnomon("inventory", "show", "app", "--db", db, "--format", "json")
    said += [shown, gnomon("report", "brief", "--db", db), gnomon("report", "sarif", "--db", db)]
    secret = _KEY[len("sk-ant-api03-") :]
    assert not any(secret in one.out + one.err for one in said)
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.glob("gnomon.*"))
    places = {
        one["where"]: one["value"]
        for one in shown.json()["components"]
        if one["channel"] == "key_shape"
    }
    assert set(places) == {"call.py:3", ".env.sample:1", "only.py:1"}
    assert len(set(places.values())) == 1  # one key in three places
