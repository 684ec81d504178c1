"""Use of Copilot, its catalogue, and software on devices."""

from __future__ import annotations

from integrations.entra.products import M365_COPILOT, MICROSOFT
from integrations.entra.usage import copilot_package, copilot_usage, detected_app, device
from integrations.fields import Item
from scanner.model import (
    Activity,
    App,
    Asset,
    Identifier,
    Install,
    Owner,
    Person,
    Seat,
)
from tests.support import at

USED = {
    "userPrincipalName": "Ana@example.com",
    "lastActivityDate": "2026-11-20",
    "copilotChatLastActivityDate": "2026-11-16",
    "microsoftTeamsCopilotLastActivityDate": "2026-11-20",
    "excelCopilotLastActivityDate": "",
}
DAY = at("2026-11-20T00:00:00Z")
KEY = "product:m365-copilot"


def test_a_licence_that_is_used() -> None:
    assert list(copilot_usage(Item(USED), {})) == [
        M365_COPILOT.app(),
        Person("ana@example.com", "Ana@example.com"),
        Seat(KEY, "Microsoft 365 Copilot", "ana@example.com", last_used=DAY, may_tell_use=True),
        Activity(KEY, "ana@example.com", DAY, detail="Copilot Chat, Teams"),
    ]


def test_a_licence_that_was_never_used() -> None:
    item = {"userPrincipalName": "bo@example.com", "lastActivityDate": ""}
    assert list(copilot_usage(Item(item), {})) == [
        M365_COPILOT.app(),
        Person("bo@example.com", "bo@example.com"),
        Seat(KEY, "Microsoft 365 Copilot", "bo@example.com", may_tell_use=True),
    ]


def test_the_same_as_csv() -> None:
    row = {
        "User Principal Name": "Ana@example.com",
        "Last Activity Date": "2026-11-20",
        "Copilot Chat Last Activity Date": "2026-11-16",
        "Microsoft Teams Copilot Last Activity Date": "2026-11-20",
        "Excel Copilot Last Activity Date": "",
    }
    assert list(copilot_usage(Item(row), {})) == list(copilot_usage(Item(USED), {}))


def test_f17_a_concealed_name_is_use_and_nobody() -> None:
    item = USED | {"userPrincipalName": "DC8C64D6EC3A3AA17481D7E5EB5B68A6"}
    assert list(copilot_usage(Item(item), {})) == [
        M365_COPILOT.app(),
        Activity(KEY, "", DAY, detail="Copilot Chat, Teams; the name is concealed"),
    ]


PACKAGE = {
    "id": "P_1",
    "appId": "11111111-2222-3333-4444-555555555555",
    "displayName": "HR helper",
    "createdDateTime": "2026-05-01T00:00:00Z",
    "ownerId": "p1",
    "publisher": "Example",
    "elementTypes": ["declarativeAgent"],
    "availableTo": "some",
    "isBlocked": False,
}


def test_an_agent_that_people_made_is_an_asset_of_copilot() -> None:
    assert list(copilot_package(Item(PACKAGE | {"type": "shared"}), {})) == [
        M365_COPILOT.app(),
        Asset(
            KEY,
            "agent",
            "P_1",
            "HR helper",
            "p1",
            at("2026-05-01T00:00:00Z"),
            detail="declarativeAgent; available to some",
        ),
    ]


def test_an_agent_of_somebody_else_is_an_application() -> None:
    app = App(
        "package:P_1",
        "HR helper",
        idp="entra",
        client_id="11111111-2222-3333-4444-555555555555",
        publisher="Example",
        kind="agent",
        is_enabled=True,
        created=at("2026-05-01T00:00:00Z"),
    )
    assert list(copilot_package(Item(PACKAGE | {"type": "external"}), {})) == [
        app,
        Owner("package:P_1", "p1", "owner in the catalogue of Copilot"),
    ]
    assert list(copilot_package(Item(PACKAGE | {"type": "microsoft", "ownerId": None}), {})) == [
        app._replace(owner_tenant=MICROSOFT)
    ]


def test_software_on_devices() -> None:
    item = {"id": "s1", "displayName": "Claude", "publisher": "Anthropic, PBC", "version": "1.0",
            "deviceCount": 11, "platform": "windows"}  # fmt: skip
    app = App(
        "intune:s1",
        "Claude",
        publisher="Anthropic, PBC",
        kind="software on windows",
        is_named_by_catalogue=True,
    )
    assert list(detected_app(Item(item), {})) == [
        app,
        Install("intune:s1", devices=11, version="1.0"),
    ]
    bundle = item | {"displayName": "com.openai.chat"}
    assert next(detected_app(Item(bundle), {})) == app._replace(
        name="com.openai.chat", identifiers=((Identifier.BUNDLE, "com.openai.chat"),)
    )


def test_a_device_with_the_software() -> None:
    item = {"id": "d1", "deviceName": "LT-7", "userId": "p1", "userPrincipalName": "ana@example.com",
            "lastSyncDateTime": "2026-11-01T00:00:00Z"}  # fmt: skip
    assert list(device(Item(item), {"detected": "s1"})) == [
        Person("p1", "ana@example.com"),
        Install("intune:s1", "p1", "LT-7", seen=at("2026-11-01T00:00:00Z")),
    ]
    nobody = item | {"userId": None, "userPrincipalName": None}
    assert list(device(Item(nobody), {"detected": "s1"})) == [
        Install("intune:s1", "", "LT-7", seen=at("2026-11-01T00:00:00Z"))
    ]
