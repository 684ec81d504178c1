"""Defender's discovery and hunting, and what Azure says."""

from __future__ import annotations

import json

from integrations.entra.azure import agent, deployment, has_models, resource
from integrations.entra.discovery import discovered_app, discovered_user, oauth_app
from integrations.entra.products import (
    AI_FOUNDRY,
    AI_SERVICES,
    AZURE_OPENAI,
    COPILOT_STUDIO,
    MACHINE_LEARNING,
    product_of,
)
from integrations.fields import Item
from scanner.model import Activity, App, Asset, Assignment, Consent, Grant, Person, Way
from tests.support import at


def test_an_application_that_traffic_went_to() -> None:
    item = {
        "id": "25399",
        "displayName": "Claude",
        "domains": ["claude.ai", "anthropic.com"],
        "category": "generativeAi",
        "tags": ["Unsanctioned"],
        "lastSeenDateTime": "2026-11-19T00:00:00Z",
        "transactionCount": 812,
        "userCount": 17,
        "uploadNetworkTrafficInBytes": 9000000,
    }
    assert list(discovered_app(Item(item), {"stream": "s"})) == [
        App(
            "discovered:25399",
            "Claude",
            urls=("https://claude.ai", "https://anthropic.com"),
            kind="generativeAi",
            is_named_by_catalogue=True,
        ),
        Activity(
            "discovered:25399",
            when=at("2026-11-19T00:00:00Z"),
            events=812,
            people=17,
            bytes_up=9000000,
            detail="Unsanctioned",
        ),
    ]


def test_f17_people_of_traffic_who_are_not_named_are_nobody() -> None:
    asked = {"stream": "s", "app": "25399"}
    assert list(discovered_user(Item({"userIdentifier": "Ana@example.com"}), asked)) == [
        Person("ana@example.com", "Ana@example.com"),
        Activity("discovered:25399", "ana@example.com", detail="seen in traffic"),
    ]
    assert list(discovered_user(Item({"userIdentifier": "AnonymousUser12"}), asked)) == [
        Activity("discovered:25399", detail="seen in traffic; the name is concealed")
    ]


def test_a_row_of_app_governance() -> None:
    permissions = [
        {"PermissionName": "Mail.Read", "TargetAppDisplayName": "Microsoft Graph",
         "PermissionType": "Delegated"},
        {"PermissionName": "Files.Read.All", "TargetAppDisplayName": "Microsoft Graph",
         "PermissionType": "Application"},
        {"PermissionName": "User.Read", "TargetAppDisplayName": "Microsoft Graph",
         "PermissionType": "Delegated"},
    ]  # fmt: skip
    item = Item(
        {
            "OAuthAppId": "c1",
            "ServicePrincipalId": "a1",
            "AppName": "Notes",
            "AppStatus": "Enabled",
            "AppOrigin": "External",
            "Publisher": "Notes Ltd",
            "LastUsedTime": "2026-11-02T00:00:00Z",
            "ConsentedUsersCount": 4,
            "IsAdminConsented": False,
            "PermissionsJson": json.dumps(permissions),
        }
    )
    used = at("2026-11-02T00:00:00Z")
    assert list(oauth_app(item, {})) == [
        App("a1", "Notes", idp="entra", client_id="c1", publisher="Notes Ltd", is_enabled=True),
        Grant(
            "a1",
            ("Mail.Read", "User.Read"),
            "Microsoft Graph",
            consent=Consent.USER,
            last_used=used,
        ),
        Grant(
            "a1",
            ("Files.Read.All",),
            "Microsoft Graph",
            Way.APPLICATION,
            Consent.ADMIN,
            last_used=used,
        ),
        Assignment("a1", people=4),
    ]


def test_permissions_that_cannot_be_read_are_counted() -> None:
    item = Item({"OAuthAppId": "C1", "PermissionsJson": "[{"})
    assert list(oauth_app(item, {})) == [App("client:c1", idp="entra", client_id="C1")]
    assert item.bad == {"PermissionsJson": 1}


ACCOUNT = "microsoft.cognitiveservices/accounts"


def test_azure_resources_by_type_and_kind() -> None:
    assert product_of("Microsoft.CognitiveServices/accounts", "OpenAI") is AZURE_OPENAI
    assert product_of(ACCOUNT, "AIServices") is AI_FOUNDRY
    assert product_of(ACCOUNT, "SpeechServices") is AI_SERVICES
    assert product_of("microsoft.machinelearningservices/workspaces", "Default") is MACHINE_LEARNING
    assert product_of("microsoft.machinelearningservices/workspaces", "Hub") is AI_FOUNDRY
    assert has_models(Item({"type": ACCOUNT, "kind": "OpenAI"}))
    assert not has_models(Item({"type": ACCOUNT, "kind": "TextAnalytics"}))


def test_a_resource_of_a_subscription() -> None:
    item = {
        "id": "/subscriptions/S/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/x",
        "name": "x",
        "type": ACCOUNT,
        "kind": "OpenAI",
        "location": "swedencentral",
        "created": "2026-04-01T10:00:00Z",
        "endpoint": "https://x.openai.azure.com/",
        "owner": "ana@example.com",
    }
    assert list(resource(Item(item), {})) == [
        AZURE_OPENAI.app(),
        Asset(
            "product:azure-openai",
            "OpenAI",
            item["id"].lower(),
            "x",
            "ana@example.com",
            at("2026-04-01T10:00:00Z"),
            detail="swedencentral, x.openai.azure.com",
        ),
    ]


def test_agents_and_flows_of_copilot_studio() -> None:
    item = {
        "name": "b1",
        "type": "microsoft.copilotstudio/agents",
        "displayName": "Travel",
        "createdAt": "2026-02-03T00:00:00Z",
        "ownerId": "p1",
        "createdBy": "p2",
        "environmentId": "e1",
        "lastPublishedAt": "",
    }
    asset = Asset(
        "product:copilot-studio",
        "agent",
        "b1",
        "Travel",
        "p1",
        at("2026-02-03T00:00:00Z"),
        detail="environment e1",
    )
    assert list(agent(Item(item), {})) == [COPILOT_STUDIO.app(), asset]
    flow = item | {"type": "microsoft.powerautomate/m365agentflows", "ownerId": None}
    assert list(agent(Item(flow), {})) == [
        COPILOT_STUDIO.app(),
        asset._replace(kind="agent flow", owner="p2"),
    ]


def test_a_model_that_was_deployed() -> None:
    item = {
        "id": "/subscriptions/S/.../deployments/chat",
        "name": "chat",
        "properties": {"model": {"format": "OpenAI", "name": "gpt-4o", "version": "2024-08-06"}},
        "systemData": {
            "createdBy": "ana@example.com",
            "createdByType": "User",
            "createdAt": "2026-06-01T00:00:00Z",
        },
    }
    asset = Asset(
        "product:azure-openai",
        "model deployment",
        "/subscriptions/s/.../deployments/chat",
        "chat",
        "ana@example.com",
        at("2026-06-01T00:00:00Z"),
        detail="OpenAI gpt-4o 2024-08-06",
    )
    assert list(deployment(Item(item), {"kind": "OpenAI"})) == [AZURE_OPENAI.app(), asset]
    by_machine = item | {"systemData": {"createdBy": "app-id", "createdByType": "Application"}}
    assert list(deployment(Item(by_machine), {"kind": "AIServices"})) == [
        AI_FOUNDRY.app(),
        asset._replace(app="product:azure-ai-foundry", owner="", created=None),
    ]
