"""OpenGRC: vendors and applications as CSV whose headings are the fields of its models.

Its importer maps headings to fields by their names; the names that its API takes differ from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.exports import Export, File, LeftOut, Loaded, as_csv, told
from scanner.model import HandedSystem, Handover, SystemKind

VENDOR_COLUMNS = ("name", "description", "url", "status")
APPLICATION_COLUMNS = ("name", "type", "description", "url", "status", "notes")
STATUSES = ("Approved", "Rejected", "Limited", "Expired")
TYPES = ("SaaS", "Desktop", "Server", "Appliance", "Other")
_STATUSES = {
    "approved": "Approved", "rejected": "Rejected", "approved_with_conditions": "Limited",
    "restricted": "Limited", "retired": "Expired",
}  # fmt: skip
_TYPES = {"saas": "SaaS", "endpoint": "Desktop", "prod": "Server"}


def write(handed: Handover, _: Mapping[str, str]) -> Iterator[File | LeftOut]:
    """Yield the vendors and the applications."""
    vendors = (
        {"name": one.name, "description": _about(one.systems), "url": one.urls.get("website", "")}
        for one in handed.suppliers
    )
    yield File("opengrc-vendors.csv", as_csv(VENDOR_COLUMNS, vendors))
    names = handed.names
    applications = (
        {
            "name": one.name,
            "type": _type(one),
            "description": one.text("purpose"),
            "url": f"https://{one.hosts[0]}" if one.hosts else "",
            "status": _STATUSES.get(one.text("approval_status"), ""),
            "notes": f"Suppliers: {', '.join(names.get(key, key) for key in one.suppliers)}; {told(one)}",
        }
        for one in handed.systems
    )
    yield File("opengrc-applications.csv", as_csv(APPLICATION_COLUMNS, applications))


def _about(systems: tuple[str, ...]) -> str:
    return f"{len(systems)} of our AI systems rest on it" if systems else "upstream of a supplier"


def _type(one: HandedSystem) -> str:
    places = one.texts("deployment_environment")
    if one.kind is SystemKind.BUILT:
        return "Other"
    return next((_TYPES[each] for each in ("saas", "endpoint", "prod") if each in places), "Other")


EXPORT = Export(
    name="opengrc",
    title="OpenGRC",
    reference="https://github.com/LeeMangold/OpenGRC",
    read="ff69293",
    files=(
        Loaded("opengrc-vendors.csv", "suppliers", "import into Vendors; headings map themselves"),
        Loaded("opengrc-applications.csv", "AI systems", "import into Applications"),
    ),
    write=write,
    note="What nobody has decided on has no status there; link applications to their vendors after.",
)
