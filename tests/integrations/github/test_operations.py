"""What is declared of GitHub, and GitHub's own examples."""

from typing import Any

import pytest

from integrations.github import CONNECTOR
from integrations.operations import Operation, Profile
from tests.integrations.desk import check_declared, check_hostile, golden, kinds

_TEAM = "a team of the first seat fits two schemas at once, or none"
# The example, the operation that reads it, and what comes of it. GitHub's examples break GitHub's
# own schema where the third column says so; none of that costs a record.
EXAMPLES: list[tuple[str, str, str, dict[str, int]]] = [
    ("orgs_org_installations", "installations", "", {"App": 1, "Grant": 1}),
    ("orgs_org_copilot_billing", "copilot_billing", "", {"App": 1, "Plan": 1, "Setting": 3}),
    ("orgs_org_copilot_billing_seats", "copilot_seats", _TEAM, {"App": 2, "Seat": 2}),
    ("orgs_org_copilot_coding_agent_permissions", "coding_agent", "", {"App": 1, "Setting": 1}),
    (
        "orgs_org_copilot_spaces",
        "copilot_spaces",
        "base_role is required and not there",
        {"App": 2, "Asset": 2},
    ),
    ("orgs_org_members", "members", "", {"Person": 1}),
    ("orgs_org_personal_access_tokens", "personal_access_tokens", "", {"App": 1, "Grant": 1}),
    (
        "ghec_enterprises_enterprise_copilot_billing_seats",
        "enterprise_copilot_seats",
        _TEAM,
        {"App": 2, "Seat": 2},
    ),
    (
        "ghec_enterprises_enterprise_copilot_custom_agents",
        "custom_agents",
        "",
        {"App": 2, "Asset": 2},
    ),
    (
        "ghec_enterprises_enterprise_settings_billing_ai_credit_usage",
        "ai_credits",
        "",
        {"App": 1, "Asset": 1, "Spend": 1},
    ),
    (
        "ghec_enterprises_enterprise_settings_billing_premium_request_usage",
        "premium_requests",
        "",
        {"App": 1, "Asset": 1, "Spend": 1},
    ),
    ("orgs_org_repos", "repositories", "", {}),
    ("repos_owner_repo_dependency_graph_sbom", "sbom", "", {}),
    ("repos_owner_repo_git_trees_tree_sha", "tree", "", {}),
]


def test_every_operation_says_what_for() -> None:
    check_declared(CONNECTOR)


def test_no_item_is_too_strange() -> None:
    check_hostile(CONNECTOR)


@pytest.mark.parametrize(("name", "operation", "contradiction", "expected"), EXAMPLES)
def test_github_s_own_examples(
    name: str, operation: str, contradiction: str, expected: dict[str, int]
) -> None:
    found: Any = CONNECTOR.operation(f"github.{operation}")
    answer = golden("github", f"github_{name}")
    assert kinds(found, answer, {"year": "2025", "month": "1"}) == expected


@pytest.mark.parametrize("path", ["usage-records", "generate-report"])
def test_what_returns_prompts_or_starts_a_job_cannot_be_declared(path: str) -> None:
    first = CONNECTOR.operations[0]
    with pytest.raises(ValueError, match=path):
        Operation(
            "github.x", "", "github", f"/enterprises/x/{path}", "", (), first.parse, "https://x"
        )


def test_nothing_searches_code() -> None:
    assert not [one for one in CONNECTOR.operations if "search" in one.path]


def test_the_core_needs_three_permissions_that_read() -> None:
    core = CONNECTOR.of_profile(Profile.CORE)
    assert {scope for one in core for each in one.scopes for scope in each} == {
        "metadata:read",
        "organization_administration:read",
        "organization_copilot_seat_management:read",
    }
