"""Files that people download where no access is to be had: what one is, and how it is opened.

A kind of download is one file here with one constant, ``DOWNLOAD``. Its ``recognises`` looks at
the beginning of a file, and is strict: a log must never be taken for a download. Its ``read``
yields the same records that a connector's pages do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from io import SEEK_END, StringIO
from pathlib import Path

from integrations.columns import Columns
from integrations.documents import Listed, items_of
from integrations.fields import Item
from integrations.tables import Sheet, Table, find, sheets_of_text
from integrations.texts import decoded, encoding_of
from integrations.workbooks import is_workbook, sheets_of_workbook
from scanner.errors import SourceError
from scanner.model import Record

_HEAD = 64 * 1024
_TAIL = 4096
_MOST_KNOWN = 50_000
# The names of lists in answers of admin APIs; see the downloads that read them.
LISTS = frozenset({"value", "items", "results", "rows", "users", "computers"})
_MARK = re.compile(r'"(@odata\.context|kind)"\s*:\s*"([^"]{1,500})"')


class Beginning:
    """The first 64 KiB of a file, as whatever they can be seen as."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.head = file.read(_HEAD)
        self.path = path
        self.encoding = encoding_of(self.head)
        self.sheet = ""  # of a workbook, if it is one of several

    @cached_property
    def text(self) -> str:
        """The beginning as text, without a last line that may be cut."""
        text = decoded(self.head, self.encoding)
        if len(self.head) < _HEAD:
            return text
        whole, line_end, _ = text.rpartition("\n")
        return whole + line_end or text

    @property
    def is_json(self) -> bool:
        """Whether it begins as a JSON document may."""
        return self.text.lstrip(" \t\r\n\ufeff")[:1] in ("{", "[")

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The ways to see the file as a table. Raises SourceError for a workbook that is damaged."""
        if is_workbook(self.path, self.head):
            return sheets_of_workbook(self.path)
        if self.is_json or self.head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
            return []
        return sheets_of_text(self.path, self.text, self.encoding)

    def parts(self) -> list[Beginning]:
        """Return the sheets of a workbook, each as a file of its own; of another file the whole."""
        if len(self.sheets) < 2 or not self.sheets[0].name:
            return [self]
        return [self._part(sheet) for sheet in self.sheets]

    def _part(self, sheet: Sheet) -> Beginning:
        part = copy(self)
        part.sheet, part.sheets = sheet.name, [sheet]
        return part

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """What stands beside the list of a JSON answer and says what it is: its context, its kind."""
        beside = self.text.partition("[")[0]
        if not self.is_json or beside.count("{") != 1:
            return {}
        return dict(_MARK.findall(beside))

    @cached_property
    def ends(self) -> str:
        """Both ends of the file, where an answer says that it goes on."""
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, SEEK_END) - _TAIL))
            return self.text[:_TAIL] + decoded(file.read(), self.encoding)

    @cached_property
    def first(self) -> tuple[Mapping[str, object], Item]:
        """The first item of a JSON document, and what stands beside its list; both may be empty."""
        if self.is_json:
            try:
                beside, item = next(items_of(StringIO(decoded(self.head, self.encoding)), LISTS))
            except (ValueError, StopIteration):
                return {}, Item({})
            return beside, Item(item)
        return {}, Item({})


class Opened:
    """A file that is being read.

    ``bad`` counts what was not understood, by field; rows as (row). ``ignored`` counts rows that
    were understood and show nothing, by why.
    """

    def __init__(self, beginning: Beginning) -> None:
        self.beginning = beginning
        self.bad: Counter[str] = Counter()
        self.ignored: Counter[str] = Counter()
        self.unread: tuple[str, ...] = ()  # other sheets of the workbook, which nobody knows

    def rows(self, *kinds: Columns) -> Iterator[Item]:
        """Yield the rows of the table with the first of these columns that are there.

        Raises SourceError if none are.
        """
        for columns in kinds:
            if found := find(columns, self.beginning.sheets):
                yield from Table(found, columns, self.bad)
                return
        raise SourceError("no line of it names the columns that make it such a download")

    def items(self) -> Iterator[tuple[Mapping[str, object], Item]]:
        """Yield the items of a JSON document, each with what stands beside its list."""
        for beside, value in self.values():
            yield beside, Item(value, self.bad)

    def values(self) -> Iterator[Listed]:
        """Yield the same as they are; a place that is no JSON ends them, and is counted."""
        encoding = self.beginning.encoding
        errors = "strict" if encoding == "utf-8-sig" else "replace"
        with self.beginning.path.open(encoding=encoding, errors=errors) as file:
            listed = items_of(file, LISTS)
            while (one := self._next(listed)) is not None:
                yield one

    def _next(self, listed: Iterator[Listed]) -> Listed | None:
        try:
            return next(listed, None)
        except ValueError:
            self.bad["(document)"] += 1
            return None


def _nothing(_: Opened) -> str:
    return ""


def _never(_: Opened) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Download:
    """A kind of file that people download.

    ``system`` is whose it is: entra, google, okta; "generic" if it is told by what its columns
    mean and not by a vendor's own names, and gives way to one that is. ``samples`` are short files
    by their names, which the convention tests read. ``verified_by`` says where its shape was seen.
    ``missing`` says what a file tells that it does not hold, in one sentence; "" if nothing.
    ``goes_on`` whether it is a page of an answer that others follow.
    """

    name: str
    title: str
    system: str
    reference: str
    recognises: Callable[[Beginning], bool]
    read: Callable[[Opened], Iterator[Record]]
    samples: Mapping[str, bytes]
    verified_by: str
    missing: Callable[[Opened], str] = _nothing
    goes_on: Callable[[Opened], bool] = _never

    @property
    def is_generic(self) -> bool:
        return self.system == "generic"


def table_is(*kinds: Columns) -> Callable[[Beginning], bool]:
    """Return what recognises tables by their columns."""

    def recognises(beginning: Beginning) -> bool:
        return any(find(columns, beginning.sheets) is not None for columns in kinds)

    return recognises


@dataclass(slots=True)
class Once:
    """Keeps records from being said again and again; it forgets, so its memory stays small."""

    _known: set[Record] = field(default_factory=set)

    def new(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records that were not yielded a while ago."""
        for one in records:
            if one not in self._known:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known.add(one)
                yield one
