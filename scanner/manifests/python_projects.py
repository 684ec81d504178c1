"""What a pyproject.toml declares, in the tables of the standards and of each tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scanner.manifests import Document, Group, Unreadable
from scanner.manifests.parsing import toml_of
from scanner.manifests.python_packages import (
    group_named,
    group_told,
    pypi,
    strongest,
    wanted,
)

_IS_LOCAL = ("path", "workspace")


class Declared(NamedTuple):
    """A declared package; ``words`` lead to its line."""

    purl: str
    version: str
    group: Group
    words: tuple[str, ...]


class Damaged(NamedTuple):
    """A part that could not be understood."""

    reason: str
    words: tuple[str, ...]


class Listed(NamedTuple):
    """A file of requirements that a build reads instead."""

    path: str
    group: Group
    words: tuple[str, ...]


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
    project = table_at(table, "project")
    yield from _list(project, "dependencies", Group.RUNTIME, "[project]")
    yield from _lists(project, "optional-dependencies", Group.OPTIONAL, "project")
    yield from _dependency_groups(table)
    yield from _list(table_at(table, "build-system"), "requires", Group.BUILD, "[build-system]")
    tool = table_at(table, "tool")
    yield from _poetry(table_at(tool, "poetry"))
    yield from _lists(table_at(tool, "pdm"), "dev-dependencies", Group.DEV, "tool.pdm")
    for name in ("uv", "rye"):
        yield from _list(table_at(tool, name), "dev-dependencies", Group.DEV, f"[tool.{name}]")
    for name in table_at(tool, "hatch", "envs"):
        env = table_at(tool, "hatch", "envs", name)
        group = Group.DEV if name == "default" else group_named(name, Group.DEV)
        for key in ("dependencies", "extra-dependencies"):
            yield from _list(env, key, group, f"[tool.hatch.envs.{name}]")
    yield from _setuptools(table_at(tool, "setuptools", "dynamic"))


def _lists(table: dict[str, Any], key: str, otherwise: Group, under: str) -> Iterator[Said]:
    """Yield what a table of lists declares; the name of each tells its group, if it tells one."""
    lists = table.get(key, {})
    if not isinstance(lists, dict):
        yield Damaged(f"{key} is no table", (f"[{under}]", key))
        return
    header = f"[{under}.{key}]" if under else f"[{key}]"
    for name in lists:
        yield from _list(lists, name, group_named(name, otherwise), header)


def _list(table: dict[str, Any], key: str, group: Group, header: str) -> Iterator[Said]:
    items = table.get(key, [])
    if not isinstance(items, list):
        yield Damaged(f"{key} is no list", (header, key))
        return
    for item in items:
        yield from _requirement(item, group, (header, key))


def _requirement(item: Any, group: Group, words: tuple[str, ...]) -> Iterator[Said]:
    if not isinstance(item, str):
        yield Damaged("not a requirement", words)
        return
    words = (*words, item)
    try:
        found = wanted(item.removeprefix("-e "))
    except Unreadable as error:
        yield Damaged(str(error), words)
        return
    if found:
        yield Declared(found.purl, found.version, group, words)


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
        header = ("[dependency-groups]", name)
        if not isinstance(items, list):
            yield Damaged(f"{name} is no list", header)
            continue
        for item in items:
            included = item.get("include-group") if isinstance(item, dict) else None
            if isinstance(included, str):
                includers.setdefault(included, []).append(name)
                if included not in groups:
                    yield Damaged("includes a group that is not there", header)
    for name, items in groups.items():
        group = _group_included(name, includers)
        for item in items if isinstance(items, list) else ():
            if not (isinstance(item, dict) and "include-group" in item):
                yield from _requirement(item, group, ("[dependency-groups]", name))


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
    runtime = ("[tool.poetry.dependencies]",)
    yield from named_tables(poetry.get("dependencies", {}), Group.RUNTIME, runtime)
    legacy = ("[tool.poetry.dev-dependencies]",)
    yield from named_tables(poetry.get("dev-dependencies", {}), Group.DEV, legacy)
    for name in table_at(poetry, "group"):
        dependencies = table_at(poetry, "group", name).get("dependencies", {})
        words = (f"[tool.poetry.group.{name}.dependencies]",)
        yield from named_tables(dependencies, group_named(name, Group.OPTIONAL), words)


def named_tables(tables: Any, group: Group, words: tuple[str, ...]) -> Iterator[Said]:
    """Yield what a table declares whose keys are packages, as Poetry and Pipenv write it."""
    if not isinstance(tables, dict):
        parent, _, key = words[0].strip("[]").rpartition(".")
        yield Damaged("dependencies are no table", (f"[{parent}]", key))
        return
    for name, wish in tables.items():
        if name.lower() == "python":
            continue
        try:
            yield from _named(name, wish, group, (*words, name))
        except Unreadable as error:
            yield Damaged(str(error), (*words, name))


def _named(name: str, wish: Any, group: Group, words: tuple[str, ...]) -> Iterator[Declared]:
    """Yield one package; several wishes are for different systems, the first one counts."""
    first = wish[0] if isinstance(wish, list) and wish else wish
    if isinstance(first, str):
        yield Declared(pypi(name), first, group, words)
    elif isinstance(first, dict):
        place = first.get("path") or first.get("file")
        if place and not str(place).endswith((".whl", ".gz", ".zip")):
            return  # a folder of the same tree
        versions = (first.get(key) for key in ("version", "tag", "rev", "ref", "branch"))
        version = next((one for one in versions if isinstance(one, str)), "")
        group = Group.OPTIONAL if first.get("optional") is True else group
        yield Declared(pypi(name), version, group, words)
    else:
        raise Unreadable("a package without a version")


def _setuptools(dynamic: dict[str, Any]) -> Iterator[Listed]:
    header = "[tool.setuptools.dynamic]"
    for path in _files(dynamic.get("dependencies")):
        yield Listed(path, Group.RUNTIME, (header, "dependencies", path))
    for name, value in table_at(dynamic, "optional-dependencies").items():
        group = group_named(name, Group.OPTIONAL)
        for path in _files(value):
            yield Listed(path, group, (header, "optional-dependencies", name, path))


def _files(value: Any) -> Iterator[str]:
    files = value.get("file") if isinstance(value, dict) else None
    for file in files if isinstance(files, list) else [files]:
        if isinstance(file, str):
            yield file
