"""Papers as Word documents: in our template, and in those that people make."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from reports.paper import Paper, Said, Section, say
from reports.texts import Texts
from reports.writers import docx as writer
from reports.writers.word_styles import NAMES
from scanner.errors import UsageError
from tests.reports.papers import EVERYTHING, paper, table
from tests.running import ROOT

Template = Callable[..., Path]


def opened(written: Paper, template: Path | None = None) -> Any:
    texts = Texts(written.head.language)
    return docx.Document(io.BytesIO(writer.write(written, texts, template)))


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """Makes a template of these paragraphs."""

    def make(*paragraphs: str) -> Path:
        document = docx.Document()
        for one in paragraphs:
            document.add_paragraph(one)
        document.save(str(tmp_path / "mine.docx"))
        return tmp_path / "mine.docx"

    return make


def test_it_says_the_whole_paper_in_order() -> None:
    document = opened(EVERYTHING)
    assert [(one.style.name, one.text) for one in document.paragraphs if one.text] == [
        ("Title", "A small paper"),
        ("Normal", "Harbour & Pine, 1 Dec 2026."),
        ("Subtitle", "Of one page"),
        ("Heading 1", "Words"),
        ("Normal", "Two of three. See the table."),
        ("Notice", "Nobody has decided."),
        ("List Bullet", "first"),
        ("List Bullet", "second"),
        ("Normal", "Use: March 3, April 0"),
        ("Heading 2", "Systems"),
        ("Heading 1", "What this cannot see"),
        ("Normal", "No source has devices."),
        ("Heading 1", "About this document"),
    ]
    assert [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables] == [
        [["Since", "1 Mar 2026"], ["Share", "25%"], ["Known", "yes"]],
        [["people", "1,234"]],
        [
            ["System", "People", "State"],
            ["ChatGPT", "1,234", ""],
            ["Claude", "2", "approved"],
            ["rising", "0", "a\nb"],
        ],
        [["Organisation", "Harbour & Pine"], ["Scans", "1"]],
    ]


def test_each_page_tells_whose_it_is_and_its_number() -> None:
    (section,) = opened(EVERYTHING).sections
    assert section.header.paragraphs[0].text == "Harbour & Pine · A small paper"
    fields = [one.text for one in section.footer._element.iter(qn("w:instrText"))]
    assert fields == [" PAGE ", " NUMPAGES "]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_the_headings_of_a_table_are_repeated_and_it_has_a_name() -> None:
    made = opened(EVERYTHING).tables[2]._tbl
    rows = made.findall(qn("w:tr"))
    assert [bool(list(one.iter(qn("w:tblHeader")))) for one in rows] == [True, False, False, False]
    (caption,) = made.iter(qn("w:tblCaption"))
    assert caption.get(qn("w:val")) == "Systems"


def test_links_lead_to_places_and_to_sources_alone() -> None:
    document = opened(
        paper(
            Section("s", "S", (table(("ChatGPT", 1, ""), ids=("chatgpt",)),)),
            Section(
                "t",
                "T",
                (
                    say(Said("row", opens="#chatgpt")),
                    say(Said("source", opens="https://example.org/?a=1&b=2")),
                    say(Said("script", opens="javascript:alert(1)")),
                    say(Said("nowhere", opens="#nowhere")),
                ),
            ),
        )
    )
    links = list(document.element.body.iter(qn("w:hyperlink")))
    marks = {one.get(qn("w:name")) for one in document.element.body.iter(qn("w:bookmarkStart"))}
    assert links[0].get(qn("w:anchor")) in marks
    assert document.part.rels[links[1].get(qn("r:id"))].target_ref == "https://example.org/?a=1&b=2"
    assert len(links) == 2


def test_a_document_says_in_what_language_it_is_and_of_when() -> None:
    document = opened(paper(language="fr"))
    spoken = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert spoken == {"fr-FR"}
    about = document.core_properties
    assert (about.title, about.author) == ("A small paper", "Harbour & Pine")
    assert about.created.isoformat() == "2026-12-01T09:30:00+00:00"


def test_every_part_is_of_the_same_time() -> None:
    content = writer.write(EVERYTHING, Texts("en"))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {one.date_time for one in parts.infolist()} == {(2026, 12, 1, 9, 30, 0)}
        assert not any("thumbnail" in one for one in parts.namelist())


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{% raw %}", "</w:t></w:r>", "&amp;", "\x00\x1b\u202e", "{_{7*7}_}", "]]>"]
)
def test_what_is_filled_in_is_neither_a_place_nor_markup(text: str, template: Template) -> None:
    shown = {"\x00\x1b\u202e": "\\x00\\x1b\\u202e", "{_{7*7}_}": "{{7*7}}"}.get(text, text)
    written = paper(Section("s", text, (table((text, 1, text)),)), title=text, subtitle=text)
    for mine in (None, template("{{ title }}", "{{p body }}", "{{ data.rows[1].name }}")):
        document = opened(written, mine)
        assert [one.text for one in document.paragraphs].count(shown) >= 2
        assert document.tables[0].rows[1].cells[0].text == shown
    assert document.paragraphs[-1].text == "{{7*7}} <b>"


def test_a_template_of_ones_own_gives_the_form(tmp_path: Path) -> None:
    mine = docx.Document()
    mine.styles["Heading 1"].font.name = "Courier New"
    mine.add_paragraph("{{ title }} for {{ head.organisation }}, {{ head.made_at }}")
    rows = mine.add_table(3, 2).rows
    rows[0].cells[0].text = "{%tr for one in data.rows %}"
    rows[1].cells[0].text, rows[1].cells[1].text = "{{ one.name }}", "{{ one.people }}"
    rows[2].cells[0].text = "{%tr endfor %}"
    mine.add_paragraph("{{p sections.blind }}")
    mine.add_paragraph("{{p facts }}")
    mine.save(str(tmp_path / "mine.docx"))

    document = opened(EVERYTHING, tmp_path / "mine.docx")
    assert [one.text for one in document.paragraphs if one.text] == [
        "A small paper for Harbour & Pine, 1 Dec 2026 09:30 UTC",
        "What this cannot see",
        "No source has devices.",
    ]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["ChatGPT", "7"],
        ["{{7*7}} <b>", "1"],
    ]
    assert document.styles["Heading 1"].font.name == "Courier New"
    assert document.tables[1].style.name == "Paper Facts"


def test_a_template_without_a_list_of_its_own_gets_bullets(tmp_path: Path) -> None:
    mine = docx.Document()
    for name in ("List Bullet", "Heading 2"):
        mine.styles[name].delete()
    mine.add_paragraph("{{p body }}")
    mine.save(str(tmp_path / "mine.docx"))
    document = opened(EVERYTHING, tmp_path / "mine.docx")
    texts = {one.text: one.style.name for one in document.paragraphs}
    assert texts["•\tfirst"] == "List Bullet"
    assert texts["Systems"] == "Heading 2"


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        (
            "{{ nothing.here }}",
            "a place in this template cannot be filled in: 'nothing' is undefined",
        ),
        ("{{p sections.more }}", "cannot be filled in: nothing here is named 'more'"),
        ("{{ title", "a place in this template cannot be filled in: unexpected"),
        ("{% for one in data.rows %}", "cannot be filled in: Unexpected end of template"),
        ("{{ title.__class__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ 1 // 0 }}", "cannot be filled in: integer division"),
        ("see: {{ body }}", "whole sections stand within a line of this template"),
        ("{{ title }}", "this template leaves out what the evidence cannot show"),
    ],
)
def test_a_template_that_cannot_be_used_is_told_in_a_sentence(
    paragraph: str, said: str, template: Template
) -> None:
    with pytest.raises(UsageError, match=re.escape(said)) as told:
        opened(EVERYTHING, template(paragraph))
    assert "\n" not in str(told.value)
    assert str(told.value).startswith(str(template(paragraph)))


def test_what_is_no_word_document_is_told(tmp_path: Path) -> None:
    for name, content in (("a.docx", b"hello"), ("b.docx", b"PK\x05\x06" + bytes(18))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UsageError, match="not a Word document"):
            opened(EVERYTHING, tmp_path / name)
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        opened(EVERYTHING, tmp_path / "c.docx")


def test_our_template_is_what_its_script_makes() -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("paper_docx", ROOT / "reports" / "templates" / "paper_docx.py")
    assert spec
    assert spec.loader
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    with (
        zipfile.ZipFile(ROOT / "reports" / "templates" / "paper.docx") as kept,
        zipfile.ZipFile(io.BytesIO(script.made())) as made,
    ):
        # What it says of itself is written anew in each document, and not compared.
        names = [one for one in kept.namelist() if not one.startswith("docProps/")]
        assert {one: kept.read(one) for one in names} == {one: made.read(one) for one in names}


def test_the_documentation_lists_the_places_that_there_are(template: Template) -> None:
    page = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    listed = re.findall(r"`(\{\{p? [\w.]+ \}\})`", page)
    roots = {re.split(r"[ .]", one)[1] for one in listed} | {"data"}
    places = writer._places(_nobody(), EVERYTHING, Texts("en"))
    assert roots == set(places)
    assert opened(EVERYTHING, template(*dict.fromkeys(listed)))
    for name in NAMES:
        assert re.sub(r"heading \d", "Heading", name) in page


def _nobody() -> Any:
    """Return what pours nothing."""
    from unittest.mock import Mock

    return Mock()
