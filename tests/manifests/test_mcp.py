"""Configurations of MCP servers."""

import pytest

from scanner.manifests import Group, Unreadable
from scanner.manifests.kinds.mcp import MANIFEST
from tests.manifests.support import mentions, values


def _said(path: str, text: str) -> list[tuple[str, str, int]]:
    return [(one.channel.value, one.value, one.line) for one in mentions(MANIFEST, path, text)]


def test_servers_in_json() -> None:
    text = """\
{
  // of the team
  "mcpServers": {
    "github": {
      "command": "docker",
      "args": [
        "run", "-i", "--rm",
        "-e", "GITHUB_TOKEN",
        "ghcr.io/github/github-mcp-server:1"
      ],
    },
    "files": {"command": "cmd", "args": ["/c", "npx -y @modelcontextprotocol/server-filesystem"]},
    "fetch": {"command": "uvx", "args": ["mcp-server-fetch"], "env": {"API_KEY": "secret"}},
    "zap": {"url": "https://mcp.zapier.com/api/mcp/s/0123456789abcdef0123456789/mcp?key=secret"},
    "own": {"command": "python", "args": ["server.py"]},
    "note": "no server"
  }
}"""
    said = _said(".cursor/mcp.json", text)
    assert said == [
        ("mcp_server", "github", 4),
        ("container", "ghcr.io/github/github-mcp-server", 9),
        ("mcp_server", "ghcr.io/github/github-mcp-server", 9),
        ("env", "GITHUB_TOKEN", 8),
        ("mcp_server", "files", 12),
        ("package", "pkg:npm/%40modelcontextprotocol/server-filesystem", 12),
        ("mcp_server", "@modelcontextprotocol/server-filesystem", 12),
        ("mcp_server", "fetch", 13),
        ("package", "pkg:pypi/mcp-server-fetch", 13),
        ("mcp_server", "mcp-server-fetch", 13),
        ("env", "API_KEY", 13),
        ("mcp_server", "zap", 14),
        ("host_path", "mcp.zapier.com/api/mcp/s", 14),
        ("mcp_server", "https://mcp.zapier.com/api/mcp/s", 14),
        ("mcp_server", "own", 15),
    ]
    assert "secret" not in repr(said)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ".vscode/mcp.json",
            '{"inputs": [], "servers": {"n": {"type": "http", "url": "https://m.example/mcp"}}}',
        ),
        (
            ".vscode/settings.json",
            '{"editor.x": 1, "mcp": {"servers": {"n": {"url": "https://m.example/mcp"}}}}',
        ),
        (".gemini/settings.json", '{"mcpServers": {"n": {"httpUrl": "https://m.example/mcp"}}}'),
        ("opencode.json", '{"mcp": {"n": {"type": "remote", "url": "https://m.example/mcp"}}}'),
        (".codex/config.toml", '[mcp_servers.n]\nurl = "https://m.example/mcp"\n'),
    ],
)
def test_where_programs_keep_their_servers(path: str, text: str) -> None:
    assert values(MANIFEST, path, text) == ["n", "m.example/mcp", "https://m.example/mcp"]


def test_commands_of_other_programs() -> None:
    zed = '{"context_servers": {"n": {"command": {"path": "npx", "args": ["openai-mcp"]}}}}'
    assert values(MANIFEST, ".zed/settings.json", zed) == ["n", "pkg:npm/openai-mcp", "openai-mcp"]
    opencode = '{"mcp": {"n": {"command": ["bunx", "openai-mcp"], "environment": {"K_X": "1"}}}}'
    assert values(MANIFEST, "opencode.json", opencode) == [
        "n",
        "pkg:npm/openai-mcp",
        "openai-mcp",
        "K_X",
    ]


def test_models_of_agents() -> None:
    assert values(MANIFEST, ".codex/config.toml", 'model = "gpt-5"\n') == ["gpt-5"]
    assert values(MANIFEST, ".gemini/settings.json", '{"model": {"name": "gemini-2.5-pro"}}') == [
        "gemini-2.5-pro"
    ]
    claude = '{"model": "opus", "env": {"ANTHROPIC_BASE_URL": "https://proxy.example"}}'
    assert values(MANIFEST, ".claude/settings.json", claude) == [
        "opus",
        "ANTHROPIC_BASE_URL",
        "proxy.example",
    ]


def test_damage() -> None:
    with pytest.raises(Unreadable):
        values(MANIFEST, "mcp.json", '{"mcpServers": {"a": }}')
    assert values(MANIFEST, "mcp.json", '{"mcpServers": []}') == []


def test_a_hidden_file_is_of_people_at_work_and_another_may_be_the_applications() -> None:
    text = '{"mcpServers": {"n": {"url": "https://m.example/mcp"}}}'
    for path, group in (
        (".mcp.json", Group.DEV),
        (".cursor/mcp.json", Group.DEV),
        ("claude_desktop_config.json", Group.DEV),
        ("agent/mcp.json", Group.RUNTIME),
        ("agent/mcp_config.json", Group.RUNTIME),
    ):
        assert {one.group for one in mentions(MANIFEST, path, text)} == {group}
