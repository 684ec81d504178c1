"""Where the keys, names or addresses of a document stand, for formats whose parsers tell no lines.

``Document.line_of`` looks through the file for each text; here one pass finds all that a pattern
does, so that a file with a hundred thousand keys costs as much per key as one with ten.
"""

from __future__ import annotations

import re
from bisect import bisect_left

# Bounded, so that what only begins like a key is not looked at over and over.
JSON_KEYS = re.compile(r'"([^"\\\n]{1,1000})"\s{0,20}:')
OPENING_JSON_KEYS = re.compile(r'"([^"\\\n]{1,1000})"\s{0,20}:\s{0,20}[{\[]')
YAML_KEYS = re.compile(r"""^[ \t]*["']?([\w.-]+)["']?[ \t]*:""", re.MULTILINE)


class LineIndex:
    """The lines of what a pattern's first group matches in a text."""

    def __init__(self, text: str, pattern: re.Pattern[str] = JSON_KEYS) -> None:
        self._lines: dict[str, list[int]] = {}
        line, last = 1, 0
        for match in pattern.finditer(text):
            at = match.start(1)
            line += text.count("\n", last, at)
            last = at
            self._lines.setdefault(match[1], []).append(line)

    def of(self, key: str, after: int = 1) -> int:
        """Return the first line, from line ``after`` on, that holds a key; 0 if none does."""
        lines = self._lines.get(key, ())
        at = bisect_left(lines, after)
        return lines[at] if at < len(lines) else 0

    def all(self, key: str) -> list[int]:
        """Return the lines of all places of a key."""
        return self._lines.get(key, [])
