"""Workbooks: sheets as tables, dates and numbers as a CSV would have them."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.downloads import Beginning
from integrations.downloads.recognition import download_of, opened
from integrations.workbooks import sheets_of_workbook
from scanner.errors import SourceError
from scanner.model import App, Entry
from tests.support import at

pandas = pytest.importorskip("pandas", reason="workbooks are read with pandas")
pytest.importorskip("openpyxl", reason="workbooks are read with openpyxl")


def _workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    with pandas.ExcelWriter(path, engine="openpyxl") as writer:
        for name, rows in sheets.items():
            pandas.DataFrame(rows).to_excel(writer, sheet_name=name, header=False, index=False)
    return path


def test_a_register_on_a_later_sheet_below_a_title_is_read(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "register.xlsx",
        Notes=[["To be kept up to date"]],
        Tools=[
            ["Register of applications", None, None, None],
            ["Application", "Vendor", "Status", "Since"],
            ["Claude", "Anthropic", "approved", datetime(2026, 3, 5)],  # noqa: DTZ001 - as Excel has it
            ["ChatGPT", None, "under review", None],
        ],
    )
    found = opened(path)
    assert found is not None
    assert found[0].name == "register"
    assert list(found[0].read(found[1])) == [
        App("claude", "Claude", publisher="Anthropic", is_named_by_catalogue=True),
        Entry("claude", status="approved", since=at("2026-03-05T00:00:00Z")),
        App("chatgpt", "ChatGPT", is_named_by_catalogue=True),
        Entry("chatgpt", status="under review"),
    ]
    assert found[1].bad == {}


def test_cells_are_as_a_csv_would_have_them(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "x.xlsx", One=[[1.0, 2.5, None, "NA", True, "n"]])
    assert sheets_of_workbook(path)[0].first == [["1", "2.5", "", "NA", "True", "n"]]


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr("access.log", "Application,Vendor,Status\n")
    assert Beginning(tmp_path / "logs.zip").sheets == []
    assert download_of(tmp_path / "logs.zip") is None


def test_a_damaged_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing")
    with pytest.raises(SourceError, match="a workbook that cannot be read"):
        download_of(path)
