"""The lines of keys, tables and texts, in formats whose parsers tell none."""

import pytest

from scanner.manifests import Document
from scanner.manifests.line_index import OPENING_JSON_KEYS, YAML_KEYS, LineIndex
from scanner.manifests.toml_lines import TomlLines

_JSON = '{"a": 1,\n "b": {\n  "a": 2}, "c" : [\n "a"\n]}'


def test_keys_of_json() -> None:
    keys = LineIndex(_JSON)
    assert (keys.of("a"), keys.of("a", 2), keys.of("a", 4), keys.of("x")) == (1, 3, 0, 0)
    assert keys.all("a") == [1, 3]
    assert keys.all("x") == []
    opening = LineIndex(_JSON, OPENING_JSON_KEYS)
    assert (opening.of("a"), opening.of("b"), opening.of("c")) == (0, 2, 3)


def test_keys_of_yaml() -> None:
    keys = LineIndex("a:\n  'b': x\n  c.d: b\n", YAML_KEYS)
    assert (keys.of("a"), keys.of("b"), keys.of("c.d"), keys.of("x")) == (1, 2, 3, 0)


_TOML = '''\
[project]
name = "x"
text = """
[tool]
"""
dependencies = [
    "openai>=1",  # "early"
    'a; python_version > "3"',
    "b; os == \\"x\\"",
]
[tool."my.app".env]
x.y = 1
inline = { key = "value" }

[[server]]
url = "one"
[[server]]
url = "two"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("project",), 1),
        (("project", "name"), 2),
        (("project", "dependencies", "openai>=1"), 7),
        (("project", "dependencies", 'a; python_version > "3"'), 8),
        (("project", "dependencies", 'b; os == "x"'), 9),
        (("project", "dependencies", "early"), 6),
        (("tool", "my.app"), 11),
        (("tool", "my.app", "env", "x"), 12),
        (("tool", "my.app", "env", "x", "y"), 12),
        (("tool", "my.app", "env", "inline", "key"), 13),
        (("server", "url"), 16),
        (("nowhere",), 1),
        ((), 1),
    ],
)
def test_paths_of_toml(path: tuple[str, ...], line: int) -> None:
    assert TomlLines(Document("x.toml", _TOML.encode())).of(*path) == line


def test_arrays_of_tables() -> None:
    lines = TomlLines(Document("x.toml", _TOML.encode()))
    assert lines.all("server") == [15, 17]
    assert lines.of("server", "url", after=17) == 18
    assert lines.of("server", "none", after=17) == 17


def test_hostile_text_takes_no_long_time() -> None:
    for text in (
        '"' * 200_000,
        '"\\' * 200_000,
        '"a" ' + " " * 400_000,
        "a." * 200_000,
        "[" * 200_000,
    ):
        LineIndex(text)
        LineIndex(text, OPENING_JSON_KEYS)
        assert TomlLines(Document("x.toml", text.encode())).of("x") == 1
