r"""mix.lock: which Elixir packages were resolved, and which package needs which.

    "openai_ex": {:hex, :openai_ex, "0.8.2", "f4c1", [:mix], [{:req, "~> 0.5", [hex: :req]}], "hexpm", "9d0b"},

One line a package. What the application asked for stands in the mix.exs beside; an umbrella's
stands in those of its applications, so that its lock does not tell.
Reference: https://hexdocs.pm/mix/Mix.Tasks.Deps.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, mentions
from scanner.manifests.elixir import Wanted, code_of, wanted
from scanner.manifests.purls import purl
from scanner.model import Identifier

_LINE = re.compile(
    r'(?:%\{)?\s*"?(\w+)"?(?::|\s*=>)\s*\{:(hex|git|package),\s*(?::"?(\w+)"?,\s*)?"([^"]*)"(?:,\s*"([^"]*)")?'
)
_NEED = re.compile(r'\{:"?(\w+)"?,\s*"[^"]*",\s*\[([^\]]*)\]')
_ORGANIZATION = re.compile(r'\],\s*"hexpm:(\w+)"')
_LIKELY = re.compile(r'\s*"?\w+"?:\s*\{')


def read(document: Document) -> Iterator[Found]:
    entries: dict[str, Entry] = {}
    if not document.text.lstrip().startswith("%{"):
        raise Unreadable("not mix's lock: no map")
    for number, line in enumerate(document.lines, 1):
        match = _LINE.match(line)
        if match is None:
            if _LIKELY.match(line):
                yield Trouble("a package that cannot be understood", number)
            continue
        try:
            entries[match[1]] = _entry(match, line, number)
        except Unreadable as error:
            yield Trouble(str(error), number)
    yield from mentions(entries, _direct(document))


def _entry(match: re.Match[str], line: str, number: int) -> Entry:
    name, source, real, first, second = match.groups()
    organization = _ORGANIZATION.search(line)
    value = purl("hex", real or name, organization[1] if organization else None)
    needs = [one for one, options in _NEED.findall(line) if "optional: true" not in options]
    # A repository's address comes first, and then the commit.
    version = second if source == "git" else first
    return Entry(value, version or "", number, needs, channel=Identifier.PACKAGE)


def _direct(document: Document) -> dict[str, Group] | None:
    beside = document.beside("mix.exs")
    if beside is None or "apps_path:" in (code := code_of(beside.text)):
        return None
    return {one.name: one.group for one in wanted(code) if isinstance(one, Wanted)}


MANIFEST = Manifest(
    name="mix-lock",
    title="mix.lock (Elixir)",
    files=("mix.lock",),
    read=read,
    reference="https://hexdocs.pm/mix/Mix.Tasks.Deps.html",
    samples={
        "mix.lock": b"""\
%{
  "openai_ex": {:hex, :openai_ex, "0.8.2", "f4c1", [:mix], [{:req, "~> 0.5", [hex: :req, repo: "hexpm", optional: false]}], "hexpm", "9d0b"},
  "req": {:hex, :req, "0.5.6", "8fe1", [:mix], [], "hexpm", "cfaa"},
}
"""
    },
)
