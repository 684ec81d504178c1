"""How AWS is signed in to: a profile, a key, or what the machine has. botocore signs each request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.aws.sending import Sender
from integrations.connector import Connector, Context
from integrations.keys import Key
from integrations.pace import Clock
from scanner.errors import ConfigError


class AwsCredentials(Key):
    """A session of boto3; ``sender`` sends with it in the place of the usual transport."""

    __slots__ = ("_network", "_session")

    def __init__(self, session: Any, network: Any) -> None:
        super().__init__({})
        self._session = session
        self._network = network

    def sender(self, connector: Connector, clock: Clock) -> Sender:
        """Return what sends a connector's operations."""
        return Sender(connector, self._session, self._network, clock)


def sign_in(context: Context) -> AwsCredentials:
    """Return a session. Raises ConfigError without boto3 and for a profile that does not exist."""
    try:
        import boto3  # type: ignore[import-untyped]
        from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped]
    except ImportError as error:
        raise ConfigError("aws: boto3 is missing; install gnomon[aws]") from error
    try:
        return AwsCredentials(boto3.Session(**_named(context.settings)), context.network)
    except BotoCoreError as error:
        raise ConfigError(f"aws: {error}") from error


def _named(settings: Mapping[str, str]) -> dict[str, str]:
    names = {
        "profile": "profile_name",
        "access_key_id": "aws_access_key_id",
        "secret_access_key": "aws_secret_access_key",
        "session_token": "aws_session_token",
    }
    return {ours: settings[name] for name, ours in names.items() if settings.get(name)}
