"""Documents opened again, each by a library that did not write it, and read for their text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from tests.reports.making import Made


class Page(HTMLParser):
    """What stands on a page: its text, its elements and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def text_of(made: Made) -> str:
    """Return everything that a document says."""
    match made.format:
        case "docx":
            return "\n".join(_of_word(made.content))
        case "xlsx":
            return "\n".join(str(cell.value) for cell in cells_of(made.content))
        case "html":
            return "\n".join(Page(made.content.decode()).words)
        case "csv":
            return "\n".join(one for row in rows_of(made.content) for one in row)
    return made.content.decode()


def _of_word(content: bytes) -> Iterator[str]:
    import docx
    from docx.oxml.ns import qn

    document = docx.Document(io.BytesIO(content))
    for section in document.sections:
        yield from (one.text for one in (*section.header.paragraphs, *section.footer.paragraphs))
    for paragraph in document.element.body.iter(qn("w:p")):
        yield "".join(one.text or "" for one in paragraph.iter(qn("w:t")))


def cells_of(content: bytes) -> Iterator[Any]:
    """Yield the cells of a workbook that hold something."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        yield from (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def data_of(content: bytes) -> Any:
    return json.loads(content)
