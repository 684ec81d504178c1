"""Organisations of Anthropic's, asked whole over loopback; and what its errors mean."""

from typing import Any

import pytest

from integrations.anthropic import CONNECTOR
from integrations.anthropic.console import API_KEYS, CLAUDE_CODE, CONSOLE
from integrations.anthropic.errors import meaning_of_error
from integrations.anthropic.operations import MEMBERS, ORGANISATION, PLUGINS, USER_ACTIVITY
from integrations.connector import Meaning, Trouble
from integrations.operations import Operation, Profile
from integrations.shelf import OpState
from scanner.errors import ConfigError, SourceError
from scanner.model import Person, Tenant
from tests.integrations.desk import Asked, Desk, collected

SETTINGS = {"key": "sk-ant-invented", "organisation": "enterprise"}
CONSOLE_SETTINGS = SETTINGS | {"organisation": "console"}
BASE = "GET /v1/organizations"
EMPTY: dict[str, Any] = {"data": [], "has_more": False, "next_page": None}
OPTED = tuple(one.id for one in CONSOLE)


def account(**more: Any) -> Desk:
    answers: dict[str, Any] = {f"GET {one.path}": EMPTY for one in CONNECTOR.operations}
    answers[f"{BASE}/me"] = {"id": "org-1", "name": "Harbour and Pine", "type": "organization"}
    return Desk(answers | more)


def test_the_core_of_claude_enterprise_is_read() -> None:
    desk = account()
    with collected(CONNECTOR, desk, SETTINGS) as read:
        assert read.run.tenant == Tenant("anthropic", "org-1", "Harbour and Pine")
        wanted = {one.id for one in CONNECTOR.of_profile(Profile.CORE)}
        states = read.states()
        assert {name for name, state in states.items() if state is OpState.COMPLETE} == wanted
    assert {one.headers["x-api-key"] for one in desk.asked} == {"sk-ant-invented"}
    assert len({one.query["starting_date"] for one in desk.asked if "analytics" in one.path}) == 1


def test_lists_go_on_in_their_three_ways() -> None:
    def members(asked: Asked) -> dict[str, Any]:
        if asked.query.get("after_id") == "user_1":
            return {"data": [{"id": "user_2"}], "has_more": False, "last_id": "user_2"}
        return {"data": [{"id": "user_1"}], "has_more": True, "last_id": "user_1"}

    def activity(asked: Asked) -> dict[str, Any]:
        number = asked.query.get("page", "1")
        following = {"1": "2", "2": None}[number]
        return {"data": [{"user": {"id": f"user_{number}"}}], "next_page": following}

    desk = account(**{f"{BASE}/users": members, f"{BASE}/analytics/users": activity})
    with collected(CONNECTOR, desk, SETTINGS) as read:
        for operation in (MEMBERS, USER_ACTIVITY):
            people = [one.key for one in read.records(operation) if isinstance(one, Person)]
            assert people == ["user_1", "user_2"]


def test_nothing_of_the_console_is_asked_unless_it_is_named() -> None:
    desk = account()
    with collected(CONNECTOR, desk, CONSOLE_SETTINGS, Profile.PREMIUM):
        assert desk.paths() == [f"{BASE}/me"]


def test_the_console_is_read_day_by_day_where_it_is_named() -> None:
    desk = account()
    also = tuple(one for one in OPTED if one != "anthropic.service_accounts")
    with collected(CONNECTOR, desk, CONSOLE_SETTINGS, also=also) as read:
        states = read.states()
        assert states[API_KEYS.id] is states[CLAUDE_CODE.id] is OpState.COMPLETE
    days = [one.query["starting_at"] for one in desk.asked if "claude_code" in one.path]
    assert len(days) == 31
    assert days == sorted(days)
    assert len(days[0]) == len("2026-11-20")


def test_service_accounts_are_listed_with_a_token_alone() -> None:
    desk = account()
    settings = SETTINGS | {"oauth_token": "invented"}
    with collected(CONNECTOR, desk, settings, also=("anthropic.service_accounts",)):
        asked = next(one for one in desk.asked if one.path.endswith("/service_accounts"))
    assert asked.headers["authorization"] == "Bearer invented"
    assert "x-api-key" not in asked.headers


def test_a_key_for_the_analytics_alone_needs_the_tenant_named() -> None:
    refused = 403, {"error": {"type": "permission_error", "message": "the key has read:analytics"}}
    with collected(
        CONNECTOR, account(**{f"{BASE}/me": refused}), SETTINGS | {"tenant": "org-1"}
    ) as read:
        assert read.run.tenant == Tenant("anthropic", "org-1")
        assert read.states()[ORGANISATION.id] is OpState.SKIPPED
    with (
        pytest.raises(SourceError),
        collected(CONNECTOR, account(**{f"{BASE}/me": refused}), SETTINGS),
    ):
        pass


def test_another_kind_of_organisation_is_refused() -> None:
    with (
        pytest.raises(ConfigError, match="enterprise or console"),
        collected(CONNECTOR, account(), SETTINGS | {"organisation": "team"}),
    ):
        pass


def said(status: int, kind: str, operation: Operation, message: str = "") -> Meaning | None:
    body = {"type": "error", "error": {"type": kind, "message": message}}
    return meaning_of_error(status, {}, body, operation)


def test_a_missing_scope_and_a_missing_plan_are_told_apart() -> None:
    text = "key has scopes read:members; the endpoint needs the scope read:analytics"
    assert said(403, "permission_error", USER_ACTIVITY, text) == Meaning(
        Trouble.DENIED,
        "the key lacks read:analytics; make one at https://claude.ai/admin-settings/api-access",
    )
    assert said(403, "permission_error", USER_ACTIVITY) == Meaning(
        Trouble.NOT_LICENSED, "it belongs to Claude Enterprise"
    )
    assert said(403, "permission_error", API_KEYS) == Meaning(
        Trouble.DENIED,
        "it needs an admin key of https://platform.claude.com/settings/admin-keys",
    )


def test_other_errors() -> None:
    found = said(401, "authentication_error", MEMBERS)
    assert found is not None
    assert found.trouble is Trouble.SIGN_IN
    assert said(529, "overloaded_error", MEMBERS) == Meaning(
        Trouble.RETRY, "the service is overloaded"
    )
    assert said(404, "not_found_error", PLUGINS) == Meaning(
        Trouble.NOT_LICENSED, "this organisation has no such thing (a beta)"
    )
    assert said(429, "rate_limit_error", MEMBERS) is None
    assert meaning_of_error(502, {}, None, MEMBERS) is None
