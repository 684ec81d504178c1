"""Lines of programs without their comments, for languages whose imports are lines of their own.

What their texts say is told beside the imports: variables, addresses, models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Mention, Unreadable
from scanner.manifests.programs import Mentions, group_of
from scanner.manifests.source_literals import texts
from scanner.model import Identifier

_LONGEST_LINE = 1_000
# Texts first, so that "//" in an address begins no comment. An end that is missing is the file's.
_TEXT = r'"(?:[^"\\\n]++|\\.)*"' + r"|'(?:[^'\\\n]|\\.){1,2000}'"
_BLOCK = r"/\*(?:[^*]++|\*(?!/))*(?:\*/)?"
_TRIPLE = r'"""(?:[^"]++|"(?!""))*(?:""")?'
SLASHES = re.compile(rf"(?P<gone>{_TRIPLE}|`[^`]*+`?|//[^\n]*+|{_BLOCK})|{_TEXT}", re.DOTALL)
# Rust has lifetimes ('a), texts of many lines, and texts between r#" and "# that hold quotes.
RUST = re.compile(
    rf"'(?:\\.|[^\\'])'|(?P<gone>r(#+)\".*?(?:\"\2|\Z)|//[^\n]*+|{_BLOCK}"
    r'|"(?:[^"\\]++|\\.)*"?)',
    re.DOTALL,
)
# The same, where texts of one line are kept.
RUST_TEXTS = re.compile(
    rf"'(?:\\.|[^\\'])'|(?P<gone>r(#+)\".*?(?:\"\2|\Z)|//[^\n]*+|{_BLOCK})"
    r'|"(?:[^"\\]++|\\.)*"?',
    re.DOTALL,
)
# Elixir's documentation is text of many lines.
ELIXIR = re.compile(rf"(?P<gone>{_TRIPLE}|\#[^\n]*+)|{_TEXT}", re.DOTALL)
_TRIPLE_SINGLE = _TRIPLE.replace('"', "'")
DART = re.compile(rf"(?P<gone>{_TRIPLE}|{_TRIPLE_SINGLE}|//[^\n]*+|{_BLOCK})|{_TEXT}", re.DOTALL)
HASHES = re.compile(rf"(?P<gone>^=begin\b.*?(?:^=end\b|\Z)|\#[^\n]*+)|{_TEXT}", re.DOTALL | re.M)
PHP = re.compile(rf"(?P<gone>//[^\n]*+|\#(?!\[)[^\n]*+|{_BLOCK})|{_TEXT}", re.DOTALL)


def lines(document: Document, comments: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a program, from 1, without comments. Raises Unreadable for no text."""
    if b"\0" in document.data[:1024] and document.data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("not text")
    text = comments.sub(_blank, document.text)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) <= _LONGEST_LINE:
            yield number, line


def imports(
    document: Document,
    comments: re.Pattern[str],
    statement: re.Pattern[str],
    has_single_quotes: bool = False,
) -> Iterator[Mention]:
    """Yield the module that each line names which is such a statement: its group ``name``.

    And what the texts of the other lines say.
    """
    found = Mentions(group_of(document.path))
    for number, line in lines(document, comments):
        if stated := statement.match(line):
            found.add(Identifier.IMPORT, stated["name"].strip("."), number)
        if comments is not RUST:
            add_texts(found, line, number, has_single_quotes)
    if comments is RUST:
        for number, line in lines(document, RUST_TEXTS):
            add_texts(found, line, number)
    yield from found


def said_in(document: Document, comments: re.Pattern[str]) -> Iterator[Mention]:
    """Yield what the texts of a program say, in a language whose imports name no packages."""
    found = Mentions(group_of(document.path))
    for number, line in lines(document, comments):
        add_texts(found, line, number)
    yield from found


def add_texts(found: Mentions, line: str, number: int, has_single_quotes: bool = False) -> None:
    """Add what the texts of a line say."""
    if '"' in line or (has_single_quotes and "'" in line):
        for channel, value in texts(line, has_single_quotes):
            found.add(channel, value, number)


def _blank(found: re.Match[str]) -> str:
    """Drop a comment, but not the ends of its lines; keep a text."""
    gone = found["gone"]
    return found[0] if gone is None else " " + "\n" * gone.count("\n")
