"""A Slack organisation on loopback: the order of questions, errors with status 200, and consent."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from integrations.connector import Meaning, Size, Trouble
from integrations.shelf import OpState
from integrations.slack import CONNECTOR, operations
from integrations.slack.errors import meaning_of_error
from integrations.slack.plan import consent
from integrations.slack.signing import sign_in
from scanner.errors import ConfigError
from scanner.model import Person
from tests.integrations.bay import Clock
from tests.integrations.desk import Asked, Desk, Several, collected, context

TOKEN = {"token": "xoxp-invented"}


def _ok(**more: Any) -> dict[str, Any]:
    return {"ok": True, **more}


def _not(error: str, **more: Any) -> dict[str, Any]:
    return {"ok": False, "error": error, **more}


def desk(**more: Any) -> Desk:
    return Desk(
        {
            "GET /auth.test": _ok(team_id="T1", team="Harbour", enterprise_id="E1"),
            "GET /team.info": _ok(
                team={
                    "id": "T1",
                    "name": "Harbour",
                    "email_domain": "harbour.example,pine.example",
                    "enterprise_name": "Harbour & Pine",
                }
            ),
            "GET /admin.apps.approved.list": _ok(approved_apps=[]),
            "GET /admin.apps.restricted.list": _ok(restricted_apps=[]),
            "GET /admin.apps.requests.list": _ok(app_requests=[]),
            "POST /admin.apps.mcp.servers.list": _ok(servers=[]),
            "GET /users.list": _ok(members=[]),
            "GET /team.integrationLogs": _ok(logs=[]),
            **{name.replace("__", " /"): value for name, value in more.items()},
        }
    )


def test_an_organisation_is_asked_for_its_apps() -> None:
    account = desk()
    with collected(CONNECTOR, account, TOKEN) as found:
        tenant = found.run.tenant
        states = found.states()
    assert (tenant.id, tenant.name) == ("E1", "Harbour & Pine")
    assert tenant.domains == ("harbour.example", "pine.example")
    assert account.paths() == [
        "GET /auth.test",
        "GET /team.info",
        "GET /admin.apps.approved.list",
        "GET /admin.apps.restricted.list",
        "GET /admin.apps.requests.list",
        "POST /admin.apps.mcp.servers.list",
        "GET /users.list",
    ]
    assert account.asked[2].query == {"limit": "1000", "enterprise_id": "E1"}
    assert account.asked[2].headers["authorization"] == "Bearer xoxp-invented"
    assert states.pop("slack.integration_log") is OpState.SKIPPED
    assert set(states.values()) == {OpState.COMPLETE}


def test_pages_are_followed_by_their_cursors() -> None:
    def users(asked: Asked) -> Any:
        here = asked.query.get("cursor", "")
        following = {"": "x=", "x=": "y="}.get(here, "")
        return _ok(members=[{"id": f"U{here}"}], response_metadata={"next_cursor": following})

    def servers(asked: Asked) -> Any:
        cursor = json.loads(asked.body).get("cursor", "")
        following = {"next_cursor": "" if cursor else "z"}
        return _ok(servers=[{"id": f"S{cursor}"}], response_metadata=following)

    account = desk(**{"GET__users.list": users, "POST__admin.apps.mcp.servers.list": servers})
    with collected(CONNECTOR, account, TOKEN) as found:
        assert found.records(operations.USERS) == [Person("U"), Person("Ux="), Person("Uy=")]
        assert len(found.records(operations.MCP_SERVERS)) == 4


def test_the_log_is_read_until_a_page_is_not_full(monkeypatch: Any) -> None:
    def logs(asked: Asked) -> Any:
        page = int(asked.query["page"])
        lines = 1000 if page < 3 else 5
        return _ok(logs=[{"app_id": f"A{page}-{n}"} for n in range(lines)])

    account = desk(**{"GET__team.integrationLogs": logs})
    also = ("slack.integration_log",)
    with collected(CONNECTOR, account, TOKEN, also=also) as found:
        assert len(found.records(operations.INTEGRATION_LOG)) == 2 * 2005
    assert [one.query["page"] for one in account.asked if "Logs" in one.path] == ["1", "2", "3"]


def test_a_workspace_without_enterprise_is_known_by_itself() -> None:
    no = _not("feature_not_enabled")
    account = desk(
        **{
            "GET__auth.test": _ok(team_id="T1", team="Harbour"),
            "GET__team.info": _not("missing_scope", needed="team:read"),
            "GET__admin.apps.approved.list": no,
            "POST__admin.apps.mcp.servers.list": no,
        }
    )
    with collected(CONNECTOR, account, TOKEN) as found:
        assert (found.run.tenant.id, found.run.tenant.name) == ("T1", "Harbour")
        states = found.states()
        assert found.reason(operations.TEAM) == (
            "add the scope team:read to the app and install it again"
        )
    assert states["slack.approved_apps"] is OpState.NOT_LICENSED
    assert states["slack.mcp_servers"] is OpState.NOT_LICENSED
    assert states["slack.team"] is OpState.DENIED
    assert states["slack.users"] is OpState.COMPLETE


def test_f4_a_limit_in_an_answer_with_status_200_is_waited_for() -> None:
    slow = (200, _not("ratelimited"), {"Retry-After": "30"})
    account = desk(**{"GET__users.list": Several(slow, _ok(members=[]))})
    with collected(CONNECTOR, account, TOKEN) as found:
        assert found.states()["slack.users"] is OpState.COMPLETE
        assert 30 <= found.run._transport.waited < 32


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        ("ratelimited", Trouble.SLOW_DOWN),
        ("invalid_auth", Trouble.SIGN_IN),
        ("token_revoked", Trouble.SIGN_IN),
        ("missing_scope", Trouble.DENIED),
        ("not_allowed_token_type", Trouble.DENIED),
        ("app_management_app_not_installed_on_org", Trouble.DENIED),
        ("not_an_admin", Trouble.DENIED),
        ("feature_not_enabled", Trouble.NOT_LICENSED),
        ("no_team_or_enterprise_provided", Trouble.NOT_LICENSED),
        ("invalid_cursor", Trouble.RESTART),
        ("fatal_error", Trouble.RETRY),
        ("limit_required", Trouble.WRONG),
    ],
)
def test_errors(error: str, trouble: Trouble) -> None:
    meaning = meaning_of_error(200, {}, _not(error), operations.USERS)
    assert meaning is not None
    assert meaning.trouble is trouble


def test_a_missing_scope_is_named() -> None:
    body = _not("missing_scope", needed="users:read.email", provided="users:read")
    advice = "add the scope users:read.email to the app and install it again"
    assert meaning_of_error(200, {}, body, operations.USERS) == Meaning(Trouble.DENIED, advice)
    advice = "add the scope users:read with users:read.email to the app and install it again"
    assert meaning_of_error(200, {}, _not("missing_scope"), operations.USERS) == Meaning(
        Trouble.DENIED, advice
    )


@pytest.mark.parametrize("body", [None, [], "no", {"ok": True}, {"ok": "false"}, {}])
def test_what_is_no_error_of_slack_s_is_left_to_the_transport(body: Any) -> None:
    assert meaning_of_error(200, {}, body, operations.USERS) is None


def test_a_token_of_an_installed_app_signs() -> None:
    clock = Clock()
    signed = sign_in(context(desk(), "slack", TOKEN, clock))
    assert signed.headers(operations.USERS) == {"Authorization": "Bearer xoxp-invented"}
    assert not signed.is_of_a_person
    for token in ("", "xapp-canary", "xoxc-canary"):
        with pytest.raises(ConfigError, match="xoxp-") as caught:
            sign_in(context(desk(), "slack", {"token": token}, clock))
        assert "canary" not in str(caught.value)


def test_consent_is_an_address_that_makes_the_app() -> None:
    address, _, manifest = consent({}, ["users:read", "admin.apps:read"]).partition(
        "manifest_json="
    )
    assert address == "https://api.slack.com/apps?new_app=1&"
    made = json.loads(unquote(manifest))
    assert made["oauth_config"] == {"scopes": {"user": ["admin.apps:read", "users:read"]}}
    assert made["settings"]["org_deploy_enabled"] is True


def test_the_plan_of_a_large_organisation() -> None:
    counts = CONNECTOR.requests(Size(100_000, 1_500, 0))
    assert counts["slack.users"] == 102
    assert counts["slack.approved_apps"] == 2
    assert sum(counts.values()) == 114
