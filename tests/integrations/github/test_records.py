"""What GitHub's answers mean, item by item."""

from integrations.fields import Item
from integrations.github.records import parse_installation, parse_member, parse_token
from integrations.github.usage import (
    COPILOT,
    parse_billed,
    parse_billing,
    parse_coding_agent,
    parse_custom_agent,
    parse_seat,
    parse_space,
    parse_use,
)
from scanner.model import (
    Activity,
    App,
    Asset,
    Consent,
    Grant,
    Identifier,
    Person,
    Plan,
    Seat,
    Setting,
    Spend,
    Way,
)
from tests.support import at, the_base

WHEN = "2026-05-04T09:00:00Z"


def test_an_installed_app_and_what_it_may_reach() -> None:
    item = Item(
        {
            "id": 1,
            "app_id": 347564,
            "app_slug": "coderabbitai",
            "client_id": "Iv1.0123456789abcdef",
            "repository_selection": "all",
            "permissions": {"contents": "read", "pull_requests": "write", "metadata": None},
            "created_at": WHEN,
            "suspended_at": None,
        }
    )
    assert list(parse_installation(item, {})) == [
        App(
            key="347564",
            name="coderabbitai",
            idp="github",
            client_id="Iv1.0123456789abcdef",
            identifiers=((Identifier.GITHUB_APP, "coderabbitai"),),
            kind="GitHub App",
            description="reaches all repositories",
            is_enabled=True,
            created=at(WHEN),
        ),
        Grant(
            app="347564",
            scopes=("contents:read", "pull_requests:write"),
            resource="GitHub",
            way=Way.APPLICATION,
            consent=Consent.ADMIN,
            granted=at(WHEN),
        ),
    ]


def test_a_suspended_app_reaches_nothing() -> None:
    item = Item({"app_id": 1, "suspended_at": WHEN})
    app, grant = parse_installation(item, {})
    assert isinstance(app, App)
    assert isinstance(grant, Grant)
    assert (app.is_enabled, grant.is_revoked) == (False, True)


def test_a_bad_field_loses_that_field_alone() -> None:
    item = Item({"app_id": 1, "permissions": ["?"], "created_at": "soon", "app_slug": {}})
    assert list(parse_installation(item, {})) == [
        App("1", idp="github", kind="GitHub App", is_enabled=True),
        Grant("1", resource="GitHub", way=Way.APPLICATION, consent=Consent.ADMIN),
    ]
    assert dict(item.bad) == {"(item)": 1, "created_at": 2, "app_slug": 1}


def test_a_token_is_known_by_its_name_alone() -> None:
    item = Item(
        {
            "token_id": 98716,
            "token_name": "cursor",
            "token_expired": False,
            "token_last_used_at": WHEN,
            "access_granted_at": WHEN,
            "owner": {"login": "ana"},
            "permissions": {
                "organization": {"members": "read"},
                "repository": {"contents": "write"},
            },
        }
    )
    assert list(parse_token(item, {})) == [
        App(
            "token 98716",
            "cursor",
            "github",
            kind="personal access token",
            is_enabled=True,
            created=at(WHEN),
        ),
        Grant(
            "token 98716",
            ("members:read", "contents:write"),
            "GitHub",
            consent=Consent.USER,
            person="ana",
            granted_by="ana",
            granted=at(WHEN),
            last_used=at(WHEN),
        ),
    ]


def test_members() -> None:
    assert list(parse_member(Item({"login": "ana"}), {})) == [Person("ana", is_active=True)]


def test_copilot_is_known_by_what_signatures_know() -> None:
    matcher = the_base().matcher
    (channel, value), *_ = COPILOT.identifiers
    signature = matcher.match_value(channel, value)
    assert signature is not None
    assert signature.detection.id.startswith("github.copilot.")


def test_a_subscription_and_its_policies() -> None:
    item = Item(
        {
            "seat_breakdown": {"total": 12, "pending_invitation": 2},
            "plan_type": "business",
            "ide_chat": "enabled",
            "platform_chat": "disabled",
            "cli": "unconfigured",
        }
    )
    assert list(parse_billing(item, {"org": "Harbour"})) == [
        COPILOT,
        Plan("copilot", "business", bought=12, assigned=10, key="harbour"),
        Setting("copilot", "chat in the editor", True),
        Setting("copilot", "chat on the site", False),
        Setting("copilot", "terminal", False),
    ]


def test_a_seat_that_was_never_used() -> None:
    item = Item({"assignee": {"login": "ana"}, "created_at": WHEN, "last_activity_at": None})
    assert list(parse_seat(item, {})) == [
        COPILOT,
        Seat("copilot", person="ana", assigned=at(WHEN), may_tell_use=True),
    ]
    assert list(parse_seat(Item({"assignee": None}), {})) == []


def test_a_day_of_use() -> None:
    item = Item(
        {
            "user_login": "ana",
            "day": "2026-05-04",
            "user_initiated_interaction_count": 7,
            "code_generation_activity_count": 3,
            "used_agent": True,
            "used_chat": True,
            "used_cli": False,
        }
    )
    assert list(parse_use(item, {})) == [
        COPILOT,
        Activity("copilot", "ana", at("2026-05-04T00:00:00Z"), 7, detail="chat, agent"),
    ]
    idle = Item({"user_login": "ana", "day": "2026-05-04", "used_chat": False})
    assert list(parse_use(idle, {})) == []


def test_where_the_agent_may_work() -> None:
    found = [
        list(parse_coding_agent(Item({"enabled_repositories": where}), {}))[-1:]
        for where in ("all", "selected", "none", "")
    ]
    assert found == [
        [Setting("copilot", "coding agent", True)],
        [Setting("copilot", "coding agent", True, "selected repositories")],
        [Setting("copilot", "coding agent", False)],
        [],
    ]


def test_spaces_and_agents_are_assets() -> None:
    space = {"id": 84, "name": "Plans", "creator": {"login": "ana"}, "created_at": WHEN}
    agent = {"name": "Reviewer", "file_path": "agents/reviewer.md"}
    assert list(parse_space(Item(space), {})) == [
        COPILOT,
        Asset("copilot", "space", "84", "Plans", "ana", at(WHEN)),
    ]
    assert list(parse_custom_agent(Item(agent), {})) == [
        COPILOT,
        Asset("copilot", "agent", "agents/reviewer.md", "Reviewer", detail="agents/reviewer.md"),
    ]


def test_a_model_that_was_paid_for() -> None:
    item = Item(
        {
            "sku": "Copilot AI Credits",
            "model": "GPT-5",
            "unitType": "credits",
            "grossQuantity": 100,
            "netAmount": 1.5,
        }
    )
    month = at("2026-10-01T00:00:00Z")
    assert list(parse_billed(item, {"year": "2026", "month": "10"})) == [
        COPILOT,
        Asset("copilot", "model", "GPT-5", "GPT-5", last_used=month, detail="100 credits"),
        Spend("copilot", 1.5, "USD", unit="Copilot AI Credits", when=month),
    ]
    free = Item({"model": "GPT-5", "netAmount": 0})
    assert list(parse_billed(free, {"month": "x"})) == [
        COPILOT,
        Asset("copilot", "model", "GPT-5", "GPT-5", detail="0"),
    ]
