"""People, their grants, their licences."""

from integrations.fields import Item
from integrations.google.directory import seat_records, token_records, user_records
from integrations.google.suite import service
from scanner.model import App, Consent, Grant, Person, Seat


def test_a_person() -> None:
    item = Item(
        {
            "primaryEmail": "ana@example.com",
            "orgUnitPath": "/Sales",
            "suspended": False,
            "archived": False,
            "organizations": [
                {"department": "Old", "primary": False},
                {"department": "Sales North", "primary": True},
            ],
            "relations": [
                {"type": "assistant", "value": "cleo@example.com"},
                {"type": "manager", "value": "ben@example.com"},
            ],
        }
    )
    assert list(user_records(item, {})) == [
        Person(
            "ana@example.com",
            login="ana@example.com",
            unit="Sales North",
            manager="ben@example.com",
            is_active=True,
        )
    ]


def test_a_person_without_a_department_who_left() -> None:
    item = Item({"primaryEmail": "a@example.com", "orgUnitPath": "/Sales", "archived": True})
    assert list(user_records(item, {})) == [
        Person("a@example.com", login="a@example.com", unit="/Sales", is_active=False)
    ]


def test_whether_somebody_is_there_may_be_unknown() -> None:
    (person,) = user_records(Item({"primaryEmail": "a@example.com", "suspended": 3}), {})
    assert person == Person("a@example.com", login="a@example.com")


def test_a_grant_of_somebody() -> None:
    item = Item(
        {
            "clientId": "77.apps.googleusercontent.com",
            "displayText": "ChatGPT",
            "nativeApp": True,
            "scopes": ["openid"],
        }
    )
    key = "77.apps.googleusercontent.com"
    assert list(token_records(item, {"userKey": "ana@example.com"})) == [
        App(key, name="ChatGPT", idp="google", client_id=key, kind="native"),
        Grant(
            key,
            scopes=("openid",),
            consent=Consent.USER,
            person="ana@example.com",
            granted_by="ana@example.com",
        ),
    ]


def test_a_licence() -> None:
    item = Item(
        {"userId": "ana@example.com", "skuId": "1010470001", "skuName": "Gemini Enterprise"}
    )
    assert list(seat_records(item, {})) == [
        service("gemini_app"),
        Seat("service:gemini_app", plan="Gemini Enterprise", person="ana@example.com"),
    ]
