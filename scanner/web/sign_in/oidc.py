"""OpenID Connect: people sign in where they always do. Code flow with PKCE, state and nonce."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scanner.errors import GnomonError
from scanner.web.people import Person, Roles, name_of, role_of
from scanner.web.place import Place
from scanner.web.sign_in import Away, Entered, No
from scanner.web.sign_in.provider import Provider, ProviderError
from scanner.web.sign_in.tokens import TokenError, UnknownKeyError, algorithms_of, claims_of

if TYPE_CHECKING:
    from starlette.requests import Request

BACK = "/sign-in/back"
_PATIENCE = timedelta(minutes=10)  # for somebody to sign in
_MOST = 1_000  # who are away at once


@dataclass(frozen=True, slots=True)
class _Gone:
    """Somebody who went to sign in: what must come back with them, and where they wanted to go."""

    to: str
    until: datetime
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


class _RefusedError(GnomonError):
    """Somebody who signed in, and does not come in."""

    def __init__(self, word: str, detail: str) -> None:
        super().__init__(detail)
        self.word = word


class Oidc:
    """Sends people to the provider, and believes what it says of those who come back."""

    ways: tuple[str, ...] = ("oidc",)

    def __init__(self, provider: Provider, roles: Roles, place: Place) -> None:
        self._provider = provider
        self._roles = roles
        self._origin = place.origin
        self._gone: dict[str, _Gone] = {}  # by the state that comes back with them

    async def enter(self, request: Request, to: str, now: datetime) -> Away | No | None:
        if request.query_params.get("with") != "oidc":
            return None
        self._forget(now)
        gone, state = _Gone(to, now + _PATIENCE), secrets.token_urlsafe(32)
        try:
            address = await asyncio.to_thread(
                self._provider.sign_in_address,
                self._origin + BACK,
                state,
                gone.nonce,
                gone.verifier,
                now,
            )
        except ProviderError as error:
            return No("provider", str(error), 502)
        self._gone[state] = gone
        return Away(address, gone.secret)

    async def back(self, request: Request, secret: str, now: datetime) -> Entered | No:
        said = request.query_params
        gone = self._gone.pop(said.get("state", ""), None)
        if gone is None or gone.until <= now:
            return No("start_again", "a state that was not given out, was used, or is too old")
        if not hmac.compare_digest(secret.encode(), gone.secret.encode()):
            return No("start_again", "another browser came back than the one that went")
        if "error" in said or not said.get("code"):
            return No("provider_refused", f"the provider says {said.get('error', 'nothing')!r}")
        try:
            return await asyncio.to_thread(self._entered, gone, dict(said), now)
        except ProviderError as error:
            return No("provider", str(error), 502)
        except TokenError as error:
            return No("token", str(error))
        except _RefusedError as error:
            return No(error.word, str(error))

    def named(self, _request: Request) -> None:
        return None

    async def leaving(self, to: str) -> str:
        """Return where to sign out at the provider; it asks there whether that is meant."""
        metadata = self._provider.known
        endpoint = metadata.get("end_session_endpoint")
        if not endpoint:
            return ""
        query = {
            "client_id": self._provider.settings.client_id,
            "post_logout_redirect_uri": f"{self._origin}{to}",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def _entered(self, gone: _Gone, said: Mapping[str, str], now: datetime) -> Entered:
        self._check_issuer(said, now)
        tokens = self._provider.exchange(said["code"], gone.verifier, self._origin + BACK, now)
        claims = self._claims(tokens, gone.nonce, now)
        return Entered(self._person(self._with_more(claims, tokens, now)), gone.to)

    def _check_issuer(self, said: Mapping[str, str], now: datetime) -> None:
        """Refuse an answer that another provider gave (RFC 9207)."""
        metadata = self._provider.metadata(now)
        is_told = metadata.get("authorization_response_iss_parameter_supported") is True
        issuer = said.get("iss")
        if (issuer is None and is_told) or issuer not in (None, metadata["issuer"]):
            raise TokenError(f"the answer comes from {issuer!r}")

    def _claims(self, tokens: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise TokenError("the provider gave no ID token")
        metadata = self._provider.metadata(now)
        expected = {
            "issuer": metadata["issuer"],
            "client_id": self._provider.settings.client_id,
            "nonce": nonce,
            "access_token": str(tokens.get("access_token", "")),
        }
        algorithms = algorithms_of(metadata.get("id_token_signing_alg_values_supported"))
        try:
            return claims_of(token, self._provider.keys(now), algorithms, expected, now)
        except UnknownKeyError:  # keys are changed now and then
            keys = self._provider.keys(now, is_new_wanted=True)
            return claims_of(token, keys, algorithms, expected, now)

    def _with_more(
        self, claims: Mapping[str, Any], tokens: Mapping[str, Any], now: datetime
    ) -> Mapping[str, Any]:
        """Return what is said of a person, also where the token alone does not say it."""
        settings = self._provider.settings
        wanted = {settings.name_claim, settings.groups_claim, "sub"}
        access_token = tokens.get("access_token")
        if wanted <= claims.keys() or not isinstance(access_token, str):
            return claims
        more = self._provider.user_info(access_token, now)
        if more and more.get("sub") != claims["sub"]:
            raise TokenError("the user information is of somebody else")
        return {**more, **claims}

    def _person(self, claims: Mapping[str, Any]) -> Person:
        settings = self._provider.settings
        name = name_of(claims.get(settings.name_claim))
        if not name:
            raise _RefusedError("name", f"no usable claim {settings.name_claim!r}")
        address = _verified_address(claims)
        if settings.domains and address.rpartition("@")[2] not in settings.domains:
            raise _RefusedError("domain", f"{name}: no verified address in one of the domains")
        if settings.groups_claim in (claims.get("_claim_names") or {}):
            raise _RefusedError("groups", f"{name} is in more groups than the token holds")
        if settings.name_claim == "email" and claims.get("email_verified") is False:
            raise _RefusedError("name", f"the provider did not make sure of the address {name}")
        held = [*_texts(claims.get(settings.groups_claim)), address]
        role = role_of(filter(None, held), self._roles)
        if role is None:
            raise _RefusedError("role", f"{name} has no role")
        return Person(name, role, "oidc")

    def _forget(self, now: datetime) -> None:
        self._gone = {state: one for state, one in self._gone.items() if one.until > now}
        while len(self._gone) >= _MOST:  # the oldest first
            self._gone.pop(next(iter(self._gone)))


def _verified_address(claims: Mapping[str, Any]) -> str:
    """Return the address that the provider made sure of, "" if it made sure of none."""
    address = claims.get("email")
    is_verified = claims.get("email_verified") is True
    return address.casefold() if isinstance(address, str) and is_verified else ""


def _texts(claim: object) -> list[str]:
    several = claim if isinstance(claim, list) else [claim]
    return [one for one in several if isinstance(one, str) and one]
