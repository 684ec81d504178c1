"""How requests to Anthropic are signed: with a key, and service accounts with an OAuth token."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.anthropic.console import SERVICE_ACCOUNTS
from integrations.connector import Context
from integrations.keys import Key
from integrations.operations import Operation
from scanner.errors import ConfigError

KINDS = ("enterprise", "console")


class AnthropicKey(Key):
    """The key of an organisation, and the token that service accounts are listed with."""

    __slots__ = ("_token",)

    def __init__(self, key: str, token: str) -> None:
        super().__init__({"x-api-key": key})
        self._token = token

    def headers(self, operation: Operation) -> Mapping[str, str]:
        """Return the headers that sign a request."""
        if operation.id == SERVICE_ACCOUNTS.id:
            return {"Authorization": f"Bearer {self._token}"}
        return super().headers(operation)


def sign_in(context: Context) -> AnthropicKey:
    """Return the key. Raises ConfigError for a kind of organisation that does not exist."""
    kind = context.settings.get("organisation", "enterprise")
    if kind not in KINDS:
        raise ConfigError(f"anthropic: organisation is {' or '.join(KINDS)}, not {kind!r}")
    return AnthropicKey(context.settings["key"], context.settings.get("oauth_token", ""))
