"""The Entra connector at work on a contract tenant, and what it read."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from integrations.accounts import ConnectorInput, ShelvedAccount
from integrations.entra import CONNECTOR
from integrations.network import Network
from integrations.operations import Profile
from scanner.accounts import Listing
from scanner.accounts.meaning import Meaning
from scanner.compiled import open_base
from scanner.config import NetworkSettings, SourceSettings, cache_folder
from scanner.privacy import Pseudonyms
from tests.integrations.bay import Clock
from tests.integrations.tenant.service import Service
from tests.integrations.tenant.serving import client_source, served

CORE_IDS = {one.id for one in CONNECTOR.of_profile(Profile.CORE)}
GRANTS = "entra.delegated_grants"
USAGE = "entra.copilot_usage"
PATHS = {
    GRANTS: "/oauth2permissiongrants",
    USAGE: "/copilot/reports/getmicrosoft365copilotusageuserdetail(period={})",
}


@cache
def meaning() -> Meaning:
    """Return what recognises AI, from the signatures that are built in."""
    return Meaning(open_base((), cache_folder(os.environ)).matcher)


def asked_of(service: Service, certificates: Path, folder: Path, **more: Any) -> ConnectorInput:
    settings = client_source(service, folder) | more.pop("settings", {})
    given = {name: value for name, value in settings.items() if value}
    source = SourceSettings(connector="entra", settings=given, also=tuple(more.pop("also", ())))
    return ConnectorInput(
        CONNECTOR,
        source,
        Network(NetworkSettings(proxy="", ca_file=str(certificates)), {}),
        folder,
        folder / "shelf.pages",
        Pseudonyms(b"k" * 32),
        lambda *_: None,
        clock=Clock(service.seed.now.timestamp()),
        **more,
    )


@contextmanager
def opened(service: Service, folder: Path, **more: Any) -> Iterator[ShelvedAccount]:
    with (
        served(service) as certificates,
        asked_of(service, certificates, folder, **more).open(meaning().of) as found,
    ):
        yield found


def listed(found: ShelvedAccount) -> dict[str, Listing]:
    return {one.key: one for one in found.listings()}


def records(found: ShelvedAccount) -> dict[type, list[Any]]:
    told: defaultdict[type, list[Any]] = defaultdict(list)
    for listing in found.listings():
        for record in listing.records():
            told[type(record)].append(record)
    return told
