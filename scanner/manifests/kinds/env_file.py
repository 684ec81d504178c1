"""Files of environment variables: .env, its samples, and .envrc of direnv.

    OPENAI_API_KEY=sk-...
    OPENAI_MODEL=gpt-4o

A variable's value is never told, save the host of a URL and the name of a model.
Reference: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Unreadable
from scanner.manifests.images import substitute
from scanner.manifests.settings import setting

_LINE = re.compile(r"\s*(?:export\s+|set\s+|\$env:)?([A-Za-z_][\w.-]*)\s*(?:=|:\s)\s*(.*)")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_LONGEST_LINE = 10_000


def read(document: Document) -> Iterator[Found]:
    if "\0" in document.text:
        raise Unreadable("no text")
    quote = ""
    for number, line in enumerate(document.lines, 1):
        if quote:  # a value of several lines, such as a private key
            quote = "" if line.rstrip().endswith(quote) else quote
            continue
        found = _LINE.match(line[:_LONGEST_LINE])
        if not found:
            continue
        value = found[2].strip()
        quote = value[0] if value[:1] in ('"', "'") and value.count(value[0]) == 1 else ""
        yield from setting(found[1], substitute(_plain(value), {}), number)


def _plain(value: str) -> str:
    """Return a value without its quotes, or without the comment that follows it."""
    if value[:1] in ('"', "'"):
        return value[1:].partition(value[0])[0]
    return _COMMENT.sub("", value).strip()


MANIFEST = Manifest(
    name="env-file",
    title=".env",
    files=(
        *(
            ".env",
            ".env.*",
            "*.env",
            "*.env.*",
            ".envrc",
            "env.example",
            "env.sample",
            "env.template",
        ),
        *(".flaskenv", ".dev.vars", ".dev.vars.example", "dotenv"),
    ),
    read=read,
    reference="https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax",
    samples={
        "chat/.env.example": b"""\
# Keys
OPENAI_API_KEY=
export OPENAI_MODEL="gpt-4o-mini"
OPENAI_BASE_URL=https://api.openai.com/v1  # or a proxy
"""
    },
)
