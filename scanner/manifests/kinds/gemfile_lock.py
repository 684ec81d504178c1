r"""Gemfile.lock: which gems Bundler resolved, and which gem needs which.

    ruby-openai (7.0.1)
      faraday (>= 1)

Groups stand in the Gemfile alone; it is read where it lies beside. The application's own gem,
which ``gemspec`` puts in as a PATH of ".", is no dependency, but what it needs is direct.
Reference: https://bundler.io/guides/rationale.html#checking-your-code-into-version-control
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.manifests import Document, Found, Group, Manifest, Trouble, Unreadable
from scanner.manifests.dependency_graph import Entry, mentions
from scanner.manifests.gems import Gem, gems_of
from scanner.manifests.purls import purl

_SPEC = re.compile(r"^ {4}(\S+) \(([^)]*)\)$")
_NEED = re.compile(r"^ {6}([^\s()!]+)!?(?: \(.*)?$")
_WANTED = re.compile(r"^ {2}([^\s()!]+)!?(?: \(.*)?!?$")
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")
_SOURCES = frozenset({"GEM", "GIT", "PATH", "PLUGIN SOURCE"})
_MANIFESTS = {"gemfile.lock": "Gemfile", "gems.locked": "gems.rb"}


@dataclass(slots=True)
class _Lock:
    entries: dict[str, Entry] = field(default_factory=dict)
    wanted: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)  # gems that are this application
    troubles: list[Trouble] = field(default_factory=list)


def read(document: Document) -> Iterator[Found]:
    lock = _lock(document)
    groups = _groups(document)
    direct: dict[str, Group] | None = None
    if lock.wanted:
        direct = {name: groups.get(name, Group.RUNTIME) for name in lock.wanted}
    for name in lock.own:
        entry = lock.entries.pop(name)
        if direct is not None:
            direct.pop(name, None)
            direct = {**dict.fromkeys(entry.needs, Group.RUNTIME), **direct}
    yield from lock.troubles
    yield from mentions(lock.entries, direct)


def _lock(document: Document) -> _Lock:
    lock = _Lock()
    section = remote = ""
    entry: Entry | None = None
    for number, line in enumerate(document.lines, 1):
        if line.startswith(_CONFLICT):
            lock.troubles.append(Trouble("a merge conflict that was not resolved", number))
        elif line and not line[0].isspace():
            section, remote, entry = line.strip(), "", None
        elif section in _SOURCES:
            if line.startswith("  remote: "):
                remote = line[10:].strip()
            elif match := _SPEC.match(line):
                entry = _add(lock, match, number)
                if entry and section == "PATH" and remote == ".":
                    lock.own.add(match[1])
            elif entry and (match := _NEED.match(line)):
                entry.needs.append(match[1])
        elif section == "DEPENDENCIES" and (match := _WANTED.match(line)):
            lock.wanted.append(match[1])
    if not section:
        raise Unreadable("not Bundler's lock: no section")
    return lock


def _add(lock: _Lock, match: re.Match[str], line: int) -> Entry | None:
    """Add a gem. One that is built for several platforms stands there once for each."""
    name, version = match[1], match[2].partition("-")[0]
    if name not in lock.entries:
        try:
            lock.entries[name] = Entry(purl("gem", name), version, line)
        except Unreadable as error:
            lock.troubles.append(Trouble(str(error), line))
            return None
    return lock.entries[name]


def _groups(document: Document) -> dict[str, Group]:
    """Return the groups that the Gemfile beside puts gems in; without one, nothing."""
    name = _MANIFESTS.get(document.name.lower(), document.name.removesuffix(".lock"))
    beside = document.beside(name)
    if beside is None or beside.path == document.path:
        return {}
    return {one.name: one.group for one in gems_of(beside) if isinstance(one, Gem)}


MANIFEST = Manifest(
    name="gemfile-lock",
    title="Gemfile.lock (Ruby, Bundler)",
    files=("Gemfile.lock", "gems.locked", "*.gemfile.lock"),
    read=read,
    reference="https://bundler.io/guides/rationale.html#checking-your-code-into-version-control",
    samples={
        "Gemfile.lock": b"""\
GEM
  remote: https://gems.example.org/
  specs:
    event_stream_parser (1.0.0)
    faraday (2.9.0)
      faraday-net_http (>= 2.0, < 3.2)
    faraday-net_http (3.1.0)
    ruby-openai (7.0.1)
      event_stream_parser (>= 0.3.0, < 2.0.0)
      faraday (>= 1)

PLATFORMS
  ruby

DEPENDENCIES
  ruby-openai (~> 7.0)

BUNDLED WITH
   2.5.6
"""
    },
)
