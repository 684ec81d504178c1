"""Which scopes are needed, and what their names say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.permissions import compared, may_write, needed
from integrations.planning import plan, size_of
from tests.integrations.bay import APPS, CONNECTOR, GRANTS, PEOPLE


@pytest.mark.parametrize(
    ("scope", "writes"),
    [
        ("Mail.ReadWrite", True),
        ("Application.ReadWrite.All", True),
        ("contents:write", True),
        ("admin:org", True),
        ("manage_billing:copilot", True),
        ("okta.apps.manage", True),
        ("Sites.FullControl.All", True),
        ("Application.Read.All", False),
        ("DeviceManagementManagedDevices.Read.All", False),
        ("User.ReadBasic.All", False),
        ("https://www.googleapis.com/auth/chrome.management.reports.readonly", False),
        ("okta.apps.read", False),
        ("members:read", False),
    ],
)
def test_a_scope_says_whether_it_can_write(scope: str, writes: bool) -> None:
    assert may_write(scope) is writes


def test_the_fewest_scopes_that_serve_all_are_asked_for() -> None:
    either = replace(GRANTS, scopes=(("grants.read",), ("all.read",)))
    people = replace(PEOPLE, scopes=(("people.read",), ("all.read",)))
    assert [one.scope for one in needed([APPS, either, people])] == ["all.read", "apps.read"]
    assert [one.scope for one in needed([either])] == ["grants.read"]


def test_what_is_missing_and_what_is_too_much_is_said() -> None:
    found = compared([APPS, GRANTS], frozenset({"apps.read", "apps.write"}))
    assert (found.missing, found.excess) == (("grants.read",), ("apps.write",))


def test_a_plan_counts_requests() -> None:
    planned = plan(CONNECTOR, (APPS, GRANTS, PEOPLE), size_of(1000, 40))
    assert [one.requests for one in planned] == [1, 20, 10]
