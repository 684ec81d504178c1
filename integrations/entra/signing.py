"""Signing in to Microsoft with msal: a certificate, a secret, a person's code, a managed identity.

A token is asked of msal before every request; it keeps tokens in memory and asks for a new one in
time. Every host has a token of its own.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from integrations.connector import Context, Meaning, Stopped, Trouble
from integrations.entra.errors import sign_in_advice
from integrations.operations import Operation, TokenRequest
from scanner import output
from scanner.errors import ConfigError, SourceError

# msal sends these: where tokens are given, then for a token, and for the code that a person enters.
TOKENS = (
    TokenRequest(
        "GET", "login", "/{tenant}/v2.0/.well-known/openid-configuration", "says where tokens are"
    ),
    TokenRequest("POST", "login", "/{tenant}/oauth2/v2.0/token", "gets a token of about an hour"),
    TokenRequest(
        "POST", "login", "/{tenant}/oauth2/v2.0/devicecode", "gets the code that a person enters"
    ),
)
_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)
_SPARE = 300.0  # seconds before its end in which a token is not used any more
_WAYS = ("certificate", "secret", "device", "managed-identity")

Answer = Mapping[str, Any]


class _Way(Protocol):
    """One way to get a token for a resource such as https://graph.microsoft.com."""

    is_of_a_person: bool

    def acquire(self, resource: str) -> Answer:
        """Return msal's answer: a token, or an error."""
        ...

    def forget(self) -> None:
        """Let the next token be a new one."""
        ...


class MicrosoftCredentials:
    """What signs requests to Graph and to Azure. Nothing is asked before the first request."""

    def __init__(self, way: _Way, hosts: Mapping[str, str]) -> None:
        self._way = way
        self._hosts = hosts

    def headers(self, operation: Operation) -> Mapping[str, str]:
        """Return the header that signs a request. Raises SourceError where no token is
        given, and Stopped where Microsoft cannot be reached."""
        return {"Authorization": f"Bearer {self._token(operation.host)}"}

    def renew(self) -> None:
        """Forget the tokens: the service says that they are of no use any more."""
        self._way.forget()

    def granted(self) -> frozenset[str] | None:
        """Return the scopes of Graph's token; None if it does not tell. It is not verified."""
        claims = claims_of(self._token("graph"))
        if claims is None:
            return None
        roles, scopes = claims.get("roles"), claims.get("scp")
        named = [one for one in roles if isinstance(one, str)] if isinstance(roles, list) else []
        return frozenset(named) | frozenset(scopes.split() if isinstance(scopes, str) else ())

    @property
    def is_of_a_person(self) -> bool:
        """Whether somebody signed in."""
        return self._way.is_of_a_person

    def _token(self, host: str) -> str:
        from requests import RequestException

        try:
            answer = self._way.acquire(self._hosts[host].rstrip("/"))
        except RequestException as error:
            text = f"Microsoft's sign-in cannot be reached: {error}"
            raise Stopped(Meaning(Trouble.RETRY, text[:300])) from error
        except ValueError as error:  # msal, of tenants and keys that are none
            raise SourceError(f"signing in to Microsoft: {str(error)[:300]}") from error
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise SourceError(sign_in_advice(answer))
        return token


def claims_of(token: str) -> Mapping[str, Any] | None:
    """Return what a token says of itself, unverified; None for one that cannot be read."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _msal() -> Any:
    """Return msal, which takes long to import and has no types."""
    return import_module("msal")


class _Place(NamedTuple):
    """What every client of msal is told: who it is, where to ask, and over which session."""

    client_id: str
    authority: str
    is_known: bool  # one of Microsoft's own, so that msal may look it up
    session: Callable[[], Any]

    def named(self) -> dict[str, Any]:
        return {
            "client_id": self.client_id,
            "authority": self.authority,
            "http_client": self.session(),
            "instance_discovery": None if self.is_known else False,
        }


class _Application:
    """The application signs in as itself."""

    is_of_a_person = False

    def __init__(self, place: _Place, credential: str | dict[str, str]) -> None:
        self._place = place
        self._credential = credential
        self._app: Any = None

    def acquire(self, resource: str) -> Answer:
        if self._app is None:
            self._app = _msal().ConfidentialClientApplication(
                **self._place.named(), client_credential=self._credential
            )
        answer: Answer = self._app.acquire_token_for_client([f"{resource}/.default"])
        return answer

    def forget(self) -> None:
        self._app = None


class _Person:
    """Somebody enters a code in a browser; what is seen is what that person may see.

    Tokens are held here too: msal keeps them by the scopes that were granted, and does not find
    them again by the ".default" that was asked for.
    """

    is_of_a_person = True

    def __init__(self, place: _Place, now: Callable[[], float]) -> None:
        self._place = place
        self._now = now
        self._app: Any = None
        self._held: dict[str, tuple[Answer, float]] = {}

    def acquire(self, resource: str) -> Answer:
        held, until = self._held.get(resource, ({}, 0.0))
        if self._now() < until:
            return held
        answer = self._asked([f"{resource}/.default"])
        lasts = answer.get("expires_in")
        if "access_token" in answer and isinstance(lasts, int):
            self._held[resource] = answer, self._now() + lasts - _SPARE
        return answer

    def _asked(self, scopes: list[str]) -> Answer:
        if self._app is None:
            self._app = _msal().PublicClientApplication(**self._place.named())
        for account in self._app.get_accounts():
            answer: Answer | None = self._app.acquire_token_silent(
                scopes, account, force_refresh=True
            )
            if answer and "access_token" in answer:
                return answer
        return self._by_code(scopes)

    def _by_code(self, scopes: list[str]) -> Answer:
        flow = self._app.initiate_device_flow(scopes)
        if "user_code" not in flow:
            failed: Answer = flow
            return failed
        output.say(str(flow.get("message") or f"{flow['verification_uri']}: {flow['user_code']}"))
        answer: Answer = self._app.acquire_token_by_device_flow(flow)
        return answer

    def forget(self) -> None:
        self._held.clear()


class _ManagedIdentity:
    """The machine in Azure that this runs on has an identity; nobody keeps a secret."""

    is_of_a_person = False

    def __init__(self, client_id: str, session: Callable[[], Any]) -> None:
        self._client_id = client_id
        self._session = session
        self._client: Any = None

    def acquire(self, resource: str) -> Answer:
        msal = _msal()
        if self._client is None:
            identity = (
                msal.UserAssignedManagedIdentity(client_id=self._client_id)
                if self._client_id
                else msal.SystemAssignedManagedIdentity()
            )
            self._client = msal.ManagedIdentityClient(identity, http_client=self._session())
        answer: Answer = self._client.acquire_token_for_client(resource=resource)
        return answer

    def forget(self) -> None:
        self._client = None


def sign_in(context: Context) -> MicrosoftCredentials:
    """Return what signs requests. Raises ConfigError for settings that do not fit together."""
    settings = context.settings
    session = context.network.requests_session
    way = _way(settings)
    if way == "managed-identity":
        identity = _ManagedIdentity(settings.get("client_id", ""), session)
        return MicrosoftCredentials(identity, context.hosts)
    if not settings.get("client_id"):
        raise ConfigError("entra: client_id is not set: the id of the registered application")
    place = _Place(
        settings["client_id"],
        f"{context.hosts['login'].rstrip('/')}/{settings['tenant']}",
        not settings.get("login_host"),
        session,
    )
    if way == "device":
        return MicrosoftCredentials(_Person(place, context.now), context.hosts)
    credential = settings["client_secret"] if way == "secret" else certificate_of(settings)
    return MicrosoftCredentials(_Application(place, credential), context.hosts)


def _way(settings: Mapping[str, str]) -> str:
    """Return how to sign in: as it is said, else with what there is, a certificate first."""
    named = settings.get("sign_in", "")
    if named and named not in _WAYS:
        raise ConfigError(f"entra: sign_in is one of {', '.join(_WAYS)}, not {named!r}")
    has = {"certificate": settings.get("certificate"), "secret": settings.get("client_secret")}
    found = named or next((one for one, value in has.items() if value), "")
    if not found:
        raise ConfigError(
            "entra: nothing to sign in with: set certificate (or client_secret), "
            'or sign_in = "device" or "managed-identity"'
        )
    if found in has and not has[found]:
        missing = "certificate" if found == "certificate" else "client_secret"
        raise ConfigError(f"entra: sign_in = {found!r} needs {missing}")
    return found


def certificate_of(settings: Mapping[str, str]) -> dict[str, str]:
    """Return a PEM file's key and certificate as msal wants them. Raises ConfigError.

    With the certificate in the file, msal signs with PS256 and its SHA-256 thumbprint; with a key
    alone it needs the SHA-1 thumbprint of the registered certificate.
    """
    blocks = [(one[1], one[0]) for one in _BLOCK.finditer(settings["certificate"])]
    key = next((text for kind, text in blocks if kind.endswith("PRIVATE KEY")), "")
    public = next((text for kind, text in blocks if kind == "CERTIFICATE"), "")
    if not key:
        raise ConfigError("entra: the certificate's file holds no private key in PEM")
    found = {"private_key": key}
    if public:
        found["public_certificate"] = public
    elif thumbprint := settings.get("thumbprint", "").replace(":", "").replace(" ", ""):
        found["thumbprint"] = thumbprint
    else:
        raise ConfigError(
            "entra: the file holds a key and no certificate; add the certificate to it, "
            "or set thumbprint"
        )
    if password := settings.get("certificate_password"):
        found["passphrase"] = password
    return found
