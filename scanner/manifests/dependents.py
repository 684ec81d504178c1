"""What pulls in a package, and for what: lockfiles and bills of materials tell it alike.

A reader makes one ``Entry`` of each package and names the direct ones; ``mentions`` walks from
those to all others, once and breadth first, so that every chain is a shortest one. Packages that
run are reached first, so that a package which both runs and is tested with is one that runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scanner.manifests import Group, Mention, Tie
from scanner.model import Identifier

_GROUPS = (
    Group.RUNTIME,
    Group.OPTIONAL,
    Group.BUILD,
    Group.DEV,
    Group.TEST,
    Group.EXAMPLE,
    Group.NOTEBOOK,
)
# Longer chains exist only in files made to be costly; what is beyond is left out of them.
_LONGEST_CHAIN = 40


@dataclass(slots=True)
class Entry:
    """One package of a lock, and what it needs, by what these are called there.

    One without a value is passed over, and stands for what it needs.
    """

    value: str
    version: str = ""
    line: int = 0
    needs: list[str] = field(default_factory=list)
    group: Group | None = None  # None: that of the direct dependencies that need it
    channel: Identifier = Identifier.PACKAGE
    tie: Tie = Tie.LOCKED


def mentions(entries: Mapping[str, Entry], direct: Mapping[str, Group] | None) -> Iterator[Mention]:
    """Yield a mention of each entry that has a value; ``direct`` is None where nothing tells it."""
    routes = {} if direct is None else _routes(entries, direct)
    for key, entry in entries.items():
        if not entry.value:
            continue
        group, via = routes.get(key, (Group.RUNTIME, None))
        yield Mention(
            entry.channel,
            entry.value,
            entry.line,
            entry.version,
            entry.tie,
            entry.group or group,
            None if direct is None else via == (),
            via or (),
        )


_Route = tuple[Group, tuple[str, ...]]


def _routes(entries: Mapping[str, Entry], direct: Mapping[str, Group]) -> dict[str, _Route]:
    found: dict[str, _Route] = {}
    for group in _GROUPS:
        wanted = [key for key, own in direct.items() if own is group]
        reached = _reached(entries, wanted, found)
        _spread(entries, [key for key in direct if key in reached], group, found)
    return found


def _reached(
    entries: Mapping[str, Entry], begin: Iterable[str], known: Mapping[str, _Route]
) -> set[str]:
    """Return what some entries need in the end, themselves with it; not what is known."""
    left = [key for key in begin if key in entries and key not in known]
    reached = set(left)
    while left:
        for key in entries[left.pop()].needs:
            if key in entries and key not in reached and key not in known:
                reached.add(key)
                left.append(key)
    return reached


def _spread(
    entries: Mapping[str, Entry], begin: Iterable[str], group: Group, found: dict[str, _Route]
) -> None:
    """Add the chain to everything that direct ones of a group need."""
    level = [key for key in begin if key not in found]
    found.update((key, (group, ())) for key in level)
    while level:
        following: list[str] = []
        for parent in level:
            via = _longer(found[parent][1], entries[parent])
            for key in entries[parent].needs:
                if key in entries and key not in found:
                    found[key] = (group, via)
                    following.append(key)
        level = following


def _longer(via: tuple[str, ...], entry: Entry) -> tuple[str, ...]:
    is_link = entry.value and entry.channel is Identifier.PACKAGE
    return (*via, entry.value) if is_link and len(via) < _LONGEST_CHAIN else via
