"""Where the keys of a document stand, for formats whose parsers tell no lines.

``Document.line_of`` looks through the file for each key; here one pass finds them all, so that a
file with a hundred thousand keys costs as much per key as one with ten.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

JSON_KEYS = re.compile(r'"((?:[^"\\\n]|\\.)*)"\s*:')
YAML_KEYS = re.compile(r"""^[ \t]*["']?([\w.-]+)["']?[ \t]*:""", re.MULTILINE)
TOML_KEYS = re.compile(r"""^[ \t]*(?:\[\[?[ \t]*)?["']?([\w.-]+)["']?[ \t]*[=\]]""", re.MULTILINE)


class Places:
    """The lines of what a pattern's first group matches in a text."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self._lines: defaultdict[str, list[int]] = defaultdict(list)
        line, last = 1, 0
        for match in pattern.finditer(text):
            at = match.start(1)
            line += text.count("\n", last, at)
            last = at
            self._lines[match[1]].append(line)

    def of(self, key: str, after: int = 1) -> int:
        """Return the first line, from line ``after`` on, that holds a key; 0 if none does."""
        lines = self._lines.get(key, ())
        at = bisect_left(lines, after)
        return lines[at] if at < len(lines) else 0
