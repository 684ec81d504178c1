"""What is poured into a Word template: a paper's sections and its head, as paragraphs and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from reports.html import environment
from reports.paper import Cell, Figures, Head, Paper, Said, Section, Table, Tone
from reports.texts import Texts
from reports.writers import address_of, in_a_line, in_words, parts_of
from reports.writers.column_widths import Wish, fitted, wishes

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_LONGEST_WHOLE = 900  # characters of a row that is not broken over pages
# Twentieths of a point: of a character of a table, of one of a word that is not broken, around them.
_CELL, _WORD, _EDGES = 86, 98, 130
_TONES = {Tone.SOFT: "Soft", Tone.GOOD: "Good", Tone.BAD: "Bad"}


class Mark(NamedTuple):
    """A place in a document that links lead to."""

    number: int
    name: str


class Markup:
    """Paragraphs and tables, made when the template asks for them."""

    def __init__(
        self, body: Body, sections: tuple[Section, ...], rows: tuple[tuple[str, Cell], ...] = ()
    ) -> None:
        self._parts = body, sections, rows

    def __html__(self) -> str:
        body, sections, rows = self._parts
        return body.markup(sections, rows)

    __str__ = __html__


class Body:
    """Turns sections into the markup of one document, in its styles."""

    def __init__(
        self,
        word: DocxTemplate,
        paper: Paper,
        texts: Texts,
        styles: Mapping[str, str],
        bullet: str,
    ) -> None:
        self.has_blind_spots = False
        self._word, self._texts = word, texts
        self._width = _width(word)
        self._marks = {one: f"place{at}" for at, one in enumerate(_ids(paper), 1)}
        self._placed: set[str] = set()
        self._template = environment().get_template("paper.xml")
        self._words = {
            "parts": parts_of,
            "words": lambda cell: in_words(cell, texts),
            "kind": lambda block: type(block).__name__.lower(),
            "style": styles.__getitem__,
            "bullet": bullet,
            "tone_of": lambda cell: _TONES.get(cell.tone, "") if isinstance(cell, Said) else "",
            "soft": lambda text: Said(text, Tone.SOFT),
            "link": self._link,
            "bookmark": self._bookmark,
            "shared": self._shared,
            "widths": self._widths,
            "stays_whole": self._stays_whole,
            "numbered": _numbered,
            "in_a_line": lambda chart: in_a_line(chart, texts),
        }

    def whole(self, paper: Paper) -> Markup:
        """Return every section."""
        return Markup(self, paper.sections)

    def sections(self, paper: Paper) -> dict[str, Markup]:
        """Return the sections by their ids, in which a dash may be written as an underscore."""
        made = {one.id: Markup(self, (one,)) for one in paper.sections}
        return {**{name.replace("-", "_"): one for name, one in made.items()}, **made}

    def facts(self, head: Head) -> Markup:
        """Return what the paper rests on."""
        return Markup(self, (), head.as_rows)

    def markup(self, sections: tuple[Section, ...], rows: tuple[tuple[str, Cell], ...]) -> str:
        self.has_blind_spots |= any(one.id == "blind" for one in sections)
        return self._template.render(self._words, sections=sections, rows=rows)

    def _link(self, cell: Cell) -> Any:
        """Return what makes a run a link: to a place here, or to an address that is a source."""
        from markupsafe import Markup as Safe

        if address := address_of(cell):
            return Safe('r:id="{}"').format(self._word.build_url_id(address))
        target = cell.opens[1:] if isinstance(cell, Said) else ""
        return Safe('w:anchor="{}"').format(self._marks[target]) if target in self._marks else ""

    def _bookmark(self, id: str) -> Mark | None:  # noqa: A002
        """Return the mark of a place that is reached for the first time."""
        name = self._marks.get(id)
        if name is None or name in self._placed:
            return None
        self._placed.add(name)
        return Mark(len(self._placed), name)

    def _shared(self, widths: list[int]) -> list[int]:
        """Return the page's width, in twentieths of a point, shared out in these parts."""
        return [self._width * one // sum(widths) for one in widths]

    def _widths(self, table: Table) -> list[int]:
        """Return how wide the columns of a table are, in twentieths of a point."""
        wanted = (
            Wish(max(_CELL * one.wanted, _WORD * one.least) + _EDGES, _WORD * one.least + _EDGES)
            for one in wishes(table, self._texts)
        )
        return fitted(list(wanted), self._width)

    def _stays_whole(self, row: tuple[Cell, ...]) -> bool:
        return sum(len(in_words(one, self._texts)) for one in row) < _LONGEST_WHOLE


def _ids(paper: Paper) -> list[str]:
    """Return every id that links may lead to."""
    rows = [one for table in paper.tables() for one in table.ids]
    return list(dict.fromkeys([*(one.id for one in paper.sections if one.title), *rows]))


def _width(word: DocxTemplate) -> int:
    """Return how wide the text of a page is, in twentieths of a point."""
    page: Any = word.get_docx().sections[-1]
    room = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    return max(int(room / 635), 4000)


def _numbered(figures: Figures) -> tuple[tuple[str, Cell], ...]:
    return tuple((one.label, one.value) for one in figures.items)
