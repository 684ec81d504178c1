"""setup.py: the program that builds a Python package, read without running it.

    REQUIRES = ["openai>=1.30", "langchain"]
    setup(name="claims-triage", install_requires=REQUIRES)

Found is what the program writes out, by names given in the same file too. What it computes, or
reads from another file, is said to be unknown.
Reference: https://setuptools.pypa.io/en/latest/references/keywords.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Project,
    Trouble,
    Unreadable,
)
from scanner.manifests.python_code import parse
from scanner.manifests.python_packages import group_of_extra, person, wanted
from scanner.manifests.setup_values import Computed, Text, Value, Values
from scanner.model import Identifier

_REQUIRES = {
    "install_requires": Group.RUNTIME,
    "setup_requires": Group.BUILD,
    "tests_require": Group.TEST,
}


def read(document: Document) -> Iterator[Found]:
    """Yield the package that a setup.py describes, and what it writes out of its dependencies."""
    tree = parse(document.text)
    try:
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node)]
        if not calls:
            raise Unreadable("a program that calls no setup()")
        values = Values(tree)
        found = [one for call in calls for one in _call(call, values)]
    except RecursionError as error:
        raise Unreadable("expressions that are nested too deep") from error
    yield from dict.fromkeys(found)


def _is_setup(node: ast.Call) -> bool:
    match node.func:
        case ast.Name(id="setup") | ast.Attribute(attr="setup"):
            return True
    return False


def _call(call: ast.Call, values: Values) -> Iterator[Found]:
    arguments: dict[str, Value] = {}
    for keyword in call.keywords:
        value = values.of(keyword.value)
        if keyword.arg:
            arguments[keyword.arg] = value
        elif isinstance(value, dict):
            arguments.update(value)
        else:
            yield Trouble("arguments of setup() are computed", call.lineno)
    yield from _project(arguments, call.lineno)
    for key, group in _REQUIRES.items():
        yield from _requirements(key, arguments.get(key, []), group)
    yield from _extras(arguments.get("extras_require", {}))


def _extras(extras: Value) -> Iterator[Found]:
    if isinstance(extras, dict):
        for name, value in extras.items():
            # ":python_version < '3.8'" is no extra but a condition.
            name = name.partition(":")[0]  # noqa: PLW2901
            group = group_of_extra(name) if name else Group.RUNTIME
            yield from _requirements("extras_require", value, group)
    elif isinstance(extras, Computed):
        yield Trouble("extras_require is computed", extras.line)


def _requirements(key: str, value: Value, group: Group) -> Iterator[Found]:
    match value:
        case Computed(line):
            yield Trouble(f"{key} is computed", line)
        case Text(text, line):
            for number, one in enumerate(text.split("\n")):
                yield from _requirement(Text(one.partition("#")[0].strip(), line + number), group)
        case list():
            for item in value:
                if isinstance(item, Text):
                    yield from _requirement(item, group)
                elif isinstance(item, Computed):
                    yield Trouble(f"{key} is computed in part", item.line)


def _requirement(text: Text, group: Group) -> Iterator[Found]:
    if not text.value.strip():
        return
    try:
        one = wanted(text.value)
    except Unreadable as error:
        yield Trouble(str(error), text.line)
        return
    if one:
        yield Mention(
            Identifier.PACKAGE, one.purl, text.line, one.version, group=group, is_direct=True
        )


def _project(arguments: dict[str, Value], line: int) -> Iterator[Project]:
    def told(key: str) -> str:
        value = arguments.get(key)
        return value.value if isinstance(value, Text) else ""

    if not told("name"):
        return
    name = arguments["name"]
    people = (person(told(who), told(f"{who}_email")) for who in ("author", "maintainer"))
    points = arguments.get("entry_points")
    yield Project(
        told("name"),
        told("version"),
        told("description"),
        tuple(dict.fromkeys(one for one in people if one)),
        is_deployable=bool(arguments.get("scripts"))
        or (isinstance(points, dict) and any(key.endswith("_scripts") for key in points)),
        line=name.line if isinstance(name, Text) else line,
    )


MANIFEST = Manifest(
    name="setup-py",
    title="setuptools' setup.py",
    files=("setup.py",),
    read=read,
    holds=(b"setup(", b"setup ("),  # packages have modules of that name too
    reference="https://setuptools.pypa.io/en/latest/references/keywords.html",
    samples={
        "setup.py": b"""\
from setuptools import find_packages, setup

REQUIRES = [
    "openai>=1.30",
    "langchain~=0.2",
]
EXTRAS = {"gpu": ["torch>=2"]}
EXTRAS["test"] = ["pytest"]

setup(
    name="claims-triage",
    version="1.4.0",
    author="Ana Lima",
    packages=find_packages(),
    install_requires=REQUIRES + ["httpx"],
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["triage = triage.cli:main"]},
)
"""
    },
)
