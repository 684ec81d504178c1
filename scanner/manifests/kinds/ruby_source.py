"""Ruby programs, *.rb: what they require, and the variables, hosts and models they name.

    require "openai"
    require 'langchain/vectorsearch'

A ``require_relative`` is the program's own.
Reference: https://docs.ruby-lang.org/en/3.3/Kernel.html#method-i-require
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import HASHES, imports

_STATEMENT = re.compile(r"\s*require[ (]\s*[\"'](?P<name>[A-Za-z][\w./-]*)[\"']")


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports."""
    yield from imports(document, HASHES, _STATEMENT, has_single_quotes=True)


_SAMPLE = b"""\
require "openai"

client = OpenAI::Client.new
"""

MANIFEST = Manifest(
    name="ruby-source",
    title="Ruby programs",
    files=("*.rb", "*.rake"),
    read=read,
    is_screened=True,
    reference="https://docs.ruby-lang.org/en/3.3/Kernel.html#method-i-require",
    samples={"lib/answers.rb": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
