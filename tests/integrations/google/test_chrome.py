"""What managed browsers visit and hold."""

import pytest

from integrations.fields import Item
from integrations.google.chrome import (
    device_records,
    extension_records,
    saas_records,
    visitor_records,
    wanted_records,
)
from scanner.model import Activity, App, Consent, Grant, Identifier, Install
from tests.integrations.google.times import at

ID = "pcblbflgdkdfdjpjifeppkljdnaekohj"


def test_a_service_that_is_visited() -> None:
    item = Item(
        {
            "app": "ChatGPT",
            "organization": "OpenAI",
            "category": "Generative AI",
            "primaryDomain": "chatgpt.com",
            "domains": ["chatgpt.com", "chat.openai.com"],
            "visitsCount": "912",
            "distinctUsersCount": "31",
            "lastNavigationTime": "2026-11-20T10:00:00Z",
            "contentTransferDetails": {"contentTransferCount": "1204"},
        }
    )
    assert list(saas_records(item, {})) == [
        App(
            "saas:ChatGPT",
            name="ChatGPT",
            publisher="OpenAI",
            kind="Generative AI",
            domains=("chatgpt.com", "chat.openai.com"),
            urls=("https://chatgpt.com", "https://chat.openai.com"),
            is_named_by_catalogue=True,
        ),
        Activity(
            "saas:ChatGPT",
            when=at("2026-11-20T10:00:00Z"),
            events=912,
            people=31,
            detail="1,204 content transfers",
        ),
    ]


def test_somebody_who_visits_it() -> None:
    item = Item({"email": "ana@example.com", "lastNavigationTime": "2026-11-20T10:00:00Z"})
    assert list(visitor_records(item, {"app": "ChatGPT"})) == [
        Activity("saas:ChatGPT", "ana@example.com", at("2026-11-20T10:00:00Z"), detail="visits")
    ]


@pytest.mark.parametrize(
    ("way", "consent"),
    [
        ("ADMIN", Consent.ADMIN),
        ("SIDELOAD", Consent.USER),
        ("MULTIPLE", Consent.UNKNOWN),
        ("A_NEW_WAY", Consent.UNKNOWN),
    ],
)
def test_an_extension(way: str, consent: Consent) -> None:
    item = Item(
        {
            "appId": ID,
            "displayName": "Brisk",
            "description": "Writes for you",
            "homepageUri": "https://www.briskteaching.com",
            "appInstallType": way,
            "disabled": False,
            "browserDeviceCount": "12",
            "permissions": ["tabs", "https://*/*"],
        }
    )
    assert list(extension_records(item, {})) == [
        App(
            f"extension:{ID}",
            name="Brisk",
            kind="extension",
            urls=("https://www.briskteaching.com",),
            identifiers=((Identifier.BROWSER_EXT, ID),),
            description="Writes for you",
            is_enabled=True,
        ),
        Install(f"extension:{ID}", devices=12),
        Grant(
            f"extension:{ID}", scopes=("tabs", "https://*/*"), resource="Chrome", consent=consent
        ),
    ]


def test_a_device_with_it() -> None:
    item = Item({"deviceId": "d-1", "machine": "LAPTOP-7"})
    assert list(device_records(item, {"appId": ID})) == [
        Install(f"extension:{ID}", device="LAPTOP-7")
    ]


def test_an_extension_that_is_wanted() -> None:
    assert list(wanted_records(Item({"appId": ID, "displayName": "Brisk"}), {})) == [
        App(
            f"wanted:{ID}",
            name="Brisk",
            kind="extension",
            identifiers=((Identifier.BROWSER_EXT, ID),),
            is_wanted_only=True,
        )
    ]
