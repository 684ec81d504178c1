"""Templates of one's own are named in gnomon.toml or on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from scanner.config import load
from tests.running import gnomon


def template(path: Path, title: str) -> Path:
    document = docx.Document()
    document.add_paragraph(title)
    document.add_paragraph("{{p body }}")
    document.save(str(path))
    return path


def first_line(content: bytes) -> str:
    return str(docx.Document(io.BytesIO(content)).paragraphs[0].text)


def test_one_for_all_reports_and_one_for_a_report(tmp_path: Path) -> None:
    (tmp_path / "gnomon.toml").write_text(
        '[reports]\ntemplate = "all.docx"\n[reports.templates]\nscope = "scope.docx"\n'
    )
    config = load(tmp_path, {}, tmp_path / "none", {})
    assert config.template_of("coverage") == tmp_path / "all.docx"
    assert config.template_of("scope") == tmp_path / "scope.docx"
    assert load(tmp_path.parent, {}, tmp_path / "none", {}).template_of("scope") is None


def test_what_the_command_line_names_goes_before_what_the_file_does(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template(tmp_path / "scope.docx", "of the file")
    flag = template(tmp_path / "flag.docx", "of the flag")
    (tmp_path / "gnomon.toml").write_text('[reports.templates]\ncoverage = "scope.docx"\n')
    monkeypatch.chdir(tmp_path)
    asked = ("report", "coverage", "--db", example, "--out", tmp_path / "x.docx")
    assert gnomon(*asked).code == 0
    assert first_line((tmp_path / "x.docx").read_bytes()) == "of the file"
    assert gnomon(*asked, "--template", flag).code == 0
    assert first_line((tmp_path / "x.docx").read_bytes()) == "of the flag"


def test_only_word_documents_have_templates(example: Path, tmp_path: Path) -> None:
    mine = template(tmp_path / "mine.docx", "mine")
    ran = gnomon("report", "coverage", "--as", "html", "--template", mine, "--db", example)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "gnomon: --template is for Word documents: ask for --as docx\n"
