"""Papers as pages, Markdown, CSV and JSON; the workbooks and Word documents have files of their own."""

from __future__ import annotations

import json

from reports.paper import Said, Section, say
from reports.texts import Texts
from reports.writers import csv, html, md
from reports.writers import json as json_writer
from reports.writers.column_widths import Wish, fitted, wishes
from tests.reports.opened import Page
from tests.reports.papers import EVERYTHING, paper, table

TEXTS = Texts("en")


def test_markdown_says_the_paper() -> None:
    assert md.write(EVERYTHING, TEXTS).splitlines() == [
        "# A small paper",
        "",
        "Harbour \\& Pine, 1 Dec 2026.",
        "",
        "**Of one page**",
        "",
        "## Words",
        "",
        "Two of three. See the table.",
        "",
        "> **Nobody has decided.**",
        "",
        "- first",
        "- second",
        "",
        "- **Since**: 1 Mar 2026",
        "- **Share**: 25%",
        "- **Known**: yes",
        "",
        "- **1,234** people",
        "",
        "Use: March 3, April 0",
        "",
        "### Systems",
        "",
        "| System | People | State |",
        "| --- | ---: | --- |",
        "| ChatGPT | 1,234 |  |",
        "| [Claude](<https://example.org/a?b=c&d>) | 2 | approved |",
        "| rising | 0 | a; b |",
        "",
        "## What this cannot see",
        "",
        "No source has devices.",
        "",
        "## About this document",
        "",
        "- **Organisation**: Harbour \\& Pine",
        "- **Scans**: 1",
    ]


def test_markdown_links_to_sources_alone_and_no_address_ends_its_link() -> None:
    cells = (
        Said("[x](y)", opens="https://e.example/a>b<c\\d e|f"),
        Said("script", opens="javascript:alert(1)"),
    )
    text = md.write(paper(Section("s", "S", (say(*cells),))), TEXTS)
    assert r"[\[x\]\(y\)](<https://e.example/a%3Eb%3Cc%5Cd%20e%7Cf>)script" in text


def test_csv_is_the_first_table_as_machines_read_it() -> None:
    rows = (("=1+1", -5, "line\nbreak"), (Said("a", opens="https://e.example/"), 1234, ("a", "b")))
    written = csv.write(paper(Section("s", "S", (table(*rows),))), TEXTS)
    assert written == (
        "System,People,State\r\n'=1+1,-5,line\\nbreak\r\na (https://e.example/),1234,a; b\r\n"
    )


def test_json_is_the_head_and_the_data() -> None:
    told = json.loads(json_writer.write(EVERYTHING, TEXTS))
    assert list(told) == ["report", "head", "data"]
    assert told["head"]["made_at"] == "2026-12-01T09:30:00Z"
    assert told["data"] == {
        "rows": [{"name": "ChatGPT", "people": 7}, {"name": "{{7*7}} <b>", "people": 1}]
    }
    assert "as_rows" not in told["head"]


def test_a_page_opens_sources_and_its_own_places_alone() -> None:
    cells = (
        Said("source", opens="https://e.example/"),
        Said("script", opens="javascript:alert(1)"),
        Said("place", opens="#blind"),
    )
    page = Page(html.write(paper(Section("s", "S", (say(*cells),))), TEXTS))
    links = [given["href"] for tag, given in page.elements if tag == "a"]
    assert links == ["https://e.example/", "#blind"]


def test_narrow_columns_get_what_they_want_and_wide_ones_share_the_rest() -> None:
    assert fitted([Wish(10, 5), Wish(100, 5), Wish(200, 5)], 130) == [10, 41, 78]
    assert fitted([Wish(10, 10), Wish(20, 5)], 60) == [10, 50]
    assert fitted([Wish(50, 30), Wish(50, 30)], 20) == [10, 10]
    assert fitted([Wish(5, 5), Wish(6, 6)], 21) == [10, 11]


def test_a_column_breaks_no_word_but_one_that_is_very_long() -> None:
    given = table(("a " * 40, 1, ""), ("responsibilities", 2, "x" * 64))
    assert wishes(given, TEXTS) == [Wish(30, 16), Wish(7, 7), Wish(22, 22)]
