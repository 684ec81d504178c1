"""An Okta organisation on loopback: signing in, the order of questions, and what goes wrong."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from integrations.connector import Stopped
from integrations.okta import CONNECTOR, operations
from integrations.okta.signing import ApiToken, ServiceApp, sign_in
from integrations.shelf import OpState
from scanner.errors import ConfigError, SourceError
from scanner.model import App, Assignment, Person
from tests.integrations.bay import Clock
from tests.integrations.desk import Asked, Desk, Several, collected, context, served, undeclared

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
APP = {"okta_host": "here", "client_id": "0oaSelf", "private_key": PEM, "key_id": "k1"}
READ = "okta.apps.read okta.logs.read okta.appGrants.read okta.users.read"
CLAUDE = {
    "id": "0oa1",
    "label": "Claude",
    "status": "ACTIVE",
    "settings": {"oauthClient": {"redirect_uris": ["https://claude.ai/callback"]}},
}
SERVICE = {
    "id": "0oa2",
    "label": "Sync",
    "settings": {"oauthClient": {"application_type": "service"}},
}


def token_for(granted: str) -> Any:
    """Return an endpoint that gives tokens for what was granted, to whoever holds the key."""

    def answer(asked: Asked) -> tuple[int, Any]:
        form = {name: values[0] for name, values in parse_qs(asked.body).items()}
        jwt.decode(
            form["client_assertion"],
            KEY.public_key(),
            ["RS256"],
            options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
        )
        wanted = set(form["scope"].split())
        if not wanted <= set(granted.split()):
            return 400, {"error": "invalid_scope", "error_description": "not granted"}
        return 200, {"access_token": "t1", "expires_in": 3600, "scope": form["scope"]}

    return answer


def desk(**more: Any) -> Desk:
    return Desk(
        {
            "POST /oauth2/v1/token": token_for(READ),
            "GET /.well-known/okta-organization": {
                "id": "00o1",
                "domains": {"organization": "https://harbour.okta.com", "alternate": None},
            },
            "GET /api/v1/apps": [CLAUDE, SERVICE],
            "GET /api/v1/apps/0oa1/users": [{"id": "00u1"}],
            "GET /api/v1/apps/0oa1/groups": [{"id": "00g1"}],
            "GET /api/v1/apps/0oa1/grants": [],
            "GET /api/v1/apps/0oa2/grants": [
                {
                    "scopeId": "okta.users.read",
                    "source": "ADMIN",
                    "createdBy": {"id": "00u9", "type": "User"},
                }
            ],
            "GET /api/v1/logs": [],
            "GET /api/v1/users": [{"id": "00u9", "profile": {"login": "bo@harbour.example"}}],
            **more,
        }
    )


def _is_ai(app: App) -> bool:
    return any("claude.ai" in url for url in app.urls)


def test_people_are_asked_for_ai_alone_and_grants_for_services_too() -> None:
    account = desk()
    with collected(CONNECTOR, account, APP, is_ai=_is_ai, also=("okta.users",)) as found:
        assert found.run.tenant.id == "00o1"
        assert found.run.tenant.domains == ("harbour.okta.com",)
        assert set(found.states().values()) == {OpState.COMPLETE}
        assert found.records(operations.APP_USERS) == [
            Assignment("0oa1", person="00u1"),
            Person("00u1"),
        ]
        assert found.records(operations.GRANTORS) == [Person("00u9", "bo@harbour.example")]
    assert account.paths() == [
        "POST /oauth2/v1/token",
        "GET /.well-known/okta-organization",
        "GET /api/v1/apps",
        "GET /api/v1/logs",
        "GET /api/v1/logs",
        "GET /api/v1/apps/0oa1/users",
        "GET /api/v1/apps/0oa1/groups",
        "GET /api/v1/logs",
        "GET /api/v1/apps/0oa1/grants",
        "GET /api/v1/apps/0oa2/grants",
        "GET /api/v1/users",
    ]
    assert account.asked[-1].query["search"] == 'id eq "00u9"'
    assert undeclared(CONNECTOR, account) == []  # F15


def test_f5_a_token_that_does_not_come_at_once_is_asked_for_again() -> None:
    busy = Several(token_for(READ), (503, {}), (429, {}), token_for(READ))
    gone = (401, {"errorCode": "E0000011"})
    account = desk(**{"POST /oauth2/v1/token": busy, "GET /api/v1/apps": Several(gone, [CLAUDE])})
    with collected(CONNECTOR, account, APP) as found:
        assert found.states()["okta.apps"] is OpState.COMPLETE
    account = desk(**{"POST /oauth2/v1/token": (503, {})})
    with (
        served(account),
        pytest.raises(Stopped, match="no token: the service answered 503"),
    ):
        sign_in(context(account, "okta", APP, Clock())).headers(operations.APPS)


def test_f7_an_error_in_the_place_of_a_list_is_no_empty_list() -> None:
    account = desk(**{"GET /api/v1/apps": {"errorCode": "E0000009"}})
    with collected(CONNECTOR, account, APP) as found:
        assert found.states()["okta.apps"] is OpState.ERROR


def test_the_log_is_asked_with_an_end_and_for_one_application() -> None:
    account = desk()
    with collected(CONNECTOR, account, APP, is_ai=_is_ai):
        pass
    query = [one.query for one in account.asked if one.path == "/api/v1/logs"][-1]
    assert query["filter"] == ('eventType eq "user.authentication.sso" and target.id eq "0oa1"')
    assert (query["since"], query["until"]) == ("2026-08-20T00:00:00Z", "2026-11-19T00:00:00Z")


def test_pages_are_followed_by_their_links() -> None:
    def apps(asked: Asked) -> Any:
        here = asked.query.get("after")
        link = "" if here else f'<{account.base}/api/v1/apps?after=x&limit=200>; rel="next"'
        self = f'<{account.base}/api/v1/apps>; rel="self"'
        return 200, [SERVICE if here else CLAUDE], {"Link": f"{self}, {link}" if link else self}

    account = desk(**{"GET /api/v1/apps": apps})
    with collected(CONNECTOR, account, APP) as found:
        assert [app.key for app in found.records(operations.APPS) if isinstance(app, App)] == [
            "0oa1",
            "0oa2",
        ]


def test_the_assertion_is_signed_for_this_organisation() -> None:
    account = desk()
    with collected(CONNECTOR, account, APP):
        pass
    form = parse_qs(account.asked[0].body)
    assertion = form["client_assertion"][0]
    claims = jwt.decode(
        assertion,
        KEY.public_key(),
        ["RS256"],
        audience=f"{account.base}/oauth2/v1/token",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert jwt.get_unverified_header(assertion)["kid"] == "k1"
    assert (claims["iss"], claims["sub"]) == ("0oaSelf", "0oaSelf")
    assert claims["exp"] - claims["iat"] == 300
    assert "PRIVATE" not in account.asked[0].body
    assert account.asked[2].headers["authorization"] == "Bearer t1"
    assert "authorization" not in account.asked[1].headers


def test_scopes_that_were_not_granted_cost_what_needs_them_alone() -> None:
    denied = (403, {"errorCode": "E0000006"})
    answers = {"POST /oauth2/v1/token": token_for("okta.apps.read"), "GET /api/v1/logs": denied}
    with collected(CONNECTOR, desk(**answers), APP, is_ai=_is_ai) as found:
        states = found.states()
        assert states["okta.apps"] is OpState.COMPLETE
        assert states["okta.consents"] is OpState.DENIED
        assert "okta.logs.read" in found.reason(operations.CONSENTS)


def test_what_was_granted_is_told() -> None:
    clock = Clock()
    account = Desk({"POST /oauth2/v1/token": token_for("okta.apps.read okta.logs.read")})
    with served(account):
        signed = sign_in(context(account, "okta", APP, clock))
        assert signed.granted() == {"okta.apps.read", "okta.logs.read"}
        assert signed.headers(operations.APPS) == {"Authorization": "Bearer t1"}
        before = len(account.asked)
        signed.headers(operations.APPS)
        assert len(account.asked) == before
        clock.now += 3550
        signed.headers(operations.APPS)
        signed.renew()
        signed.headers(operations.APPS)
        assert len(account.asked) == before + 2


def test_f1_a_token_that_ends_is_renewed_once() -> None:
    gone = (401, {"errorCode": "E0000011"})
    account = desk(**{"GET /api/v1/apps": Several(gone, [CLAUDE])})
    with collected(CONNECTOR, account, APP) as found:
        assert found.states()["okta.apps"] is OpState.COMPLETE
    account = desk(**{"GET /api/v1/apps": gone})
    with collected(CONNECTOR, account, APP) as found:
        assert found.states()["okta.apps"] is OpState.DENIED


def test_f4_a_limit_is_waited_for_until_it_is_reset() -> None:
    slow = (429, {"errorCode": "E0000047"}, {"X-Rate-Limit-Reset": "1795000042"})
    with collected(CONNECTOR, desk(**{"GET /api/v1/apps": Several(slow, [])}), APP) as found:
        assert found.states()["okta.apps"] is OpState.COMPLETE
        assert 42 <= found.run._transport.waited < 44


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"error": "invalid_dpop_proof"}, "Proof of Possession"),
        ({"error": "invalid_client", "error_description": "The JWT has expired"}, "clock"),
        ({"error": "invalid_client", "error_description": "signature"}, "public half"),
        ({"error": "invalid_scope"}, "at least one scope"),
        (["?"], "okta_host"),
    ],
)
def test_f11_why_there_is_no_token(answer: Any, words: str) -> None:
    account = Desk({"POST /oauth2/v1/token": (400, answer)})
    with served(account), pytest.raises(SourceError, match=words) as caught:
        sign_in(context(account, "okta", APP, Clock())).headers(operations.APPS)
    assert PEM not in str(caught.value)


def test_f14_no_word_of_a_key_that_cannot_be_read() -> None:
    for key in ("canary-secret", '{"kty": "canary-secret"}', PEM.replace("PRIVATE", "CANARY")):
        with pytest.raises(ConfigError, match="private_key is no private key") as caught:
            sign_in(context(Desk({}), "okta", {**APP, "private_key": key}, Clock()))
        assert "canary" not in str(caught.value).lower()
        assert caught.value.__cause__ is None


def _jwk(private: Any) -> str:
    name = "ES256" if isinstance(private, ec.EllipticCurvePrivateKey) else "RS256"
    algorithm: Any = jwt.get_algorithm_by_name(name)
    return json.dumps({**algorithm.to_jwk(private, as_dict=True), "kid": "own", "alg": name})


@pytest.mark.parametrize("private", [KEY, ec.generate_private_key(ec.SECP256R1())])
def test_keys_may_be_jwk_and_of_curves(private: Any) -> None:
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    for key, name in ((_jwk(private), "own"), (pem, None)):
        settings = {"client_id": "c", "private_key": key}
        account = Desk({"POST /oauth2/v1/token": {"access_token": "t"}})
        with served(account):
            sign_in(context(account, "okta", settings, Clock())).headers(operations.APPS)
        assertion = parse_qs(account.asked[0].body)["client_assertion"][0]
        header = jwt.get_unverified_header(assertion)
        assert header.get("kid") == name
        jwt.decode(assertion, private.public_key(), [header["alg"]], options=_NO_TIMES)


_NO_TIMES: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False}


class Prover:
    """An Okta that wants proof of possession, and looks at each."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.keys: set[str] = set()

    def claims(self, asked: Asked, base: str) -> dict[str, Any]:
        """Return what a proof says, once it is known to be one of this request."""
        proof = asked.headers["dpop"]
        header = jwt.get_unverified_header(proof)
        assert header["typ"] == "dpop+jwt"
        assert "d" not in header["jwk"]
        claims: dict[str, Any] = jwt.decode(
            proof, jwt.PyJWK({**header["jwk"], "alg": "ES256"}).key, ["ES256"], options=_NO_TIMES
        )
        assert (claims["htm"], claims["htu"]) == (asked.method, f"{base}{asked.path}")
        assert claims["jti"] not in self.seen
        self.seen.add(claims["jti"])
        self.keys.add(json.dumps(header["jwk"], sort_keys=True))
        return claims

    def token(self, asked: Asked) -> Any:
        if "dpop" not in asked.headers:
            return 400, {"error": "invalid_dpop_proof"}
        claims = self.claims(asked, self.account.base)
        if claims.get("nonce") != "n1":
            return 400, {"error": "use_dpop_nonce"}, {"DPoP-Nonce": "n1"}
        return 200, {"access_token": "t1", "token_type": "DPoP", "expires_in": 3600}

    def apps(self, asked: Asked) -> Any:
        assert asked.headers["authorization"] == "DPoP t1"
        digest = base64.urlsafe_b64encode(hashlib.sha256(b"t1").digest()).rstrip(b"=").decode()
        assert self.claims(asked, self.account.base)["ath"] == digest
        return [CLAUDE]

    def desk(self) -> Desk:
        answers = {"POST /oauth2/v1/token": self.token, "GET /api/v1/apps": self.apps}
        self.account = desk(**answers)
        return self.account


def test_an_app_that_has_to_prove_its_token_does() -> None:
    prover = Prover()
    with collected(CONNECTOR, prover.desk(), APP) as found:
        assert found.states()["okta.apps"] is OpState.COMPLETE
    assert prover.account.paths()[:5] == [
        *["POST /oauth2/v1/token"] * 3,
        "GET /.well-known/okta-organization",
        "GET /api/v1/apps",
    ]
    assert "dpop" not in prover.account.asked[3].headers
    assert len(prover.keys) == 1


def test_an_api_token_sees_as_a_person() -> None:
    account = desk()
    settings = {"okta_host": "here", "api_token": "00secret"}
    signed = sign_in(context(account, "okta", settings, Clock()))
    assert isinstance(signed, ApiToken)
    assert signed.is_of_a_person
    assert not ServiceApp.is_of_a_person
    assert signed.granted() is None
    with collected(CONNECTOR, account, settings):
        pass
    assert account.asked[1].headers["authorization"] == "SSWS 00secret"


def test_an_organisation_has_an_address_of_its_own() -> None:
    account = Desk({})
    account.base = ""
    with pytest.raises(ConfigError, match="okta_host"):
        sign_in(context(account, "okta", APP, Clock()))


@pytest.mark.parametrize("settings", [{}, {"client_id": "c"}])
def test_settings_that_do_not_suffice(settings: Mapping[str, str]) -> None:
    with pytest.raises(ConfigError, match="client_id and private_key"):
        sign_in(context(Desk({}), "okta", settings, Clock()))


def test_f16_an_address_of_nobody_is_no_account() -> None:
    nobody = {"id": "00oplaODtXoEq1eQo0g3"}
    account = desk(**{"GET /.well-known/okta-organization": nobody})
    with pytest.raises(SourceError, match="whose account"), collected(CONNECTOR, account, APP):
        pass
    assert account.paths() == ["POST /oauth2/v1/token", "GET /.well-known/okta-organization"]
