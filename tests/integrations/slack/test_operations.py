"""What is declared of Slack, and Slack's own examples."""

from typing import Any

import pytest

from integrations.accounts import hosts_of, settings_of
from integrations.operations import Profile
from integrations.slack import CONNECTOR
from scanner.config import SourceSettings
from tests.integrations.desk import check_declared, check_hostile, golden, kinds

# The example, the operation that reads it, and what comes of it. Slack's examples break Slack's
# own schema where the third column says so; none of that costs a record.
EXAMPLES: list[tuple[str, str, str, dict[str, int]]] = [
    ("admin_apps_approved_list", "approved_apps", "", {"App": 1, "Grant": 1}),
    ("admin_apps_restricted_list", "restricted_apps", "", {"App": 1, "Setting": 1}),
    ("admin_apps_requests_list", "requested_apps", "", {"App": 1, "Owner": 1, "Person": 1}),
    ("users_list", "users", "", {"Person": 2}),
    ("team_info", "team", "", {}),
    ("team_integrationlogs", "integration_log", "logs and paging are required and not there", {}),
]


def test_every_operation_says_what_for() -> None:
    check_declared(CONNECTOR, ("slack.identity",))


def test_no_item_is_too_strange() -> None:
    check_hostile(CONNECTOR)


@pytest.mark.parametrize(("name", "operation", "contradiction", "expected"), EXAMPLES)
def test_slack_s_own_examples(
    name: str, operation: str, contradiction: str, expected: dict[str, int]
) -> None:
    found: Any = CONNECTOR.operation(f"slack.{operation}")
    assert kinds(found, golden("slack", f"slack_{name}"), {}) == expected


def test_no_message_is_read() -> None:
    fields = {name for one in CONNECTOR.operations for name in one.fields}
    assert not [name for name in fields if "message" in name or "channel" in name]


def test_what_could_write_is_read_only_where_it_is_asked_for() -> None:
    usual = CONNECTOR.of_profile(Profile.PREMIUM)
    assert {scope for one in usual for each in one.scopes for scope in each} == {
        "admin.apps:read",
        "team:read",
        "users:read",
        "users:read.email",
    }
    named = CONNECTOR.of_profile(Profile.CORE, ["slack.integration_log"])
    (log,) = [one for one in named if one not in usual]
    assert (log.id, log.can_write) == ("slack.integration_log", True)


def test_each_cloud_has_its_own_address() -> None:
    source = SourceSettings(connector="slack", settings={"token": "env:X", "cloud": "gov"})
    assert hosts_of(CONNECTOR, settings_of(CONNECTOR, source)) == {
        "slack": "https://slack-gov.com/api"
    }
