"""Entra's directory, item by item: what each answer means."""

from __future__ import annotations

from integrations.entra.directory import (
    agent_identity,
    application_grant,
    assignment,
    delegated_grant,
    group_member,
    has_application_roles,
    service_principal,
    sku,
    user,
)
from integrations.entra.products import (
    AGENT_ID,
    AI_BUILDER,
    AI_FOUNDRY,
    AI_SEARCH,
    AI_SERVICES,
    AZURE_OPENAI,
    BOT_SERVICE,
    COPILOT_STUDIO,
    M365_COPILOT,
    MACHINE_LEARNING,
    SALES_COPILOT,
)
from integrations.fields import Item
from scanner.accounts.meaning import Meaning
from scanner.matching import Matcher
from scanner.model import (
    App,
    Asset,
    Assignment,
    Consent,
    Grant,
    Owner,
    Person,
    Plan,
    Seat,
    Vendor,
    Way,
)
from signatures.loader import BUILT_IN
from signatures.reading import read
from tests.support import at

CHATGPT = {
    "id": "5c0e6c1f-7e5a-4a86-9f0e-0d4d6c0a7a11",
    "appId": "e0476654-c1d5-430b-ab80-70cbd947616a",
    "displayName": "ChatGPT",
    "appOwnerOrganizationId": "a48cca56-e6da-484e-a814-9c849652bcb3",
    "homepage": "https://chatgpt.com",
    "loginUrl": None,
    "replyUrls": ["https://chatgpt.com/oauth", "https://chatgpt.com"],
    "servicePrincipalType": "Application",
    "verifiedPublisher": {"displayName": "OpenAI, L.L.C."},
    "accountEnabled": True,
    "isDisabled": None,
    "appRoles": [],
}


def test_an_enterprise_application_has_its_evidence_raw() -> None:
    assert list(service_principal(Item(CHATGPT), {"tenant": "t1"})) == [
        App(
            "5c0e6c1f-7e5a-4a86-9f0e-0d4d6c0a7a11",
            "ChatGPT",
            idp="entra",
            client_id="e0476654-c1d5-430b-ab80-70cbd947616a",
            owner_tenant="a48cca56-e6da-484e-a814-9c849652bcb3",
            publisher="OpenAI, L.L.C.",
            urls=("https://chatgpt.com", "https://chatgpt.com/oauth"),
            kind="application",
            is_enabled=True,
        )
    ]


def test_an_application_of_the_tenant_itself_is_its_own() -> None:
    (app,) = service_principal(Item({"id": "a", "appOwnerOrganizationId": "t1"}), {"tenant": "t1"})
    assert isinstance(app, App)
    assert app.is_own


def test_an_agent_is_told_by_its_type_and_a_disabled_application_is_not_enabled() -> None:
    item = {"id": "a", "servicePrincipalType": "ServiceIdentity", "isDisabled": True}
    assert list(service_principal(Item(item | {"accountEnabled": True}), {})) == [
        App("a", idp="entra", kind="agent", is_enabled=False)
    ]


def test_a_bad_field_loses_itself_and_is_counted() -> None:
    item = Item(CHATGPT | {"replyUrls": {"no": "list"}, "accountEnabled": "perhaps"})
    (app,) = service_principal(item, {})
    assert isinstance(app, App)
    assert (app.name, app.urls, app.is_enabled) == ("ChatGPT", ("https://chatgpt.com",), None)
    assert item.bad == {"replyUrls": 1, "accountEnabled": 1}


def test_services_that_grant_permissions_to_applications() -> None:
    assert has_application_roles(Item({"appId": "00000003-0000-0000-c000-000000000000"}))
    assert has_application_roles(
        Item({"appRoles": [{"allowedMemberTypes": ["User", "Application"]}]})
    )
    assert not has_application_roles(Item({"appRoles": [{"allowedMemberTypes": ["User"]}]}))


def test_a_grant_for_everyone_and_one_for_a_person() -> None:
    item = {"clientId": "a", "resourceId": "r", "scope": " User.Read  Mail.Read", "id": "1"}
    everyone = item | {"consentType": "AllPrincipals", "principalId": None}
    one = item | {"consentType": "Principal", "principalId": "p"}
    scopes = ("User.Read", "Mail.Read")
    assert list(delegated_grant(Item(everyone), {})) == [
        Grant("a", scopes, "r", consent=Consent.ADMIN)
    ]
    assert list(delegated_grant(Item(one), {"names": '{"r": "Microsoft Graph"}'})) == [
        Grant("a", scopes, "Microsoft Graph", person="p")
    ]


def test_permissions_of_an_application_are_named() -> None:
    item = {
        "appRoleId": "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
        "createdDateTime": "2026-03-02T04:22:45.9480566Z",
        "principalId": "a",
        "principalType": "ServicePrincipal",
        "resourceDisplayName": "Microsoft Graph",
        "resourceId": "r",
    }
    granted = at("2026-03-02T04:22:45.948056Z")
    assert list(application_grant(Item(item), {})) == [
        Grant(
            "a", ("Mail.Read",), "Microsoft Graph", Way.APPLICATION, Consent.ADMIN, granted=granted
        )
    ]
    unknown = item | {"appRoleId": "11111111-2222-3333-4444-555555555555"}
    assert [one.scopes for one in application_grant(Item(unknown), {}) if type(one) is Grant] == [
        ("11111111-2222-3333-4444-555555555555",)
    ]
    none = item | {"appRoleId": "00000000-0000-0000-0000-000000000000"}
    assert [one.scopes for one in application_grant(Item(none), {}) if type(one) is Grant] == [
        ("default access",)
    ]
    assert list(application_grant(Item(item | {"principalType": "User"}), {})) == []


def test_people_and_groups_that_are_assigned() -> None:
    item = {"resourceId": "a", "principalId": "p", "principalDisplayName": "Design"}
    assert list(assignment(Item(item | {"principalType": "User"}), {})) == [
        Assignment("a", person="p")
    ]
    assert list(assignment(Item(item | {"principalType": "Group"}), {})) == [
        Assignment("a", group="Design")
    ]
    assert list(assignment(Item(item | {"principalType": "ServicePrincipal"}), {})) == []


def test_people_of_a_group_and_no_devices() -> None:
    asked = {"group": "g", "app": "a", "group_name": "Design"}
    person = {"id": "p", "userPrincipalName": "ana@example.com"}
    assert list(group_member(Item(person), asked)) == [Assignment("a", "p", "Design")]
    assert list(group_member(Item({"id": "d"}), asked)) == []


def test_subscriptions_are_told_by_their_id_and_by_their_plans() -> None:
    copilot = {
        "skuId": "639dec6b-bb19-468b-871c-c5c441c4b0cb",
        "skuPartNumber": "Microsoft_365_Copilot",
        "consumedUnits": 22,
        "prepaidUnits": {"enabled": 60},
        "servicePlans": [{"servicePlanId": "a62f8878-de10-42f3-b68f-6149a25ceb97"}],
    }
    assert list(sku(Item(copilot), {})) == [
        M365_COPILOT.app(),
        Plan("product:m365-copilot", "Microsoft 365 Copilot", 60, 22, str(copilot["skuId"])),
    ]
    bundle = copilot | {"skuId": "new", "skuPartNumber": "SPE_E7", "prepaidUnits": None}
    assert list(sku(Item(bundle), {})) == [
        M365_COPILOT.app(),
        Plan("product:m365-copilot", "SPE_E7", None, 22, "new"),
    ]


def test_plans_that_come_with_every_office_are_no_ai() -> None:
    office = {
        "skuId": "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
        "servicePlans": [
            {"servicePlanId": "ded3d325-1bdc-453e-8432-5bac26d7a014"},  # Power Virtual Agents
            {"servicePlanId": "0d0c0d31-fae7-41f2-b909-eaf4d7f26dba"},  # Bing_Chat_Enterprise
        ],
    }
    assert list(sku(Item(office), {})) == []


def test_a_person_holds_one_seat_a_product_since_its_first_plan() -> None:
    plans = [
        _plan("a62f8878-de10-42f3-b68f-6149a25ceb97", "2026-02-01T00:00:00Z"),
        _plan("3f30311c-6b1e-48a4-ab79-725b469da960", "2026-01-05T00:00:00Z"),
        _plan("1263586c-59a4-4ad0-85e1-d50bc7149501", "2026-03-01T00:00:00Z", "Suspended"),
        _plan("ce312d15-8fdf-44c0-9974-a25a177125ee", None),
    ]
    item = {
        "id": "p1",
        "userPrincipalName": "ana@example.com",
        "department": "Design",
        "accountEnabled": True,
        "assignedPlans": plans,
        "manager": {"id": "p2"},
    }
    assert list(user(Item(item), {})) == [
        Person("p1", "ana@example.com", "Design", "p2", is_active=True),
        M365_COPILOT.app(),
        Seat("product:m365-copilot", "Microsoft 365 Copilot", "p1", at("2026-01-05T00:00:00Z")),
        COPILOT_STUDIO.app(),
        Seat("product:copilot-studio", "Microsoft Copilot Studio", "p1"),
    ]


def _plan(id_: str, since: str | None, status: str = "Enabled") -> dict[str, object]:
    return {"servicePlanId": id_, "capabilityStatus": status, "assignedDateTime": since}


def test_an_agent_with_an_identity_has_sponsors() -> None:
    item = {
        "id": "agent",
        "displayName": "Invoice helper",
        "createdDateTime": "2026-09-17T19:10:35.2742618Z",
        "agentIdentityBlueprintId": "b",
        "accountEnabled": True,
        "sponsors": [{"id": "p1"}, {"id": None}],
    }
    created = at("2026-09-17T19:10:35.274261Z")
    assert list(agent_identity(Item(item), {})) == [
        App(
            "agent",
            "Invoice helper",
            idp="entra",
            kind="agent",
            is_enabled=True,
            created=created,
        ),
        AGENT_ID.app(),
        Asset(
            "product:agent-365",
            "agent identity",
            "agent",
            "Invoice helper",
            "p1",
            created,
            detail="blueprint b",
        ),
        Owner("agent", "p1", "sponsor of the agent"),
    ]


# In the order of what can be bought or built; the others have a name alone, or serve AI and more.
RECOGNISED = {
    M365_COPILOT: "m365-copilot",
    COPILOT_STUDIO: "copilot-studio",
    AGENT_ID: "agent-365",
    AI_BUILDER: "ai-builder",
    AZURE_OPENAI: "azure-openai",
    AI_FOUNDRY: "azure-ai-foundry",
    AI_SERVICES: "azure-ai-services",
    MACHINE_LEARNING: "azure-machine-learning",
    BOT_SERVICE: "bot-framework",
}


def test_products_of_microsoft_are_known_by_their_signatures() -> None:
    path = BUILT_IN / "m" / "microsoft.yaml"
    vendor = read(path, path.read_bytes(), Vendor, [])
    assert vendor is not None
    meaning = Meaning(Matcher((vendor,)))
    found = {product: meaning.of(product.app()) for product in RECOGNISED}
    assert {one: known and known.product.id for one, known in found.items()} == RECOGNISED
    assert meaning.of(AI_SEARCH.app()) is None
    assert meaning.of(SALES_COPILOT.app()) is None
