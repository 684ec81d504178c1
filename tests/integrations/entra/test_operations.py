"""Everything that Entra is asked: declared, explained, and safe to read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from integrations.connector import Size, Trouble
from integrations.entra import CONNECTOR
from integrations.entra.errors import meaning, sign_in_advice
from integrations.entra.hosts import HOSTS
from integrations.entra.premium import AZURE_READER, POWER_PLATFORM
from integrations.fields import Item, Projection
from integrations.operations import Operation, Profile
from integrations.permissions import needed
from scanner.model import App, Assignment, Grant

OPERATIONS = pytest.mark.parametrize("operation", CONNECTOR.operations, ids=lambda one: one.id)
GOLDEN = Path(__file__).parents[1] / "golden" / "entra"
HOSTILE: tuple[Any, ...] = (
    None, 7, -1e300, True, "x", "[{", [], {}, [[]], [7], [{"id": {}}], {"id": []},
)  # fmt: skip
READS = re.compile(r"\.Read(Basic)?\.All$")
ROLES = (AZURE_READER, POWER_PLATFORM)
# Where a sample of Microsoft's breaks Microsoft's own schema; what is read is not touched by it.
CONTRADICTIONS = {"directoryAudits": ('"Type"', "the schema calls it type")}


@OPERATIONS
def test_every_operation_is_explained(operation: Operation) -> None:
    assert operation.id.startswith("entra.")
    assert operation.why
    assert operation.reference.startswith("https://learn.microsoft.com/")
    assert operation.fields
    assert operation.scopes
    assert operation.items
    assert set(operation.people) <= set(operation.fields)
    assert operation.quota in CONNECTOR.quotas
    assert operation.host in HOSTS[""]


@OPERATIONS
def test_no_operation_needs_a_scope_that_can_write(operation: Operation) -> None:
    assert not operation.can_write
    named = [scope for scopes in operation.scopes for scope in scopes]
    assert all(READS.search(one) or one in ROLES for one in named)


@OPERATIONS
def test_what_is_selected_is_read_and_the_other_way_round(operation: Operation) -> None:
    selected = operation.query.get("$select", "")
    if selected:
        expanded = operation.query.get("$expand", "").partition("(")[0]
        named = {*selected.split(","), *([expanded] if expanded else [])}
        assert {one.partition(".")[0].removesuffix("[]") for one in operation.fields} <= named


@OPERATIONS
def test_hostile_items_raise_nothing(operation: Operation) -> None:
    parameters = {"app": "a", "detected": "d", "resource": "r", "stream": "s", "tenant": "t"}
    names = [one.replace("[]", "").split(".") for one in operation.fields]
    for value in HOSTILE:
        item = Item({path[0]: value for path in names})
        list(operation.parse(item, parameters))
        list(operation.parse(item, {}))
        list(operation.parse(Item(_nested(names, value)), parameters))
    assert list(operation.parse(Item({}), {})) == []
    assert list(operation.parse(Item("no object"), {})) == []


def _nested(paths: list[list[str]], value: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in paths:
        here = found
        for part in path[:-1]:
            here = here.setdefault(part, {})
        here[path[-1]] = value
    return found


def test_ids_are_unique_and_every_one_is_planned() -> None:
    ids = [one.id for one in CONNECTOR.operations]
    assert len(ids) == len(set(ids))
    assert set(CONNECTOR.requests(Size(10, 10, 10))) == set(ids)


def test_the_core_profile_needs_three_scopes_that_read() -> None:
    core = CONNECTOR.of_profile(Profile.CORE)
    assert [one.scope for one in needed(core)] == [
        "Application.Read.All",
        "AuditLog.Read.All",
        "Directory.Read.All",
    ]


def test_the_plan_of_a_large_tenant() -> None:
    planned = CONNECTOR.requests(Size(people=100_000, apps=5_000, grants=200_000))
    assert planned["entra.users"] == 101
    assert planned["entra.delegated_grants"] == 201
    assert planned["entra.service_principals"] == 6
    core = sum(planned[one.id] for one in CONNECTOR.of_profile(Profile.CORE))
    assert core < 500


def test_the_link_by_which_an_administrator_consents() -> None:
    settings = {"tenant": "example.com", "client_id": "abc", "cloud": "usgov"}
    told = CONNECTOR.consent(settings, ["Directory.Read.All", "Azure role Reader"])
    assert "https://login.microsoftonline.us/example.com/adminconsent?client_id=abc" in told
    assert "application permissions Directory.Read.All." in told
    assert "No consent gives Azure role Reader" in told


def of(id_: str) -> Operation:
    found = CONNECTOR.operation(f"entra.{id_}")
    assert found is not None
    return found


def refusal(code: str, message: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "innerError": {"request-id": "r"}}}


@pytest.mark.parametrize(
    ("id_", "status", "body", "trouble", "advice"),
    [
        ("users", 403, refusal("Authorization_RequestDenied"), Trouble.DENIED, "Directory.Read.All"),
        ("sign_ins", 403, refusal("Authentication_RequestFromNonPremiumTenantOrB2CTenant"),
         Trouble.NOT_LICENSED, "Microsoft Entra ID P1"),
        ("consents", 403, refusal("Authentication_MSGraphPermissionMissing"),
         Trouble.DENIED, "AuditLog.Read.All with Directory.Read.All"),
        ("sign_ins", 403, refusal("Authentication_RequestFromUnsupportedUserRole"),
         Trouble.DENIED, "role"),
        ("users", 401, refusal("InvalidAuthenticationToken"), Trouble.SIGN_IN, "token"),
        ("users", 400, refusal("Directory_ExpiredPageToken"), Trouble.RESTART, "expired"),
        ("detected_apps", 400, refusal("BadRequest", "Request not applicable to target tenant."),
         Trouble.NOT_LICENSED, "Microsoft Intune"),
        ("oauth_apps", 400, refusal("BadRequest", "Failed to resolve table or column expression"),
         Trouble.NOT_LICENSED, "app governance"),
        ("azure_resources", 403, refusal("AuthorizationFailed"), Trouble.DENIED, "assign the application the Azure role Reader"),
        ("users", 400, refusal("BadRequest", "Could not find a property"), Trouble.WRONG, "property"),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(
    id_: str, status: int, body: object, trouble: Trouble, advice: str
) -> None:
    found = meaning(status, {}, body, of(id_))
    assert found is not None
    assert (found.trouble, advice in found.advice) == (trouble, True), found


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"value": []}),
        (429, refusal("TooManyRequests")),
        (503, None),
        (404, None),
        (400, "no"),
    ],
)
def test_other_answers_are_left_to_their_status(status: int, body: object) -> None:
    assert meaning(status, {}, body, of("users")) is None


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (7000215, "the secret's value"),
        (7000222, "has expired"),
        (700024, "clock"),
        (700027, "certificate"),
        (700016, "client_id"),
        (90002, "no such tenant"),
    ],
)
def test_the_token_service_says_what_to_do(code: int, advice: str) -> None:
    said = {"error": "invalid_client", "error_description": f"AADSTS{code}: no.\r\nTrace ID: x"}
    assert advice in sign_in_advice(said)
    assert advice in sign_in_advice({"error": "invalid_client", "error_codes": [code]})
    assert sign_in_advice({"error_description": "AADSTS1: new.\r\nTrace ID: x"}).endswith("new.")


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert found["source"]
    assert found["licence"]
    return found


@pytest.mark.parametrize(
    ("name", "id_", "kinds"),
    [
        ("oauth2PermissionGrants", "delegated_grants", [Grant]),
        ("appRoleAssignedTo", "assignments", [Assignment]),
        ("detectedApps", "detected_apps", [App]),
        ("directoryAudits", "consents", []),
    ],
)
def test_the_vendor_s_own_samples_are_read(name: str, id_: str, kinds: list[type]) -> None:
    operation = of(id_)
    (raw,) = golden(name)["response"]["value"]
    item = Item(Projection(operation.fields).of(raw))
    assert [type(one) for one in operation.parse(item, {})][:1] == kinds
    assert not item.bad


def test_the_vendor_s_own_refusal_is_understood() -> None:
    found = meaning(403, {}, golden("error_403")["response"], of("users"))
    assert found is not None
    assert found.trouble is Trouble.DENIED


def test_contradictions_of_samples_are_still_there() -> None:
    for name, (written, _) in CONTRADICTIONS.items():
        assert written in json.dumps(golden(name))
