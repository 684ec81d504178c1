"""Cells of workbooks: text that stays text, numbers and days that sort, links that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from reports.paper import Cell, Column, Said, Share, Tone, Trend
from reports.texts import Texts
from reports.writers import address_of, in_words, with_source

_LONGEST = 32_767  # characters of a cell, as Excel counts them (UTF-16)
_LONGEST_ADDRESS = 600  # escaped, Excel takes 2,079 characters
_MOST_LINKS = 50_000  # of a sheet; Excel takes 65,530
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LINE, _MOST_LINES = 13, 20  # the height of a line of text, and how many are shown at once
_EXACT = 10**15  # larger numbers lose digits
# Days as each language writes them, whatever the reader's own settings are.
_LOCALES = {"en": "[$-809]", "fr": "[$-40C]"}
_COLOURS = {Tone.SOFT: "#555C66", Tone.GOOD: "#14532D", Tone.BAD: "#8A1F08"}
_TO_FILL = "#FFF7D6"


class Place(NamedTuple):
    """Where a row is: its sheet, and its line as people count them."""

    sheet: str
    line: int


class Look(NamedTuple):
    """The formats of one kind of column."""

    text: Any
    quoted: Any  # text that a program would take for a formula if it were typed
    number: Any
    decimal: Any
    share: Any
    day: Any
    minute: Any
    link: Any
    tones: Mapping[Tone, Any]


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, language: str) -> None:
        self._book, self._locale = book, _LOCALES[language]
        self.title = self._words({"bold": True, "font_size": 16})
        self.section = self._words({"bold": True, "font_size": 12, "top": 1})
        self.notice = self._words({"bold": True, "font_color": "#8A1F08"})
        self.words = self._words({})
        self.plain = self._look({})
        self.to_fill = self._look({"bg_color": _TO_FILL, "border": 1, "border_color": "#D9D2B0"})
        self.soft = self._only({"font_color": "#555C66"})
        self.heading = self._only({"bold": True, "bottom": 1, "bg_color": "#F0F2F4"})
        self.heading_to_fill = self._only({"bold": True, "bottom": 1, "bg_color": _TO_FILL})

    def of(self, column: Column) -> Look:
        return self.to_fill if column.is_to_fill else self.plain

    def heading_of(self, column: Column) -> Look:
        return self.heading_to_fill if column.is_to_fill else self.heading

    def _only(self, more: Mapping[str, Any]) -> Look:
        words = self._words(more)
        return self.plain._replace(text=words, quoted=words)

    def _words(self, more: Mapping[str, Any]) -> Any:
        return self._format({**more, "quote_prefix": True})

    def _look(self, more: Mapping[str, Any]) -> Look:
        day, right = f"{self._locale}d mmm yyyy", {"align": "right", "indent": 1}
        return Look(
            text=self._format(more),
            quoted=self._format({**more, "quote_prefix": True}),
            number=self._format({**more, **right, "num_format": "#,##0"}),
            decimal=self._format({**more, **right, "num_format": "#,##0.00"}),
            share=self._format({**more, **right, "num_format": "0%"}),
            day=self._format({**more, "num_format": day, "align": "left"}),
            minute=self._format({**more, "num_format": f'{day} hh:mm "UTC"', "align": "left"}),
            link=self._format({**more, "font_color": "#1F4E8C", "underline": 1}),
            tones={
                tone: self._format({**more, "font_color": colour, "bold": tone is Tone.BAD})
                for tone, colour in _COLOURS.items()
            },
        )

    def _format(self, more: Mapping[str, Any]) -> Any:
        return self._book.add_format({"text_wrap": True, "valign": "top", **more})


def write_cell(
    sheet: Any,
    row: int,
    at: int,
    cell: Cell,
    look: Look,
    texts: Texts,
    places: Mapping[str, Place],
) -> None:
    """Write a cell: text as text, whatever it begins with, and numbers and days as what they are."""
    if type(cell) is str and cell:
        write_text(sheet, row, at, in_words(cell, texts), look)
        return
    match cell:
        case None | "":
            sheet.write_blank(row, at, None, look.text)
        case Share():
            sheet.write_number(row, at, cell.value, look.share)
        case bool() | Trend():
            write_text(sheet, row, at, in_words(cell, texts), look)
        case int() if abs(cell) < _EXACT:
            sheet.write_number(row, at, cell, look.number)
        case float() if abs(cell) < _EXACT:
            sheet.write_number(row, at, cell, look.decimal)
        case date() if cell.year >= 1900:
            _write_day(sheet, row, at, cell, look)
        case Said():
            _write_said(sheet, row, at, cell, look, texts, places)
        case _:
            write_text(sheet, row, at, with_source(cell, texts), look)


def set_height(
    sheet: Any, row: int, cells: Sequence[Cell], widths: Sequence[int], texts: Texts
) -> None:
    """Make a line as high as its text, of which not every program takes care."""
    lines = 1
    for cell, width in zip(cells, widths, strict=False):
        # Most cells are short texts, and of a large inventory there are half a million.
        size = len(cell) if type(cell) is str else len(in_words(cell, texts))
        if size > width:
            lines = max(lines, -(-size // max(width, 1)))
    if lines > 1:
        sheet.set_row(row, min(lines, _MOST_LINES) * _LINE + 2)


def write_text(sheet: Any, row: int, at: int, text: str, look: Look) -> None:
    """Write text that stays text, also if somebody edits it; no more of it than a cell holds."""
    is_like_a_formula = text.startswith(_FORMULA_STARTS)
    sheet.write_string(row, at, cut(text), look.quoted if is_like_a_formula else look.text)


def cut(text: str) -> str:
    """Return what a cell can hold of a text; a cut shows."""
    if len(text) * 2 <= _LONGEST:
        return text
    coded = text.encode("utf-16-le")
    if len(coded) <= 2 * _LONGEST:
        return text
    return coded[: 2 * (_LONGEST - 2)].decode("utf-16-le", "ignore") + " …"


def _write_day(sheet: Any, row: int, at: int, day: date, look: Look) -> None:
    if isinstance(day, datetime):
        utc = day.astimezone(UTC).replace(tzinfo=None)
        sheet.write_datetime(row, at, utc, look.minute)
    else:
        sheet.write_datetime(row, at, day, look.day)


def _write_said(
    sheet: Any,
    row: int,
    at: int,
    said: Said,
    look: Look,
    texts: Texts,
    places: Mapping[str, Place],
) -> None:
    text = cut(in_words(said, texts))
    target = _target(said, places)
    may_link = text and len(text) < 255 and sheet.hlink_count < _MOST_LINKS
    if target and may_link:
        sheet.write_url(row, at, target, look.link, text)
    elif said.tone in look.tones and not text.startswith(_FORMULA_STARTS):
        sheet.write_string(row, at, text, look.tones[said.tone])
    else:
        write_text(sheet, row, at, with_source(said, texts), look)


def _target(said: Said, places: Mapping[str, Place]) -> str:
    if address := address_of(said):
        return address if len(address) < _LONGEST_ADDRESS else ""
    place = places.get(said.opens.removeprefix("#"))
    if place is None or not said.opens.startswith("#"):
        return ""
    sheet = place.sheet.replace("'", "''")
    return f"internal:'{sheet}'!A{place.line}"
