"""Signing in to Google: a service account, in an administrator's name or in its own.

Each set of scopes has a token of its own, so that one that was not delegated costs the operations
that need it and no other. The key is named by reference; without one the account of this machine
signs for the service account.
https://developers.google.com/identity/protocols/oauth2/service-account
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from integrations.addresses import address_of
from integrations.connector import Context, Meaning, Needed, Stopped, Trouble
from integrations.google.cloud import ALL, HOSTS
from integrations.google.errors import meaning_of_refusal
from integrations.operations import Operation, TokenRequest
from scanner.errors import ConfigError

SETTINGS: Final = (
    Needed(
        "key", "the key file of the service account, as JSON", is_secret=True, is_required=False
    ),
    Needed(
        "impersonate",
        "instead of a key: the address of the service account that this machine's "
        "own account may sign for",
        is_required=False,
    ),
    Needed("admin", "the address of the administrator in whose name Workspace is asked"),
    Needed(
        "tenant",
        "the customer id or the domain that the account must have; else nothing is read",
        is_required=False,
    ),
    Needed(
        "client_id",
        "the number of the service account, for the admin console; a key file says it",
        is_required=False,
    ),
    Needed(
        "organization",
        "the number of the organization in Google Cloud, to search it whole",
        is_required=False,
    ),
    Needed(
        "projects",
        "the projects of Google Cloud to ask about, with commas; else all that the "
        "service account sees",
        is_required=False,
    ),
    Needed(
        "location",
        "the region whose endpoints and agents are listed; aiplatform_host goes with it",
        is_required=False,
        default="us-central1",
    ),
)
# google-auth sends it, with what the key signed. Where a key file would have it sent does not count.
TOKEN: Final = TokenRequest(
    "POST", "token", "/token", "gets a token of an hour for one set of scopes"
)
_NO_KEY: Final = "google: the key is no key file of a service account; download one as JSON"


class GoogleCredentials:
    """The tokens of a service account, one for each set of scopes."""

    is_of_a_person = False

    def __init__(self, context: Context) -> None:
        """Read the key. Raises ConfigError for a key that is none, and where nothing signs."""
        self._settings = context.settings
        self._token_uri = address_of(context.hosts[TOKEN.host], TOKEN.path, {})
        self._network = context.network
        self._key = key_of(context.settings)
        if self._key is None and not context.settings.get("impersonate"):
            raise ConfigError("google: set key or impersonate; see `gnomon sources permissions`")
        self._held: dict[tuple[str, tuple[str, ...]], Any] = {}

    def headers(self, operation: Operation) -> Mapping[str, str]:
        """Return the header that signs a request. Raises Stopped where Google gives no token."""
        subject = "" if operation.host in HOSTS else self._settings.get("admin", "")
        scopes = operation.scopes[0] if operation.scopes else ()
        held = self._held.get((subject, scopes))
        if held is None:
            held = self._held[subject, scopes] = self._made(subject, scopes)
        if not held.valid:
            self._refresh(held, subject, scopes)
        return {"Authorization": f"Bearer {held.token}"}

    def renew(self) -> None:
        """Forget all tokens."""
        self._held.clear()

    def granted(self) -> frozenset[str] | None:
        """Return None: a token of a service account does not tell its scopes."""
        return None

    def _refresh(self, held: Any, subject: str, scopes: tuple[str, ...]) -> None:
        from google.auth.exceptions import GoogleAuthError, TransportError

        try:
            held.refresh(self._request())
        except TransportError as error:
            text = f"no answer from the service that gives tokens: {type(error).__name__}"
            raise Stopped(Meaning(Trouble.RETRY, text)) from error
        except GoogleAuthError as error:
            known = client_id_of(self._settings) or f"of {self._settings.get('impersonate', '')}"
            meaning = meaning_of_refusal(error, known, subject, scopes)
            raise Stopped(meaning) from None  # the error's own text may hold what was sent

    def _request(self) -> Any:
        from google.auth.transport.requests import Request

        return Request(session=self._network.requests_session())

    def _made(self, subject: str, scopes: tuple[str, ...]) -> Any:
        if self._key is None:
            return self._impersonated(subject, scopes)
        from google.oauth2 import service_account

        try:
            return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                {**self._key, "token_uri": self._token_uri},
                scopes=list(scopes),
                subject=subject or None,
            )
        except (ValueError, KeyError):
            raise ConfigError(_NO_KEY) from None

    def _impersonated(self, subject: str, scopes: tuple[str, ...]) -> Any:
        """Return credentials that need no key: the machine's account has the token signed."""
        import google.auth
        from google.auth import impersonated_credentials
        from google.auth.exceptions import DefaultCredentialsError

        try:
            own, _ = google.auth.default(scopes=[ALL], request=self._request())
        except DefaultCredentialsError:
            raise ConfigError(
                "google: nobody is signed in on this machine; run `gcloud auth "
                "application-default login`, or set key"
            ) from None
        return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
            own, self._settings["impersonate"], list(scopes), subject=subject or None
        )


def key_of(settings: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what is in the key file; None where none is named. Raises ConfigError."""
    text = settings.get("key", "")
    if not text:
        return None
    try:
        key = json.loads(text)
    except ValueError:
        raise ConfigError(_NO_KEY) from None
    if not isinstance(key, dict) or key.get("type") != "service_account":
        raise ConfigError(_NO_KEY)
    return key


def client_id_of(settings: Mapping[str, str]) -> str:
    """Return the number by which the admin console knows the service account; "" if unknown."""
    if named := settings.get("client_id", ""):
        return named
    try:
        key = key_of(settings)
    except ConfigError:
        return ""  # here the key may still be a reference to one
    found = key.get("client_id") if key else ""
    return found if isinstance(found, str) else ""
