"""What Slack's answers mean, item by item."""

import pytest

from integrations.fields import Item
from integrations.slack.records import (
    parse_approved,
    parse_log,
    parse_mcp_server,
    parse_requested,
    parse_restricted,
    parse_user,
)
from scanner.model import (
    App,
    Asset,
    Consent,
    Grant,
    Identifier,
    Owner,
    Person,
    Setting,
    Way,
)
from tests.support import at

CLAUDE = {
    "id": "A04KGS7N9A8",
    "name": "Claude",
    "description": "An assistant",
    "app_homepage_url": "https://claude.ai",
    "help_url": "https://support.claude.com",
    "privacy_policy_url": "https://claude.ai",
    "is_internal": False,
}
KNOWN = App(
    "A04KGS7N9A8",
    "Claude",
    "slack",
    urls=("https://claude.ai", "https://support.claude.com"),
    identifiers=((Identifier.SLACK_APP, "A04KGS7N9A8"),),
    kind="Slack app",
    description="An assistant",
)
WHEN = at("2026-05-04T09:00:00Z")
SECONDS = int(WHEN.timestamp())


def test_an_approved_app_has_a_grant_for_each_way_it_acts() -> None:
    scopes = [
        {"name": "chat:write", "token_type": "bot"},
        {"name": "search:read", "token_type": "user"},
        {"name": "files:read", "token_type": "bot"},
        {"name": None},
    ]
    item = Item(
        {
            "app": CLAUDE,
            "scopes": scopes,
            "date_updated": SECONDS,
            "last_resolved_by": {"actor_id": "W1", "actor_type": "user"},
        }
    )
    assert list(parse_approved(item, {})) == [
        KNOWN._replace(is_enabled=True),
        Grant(
            "A04KGS7N9A8",
            ("chat:write", "files:read"),
            "Slack",
            Way.APPLICATION,
            Consent.ADMIN,
            granted_by="W1",
            granted=WHEN,
        ),
        Grant(
            "A04KGS7N9A8",
            ("search:read",),
            "Slack",
            Way.DELEGATED,
            Consent.ADMIN,
            granted_by="W1",
            granted=WHEN,
        ),
    ]


def test_a_rule_that_approved_is_nobody() -> None:
    by = {"actor_id": "R1", "actor_type": "rule"}
    item = Item({"app": {"id": "A1"}, "scopes": [{"name": "bot"}], "last_resolved_by": by})
    _, grant = parse_approved(item, {})
    assert isinstance(grant, Grant)
    assert grant.granted_by == ""


def test_a_refused_app() -> None:
    assert list(parse_restricted(Item({"app": CLAUDE}), {})) == [
        KNOWN._replace(is_enabled=False),
        Setting("A04KGS7N9A8", "may be installed", False),
    ]


def test_an_app_that_somebody_wants() -> None:
    item = Item(
        {
            "app": CLAUDE,
            "date_created": SECONDS,
            "user": {"id": "W2", "email": "ana@harbour.example"},
        }
    )
    assert list(parse_requested(item, {})) == [
        KNOWN._replace(is_wanted_only=True, created=WHEN),
        Owner("A04KGS7N9A8", "W2", "asked for it"),
        Person("W2", "ana@harbour.example"),
    ]
    assert len(list(parse_requested(Item({"app": CLAUDE}), {}))) == 1


def test_an_app_of_one_s_own() -> None:
    (app,) = parse_approved(Item({"app": {"id": "A1", "is_internal": True}}), {})
    assert isinstance(app, App)
    assert app.is_own


@pytest.mark.parametrize(
    "item",
    [
        {"id": "S1", "app_id": "A1", "name": "Notes", "url": "https://mcp.notes.example/mcp"},
        {
            "server_id": "S1",
            "app_id": "A1",
            "name": "Notes",
            "server_url": "https://mcp.notes.example/mcp",
        },
    ],
)
def test_an_mcp_server(item: dict[str, str]) -> None:
    url = "https://mcp.notes.example/mcp"
    assert list(parse_mcp_server(Item(item), {})) == [
        App(
            "A1",
            "Notes",
            "slack",
            urls=(url,),
            identifiers=((Identifier.SLACK_APP, "A1"),),
            kind="MCP server",
            is_enabled=True,
        ),
        Asset("A1", "MCP server", "S1", "Notes", detail=url),
    ]


def test_an_mcp_server_of_no_app() -> None:
    app, asset = parse_mcp_server(Item({"id": "S1", "name": "Notes"}), {})
    assert isinstance(app, App)
    assert isinstance(asset, Asset)
    assert app.key == asset.app == "MCP server S1"


def test_bots_are_apps_and_others_are_people() -> None:
    bot = {
        "id": "U1",
        "is_bot": True,
        "deleted": False,
        "name": "claude",
        "profile": {"api_app_id": "A04KGS7N9A8", "real_name": "Claude"},
    }
    ana = {
        "id": "U2",
        "is_bot": False,
        "deleted": True,
        "profile": {"email": "ana@harbour.example"},
    }
    assert list(parse_user(Item(bot), {})) == [
        App(
            "A04KGS7N9A8",
            "Claude",
            "slack",
            identifiers=((Identifier.SLACK_APP, "A04KGS7N9A8"),),
            kind="bot",
            is_enabled=True,
        )
    ]
    assert list(parse_user(Item(ana), {})) == [Person("U2", "ana@harbour.example", is_active=False)]
    nobodies = [{"id": "USLACKBOT"}, {"id": "U3", "is_bot": True, "is_workflow_bot": True}]
    assert [list(parse_user(Item(one), {})) for one in nobodies] == [[], []]


def test_a_line_of_the_log() -> None:
    item = Item(
        {
            "app_id": "A1",
            "app_type": "Notes",
            "change_type": "added",
            "scope": "channels:history, files:read",
            "date": str(SECONDS),
            "user_id": "U2",
        }
    )
    assert list(parse_log(item, {})) == [
        App(
            "A1",
            "Notes",
            "slack",
            identifiers=((Identifier.SLACK_APP, "A1"),),
            kind="Slack app",
        ),
        Grant(
            "A1",
            ("channels:history", "files:read"),
            "Slack",
            Way.APPLICATION,
            Consent.USER,
            granted_by="U2",
            granted=WHEN,
        ),
    ]
    gone = Item({"service_id": 1234567890, "service_type": "RSS", "change_type": "removed"})
    app, grant = parse_log(gone, {})
    assert app == App("1234567890", "RSS", "slack", kind="integration")
    assert isinstance(grant, Grant)
    assert grant.is_revoked
