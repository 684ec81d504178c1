"""Candidates of accounts: from a console's export to the queue, and out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scanner.inventory.promotion import promote
from tests.running import gnomon

EXPORT = (
    "id,displayName,appId,createdDateTime,state,homepage,appStatus\n"
    "0a1f7c1e-0000-4000-8000-000000000001,ChatGPT,e0476654-c1d5-430b-ab80-70cbd947616a,"
    "2026-02-03T08:11:12Z,Activated,https://chatgpt.com,Current\n"
    "0a1f7c1e-0000-4000-8000-000000000002,Sales AI,5c1e0000-0000-4000-8000-00000000000a,"
    "2026-02-14T09:30:00Z,Activated,,Current\n"
    "0a1f7c1e-0000-4000-8000-000000000003,Claude,5c1e0000-0000-4000-8000-00000000000b,"
    "2026-02-15T09:30:00Z,Activated,,Current\n"
    "0a1f7c1e-0000-4000-8000-000000000004,Payroll,5c1e0000-0000-4000-8000-00000000000c,"
    "2026-02-16T09:30:00Z,Activated,https://payroll.example,Current\n"
)
SALES = "entra:5c1e0000-0000-4000-8000-00000000000a"
CLAUDE = "entra:5c1e0000-0000-4000-8000-00000000000b"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scanned(folder: Path, *arguments: object, export: str = EXPORT) -> None:
    file = folder / "EnterpriseApplications.csv"
    file.write_text(export, encoding="utf-8")
    ran = gnomon("scan", file, *arguments)
    assert ran.code == 0, ran


def listed(*arguments: object) -> dict[str, dict[str, Any]]:
    ran = gnomon("candidates", "list", *arguments, "--format", "json")
    assert ran.code == 0, ran
    return {one["subject"]: one for one in ran.json()}


def systems() -> set[str]:
    return {one["name"] for one in gnomon("inventory", "list", "--format", "json").json()}


def test_an_application_that_looks_like_ai_is_listed_with_its_reasons(folder: Path) -> None:
    scanned(folder)
    found = listed()
    assert set(found) == {SALES, CLAUDE}
    assert found[SALES]["channel"] == "oauth"
    assert "its name says AI" in str(found[SALES]["reasons"])
    assert "called like an AI product" in str(found[CLAUDE]["reasons"])
    assert systems() == {"ChatGPT"}


def test_a_promoted_application_is_found_by_its_client_id_from_then_on(folder: Path) -> None:
    scanned(folder)
    ran = gnomon(
        "candidates", "promote", SALES, "--by", "Ana", "--reason", "asked its vendor",
        "--name", "Sales AI", "--into", folder / "own",
    )  # fmt: skip
    assert ran.code == 0, ran
    (file,) = (folder / "own").glob("*.yaml")
    text = file.read_text(encoding="utf-8")
    assert "client_id: [5c1e0000-0000-4000-8000-00000000000a]" in text
    assert "idp: entra" in text
    (folder / "gnomon.toml").write_text('signatures = ["own"]\n', encoding="utf-8")
    scanned(folder, export=EXPORT.replace("Sales AI", "Renamed"))
    assert systems() == {"ChatGPT", "Sales AI"}
    assert SALES not in listed()


def test_a_name_alone_cannot_be_promoted() -> None:
    from scanner.errors import UsageError
    from scanner.inventory.candidates import judge
    from scanner.model import Category, Identifier
    from tests.support import NOW, the_base

    base = the_base()
    found = judge(base.shapes, base.matcher, Identifier.OAUTH, "Sales AI")
    assert found is not None
    with pytest.raises(UsageError, match="only its name is known"):
        promote(found, base.shapes, "Sales AI", Category.OTHER, NOW.date(), Path("own"))
