"""Signing in to GitHub: as an installed GitHub App, or with a personal access token.

An app signs a short assertion with its key and gets a token of an hour. It asks for reading alone,
whatever its installation was granted, so that the token cannot change anything.
Reference: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from integrations.connector import Context
from integrations.fields import time_of
from integrations.github.files import HEADERS
from integrations.keys import EndingToken, said
from integrations.operations import Operation, TokenRequest
from scanner.errors import ConfigError, SourceError

PERMISSIONS = (
    "contents",
    "members",
    "metadata",
    "organization_administration",
    "organization_copilot_agent_settings",
    "organization_copilot_metrics",
    "organization_copilot_seat_management",
    "organization_copilot_spaces",
    "organization_personal_access_tokens",
)
BY_ORGANISATION = TokenRequest(
    "GET", "github", "/orgs/{org}/installation", "finds where the app is installed"
)
BY_NUMBER = TokenRequest(
    "GET", "github", "/app/installations/{installation_id}", "finds it where its number is set"
)
ACCESS = TokenRequest(
    "POST",
    "github",
    "/app/installations/{installation_id}/access_tokens",
    "gets a token of an hour that can only read, whatever the app was granted",
)
TOKENS = (BY_ORGANISATION, BY_NUMBER, ACCESS)
_LIFE = 540  # seconds of an assertion; GitHub takes no more than ten minutes
_BEHIND = 60  # seconds that our clock may be ahead
_SPARE = 60


class Installation(EndingToken):
    """An installed GitHub App."""

    def _get(self) -> None:
        settings = self._context.settings
        found = self._said(
            BY_NUMBER if settings.get("installation_id") else BY_ORGANISATION, settings
        )
        held = found.get("permissions")
        permissions = {str(name): str(level) for name, level in _of(held).items()}
        number = found.get("id")
        if not isinstance(number, int) or isinstance(number, bool):
            raise SourceError("github: the installation of the app has no id; check app_id and org")
        self._granted = frozenset(_scopes(permissions))
        wanted = {name: "read" for name in PERMISSIONS if name in permissions}
        if not wanted:  # no permissions named would ask for all there are
            raise SourceError("github: the app was granted nothing that is read here")
        content = msgspec.json.encode({"permissions": wanted})
        answer = self._said(ACCESS, {"installation_id": str(number)}, content)
        if not isinstance(token := answer.get("token"), str):
            raise SourceError("github: the answer to the app's assertion holds no token")
        self._token = token
        self._ends = self._end(answer.get("expires_at")) - _SPARE

    def _end(self, value: object) -> float:
        try:
            return time_of(value).timestamp()
        except (TypeError, ValueError, OverflowError):
            return self._context.now() + 3600

    def _said(
        self, request: TokenRequest, parameters: Mapping[str, str], content: bytes | None = None
    ) -> Mapping[str, Any]:
        """Ask as the app itself. Raises SourceError with what to do, and Stopped."""
        kind = {} if content is None else {"Content-Type": "application/json"}
        signed = {**HEADERS, **kind, "Authorization": f"Bearer {self._assertion()}"}
        answer = self._ask(request, parameters, signed, content)
        if answer.status not in (200, 201):
            raise SourceError(_refusal(answer.status, said(answer)))
        return said(answer)

    def _assertion(self) -> str:
        import jwt

        now, settings = int(self._context.now()), self._context.settings
        claims = {"iat": now - _BEHIND, "exp": now + _LIFE, "iss": settings["app_id"]}
        try:
            return jwt.encode(claims, settings["private_key"], "RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            raise ConfigError("github: private_key is no RSA private key in PEM") from None


class PersonalToken:
    """A personal access token: it sees what its owner may see, and no more."""

    is_of_a_person = True

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self, operation: Operation) -> Mapping[str, str]:  # noqa: ARG002 - one token for all
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> None:
        """Do nothing: there is no other token."""

    def granted(self) -> frozenset[str] | None:
        return None


def sign_in(context: Context) -> Installation | PersonalToken:
    """Return who asks GitHub. Raises ConfigError for settings that do not suffice."""
    settings = context.settings
    if settings.get("app_id") and settings.get("private_key"):
        return Installation(context)
    if token := settings.get("token"):
        return PersonalToken(token)
    raise ConfigError("github: set app_id and private_key of a GitHub App, or token")


def _scopes(permissions: Mapping[str, str]) -> list[str]:
    """Return permissions as scopes: who may write may read too."""
    return [
        f"{name}:{level}"
        for name, held in permissions.items()
        for level in {"read", held or "read"}
    ]


def _of(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _refusal(status: int, body: Mapping[str, Any]) -> str:
    text = str(body.get("message", ""))[:200]
    lowered = text.lower()
    if "'iat'" in lowered or "'exp'" in lowered or "too far in the future" in lowered:
        do = "the clocks differ: set this machine's clock"
    elif status == 401:
        do = "check app_id, and that private_key is a key of this app"
    elif status == 404:
        do = "the app is not installed in this organisation; install it, or set installation_id"
    else:
        do = "check the app's settings"
    return f"github: no token (status {status}{f': {text}' if text else ''}); {do}"
