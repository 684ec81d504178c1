"""What the processes of a scan are asked to do with a source tree.

A tree is surveyed first: which of its files are read. A small one is then read where that was
done. The files of a large one are read in parts, each by whichever process is free, and what they
show is joined in their order: the same, however many parts there were.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, groupby
from pathlib import Path
from typing import NamedTuple, Self

from scanner.errors import SourceError
from scanner.model import Built
from scanner.trees import TreeInput
from scanner.trees.folders import FolderTree, TreeFile, is_repository
from scanner.trees.git import GitTree, first_commit, is_bare, remote_of
from scanner.trees.own_modules import OwnModules, own_modules
from scanner.trees.owners import authors_of, commits_of_a_year, owners_of
from scanner.trees.pieces import Files, Piece, Reader, read_files
from scanner.trees.reading import read_tree, whole_tree

# A tree of fewer files is read by one process before others have learnt of it.
_FEWEST = 1_000
# Parts for each process: some take longer than their size tells.
_PARTS = 8
# What looking at a file costs, however small, as if it were so many bytes longer.
_EACH = 2_000


class Part(NamedTuple):
    """Files of a tree that one process reads: what lies in a folder, or a commit of a repository."""

    root: Path
    commit: str  # "" for what lies there
    files: tuple[TreeFile, ...]
    own: OwnModules


@dataclass(frozen=True, slots=True)
class Survey:
    """Where a tree is, what it is known by, and which of its files are read."""

    root: Path
    top: Path  # of the checkout that it lies in
    origin: str
    name: str
    commit: str
    files: tuple[TreeFile, ...]
    own: OwnModules
    notes: tuple[str, ...]

    @property
    def below(self) -> str:
        """The tree's folder in its repository."""
        return self.root.relative_to(self.top).as_posix() if self.root != self.top else ""

    @property
    def is_large(self) -> bool:
        """Whether several processes read it faster than one."""
        return len(self.files) >= _FEWEST

    def parts(self, jobs: int) -> Iterator[Part]:
        """Yield the parts for so many processes, each about as much work, in the order of the files."""
        weights = [_EACH + file.size for file in self.files]
        share = sum(weights) / (_PARTS * jobs) if self.is_large else sum(weights)
        ends = zip(self.files, accumulate(weights), weights, strict=True)
        for _, several in groupby(ends, lambda one: (one[1] - one[2]) // share):
            files = tuple(file for file, _, _ in several)
            yield Part(self.root, self.commit, files, self.own)


class Joining:
    """What the parts of a tree show, joined as they come in: in their order."""

    def __init__(self, reader: Reader, survey: Survey, now: datetime) -> None:
        self._reader = reader
        self._survey = survey
        self._now = now
        self._piece = Piece()
        self._beside = ThreadPoolExecutor(1)
        self._commits: Future[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.shutdown(cancel_futures=True)

    def add(self, piece: Piece) -> None:
        """Add the next part. With the first that has AI, git is asked who committed: it takes a while."""
        self._piece.add(piece)
        if self._commits is None and piece.components:
            self._commits = self._beside.submit(commits_of_a_year, self._survey.top, self._now)

    def finish(self, tree: Files) -> Built:
        """Return what the tree shows, of which all parts were added."""
        survey = self._survey
        read = whole_tree(self._reader, self._piece, survey.origin, survey.name, survey.below)
        built = read.built
        built.revision, built.notes = survey.commit, survey.notes
        inside = {one.folder: built.inside(one.folder) for one in built.applications}
        commits = self._commits.result() if inside and self._commits else b""
        written_by = authors_of(survey.top, inside.values(), commits) if inside else {}
        for application in built.applications:
            folder = application.folder
            wrote = written_by[inside[folder]]
            application.owners = owners_of(tree, folder, read.places.get(folder), wrote)
        return built


def look_at_tree(reader: Reader, source: TreeInput, now: datetime) -> Built:
    """Read a source tree. Raises SourceError if it cannot be read at all."""
    with _opened(reader, source) as tree:
        return _read_here(reader, tree, _survey(tree), now)


def survey_tree(reader: Reader, source: TreeInput, now: datetime) -> Built | Survey:
    """Return what is to be read of a large tree; a small one is read. Raises SourceError."""
    with _opened(reader, source) as tree:
        survey = _survey(tree)
        return survey if survey.is_large else _read_here(reader, tree, survey, now)


def read_tree_part(reader: Reader, part: Part) -> Piece:
    """Read one part of a tree."""
    with _opened_again(part.root, part.commit, part.files) as tree:
        return read_files(reader, tree, part.files, part.own)


def finish_tree(joining: Joining, survey: Survey) -> Built:
    """Return what a tree shows that was read in parts."""
    with _opened_again(survey.root, survey.commit) as tree:
        return joining.finish(tree)


def look_at_listed(reader: Reader, tree: Files, origin: str, name: str) -> Built:
    """Read the files of a repository that an account listed. Who committed to it is not known."""
    built, places = read_tree(reader, tree, origin, name)
    for application in built.applications:
        folder = application.folder
        application.owners = owners_of(tree, folder, places.get(folder), ())
    return built


def _read_here(reader: Reader, tree: FolderTree | GitTree, survey: Survey, now: datetime) -> Built:
    with Joining(reader, survey, now) as joining:
        for part in survey.parts(1):
            joining.add(read_files(reader, tree, part.files, part.own))
        return joining.finish(tree)


def _survey(tree: FolderTree | GitTree) -> Survey:
    root = tree.root
    top = _top_of(root)
    remote = remote_of(top)
    files = tuple(tree.files())
    unlisted = tree.unlisted
    return Survey(
        root=root,
        top=top,
        origin=remote or _origin_of_its_own(top),
        name=remote.rpartition("/")[2] or top.name or "tree",
        commit=tree.commit if isinstance(tree, GitTree) else "",
        files=files,
        own=own_modules(tree, files),
        notes=(f"{len(unlisted)} folders cannot be looked into: {unlisted[0]}",)
        if unlisted
        else (),
    )


@contextmanager
def _opened(reader: Reader, source: TreeInput) -> Iterator[FolderTree | GitTree]:
    def wants(path: str) -> bool:
        return bool(reader.choice.of(path))

    root = source.root.resolve()
    if source.revision is None and not (is_bare(root) and not is_repository(root)):
        if not root.is_dir():
            raise SourceError(f"{source.path}: no such folder")
        yield FolderTree(root, wants, source.ignores)
        return
    with GitTree(root, source.revision or "HEAD", wants) as tree:
        yield tree


@contextmanager
def _opened_again(
    root: Path, commit: str, files: Iterable[TreeFile] = ()
) -> Iterator[FolderTree | GitTree]:
    """Open a tree that was surveyed, to read ``files`` of it and those beside them."""
    if not commit:
        yield FolderTree.surveyed(root, {posixpath.dirname(file.path) for file in files})
        return
    with GitTree.surveyed(root, commit, files) as tree:
        yield tree


def _top_of(folder: Path) -> Path:
    """Return the checkout that a folder lies in; the folder itself if it lies in none."""
    return next((one for one in (folder, *folder.parents) if is_repository(one)), folder)


def _origin_of_its_own(top: Path) -> str:
    """Return what a tree without a remote is known by: its first commit, else its name."""
    if (is_repository(top) or is_bare(top)) and (commit := first_commit(top)):
        return f"commit:{commit}"
    return f"folder:{top.name}"
