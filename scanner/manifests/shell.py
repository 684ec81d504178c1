"""Commands of a shell that install, fetch or run something, as recipes and pipelines hold them.

    RUN pip install --no-cache-dir "openai>=1.0" && curl -fsSL https://ollama.com/install.sh | sh

Nothing is run, and nothing is expanded but the variables that the recipe itself sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Mention
from scanner.manifests.installers import MODEL_FLAGS, TAKES, named_by
from scanner.manifests.settings import model
from scanner.manifests.shell_words import Arguments, Word, commands, without_prefix

_WORTH = re.compile(
    r"\b(?:install|add|get|pip[x0-9.]*|uvx?|uv|npx|bunx|dlx|exec|run|pull|download|require|https?|clone|i|with|serve|model|create|x)\b"
)
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "cmd", "powershell", "pwsh"})
_DEEPEST = 3


def installs(text: str, line: int = 1, depth: int = 0) -> Iterator[Mention]:
    """Yield what the commands of a script install or fetch; ``line`` is that of its beginning."""
    if not _WORTH.search(text):
        return
    for command in commands(text, line):
        yield from _read(without_prefix(command), depth)
        yield from _chosen(command)


def arguments(words: list[str], line: int = 1) -> Iterator[Mention]:
    """Yield what one command installs or runs that is written as a list of words."""
    given = [Word(word, line) for word in words]
    yield from _read(without_prefix(given), 0)
    yield from _chosen(given)


def _chosen(words: list[Word]) -> Iterator[Mention]:
    """Yield the models that flags choose: ``vllm serve --model mistralai/Mistral-7B``."""
    for word in Arguments(words, TAKES).after(*MODEL_FLAGS):
        yield from model(word.text, word.line)


def _read(command: list[Word], depth: int) -> Iterator[Mention]:
    if not command:
        return
    name = command[0].text.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    name = name.removesuffix(".cmd")
    rest = command[1:]
    if name in _SHELLS:
        yield from _of_shell(rest, depth)
        return
    if name.startswith("python") or name == "py":
        at = next((n for n, one in enumerate(rest) if one.text == "-m"), None)
        if at is not None and rest[at + 1 :]:
            yield from _read(rest[at + 1 :], depth)
        return
    is_pip = name.startswith("pip") and name not in ("pipenv", "pipx")
    yield from named_by("pip" if is_pip else name, rest)


def _of_shell(rest: list[Word], depth: int) -> Iterator[Mention]:
    for number, one in enumerate(rest):
        is_command = one.text.lower() in ("/c", "-command") or (
            one.text.startswith("-") and not one.text.startswith("--") and "c" in one.text
        )
        if is_command and rest[number + 1 :] and depth < _DEEPEST:
            script = rest[number + 1]
            yield from installs(script.text, script.line, depth=depth + 1)
            return
