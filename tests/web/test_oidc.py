"""Signing in by OpenID Connect: who comes in, and every token that is not believed."""

from __future__ import annotations

import base64
import hmac
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import RSAKey

from integrations.network import Network
from integrations.secrets import secret_of
from scanner.config import OidcSettings
from scanner.web.people import Role
from scanner.web.sign_in.oidc import Oidc
from scanner.web.sign_in.provider import Provider
from tests.web.issuer import CLIENT, SECRET, Issuer, running
from tests.web.visiting import SECURE, Browser, Clock, House, csrf_of, session_of

ROLES = {
    "reader": ("staff", "ben@harbour.example"),
    "reviewer": ("privacy",),
    "approver": ("ciso",),
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(tmp_path: Path, clock: Clock) -> Iterator[Issuer]:
    with running(tmp_path, clock) as made:
        yield made


def house_of(db: Path, issuer: Issuer, clock: Clock, **more: Any) -> House:
    settings = OidcSettings(
        issuer=issuer.base, client_id=CLIENT, client_secret="env:GNOMON_TEST", **more
    )
    secret = secret_of("env:GNOMON_TEST", "client_secret", db.parent, {"GNOMON_TEST": SECRET})
    provider = Provider(settings, secret, Network(issuer.network, {}))
    return House(db, Oidc(provider, ROLES, SECURE), SECURE, clock)


@pytest.fixture
def house(db: Path, issuer: Issuer, clock: Clock) -> House:
    return house_of(db, issuer, clock)


def sign_in(house: House, issuer: Issuer, browser: Browser | None = None) -> Any:
    """Go to the provider and come back; returns what is answered then."""
    browser = browser or house.browser()
    away = browser.get("/sign-in?with=oidc").headers["location"]
    return browser.get(f"/sign-in/back{issuer.sign_in(away)}")


def test_a_person_signs_in_and_has_the_role_of_their_groups(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    answer = sign_in(house, issuer, browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = browser.get("/").text
    assert "ana@harbour.example, reviewer" in page
    assert browser.get("/people").status_code == 200


def test_they_come_back_to_the_page_that_they_wanted(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    to_sign_in = browser.get("/people?code=u-1&x=a%20b").headers["location"]
    page = browser.get(to_sign_in).text
    link = page.partition('href="/sign-in?')[2].partition('"')[0].replace("&amp;", "&")
    away = browser.get(f"/sign-in?{link}").headers["location"]
    back = browser.get(f"/sign-in/back{issuer.sign_in(away)}")
    assert back.headers["location"] == "/people?code=u-1&x=a%20b"


def test_the_request_is_one_of_code_flow_with_pkce_state_and_nonce(
    house: House, issuer: Issuer
) -> None:
    away = urlsplit(house.browser().get("/sign-in?with=oidc").headers["location"])
    asked = dict(parse_qsl(away.query))
    assert f"{away.scheme}://{away.netloc}{away.path}" == f"{issuer.base}/authorize"
    lengths = {name: len(asked.pop(name)) for name in ("state", "nonce", "code_challenge")}
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "https://gnomon.harbour.example/sign-in/back",
        "scope": "openid email profile",
        "code_challenge_method": "S256",
    }
    assert lengths == {"state": 43, "nonce": 43, "code_challenge": 43}


def changed(**claims: Any) -> Callable[[Issuer], None]:
    return lambda one: one.claims.update(claims)


def without(name: str) -> Callable[[Issuer], None]:
    return lambda one: one.left_out.add(name)


def seconds(name: str, after: int) -> Callable[[Issuer], None]:
    return lambda one: one.claims.update({name: int(one.now().timestamp()) + after})


def signed_by_another(one: Issuer) -> None:
    one.key = RSAKey.generate_key(2048, {"kid": "first"}, auto_kid=False)


def signed_by_nobody(one: Issuer) -> None:
    one.token = f"{_forged(one, 'none')}."


def signed_with_the_public_key(one: Issuer) -> None:
    """The old trick: HS256, with what everybody can read as the secret."""
    text = _forged(one, "HS256")
    mark = hmac.digest(one.key.as_pem(private=False), text.encode(), "sha256")
    one.token = f"{text}.{_base64(mark)}"


def _forged(one: Issuer, algorithm: str) -> str:
    at = int(one.now().timestamp())
    claims = {"iss": one.base, "aud": CLIENT, "sub": "7", "iat": at, "exp": at + 300}
    header = {"alg": algorithm, "kid": "first"}
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed_with_the_secret(one: Issuer) -> None:
    """A provider that offers HS256 alone, or says so: nothing of what it signs is believed."""
    one.metadata["id_token_signing_alg_values_supported"] = ["HS256", "none"]
    signed_with_the_public_key(one)


def signed_otherwise_than_offered(one: Issuer) -> None:
    one.header = {"alg": "RS384", "kid": "first"}


def signed_otherwise_than_its_key(one: Issuer) -> None:
    one.metadata["id_token_signing_alg_values_supported"] = ["RS256", "PS256"]
    one.keys = [RSAKey.import_key({**one.key.as_dict(private=True), "alg": "PS256"})]


def said(token: str) -> Callable[[Issuer], None]:
    return lambda one: setattr(one, "token", token)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        pytest.param(changed(iss="https://evil.example"), "'iss'", id="another issuer"),
        pytest.param(without("iss"), "'iss'", id="no issuer"),
        pytest.param(changed(aud="another-client"), "'aud'", id="another audience"),
        pytest.param(
            changed(aud="another-client", azp=CLIENT), "'aud'", id="another audience, as if for us"
        ),
        pytest.param(changed(aud=[]), "'aud'", id="no audience"),
        pytest.param(
            changed(aud=[CLIENT, "b"]), "'azp'", id="two audiences, and for whom not said"
        ),
        pytest.param(changed(azp="another-client"), "'azp'", id="for another client"),
        pytest.param(changed(nonce="of another sign-in"), "'nonce'", id="another nonce"),
        pytest.param(without("nonce"), "'nonce'", id="no nonce"),
        pytest.param(seconds("exp", -121), "is expired", id="over for more than the skew"),
        pytest.param(without("exp"), "'exp'", id="never over"),
        pytest.param(changed(exp="tomorrow"), "'exp'", id="over at no time"),
        pytest.param(seconds("iat", 121), "in the future", id="made in the future"),
        pytest.param(seconds("nbf", 121), "not yet valid", id="not valid yet"),
        pytest.param(changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "'at_hash'", id="another access"),
        pytest.param(without("sub"), "'sub'", id="of nobody"),
        pytest.param(signed_by_another, "bad_signature", id="signed by another"),
        pytest.param(signed_by_nobody, "'none', which is not", id="signed by nobody"),
        pytest.param(
            signed_with_the_public_key, "'HS256', which is not", id="signed with the public key"
        ),
        pytest.param(signed_with_the_secret, "no algorithm", id="signed with a shared secret"),
        pytest.param(
            signed_otherwise_than_offered,
            "'RS384', which is not",
            id="signed otherwise than offered",
        ),
        pytest.param(signed_otherwise_than_its_key, "than its key says", id="not as its key says"),
        pytest.param(said("not.a.token"), "not valid", id="no token"),
        pytest.param(said("x" * 200_000), "not valid", id="endless"),
        pytest.param(said(""), "not valid", id="empty"),
    ],
)
def test_a_token_that_is_not_right_lets_nobody_in(
    house: House,
    issuer: Issuer,
    spoil: Callable[[Issuer], None],
    why: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoil(issuer)
    browser = house.browser()
    answer = sign_in(house, issuer, browser)
    assert answer.status_code == 403
    assert "could not be believed" in answer.text
    assert session_of(browser, SECURE) == ""
    assert why in " ".join(caplog.messages)
    assert "eyJ" not in caplog.text  # no token, not even a bad one
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(seconds("exp", -119), id="over, within the skew"),
        pytest.param(seconds("iat", 119), id="made ahead, within the skew"),
        pytest.param(changed(aud=[CLIENT, "b"], azp=CLIENT), id="two audiences, for us"),
    ],
)
def test_what_may_differ_does(
    house: House, issuer: Issuer, spoil: Callable[[Issuer], None]
) -> None:
    spoil(issuer)
    assert sign_in(house, issuer).status_code == 303


def test_a_new_key_is_fetched_when_it_is_met(house: House, issuer: Issuer, clock: Clock) -> None:
    assert sign_in(house, issuer).status_code == 303
    second = RSAKey.generate_key(2048, {"kid": "second"}, auto_kid=False)
    issuer.key, issuer.keys, issuer.header = second, [second], {"alg": "RS256", "kid": "second"}
    clock.passes(minutes=2)
    assert sign_in(house, issuer).status_code == 303
    issuer.header = {"alg": "RS256", "kid": "third"}
    before = issuer.asked.count("/keys")
    assert [sign_in(house, issuer).status_code for _ in range(3)] == [403, 403, 403]
    assert issuer.asked.count("/keys") == before  # and not for every key that is made up


def test_a_key_without_a_name_is_used_where_it_is_the_only_one(
    house: House, issuer: Issuer
) -> None:
    issuer.header = {"alg": "RS256"}
    assert sign_in(house, issuer).status_code == 303


def test_a_state_is_used_once(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    back = issuer.sign_in(browser.get("/sign-in?with=oidc").headers["location"])
    secret = browser.cookies[SECURE.cookie("signing_in")]
    assert browser.get(f"/sign-in/back{back}").status_code == 303
    again = house.browser()
    again.cookies.set(SECURE.cookie("signing_in"), secret)
    answer = again.get(f"/sign-in/back{back}")
    assert answer.status_code == 403
    assert "Sign in again" in answer.text


def test_another_browser_cannot_come_back(house: House, issuer: Issuer) -> None:
    """An address to come back to, sent to somebody, does not sign them in as the sender."""
    mallory = house.browser()
    back = issuer.sign_in(mallory.get("/sign-in?with=oidc").headers["location"])
    victim = house.browser()
    assert victim.get(f"/sign-in/back{back}").status_code == 403
    victim.get("/sign-in?with=oidc")  # with a sign-in of their own under way
    assert victim.get(f"/sign-in/back{back}").status_code == 403


def test_a_sign_in_that_takes_too_long_begins_again(
    house: House, issuer: Issuer, clock: Clock
) -> None:
    browser = house.browser()
    back = issuer.sign_in(browser.get("/sign-in?with=oidc").headers["location"])
    clock.passes(minutes=11)
    assert browser.get(f"/sign-in/back{back}").status_code == 403


@pytest.mark.parametrize("query", ["", "?state=x", "?state=x&code=y", "?code=y", "?error=x"])
def test_nobody_comes_back_who_never_went(house: House, query: str) -> None:
    assert house.browser().get(f"/sign-in/back{query}").status_code == 403


def test_what_the_provider_refuses_is_told_and_logged_as_text(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    browser = house.browser()
    away = browser.get("/sign-in?with=oidc").headers["location"]
    state = dict(parse_qsl(urlsplit(away).query))["state"]
    evil = "%0Asigned_in name=eve%1b[31m<script>"
    answer = browser.get(f"/sign-in/back?state={state}&error={evil}")
    assert (answer.status_code, "<script>" in answer.text) == (403, False)
    assert "\x1b" not in caplog.text
    assert "\nsigned_in" not in caplog.text


def test_an_answer_of_another_issuer_is_not_exchanged(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    back = issuer.sign_in(browser.get("/sign-in?with=oidc").headers["location"])
    assert browser.get(f"/sign-in/back{back}&iss=https://evil.example").status_code == 403
    assert "/token" not in issuer.asked


def test_a_code_that_is_made_up_lets_nobody_in(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    away = browser.get("/sign-in?with=oidc").headers["location"]
    state = dict(parse_qsl(urlsplit(away).query))["state"]
    answer = browser.get(f"/sign-in/back?state={state}&code=made-up")
    assert answer.status_code == 502
    assert "invalid_grant" not in answer.text


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"groups": ["nobody-knows"]}, "none of your groups"),
        ({"groups": []}, "none of your groups"),
        ({"groups": {"privacy": 1}}, "none of your groups"),
        ({"_claim_names": {"groups": "src1"}}, "more groups than"),
        ({"email": ""}, "did not say your name"),
        ({"email": ["ana@harbour.example"]}, "did not say your name"),
        ({"email": "ana\u202e@harbour.example"}, "did not say your name"),
        ({"email": "a" * 201}, "did not say your name"),
        ({"email_verified": False}, "did not say your name"),
    ],
)
def test_who_has_no_role_or_no_name_stays_out(
    house: House, issuer: Issuer, claims: dict[str, Any], words: str
) -> None:
    issuer.claims.update(claims)
    answer = sign_in(house, issuer)
    assert answer.status_code == 403
    assert words in answer.text


def test_groups_may_stand_in_the_user_information(house: House, issuer: Issuer) -> None:
    issuer.left_out.add("groups")
    issuer.user_info = {"groups": ["ciso"]}
    browser = house.browser()
    sign_in(house, issuer, browser)
    assert ", approver" in browser.get("/").text


def test_user_information_of_somebody_else_is_not_taken(house: House, issuer: Issuer) -> None:
    issuer.left_out.add("groups")
    issuer.user_info = {"sub": "8", "groups": ["ciso"]}
    assert sign_in(house, issuer).status_code == 403


def test_a_role_may_be_given_to_an_address_that_was_made_sure_of(
    house: House, issuer: Issuer
) -> None:
    issuer.claims = {"groups": [], "email": "ben@harbour.example"}
    assert sign_in(house, issuer).status_code == 303
    issuer.left_out.add("email_verified")
    assert sign_in(house, issuer).status_code == 403


def test_domains_keep_everybody_else_out(db: Path, issuer: Issuer, clock: Clock) -> None:
    house = house_of(db, issuer, clock, domains=("harbour.example",))
    assert sign_in(house, issuer).status_code == 303
    issuer.claims["email"] = "ana@harbour.example.evil.example"
    assert sign_in(house, issuer).status_code == 403


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({"issuer": "https://login.evil.example"}, "write the issuer"),
        ({"token_endpoint": "http://localhost/token"}, "begins with https://"),
        ({"jwks_uri": None}, "begins with https://"),
    ],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_asked(
    house: House,
    issuer: Issuer,
    metadata: dict[str, Any],
    why: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    issuer.metadata = metadata
    answer = house.browser().get("/sign-in?with=oidc")
    assert answer.status_code == 502
    assert why in caplog.text


def test_a_provider_that_is_not_there_is_told(
    db: Path, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with running(tmp_path, clock) as issuer:
        house = house_of(db, issuer, clock)
    answer = house.browser().get("/sign-in?with=oidc")
    assert answer.status_code == 502
    assert "cannot be reached" in caplog.text


def test_signing_out_offers_to_sign_out_there_too(house: House, issuer: Issuer) -> None:
    browser = house.browser()
    sign_in(house, issuer, browser)
    browser.post("/sign-out", data={"csrf": csrf_of(browser)})
    page = browser.get("/sign-in?out=yes").text
    assert f'href="{issuer.base}/out?client_id={CLIENT}&amp;post_logout_redirect_uri=' in page
    assert browser.get("/").headers["location"] == "/sign-in"


def test_no_token_and_no_secret_is_logged(
    house: House, issuer: Issuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "gnomon")
    browser = house.browser()
    sign_in(house, issuer, browser)
    logged = "\n".join(one.message for one in caplog.records if one.name.startswith("gnomon"))
    assert logged == 'signed_in name="ana@harbour.example" role="reviewer" how="oidc"'
    assert not {SECRET, "the-access-token", session_of(browser, SECURE)} & set(logged.split('"'))


def test_the_role_names_are_those_of_the_settings() -> None:
    assert set(ROLES) == {one.label for one in Role}
