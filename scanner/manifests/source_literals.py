"""What the texts in a line of a program say: variables that are read, addresses and models.

For languages that are read line by line. A text under a name or in a call is told as elsewhere
(``literals``); an address counts wherever it stands, unless it is called a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests.literals import UNKNOWN, address, is_shouted, said, variable, words_of
from scanner.model import Identifier

Said = tuple[Identifier, str]

_TEXT = re.compile(r'"([^"\\\n]+)"')
_ANY_TEXT = re.compile(r'"([^"\\\n]+)"|\'([^\'\\\n]+)\'')
_FURTHEST = 120
# os.Getenv("X"), System.getenv().get("X"), std::env::var("X"), ENV["X"], $_ENV['X'], Config["X"]
_READS_VARIABLE = re.compile(
    r"(?:\w*env\w*(?:::var\w*|\.fetch|\(\)\.\w+)?!?\s*\(|(?:\w*env(?:ironment)?|\w*config\w*)\s*\[)\s*$",
    re.I,
)
_VALUE = re.compile(r"@Value\(\s*$")
_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]+)[:}]")
# model = "x", "model": "x", model => "x", let model: &str = "x", const model string = "x", .model("x")
_NAMED = re.compile(
    r"(?:^|[^\w$-])([A-Za-z_$][\w$-]*)(?:[\"']\]?|\]|\s*:\s*[\w&<>?]+(?=\s*=)|\s+string)?"
    r"\s*(?:=>|:=|===?|=|:|\()\s*[$@]?$"
)
# Elixir's @model "x"
_ATTRIBUTE = re.compile(r"^\s*@([a-z]\w*)\s+$")
# "https://" + name + ".openai.azure.com", in PHP with dots
_GOES_ON = re.compile(r"://[\"']\s*([+.]).+\1\s*$")
_LINKS = frozenset(
    {"doc", "docs", "documentation", "help", "href", "homepage", "link", "links", "readme", "see"}
    | {"site", "website", "reference", "tutorial", "signup", "terms", "privacy"}
)


def texts(line: str, has_single_quotes: bool = False) -> Iterator[Said]:
    """Yield what the texts of a line say; in some languages single quotes make texts too."""
    for found in (_ANY_TEXT if has_single_quotes else _TEXT).finditer(line):
        text = found[1] or (found[2] if has_single_quotes else "")
        yield from _told(text, line[max(found.start() - _FURTHEST, 0) : found.start()])


def _told(text: str, before: str) -> Iterator[Said]:
    if is_shouted(text) and _READS_VARIABLE.search(before):
        yield Identifier.ENV, variable(text)
    elif _VALUE.search(before):
        yield from ((Identifier.ENV, variable(name)) for name in _REFERENCE.findall(text))
    else:
        named = _NAMED.search(before) or _ATTRIBUTE.search(before)
        name = named[1] if named else ""
        if _LINKS.isdisjoint(words_of(name)) and " " not in text:
            text = text.replace("#{", "{")  # Ruby's "https://api.#{domain}"
            if text.startswith(".") and _GOES_ON.search(before):
                text = f"https://{UNKNOWN}{text}"
            found = said(name, text) or address(text)
            yield from (found,) if found else ()
