"""Every operation is held against its vendor's own contract; what no contract holds is named here.

Google's operations are held against Google's description of them in google/test_operations.py,
those of AWS against botocore's models in aws/.
"""

from __future__ import annotations

import json
import re

import pytest

from integrations.connector import Connector
from integrations.operations import Operation
from scanner.registry import CONNECTORS, values
from tests.integrations.contracts.extract import HERE
from tests.integrations.contracts.held import LARGEST, contract, missing

VENDORS = {"entra": "graph"} | {
    one: one for one in ("okta", "github", "slack", "openai", "anthropic")
}
ELSEWHERE = {
    "google": "google/test_operations.py, against Google's discovery documents",
    "aws": "aws/, against botocore's models",
    "dns": "the contract is RFC 1035; ../dns asks a server",
    "cursor": "its vendor publishes pages for people and no contract",
}
_BETA = "it is of Graph's beta, whose types were not to be had"
_AZURE = "it is of Azure's own interface, which is not in the extracts"
_REPORT = "what a report holds is in no contract: the answer is an address"

# What no contract holds at all, and why. Such an operation must not say that one does.
NOT_HELD = {
    "entra.organisation": "the type organization is not among the extract's; path and scopes are",
    "entra.sign_in_activity": f"{_BETA}; the table of permissions has its path and no permission",
    "entra.sign_in_summary": _BETA,
    "entra.copilot_usage": _REPORT,
    "entra.discovery_streams": _BETA,
    "entra.discovered_apps": _BETA,
    "entra.discovered_users": _BETA,
    "entra.oauth_apps": "what a hunting query answers is what the query says; the table of "
    "permissions has the path by another name (getRunHuntingQuery)",
    "entra.azure_resources": _AZURE,
    "entra.studio_agents": _AZURE,
    "entra.deployments": _AZURE,
    "okta.organisation": "a well-known address, beside the interface that the contract is of",
    "github.organisation": "left out of the extract's source",
    "github.blob": "left out of the extract's source",
    "github.copilot_use": _REPORT,
    "openai.me": "no path of the administration; OpenAI's help page names it",
    "anthropic.console_usage": "the SDK has no type of it; the reference shows one",
    "anthropic.console_costs": "the SDK has no type of it; the reference shows one",
    "anthropic.claude_code": "the SDK has no type of it; the reference shows one",
    "slack.identity": "left out of the extract's source",
    "slack.mcp_servers": "Slack's contract is of 2021; its SDK has the method and no type",
}
_APPS_ONLY = "GitHub's schema of app permissions does not list it yet; the reference does"
_TOKENS = "a scope of classic tokens, of which GitHub's contract holds none"
_YOUNGER = "younger than Slack's contract of 2021; the reference has it"
# What a contract lacks of an operation that it holds otherwise, and why it stands.
DEPARTURES = {
    "entra.delegated_grants": {
        "scope DelegatedPermissionGrant.Read.All": "in the catalogue, not in this path's table",
    },
    "github.copilot_spaces": {"scope organization_copilot_spaces:read": _APPS_ONLY},
    "github.enterprise_copilot_seats": {"scope read:enterprise": _TOKENS},
    "github.custom_agents": {"scope admin:enterprise": _TOKENS},
    "github.ai_credits": {"scope manage_billing:enterprise": _TOKENS},
    "github.premium_requests": {"scope manage_billing:enterprise": _TOKENS},
    "anthropic.api_keys": {"field workspace_id": "peers' test data has it, the SDK's type not"},
    "slack.requested_apps": {"query enterprise_id": _YOUNGER},
    "slack.users": {
        "scope users:read.email": "of the field email; the contract names the method's scope alone",
        "field is_workflow_bot": _YOUNGER,
        "field profile.api_app_id": "the contract's example has no bot",
    },
}


def connectors() -> dict[str, Connector]:
    return {one.name: one for one in values(CONNECTORS)}


def linted() -> list[tuple[str, Operation]]:
    return [
        (vendor, operation)
        for name, vendor in VENDORS.items()
        for operation in connectors()[name].operations
    ]


OPERATIONS = pytest.mark.parametrize(("vendor", "operation"), linted(), ids=lambda one: (
    one.id if isinstance(one, Operation) else ""
))  # fmt: skip


def test_every_connector_has_a_contract_or_a_reason() -> None:
    assert connectors().keys() <= VENDORS.keys() | ELSEWHERE.keys()


@OPERATIONS
def test_the_contract_holds_it_or_it_is_listed(vendor: str, operation: Operation) -> None:
    found = missing(vendor, operation)
    if operation.id in NOT_HELD:
        assert found, f"{operation.id} is held now: take it off the list"
        assert not [one for one in found if one.startswith(("can_write", "page"))]
    else:
        assert found == list(DEPARTURES.get(operation.id, {}))


@OPERATIONS
def test_it_says_contract_where_one_holds_it(vendor: str, operation: Operation) -> None:
    assert ("contract" in operation.verified_by) is (operation.id not in NOT_HELD), vendor


def test_what_is_listed_is_declared() -> None:
    ids = {operation.id for _, operation in linted()}
    assert NOT_HELD.keys() | DEPARTURES.keys() <= ids
    assert not NOT_HELD.keys() & DEPARTURES.keys()
    assert {name for _, most in LARGEST.values() for name in most} - {"default", "usage"} <= ids


@pytest.mark.parametrize("vendor", sorted(VENDORS.values()))
def test_a_contract_says_where_it_is_from(vendor: str) -> None:
    sources = list(contract(vendor)["sources"].values())
    assert sources
    assert all(re.search(r"\d.*(MIT|Apache-2\.0)$", one) for one in sources), sources
    assert (HERE / f"{vendor}.json").stat().st_size < 64_000
    for held in json.dumps(contract(vendor)), (HERE / "README.md").read_text("utf-8"):
        assert "http://" not in held
    assert f"`{vendor}.json`" in (HERE / "README.md").read_text("utf-8")


def test_a_lint_that_finds_nothing_would_find_something() -> None:
    from dataclasses import replace

    okta = connectors()["okta"].operation("okta.apps")
    assert okta is not None
    wrong = replace(
        okta,
        path="/api/v1/apps",
        method="POST",
        query={"limit": "201", "colour": "blue"},
        scopes=(("okta.apps.manage",),),
        fields=(*okta.fields, "settings.prompt"),
    )
    assert missing("okta", wrong) == [
        "method POST",
        "query colour",
        "scope okta.apps.manage",
        "field settings.prompt",
        "page 201 of 200",
        "page 201, planned 200",
        "can_write is False with okta.apps.manage",
    ]
    graph = connectors()["entra"].operation("entra.users")
    assert graph is not None
    other = replace(
        graph,
        query={"$select": "id,publisherName", "$top": "1000", "$colour": "x"},
        scopes=(("User.ReadWrite.All",), ("Mail.Read",)),
        fields=("id", "assignedPlans.service", "assignedPlans[].colour"),
    )
    assert missing("graph", other) == [
        "scope Mail.Read",
        "query $colour",
        "field assignedPlans.service",
        "field assignedPlans[].colour",
        "field publisherName",
        "page 1000 of 999",
        "page 1000, planned 999",
        "can_write is False with User.ReadWrite.All",
    ]
