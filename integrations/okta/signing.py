"""Signing in to Okta: a service app that signs with its own key, or an API token.

The key never leaves: a short-lived assertion signed with it is exchanged for a token of an hour.
Reference: https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from integrations.answers import Answer
from integrations.connector import Context
from integrations.keys import EndingToken, said
from integrations.okta.possession import Possession
from integrations.operations import Operation, TokenRequest
from scanner.errors import ConfigError, SourceError

SCOPES = ("okta.apps.read", "okta.logs.read", "okta.appGrants.read", "okta.users.read")
TOKEN = TokenRequest(
    "POST", "okta", "/oauth2/v1/token", "gets a token of an hour for what the app was granted"
)
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFE = 300  # seconds of an assertion; Okta takes no more than an hour
_SPARE = 60  # seconds before its end that a token is not used any more


class ServiceApp(EndingToken):
    """A service app: what it may do is what an administrator granted it, scope by scope."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._key = _key(context.settings["private_key"], context.settings.get("key_id", ""))
        self._wanted = tuple(context.settings.get("scopes", "").split()) or SCOPES
        self._possession: Possession | None = None

    def headers(self, operation: Operation) -> Mapping[str, str]:
        """Return the header that signs; none for what is public. Raises SourceError."""
        if not operation.scopes:
            return {}
        signed = super().headers(operation)
        return signed if self._possession is None else {"Authorization": f"DPoP {self._token}"}

    def proof(self, operation: Operation, method: str, address: str) -> Mapping[str, str]:
        """Return what proves that the token is ours, where Okta asks for that."""
        if self._possession is None or not operation.scopes:
            return {}
        return {"DPoP": self._possession.proof(method, address, self._token)}

    def _get(self) -> None:
        """Get a token for what was granted. Okta gives none if one scope of several was not: then
        each is asked for by itself, once."""
        answer = self._answer(self._wanted)
        if answer.get("error") == "invalid_scope" and len(self._wanted) > 1:
            allowed = tuple(one for one in self._wanted if "access_token" in self._answer((one,)))
            answer = self._answer(allowed) if allowed else answer
            self._wanted = allowed or self._wanted
        if "access_token" not in answer:
            raise SourceError(_refusal(answer))
        self._token = str(answer["access_token"])
        life = answer.get("expires_in")
        self._ends = self._context.now() + (life if isinstance(life, int) else 3600) - _SPARE
        self._granted = frozenset(str(answer.get("scope", "")).split()) or frozenset(self._wanted)

    def _answer(self, scopes: tuple[str, ...]) -> Mapping[str, Any]:
        """Ask for a token; with a proof if Okta wants one, and with its word in that if it does."""
        answer = self._sent(scopes)
        if said(answer).get("error") == "invalid_dpop_proof" and self._possession is None:
            self._possession = Possession(self._context.now)
            answer = self._sent(scopes)
        nonce = answer.headers.get("dpop-nonce", "")
        if said(answer).get("error") == "use_dpop_nonce" and self._possession and nonce:
            self._possession.nonce = nonce
            answer = self._sent(scopes)
        return said(answer) or {"error": f"status {answer.status}"}

    def _sent(self, scopes: tuple[str, ...]) -> Answer:
        form = {
            "grant_type": "client_credentials",
            "scope": " ".join(scopes),
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._assertion(),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._possession is not None:
            address = self._address(TOKEN, {})
            headers["DPoP"] = self._possession.proof(TOKEN.method, address)
        return self._ask(TOKEN, {}, headers, urlencode(form).encode())

    def _assertion(self) -> str:
        import uuid

        import jwt

        now, client = int(self._context.now()), self._context.settings["client_id"]
        claims = {
            "aud": self._address(TOKEN, {}),
            "iss": client,
            "sub": client,
            "iat": now,
            "exp": now + _LIFE,
            "jti": str(uuid.uuid4()),
        }
        key, algorithm, key_id = self._key
        return jwt.encode(claims, key, algorithm, headers={"kid": key_id} if key_id else None)


class ApiToken:
    """An API token of an administrator: it can do whatever that person can, also change things."""

    is_of_a_person = True

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self, operation: Operation) -> Mapping[str, str]:
        return {"Authorization": f"SSWS {self._token}"} if operation.scopes else {}

    def renew(self) -> None:
        """Do nothing: there is no other token."""

    def granted(self) -> frozenset[str] | None:
        return None


def sign_in(context: Context) -> ServiceApp | ApiToken:
    """Return who asks Okta. Raises ConfigError for settings that do not suffice."""
    settings = context.settings
    if not context.hosts.get("okta"):
        raise ConfigError("okta: set okta_host to the address of your organisation")
    if settings.get("client_id") and settings.get("private_key"):
        return ServiceApp(context)
    if token := settings.get("api_token"):
        return ApiToken(token)
    raise ConfigError(
        "okta: set client_id and private_key of an API service app (or api_token, which can do "
        "more than reading)"
    )


class _Key(NamedTuple):
    key: Any
    algorithm: str
    id: str


def _key(text: str, key_id: str) -> _Key:
    """Return a private key from PEM or JWK. Raises ConfigError, without a word of the key."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if text.lstrip().startswith("{"):
            whole = {"alg": "RS256", **json.loads(text)}
            return _Key(jwt.PyJWK(whole).key, whole["alg"], key_id or whole.get("kid", ""))
        private = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError, jwt.PyJWTError):
        raise ConfigError("okta: private_key is no private key in PEM or JWK") from None
    is_curve = isinstance(private, EllipticCurvePrivateKey)
    return _Key(private, "ES256" if is_curve else "RS256", key_id)


def _refusal(answer: Mapping[str, Any]) -> str:
    """Return why there is no token, and what to do."""
    error = str(answer.get("error", ""))
    text = str(answer.get("error_description", ""))[:300]
    lowered = f"{error} {text}".lower()
    if "dpop" in lowered:
        do = "the proof of possession is refused: set this machine's clock, or clear 'Require "
        do += "Demonstrating Proof of Possession' in the app's general settings"
    elif error == "invalid_scope":
        do = "grant the app at least one scope (Okta API Scopes)"
    elif error == "invalid_client" and any(one in lowered for one in ("expired", "iat", "exp ")):
        do = "the clocks differ: set this machine's clock"
    elif error in ("invalid_client", "unauthorized_client"):
        do = "check client_id, and that the app holds the public half of this key"
    else:
        do = "check okta_host and the app"
    return f"okta: no token ({error}{f': {text}' if text else ''}); {do}"
