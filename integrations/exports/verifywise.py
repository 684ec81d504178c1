"""VerifyWise: events of use, vendors and models as the bodies of requests.

Events are about people who are told apart; a code becomes an address that leads nowhere. Use that no
log gives a person for cannot be sent. Texts that it wants and nobody gave say that they were not
assessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from integrations.exports import (
    NOT_ASSESSED,
    Asked,
    Export,
    File,
    LeftOut,
    Loaded,
    as_json,
    as_lines,
)  # fmt: skip
from scanner.errors import UsageError
from scanner.model import HandedSupplier, HandedSystem, Handover, SystemKind, Usage

MOST_EVENTS = 10_000
STATUSES = ("Approved", "Restricted", "Pending", "Blocked", "Rejected")
_STATUSES = {
    "approved": "Approved", "approved_with_conditions": "Restricted", "restricted": "Restricted",
    "rejected": "Rejected",
}  # fmt: skip
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_NO_ADDRESS = re.compile(r"[^A-Za-z0-9._-]+")
_NOBODY = "pseudonym.invalid"


def write(handed: Handover, given: Mapping[str, str]) -> Iterator[File | LeftOut]:
    """Yield files of events, of at most 10,000 each, and the bodies of vendors and models."""
    events = iter(handed.usages)
    number = 0
    while some := list(islice(events, MOST_EVENTS)):
        number += 1
        body = {"events": [_event(one) for one in some]}
        yield File(f"verifywise-events-{number:03}.json", as_json(body))
    if not number:
        yield LeftOut("events", "no log that was read names the people behind connections")
    assignee = _assignee(given)
    names = {one.id: one.name for one in handed.systems}
    vendors = (_vendor(one, names, assignee) for one in handed.suppliers)
    yield File("verifywise-vendors.ndjson", as_lines(vendors))
    bodies = {one.id: list(_models(one, handed)) for one in handed.systems}
    models = [body for several in bodies.values() for body in several]
    yield File("verifywise-models.ndjson", as_lines(models))
    for key in (key for key, several in bodies.items() if not several):
        yield LeftOut(f"{names[key]}, as a model", "no model in it is known")


def address_of(person: str) -> str:
    """Return an address for whoever is stored: their own, or one that no mail ever reaches."""
    if _ADDRESS.fullmatch(person):
        return person
    local = _NO_ADDRESS.sub("-", person).strip(".-")[:64] or "unknown"
    return f"{local}@{_NOBODY}"


def _event(one: Usage) -> dict[str, Any]:
    event: dict[str, Any] = {
        "user_email": address_of(one.person),
        "destination": one.host,
        "timestamp": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "action": "blocked" if one.is_blocked else "allowed",
    }
    if one.unit:
        event["department"] = one.unit
    return event


def _assignee(given: Mapping[str, str]) -> int:
    text = given["assignee"]
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageError(f"assignee is the number of a user, 1 or more, and not {text!r}")
    return int(text)


def _vendor(one: HandedSupplier, names: Mapping[str, str], assignee: int) -> dict[str, Any]:
    systems = [names[each] for each in one.systems if each in names]
    body: dict[str, Any] = {
        "vendor_name": one.name,
        "vendor_provides": ", ".join(systems) or "models or services of another supplier",
        "website": one.urls.get("website") or "not known",
        "vendor_contact_person": "not known",
        "assignee": assignee,
        "review_status": "Reviewed" if one.verdict else "Not started",
    }
    if one.verdict:
        body["review_result"] = one.verdict.replace("_", " ")
    return body


def _models(one: HandedSystem, handed: Handover) -> Iterator[dict[str, Any]]:
    """Yield a body for each model of a system; for a service whose models nobody knows, itself."""
    found = [dict(each) for each in one.fields.get("models") or ()]
    maker = ", ".join(handed.names.get(key, key) for key in one.suppliers) or "not known"
    own = [{"maker": maker, "model": one.name, "version": ""}]
    for each in found or (own if one.kind is not SystemKind.BUILT else ()):
        yield {
            "provider": each["maker"] or maker,
            "model": each["model"],
            "version": each["version"] or "not known",
            "capabilities": ", ".join(one.texts("technique_class")) or NOT_ASSESSED,
            "status": _STATUSES.get(one.text("approval_status"), "Pending"),
            "status_date": one.text("last_reviewed")[:10] or handed.made_at.date().isoformat(),
            "reference_link": f"https://{one.hosts[0]}" if one.hosts else "not known",
            "biases": NOT_ASSESSED,
            "limitations": NOT_ASSESSED,
            "hosting_provider": maker if one.kind is SystemKind.USED else "not known",
            "security_assessment": False,
            "provider_model": f"{each['maker'] or maker} {each['model']}",
        }


EXPORT = Export(
    name="verifywise",
    title="VerifyWise",
    reference="https://github.com/bluewave-labs/verifywise",
    read="f140536",
    files=(
        Loaded(
            "verifywise-events-NNN.json",
            "who used what on which day, at most 10,000 a file",
            "`POST /api/v1/shadow-ai/events` with `X-API-Key`",
        ),
        Loaded("verifywise-vendors.ndjson", "suppliers", "each line: `POST /api/vendors`"),
        Loaded(
            "verifywise-models.ndjson",
            "models of AI systems",
            "each line: `POST /api/modelInventory`",
        ),
    ),
    asked=(
        Asked(
            "assignee",
            "the number of the user there who answers for the vendors",
            is_required=True,
            example="1",
        ),
    ),
    write=write,
    note="It scores what it does not know as bad; what we do not know is left out, or said.",
)
