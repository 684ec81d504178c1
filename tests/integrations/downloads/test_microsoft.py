"""Microsoft's: Graph Explorer's answers, the portal's list, Intune's inventory."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.downloads.entra_audit_log import DOWNLOAD as AUDIT
from integrations.downloads.entra_enterprise_apps import DOWNLOAD as ENTERPRISE
from integrations.downloads.entra_sign_ins import DOWNLOAD as SIGN_INS
from integrations.downloads.graph_json import DOWNLOAD as GRAPH
from integrations.downloads.intune_apps import DOWNLOAD as INTUNE
from integrations.files import NamedFile, account_inputs
from scanner.model import (
    Activity,
    App,
    Assignment,
    Consent,
    Grant,
    Install,
    Person,
    Record,
    SourceState,
    Way,
)
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


_CHATGPT = "e0476654-c1d5-430b-ab80-70cbd947616a"
_SIGN_INS = (
    "\ufeffDate (UTC),User,Username,Application,Application ID ,Status,Sign-in error code\n"
    f"2026-11-04T08:00:00Z,Ana,ana@h,ChatGPT,{_CHATGPT},Success,0\n"
    f"2026-11-04T09:00:00Z,Ben,ben@h,ChatGPT,{_CHATGPT},Failure,65001\n"
    f"2026-11-04T10:00:00Z,Ben,ben@h,ChatGPT,{_CHATGPT},Interrupted,50074\n"
)


def _signed_in(error: int, person: str, time: str) -> dict[str, object]:
    return {"id": time, "createdDateTime": time, "appId": _CHATGPT, "appDisplayName": "ChatGPT",
            "userPrincipalName": person, "status": {"errorCode": error}}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        _SIGN_INS,
        json.dumps(
            [
                _signed_in(0, "ana@h", "2026-11-04T08:00:00Z"),
                _signed_in(65001, "ben@h", "2026-11-04T09:00:00Z"),
                _signed_in(50074, "ben@h", "2026-11-04T10:00:00Z"),
            ]
        ),
    ],
    ids=["CSV", "JSON"],
)
def test_who_signed_in_and_who_was_refused(text: str) -> None:
    key = f"client:{_CHATGPT}"
    assert read(SIGN_INS, text) == [
        App(key, "ChatGPT", "entra", _CHATGPT),
        Activity(key, "ana@h", at("2026-11-04T08:00:00Z"), detail="sign-in"),
        Activity(key, "ben@h", at("2026-11-04T09:00:00Z"), is_blocked=True, detail="sign-in"),
    ]


def test_a_consent_names_its_application_where_nothing_else_does() -> None:
    records = read(AUDIT, AUDIT.samples["AuditLogs.csv"])
    assert records == [
        App("0a1f7c1e-0000-4000-8000-000000000001", "ChatGPT", idp="entra"),
        Person("u1", "ana@harbour.example"),
        Grant(
            "0a1f7c1e-0000-4000-8000-000000000001",
            ("Mail.Read",),
            "r",
            consent=Consent.ADMIN,
            granted_by="u1",
            granted=at("2026-10-23T16:40:00Z"),
        ),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_applications_as_powershell_lists_them(encoding: str) -> None:
    text = (
        "#TYPE Microsoft.Graph.PowerShell.Models.MicrosoftGraphServicePrincipal\n"
        '"AccountEnabled","AppId","AppOwnerOrganizationId","DisplayName","Id"\n'
        f'"True","{_CHATGPT}","a48c","ChatGPT","0a1f"\n'
    )
    assert read(ENTERPRISE, text.encode(encoding)) == [
        App("0a1f", "ChatGPT", "entra", _CHATGPT, owner_tenant="a48c", is_enabled=True)
    ]


def test_what_a_command_line_prints_has_no_context() -> None:
    item = {"id": "0a1f", "appId": _CHATGPT, "displayName": "ChatGPT", "servicePrincipalType": "Application"}  # fmt: skip
    for text in (json.dumps([item]), json.dumps({"value": [item]})):
        (app,) = read(GRAPH, text)
        assert isinstance(app, App)
        assert app.client_id == _CHATGPT


def _states(folder: Path, *pages: bool) -> list[SourceState]:
    """Return the states of pages, of which each either goes on or not."""
    context = "https://graph.microsoft.com/v1.0/$metadata#oauth2PermissionGrants"
    files = []
    for number, goes_on in enumerate(pages):
        page = {"@odata.context": context, "value": [{"clientId": f"a{number}", "scope": "b"}]}
        if goes_on:
            page["@odata.nextLink"] = "https://graph.microsoft.com/v1.0/x"
        path = folder / f"{number}.json"
        path.write_text(json.dumps(page))
        files.append(NamedFile(path, path.name))
    (account,), _ = account_inputs(files)
    with account.open(lambda _: None) as opened:
        return [one.state for one in opened.listings()]


def test_pages_are_whole_with_the_last_of_them(tmp_path: Path) -> None:
    assert _states(tmp_path, True) == [SourceState.PARTIAL]
    assert _states(tmp_path, True, False) == [SourceState.COMPLETE] * 2
