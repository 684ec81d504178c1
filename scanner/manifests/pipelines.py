"""What the steps of a pipeline name: images, variables, secrets, and what their scripts install.

All of it serves building and testing, not running: its group is ``build``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scanner.manifests import Group, Mention
from scanner.manifests.outline import Node
from scanner.manifests.settings import variable
from scanner.manifests.shell import installs

_EXPRESSION = re.compile(r"\$\{\{\s*(.{1,300}?)\s*\}\}", re.DOTALL)
_SECRET = re.compile(r"\b(?:secrets|vars|env)\.([A-Za-z_]\w*)")
_OWN = frozenset({"GITHUB_TOKEN"})


def for_build(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Yield mentions as those of a build; one that is of another group already keeps it."""
    for one in mentions:
        yield one._replace(group=Group.BUILD) if one.group is Group.RUNTIME else one


def once(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Yield mentions but those that repeat one of the same line."""
    seen: set[tuple[str, str, int]] = set()
    for one in mentions:
        key = (one.channel.value, one.value, one.line)
        if key not in seen:
            seen.add(key)
            yield one


def scripts(node: Node) -> Iterator[Mention]:
    """Yield what a script installs that is one text or a list of lines, also of lists."""
    for _, text in node.texts():
        yield from installs(text.text, text.line)


def secrets(node: Node) -> Iterator[Mention]:
    """Yield the names of secrets and variables in the expressions of a text."""
    if "${{" not in node.text:
        return
    line, counted = node.line, 0
    for expression in _EXPRESSION.finditer(node.text):
        if node.is_block:
            line += node.text.count("\n", counted, expression.start())
            counted = expression.start()
        for name in _SECRET.findall(expression[1]):
            if name not in _OWN:
                yield from variable(name, line)
