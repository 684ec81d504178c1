"""What is declared of Okta, and Okta's own examples."""

from typing import Any

import pytest

from integrations.okta import CONNECTOR
from tests.integrations.desk import check_declared, check_hostile, golden, kinds

# The example, the operation that reads it, and what comes of it. Okta's examples break Okta's own
# schema where the third column says so; none of that costs a record.
EXAMPLES: list[tuple[str, str, str, dict[str, int]]] = [
    ("apps", "okta.apps", "addresses for errors and sign-in are null", {"App": 1}),
    ("apps_appid_users", "okta.app_users", "", {"Assignment": 1, "Person": 1}),
    ("apps_appid_groups", "okta.app_groups", "", {"Assignment": 1}),
    ("apps_appid_grants", "okta.app_grants", "", {"Grant": 2}),
    ("logs", "okta.created", "16 objects and texts are null", {"Owner": 1, "Person": 1}),
    ("users", "okta.users", "", {"Person": 1}),
]


def test_every_operation_says_what_for() -> None:
    check_declared(CONNECTOR, ("okta.organisation",))


def test_no_item_is_too_strange() -> None:
    check_hostile(CONNECTOR)


@pytest.mark.parametrize(("name", "operation", "contradiction", "expected"), EXAMPLES)
def test_okta_s_own_examples(
    name: str, operation: str, contradiction: str, expected: dict[str, int]
) -> None:
    found: Any = CONNECTOR.operation(operation)
    answer = golden("okta", f"okta_api_v1_{name}")
    assert kinds(found, answer, {"appId": "0oa1"}) == expected


def test_nothing_that_could_write_is_asked_for() -> None:
    scopes = {scope for one in CONNECTOR.operations for each in one.scopes for scope in each}
    assert scopes == {
        "okta.apps.read",
        "okta.logs.read",
        "okta.appGrants.read",
        "okta.users.read",
    }
