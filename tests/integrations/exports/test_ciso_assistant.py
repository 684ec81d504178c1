"""CISO Assistant: its wizard's rules, replayed on the files that it would be given."""

import io
from dataclasses import replace
from typing import Any

import openpyxl

from integrations.exports.ciso_assistant import SHEETS
from scanner.model import SystemKind
from tests.integrations.exports.handing import exported, handed, rows, system

# The paths of its tree of asset classes that an AI system can have.
CLASSES = {
    "assetClassSoftware/assetClassApplications",
    "assetClassSoftware/assetClassApplications/assetClassSaas",
    "assetClassSoftware/assetClassApplications/assetClassAPIs",
    "assetClassSoftware/assetClassApplications/assetClassLibraries",
    "assetClassSoftware/assetClassApplications/assetClassServices",
}
REQUIRED = {
    "Entities": ("ref_id", "name"),
    "Solutions": ("ref_id", "name", "provider_entity_ref_id"),
}
TWINS = (
    system("ais-1", "Chat"),
    system("ais-2", "chat"),
    system("ais-3", "=2+5", SystemKind.BUILT),
    system("ais-4", "Fine", approval_status="approved", system_type=["api_service"]),
)


def sheets(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Read a workbook as the wizard does: by its headings, numbers as numbers."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {}
    for sheet in book:
        heading, *body = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(heading, one, strict=True)) for one in body]
        assert heading == SHEETS[sheet.title]
        assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert list(found) == ["Entities", "Solutions", "Contracts", "Representatives"]
    return found


def test_the_workbook_of_third_parties_keeps_every_rule() -> None:
    files, left = exported("ciso-assistant", handed(*TWINS))
    found = sheets(files["ciso-assistant-third-parties.xlsx"])
    for name, fields in REQUIRED.items():
        assert found[name]
        for row in found[name]:
            assert all(isinstance(row[field], str) and row[field].strip() for field in fields)
            assert not row["ref_id"].isdigit()
    entities = {one["ref_id"] for one in found["Entities"]}
    assert {one["provider_entity_ref_id"] for one in found["Solutions"]} <= entities
    names = [one["name"].casefold() for one in found["Solutions"]]
    assert len(names) == len(set(names)) == 3
    assert "Fine (Example AI)" in {one["name"] for one in found["Solutions"]}
    assert {one["criticality"] for one in found["Solutions"]} == {None}  # nobody has assessed it
    assert left == []


def test_assets_have_full_paths_of_classes_and_an_encoding_that_is_told() -> None:
    files, _ = exported("ciso-assistant", handed(*TWINS))
    found = rows(files["ciso-assistant-assets.csv"])
    assert {one["asset_class"] for one in found} <= CLASSES
    assert {one["type"] for one in found} == {"SP"}
    by_ref = {one["ref_id"]: one for one in found}
    assert len(by_ref) == len(found)
    assert by_ref["AIS-3"]["name"] == "'=2+5"
    assert by_ref["AIS-4"]["asset_class"].endswith("/assetClassAPIs")
    assert by_ref["LIB:pkg:pypi/openai"]["parent_assets"] == "AIS-3"


def test_a_system_that_nobody_has_allowed_is_a_finding_without_a_severity() -> None:
    refused = system("ais-5", "Refused, and used", approval_status="rejected")
    files, _ = exported("ciso-assistant", handed(*TWINS, refused))
    found = rows(files["ciso-assistant-findings.csv"])
    assert [one["asset"] for one in found] == ["AIS-1", "AIS-2", "AIS-3", "AIS-5"]
    assert {one["status"] for one in found} == {"identified"}
    assert {one["severity"] for one in found} == {""}
    assert found[3]["name"].endswith("was rejected")
    refs = {one["ref_id"] for one in rows(files["ciso-assistant-assets.csv"])}
    assert {one["asset"] for one in found} <= refs


def test_labels_name_roles_only_that_a_person_confirmed() -> None:
    roles = [
        {"role": "customer", "status": "confirmed"},
        {"role": "provider", "status": "candidate"},
    ]
    files, _ = exported("ciso-assistant", handed(system("ais-1", "Chat", roles_22989=roles)))
    (asset,) = rows(files["ciso-assistant-assets.csv"])
    assert asset["filtering_labels"] == "AI|used|new|customer"


def test_what_has_no_supplier_is_told() -> None:
    files, left = exported("ciso-assistant", replace(handed(system("ais-1", "Chat")), suppliers=()))
    assert sheets(files["ciso-assistant-third-parties.xlsx"])["Solutions"] == []
    assert [one.what for one in left] == ["Chat, as a solution"]
