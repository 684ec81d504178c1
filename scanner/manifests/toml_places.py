"""The lines that tables, keys and strings of a TOML file stand in, which its parser does not tell."""

from __future__ import annotations

import re
from bisect import bisect_left

_TOKEN = re.compile(
    r"^[ \t]*\[\[?([^\[\]\n]+)\]\]?[ \t]*(?:#.*)?$"
    r'|"((?:[^"\\\n]|\\.)*+)"?'
    r"|'([^'\n]*)'?"
    r"|(?<![A-Za-z0-9_-])([A-Za-z0-9_-]++)[ \t]*="
    r"|#.*",
    re.MULTILINE,
)


class Places:
    """Finds lines; all of a file's words are looked at once."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, list[int]] = {}
        line, at = 1, 0
        for token in _TOKEN.finditer(text):
            line += text.count("\n", at, token.start())
            at = token.start()
            table, quoted, literal, key = token.groups()
            if table is not None:
                table = table.strip()
                self._put(f"[{table}]", line)
                self._put(table.rpartition(".")[2].strip("\"'"), line)
            elif quoted is not None:
                self._put(quoted.replace('\\"', '"'), line)
            else:
                self._put(key if literal is None else literal, line)

    def _put(self, word: str | None, line: int) -> None:
        if word is not None:
            self._lines.setdefault(word, []).append(line)

    def of(self, *words: str) -> int:
        """Return the line of the last word, each looked for from the one before on; at least 1.

        A table is written with its brackets: ``of("[project]", "dependencies", "openai>=1")``.
        """
        line = 1
        for word in words:
            lines = self._lines.get(word, [])
            at = bisect_left(lines, line)
            if at < len(lines):
                line = lines[at]
        return line
