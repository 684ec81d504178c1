"""AI services in a bill of materials: who provides them, where they were seen, what data go in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scanner.model import HandedSupplier, HandedSystem

# What a catalogue's addresses are to a bill; the rest are pages of their own kind.
_KINDS = {"website": "website", "ai_policy": "documentation"}
_COMMENTS = {
    "privacy": "privacy notice",
    "terms": "terms of service",
    "trust": "trust centre",
    "dpa": "data processing agreement",
    "subprocessors": "list of sub-processors",
    "ai_policy": "policy on the use of AI",
    "status": "status page",
    "security": "security page",
}
# Facts whose value is about a document that bills have a kind for.
_OF_FACTS = {"model_cards": "model-card"}
_NOT_TOLD = frozenset(
    {"system_id", "name", "aliases", "vendor_id", "data_inputs", "models", "purpose", "users",
     "owner", "roles_22989", "scope_43", "risk_triage", "approval", "supplier_review_ref",
     "catalogue_version", "scan_run_ids", "annex_a_controls"}
)  # fmt: skip


def service_of(one: HandedSystem, supplier: HandedSupplier | None) -> dict[str, Any]:
    """Return a service that the organisation uses. Only what is known is in it."""
    purpose = one.text("purpose")
    service: dict[str, Any] = {"bom-ref": one.id}
    if supplier is not None:
        service["provider"] = provider_of(supplier)
    service["name"] = one.name
    if purpose:
        service["description"] = purpose
    if one.hosts:
        service["endpoints"] = [f"https://{host}" for host in one.hosts]
    if _has_accounts(one):
        service["authenticated"] = True
    if "saas" in one.texts("deployment_environment"):
        service["x-trust-boundary"] = True
    if data := data_of(one):
        service["data"] = data
    if supplier is not None and (references := references_of(supplier)):
        service["externalReferences"] = references
    service["properties"] = properties(told_of(one))
    return service


def provider_of(supplier: HandedSupplier) -> dict[str, Any]:
    """Return a supplier as an organisation, with its website if the catalogue has one."""
    found: dict[str, Any] = {"name": supplier.name}
    if supplier.country:
        found["address"] = {"country": supplier.country}
    if website := supplier.urls.get("website"):
        found["url"] = [website]
    return found


def references_of(supplier: HandedSupplier) -> list[dict[str, str]]:
    """Return the addresses that the catalogue has of a supplier, each with what it is."""
    found = [
        {"type": _KINDS.get(name, "other"), "url": url}
        | ({"comment": _COMMENTS[name]} if name in _COMMENTS else {})
        for name, url in sorted(supplier.urls.items())
    ]
    found += [
        {"type": _OF_FACTS[fact.key], "url": fact.source, "comment": f"as read on {fact.as_of}"}
        for fact in supplier.facts
        if fact.key in _OF_FACTS
    ]
    return [one for at, one in enumerate(found) if one not in found[:at]]


def data_of(one: HandedSystem) -> list[dict[str, str]]:
    """Return the classes of data that go in; which way beyond that is not known."""
    inputs = one.fields.get("data_inputs") or ()
    found = [
        {
            "flow": "inbound",
            "classification": str(each["class"]),
            "description": "that they go in was not seen: "
            + str(each.get("source") or "a person says that they may"),
        }
        for each in inputs
    ]
    if "user_content" in one.texts("data_reach"):
        found.append({"flow": "inbound", "classification": "user content"})
    return found


def told_of(one: HandedSystem) -> dict[str, Any]:
    """Return what is known of a system and has no place in a bill, by the names of the record."""
    told = {name: value for name, value in one.fields.items() if name not in _NOT_TOLD}
    return {
        "kind": one.kind.value,
        "suppliers": list(one.suppliers),
        **({"endpoints": "names of hosts that were seen; https is assumed"} if one.hosts else {}),
        "role": [
            f"{role['role']} ({role['status']})" for role in one.fields.get("roles_22989", ())
        ],
        "owner": one.owner,
        "people": one.part("users", "band"),
        "scope_43": one.part("scope_43", "scope"),
        "triage": one.part("risk_triage", "tier"),
        **told,
    }


def properties(told: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return names and values as properties; a list is a property for each."""
    return [
        {"name": f"gnomon:{name}", "value": text}
        for name, value in told.items()
        for text in _texts(value)
    ]


def _texts(value: Any) -> Iterable[str]:
    if value is None or value == "":
        return
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Mapping):
        yield ", ".join(f"{name} {one}" for name, one in value.items())
    elif isinstance(value, bool):
        yield "true" if value else "false"
    else:
        yield str(value)


def _has_accounts(one: HandedSystem) -> bool:
    return bool({"company", "personal", "service", "mixed"} & set(one.texts("account_mode")))
