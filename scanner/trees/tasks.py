"""What the processes of a scan are asked to do with a source tree: one call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from scanner.errors import SourceError
from scanner.model import Built
from scanner.trees import TreeInput
from scanner.trees.folders import FolderTree, is_repository
from scanner.trees.git import GitTree, first_commit, is_bare, remote_of
from scanner.trees.owners import authors_of, owners_of
from scanner.trees.reading import Files, Reader, read_tree


def look_at_tree(reader: Reader, source: TreeInput, now: datetime) -> Built:
    """Read a source tree. Raises SourceError if it cannot be read at all."""
    root = source.root.resolve()
    top = _top_of(root)
    below = root.relative_to(top).as_posix() if root != top else ""
    remote = remote_of(top)
    origin = remote or _origin_of_its_own(top)
    name = remote.rpartition("/")[2] or top.name or "tree"
    with _opened(reader, source, root) as tree:
        built, places = read_tree(reader, tree, origin, name, below)
        built.revision = tree.commit if isinstance(tree, GitTree) else ""
        inside = {one.folder: built.inside(one.folder) for one in built.applications}
        written_by = authors_of(top, inside.values(), now) if inside else {}
        for application in built.applications:
            folder = application.folder
            wrote = written_by[inside[folder]]
            application.owners = owners_of(tree, folder, places.get(folder), wrote)
        if tree.unlisted:
            built.notes = (
                f"{len(tree.unlisted)} folders cannot be looked into: {tree.unlisted[0]}",
            )
    return built


def look_at_listed(reader: Reader, tree: Files, origin: str, name: str) -> Built:
    """Read the files of a repository that an account listed. Who committed to it is not known."""
    built, places = read_tree(reader, tree, origin, name)
    for application in built.applications:
        folder = application.folder
        application.owners = owners_of(tree, folder, places.get(folder), ())
    return built


@contextmanager
def _opened(reader: Reader, source: TreeInput, root: Path) -> Iterator[FolderTree | GitTree]:
    if source.revision is None and not (is_bare(root) and not is_repository(root)):
        if not root.is_dir():
            raise SourceError(f"{source.path}: no such folder")
        yield FolderTree(root, lambda path: bool(reader.choice.of(path)), source.ignores)
        return
    tree = GitTree(root, source.revision or "HEAD")
    try:
        yield tree
    finally:
        tree.close()


def _top_of(folder: Path) -> Path:
    """Return the checkout that a folder lies in; the folder itself if it lies in none."""
    return next((one for one in (folder, *folder.parents) if is_repository(one)), folder)


def _origin_of_its_own(top: Path) -> str:
    """Return what a tree without a remote is known by: its first commit, else its name."""
    if (is_repository(top) or is_bare(top)) and (commit := first_commit(top)):
        return f"commit:{commit}"
    return f"folder:{top.name}"
