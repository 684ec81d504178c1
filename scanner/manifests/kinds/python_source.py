"""Python programs, *.py: what they import, and which variables, hosts and models they name.

    from google import genai
    client = OpenAI(base_url=os.getenv("LLM_URL", "https://openrouter.ai/api/v1"))

The tree of the program is read, never run. A relative import is the program's own. Of a program
that cannot be parsed as a whole, the functions and classes are read that can be.
Reference: https://docs.python.org/3/library/ast.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Trouble, Unreadable
from scanner.manifests.programs import MOST_OF_A_PROGRAM, Mentions, group_of
from scanner.manifests.python_code import Reading, parse
from scanner.manifests.python_parts import parts


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports, and what its literals configure."""
    reading = Reading(Mentions(group_of(document.path)))
    damage = None
    try:
        reading.walk(parse(document.text))
    except Unreadable as error:
        damage = error
        for tree in parts(document.text):
            reading.walk(tree)
    found = list(reading.finish())
    if damage is not None and not found:
        raise damage
    yield from found
    if damage is not None:
        yield Trouble(f"only parts of it are read: {damage}")


_SAMPLE = b'''\
"""Answers questions about invoices."""

import os

from openai import OpenAI

MODEL = "gpt-4o-mini"
client = OpenAI(base_url="https://openrouter.ai/api/v1", api_key=os.environ["OPENROUTER_API_KEY"])


def answer(question):
    return client.chat.completions.create(model=MODEL, messages=[{"content": question}])
'''

MANIFEST = Manifest(
    name="python-source",
    title="Python programs",
    files=("*.py",),
    read=read,
    is_screened=True,
    reference="https://docs.python.org/3/library/ast.html",
    samples={"invoices/answers.py": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
