"""Extensions that editors recommend, and development containers."""

import pytest

from scanner.manifests import Group, Unreadable
from scanner.manifests.kinds.devcontainer import MANIFEST as DEVCONTAINER
from scanner.manifests.kinds.vscode import MANIFEST as VSCODE
from tests.manifests.support import mentions, values


def test_recommendations() -> None:
    text = '{"recommendations": ["GitHub.copilot", /* no */ "continue.continue@1.2", "-codeium.codeium", "x"],\n "unwantedRecommendations": ["a.b"],}'
    said = [
        (one.value, one.version, one.line)
        for one in mentions(VSCODE, ".vscode/extensions.json", text)
    ]
    assert said == [("github.copilot", "", 1), ("continue.continue", "1.2", 1)]
    workspace = '{"folders": [], "extensions": {"recommendations": ["rooveterinaryinc.roo-cline"]}}'
    assert values(VSCODE, "x.code-workspace", workspace) == ["rooveterinaryinc.roo-cline"]


def test_development_containers() -> None:
    text = """\
{
  "build": {"dockerfile": "Dockerfile", "args": {"HF_TOKEN": "secret"}},
  "features": {
    "ghcr.io/anthropics/devcontainer-features/claude-code:1.0": {},
    "./local": {}
  },
  "extensions": ["GitHub.copilot"],
  "customizations": {"vscode": {"extensions": ["-a.b", "saoudrizwan.claude-dev"]},
                     "jetbrains": {"plugins": ["com.intellij.ml.llm"]}},
  "secrets": {"OPENAI_API_KEY": {"description": "x"}},
  "onCreateCommand": ["npm", "install", "-g", "@openai/codex"],
  "postCreateCommand": {"a": "pip install openai", "b": ["uv", "tool", "install", "llm"]}
}"""
    said = mentions(DEVCONTAINER, ".devcontainer/devcontainer.json", text)
    assert [(one.value, one.version, one.line) for one in said] == [
        ("ghcr.io/anthropics/devcontainer-features/claude-code", "1.0", 4),
        ("saoudrizwan.claude-dev", "", 8),
        ("github.copilot", "", 7),
        ("com.intellij.ml.llm", "", 9),
        ("HF_TOKEN", "", 2),
        ("OPENAI_API_KEY", "", 10),
        ("pkg:npm/%40openai/codex", "", 11),
        ("pkg:pypi/openai", "", 12),
        ("pkg:pypi/llm", "", 12),
    ]
    assert {one.group for one in said} == {Group.DEV}


def test_damage() -> None:
    for kind, path in ((VSCODE, ".vscode/extensions.json"), (DEVCONTAINER, "devcontainer.json")):
        with pytest.raises(Unreadable):
            values(kind, path, '{"a": "b" "c"}')
