"""Entra's logs: who consented and when, and who signed in."""

from __future__ import annotations

import json
from typing import Any

from integrations.entra.audit import (
    ADDED,
    CONSENT,
    DELEGATED,
    ROLE,
    directory_audit,
    last_sign_in,
    sign_in,
    sign_in_summary,
)
from integrations.fields import Item
from scanner.model import Activity, App, Consent, Grant, Owner, Person, Way
from tests.support import at

WHEN = at("2026-09-13T01:22:12.549350Z")


def audit(activity: str, target: dict[str, Any], **values: str) -> Item:
    """Return an event as Graph writes it: each value is JSON in a text."""
    properties = [
        {"displayName": name.replace("_", "."), "newValue": json.dumps(value)}
        for name, value in values.items()
    ]
    return Item(
        {
            "activityDisplayName": activity,
            "activityDateTime": "2026-09-13T01:22:12.54935Z",
            "result": "success",
            "initiatedBy": {"user": {"id": "ana", "displayName": "Azure ESTS Service"}},
            "targetResources": [target | {"modifiedProperties": properties}, {"id": "other"}],
        }
    )


APP = {"id": "app", "displayName": "ChatGPT", "type": "ServicePrincipal"}
GRAPH = {"id": "graph", "displayName": "Microsoft Graph", "type": "ServicePrincipal"}
ENTRY = (
    "[Id: KKVD, ClientId: app, PrincipalId: {who}, ResourceId: graph, ConsentType: {kind}, "
    "Scope:  User.Read Mail.Read, CreatedDateTime: , LastModifiedDateTime ]"
)


def test_a_person_consents_for_themselves() -> None:
    after = ENTRY.format(who="ana", kind="Principal")
    values = {
        "ConsentContext.IsAdminConsent": "False",
        "ConsentAction.Permissions": f"[] => [{after}]; ",
    }
    assert list(directory_audit(audit(CONSENT, APP, **values), {})) == [
        Grant(
            "app",
            ("User.Read", "Mail.Read"),
            "graph",
            consent=Consent.USER,
            person="ana",
            granted_by="ana",
            granted=WHEN,
        )
    ]


def test_an_administrator_consents_for_everyone_and_what_was_before_is_not_told_again() -> None:
    before = ENTRY.format(who="bo", kind="Principal")
    after = ENTRY.format(who="", kind="AllPrincipals")
    values = {
        "ConsentContext.IsAdminConsent": "True",
        "ConsentAction.Permissions": f"[{before}] => [{after}, {after.replace('graph', 'exchange')}]; ",
    }
    names = {"names": '{"graph": "Microsoft Graph"}'}
    found = list(directory_audit(audit(CONSENT, APP, **values), names))
    assert [(one.resource, one.person, one.consent) for one in found if type(one) is Grant] == [
        ("Microsoft Graph", "", Consent.ADMIN),
        ("exchange", "", Consent.ADMIN),
    ]


def test_a_delegated_grant_that_was_added_names_its_client_beside_it() -> None:
    values = {
        "DelegatedPermissionGrant.Scope": " User.Read User.ReadBasic.All",
        "DelegatedPermissionGrant.ConsentType": "AllPrincipals",
        "ServicePrincipal.ObjectID": "app",
    }
    assert list(directory_audit(audit(DELEGATED, GRAPH, **values), {})) == [
        Grant(
            "app",
            ("User.Read", "User.ReadBasic.All"),
            "Microsoft Graph",
            consent=Consent.ADMIN,
            granted_by="ana",
            granted=WHEN,
        )
    ]


def test_an_application_permission_that_was_added() -> None:
    values = {"AppRole.Value": "Mail.ReadWrite", "ServicePrincipal.ObjectID": "app"}
    assert list(directory_audit(audit(ROLE, GRAPH, **values), {})) == [
        Grant(
            "app",
            ("Mail.ReadWrite",),
            "Microsoft Graph",
            Way.APPLICATION,
            Consent.ADMIN,
            granted_by="ana",
            granted=WHEN,
        )
    ]


def test_who_brought_an_application_may_own_it() -> None:
    assert list(directory_audit(audit(ADDED, APP), {})) == [
        Owner("app", "ana", "brought the application into the tenant")
    ]


def test_who_did_it_is_named_though_they_may_have_left() -> None:
    by = {"user": {"id": "ana", "userPrincipalName": "ana@example.com"}}
    item = Item({"activityDisplayName": ADDED, "initiatedBy": by, "targetResources": [APP]})
    assert list(directory_audit(item, {})) == [
        Person("ana", "ana@example.com"),
        Owner("app", "ana", "brought the application into the tenant"),
    ]


def test_what_failed_and_what_is_removed_changes_nothing() -> None:
    """A consent that is widened writes a removal beside the adding, with the same content."""
    values = {"DelegatedPermissionGrant.Scope": "User.Read", "ServicePrincipal.ObjectID": "app"}
    removal = audit("Remove delegated permission grant", GRAPH, **values)
    assert list(directory_audit(removal, {})) == []
    failed = Item({"result": "failure", "activityDisplayName": ADDED, "targetResources": [APP]})
    assert list(directory_audit(failed, {})) == []


def test_values_that_are_no_json_are_taken_as_they_are() -> None:
    item = Item(
        {
            "activityDisplayName": ROLE,
            "initiatedBy": {"user": {"userPrincipalName": "ana@example.com"}},
            "targetResources": [
                {
                    "id": "graph",
                    "modifiedProperties": [
                        {"displayName": "AppRole.Value", "newValue": "Mail.Read"},
                        {"displayName": "ServicePrincipal.ObjectID", "newValue": '"app'},
                    ],
                }
            ],
        }
    )
    (grant,) = directory_audit(item, {})
    assert isinstance(grant, Grant)
    assert (grant.app, grant.scopes, grant.granted_by) == (
        '"app',
        ("Mail.Read",),
        "ana@example.com",
    )


def test_sign_ins_that_succeeded_or_were_blocked_by_a_policy() -> None:
    item = {"id": "1", "createdDateTime": "2026-11-01T08:00:00Z", "userId": "ana", "appId": "c"}
    asked = {"app": "a", "client": "c"}
    when = at("2026-11-01T08:00:00Z")
    assert list(sign_in(Item(item | {"status": {"errorCode": 0}}), asked)) == [
        Activity("a", "ana", when, detail="sign-in")
    ]
    blocked = item | {"status": {"errorCode": 53003}, "conditionalAccessStatus": "failure"}
    assert list(sign_in(Item(blocked), asked)) == [
        Activity("a", "ana", when, is_blocked=True, detail="sign-in")
    ]
    asked_for_more = item | {"status": {"errorCode": 50074}}
    assert list(sign_in(Item(asked_for_more), asked)) == []


def test_last_use_and_counts_know_the_client_id_alone() -> None:
    last = {"appId": "C1", "lastSignInActivity": {"lastSignInDateTime": "2026-11-02T00:00:00Z"}}
    app = App("client:c1", idp="entra", client_id="C1")
    assert list(last_sign_in(Item(last), {})) == [
        app,
        Activity("client:c1", when=at("2026-11-02T00:00:00Z"), detail="last sign-in"),
    ]
    counted = {"appId": "C1", "appDisplayName": "ChatGPT", "successfulSignInCount": 1024}
    assert list(sign_in_summary(Item(counted), {})) == [
        app._replace(name="ChatGPT"),
        Activity("client:c1", events=1024, detail="sign-ins in 30 days"),
    ]
    assert list(sign_in_summary(Item(counted | {"successfulSignInCount": 0}), {})) == []
