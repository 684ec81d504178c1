"""What Anthropic's answers mean, item by item; and examples that others keep."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.anthropic import CONNECTOR
from integrations.anthropic.analytics import connector, plugin_use, skill, user_activity
from integrations.anthropic.records import (
    API,
    CLAUDE,
    CODE,
    PRODUCTS,
    api_key,
    claude_code,
    console_costs,
    console_member,
    console_usage,
    member,
    plugin,
    product_costs,
    service_account,
    user_usage,
    workspace,
)
from integrations.fields import Item
from scanner.model import Activity, Asset, Owner, Person, Seat, Spend
from tests.integrations.desk import golden, kinds

MADE = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = datetime(2026, 11, 20, tzinfo=UTC)
ANA = {"id": "user_1", "email": "ana@harbour.example", "role": "user"}


def test_members_of_claude_enterprise() -> None:
    added = {"added_at": "2026-03-02T08:00:00Z"}
    assert list(member(Item(ANA | added), {})) == [
        PRODUCTS[CLAUDE],
        Person("user_1", "ana@harbour.example"),
        Seat(CLAUDE, person="user_1", assigned=MADE),
    ]
    assert list(member(Item(ANA | {"role": "primary_owner"}), {}))[-1] == Owner(
        CLAUDE, "user_1", "owner of the Claude organisation"
    )


def test_members_of_claude_console() -> None:
    coder = ANA | {"role": "claude_code_user"}
    assert next(console_member(Item(coder), {})) == PRODUCTS[CODE]
    assert list(console_member(Item(ANA | {"role": "admin"}), {})) == [
        PRODUCTS[API],
        Person("user_1", "ana@harbour.example"),
        Seat(API, person="user_1"),
        Owner(API, "user_1", "admin of the Claude Console organisation"),
    ]


def test_a_workspace() -> None:
    item = {
        "id": "wrkspc_1",
        "name": "Quay assistant",
        "created_at": "2026-03-02T08:00:00Z",
        "archived_at": None,
        "data_residency": {"workspace_geo": "us"},
    }
    assert list(workspace(Item(item), {})) == [
        PRODUCTS[API],
        Asset(API, "workspace", "wrkspc_1", "Quay assistant", created=MADE, detail="us"),
    ]


@pytest.mark.parametrize(
    ("whose", "owner", "detail"),
    [
        ({"created_by": {"id": "user_1", "type": "user"}}, "user_1", "active, wrkspc_1"),
        ({"created_by": {"id": "sa_1", "type": "service_account"}}, "", "active, wrkspc_1"),
        ({"principal": {"user_id": "user_2"}}, "user_2", "active, wrkspc_1"),
        (
            {"principal": {"service_account_id": "sa_1"}},
            "",
            "active, wrkspc_1, of service account sa_1",
        ),
    ],
)
def test_an_api_key(whose: dict[str, Any], owner: str, detail: str) -> None:
    item = {"id": "apikey_1", "name": "nightly", "status": "active", **whose}
    scope = {"scope": {"type": "workspace", "workspace_id": "wrkspc_1"}}
    assert list(api_key(Item(item | scope), {})) == [
        PRODUCTS[API],
        Asset(API, "API key", "apikey_1", "nightly", owner, detail=detail),
    ]


def test_a_service_account() -> None:
    item = {"id": "sa_1", "name": "deploy", "organization_role": "developer"}
    assert list(service_account(Item(item), {})) == [
        PRODUCTS[API],
        Asset(API, "service account", "sa_1", "deploy", detail="developer"),
    ]


def test_a_plugin_with_what_is_in_it() -> None:
    item = {
        "id": "plugin_1",
        "name": "harbour-tools",
        "display_name": "Harbour tools",
        "created_at": "2026-03-02T08:00:00Z",
        "created_by": {"user_id": "user_1", "email_address": "ana@harbour.example"},
        "owner": {"type": "organization"},
        "organization_installation_preference": "auto_install",
        "reach": "remote",
        "components": [
            {"type": "mcp_server", "name": "berths"},
            {"type": "agent", "name": "pilot"},
        ],
    }
    assert list(plugin(Item(item), {})) == [
        PRODUCTS[CLAUDE],
        Person("user_1", "ana@harbour.example"),
        Asset(
            CLAUDE,
            "plugin",
            "plugin_1",
            "Harbour tools",
            "user_1",
            MADE,
            detail="auto install, remote, mcp_server berths, agent pilot",
        ),
    ]


def test_a_member_s_month() -> None:
    item = {
        "user": {"id": "user_1", "email_address": "ana@harbour.example", "type": "user"},
        "last_activity_date": "2026-11-20",
        "chat_metrics": {"message_count": 40, "distinct_conversation_count": 4},
        "office_metrics": {"excel": {"message_count": 2}, "word": {"message_count": 0}},
        "claude_code_metrics": {
            "core_metrics": {"distinct_session_count": None, "commit_count": 3}
        },
    }
    assert list(user_activity(Item(item), {})) == [
        PRODUCTS[CLAUDE],
        Person("user_1", "ana@harbour.example"),
        Seat(CLAUDE, person="user_1", last_used=DAY, may_tell_use=True),
        PRODUCTS[CLAUDE],
        Activity(CLAUDE, "user_1", DAY, 40, detail="chat"),
        PRODUCTS[CLAUDE],
        Activity(CLAUDE, "user_1", DAY, 2, detail="office: excel"),
        PRODUCTS[CODE],
        Activity(CODE, "user_1", DAY, 3, detail="sessions"),
    ]


def test_a_seat_that_nobody_uses() -> None:
    item = {"user": {"id": "user_2"}, "last_activity_date": None, "chat_metrics": {}}
    assert list(user_activity(Item(item), {}))[-1] == Seat(
        CLAUDE, person="user_2", may_tell_use=True
    )


def test_a_connector_says_what_it_read_and_wrote() -> None:
    item = {
        "connector_name": "github",
        "connector_display_name": "GitHub",
        "distinct_user_count": 5,
        "read_call_count": 12,
        "write_call_count": 3,
        "unclassified_call_count": None,
        "individual_auth_distinct_user_count": 4,
        "managed_auth_distinct_user_count": 1,
    }
    assert list(connector(Item(item), {})) == [
        PRODUCTS[CLAUDE],
        Asset(
            CLAUDE,
            "connector",
            "github",
            "GitHub",
            detail="12 reads, 3 writes, 4 people signed in themselves, "
            "1 people signed in by the organisation",
        ),
        Activity(CLAUDE, events=15, people=5, detail="connector github"),
    ]


def test_a_skill_and_a_plugin_in_use() -> None:
    used = {"distinct_user_count": 2, "invocation_count": 9}
    named = {"skill_name": "tides", "share_status": "private"}
    assert list(skill(Item(named | used), {})) == [
        PRODUCTS[CLAUDE],
        Asset(CLAUDE, "skill", "tides", "tides", detail="private"),
        Activity(CLAUDE, events=9, people=2, detail="skill tides"),
    ]
    named = {"plugin_id": None, "plugin_name": "own-tools", "install_count": 2}
    assert list(plugin_use(Item(named | used), {})) == [
        PRODUCTS[CLAUDE],
        Asset(CLAUDE, "plugin", "own-tools", "own-tools", detail="2 installs"),
        Activity(CLAUDE, events=9, people=2, detail="plugin own-tools"),
    ]


def test_requests_by_product_and_model() -> None:
    actor = {"user_id": "user_1", "email_address": "ana@harbour.example", "deleted": True}
    row = {"actor": actor, "product": "claude_code", "model": "claude-opus-5-5", "requests": 7}
    assert list(user_usage(Item(row), {})) == [
        PRODUCTS[CODE],
        Person("user_1", "ana@harbour.example", is_active=False),
        Activity(CODE, "user_1", None, 7, detail="requests, claude_code, claude-opus-5-5"),
    ]


def test_costs_are_cents_written_as_text() -> None:
    bucket = {"starting_at": "2026-11-20T00:00:00Z"}
    row = {"amount": "41280.000000", "currency": "USD"}
    by_product = bucket | {"results": [row | {"product": "chat"}, {"amount": "0"}]}
    assert list(product_costs(Item(by_product), {})) == [
        PRODUCTS[CLAUDE],
        Spend(CLAUDE, 412.8, "USD", when=DAY),
    ]
    by_workspace = bucket | {"results": [row | {"workspace_id": "wrkspc_1"}]}
    assert list(console_costs(Item(by_workspace), {})) == [
        PRODUCTS[API],
        Spend(API, 412.8, "USD", unit="wrkspc_1", when=DAY),
    ]


def test_a_day_of_the_api() -> None:
    row = {"model": "claude-sonnet-4", "workspace_id": "wrkspc_1", "output_tokens": 500}
    item = {"starting_at": "2026-11-20T00:00:00Z", "results": [row, {"output_tokens": 0}]}
    assert list(console_usage(Item(item), {})) == [
        PRODUCTS[API],
        Activity(API, "", DAY, detail="messages, claude-sonnet-4, wrkspc_1"),
    ]


@pytest.mark.parametrize(
    ("actor", "person", "more"),
    [
        ({"email_address": "ana@harbour.example"}, "ana@harbour.example", ""),
        ({"api_key_name": "pipeline"}, "", ", with key pipeline"),
    ],
)
def test_a_day_of_claude_code(actor: dict[str, str], person: str, more: str) -> None:
    item = {
        "actor": actor,
        "date": "2026-11-20T00:00:00Z",
        "core_metrics": {"num_sessions": 15},
        "model_breakdown": [{"model": "claude-sonnet-4"}],
    }
    found = list(claude_code(Item(item), {}))
    assert found[0] == PRODUCTS[CODE]
    assert found[-1] == Activity(CODE, person, DAY, 15, detail=f"sessions, claude-sonnet-4{more}")


# Cartography's test data, and what of each the vendor's own types do not allow.
EXAMPLES: dict[str, tuple[str, str, dict[str, int], tuple[str, ...]]] = {
    "api_keys": (
        "anthropic.api_keys",
        "ANTHROPIC_APIKEYS",
        {"App": 1, "Asset": 1},
        ("scope",),
    ),
    "users": (
        "anthropic.console_members",
        "ANTHROPIC_USERS",
        {"App": 2, "Person": 2, "Seat": 2, "Owner": 1},
        (),
    ),
    "workspaces": (
        "anthropic.workspaces",
        "ANTHROPIC_WORKSPACES",
        {"App": 1, "Asset": 1},
        ("compartment_id", "data_residency", "tags"),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_also_where_they_lack_what_the_contract_requires(name: str) -> None:
    id_, key, expected, lacking = EXAMPLES[name]
    operation = CONNECTOR.operation(id_)
    assert operation is not None
    rows = golden("anthropic", f"anthropic_{name}_cartography")[key]
    assert not [field for field in lacking for row in rows if field in row]
    assert kinds(operation, {"data": rows}, {}) == expected
