"""What OpenAI's answers mean, item by item; and OpenAI's own examples."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.fields import Item
from integrations.openai import CONNECTOR
from integrations.openai.records import (
    API,
    PRODUCT,
    admin_key,
    costs,
    hosted_tools,
    made,
    models,
    organisation,
    project,
    project_key,
    project_user,
    retention,
    service_account,
    usage,
    user,
)
from scanner.model import (
    Activity,
    Asset,
    Assignment,
    Owner,
    Person,
    Seat,
    Setting,
    Spend,
)
from tests.integrations.desk import golden, kinds

MADE = datetime(2026, 3, 2, 8, tzinfo=UTC)
USED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
P = {"project": "proj_1"}


def seconds(when: datetime) -> int:
    return int(when.timestamp())


def test_the_organisation_of_the_key() -> None:
    item = {"orgs": {"data": [{"id": "org-1", "title": "Harbour and Pine"}]}}
    assert list(organisation(Item(item), {})) == [PRODUCT]


def test_a_member_with_a_seat() -> None:
    item = {
        "id": "user-1",
        "email": "ana@harbour.example",
        "role": "reader",
        "added_at": seconds(MADE),
        "api_key_last_used_at": seconds(USED),
        "user": {"enabled": True, "banned": False},
    }
    assert list(user(Item(item), {})) == [
        PRODUCT,
        Person("user-1", "ana@harbour.example", is_active=True),
        Seat(API, person="user-1", assigned=MADE, last_used=USED, may_tell_use=True),
    ]


def test_an_owner_answers_for_the_product() -> None:
    item = {
        "id": "user-2",
        "email": "bo@harbour.example",
        "role": "owner",
        "user": {"banned": True},
    }
    assert list(user(Item(item), {})) == [
        PRODUCT,
        Person("user-2", "bo@harbour.example", is_active=False),
        Seat(API, person="user-2"),
        Owner(API, "user-2", "owner of the OpenAI organisation"),
    ]


def test_a_service_account_among_the_members_is_nobody() -> None:
    item = {"id": "user-3", "is_service_account": True, "added_at": seconds(MADE)}
    assert list(user(Item(item), {})) == [
        PRODUCT,
        Asset(API, "service account", "user-3", created=MADE),
    ]


def test_a_project() -> None:
    item = {
        "id": "proj_1",
        "name": "Quay assistant",
        "created_at": seconds(MADE),
        "status": "archived",
        "residency": "EU_STORAGE_PROCESSING",
    }
    assert list(project(Item(item), {})) == [
        PRODUCT,
        Asset(
            API,
            "project",
            "proj_1",
            "Quay assistant",
            created=MADE,
            detail="archived, EU_STORAGE_PROCESSING",
        ),
    ]


def test_a_key_of_a_person_and_one_of_a_service_account() -> None:
    key = {
        "id": "key_1",
        "name": "laptop",
        "created_at": seconds(MADE),
        "last_used_at": seconds(USED),
    }
    of_person = {"type": "user", "user": {"id": "user-1", "email": "ana@harbour.example"}}
    of_account = {"type": "service_account", "service_account": {"id": "svc_1"}}
    assert list(project_key(Item(key | {"owner": of_person}), P)) == [
        PRODUCT,
        Person("user-1", "ana@harbour.example"),
        Asset(API, "API key", "key_1", "laptop", "user-1", MADE, USED, "proj_1"),
    ]
    assert list(project_key(Item(key | {"owner": of_account}), P)) == [
        PRODUCT,
        Asset(
            API, "API key", "key_1", "laptop", "", MADE, USED, "proj_1, of service account svc_1"
        ),
    ]


def test_an_admin_key() -> None:
    item = {"id": "key_9", "name": "ops", "owner": {"type": "user", "id": "user-2"}}
    assert list(admin_key(Item(item), {})) == [
        PRODUCT,
        Asset(API, "admin key", "key_9", "ops", "user-2"),
    ]


def test_members_and_service_accounts_of_a_project() -> None:
    person = {"id": "user-1", "email": "ana@harbour.example", "role": "owner"}
    account = {"id": "svc_1", "name": "nightly", "role": "member", "created_at": seconds(MADE)}
    assert list(project_user(Item(person), P)) == [
        PRODUCT,
        Person("user-1", "ana@harbour.example"),
        Assignment(API, "user-1", "project proj_1"),
        Owner(API, "user-1", "owner of project proj_1"),
    ]
    assert list(service_account(Item(account), P)) == [
        PRODUCT,
        Asset(API, "service account", "svc_1", "nightly", created=MADE, detail="proj_1, member"),
    ]


def test_a_day_of_use() -> None:
    item = {
        "start_time": seconds(MADE),
        "results": [
            {
                "object": "organization.usage.completions.result",
                "num_model_requests": 12,
                "project_id": "proj_1",
                "user_id": "user-1",
                "model": "gpt-4.1",
            },
            {
                "object": "organization.usage.web_searches.result",
                "num_model_requests": 12,
                "num_requests": 3,
            },
            {"object": "organization.usage.images.result", "num_model_requests": 0},
        ],
    }
    assert list(usage(Item(item), {})) == [
        PRODUCT,
        Activity(API, "user-1", MADE, 12, detail="completions, gpt-4.1, proj_1"),
        PRODUCT,
        Activity(API, "", MADE, 3, detail="web searches"),
    ]


def test_what_a_project_cost() -> None:
    result = {"amount": {"value": "0.06", "currency": "usd"}, "project_id": "proj_1"}
    item = {"start_time": seconds(MADE), "results": [result, {"amount": {"value": 0}}]}
    assert list(costs(Item(item), {})) == [
        PRODUCT,
        Spend(API, 0.06, "USD", unit="proj_1", when=MADE),
    ]


@pytest.mark.parametrize("by", ["session", "api_key"])
def test_who_created_something(by: str) -> None:
    actor = {by: {"user": {"id": "user-1", "email": "ana@harbour.example"}}}
    item = {"id": "audit_log-1", "type": "project.created", "actor": actor}
    assert list(made(Item(item), {})) == [
        PRODUCT,
        Person("user-1", "ana@harbour.example"),
        Owner(API, "user-1", "created a project"),
    ]


def test_settings() -> None:
    assert list(retention(Item({"type": "zero_data_retention"}), {})) == [
        PRODUCT,
        Setting(API, "data retention: zero_data_retention", True),
    ]
    assert list(retention(Item({"type": "organization_default"}), P)) == []
    assert list(models(Item({"mode": "deny_list", "model_ids": ["o3"]}), P)) == [
        PRODUCT,
        Setting(API, "model o3", False, "proj_1"),
    ]
    assert list(hosted_tools(Item({"mcp": {"enabled": True}}), P)) == [
        PRODUCT,
        Setting(API, "hosted tool mcp", True, "proj_1"),
    ]


# OpenAI's examples, and what comes of each. One contradicts itself: it is no JSON (see below).
EXAMPLES: dict[str, tuple[str, dict[str, int]]] = {
    "users": ("openai.users", {"App": 1, "Person": 1, "Seat": 1, "Owner": 1}),
    "projects": ("openai.projects", {"App": 1, "Asset": 1}),
    "admin_api_keys": ("openai.admin_keys", {"App": 1, "Asset": 1}),
    "costs": ("openai.costs", {"App": 1, "Spend": 1}),
    "data_retention": ("openai.retention", {"App": 1, "Setting": 1}),
    "usage_completions": ("openai.usage_completions", {"App": 1, "Activity": 1}),
    "usage_embeddings": ("openai.usage_embeddings", {"App": 1, "Activity": 1}),
    "projects_project_id_api_keys": (
        "openai.project_keys",
        {"App": 1, "Person": 1, "Asset": 1},
    ),
    "projects_project_id_data_retention": ("openai.project_retention", {}),
    "projects_project_id_hosted_tool_permissions": (
        "openai.hosted_tool_permissions",
        {"App": 5, "Setting": 5},
    ),
    "projects_project_id_model_permissions": (
        "openai.model_permissions",
        {"App": 1, "Setting": 2},
    ),
    "projects_project_id_service_accounts": (
        "openai.service_accounts",
        {"App": 1, "Asset": 1},
    ),
    "projects_project_id_users": (
        "openai.project_users",
        {"App": 1, "Person": 1, "Assignment": 1, "Owner": 1},
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_vendor_s_examples(name: str) -> None:
    id_, expected = EXAMPLES[name]
    operation = CONNECTOR.operation(id_)
    assert operation is not None
    assert kinds(operation, golden("openai", f"openai_organization_{name}"), P) == expected


def test_the_example_that_is_no_json() -> None:
    """Its objects end in commas. Without those it is read like the others."""
    text: str = golden("openai", "openai_organization_audit_logs")
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    mended: Any = json.loads(text.replace("},\n        }", "}\n        }"))
    operation = CONNECTOR.operation("openai.audit_logs")
    assert operation is not None
    assert kinds(operation, mended, {}) == {}  # neither event is a creation
