"""Configurations of MCP servers, and of the coding agents that call them.

    {"mcpServers": {"files": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem"]}}}

A server is told by its name, by the package or image that is run, and by its URL.
Reference: https://modelcontextprotocol.io/docs/develop/connect-local-servers
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Tie
from scanner.manifests.outline import Node, of_json, of_toml
from scanner.manifests.pipelines import once
from scanner.manifests.settings import model, setting, urls, variable
from scanner.manifests.shell import arguments
from scanner.model import Identifier

# Where the programs keep their servers: Claude, Cursor and Gemini; VS Code; Codex; Zed; OpenCode.
_PLACES = (
    ("mcpServers",),
    ("servers",),
    ("mcp", "servers"),
    ("mcp_servers",),
    ("context_servers",),
    ("mcp",),
    ("projects", "mcpServers"),
)
_URLS = ("url", "httpUrl", "serverUrl", "baseUrl", "endpoint")
_KEYS = frozenset({"command", "args", *_URLS})
_VARIABLES = ("env", "environment")
# The others are of programs that people work with.
_MAY_BE_OF_THE_APPLICATION = frozenset(
    {"mcp.json", "mcp_config.json", "mcp-config.json", "mcp_settings.json"}
)


def read(document: Document) -> Iterator[Found]:
    is_toml = document.name.lower().endswith(".toml")
    root = of_toml(document) if is_toml else of_json(document)
    group = _group(document)
    yield from once(one._replace(group=group) for one in _mentions(root))


def _group(document: Document) -> Group:
    """Return what the servers are for: for people at work, unless the file may be the application's."""
    is_hidden = any(part.startswith(".") for part in document.path.split("/"))
    is_own = document.name.lower() in _MAY_BE_OF_THE_APPLICATION and not is_hidden
    return Group.RUNTIME if is_own else Group.DEV


def _mentions(root: Node) -> Iterator[Mention]:
    for place in _PLACES:
        for name, server in root.get(*place).pairs:
            if any(key in _KEYS for key, _ in server.pairs):
                yield from _server(name, server)
    chosen = root.get("model")
    yield from model(chosen.text or chosen.get("name").text, chosen.line)
    for name, value in root.get("env").pairs:  # of Claude Code
        yield from setting(name, value.text, value.line)


def _server(name: str, server: Node) -> Iterator[Mention]:
    yield _told(name, server.line)
    command, given = server.get("command"), server.get("args")
    if command.pairs:  # Zed: {"command": {"path": ..., "args": [...]}}
        command, given = command.get("path"), command.get("args")
    first = [command.text] if command.text else [one.text for one in command.items]
    for one in arguments([*first, *(one.text for one in given.items)], given.line or command.line):
        found = _at(one, given)._replace(group=Group.RUNTIME)
        yield found
        if one.channel in (Identifier.PACKAGE, Identifier.CONTAINER):
            yield _told(_bare(one), found.line)
    yield from _passed(given)
    for key in _URLS:
        address = server.get(key)
        for one in urls(address.text, address.line):
            yield one
            yield _told(f"{address.text.partition('://')[0]}://{one.value}", one.line)
    for key in _VARIABLES:
        for variable_name, value in server.get(key).pairs:
            yield from setting(variable_name, value.text, value.line)


def _told(value: str, line: int) -> Mention:
    return Mention(Identifier.MCP_SERVER, value, line, tie=Tie.CONFIGURED)


def _bare(one: Mention) -> str:
    """Return a package as its registry names it: ``@scope/name`` of ``pkg:npm/%40scope/name``."""
    if one.channel is Identifier.CONTAINER:
        return one.value
    return one.value.partition("/")[2].replace("%40", "@")


def _at(one: Mention, given: Node) -> Mention:
    """Return a mention with the line of the argument that it comes from."""
    name = _bare(one) if one.channel in (Identifier.PACKAGE, Identifier.CONTAINER) else one.value
    line = next((arg.line for arg in given.items if name in arg.text.lower()), one.line)
    return one._replace(line=line)


def _passed(given: Node) -> Iterator[Mention]:
    """Yield the variables that ``docker run -e NAME`` passes on."""
    for flag, value in zip(given.items, given.items[1:], strict=False):
        if flag.text in ("-e", "--env"):
            yield from variable(value.text.partition("=")[0], value.line)


MANIFEST = Manifest(
    name="mcp",
    title="Configuration of MCP servers",
    files=(
        *(".mcp.json", "mcp.json", "mcp_config.json", "mcp-config.json", "mcp_settings.json"),
        *("claude_desktop_config.json", "cline_mcp_settings.json", ".claude.json"),
        *(".claude/settings.json", ".claude/settings.local.json", ".vscode/settings.json"),
        *(
            ".codex/config.toml",
            ".gemini/settings.json",
            ".qwen/settings.json",
            ".iflow/settings.json",
        ),
        *("opencode.json", "opencode.jsonc", "crush.json", ".zed/settings.json"),
    ),
    read=read,
    reference="https://modelcontextprotocol.io/docs/develop/connect-local-servers",
    samples={
        ".mcp.json": b"""\
{
  "mcpServers": {
    "browser": {
      "command": "npx",
      "args": ["-y", "@browserbasehq/mcp@2.1.0"],
      "env": {"BROWSERBASE_API_KEY": "${BROWSERBASE_API_KEY}"}
    },
    "notes": {"type": "http", "url": "https://mcp.notion.com/mcp"}
  }
}
""",
        ".codex/config.toml": b"""\
model = "gpt-5-codex"

[mcp_servers.docs]
command = "uvx"
args = ["mcp-server-fetch"]
""",
    },
)
