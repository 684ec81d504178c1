"""What readers of programs share: what a program is for, and its mentions once each, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Group, Mention, Tie
from scanner.manifests.purposes import group_of_folder
from scanner.model import Identifier

# Nobody writes a larger program; those that are have been generated or bundled.
MOST_OF_A_PROGRAM = 4 * 1024 * 1024
_WIDEST = 5_000
_LONGEST_VALUE = 1_000
_TEST_NAME = re.compile(
    r"test_.*\.py|tests?\.py|.*_test\.(?:py|go|rb|exs|dart)|test[-_].*\.r|conftest\.py|.*[.-](?:test|spec)\.[cm]?[jt]sx?"
    r"|.*_spec\.rb|.*tests?\.(?:java|kt|cs|php|scala|swift)",
)
_BUILD_NAME = re.compile(
    r"setup\.py|noxfile\.py|build\.rs|.*\.config\.[cm]?[jt]s|(?:gulp|grunt)file\..*"
)


def group_of(path: str) -> Group:
    """Return what a program is for, as its name and its folders tell."""
    folder, _, name = path.lower().rpartition("/")
    if _TEST_NAME.fullmatch(name):
        return Group.TEST
    if group := group_of_folder(folder):
        return group
    return Group.BUILD if _BUILD_NAME.fullmatch(name) else Group.RUNTIME


def is_minified(document: Document) -> bool:
    """Whether a program has a line that is longer than any that people write."""
    data = document.data
    if len(data) <= _WIDEST:
        return False
    at = 0
    while len(data) - at > _WIDEST:
        end = data.rfind(b"\n", at, at + _WIDEST + 1)
        if end < 0:
            return True
        at = end + 1
    return False


class Mentions:
    """The mentions of one program: each value once a line, in the order of the lines."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._found: dict[tuple[int, Identifier, str], Tie] = {}

    def add(self, channel: Identifier, value: str, line: int) -> None:
        tie = Tie.IMPORTED if channel is Identifier.IMPORT else Tie.CONFIGURED
        if value and len(value) <= _LONGEST_VALUE:
            self._found.setdefault((line, channel, value), tie)

    def __iter__(self) -> Iterator[Mention]:
        for (line, channel, value), tie in sorted(self._found.items()):
            yield Mention(channel, value, line, tie=tie, group=self._group)
