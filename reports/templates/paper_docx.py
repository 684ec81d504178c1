"""Makes paper.docx, the Word template that papers are poured into: ``python reports/templates/paper_docx.py``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

ROOT = Path(__file__).resolve().parents[2]
PLACE = Path(__file__).with_name("paper.docx")
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
FACE = "Arial"  # where it is missing, LibreOffice takes Liberation Sans, which is as wide
INK, SOFT = RGBColor(0x1A, 0x1C, 0x1F), RGBColor(0x55, 0x5C, 0x66)
GOOD, BAD = RGBColor(0x14, 0x53, 0x2D), RGBColor(0x8A, 0x1F, 0x08)
LINE = "C4C9D0"
# Size, space before and after, in points. Sections 1 to 10 of a scope fill no more than two pages.
_HEADINGS = {1: (11.5, 9, 3), 2: (10, 7, 2), 3: (9.5, 6, 2), 4: (9, 6, 2)}


def made() -> bytes:
    """Return the template."""
    document: Any = Document()
    _page(document.sections[0])
    _texts(document.styles)
    _tables(document.styles)
    _words(document)
    package = document.part.package
    package.rels.pop(next(key for key, one in package.rels.items() if "thumbnail" in one.reltype))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin, section.bottom_margin = Mm(17), Mm(16)
    section.header_distance = section.footer_distance = Mm(8)


def _texts(styles: Any) -> None:
    _look(styles["Normal"], 9, INK, 0, 4)
    styles["Normal"].paragraph_format.line_spacing = 1.08
    _look(styles["Title"], 17, INK, 0, 2, bold=True)
    _look(styles["Subtitle"], 10, INK, 2, 6)
    for level, (size, before, after) in _HEADINGS.items():
        _look(styles[f"Heading {level}"], size, INK, before, after, bold=True)
        styles[f"Heading {level}"].paragraph_format.keep_with_next = True
    _look(styles["List Bullet"], 9, INK, 0, 2)
    _look(styles["Header"], 8, SOFT, 0, 0)
    _look(styles["Footer"], 8, SOFT, 0, 0)
    _look(styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH), 8, None, 0, 0)
    styles["Table Text"].base_style = styles["Normal"]
    styles["Table Text"].paragraph_format.line_spacing = 1.0
    notice = styles.add_style("Notice", WD_STYLE_TYPE.PARAGRAPH)
    notice.base_style = styles["Normal"]
    _look(notice, 9, INK, 4, 6, bold=True)
    notice.element.get_or_add_pPr().append(_borders("left", 24, "8A1F08"))
    notice.paragraph_format.left_indent = Mm(2)
    for name, colour in (("Soft", SOFT), ("Good", GOOD), ("Bad", BAD)):
        style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb, style.font.bold = colour, True if name == "Bad" else None
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, RGBColor(0x1F, 0x4E, 0x8C)


def _look(
    style: Any,
    size: float,
    colour: RGBColor | None,
    before: float,
    after: float,
    bold: bool = False,
) -> None:
    style.font.name, style.font.size, style.font.bold = FACE, Pt(size), bold
    style.font.italic = False
    if colour is not None:
        style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().rFonts
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FACE)
    for one in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(one)
    paragraph = style.element.get_or_add_pPr()
    for one in paragraph.findall(qn("w:pBdr")):
        paragraph.remove(one)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _borders(side: str, eighths: int, colour: str) -> Any:
    return parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{eighths}" w:space="6" '
        f'w:color="{colour}"/></w:pBdr>'
    )


def _tables(styles: Any) -> None:
    for name, edges in (("Paper Table", True), ("Paper Facts", False)):
        styles.element.append(parse_xml(_table_style(name, has_heading=edges)))


def _table_style(name: str, has_heading: bool) -> str:
    heading = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
        '<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="555C66"/></w:tcBorders>'
        '<w:shd w:val="clear" w:color="auto" w:fill="F0F2F4"/></w:tcPr></w:tblStylePr>'
    )
    return (
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" '
        f'w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/><w:tblPr><w:tblBorders>'
        f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
        '<w:bottom w:w="28" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"{heading if has_heading else ''}</w:style>"
    )


def _words(document: Any) -> None:
    document.add_paragraph("{{ title }}", style="Title")
    _soft(document.add_paragraph("{{ head.in_short }}"))
    document.add_paragraph("{%p if subtitle %}")
    document.add_paragraph("{{ subtitle }}", style="Subtitle")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{p body }}")
    document.add_paragraph("{{ about }}", style="Heading 1")
    document.add_paragraph("{{p facts }}")
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ head.organisation }} · {{ title }}"
    _numbered(section.footer.paragraphs[0])
    for name in ("title", "author", "comments", "last_modified_by"):
        setattr(document.core_properties, name, "")
    document.core_properties.created = document.core_properties.modified = MADE_AT


def _soft(paragraph: Paragraph) -> None:
    paragraph.runs[0].style = "Soft"


def _numbered(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for one in _fields():
        paragraph.add_run()._r.append(parse_xml(one))


def _fields() -> Iterator[str]:
    """Yield the number of the page, a stroke, and that of the last one."""
    space = nsdecls("w")
    for name in ("PAGE", "", "NUMPAGES"):
        if not name:
            yield f'<w:t {space} xml:space="preserve"> / </w:t>'
            continue
        yield f'<w:fldChar {space} w:fldCharType="begin"/>'
        yield f'<w:instrText {space} xml:space="preserve"> {name} </w:instrText>'
        yield f'<w:fldChar {space} w:fldCharType="separate"/>'
        yield f"<w:t {space}>1</w:t>"
        yield f'<w:fldChar {space} w:fldCharType="end"/>'


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from reports.writers.zips import packed_at

    PLACE.write_bytes(packed_at(made(), MADE_AT))
