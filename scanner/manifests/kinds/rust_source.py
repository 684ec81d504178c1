"""Rust programs, *.rs: the crates they use, and the variables, hosts and models they name.

    use async_openai::{types::CreateChatCompletionRequestArgs, Client};
    extern crate tokenizers;

The crate alone; a module of the program itself may look like one.
Reference: https://doc.rust-lang.org/reference/items/use-declarations.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import RUST, imports

_STATEMENT = re.compile(
    r"\s*(?:pub(?:\([^)]*\))?\s+)?(?:use|extern\s+crate)\s+(?:::)?(?!(?:std|core|alloc|crate|self|super)\b)(?P<name>[a-z_]\w*)\s*(?:::|;|\s+as\s)"
)


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports."""
    yield from imports(document, RUST, _STATEMENT)


_SAMPLE = b"""\
use async_openai::{config::OpenAIConfig, Client};
use std::env;

fn main() {}
"""

MANIFEST = Manifest(
    name="rust-source",
    title="Rust programs",
    files=("*.rs",),
    read=read,
    is_screened=True,
    reference="https://doc.rust-lang.org/reference/items/use-declarations.html",
    samples={"src/main.rs": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
