"""A GitHub organisation on loopback: signing in, the order of questions, and what goes wrong."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from integrations.connector import Size
from integrations.github import CONNECTOR, copilot, operations
from integrations.github.plan import consent
from integrations.github.repositories import choice_of_manifests, trees
from integrations.github.signing import Installation, PersonalToken, sign_in
from integrations.operations import Profile
from integrations.shelf import OpState
from scanner.errors import ConfigError, SourceError
from scanner.model import Person
from tests.integrations.bay import Clock
from tests.integrations.desk import Asked, Desk, Several, collected, context, served, undeclared

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
TOKEN = {"org": "harbour", "token": "ghp_invented"}
APP = {"org": "harbour", "app_id": "4711", "private_key": PEM}
HELD = {
    "metadata": "read",
    "members": "write",
    "organization_administration": "read",
    "issues": "write",
}
POSTED = "POST /app/installations/42/access_tokens"


def desk(**more: Any) -> Desk:
    return Desk(
        {
            "GET /orgs/harbour": {"id": 99, "login": "harbour", "name": "Harbour & Pine"},
            "GET /orgs/harbour/installation": {"id": 42, "permissions": HELD},
            POSTED: (201, {"token": "ghs_1", "expires_at": "2026-11-18T12:26:40Z"}),
            "GET /orgs/harbour/installations": {"total_count": 0, "installations": []},
            "GET /orgs/harbour/copilot/billing": {"plan_type": "business"},
            "GET /orgs/harbour/copilot/billing/seats": {"total_seats": 0, "seats": []},
            "GET /orgs/harbour/members": [{"login": "ana"}],
            "GET /orgs/harbour/repos": [
                {"name": "support", "owner": {"login": "harbour"}, "default_branch": "main"}
            ],
            "GET /repos/harbour/support/git/trees/main": {
                "truncated": False,
                "tree": [{"path": "package.json", "mode": "100644", "size": 2, "sha": "n"}],
            },
            "GET /repos/harbour/support/git/blobs/n": {
                "sha": "n",
                "encoding": "base64",
                "content": "e30=",
            },
            **more,
        }
    )


def test_the_core_asks_of_apps_and_copilot_alone() -> None:
    account = desk()
    with collected(CONNECTOR, account, TOKEN) as found:
        assert (found.run.tenant.id, found.run.tenant.name) == ("99", "harbour")
        states = found.states()
    assert account.paths() == [
        "GET /orgs/harbour",
        "GET /orgs/harbour/installations",
        "GET /orgs/harbour/copilot/billing",
        "GET /orgs/harbour/copilot/billing/seats",
    ]
    assert {states[one] for one in ("github.members", "github.repositories")} == {OpState.SKIPPED}
    asked = account.asked[0].headers
    assert asked["authorization"] == "Bearer ghp_invented"
    assert asked["x-github-api-version"] == "2022-11-28"


def test_more_is_read_where_more_is_wanted() -> None:
    account = desk()
    with collected(CONNECTOR, account, TOKEN, Profile.PLUS) as found:
        assert found.records(operations.MEMBERS) == [Person("ana", is_active=True)]
        (tree,) = trees(found.run, choice_of_manifests())
        assert tree.read("package.json") == b"{}"
        states = found.states()
    assert states["github.tree"] is OpState.COMPLETE
    assert states["github.sbom"] is OpState.SKIPPED
    assert "GET /repos/harbour/support/dependency-graph/sbom" in account.paths()


def test_f15_an_app_sends_what_is_declared_and_nothing_else() -> None:
    account = desk()
    with collected(CONNECTOR, account, APP, Profile.PLUS) as found:
        assert found.states()["github.members"] is OpState.COMPLETE
    assert undeclared(CONNECTOR, account) == []
    assert POSTED in account.paths()
    account.asked.append(Asked("POST", "/orgs/harbour/installations", {}, {}, ""))
    assert undeclared(CONNECTOR, account) == ["POST /orgs/harbour/installations"]


def test_f15_a_name_stays_one_segment_of_the_path() -> None:
    account = desk()
    settings = {**APP, "org": "../apps/42/x?y#z"}
    with served(account), pytest.raises(SourceError, match="not installed"):
        sign_in(context(account, "github", settings, Clock())).headers(operations.MEMBERS)
    assert account.paths() == ["GET /orgs/..%2Fapps%2F42%2Fx%3Fy%23z/installation"]


def test_the_enterprise_is_asked_where_it_is_named() -> None:
    account = desk()
    settings = {**TOKEN, "enterprise": "pine"}
    also = ("github.ai_credits", "github.custom_agents")
    with collected(CONNECTOR, account, settings, Profile.PREMIUM, also):
        pass
    asked = {one.path: one.query for one in account.asked if one.path.startswith("/enterprises")}
    assert asked == {
        "/enterprises/pine/copilot/billing/seats": {"per_page": "100"},
        "/enterprises/pine/copilot/custom-agents": {"per_page": "100"},
        "/enterprises/pine/settings/billing/ai_credit/usage": {"year": "2026", "month": "10"},
    }


def test_a_server_of_one_s_own() -> None:
    below = "/api/v3"
    account = Desk(
        {f"{name[:4]}{below}{name[4:]}": value for name, value in desk().answers.items()}
    )
    with collected(CONNECTOR, account, TOKEN, below=below) as found:
        assert found.run.tenant.id == "99"


def test_seats_are_paged_by_links_and_counted() -> None:
    def seats(asked: Asked) -> Any:
        page = int(asked.query.get("page", "1"))
        link = f'<{account.base}{asked.path}?per_page=100&page={page + 1}>; rel="next"'
        some = [{"assignee": {"login": f"p{page}{n}"}} for n in range(2)]
        return 200, {"total_seats": 5, "seats": some}, {"Link": link} if page < 2 else {}

    account = desk(**{"GET /orgs/harbour/copilot/billing/seats": seats})
    with collected(CONNECTOR, account, TOKEN) as found:
        assert len(found.records(copilot.COPILOT_SEATS)) == 8
        assert found.states()["github.copilot_seats"] is OpState.PARTIAL
        assert found.reason(copilot.COPILOT_SEATS) == "4 items came of 5"


def test_f4_limits_are_waited_for() -> None:
    limit = (403, {"message": "secondary rate limit"}, {"Retry-After": "60"})
    seats = Several(limit, {"total_seats": 0, "seats": []})
    account = desk(**{"GET /orgs/harbour/copilot/billing/seats": seats})
    with collected(CONNECTOR, account, TOKEN) as found:
        assert found.states()["github.copilot_seats"] is OpState.COMPLETE
        assert 60 <= found.run._transport.waited < 62


def test_f2_and_f3_what_was_not_granted_or_not_bought_costs_itself_alone() -> None:
    answers = {
        "GET /orgs/harbour/installations": (403, {"message": "Must be an owner"}),
        "GET /orgs/harbour/copilot/billing": (422, {"message": "not enabled"}),
    }
    with collected(CONNECTOR, desk(**answers), TOKEN) as found:
        states = found.states()
        assert states["github.installations"] is OpState.DENIED
        assert states["github.copilot_billing"] is OpState.NOT_LICENSED
        assert states["github.copilot_seats"] is OpState.COMPLETE
        assert "organization_administration:read" in found.reason(operations.INSTALLATIONS)


def test_f8_a_report_elsewhere_is_not_fetched_from_just_anywhere() -> None:
    path = "GET /orgs/harbour/copilot/metrics/reports/users-28-day/latest"
    links = {"download_links": ["https://reports.attacker.example/1.ndjson"]}
    account = desk(**{path: links})
    with collected(CONNECTOR, account, TOKEN, Profile.PLUS) as found:
        assert found.states()["github.copilot_use"] is OpState.ERROR
        assert "reports.attacker.example: not asked" in found.reason(copilot.COPILOT_USE)


def test_an_app_asks_for_reading_alone() -> None:
    account, clock = desk(), Clock()
    with served(account):
        signed = sign_in(context(account, "github", APP, clock))
        assert isinstance(signed, Installation)
        assert signed.headers(operations.MEMBERS) == {"Authorization": "Bearer ghs_1"}
        assert signed.granted() == {
            "metadata:read",
            "members:read",
            "members:write",
            "organization_administration:read",
            "issues:read",
            "issues:write",
        }
        assert account.paths() == ["GET /orgs/harbour/installation", POSTED]
        assert json.loads(account.asked[1].body) == {
            "permissions": {
                "members": "read",
                "metadata": "read",
                "organization_administration": "read",
            }
        }
        assertion = account.asked[0].headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(
            assertion,
            KEY.public_key(),
            ["RS256"],
            options={"verify_exp": False, "verify_iat": False},
        )
        assert claims == {"iss": "4711", "iat": clock.now - 60, "exp": clock.now + 540}


def test_f1_a_token_of_an_hour_is_got_again() -> None:
    account, clock = desk(), Clock()
    with served(account):
        signed = sign_in(context(account, "github", APP, clock))
        signed.headers(operations.MEMBERS)
        signed.headers(operations.MEMBERS)
        assert len(account.asked) == 2
        signed.renew()
        signed.headers(operations.MEMBERS)
        assert len(account.asked) == 4
        clock.now += 4 * 3600
        signed.headers(operations.MEMBERS)
        assert len(account.asked) == 6


def test_an_installation_may_be_named() -> None:
    account = desk(**{"GET /app/installations/42": {"id": 42, "permissions": HELD}})
    settings = {**APP, "installation_id": "42"}
    with collected(CONNECTOR, account, settings):
        pass
    assert account.paths()[:3] == ["GET /app/installations/42", POSTED, "GET /orgs/harbour"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"GET /orgs/harbour/installation": (404, {})}, "not installed in this organisation"),
        ({"GET /orgs/harbour/installation": (401, {"message": "bad"})}, "a key of this app"),
        (
            {
                "GET /orgs/harbour/installation": (
                    401,
                    {"message": "'Expiration time' claim ('exp')"},
                )
            },
            "clock",
        ),
        ({"GET /orgs/harbour/installation": ["?"]}, "no id"),
        (
            {"GET /orgs/harbour/installation": {"id": 42, "permissions": {"issues": "read"}}},
            "nothing",
        ),
        ({POSTED: (201, {"expires_at": 7})}, "no token"),
        ({POSTED: (403, {"message": "suspended"})}, "suspended"),
    ],
)
def test_why_there_is_no_token(answers: dict[str, Any], words: str) -> None:
    account = desk(**answers)
    with served(account), pytest.raises(SourceError, match=words) as caught:
        sign_in(context(account, "github", APP, Clock())).headers(operations.MEMBERS)
    assert PEM not in str(caught.value)


def test_f14_no_word_of_a_key_that_cannot_be_read() -> None:
    account = desk()
    settings = {**APP, "private_key": "canary-secret"}
    with served(account), pytest.raises(ConfigError, match="no RSA private key") as caught:
        sign_in(context(account, "github", settings, Clock())).headers(operations.MEMBERS)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_f18_a_personal_token_sees_as_a_person() -> None:
    signed = sign_in(context(desk(), "github", TOKEN, Clock()))
    assert isinstance(signed, PersonalToken)
    assert signed.is_of_a_person
    assert signed.granted() is None
    signed.renew()
    assert not Installation.is_of_a_person
    with pytest.raises(ConfigError, match="app_id and private_key"):
        sign_in(context(desk(), "github", {"org": "harbour"}, Clock()))


def test_consent_is_an_address_that_makes_the_app() -> None:
    scopes = ("metadata:read", "organization_administration:read")
    assert consent({"org": "harbour"}, scopes) == (
        "https://github.com/organizations/harbour/settings/apps/new?name=Gnomon+inventory"
        "&public=false&webhook_active=false&metadata=read&organization_administration=read"
    )
    own = {"org": "harbour", "github_host": "https://git.harbour.example/api/v3"}
    assert consent(own, scopes).startswith("https://git.harbour.example/organizations/harbour/")
    with_residence = {"org": "harbour", "github_host": "https://api.harbour.ghe.com"}
    assert consent(with_residence, ["admin:enterprise"]).startswith("https://harbour.ghe.com/")
    assert consent({}, ["admin:enterprise"]).endswith("a classic token with admin:enterprise")


def test_the_plan_of_a_large_organisation() -> None:
    counts = CONNECTOR.requests(Size(100_000, 300, 200_000))
    assert counts["github.copilot_seats"] == 500
    assert counts["github.members"] == 1_000
    assert counts["github.installations"] == 3
    assert sum(counts.values()) == 5_513
