"""JSON as people and package managers write it: with comments, and commas before an end."""

from __future__ import annotations

import re

from scanner.manifests import Document

# A string is taken to its end even if it has none, so that no character is looked at twice.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*"?'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)


def plain(document: Document) -> Document:
    """Return a document without the comments and last commas that JSON does not know.

    What remains is on the lines where it was.
    """
    text = document.text
    if "//" in text or "/*" in text:
        text = _COMMENT.sub(_without_comment, text)
    text = _LAST_COMMA.sub(r"\1", text)
    return Document(document.path, text.encode("utf-8", "replace"), document.tree)


def _without_comment(found: re.Match[str]) -> str:
    kept: str | None = found[1]
    return " " + "\n" * found[0].count("\n") if kept is None else kept
