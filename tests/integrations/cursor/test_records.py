"""What Cursor's answers mean: items in the shapes of its documentation."""

from datetime import UTC, datetime

from integrations.cursor.records import (
    CURSOR,
    PRODUCT,
    daily_use,
    events,
    member,
    spending,
    team,
)
from integrations.fields import Item
from scanner.model import Activity, Asset, Owner, Person, Seat, Spend

ANA = "ana@harbour.example"
DAY = datetime(2024, 3, 18, tzinfo=UTC)


def test_the_team_that_was_asked() -> None:
    assert list(team(Item({"params": {"teamId": 12345}}), {})) == [PRODUCT]


def test_a_member() -> None:
    item = {"id": "user_1", "email": ANA, "role": "member", "isRemoved": False}
    assert list(member(Item(item), {})) == [
        PRODUCT,
        Person(ANA, ANA, is_active=True),
        Seat(CURSOR, person=ANA),
    ]


def test_an_owner_and_somebody_who_was_removed() -> None:
    assert list(member(Item({"email": ANA, "role": "owner"}), {})) == [
        PRODUCT,
        Person(ANA, ANA),
        Seat(CURSOR, person=ANA),
        Owner(CURSOR, ANA, "owner of the Cursor team"),
    ]
    assert list(member(Item({"email": ANA, "role": "owner", "isRemoved": True}), {})) == [
        PRODUCT,
        Person(ANA, ANA, is_active=False),
    ]


def test_days_of_use() -> None:
    used = {"agentRequests": 12, "chatRequests": 128, "composerRequests": 45, "cmdkUsages": 67}
    day = {"email": ANA, "day": "2024-03-18", "date": 1710720000000, "isActive": True}
    idle = {"email": "bo@harbour.example", "day": "2024-03-18", "isActive": False}
    item = {
        "data": [
            day | used | {"bugbotUsages": 3, "totalTabsAccepted": 289, "mostUsedModel": "gpt-5"},
            idle | dict.fromkeys(used, 0),
            idle | {"email": "cy@harbour.example", "isActive": True},
        ],
        "pagination": {"totalPages": 1},
    }
    assert list(daily_use(Item(item), {})) == [
        PRODUCT,
        Activity(CURSOR, ANA, DAY, 12 + 128 + 45 + 67 + 3 + 289, detail="gpt-5"),
        PRODUCT,
        Activity(CURSOR, "cy@harbour.example", DAY, 1),
    ]


def test_spending_with_what_the_plan_includes() -> None:
    item = {
        "teamMemberSpend": [
            {"email": ANA, "spendCents": 1875.5, "overallSpendCents": 3200.75},
            {"email": "bo@harbour.example", "spendCents": 0, "overallSpendCents": 0},
        ],
        "subscriptionCycleStart": 1710720000000,
        "totalPages": 1,
    }
    assert list(spending(Item(item), {})) == [
        PRODUCT,
        Spend(CURSOR, 32.0075, "USD", ANA, when=DAY),
    ]


def test_requests_of_a_person_and_of_a_service_account() -> None:
    event = {"timestamp": "1710720000000", "userEmail": ANA, "model": "claude-4.5-sonnet"}
    account = {"serviceAccountId": "sa_1", "serviceAccountName": "Nightly", "automationId": "a-1"}
    headless = {"isHeadless": True}
    agent = {"cloudAgentId": "agent-1"}
    item = {"usageEvents": [event, event | account, event | headless, event | agent, {}]}
    assert list(events(Item(item), {})) == [
        PRODUCT,
        Activity(CURSOR, ANA, DAY, detail="claude-4.5-sonnet"),
        PRODUCT,
        Asset(CURSOR, "service account", "sa_1", "Nightly"),
        Activity(CURSOR, "", DAY, detail="claude-4.5-sonnet, automation"),
        PRODUCT,
        Activity(CURSOR, ANA, DAY, detail="claude-4.5-sonnet, headless"),
        PRODUCT,
        Activity(CURSOR, ANA, DAY, detail="claude-4.5-sonnet, cloud agent"),
    ]
