"""The inventory in the columns of the US federal AI use case inventory of 2025.

What evidence cannot say and nobody has said is left empty, and never guessed. The columns and their
values are those of the consolidated inventory and its data dictionary:
https://github.com/ombegov/2025-Federal-Agency-AI-Use-Case-Inventory
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping

from reports.material import Material
from scanner.model import HandedSystem, Handover, SystemKind

_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
_STAGES = {
    "proposed": "Pre-deployment", "pilot": "Pilot", "deployed": "Deployed", "retired": "Retired",
}  # fmt: skip
_CLASSES = {
    "generative": "Generative AI", "classical_ml": "Classical ML", "nlp": "NLP",
    "vision": "Computer Vision", "agentic": "Agentic AI", "rl": "Reinforcement Learning",
}  # fmt: skip
_PAID = frozenset({"expense", "seat"})  # what was seen of these was bought; use alone says nothing
_BANDS = {
    "5001-10000": "5001-10,000", "10001-50000": "10,000-50,000", "50001+": "50,000+",
}  # fmt: skip


def _bureau(one: HandedSystem, _: Handover) -> str:
    unit = one.part("owner", "unit") if one.owner else ""
    return str(unit or "")


def _contact(one: HandedSystem, _: Handover) -> str:
    found = _ADDRESS.search(one.owner)
    return found[0] if found else ""


def _stage(one: HandedSystem, _: Handover) -> str:
    return _STAGES.get(one.text("lifecycle"), "")


def _class(one: HandedSystem, _: Handover) -> str:
    """Return its class if it has one alone: which of several fits best is for a person."""
    found = one.texts("technique_class")
    return _CLASSES.get(found[0], "") if len(found) == 1 else ""


def _outputs(one: HandedSystem, _: Handover) -> str:
    return "; ".join(one.texts("outputs"))


def _operational(one: HandedSystem, handed: Handover) -> str:
    """Return the day on which it was first seen, of what is deployed: it was operational by then."""
    return one.text("first_seen")[:10] if _stage(one, handed) == "Deployed" else ""


def _contracting(one: HandedSystem, _: Handover) -> str:
    if one.kind is SystemKind.BUILT:
        return "In-house Development"
    is_paid = bool(_PAID & set(one.texts("channels")))
    return "Vendor Purchased" if one.kind is SystemKind.USED and is_paid else ""


def _vendors(one: HandedSystem, handed: Handover) -> str:
    if one.kind is not SystemKind.USED:
        return ""
    return "; ".join(handed.names.get(key, key) for key in one.suppliers)


def _data(one: HandedSystem, _: Handover) -> str:
    classes = [str(each["class"]) for each in one.fields.get("data_inputs") or ()]
    return f"May reach: {', '.join(classes)}" if classes else ""


def _personal(one: HandedSystem, _: Handover) -> str:
    inputs = one.fields.get("data_inputs") or ()
    return "Yes" if any(each.get("personal_data") == "yes" for each in inputs) else ""


def _code(one: HandedSystem, _: Handover) -> str:
    return "Yes" if one.kind is SystemKind.BUILT else ""


_Fill = Callable[[HandedSystem, Handover], str]
# The columns in their order; None: only people can say it, so it is left empty.
COLUMNS: Mapping[str, _Fill | None] = {
    "agency": None,
    "agency_name": lambda _, handed: handed.organisation,
    "id": lambda one, _: one.id,
    "use_case_name": lambda one, _: one.name,
    "agency_bureau": _bureau,
    "contact_email": _contact,
    "is_withheld": None,
    "development_stage": _stage,
    "is_high_impact": None,
    "HI_justification": None,
    "topic_area": None,
    "classification": _class,
    "problem_solved": lambda one, _: one.text("purpose"),
    "benefits": None,
    "system_outputs": _outputs,
    "operational_date": _operational,
    "contracting_usage": _contracting,
    "vendor_name": _vendors,
    "have_ato": None,
    "system_name_ato": None,
    "data_description": _data,
    "link_to_data": None,
    "has_pii": _personal,
    "pia_url": None,
    "demographic_features": None,
    "has_custom_code": _code,
    "code_url": None,
    "hi_testing_conducted": None,
    "hi_assessment_completed": None,
    "hi_potential_impacts": None,
    "hi_independent_review": None,
    "hi_ongoing_monitoring": None,
    "hi_training_established": None,
    "hi_failsafe_presence": None,
    "hi_appeal_process": None,
    "hi_public_consultation": None,
}
PRODUCT_COLUMNS = (
    "Agency",
    "AI Use Case",
    "Agency Use (Y/N)?",
    "Name of Commercial Product or Service Used",
    "Estimated # of Licenses/Users",
)


def use_cases(material: Material) -> str:
    """Return each system as a use case, in the columns of those that are reported one by one."""
    handed = material.handover()
    rows = (
        [fill(one, handed) if fill else "" for fill in COLUMNS.values()] for one in handed.systems
    )
    return _sheet(COLUMNS, rows)


def products(material: Material) -> str:
    """Return each product in use, in the columns of commercial products."""
    handed = material.handover()
    rows = (
        [handed.organisation, one.text("purpose"), _is_in_use(one), one.name, _band(one)]
        for one in handed.systems
        if one.kind is SystemKind.USED
    )
    return _sheet(PRODUCT_COLUMNS, rows)


def _is_in_use(one: HandedSystem) -> str:
    """Return Y for what somebody was seen using; that an account names it says nothing of use."""
    return "Y" if one.fields.get("seen_days") or _PAID & set(one.texts("channels")) else ""


def _band(one: HandedSystem) -> str:
    band = str(one.part("users", "band") or "")
    return _BANDS.get(band, band)


def _sheet(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a sheet as that inventory is published: CSV with a mark of its encoding."""
    from scanner.output import cell

    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(columns)
    lines.writerows([cell(one) for one in row] for row in rows)
    return "\ufeff" + out.getvalue()
