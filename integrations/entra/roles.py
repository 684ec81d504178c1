"""What the application permissions of Microsoft's own services are called: an assignment has ids.

``app_roles.csv`` holds ids and names of those of Microsoft Graph, Exchange Online, SharePoint,
the Office 365 Management APIs and Power BI, as listed in merill/microsoft-info@43b8a5d9fb66 (MIT)
and cisagov/ScubaGear@4d34e9a (CC0-1.0).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

_NAMES = Path(__file__).parent / "app_roles.csv"
_NONE = "00000000-0000-0000-0000-000000000000"  # assigned, without any role of the resource

# The services that nearly every application with permissions asks, and what they are called.
RESOURCES: Mapping[str, str] = {
    "00000003-0000-0000-c000-000000000000": "Microsoft Graph",
    "00000002-0000-0ff1-ce00-000000000000": "Office 365 Exchange Online",
    "00000003-0000-0ff1-ce00-000000000000": "Office 365 SharePoint Online",
    "c5393580-f805-4401-95e8-94b7a6ef2fc2": "Office 365 Management APIs",
    "00000009-0000-0000-c000-000000000000": "Power BI Service",
    "00000007-0000-0000-c000-000000000000": "Dataverse",
    "475226c6-020e-4fb2-8a90-7a972cbfc1d4": "PowerApps Service",
    "7df0a125-d3be-4c96-aa54-591f83ff541c": "Microsoft Flow Service",
}


def names_of(services: Iterable[tuple[str, str]]) -> str:
    """Return the names of services, by their object ids, as a parameter that parsers are given.

    ``services`` are pairs of an object id, which differs in every tenant, and an application id.
    """
    named = {key: RESOURCES[client] for key, client in services if client in RESOURCES}
    return json.dumps(named, sort_keys=True)


def resource_name(key: str, parameters: Mapping[str, str]) -> str:
    """Return what the service with an object id is called; the id of one without a name."""
    return _read(parameters.get("names", "{}")).get(key, key)


@cache
def _read(names: str) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(names)
    return found


def role_name(role: str) -> str:
    """Return what a permission is called: "Mail.Read"; the id of one that nobody listed."""
    return "default access" if role == _NONE else _names().get(role.lower(), role)


@cache
def _names() -> Mapping[str, str]:
    with _NAMES.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["value"] for row in csv.DictReader(file)}
