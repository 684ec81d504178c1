"""Source trees: one input each, large ones read by several processes."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from scanner.accounts import ListedTree
from scanner.courses import REJECTED_SHARE, Course, Desk, guarded
from scanner.model import SOURCE_TREE, Built, SourceState, SourceStatus
from scanner.reading.tasks import look_at, read_files_of
from scanner.store import NewSource
from scanner.trees import TreeInput

if TYPE_CHECKING:
    from scanner.trees.tasks import Survey

# What stands for the revision of a tree of which an account listed a part.
_LISTED = "as listed"


def course(desk: Desk, source: TreeInput, position: int) -> Course:
    """Return the way of a source tree."""
    return guarded(desk, source.name, _read_tree(desk, source, position), position)


def course_of_listed(desk: Desk, tree: ListedTree, name: str, position: int) -> Course:
    """Return the way of a repository of which an account gave some files."""
    return guarded(desk, name, _read_listed_tree(desk, tree, name, position), position)


def _read_tree(desk: Desk, source: TreeInput, position: int) -> Course:
    future = desk.workers.submit(look_at, source, desk.workers.jobs)
    yield [future]
    looked = future.result()
    built = looked if isinstance(looked, Built) else (yield from _joined_tree(desk, looked))
    yield []  # its turn comes when all before it are stored
    return _stored_tree(desk, source.name, source.revision or "", built, position)


def _joined_tree(desk: Desk, survey: Survey) -> Generator[list[Future[Any]], None, Built]:
    """Read a large source tree in its parts."""
    from scanner.trees.tasks import Joining, finish_tree

    reader, now = desk.tools.trees, desk.tools.now
    assert reader is not None, "there are source trees to read"  # noqa: S101
    parts = survey.parts(desk.workers.jobs)
    futures = [desk.workers.submit(read_files_of, part) for part in parts]
    with Joining(reader, survey, now) as joining:
        for future in futures:
            yield [future]
            joining.add(future.result())
        return finish_tree(joining, survey)


def _read_listed_tree(desk: Desk, tree: ListedTree, name: str, position: int) -> Course:
    from scanner.trees.tasks import look_at_listed

    reader = desk.tools.trees
    assert reader is not None, "accounts may have source trees"  # noqa: S101
    built = look_at_listed(reader, tree, tree.origin, tree.name)
    built.notes = tree.notes
    yield []  # its turn comes when all before it are stored
    return _stored_tree(desk, name, _LISTED, built, position)


def _stored_tree(desk: Desk, name: str, revision: str, built: Built, position: int) -> SourceStatus:
    from scanner.trees.verdicts import is_built, is_shipped

    status = _status_of_tree(name, built)
    fingerprint = _fingerprint_of_tree(revision, built)
    replaces = tuple(desk.store.sources_like(fingerprint, b""))
    new = NewSource(
        fingerprint=fingerprint,
        length=built.bytes,
        digest=built.digest,
        size=built.bytes,
        reading=desk.stamp,
        name=name,
        format=SOURCE_TREE,
        marks=b"",
        beginning=b"",
        replaces=replaces,
        alike=replaces,
    )
    desk.store.write_tree(desk.scan, position, status, new, built, (is_built, is_shipped))
    return status


def _fingerprint_of_tree(revision: str, built: Built) -> str:
    """Return what a tree is known by: where it comes from, and which part of it was read."""
    named = f"tree\0{built.origin}\0{built.below}\0{revision}"
    return hashlib.blake2b(named.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _status_of_tree(name: str, built: Built) -> SourceStatus:
    """Return what became of a tree: its "lines" are its files."""
    state = SourceState.COMPLETE if built.files else SourceState.EMPTY
    reason = None if built.files else "no file of a kind that names what is built"
    if built.rejected > REJECTED_SHARE * built.files:
        state = SourceState.PARTIAL
        reason = f"{built.rejected} of {built.files} files were not understood"
    return SourceStatus(
        name=name,
        state=state,
        format=SOURCE_TREE,
        reason=reason,
        read=built.files,
        rejected=built.rejected,
        rejects=tuple(built.rejects),
        bytes_read=built.bytes,
        notes=built.notes,
    )
