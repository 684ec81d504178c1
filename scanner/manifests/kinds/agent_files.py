"""Instructions and settings that coding agents read in a source tree: AGENTS.md and its like.

    # CLAUDE.md
    Run the tests before you commit.

What tells an agent is where the file lies, spelled as the agent's own documentation does; a file
of rules is told as their folder. The model that the head of a Markdown file chooses is told too.
Reference: https://agents.md/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Unreadable
from scanner.manifests.settings import model
from scanner.model import Identifier

_TEXTS = (
    *("AGENTS.md", "AGENT.md", "CLAUDE.md", "CLAUDE.local.md", "GEMINI.md", "QWEN.md", "IFLOW.md"),
    *("WARP.md", "CRUSH.md", "CODEBUDDY.md", "replit.md", ".cursorrules", ".windsurfrules"),
    *(".clinerules", ".roorules", ".continuerules", ".goosehints", ".augment-guidelines"),
    *(".openhands_instructions", ".github/copilot-instructions.md", ".junie/guidelines.md"),
    *(".idx/airules.md", ".gemini/styleguide.md", ".cursor/BUGBOT.md", ".bolt/prompt"),
    *(".tabnine/guidelines", ".specify/memory/constitution.md"),
)
_SETTINGS = (
    *(".aiderignore", ".aiignore", ".augmentignore", ".clineignore", ".codeiumignore"),
    *(".cursorignore", ".cursorindexingignore", ".geminiignore", ".rooignore", ".aiexclude"),
    *(".aider.conf.yml", ".aider.model.settings.yml", ".coderabbit.yaml", ".coderabbit.yml"),
    *(".codiumai.toml", ".pr_agent.toml", ".sourcery.yaml", ".roomodes", ".kilocodemodes"),
    *(".claude/settings.json", ".claude/settings.local.json", ".codex/config.toml"),
    *(".gemini/settings.json", ".gemini/config.yaml", ".cursor/environment.json", ".replit"),
    *("opencode.json", "opencode.jsonc", "crush.json", "fastmcp.json", "greptile.json"),
    *("fastagent.config.yaml", "mcp_agent.config.yaml", "smithery.yaml", "repomix.config.json"),
    *(".cursor/mcp.json", ".roo/mcp.json"),  # .mcp.json is anybody's: what it names is told
    *(".amazonq/mcp.json", ".kiro/settings/mcp.json", ".kilocode/mcp.json", ".junie/mcp/mcp.json"),
    *(".trae/mcp.json", ".bolt/config.json", ".serena/project.yml", ".bedrock_agentcore.yaml"),
    *(".github/workflows/copilot-setup-steps.yml", "spark.meta.json", ".idx/dev.nix", "replit.nix"),
)
_FOLDERS = (
    *(".cursor/rules", ".windsurf/rules", ".continue/rules", ".amazonq/rules", ".augment/rules"),
    *(".roo/rules", ".kilocode/rules", ".qoder/rules", ".trae/rules", ".clinerules"),
    *(".claude/agents", ".claude/commands", ".claude/skills", ".agents/skills", ".gemini/commands"),
    *(".github/agents", ".github/chatmodes", ".github/instructions", ".github/prompts"),
    *(".kiro/steering", ".kiro/specs", ".openhands/microagents", ".specify/templates"),
)
_KNOWN = {one.lower(): one for one in (*_TEXTS, *_SETTINGS)}
_OF_TEXTS = frozenset(one.lower() for one in _TEXTS)
_WORD = re.compile(r"[^\W\d_]{3,}")
_MODEL = re.compile(r"model\s*:\s*(.+)")
_FIRST = 100_000


def read(document: Document) -> Iterator[Found]:
    value = _known(document.path)
    text = document.text[:_FIRST]
    is_text = value.lower() in _OF_TEXTS or value in _FOLDERS
    if "\0" in text or not text.strip() or (is_text and not _is_instruction(text)):
        raise Unreadable("no instructions")
    yield Mention(Identifier.FILE, value, 1, tie=Tie.CONFIGURED)
    if document.name.lower().endswith((".md", ".mdc", ".yml")):
        yield from _models(document)


def _known(path: str) -> str:
    """Return the well-known end of a path, or the well-known folder that it lies in."""
    parts = path.lower().split("/")
    for begin in range(len(parts)):
        end = "/".join(parts[begin:])
        if end in _KNOWN:
            return _KNOWN[end]
        for folder in _FOLDERS:
            if end.startswith(f"{folder}/"):
                return folder
    return parts[-1]


def _is_instruction(text: str) -> bool:
    """Whether a text may tell an agent something: words, or the name of a file to read instead."""
    if text.lstrip().startswith(("<html", "<!DOCTYPE")):
        return False
    words = _WORD.finditer(text)
    return ".md" in text or sum(1 for _ in zip(range(3), words, strict=False)) == 3


def _models(document: Document) -> Iterator[Mention]:
    """Yield the model that the head of a Markdown file, or a file of settings, chooses."""
    is_markdown = not document.name.lower().endswith(".yml")
    lines = document.lines[:60]
    if is_markdown and lines[0].strip() != "---":
        return
    for number, line in enumerate(lines, 1):
        if is_markdown and number > 1 and line.strip() == "---":
            return
        if found := _MODEL.fullmatch(line):
            yield from model(found[1].partition(" #")[0].strip(" \"'"), number)


MANIFEST = Manifest(
    name="agent-files",
    title="Instructions and settings for coding agents",
    files=(*_TEXTS, *_SETTINGS, *(f"{folder}/*" for folder in _FOLDERS)),
    read=read,
    reference="https://agents.md/",
    samples={
        "AGENTS.md": b"""\
# How to work here
Run the tests before you commit.
""",
        ".cursor/rules/style.mdc": b"""\
---
description: How we write
globs: "*.py"
---
Short functions, plain names.
""",
        ".claude/agents/reviewer.md": b"""\
---
name: reviewer
model: sonnet
---
You review changes.
""",
    },
)
