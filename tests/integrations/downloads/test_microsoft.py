"""Microsoft's: Graph Explorer's answers, the portal's list, Intune's inventory."""

import json
from typing import Any

import pytest

from integrations.downloads.graph_json import DOWNLOAD as GRAPH
from integrations.downloads.intune_apps import DOWNLOAD as INTUNE
from scanner.model import Activity, App, Assignment, Consent, Grant, Install, Person, Record, Way
from tests.integrations.downloads.support import read
from tests.support import at

_SP = "0a1f7c1e-0000-4000-8000-000000000001"


def _answer(context: str, *items: dict[str, Any]) -> list[Record]:
    version = "beta" if "reports/" in context or "security" in context else "v1.0"
    whole = f"https://graph.microsoft.com/{version}/$metadata#{context}"
    return read(GRAPH, json.dumps({"@odata.context": whole, "value": list(items)}))


def test_delegated_grants() -> None:
    item = {"clientId": _SP, "consentType": "AllPrincipals", "resourceId": "r", "scope": " a b"}
    assert _answer("oauth2PermissionGrants", item) == [
        Grant(_SP, ("a", "b"), "r", consent=Consent.ADMIN)
    ]


def test_a_service_principal_with_what_it_was_granted_for_itself() -> None:
    role = {
        "appRoleId": "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
        "principalId": _SP,
        "principalType": "ServicePrincipal",
        "resourceId": "r",
        "createdDateTime": "2026-03-02T08:00:00.1234567Z",
    }
    item = {"id": _SP, "displayName": "ChatGPT", "appId": "c1", "appRoleAssignments": [role, "x"]}
    context = "https://graph.microsoft.com/v1.0/$metadata#servicePrincipals(appRoleAssignments())"
    text = json.dumps({"@odata.context": context, "value": [item]})
    assert read(GRAPH, text, bad={"(item)": 1}) == [
        App(_SP, "ChatGPT", idp="entra", client_id="c1"),
        Grant(
            _SP,
            ("Mail.Read",),
            "r",
            Way.APPLICATION,
            Consent.ADMIN,
            granted=at("2026-03-02T08:00:00.123456Z"),
        ),
    ]


@pytest.mark.parametrize(
    "context", ["appRoleAssignments", f"servicePrincipals('{_SP}')/appRoleAssignedTo"]
)
def test_the_people_of_an_application(context: str) -> None:
    item = {"principalId": "u1", "principalType": "User", "resourceId": _SP, "appRoleId": "0"}
    assert _answer(context, item) == [Assignment(_SP, "u1")]


def test_people_and_their_selected_fields() -> None:
    item = {"id": "u1", "userPrincipalName": "ana@harbour.example", "accountEnabled": True}
    assert _answer("users(id,userPrincipalName,accountEnabled,manager(id))", item) == [
        Person("u1", "ana@harbour.example", is_active=True)
    ]


@pytest.mark.parametrize(
    "context",
    [
        "Collection(microsoft.graph.security.discoveredCloudAppDetail)",
        "security/dataDiscovery/cloudAppDiscovery/uploadedStreams('s')"
        "/microsoft.graph.security.aggregatedAppsDetails(period=duration'P90D')",
    ],
)
def test_applications_that_cloud_discovery_saw(context: str) -> None:
    item = {"id": "11", "displayName": "ChatGPT", "category": "generativeAi", "userCount": 4,
            "transactionCount": 9}  # fmt: skip
    assert _answer(context, item) == [
        App("discovered:11", "ChatGPT", kind="generativeAi", is_named_by_catalogue=True),
        Activity("discovered:11", events=9, people=4),
    ]


def test_subscriptions_and_sign_ins_are_recognised() -> None:
    assert _answer("subscribedSkus") == []
    assert _answer("reports/servicePrincipalSignInActivities") == []


@pytest.mark.parametrize("host", ["graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"])  # fmt: skip
def test_other_clouds_of_microsoft(host: str) -> None:
    context = f"https://{host}/v1.0/$metadata#oauth2PermissionGrants"
    text = json.dumps({"@odata.context": context, "value": [{"clientId": "a", "scope": "b"}]})
    assert read(GRAPH, text) == [Grant("a", ("b",))]


def test_a_page_that_was_cut_is_read_as_far_as_it_goes() -> None:
    context = "https://graph.microsoft.com/v1.0/$metadata#oauth2PermissionGrants"
    text = f'{{"@odata.context": "{context}", "value": [{{"clientId": "a"}}, {{"clie'
    assert read(GRAPH, text, bad={"(document)": 1}) == [Grant("a")]


def test_intune_counts_devices_or_names_them() -> None:
    assert read(
        INTUNE,
        "ApplicationName,ApplicationPublisher,ApplicationVersion,DeviceName,EmailAddress,Platform\n"
        "Cursor,Anysphere,2.1,L-7,ana@harbour.example,Windows\n"
        "Cursor,Anysphere,2.2,L-8,,Windows\n",
    ) == [
        App(
            "cursor|anysphere",
            "Cursor",
            publisher="Anysphere",
            kind="software",
            is_named_by_catalogue=True,
        ),
        Install("cursor|anysphere", "ana@harbour.example", "L-7", version="2.1"),
        Install("cursor|anysphere", device="L-8", version="2.2"),
    ]
