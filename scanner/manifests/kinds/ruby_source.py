"""Ruby programs, *.rb: what they require, and the variables, hosts and models they name.

    require "openai"
    require 'langchain/vectorsearch'
    gem "tiktoken_ruby", "0.0.11"

A ``require_relative`` is the program's own. A ``gem`` is wanted by a script that brings its
gemfile along, or by a plugin.
Reference: https://docs.ruby-lang.org/en/3.3/Kernel.html#method-i-require
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from scanner.manifests import Document, Found, Manifest, Mention, Unreadable
from scanner.manifests.programs import MOST_OF_A_PROGRAM, group_of
from scanner.manifests.purls import purl
from scanner.manifests.ruby import call_of
from scanner.manifests.source_lines import HASHES, imports, lines
from scanner.model import Identifier, Tie

_STATEMENT = re.compile(r"\s*require[ (]\s*[\"'](?P<name>[A-Za-z][\w./-]*)[\"']")
_GEM = re.compile(r"\s*gem(?:\s+(?=[\"'])|\()")


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports, and the gems that it asks for itself."""
    yield from imports(document, HASHES, _STATEMENT, has_single_quotes=True)
    if b"gem" in document.data:
        yield from _gems(document)


def _gems(document: Document) -> Iterator[Mention]:
    group = group_of(document.path)
    for number, line in lines(document, HASHES):
        called = _GEM.match(line)
        if called and (gem := call_of(line[called.end() :])):
            with suppress(Unreadable):  # no name of a gem: another method called alike
                value = purl("gem", gem.name)
                yield Mention(
                    Identifier.PACKAGE, value, number, gem.versions, Tie.DECLARED, group, True
                )


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
