"""Workbooks: sheets as tables, dates and numbers as a CSV would have them."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.downloads import Beginning
from integrations.downloads.recognition import download_of, opened
from integrations.files import NamedFile, account_inputs
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
    ((download, file),) = opened(path)
    assert download.name == "register"
    assert list(download.read(file)) == [
        App("claude", "Claude", publisher="Anthropic", is_named_by_catalogue=True),
        Entry("claude", status="approved", since=at("2026-03-05T00:00:00Z")),
        App("chatgpt", "ChatGPT", is_named_by_catalogue=True),
        Entry("chatgpt", status="under review"),
    ]
    assert file.bad == {}


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


def test_every_sheet_is_read_as_what_it_is_and_the_rest_is_named(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    _workbook(
        path,
        **{"Read me": [["What this is", None]]},
        Cloud=[["Application", "Vendor", "Status"], ["Claude", "Anthropic", "approved"]],
        Desktop=[["Application", "Vendor", "Status"], ["Cursor", "Anysphere", "asked for"]],
        People=[["Name", "E-mail", "Department", "Manager"], ["Ana", "ana@h.example", "Sales", ""]],
    )
    accounts, _ = account_inputs([NamedFile(path, "register.xlsx")])
    seen = {}
    for account in accounts:
        with account.open(lambda _: None) as listed:
            for one in listed.listings():
                seen[one.name] = one.title, len(list(one.records())), one.notes
    said = "sheets of the workbook that hold no table that is known: Read me"
    register = "The organisation's own register of applications (CSV, XLSX)"
    people = "A directory of people with units and managers (CSV, XLSX)"
    assert seen == {
        "register.xlsx Cloud": (register, 2, (said,)),
        "register.xlsx Desktop": (register, 2, ()),
        "register.xlsx People": (people, 1, ()),
    }
