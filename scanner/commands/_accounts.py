"""Accounts that a scan is to read: those that gnomon.toml names, and files that hold records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from integrations.accounts import ConnectorInput
    from integrations.connector import Connector
    from scanner.config import Config, SourceSettings
    from scanner.engine import Input
    from scanner.model import Tenant
    from scanner.privacy import Pseudonyms
    from scanner.store import ListingStore


def with_accounts(found: Sequence[Input]) -> list[Input]:
    """Return what a scan was given, with files that hold records in the place of logs, at the end."""
    from integrations.files import NamedFile, account_inputs
    from scanner.inputs import LogInput

    files = [
        NamedFile(one.file, one.name)
        for one in found
        if isinstance(one, LogInput) and one.file and one.is_regular and one.format is None
    ]
    accounts, taken = account_inputs(files)
    others = [
        one for one in found if not (isinstance(one, LogInput) and one.file and one.file in taken)
    ]
    return [*others, *accounts]


def connector_inputs(
    config: Config, store: ListingStore, pseudonyms: Pseudonyms, record: Path | None
) -> list[ConnectorInput]:
    """Return the accounts that gnomon.toml names. Raises ConfigError."""
    from integrations.accounts import ConnectorInput
    from integrations.file_names import file_name
    from integrations.network import Network
    from integrations.pace import SystemClock
    from integrations.shelf import remove_abandoned
    from scanner.courses.accounts import fingerprint_of_listing

    def since(tenant: Tenant, operation: str) -> datetime | None:
        return store.watermark(fingerprint_of_listing(tenant, operation))

    _check_names(config)
    network = Network(config.network)
    found = [
        ConnectorInput(
            connector_of(source),
            source,
            network,
            Path(config.folder or "."),
            Path(f"{config.database}-{file_name(_called(source))}.pages"),
            pseudonyms,
            since,
            record,
        )
        for source in config.sources
        if source.connector
    ]
    remove_abandoned(config.database, [one.shelf for one in found], SystemClock().time())
    return found


def _called(source: SourceSettings) -> str:
    return source.name or source.connector or ""


def _check_names(config: Config) -> None:
    """Raise ConfigError where two accounts have one name: results and files could not tell them."""
    from scanner.errors import ConfigError

    seen: set[str] = set()
    for source in config.sources:
        if source.connector and _called(source).casefold() in seen:
            raise ConfigError(
                f"two sources are called {_called(source)!r}; give each a name of its own in "
                "gnomon.toml"
            )
        seen.add(_called(source).casefold() if source.connector else "")


def connector_of(source: SourceSettings) -> Connector:
    """Return the connector that a source names. Raises ConfigError."""
    from integrations.files import connector_named
    from scanner.errors import ConfigError

    found = connector_named(source.connector or "")
    if found is None:
        raise ConfigError(f"no connector {source.connector!r}; see `gnomon sources list`")
    return found
