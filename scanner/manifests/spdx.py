"""SPDX bills of materials of every version and form: what their packages and relations come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scanner.manifests import Found, Group, Project, Trouble, Unreadable
from scanner.manifests.boms import entry_of
from scanner.manifests.dependency_graph import Entry, mentions

# Relations by their names without underscores, as versions 2 and 3 share them: what a dependency
# of that relation is for. In the first the other element is the dependency, in the second the one.
_NEEDS = {
    "DEPENDSON": Group.RUNTIME,
    "HASOPTIONALDEPENDENCY": Group.OPTIONAL,
    "HASPROVIDEDDEPENDENCY": Group.RUNTIME,
    "USESTOOL": Group.BUILD,
}
_NEEDED_BY = {
    "DEPENDENCYOF": Group.RUNTIME,
    "RUNTIMEDEPENDENCYOF": Group.RUNTIME,
    "PROVIDEDDEPENDENCYOF": Group.RUNTIME,
    "OPTIONALDEPENDENCYOF": Group.OPTIONAL,
    "BUILDDEPENDENCYOF": Group.BUILD,
    "BUILDTOOLOF": Group.BUILD,
    "DEVDEPENDENCYOF": Group.DEV,
    "DEVTOOLOF": Group.DEV,
    "TESTDEPENDENCYOF": Group.TEST,
    "TESTTOOLOF": Group.TEST,
}
_SCOPES = {"development": Group.DEV, "test": Group.TEST, "build": Group.BUILD}


class Package(NamedTuple):
    id: str
    name: str
    version: str
    purl: str
    line: int
    is_model: bool = False
    is_data: bool = False
    is_deployable: bool = False


class Relation(NamedTuple):
    one: str
    kind: str
    other: str
    scope: str = ""


@dataclass(slots=True)
class Bill:
    packages: list[Package] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    described: list[str] = field(default_factory=list)  # what the bill is of


def found_in(bill: Bill) -> Iterator[Found]:
    root = _root(bill)
    if root and not root.is_model:
        version = "" if root.version == "NOASSERTION" else root.version
        yield Project(root.name, version, is_deployable=root.is_deployable, line=root.line)
    entries: dict[str, Entry] = {}
    for package in bill.packages:
        if package.id in entries or (package is root and not root.is_model):
            continue
        try:
            entries[package.id] = entry_of(
                package.purl,
                package.name,
                "" if package.version == "NOASSERTION" else package.version,
                package.line,
                package.is_model,
                package.is_data,
            )
        except Unreadable as error:
            yield Trouble(str(error), package.line)
    yield from mentions(entries, _relate(bill, entries, root.id if root else ""))


def _root(bill: Bill) -> Package | None:
    """Return the one package that the bill is of; None where it names several, or none."""
    wanted = set(bill.described)
    for one, kind, other, _ in bill.relations:
        if (name := _bare(kind)) == "DESCRIBES":
            wanted.add(other)
        elif name == "DESCRIBEDBY":
            wanted.add(one)
    found = [package for package in bill.packages if package.id in wanted]
    return found[0] if len(found) == 1 else None


def _relate(bill: Bill, entries: dict[str, Entry], root: str) -> dict[str, Group] | None:
    """Give the entries their needs, and return the direct ones; None if nothing tells them."""
    groups: dict[str, Group] = {}
    needs: defaultdict[str, list[str]] = defaultdict(list)
    for relation in bill.relations:
        for parent, child, group in _edges(relation, entries, root):
            needs[parent].append(child)
            if groups.get(child) is not Group.RUNTIME:
                groups[child] = group
    for key, entry in entries.items():
        entry.needs = needs.get(key, [])
    direct = {key: groups[key] for key in needs.get(root, ()) if key in entries}
    if direct:
        return direct
    for key, group in groups.items():
        if key in entries and group is not Group.RUNTIME:
            entries[key].group = group
    return None


def _edges(
    relation: Relation, entries: dict[str, Entry], root: str
) -> Iterator[tuple[str, str, Group]]:
    one, kind, other, scope = relation
    name = _bare(kind)
    if name in _NEEDS:
        yield one, other, _SCOPES.get(scope, _NEEDS[name])
    elif name in _NEEDED_BY:
        yield other, one, _NEEDED_BY[name]
    elif name == "CONTAINS":
        # Tools put all packages of an image below its root. What is below a file that has no
        # name as a package, such as a lock, is wanted there.
        inner = entries.get(other)
        outer = entries.get(one)
        if (inner and not inner.value) or (one != root and outer and not outer.value):
            yield one, other, Group.RUNTIME


def _bare(kind: str) -> str:
    return kind.replace("_", "").upper()
