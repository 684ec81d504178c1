"""Locks and catalogs that the applications of one repository share: whose the packages in them are.

A workspace has one lock at its top, a build one catalog of versions, and a package stands there
because an application below asked for it. What the top did not ask for itself is taken for theirs.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from scanner.model import Component, Group, Identifier, Tie

Components = Mapping[str, Sequence[Component]]
Members = Mapping[str, Sequence[str]]  # of the workspace in a folder: globs relative to it


def shared_out(found: Components, members: Members) -> dict[str, list[Component]]:
    """Return the components of each application, by its folder, with those that it shares.

    Applications that have none are left out. Where it is said which folders are ``members`` of a
    workspace, no other shares what lies at its top.
    """
    asked = _Asked(found)
    given: dict[str, list[Component]] = {}
    for folder, components in found.items():
        for one in components:
            shared = asked.owners(folder, one, members.get(folder, ())) if _is_shared(one) else []
            for whose, component in shared or [(folder, one)]:
                given.setdefault(whose, []).append(component)
    return given


class _Asked:
    """What each application asks for by name, and what it has locked itself."""

    def __init__(self, found: Components) -> None:
        self._groups: defaultdict[str, dict[str, Group]] = defaultdict(dict)  # by the package
        self._locked: set[tuple[str, str]] = set()
        for folder, components in found.items():
            for one in components:
                if one.tie is Tie.LOCKED:
                    self._locked.add((folder, one.value))
                elif one.tie is Tie.DECLARED and one.is_direct:
                    known = self._groups[one.value].get(folder, one.group)
                    self._groups[one.value][folder] = min(known, one.group, key=_RANKS.index)

    def owners(
        self, folder: str, one: Component, members: Sequence[str]
    ) -> list[tuple[str, Component]]:
        """Return the applications below that asked for a package, each with it; none if the top did."""
        wanted = one.via[0] if one.via else one.value
        groups = self._groups.get(wanted, {})
        return [
            (inner, one._replace(group=groups[inner]) if one.group is Group.RUNTIME else one)
            for inner in _below(folder, () if folder in groups else groups, members)
            if one.tie is not Tie.LOCKED or (inner, wanted) not in self._locked
        ]


_RANKS = tuple(Group)  # from what runs on


def _is_shared(one: Component) -> bool:
    """Whether a file only says which version there is of what others ask for."""
    is_offered = one.tie is Tie.DECLARED and one.is_direct is None
    return one.channel is Identifier.PACKAGE and (one.tie is Tie.LOCKED or is_offered)


def _below(folder: str, found: Iterable[str], members: Sequence[str]) -> Iterator[str]:
    for inner in sorted(found):
        inside = inner.removeprefix(f"{folder}/" if folder else "")
        if inner == folder or (folder and inside == inner):
            continue
        if not members or any(fnmatchcase(inside, posixpath.normpath(one)) for one in members):
            yield inner
