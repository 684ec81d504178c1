"""Instructions and settings for coding agents."""

import pytest

from scanner.manifests import Unreadable
from scanner.manifests.kinds.agent_files import MANIFEST
from tests.manifests.support import values

_TEXT = "Run the tests before you commit.\n"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("AGENTS.md", "AGENTS.md"),
        ("web/claude.md", "CLAUDE.md"),
        (".github/copilot-instructions.md", ".github/copilot-instructions.md"),
        ("a/.cursor/rules/deep/x.mdc", ".cursor/rules"),
        (".clinerules", ".clinerules"),
        (".clinerules/x.md", ".clinerules"),
        (".claude/skills/pdf/SKILL.md", ".claude/skills"),
        (".roo/mcp.json", ".roo/mcp.json"),
        (".cursorignore", ".cursorignore"),
    ],
)
def test_places(path: str, value: str) -> None:
    assert values(MANIFEST, path, _TEXT) == [value]


def test_a_file_that_names_another_is_an_instruction() -> None:
    assert values(MANIFEST, "CLAUDE.md", "@AGENTS.md") == ["CLAUDE.md"]


@pytest.mark.parametrize(
    "text", ["", " \n", "null", "{}", "<html>Not found for all</html>", "a\0b word word word"]
)
def test_what_is_no_instruction(text: str) -> None:
    with pytest.raises(Unreadable):
        values(MANIFEST, "AGENTS.md", text)


def test_models() -> None:
    head = "---\ndescription: x\nmodel: 'Claude-Sonnet-4' # best\n---\nmodel: not-this\n"
    assert values(MANIFEST, ".github/agents/x.agent.md", head) == [
        ".github/agents",
        "Claude-Sonnet-4",
    ]
    assert values(MANIFEST, "AGENTS.md", "Use this:\nmodel: not-this\n" + _TEXT) == ["AGENTS.md"]
    assert values(MANIFEST, ".aider.conf.yml", "# x\nmodel: gpt-4o\n") == [
        ".aider.conf.yml",
        "gpt-4o",
    ]
