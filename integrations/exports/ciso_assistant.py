"""CISO Assistant: third parties, assets and findings for its data wizard.

Its wizard finds a solution by name alone, over all providers, and takes equal names for one: so each
is called "ChatGPT (OpenAI)". Ids that look like numbers are read as numbers and fail: ours never do.
Nobody has assessed what it would score (criticality, trust, severity), so these are left empty.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from integrations.exports import (
    UNDECIDED,
    Export,
    File,
    LeftOut,
    Loaded,
    as_csv,
    held,
    told,
    unique,
)
from scanner.model import HandedSupplier, HandedSystem, Handover, SystemKind

SHEETS: Mapping[str, tuple[str, ...]] = {
    "Entities": (
        "ref_id", "name", "description", "mission", "country", "currency", "parent_entity_ref_id",
        "dependency", "penetration", "maturity", "trust", "domain",
    ),
    "Solutions": ("ref_id", "name", "description", "provider_entity_ref_id", "criticality"),
    "Contracts": (
        "ref_id", "name", "description", "provider_entity_ref_id", "solution_ref_id", "status",
        "start_date", "end_date", "annual_expense", "currency", "domain", "lei", "euid", "vat", "duns",
    ),
    "Representatives": (
        "email", "first_name", "last_name", "description", "phone", "role",
        "provider_entity_ref_id",
    ),
}  # fmt: skip
ASSET_COLUMNS = (
    "ref_id", "name", "description", "domain", "type", "asset_class", "reference_link",
    "observation", "filtering_labels", "parent_assets", "security_objectives",
    "disaster_recovery_objectives", "is_business_function", "business_value",
)  # fmt: skip
FINDING_COLUMNS = (
    "ref_id", "name", "description", "severity", "status", "filtering_labels", "priority", "eta",
    "due_date", "observation", "vulnerabilities", "asset",
)  # fmt: skip
_LONGEST = 32_000  # characters; a cell of a workbook holds few more
_APPLICATIONS = "assetClassSoftware/assetClassApplications"
_CLASSES = {
    "api_service": f"{_APPLICATIONS}/assetClassAPIs",
    "sdk_in_app": _APPLICATIONS,
    "self_hosted_model": f"{_APPLICATIONS}/assetClassServices",
    "mcp_server": f"{_APPLICATIONS}/assetClassServices",
}
_LIBRARIES = f"{_APPLICATIONS}/assetClassLibraries"
_OF_KINDS = {
    SystemKind.USED: f"{_APPLICATIONS}/assetClassSaas",
    SystemKind.BUILT: _APPLICATIONS,
    SystemKind.HOSTED: f"{_APPLICATIONS}/assetClassServices",
}


def write(handed: Handover, _: Mapping[str, str]) -> Iterator[File | LeftOut]:
    """Yield the workbook of third parties, the assets and the findings."""
    names = unique((one.id, _solution_name(one, handed)) for one in handed.systems)
    rows = {
        "Entities": [_entity(one) for one in handed.suppliers],
        "Solutions": list(_solutions(handed, names)),
        "Contracts": [],
        "Representatives": [],
    }
    yield File("ciso-assistant-third-parties.xlsx", _workbook(rows, handed))
    yield File("ciso-assistant-assets.csv", as_csv(ASSET_COLUMNS, _assets(handed, names)))
    yield File("ciso-assistant-findings.csv", as_csv(FINDING_COLUMNS, _findings(handed, names)))
    for one in handed.systems:
        if one.kind is SystemKind.USED and not _provider(one, handed):
            yield LeftOut(f"{one.name}, as a solution", "no supplier of it is known")


def _entity(one: HandedSupplier) -> dict[str, Any]:
    pages = [f"{name}: {url}" for name, url in sorted(one.urls.items())]
    entity = (
        f"Legal entity, as the catalogue has it: {one.legal_entity}" if one.legal_entity else ""
    )
    return {
        "ref_id": _entity_id(one.id),
        "name": one.name,
        "description": "\n".join(filter(None, (entity, *pages))),
        "country": one.country or "",
    }


def _solutions(handed: Handover, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for one in handed.systems:
        provider = _provider(one, handed)
        if one.kind is SystemKind.USED and provider:
            yield {
                "ref_id": one.id.upper(),
                "name": names[one.id],
                "description": told(one),
                "provider_entity_ref_id": _entity_id(provider),
            }


def _assets(handed: Handover, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for one in handed.systems:
        yield {
            **_asset(one.id.upper(), names[one.id], _class(one)),
            "description": one.text("purpose"),
            "observation": told(one),
            "filtering_labels": "|".join(_labels(one)),
        }
    for value, owners in sorted(_libraries(handed).items()):
        yield {
            **_asset(f"LIB:{value}", value, _LIBRARIES),
            "filtering_labels": "AI library",
            "parent_assets": "|".join(sorted(owners)),
        }


def _asset(ref: str, name: str, asset_class: str) -> dict[str, Any]:
    return {
        "ref_id": ref, "name": name, "type": "SP", "asset_class": asset_class,
        "is_business_function": "false",
    }  # fmt: skip


def _libraries(handed: Handover) -> dict[str, set[str]]:
    """Return the packages that ship in built systems, with the ids of these."""
    found: dict[str, set[str]] = {}
    for one in handed.systems:
        for part in one.parts:
            if part.is_shipped and part.value.startswith("pkg:"):
                found.setdefault(part.value, set()).add(one.id.upper())
    return found


def _findings(handed: Handover, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a finding for each system that nobody has allowed: in use all the same."""
    for one in handed.systems:
        status = one.text("approval_status")
        if status not in UNDECIDED and status != "rejected":
            continue
        what = "was rejected" if status == "rejected" else "has not been decided on"
        yield {
            "ref_id": f"FND-{one.id.upper()}",
            "name": f"{names[one.id]} {what}",
            "description": told(one),
            "status": "identified",
            "filtering_labels": "|".join(_labels(one)),
            "asset": one.id.upper(),  # it is looked up by this first; a name may hold a comma
        }


def _labels(one: HandedSystem) -> list[str]:
    """Return labels: what kind of AI it is and where it stands. A bar or comma would split one."""
    labels = ["AI", one.kind.value, one.text("approval_status"), *one.texts("technique_class")]
    labels += held(one)
    labels += one.texts("tags")
    clean = (each.replace("|", " ").replace(",", " ").strip() for each in labels)
    return list(dict.fromkeys(filter(None, clean)))


def _class(one: HandedSystem) -> str:
    """Return the full path of its class: a leaf's name alone may stand twice in their tree."""
    known = [_CLASSES[each] for each in one.texts("system_type") if each in _CLASSES]
    return known[0] if known else _OF_KINDS[one.kind]


def _provider(one: HandedSystem, handed: Handover) -> str:
    return next((each for each in one.suppliers if each in handed.names), "")


def _solution_name(one: HandedSystem, handed: Handover) -> str:
    if one.kind is not SystemKind.USED:
        return one.name
    supplier = handed.names.get(_provider(one, handed), "")
    return f"{one.name} ({supplier})" if supplier else one.name


def _entity_id(supplier: str) -> str:
    return f"AIV-{supplier}"


def _workbook(rows: Mapping[str, Iterable[Mapping[str, Any]]], handed: Handover) -> bytes:
    """Return the workbook, its sheets in their order, every cell as text."""
    import xlsxwriter  # type: ignore[import-untyped]

    from scanner.output import clean

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": handed.made_at.astimezone(UTC).replace(tzinfo=None)})
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(name)
            for at, column in enumerate(columns):
                sheet.write_string(0, at, column)
            for number, row in enumerate(rows[name], 1):
                for at, column in enumerate(columns):
                    if value := row.get(column):
                        text = clean(str(value), keep="\n")[:_LONGEST]
                        sheet.write_string(number, at, text)
    return out.getvalue()


EXPORT = Export(
    name="ciso-assistant",
    title="CISO Assistant",
    reference="https://github.com/intuitem/ciso-assistant-community",
    read="f990d7b",
    files=(
        Loaded(
            "ciso-assistant-third-parties.xlsx",
            "suppliers as entities, AI services as solutions",
            "`X-Model-Type: TPRM` to `/api/data-wizard/load-file/`, or the wizard",
        ),
        Loaded(
            "ciso-assistant-assets.csv",
            "AI systems, and the libraries of built ones, as support assets",
            "`X-Model-Type: Asset`; before the findings, which name them",
        ),
        Loaded(
            "ciso-assistant-findings.csv",
            "systems in use that nobody has decided on, and rejected ones",
            "`X-Model-Type: FindingsAssessment`",
        ),
    ),
    write=write,
    note="Criticality, dependency, trust and severity are left empty: nobody has assessed them.",
)
