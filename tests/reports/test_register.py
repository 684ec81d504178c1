"""The register: opened again in each of its formats, by the rules of whoever reads it."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from reports.schemas import schema_of
from scanner.inventory.record_fields import SPECS, schema
from tests.reports.making import all_reports
from tests.running import EXAMPLE, ROOT, gnomon

VERSIONS = {"cyclonedx": SchemaVersion.V1_6, "cyclonedx-1.7": SchemaVersion.V1_7}
NOON, LATER = "1796126400", "1796130000"  # of 2026-12-01


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "GNOMON_CONFIG", str(EXAMPLE / "gnomon.toml"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOON)


def register(db: Path, style: str, *words: str, out: Path | None = None) -> str:
    where = ("--out", out) if out else ()
    ran = gnomon("report", "register", "--as", style, "--db", db, *where, *words)
    assert ran.code == 0, ran.err
    return ran.out


def bill(db: Path, style: str = "cyclonedx") -> dict[str, Any]:
    return json.loads(register(db, style))  # type: ignore[no-any-return]


def test_the_json_holds_the_record_of_every_system(example: Path) -> None:
    made = json.loads(register(example, "json"))
    listed = gnomon("inventory", "list", "--db", example, "--format", "json").json()
    (report,) = (one for one in all_reports() if one.name == "register")
    jsonschema.validate(made, schema_of(report))
    records = made["data"]["records"]
    assert [one["system"] for one in records] == [one["id"] for one in listed]
    for one in records:
        jsonschema.validate(one, schema())
    told = gnomon("inventory", "record", "ChatGPT", "--db", example, "--format", "json").json()
    found = next(one for one in records if one["name"] == "ChatGPT")
    for one in (found, told):
        one.pop("made_at")  # that of the command is the clock's
        for value in one["fields"].values():
            value.pop("at")
    assert found == told


def test_the_csv_has_a_row_for_each_system_and_a_column_for_each_field(example: Path) -> None:
    heading, *rows = csv.reader(io.StringIO(register(example, "csv")))
    assert len(heading) == len(set(heading)) == len(SPECS)
    assert {len(row) for row in rows} == {len(SPECS)}
    assert all(value for row in rows for value in row)  # what there is not is said to be none
    (chatgpt,) = (dict(zip(heading, row, strict=True)) for row in rows if row[0] == "ChatGPT")
    assert chatgpt["Status"] == "approved"
    assert chatgpt["Suppliers"] == "OpenAI"
    assert chatgpt["Purpose"] == "to be said"
    assert chatgpt["Roles (ISO/IEC 22989)"] == "AI customer: to be confirmed"


def test_the_workbook_filters_and_says_whose_each_value_is(example: Path, tmp_path: Path) -> None:
    register(example, "xlsx", out=tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    _, short, whole, origins, fields = (book[name] for name in book.sheetnames if name[0] != "_")
    for sheet in (short, whole, origins, fields):
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
    heading = [cell.value for cell in whole[1]]
    assert {cell.value for cell in origins[1]} < set(heading)
    assert [row[0].value for row in fields.iter_rows(min_row=2)] == heading
    chatgpt = next(row for row in origins.iter_rows(values_only=True) if row[0] == "ChatGPT")
    whose = dict(zip((cell.value for cell in origins[1]), chatgpt, strict=True))
    assert whose["Status"] == "said by a person"
    assert whose["Owner"] == "worked out"
    assert whose["Suppliers"] == "from the catalogue"
    assert whose["Models"] == "not known"
    always = {row[0]: row[3] for row in fields.iter_rows(min_row=2, values_only=True)}
    assert always["First seen"] == "detected"
    assert always["Purpose"] == "said by a person"
    assert always["Owner"] == "worked out; said by a person"
    asked = whole.data_validations.dataValidation
    oversight = heading.index("Human oversight")
    assert any(area.min_col == oversight + 1 for one in asked for area in one.sqref.ranges)


def test_french_has_words_for_fields_and_values(example: Path) -> None:
    heading, *rows = csv.reader(io.StringIO(register(example, "csv", "--lang", "fr")))
    (chatgpt,) = (dict(zip(heading, row, strict=True)) for row in rows if row[0] == "ChatGPT")
    assert chatgpt["État"] == "approuvé"
    assert chatgpt["Type"] == "application de dialogue"
    assert chatgpt["Finalité"] == "à préciser"


@pytest.mark.parametrize("style", VERSIONS)
@pytest.mark.parametrize("store", ["example", "hostile"])
def test_the_bill_of_materials_is_strictly_valid(
    style: str, store: str, request: pytest.FixtureRequest
) -> None:
    text = register(request.getfixturevalue(store), style)
    assert (
        list(JsonStrictValidator(VERSIONS[style]).validate_str(text, all_errors=True) or ()) == []
    )


@pytest.mark.parametrize("style", VERSIONS)
def test_all_that_a_bill_refers_to_is_in_it(style: str, example: Path) -> None:
    made = bill(example, style)
    refs = [one["bom-ref"] for one in (*made["components"], *made["services"])]
    refs.append(made["metadata"]["component"]["bom-ref"])
    assert len(refs) == len(set(refs))
    named = {one["ref"] for one in made["dependencies"]}
    named |= {each for one in made["dependencies"] for each in one["dependsOn"]}
    assert named <= set(refs)
    (whole,) = made["compositions"]
    assert whole["aggregate"] == "incomplete"
    assert set(whole["assemblies"]) == set(refs)


def test_a_bill_says_what_was_seen_and_where(example: Path) -> None:
    made = bill(example)
    services = {one["name"]: one for one in made["services"]}
    assert services["ChatGPT"]["provider"]["name"] == "OpenAI"
    assert "https://chatgpt.com" in services["ChatGPT"]["endpoints"]
    assert "mail" in {one["classification"] for one in services["ChatGPT"]["data"]}
    components = {one["name"]: one for one in made["components"]}
    library = components["openai"]
    assert library["purl"] in ("pkg:pypi/openai", "pkg:npm/openai")
    (identity,) = library["evidence"]["identity"]
    assert {one["technique"] for one in identity["methods"]} <= {
        "manifest-analysis", "source-code-analysis",
    }  # fmt: skip
    assert 0 < identity["confidence"] <= 1
    assert all(one["line"] > 0 for one in library["evidence"]["occurrences"])
    model = components["gpt-4o-mini"]
    assert model["type"] == "machine-learning-model"
    assert "purl" not in model  # its maker runs it: there is nothing to fetch
    application = components["quote-desk"]
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    assert services["OpenAI API"]["bom-ref"] in needs[application["bom-ref"]]
    assert model["bom-ref"] in needs[application["bom-ref"]]


def test_a_bill_has_the_number_of_its_content_whenever_it_is_written(
    example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bill(example)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", LATER)
    later = bill(example)
    assert first["metadata"].pop("timestamp") == "2026-12-01T12:00:00Z"
    assert later["metadata"].pop("timestamp") == "2026-12-01T13:00:00Z"
    assert first == later
    assert bill(example, "cyclonedx-1.7")["serialNumber"] != first["serialNumber"]


def test_the_federal_columns_hold_what_is_known_and_nothing_else(example: Path) -> None:
    text = register(example, "omb")
    assert text.startswith("\ufeff")
    heading, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert len(heading) == 36
    assert (heading[0], heading[9], heading[-1]) == (
        "agency", "HI_justification", "hi_public_consultation",
    )  # fmt: skip
    by_name = {row[3]: dict(zip(heading, row, strict=True)) for row in rows}
    assert by_name["ChatGPT"]["development_stage"] == "Deployed"
    assert by_name["ChatGPT"]["classification"] == "Generative AI"
    assert by_name["ChatGPT"]["vendor_name"] == "OpenAI"
    assert by_name["quote-desk"]["contracting_usage"] == "In-house Development"
    assert by_name["DeepSeek Chat"]["contracting_usage"] == ""  # used, and nobody saw it bought
    for name in ("is_high_impact", "is_withheld", "contact_email", "have_ato", "topic_area"):
        assert {one[name] for one in by_name.values()} == {""}


def test_commercial_products_have_the_five_columns_and_bands(example: Path) -> None:
    heading, *rows = csv.reader(io.StringIO(register(example, "omb-cots").removeprefix("\ufeff")))
    assert heading == [
        "Agency", "AI Use Case", "Agency Use (Y/N)?",
        "Name of Commercial Product or Service Used", "Estimated # of Licenses/Users",
    ]  # fmt: skip
    assert ["Harbour & Pine", "", "Y", "ChatGPT", "1-100"] in rows


# What OCSF 1.8.0 has for a detection finding: what it needs, and all it may hold of what we write.
NEEDED = {"activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata",
          "finding_info"}  # fmt: skip
KNOWN = NEEDED | {
    "activity_name", "category_name", "class_name", "type_name", "severity", "status", "status_id",
    "message", "resources", "unmapped", "start_time", "end_time", "count", "confidence_score",
    "evidences", "observables",
}  # fmt: skip
STATES = {1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved", 5: "Archived"}


def test_every_event_is_a_detection_finding(example: Path) -> None:
    events = [json.loads(line) for line in register(example, "ocsf").splitlines()]
    assert len(events) == len(
        gnomon("inventory", "list", "--db", example, "--format", "json").json()
    )
    for one in events:
        assert set(one) >= NEEDED
        assert set(one) <= KNOWN
        assert one["type_uid"] == one["class_uid"] * 100 + one["activity_id"] == 200401
        assert one["metadata"]["version"] == "1.8.0"
        assert one["metadata"]["product"]["name"] == "gnomon"
        assert one["time"] == int(NOON) * 1000
        assert STATES.get(one["status_id"], one["status"]) == one["status"]
        assert one.get("start_time", 0) <= one.get("end_time", 0)
    (chatgpt,) = (one for one in events if one["resources"][0]["name"] == "ChatGPT")
    assert (chatgpt["status_id"], chatgpt["status"]) == (4, "Resolved")
    assert {"dst_endpoint": {"hostname": "chatgpt.com"}} in chatgpt["evidences"]


def test_the_published_schema_of_a_record_is_the_one_that_the_json_keeps() -> None:
    published = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))
    assert published == schema()
