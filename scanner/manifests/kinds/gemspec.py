r"""Gem specifications: what a Ruby library is called and which gems it needs.

    spec.add_dependency "faraday", ">= 1", "< 3"
    spec.add_development_dependency "rspec", "~> 3.0"

It is a Ruby program, read without running it; a version is often a constant of another file.
Reference: https://guides.rubygems.org/specification-reference/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Project,
    Tie,
    Trouble,
    Unreadable,
)
from scanner.manifests.purls import purl
from scanner.manifests.ruby import Statement, call_of, first_literal, literals, statements
from scanner.model import Identifier

_NEED = re.compile(
    r"(?:^|[{;|]\s*|\bthen\s+)\w+\.add_(runtime_|development_)?dependency(?=[\s(])\s*(.*)"
)
_ABOUT = re.compile(
    r"^\w+\.(name|version|summary|description|authors?|email|executables)\s*=\s*(.*)"
)


def read(document: Document) -> Iterator[Found]:
    about: dict[str, Statement] = {}
    seen: set[Found] = set()
    for text, line in statements(document.text):
        if found := _ABOUT.match(text):
            about.setdefault(found[1], Statement(found[2], line))
        elif found := _NEED.search(text):
            one = _need(found, line)
            # What tools write names each one twice, for old RubyGems and for new.
            if (known := one._replace(line=0)) not in seen:
                seen.add(known)
                yield one
    if "name" in about and (name := first_literal(about["name"].text)):
        yield _project(name, about)


def _need(found: re.Match[str], line: int) -> Mention | Trouble:
    call = call_of(found[2])
    if call is None:
        return Trouble("a gem whose name is computed", line)
    try:
        value = purl("gem", call.name)
    except Unreadable as error:
        return Trouble(str(error), line)
    group = Group.DEV if found[1] == "development_" else Group.RUNTIME
    return Mention(Identifier.PACKAGE, value, line, call.versions, Tie.DECLARED, group, True)


def _project(name: str, about: dict[str, Statement]) -> Project:
    def first(key: str) -> str:
        return first_literal(about[key].text) if key in about else ""

    people = [
        one
        for key in ("author", "authors", "email")
        if key in about
        for one in literals(about[key].text)
    ]
    executables = about.get("executables", Statement("", 0)).text
    return Project(
        name,
        first("version"),
        first("summary") or first("description"),
        tuple(people),
        is_deployable=executables.startswith("[") and bool(literals(executables)),
        line=about["name"].line,
    )


MANIFEST = Manifest(
    name="gemspec",
    title="gem specification (Ruby)",
    files=("*.gemspec",),
    read=read,
    reference="https://guides.rubygems.org/specification-reference/",
    samples={
        "answers.gemspec": b"""\
Gem::Specification.new do |spec|
  spec.name = "answers"
  spec.version = Answers::VERSION
  spec.authors = ["Ana Lima"]
  spec.summary = "Answers mail"
  spec.add_dependency "ruby-openai", "~> 7.0"
  spec.add_development_dependency "rspec", "~> 3.12"
end
"""
    },
)
