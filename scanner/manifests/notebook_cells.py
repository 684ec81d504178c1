"""The code cells of a Jupyter notebook as one Python program, and the commands among them.

IPython adds lines to Python that begin with ``%`` or ``!`` and end with ``?``. A cell is taken as
Python first, so that a text or a sum which holds such a line stays what it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import typed_json
from scanner.manifests.python_code import parse

_SOURCE_LINE = re.compile(r'^([ \t]*)"(?:source|input)"[ \t]*:[ \t]*(\[[ \t]*\r?$)?', re.M)
_COMMAND = re.compile(r"(\s*)(?:!{1,2}|%)\s*(.*)", re.DOTALL)
_ASSIGNED = re.compile(r"([\w., \t]+=\s*)[!%].*", re.DOTALL)
_ASKED = re.compile(r"\s*\?.*|\s*[\w.*%]+\?{1,2}\s*;?\s*")
# Magics of a whole cell whose text stays Python. https://ipython.readthedocs.io/en/stable/interactive/magics.html
_PYTHON_MAGICS = frozenset(
    {"time", "timeit", "capture", "prun", "python", "python3", "px", "debug"}
)
_SHELL_MAGICS = frozenset({"bash", "sh", "shell", "cmd", "script", "system", "sx", "!"})
_EXECUTABLE = re.compile(r"[\"']?\{sys\.executable\}[\"']?")


class _Cell(msgspec.Struct, gc=False):
    cell_type: str = ""
    source: str | list[str] | None = None
    input: str | list[str] | None = None  # nbformat 3
    language: str = ""

    @property
    def parts(self) -> list[str]:
        given = self.source if self.source is not None else self.input
        return [given] if isinstance(given, str) else given or []


class _Sheet(msgspec.Struct, gc=False):
    cells: list[_Cell] = []


class _Language(msgspec.Struct, gc=False):
    name: str | None = None
    language: str | None = None


class _Metadata(msgspec.Struct, gc=False):
    kernelspec: _Language | None = None
    language_info: _Language | None = None


class _Notebook(msgspec.Struct, gc=False):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None  # nbformat 3
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)

    @property
    def is_python(self) -> bool:
        """Whether its kernel runs Python; one that names none is older than other kernels."""
        info, kernel = self.metadata.language_info, self.metadata.kernelspec
        names = (info and info.name, kernel and kernel.language, kernel and kernel.name)
        name = next((one.lower() for one in names if one), "python")
        return "python" in name or name.startswith(("conda", "pyspark", "sage", "xpython"))


class Command(NamedTuple):
    """A line for the shell, or a magic that installs, without its ``!`` or ``%``."""

    text: str
    line: int


class Damage(NamedTuple):
    """A cell that is no Python, and why."""

    reason: str
    line: int


class Code(NamedTuple):
    """A cell's tree, its nodes numbered by the lines of the file."""

    tree: ast.Module


class _Begin(NamedTuple):
    """The line where a cell's text begins, and whether each of its lines follows on its own."""

    line: int
    is_list: bool


def cells(document: Document) -> Iterator[Code | Command | Damage]:
    """Yield the code cells of a Python notebook; nothing of one in another language.

    Lines are those of the file if it is written as Jupyter writes it, else 0. Raises Unreadable.
    """
    notebook = typed_json(document, _Notebook)
    sheets = [one.cells for one in notebook.worksheets or []]
    found = [one for sheet in sheets for one in sheet] if sheets else notebook.cells
    if found is None:
        raise Unreadable("not a notebook: no cells")
    if not notebook.is_python:
        return
    for cell, begin in zip(found, _begins(document, len(found)), strict=True):
        if cell.cell_type == "code" and cell.language in ("", "python"):
            yield from _read(cell.parts, begin)


def _begins(document: Document, count: int) -> list[_Begin]:
    """Return where the text of each cell begins in the file."""
    begins: list[_Begin] = []
    line, at, indent = 1, 0, None
    for one in _SOURCE_LINE.finditer(document.text):
        indent = one[1] if indent is None else indent
        if one[1] == indent:  # else it is deeper inside, such as in an output
            line += document.text.count("\n", at, one.start())
            at = one.start()
            begins.append(_Begin(line, one[2] is not None))
    return begins if len(begins) == count else [_Begin(0, False)] * count


def _read(parts: list[str], begin: _Begin) -> Iterator[Code | Command | Damage]:
    text, lines = "".join(parts), _lines(parts, begin)
    try:
        yield _code(text, lines)
        return
    except Unreadable:
        pass
    magic = re.match(r"\s*%%([\w!]+)(.*)", text)
    if magic and magic[1] in _SHELL_MAGICS:
        for number, one in _joined(text.split("\n")):
            if number:
                yield Command(one, _at(lines, number))
        return
    if magic and magic[1] not in _PYTHON_MAGICS:
        return  # HTML, SQL, another language, or a file to be written
    yield from _plain(text, lines)


def _plain(text: str, lines: list[int]) -> Iterator[Code | Command | Damage]:
    """Yield the commands among the lines of a cell, and the rest as Python."""
    kept = text.split("\n")
    for number, one in _joined(kept):
        command = _COMMAND.fullmatch(one)
        if command is None and not _ASKED.fullmatch(one) and not _ASSIGNED.fullmatch(one):
            continue
        assigned = None if command else _ASSIGNED.fullmatch(one)
        blank = command[1] if command else one[: len(one) - len(one.lstrip())]
        for gone in range(number, number + one.count("\n") + 1):
            kept[gone] = ""
        kept[number] = f"{assigned[1]}None" if assigned else f"{blank}pass"
        if command:
            yield Command(_EXECUTABLE.sub("python", command[2]), _at(lines, number))
    try:
        yield _code("\n".join(kept), lines)
    except Unreadable as error:
        yield Damage(str(error).partition(", line ")[0], _at(lines, 0))


def _code(text: str, lines: list[int]) -> Code:
    tree = parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.expr | ast.alias):
            node.lineno = _at(lines, node.lineno - 1)
    return Code(tree)


def _joined(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield lines and their numbers from 0; one that ends with a backslash with those after it."""
    at = 0
    while at < len(lines):
        end = at
        while lines[end].endswith("\\") and end + 1 < len(lines):
            end += 1
        yield at, "\n".join(lines[at : end + 1])
        at = end + 1


def _lines(parts: list[str], begin: _Begin) -> list[int]:
    """Return the line in the file of each line of a cell."""
    lines: list[int] = []
    at = begin.line
    for number, part in enumerate(parts, 1):
        at = begin.line + number if begin.is_list else begin.line
        lines += [at] * part.count("\n")
    return [*lines, at]


def _at(lines: list[int], number: int) -> int:
    return lines[number] if number < len(lines) else 0
