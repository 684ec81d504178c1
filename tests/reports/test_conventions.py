"""What holds for every report in every format and language, whoever wrote it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.head import blind_section
from reports.paper import Table
from reports.schemas import schema_of
from reports.texts import Texts
from scanner.inventory.controls import CONTROLS
from scanner.store import Reader
from tests.reports.hostile import FORMULA, SCRIPT
from tests.reports.making import (
    LANGUAGES,
    Made,
    all_reports,
    digests,
    is_paper,
    material,
    papers_of,
)
from tests.reports.opened import Page, cells_of, data_of, rows_of, text_of
from tests.running import ROOT, gnomon
from tests.support import the_base

_CONTROL = re.compile(r"\bA\.\d+(?:\.\d+)+")
# Shares, prices and durations that circulate and that nobody has shown to be true.
_NEVER = re.compile(
    r"\b(?:50|30|20)\s*[-–—]\s*(?:60|40|30)\s*%|\b20[ ,.\u00a0\u202f]?000\b.{0,12}60[ ,.\u00a0\u202f]?000"
    r"|\b(?:3[-–]6|4[-–]6|6[-–]9|9[-–]12|12[-–]18)\s+(?:months|mois)"
)
_LOADING = {"script", "img", "link", "iframe", "object", "embed", "audio", "video", "base", "form"}
_FOR_PEOPLE = ("html", "docx", "xlsx", "md")


def of_format(made: list[Made], *formats: str) -> list[Made]:
    """Return the papers of a format; there is always one."""
    styles = {
        (one.name, style) for one in all_reports() for style in one.outputs if is_paper(one, style)
    }
    found = [one for one in made if one.format in formats and (one.report, one.format) in styles]
    assert found
    return found


def test_each_paper_carries_its_head_and_what_it_cannot_see(
    example: Path, made: list[Made]
) -> None:
    blind = {
        (one.report, one.language): one.title_of("blind") for one in papers_of(example, LANGUAGES)
    }
    for one in of_format(made, *_FOR_PEOPLE):
        texts, said = Texts(one.language), _unmarked(text_of(one))
        for wanted in (
            blind[one.report, one.language],
            texts("common.head.organisation"),
            "Harbour & Pine",
            texts("common.head.signatures"),
            the_base().pack.version,
            texts("common.head.confirmed"),
        ):
            assert wanted in said, (one.name, wanted)


def test_each_row_fits_its_table(example: Path) -> None:
    for one in papers_of(example, LANGUAGES):
        for table in one.paper.tables():
            sizes = {len(row) for row in table.rows}
            assert sizes <= {len(table.columns)}, (one.report, table.name)
            assert len(table.ids) in (0, len(table.rows)), (one.report, table.name)


def test_what_opens_something_opens_what_there_is(made: list[Made]) -> None:
    for one in of_format(made, "html"):
        elements = Page(one.content.decode()).elements
        places = {given_.get("id") for _, given_ in elements}
        links = {given_.get("href") or "" for tag, given_ in elements if tag == "a"}
        missing = {link for link in links if link.startswith("#") and link[1:] not in places}
        assert missing == set(), one.name


def test_only_the_controls_that_there_are_are_named(made: list[Made]) -> None:
    named = {(found, one.name) for one in made for found in _CONTROL.findall(text_of(one))}
    assert {pair for pair in named if pair[0] not in CONTROLS} == set()
    assert any(found == "A.10.3" for found, _ in named)


def test_no_number_is_repeated_that_nobody_has_shown(made: list[Made]) -> None:
    assert [one.name for one in made if _NEVER.search(text_of(one))] == []
    assert _NEVER.search("saves 30–40 % of the work")


def test_what_is_written_in_json_is_as_its_schema_says(
    made: list[Made], made_of_hostile: list[Made]
) -> None:
    schemas = {one.name: schema_of(one) for one in all_reports() if one.data is not None}
    for one in of_format([*made, *made_of_hostile], "json"):
        checker = jsonschema.Draft202012Validator(schemas[one.report])
        assert list(checker.iter_errors(data_of(one.content))) == [], one.name
        assert list(checker.iter_errors({"report": one.report, "head": {}, "data": {}}))


def test_a_page_loads_nothing_and_keeps_names_as_text(made_of_hostile: list[Made]) -> None:
    for one in of_format(made_of_hostile, "html"):
        page = Page(one.content.decode())
        tags = {tag for tag, _ in page.elements}
        assert not tags & _LOADING, one.name
        assert "default-src 'none'" in one.content.decode().replace("&#39;", "'")
        for tag, given_ in page.elements:
            assert not {
                name for name in given_ if name.startswith("on") or name in ("style", "src")
            }
            if tag == "a":
                assert (given_["href"] or "").startswith(("#", "https://")), one.name
        _assert_text_stays_text(one, "\n".join(page.words))


def test_a_word_document_keeps_names_as_text(made_of_hostile: list[Made]) -> None:
    for one in of_format(made_of_hostile, "docx"):
        _assert_text_stays_text(one, text_of(one))


def test_a_workbook_keeps_names_as_text(made_of_hostile: list[Made]) -> None:
    for one in of_format(made_of_hostile, "xlsx"):
        for cell in cells_of(one.content):
            assert cell.data_type != "f", (one.name, cell.coordinate)
            text = cell.value if isinstance(cell.value, str) else ""
            assert len(text) <= 32_767
            assert cell.quotePrefix or not text.startswith(("=", "+", "-", "@")), (one.name, text)
            if cell.hyperlink is not None and cell.hyperlink.target:
                assert cell.hyperlink.target.startswith("https://"), one.name
        _assert_text_stays_text(one, text_of(one))


def test_a_line_of_csv_holds_no_formula(made_of_hostile: list[Made]) -> None:
    for one in of_format(made_of_hostile, "csv"):
        rows = rows_of(one.content)
        assert {len(row) for row in rows} == {len(rows[0])}, one.name
        starts = [
            cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))
        ]
        assert [cell for cell in starts if not _is_number(cell)] == [], one.name


def test_markdown_keeps_names_as_text(made_of_hostile: list[Made]) -> None:
    for one in of_format(made_of_hostile, "md"):
        text = one.content.decode()
        assert not re.search(r"(?<!\\)<(?!https://)", text), one.name
        assert not re.search(r"(?i)(?<!\\)\]\((?!<https://)", text), one.name
        _assert_text_stays_text(one, _unmarked(text))


def _assert_text_stays_text(one: Made, said: str) -> None:
    """Assert that what a hostile person wrote is there for all to see, letter by letter."""
    assert SCRIPT in said, one.name
    assert FORMULA in said, one.name
    assert said.count("7*7") == said.count("{{7*7}}"), one.name
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", said), one.name


def _unmarked(text: str) -> str:
    """Return Markdown without what makes its marks plain text."""
    return re.sub(r"\\([\\`*_{}\[\]<>()#|!~&=+-])", r"\1", text).replace("&#8203;", "")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_store_gives_the_same_bytes(
    example: Path, made: list[Made], language: str
) -> None:
    """Also in another process, where sets have another order."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.reports.making", example, language],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        check=True,
    )
    assert data_of(ran.stdout) == digests(one for one in made if one.language == language)


def test_a_source_that_is_removed_is_a_line_of_what_cannot_be_seen(example: Path) -> None:
    with Reader(example, read_only=True) as store:
        names = sorted({one["name"] for one in store.coverage()})

    @given(name=st.sampled_from(names), language=st.sampled_from(LANGUAGES))
    @settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
    def check(name: str, language: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            db = Path(shutil.copy(example, folder))
            before = _blind_lines(db, language)
            ran = gnomon("sources", "forget", name, "--by", "Ana", "--reason", "wrong", "--db", db)
            assert ran.code == 0, ran.err
            added = [one for one in _blind_lines(db, language) if one not in before]
        removed = Texts(language)("common.blind.forgotten")
        assert [(one[0], one[1], one[3]) for one in added if one[0] == name] == [
            (name, removed, "Ana: wrong")
        ]

    check()


def _blind_lines(db: Path, language: str) -> list[tuple[object, ...]]:
    with Reader(db, read_only=True) as store:
        section = blind_section(material(store, all_reports()[0], language))
    first = next(one for one in section.blocks if isinstance(one, Table))
    return list(first.rows)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_no_script_fires_in_a_browser(made_of_hostile: list[Made], tmp_path: Path) -> None:
    page = of_format(made_of_hostile, "html")
    armed = page[0].content.decode().replace("</main>", f"{SCRIPT}</main>")
    bare = re.sub(r"<meta http-equiv=[^>]*>", "", armed)
    assert "fired" in _title(bare, tmp_path)  # it would, if nothing kept it from it
    assert "fired" not in _title(armed, tmp_path)
    everything = [one.content.decode() for one in page if one.language == "en"]
    assert [one for one in everything if "fired" in _title(one, tmp_path)] == []


def _title(page: str, folder: Path) -> str:
    """Return the title of a page after a browser has shown it."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    shown = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", f"--user-data-dir={folder / 'profile'}",
         "--dump-dom", file.as_uri()],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    found = re.search(r"<title>(.*?)</title>", shown.stdout.decode(), re.DOTALL)
    assert found
    return found[1]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_each_document(made_of_hostile: list[Made], tmp_path: Path) -> None:
    files = _saved(made_of_hostile, tmp_path)
    out = tmp_path / "out"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", out, *files],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    pages = {file: (out / f"{file.stem}.pdf").read_bytes().count(b"/Type/Page/") for file in files}
    assert {file.name for file, number in pages.items() if not number} == set()


def _saved(made: list[Made], folder: Path) -> list[Path]:
    """Return the documents of one language in files; each format has a name of its own."""
    kept = [one for one in of_format(made, "docx", "xlsx") if one.language == "en"]
    files = [folder / f"{one.report}-{one.format}.{one.format}" for one in kept]
    for file, one in zip(files, kept, strict=True):
        file.write_bytes(one.content)
    return files
