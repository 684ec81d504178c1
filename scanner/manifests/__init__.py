"""Files of source trees: what a kind of them is, and what its reader finds.

A kind is one file in ``kinds/`` with one constant, ``MANIFEST``: a manifest, a lockfile, a
container recipe, a program. Its ``read`` gets one ``Document`` and yields what the file names
(``Mention``), what it says about the application itself (``Project``), and what in it could not
be understood (``Trouble``). It judges nothing: which mention is AI, and which application it
belongs to, is decided elsewhere. It executes nothing, opens nothing but its document and those
beside it, and raises ``Unreadable`` for a file that is not of its kind after all.
"""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from scanner.model import Group as Group
from scanner.model import Identifier
from scanner.model import Tie as Tie

# No manifest that people write comes near; larger ones are said to be unread.
MOST_BYTES = 64 * 1024 * 1024
_WORD = re.compile(r"[\w.@/-]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Unreadable(Exception):  # noqa: N818 - it says what the file is, as SourceError's kin do
    """Why a file cannot be read for what its name promises."""


class Mention(NamedTuple):
    """One thing that a file names, and how.

    ``value`` is spelled as signatures spell the channel: a package as a purl without its version
    (``purls.purl``), a module as it is imported (``google.generativeai``), an image with its
    registry, an action as ``owner/name``, a host folded, ``host_path`` as ``host/path``, a
    variable's name and never its value, a model as its maker names it.
    """

    channel: Identifier
    value: str
    line: int  # from 1; 0 where a file has no lines
    version: str = ""  # one version, or the range as it is written
    tie: Tie = Tie.DECLARED
    group: Group = Group.RUNTIME
    is_direct: bool | None = None  # None: the file does not tell
    via: tuple[str, ...] = ()  # the purls that pull it in, from a direct dependency on


class Project(NamedTuple):
    """What a file says about the application, library or service that it belongs to."""

    name: str
    version: str = ""
    description: str = ""
    people: tuple[str, ...] = ()  # authors and maintainers, as written
    members: tuple[str, ...] = ()  # workspace members: globs relative to the file's folder
    is_deployable: bool = False  # it runs as it is: a container, a service, a command
    line: int = 1


class Trouble(NamedTuple):
    """A part of a file that could not be understood, and why."""

    reason: str
    line: int = 0


Found = Mention | Project | Trouble


class Tree(Protocol):
    """The files of a source tree by their paths in it, with ``/`` between folders."""

    def read(self, path: str, most: int = -1) -> bytes | None:
        """Return a file's content, or its first ``most`` bytes; None if it is no regular file."""


@dataclass(frozen=True)
class Document:
    """One file of a source tree. ``path`` is relative to the tree's root."""

    path: str
    data: bytes
    tree: Tree | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        return posixpath.basename(self.path)

    @property
    def folder(self) -> str:
        """The folder it lies in; "" for the root."""
        return posixpath.dirname(self.path)

    @cached_property
    def text(self) -> str:
        """The content as text: UTF-8 or, with its mark, UTF-16; what is neither is replaced."""
        for mark, encoding in _MARKS:
            if self.data.startswith(mark):
                return self.data.decode(encoding, "replace")
        return self.data.decode("utf-8", "replace")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return [line.removesuffix("\r") for line in self.text.split("\n")]

    def line_of(self, text: str, after: int = 1) -> int:
        """Return the first line, from line ``after`` on, that holds a text as a word; 0 if none does.

        For formats whose parsers tell no lines.
        """
        for number, line in enumerate(self.lines[max(after, 1) - 1 :], max(after, 1)):
            at = line.find(text)
            while at >= 0:
                before, behind = line[at - 1 : at], line[at + len(text) : at + len(text) + 1]
                if not _WORD.match(before) and not _WORD.match(behind):
                    return number
                at = line.find(text, at + 1)
        return 0

    def beside(self, path: str) -> Document | None:
        """Return the file at a path relative to this one; None if there is none in the tree."""
        joined = posixpath.normpath(posixpath.join(self.folder, path.replace("\\", "/")))
        if self.tree is None or joined.startswith(("../", "/")) or joined in ("..", "."):
            return None
        data = self.tree.read(joined)
        return None if data is None else Document(joined, data, self.tree)

    def above(self, name: str) -> Document | None:
        """Return the nearest file of that name in this folder or in one above it."""
        folder = "."
        for _ in range(self.path.count("/") + 1):
            if found := self.beside(f"{folder}/{name}"):
                return found
            folder = f"{folder}/.."
        return None


Read = Callable[[Document], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A kind of file in source trees.

    ``files`` are globs for the name of a file (``requirements*.txt``) or, with a slash, for the
    end of its path (``.github/workflows/*.yml``); they are compared without regard to case.
    ``holds`` are texts of which a file must hold one to be worth reading, for kinds that are many
    in every tree (programs, YAML): b"" of none. ``samples`` are short real files by their paths,
    each of which mentions something; every convention test runs on them.
    """

    name: str
    title: str
    files: tuple[str, ...]
    read: Read
    reference: str
    samples: Mapping[str, bytes]
    holds: tuple[bytes, ...] = ()
    is_screened: bool = False  # many in every tree: read only if it holds a name that is wanted
    head: int = 0  # of how many first bytes it is read; 0: all
    most: int = MOST_BYTES
