"""What a pyproject.toml declares, in the tables of the standards and of each tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.manifests import Document, Group, Unreadable
from scanner.manifests.dependency_graph import strongest
from scanner.manifests.parsing import toml_of
from scanner.manifests.python_packages import (
    group_named,
    group_of_extra,
    group_told,
    pypi,
    wanted,
)

_IS_LOCAL = ("path", "workspace")


class Declared(NamedTuple):
    """A declared package; ``path`` leads to its line."""

    purl: str
    version: str
    group: Group
    path: tuple[str, ...]


class Damaged(NamedTuple):
    """A part that could not be understood."""

    reason: str
    path: tuple[str, ...]


class Listed(NamedTuple):
    """A file of requirements that a build reads instead."""

    file: str
    group: Group
    path: tuple[str, ...]


Said = Declared | Damaged | Listed


def declared(table: dict[str, Any]) -> Iterator[Said]:
    """Yield what a pyproject.toml declares, and what in it is no declaration.

    The project itself, which its extras may name, and packages of the same tree are left out.
    """
    own = own_packages(table)
    for one in _all(table):
        if not isinstance(one, Declared) or one.purl not in own:
            yield one


def direct(document: Document | None) -> list[tuple[str, Group]] | None:
    """Return the packages that a pyproject.toml declares with their groups; None if it tells none."""
    if document is None:
        return None
    try:
        said = list(declared(toml_of(document)))
    except Unreadable:
        return None
    found = [(one.purl, one.group) for one in said if isinstance(one, Declared)]
    return [pair for pair in found if pair[1] is not Group.BUILD] or None


def table_at(table: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return a table within tables; an empty one if there is none."""
    found: Any = table
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def own_packages(table: dict[str, Any]) -> set[str]:
    """Return the purls of the project itself and of those that ``tool.uv.sources`` finds in the tree."""
    tables = (table_at(table, "project"), table_at(table, "tool", "poetry"))
    names: list[Any] = [one.get("name") for one in tables]
    for name, source in table_at(table, "tool", "uv", "sources").items():
        if isinstance(source, dict) and any(source.get(key) for key in _IS_LOCAL):
            names.append(name)
    found = set()
    for name in names:
        try:
            found.add(pypi(name if isinstance(name, str) else ""))
        except Unreadable:
            continue
    return found


def _all(table: dict[str, Any]) -> Iterator[Said]:
    yield from _list(table, Group.RUNTIME, "project", "dependencies")
    yield from _lists(table, Group.OPTIONAL, "project", "optional-dependencies")
    yield from _dependency_groups(table)
    yield from _list(table, Group.BUILD, "build-system", "requires")
    yield from _poetry(table_at(table, "tool", "poetry"))
    yield from _lists(table, Group.DEV, "tool", "pdm", "dev-dependencies")
    for name in ("uv", "rye"):
        yield from _list(table, Group.DEV, "tool", name, "dev-dependencies")
    for name in table_at(table, "tool", "hatch", "envs"):
        group = Group.DEV if name == "default" else group_named(name, Group.DEV)
        for key in ("dependencies", "extra-dependencies"):
            yield from _list(table, group, "tool", "hatch", "envs", name, key)
    yield from _setuptools(table_at(table, "tool", "setuptools", "dynamic"))


def _lists(table: dict[str, Any], otherwise: Group, *path: str) -> Iterator[Said]:
    """Yield what a table of lists declares; the name of each tells its group, if it tells one."""
    lists = table_at(table, *path[:-1]).get(path[-1], {})
    if not isinstance(lists, dict):
        yield Damaged(f"{path[-1]} is no table", path)
        return
    for name in lists:
        is_extra = otherwise is Group.OPTIONAL
        group = group_of_extra(name) if is_extra else group_named(name, otherwise)
        yield from _list(table, group, *path, name)


def _list(table: dict[str, Any], group: Group, *path: str) -> Iterator[Said]:
    items = table_at(table, *path[:-1]).get(path[-1], [])
    if not isinstance(items, list):
        yield Damaged(f"{path[-1]} is no list", path)
        return
    for item in items:
        yield from _requirement(item, group, path)


def _requirement(item: Any, group: Group, path: tuple[str, ...]) -> Iterator[Said]:
    if not isinstance(item, str):
        yield Damaged("not a requirement", path)
        return
    path = (*path, item)
    try:
        found = wanted(item.removeprefix("-e "))
    except Unreadable as error:
        yield Damaged(str(error), path)
        return
    if found:
        yield Declared(found.purl, found.version, group, path)


def _dependency_groups(table: dict[str, Any]) -> Iterator[Said]:
    """Yield what the groups of PEP 735 declare, each requirement where it is written.

    A group whose name tells nothing is for what the groups are that include it.
    """
    groups = table.get("dependency-groups", {})
    if not isinstance(groups, dict):
        yield Damaged("dependency-groups is no table", ("dependency-groups",))
        return
    includers: dict[str, list[str]] = {}
    for name, items in groups.items():
        path = ("dependency-groups", name)
        if not isinstance(items, list):
            yield Damaged(f"{name} is no list", path)
            continue
        for item in items:
            included = item.get("include-group") if isinstance(item, dict) else None
            if isinstance(included, str):
                includers.setdefault(included, []).append(name)
                if included not in groups:
                    yield Damaged("includes a group that is not there", path)
    for name, items in groups.items():
        group = _group_included(name, includers)
        for item in items if isinstance(items, list) else ():
            if not (isinstance(item, dict) and "include-group" in item):
                yield from _requirement(item, group, ("dependency-groups", name))


def _group_included(name: str, includers: dict[str, list[str]]) -> Group:
    names, seen = [name], {name}
    told: list[Group] = []
    for one in names:
        group = group_told(one)
        if group:
            told.append(group)
            if one == name:
                break
            continue
        fresh = [other for other in includers.get(one, ()) if other not in seen]
        seen.update(fresh)
        names += fresh
    return strongest(told) if told else Group.OPTIONAL


def _poetry(poetry: dict[str, Any]) -> Iterator[Said]:
    runtime = ("tool", "poetry", "dependencies")
    yield from named_tables(poetry.get("dependencies", {}), Group.RUNTIME, runtime)
    legacy = ("tool", "poetry", "dev-dependencies")
    yield from named_tables(poetry.get("dev-dependencies", {}), Group.DEV, legacy)
    for name in table_at(poetry, "group"):
        dependencies = table_at(poetry, "group", name).get("dependencies", {})
        path = ("tool", "poetry", "group", name, "dependencies")
        yield from named_tables(dependencies, group_named(name, Group.OPTIONAL), path)


def named_tables(tables: Any, group: Group, path: tuple[str, ...]) -> Iterator[Said]:
    """Yield what a table declares whose keys are packages, as Poetry and Pipenv write it."""
    if not isinstance(tables, dict):
        yield Damaged("dependencies are no table", path)
        return
    for name, wish in tables.items():
        if name.lower() == "python":
            continue
        try:
            yield from _named(name, wish, group, (*path, name))
        except Unreadable as error:
            yield Damaged(str(error), (*path, name))


def _named(name: str, wish: Any, group: Group, path: tuple[str, ...]) -> Iterator[Declared]:
    """Yield one package; several wishes are for different systems, the first one counts."""
    first = wish[0] if isinstance(wish, list) and wish else wish
    if isinstance(first, str):
        yield Declared(pypi(name), first, group, path)
    elif isinstance(first, dict):
        place = first.get("path") or first.get("file")
        if place and not str(place).endswith((".whl", ".gz", ".zip")):
            return  # a folder of the same tree
        versions = (first.get(key) for key in ("version", "tag", "rev", "ref", "branch"))
        version = next((one for one in versions if isinstance(one, str)), "")
        group = Group.OPTIONAL if first.get("optional") is True else group
        yield Declared(pypi(name), version, group, path)
    else:
        raise Unreadable("a package without a version")


def _setuptools(dynamic: dict[str, Any]) -> Iterator[Listed]:
    above = ("tool", "setuptools", "dynamic")
    for file in _files(dynamic.get("dependencies")):
        yield Listed(file, Group.RUNTIME, (*above, "dependencies", file))
    for name, value in table_at(dynamic, "optional-dependencies").items():
        group = group_named(name, Group.OPTIONAL)
        for file in _files(value):
            yield Listed(file, group, (*above, "optional-dependencies", name, file))


def _files(value: Any) -> Iterator[str]:
    files = value.get("file") if isinstance(value, dict) else None
    for file in files if isinstance(files, list) else [files]:
        if isinstance(file, str):
            yield file
