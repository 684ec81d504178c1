"""Who may own an application: those whom the tree itself names, each with the reason.

Every name here is a candidate until a person confirms it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import pathspec
import yaml

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import yaml_of
from scanner.model import OwnerClaim
from scanner.trees.applications import Place
from scanner.trees.git import Author, authors, commits, last_authors

# Where the platforms look for them, in their order.
_CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_CATALOG = ("catalog-info.yaml", "catalog-info.yml")
# Programs that commit: dependabot[bot], Renovate Bot, release-bot, Claude <noreply@anthropic.com>.
_PROGRAM = re.compile(
    r"\[bot\]$|[ -]bot$|^(?:copilot|cursor agent|github[ -]actions?|weblate)$", re.IGNORECASE
)
_ADDRESS_OF_A_PROGRAM = re.compile(
    r"(?:no-?reply|bots?|actions?|automation|cursoragent)@|.*\[bot\]@", re.IGNORECASE
)
_YEAR = timedelta(days=365)
_MOST_AUTHORS = 3
# How sure each source is of itself: a rule that reviews follow, a catalogue people keep, a field
# that is written once, a habit.
_BY_RULE, _BY_CATALOG, _BY_PROJECT, _BY_COMMITS = 0.8, 0.8, 0.5, 0.4
_BY_OLD_COMMITS = 0.2  # of whom nobody knows whether they still are there


class _Files(Protocol):
    def read(self, path: str, most: int = -1) -> bytes | None: ...


def commits_of_a_year(top: Path, now: datetime) -> bytes:
    """Return what git says of a checkout's last year."""
    return commits(top, now - _YEAR)


def authors_of(top: Path, folders: Iterable[str], said: bytes) -> dict[str, list[Author]]:
    """Return who wrote most in each folder of a checkout in the last year, if nobody who wrote last.

    ``said`` is what git says of that year.
    """
    found = authors(said, folders)
    left = [folder for folder, wrote in found.items() if not _people(wrote)]
    return {**found, **last_authors(top, found, left)}


def owners_of(
    tree: _Files, folder: str, place: Place | None, written_by: Sequence[Author]
) -> list[OwnerClaim]:
    """Return who may own the application in a folder, the surest first, each once for each reason."""
    claims = [
        *_by_rule(tree, folder),
        *_by_catalog(tree, folder),
        *_by_project(place),
        *_by_commits(written_by),
    ]
    return sorted(set(claims), key=lambda one: (-one.confidence, one.owner, one.reason))


def _by_rule(tree: _Files, folder: str) -> Iterator[OwnerClaim]:
    """Yield the owners whom the last rule for the folder names, as the platforms read the file."""
    found = next(((path, data) for path in _CODEOWNERS if (data := tree.read(path))), None)
    if found is None:
        return
    path, data = found
    asked = f"{folder}/x" if folder else "x"
    last: tuple[int, list[str]] | None = None
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        pattern, *owners = line.partition("#")[0].split() or [""]
        if pattern and not pattern.startswith("[") and _covers(pattern, asked):
            last = number, owners
    for owner in last[1] if last else ():
        yield OwnerClaim(owner, f"{path}:{last[0] if last else 0}", _BY_RULE)


def _covers(pattern: str, path: str) -> bool:
    try:
        return pathspec.GitIgnoreSpec.from_lines([pattern], backend="simple").match_file(path)
    except ValueError:
        return False


def _by_catalog(tree: _Files, folder: str) -> Iterator[OwnerClaim]:
    """Yield the owner that the nearest entry of a software catalogue names."""
    for above in _self_and_above(folder):
        for name in _CATALOG:
            path = posixpath.join(above, name)
            if data := tree.read(path):
                yield from _of_entries(Document(path, data))
                return


def _of_entries(document: Document) -> Iterator[OwnerClaim]:
    try:
        entries = yaml_of(document)
    except (Unreadable, yaml.YAMLError):
        return
    for entry in entries:
        spec = entry.get("spec") if isinstance(entry, dict) else None
        owner = spec.get("owner") if isinstance(spec, dict) else None
        if isinstance(owner, str) and owner:
            where = f"{document.path}:{document.line_of('owner')}"
            yield OwnerClaim(owner, where, _BY_CATALOG)


def _by_project(place: Place | None) -> Iterator[OwnerClaim]:
    for project in place.projects if place else ():
        for person in project.people:
            yield OwnerClaim(person, f"author or maintainer of {project.name}", _BY_PROJECT)


def _by_commits(written_by: Sequence[Author]) -> Iterator[OwnerClaim]:
    for author in _people(written_by)[:_MOST_AUTHORS]:
        who = f"{author.name} <{author.address}>" if author.address else author.name
        count = "1 commit" if author.commits == 1 else f"{author.commits} commits"
        if author.last:
            yield OwnerClaim(who, f"last commit {author.last}", _BY_OLD_COMMITS)
        else:
            yield OwnerClaim(who, f"{count} in the last year", _BY_COMMITS)


def _people(written_by: Sequence[Author]) -> list[Author]:
    """Return the authors who are no programs; who wrote under two names or addresses is one."""
    people: list[Author] = []
    known: dict[str, int] = {}  # the places of their names and addresses
    for one in written_by:
        if _PROGRAM.search(one.name) or _ADDRESS_OF_A_PROGRAM.match(one.address):
            continue
        names = [name.casefold() for name in (one.name, one.address) if name]
        place = next((known[name] for name in names if name in known), len(people))
        if place == len(people):
            people.append(one)
        else:
            both = people[place].commits + one.commits
            people[place] = people[place]._replace(commits=both)
        known |= dict.fromkeys(names, place)
    return sorted(people, key=lambda one: 0 if one.last else -one.commits)


def _self_and_above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
