"""What is worked out of a system: origin, type, reach, place, accounts; and why it is not known."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.inventory.origin import UNKNOWN, computed
from tests.inventory.role_cases import cases, facts_of


def values(raw: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {one.field: one.value for one in computed(facts_of(raw))}


def only(raw: dict[str, Any], field: str) -> tuple[str, ...]:
    return values(raw)[field]


def test_a_chat_that_people_use() -> None:
    seen = [{"channel": "proxy", "level": "used", "bytes_up": 90_000}]
    assert values({"category": "assistant", "seen": seen}) == {
        "system_type": ("chat_app",),
        "origin_class": ("embedded_in_saas",),
        "data_reach": ("user_content",),
        "deployment_environment": ("saas",),
        "account_mode": (UNKNOWN,),
    }


def test_a_product_of_ours_on_a_model_api() -> None:
    hints = [
        {"kind": "deployment", "label": "Docker Compose", "file": "compose.prod.yml"},
        {"kind": "data_store", "label": "PostgreSQL", "file": "pyproject.toml"},
    ]
    assert values({"parts": ["openai"], "hints": hints}) == {
        "system_type": ("sdk_in_app",),
        "origin_class": ("llm_api",),
        "data_reach": (UNKNOWN,),
        "deployment_environment": ("prod",),
        "account_mode": (UNKNOWN,),
    }


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"parts": ["vllm", "hub-model"]}, ("vendor_model",)),
        ({"parts": ["sklearn"]}, ("proprietary",)),
        ({"parts": ["openai", "gguf", "torch"]}, ("llm_api", "vendor_model", "proprietary")),
        ({"parts": [{"like": "openai", "purpose": "test"}]}, (UNKNOWN,)),
        ({"category": "model-api"}, ("llm_api",)),
        ({"category": "ml-platform", "nature": "hosting"}, ("llm_api",)),
        ({"category": "local-runtime"}, ("vendor_model",)),
        ({"kind": "hosted", "category": "local-runtime"}, ("vendor_model",)),
        ({"kind": "hosted", "category": "model-api", "nature": "hosting"}, ("llm_api",)),
        ({"kind": "hosted"}, ("unknown",)),
    ],
)
def test_whose_model_it_is(raw: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert only(raw, "origin_class") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"category": "coding-agent"}, ("ide_tool",)),
        ({"category": "productivity", "nature": "embedded"}, ("embedded_feature",)),
        ({"category": "mcp-server"}, ("mcp_server",)),
        ({"category": "design"}, ("chat_app",)),
        ({"kind": "hosted"}, ("self_hosted_model",)),
        ({"parts": ["langchain", "openai"]}, ("agent", "sdk_in_app")),
        ({"parts": ["trl"]}, ("training_pipeline",)),
        (
            {
                "category": "writing",
                "seen": [{"channel": "device", "level": "listed", "identifier": "browser_ext"}],
            },
            ("browser_ext",),
        ),
    ],
)
def test_what_kind_of_thing_it_is(raw: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert only(raw, "system_type") == expected


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        ([{"area": "identity", "consent": "user"}], ("none",)),
        ([{"area": "calendar", "consent": "user"}], ("mailbox",)),
        ([{"area": "mail", "consent": "admin", "is_wide": True}], ("tenant",)),
        (
            [{"area": "files", "consent": "user"}, {"area": "mail", "consent": "user"}],
            ("mailbox", "files"),
        ),
        ([{"area": "unclassified", "consent": "user"}], (UNKNOWN,)),
        ([{"area": "code", "consent": "user"}], ("code",)),
        ([], (UNKNOWN,)),
    ],
)
def test_what_it_may_reach(reached: list[dict[str, Any]], expected: tuple[str, ...]) -> None:
    assert only({"category": "assistant", "reached": reached}, "data_reach") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"seats": [{"plan": "Team", "bought": 3, "assigned": 3}]}, ("company",)),
        ({"spent": [{"amount": 20.0, "people": 1}]}, ("personal",)),
        ({"spent": [{"amount": 20.0, "people": 0}]}, (UNKNOWN,)),
        ({"spent": [{"amount": -20.0, "people": 1}]}, (UNKNOWN,)),
        ({"kept": [{"kind": "API key", "name": "ci"}]}, ("service",)),
        (
            {
                "kept": [{"kind": "API key", "name": "ci"}],
                "seats": [{"plan": "Team", "bought": 3, "assigned": 3}],
            },
            ("mixed",),
        ),
        ({"seen": [{"channel": "sso", "level": "listed"}]}, ("company",)),
        (
            {
                "seen": [{"channel": "sso", "level": "listed"}],
                "spent": [{"amount": 20.0, "people": 1}],
            },
            ("company",),
        ),
    ],
)
def test_with_whose_accounts_it_is_used(raw: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert only({"category": "assistant", **raw}, "account_mode") == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("deploy/staging/values.yaml", ("staging",)),
        ("k8s/production.yaml", ("prod",)),
        ("compose.dev.yml", ("dev",)),
        ("products/Dockerfile", (UNKNOWN,)),
        ("Dockerfile", (UNKNOWN,)),
    ],
)
def test_where_it_runs(file: str, expected: tuple[str, ...]) -> None:
    hints = [{"kind": "deployment", "label": "container image", "file": file}]
    assert only({"parts": ["openai"], "hints": hints}, "deployment_environment") == expected


def test_software_on_devices_and_a_service() -> None:
    seen = [{"channel": "device", "level": "listed"}, {"channel": "dns", "level": "resolved"}]
    assert only({"category": "assistant", "seen": seen}, "deployment_environment") == (
        "endpoint",
        "saas",
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_value_says_why(case: Any) -> None:
    found = computed(case.facts)
    assert [one.field for one in found] == [
        "system_type",
        "origin_class",
        "data_reach",
        "deployment_environment",
        "account_mode",
    ]
    assert all(one.why and one.value for one in found)
