"""Modelfile of Ollama: the model that another is made of, and its adapters.

    FROM llama3.2:3b
    ADAPTER ./harbour-lora.gguf

Reference: https://docs.ollama.com/modelfile
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Unreadable
from scanner.manifests.settings import model
from scanner.model import Identifier

_INSTRUCTION = re.compile(r"\s*(FROM|ADAPTER|DRAFT|[A-Za-z]+)\s+(.*)", re.IGNORECASE)
_WEIGHTS = re.compile(r"[^\s\"]{1,500}\.(?:gguf|safetensors|bin|ggml)", re.IGNORECASE)


def read(document: Document) -> Iterator[Found]:
    found = list(_mentions(document))
    if not found:
        raise Unreadable("no FROM: not a Modelfile")
    yield from found


def _mentions(document: Document) -> Iterator[Mention]:
    in_text = False
    for number, line in enumerate(document.lines, 1):
        was_in_text = in_text
        in_text ^= line.count('"""') % 2 == 1
        if was_in_text or not (found := _INSTRUCTION.match(line[:2000])):
            continue
        if found[1].upper() in ("FROM", "ADAPTER", "DRAFT"):
            yield from _model(found[2].strip().strip('"'), number)


def _model(text: str, line: int) -> Iterator[Mention]:
    """Yield a model by its name; weights in the tree by the name of their file."""
    if _WEIGHTS.fullmatch(text):
        name = text.replace("\\", "/").rpartition("/")[2]
        yield Mention(Identifier.FILE, name, line, tie=Tie.CONFIGURED)
    elif not text.startswith((".", "/", "~")):
        yield from model(text, line)


MANIFEST = Manifest(
    name="modelfile",
    title="Modelfile (Ollama)",
    files=("Modelfile", "Modelfile.*", "*.Modelfile"),
    read=read,
    reference="https://docs.ollama.com/modelfile",
    samples={
        "models/Modelfile": b'''\
FROM llama3.2:3b
PARAMETER temperature 0.2
SYSTEM """
FROM here on you answer customers.
"""
ADAPTER ./harbour-lora.gguf
'''
    },
)
