"""Repositories read over the API: the few files that name AI, as a tree that the readers take.

``ask`` reads them once, from the account; ``trees`` gives them from what was read, so recorded
pages mean the same. Programs are left to the list of components: reading each would take a request,
and an hour allows five thousand.
"""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from integrations.connector import Read, Run
from integrations.fields import Item
from integrations.github.files import BLOB, REPOSITORIES, SBOM, TREE
from integrations.operations import Operation
from scanner.trees.choice import Choice
from scanner.trees.folders import TreeFile, is_passed_over
from scanner.trees.git import normalised

MOST_FILES = 200  # of one repository: those nearest to its root
LARGEST = 2 * 1024 * 1024
# The list of components, under a name that the reader of such lists knows.
BILL = ".github-dependency-graph.spdx.json"
_SECRETS = ("env-file",)
_PLAIN = ("100644", "100755")


class Repository(NamedTuple):
    """A repository of the organisation. ``origin`` is how a checkout of it is known, too."""

    owner: str
    name: str
    branch: str
    origin: str


class Listed(NamedTuple):
    """A file of a repository: its path, its size and the hash that its content is read by."""

    path: str
    size: int
    sha: str


class RepositoryTree:
    """One revision of a repository, of which some files were read.

    ``listing`` are the files worth reading, ``contents`` what they hold by hash, ``bill`` the list
    of components ("" for none). ``left_out`` is how many more there would have been.
    """

    def __init__(
        self,
        repository: Repository,
        listing: tuple[Listed, ...],
        contents: Mapping[str, bytes],
        bill: bytes = b"",
        left_out: int = 0,
        is_whole: bool = True,
    ) -> None:
        self.origin = repository.origin
        self.name = repository.name
        self.left_out = left_out
        self._is_whole = is_whole
        self._files = {one.path: contents[one.sha] for one in listing if one.sha in contents}
        self.unread = [one.path for one in listing if one.sha not in contents]
        if bill:
            self._files[BILL] = bill

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the repository was not read."""
        said = ["read over the API: manifests and agent files alone, no programs"]
        if not self._is_whole:
            said.append("GitHub did not list all of its files")
        if self.left_out:
            said.append(f"{self.left_out:,} more files were not asked for")
        if self.unread:
            said.append(f"{len(self.unread):,} files could not be read, such as {self.unread[0]}")
        return tuple(said)

    def files(self) -> Iterator[TreeFile]:
        """Yield the files that were read, in the order of their paths."""
        for path in sorted(self._files):
            yield TreeFile(path, len(self._files[path]))

    def read(self, path: str, most: int = -1) -> bytes | None:
        """Return a file's content, or its first ``most`` bytes; None for a file that was not read."""
        data = self._files.get(path)
        return data if data is None or most < 0 else data[:most]


def choice_of_manifests() -> Choice:
    """Return what tells by its name whether a file is worth reading."""
    from scanner.registry import MANIFESTS, values

    return Choice(values(MANIFESTS))


def listed(run: Read) -> Iterator[Repository]:
    """Yield the repositories that are worked on: not those that are archived, locked or empty."""
    for _, item in run.items(REPOSITORIES):
        owner, name = item.at("owner").text("login"), item.text("name")
        is_closed = item.flag("archived") or item.flag("disabled")
        is_empty = item.has("size") and not item.number("size")
        if owner and name and not is_closed and not is_empty:
            origin = normalised(item.text("html_url"))
            yield Repository(owner, name, item.text("default_branch") or "HEAD", origin)


def ask(run: Run, choice: Choice) -> None:
    """Read every repository's components and the names of its files, then those worth reading.

    What is worth it is chosen before the first is read: trees are large, and gone through once.
    """
    for repository in listed(run):
        place = {"owner": repository.owner, "repo": repository.name}
        run.read(SBOM, **place)
        run.read(TREE, **place, tree_sha=repository.branch)
    wanted = [
        (*_place(parameters), one.sha)
        for parameters, item in run.items(TREE)
        for one in _chosen(item, choice)[0]
    ]
    for owner, name, sha in wanted:
        run.read(BLOB, owner=owner, repo=name, file_sha=sha)


def trees(run: Read, choice: Choice) -> Iterator[RepositoryTree]:
    """Yield the repositories that were read, one at a time, in the order they were asked in."""
    names, files, bills = (_Answers(run, one) for one in (TREE, BLOB, SBOM))
    for repository in listed(run):
        contents = {item.text("sha"): _decoded(item) for item in files.of(repository)}
        bill = next((_bill(item) for item in bills.of(repository)), b"")
        answers = names.of(repository)
        if not answers and not bill:
            continue
        chosen, left_out = _chosen(answers[0], choice) if answers else ((), 0)
        is_whole = bool(answers) and not answers[0].flag("truncated")
        yield RepositoryTree(repository, chosen, contents, bill, left_out, is_whole)


class _Answers:
    """The answers to one operation, taken repository by repository: nothing is read twice."""

    def __init__(self, run: Read, operation: Operation) -> None:
        self._left = run.items(operation)
        self._next = next(self._left, None)

    def of(self, repository: Repository) -> list[Item]:
        found = []
        while self._next and _place(self._next[0]) == (repository.owner, repository.name):
            found.append(self._next[1])
            self._next = next(self._left, None)
        return found


def _place(parameters: Mapping[str, str]) -> tuple[str, str]:
    return parameters.get("owner", ""), parameters.get("repo", "")


def _chosen(tree: Item, choice: Choice) -> tuple[tuple[Listed, ...], int]:
    """Return the files that are worth reading, and how many more there are than may be read."""
    entries = [one for one in tree.items("tree") if one.text("mode") in _PLAIN]
    folders = _Folders(one.text("path") for one in tree.items("tree"))
    wanted = [
        Listed(path, one.number("size"), one.text("sha"))
        for one in entries
        if (path := one.text("path"))
        and one.text("sha")
        and one.number("size") <= LARGEST
        and _is_wanted(path, choice)
        and posixpath.dirname(path) not in folders
    ]
    wanted.sort(key=lambda one: (one.path.count("/"), one.path))
    return tuple(wanted[:MOST_FILES]), len(wanted[MOST_FILES:])


def _is_wanted(path: str, choice: Choice) -> bool:
    """Whether a file is a manifest or an agent's: no program, no model that is read in part, no file
    that is called like one of secrets."""
    kinds = choice.of(path)
    is_secret = any(kind.name in _SECRETS for kind in kinds)
    return not is_secret and any(not kind.is_screened and not kind.head for kind in kinds)


class _Folders:
    """The folders that tools or others wrote."""

    def __init__(self, paths: Iterator[str]) -> None:
        self._beside: dict[str, set[str]] = {}
        for path in paths:
            folder, name = posixpath.split(path)
            self._beside.setdefault(folder, set()).add(name)

    def __contains__(self, folder: str) -> bool:
        while folder:
            above, name = posixpath.split(folder)
            if is_passed_over(name, self._beside.get(above, set())):
                return True
            folder = above
        return False


def _decoded(item: Item) -> bytes:
    """Return a file's content; empty for one that is spelled in no known way."""
    text = item.text("content")
    if item.text("encoding") != "base64":
        return text.encode()
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""


def _bill(item: Item) -> bytes:
    """Return a list of components as the document that it is, with what is read of it alone."""
    bill = item.at("sbom")
    if not bill.text("spdxVersion"):
        return b""
    document = {
        **_texts(bill, "spdxVersion", "SPDXID", "name"),
        "packages": [
            {
                **_texts(one, "SPDXID", "name", "versionInfo"),
                "externalRefs": [
                    _texts(ref, "referenceCategory", "referenceType", "referenceLocator")
                    for ref in one.items("externalRefs")
                ],
            }
            for one in bill.items("packages")
        ],
        "relationships": [
            _texts(one, "relationshipType", "spdxElementId", "relatedSpdxElement")
            for one in bill.items("relationships")
        ],
    }
    return json.dumps(document, sort_keys=True).encode()


def _texts(item: Item, *names: str) -> dict[str, str]:
    return {name: item.text(name) for name in names if item.has(name)}
