"""Okta and GitHub as emulate plays them: answers and pages that were not written here.

It has a part of what is asked: of Okta applications and their people, of GitHub organisations and
members. The rest is not there, and said to be so. It takes any token, and refuses apps of GitHub
whatever they sign: it verifies with a key that can only sign. It would listen on every interface; ``loopback.mjs`` keeps
it on one.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from integrations.collecting import Collection
from integrations.connector import Connector, Context
from integrations.github import CONNECTOR as GITHUB
from integrations.network import Network
from integrations.okta import CONNECTOR as OKTA
from integrations.okta.operations import APP_GROUPS, APP_USERS, APPS
from integrations.operations import Profile
from integrations.shelf import OpState, Shelf
from integrations.transport import Transport
from scanner.config import NetworkSettings
from scanner.model import Assignment, Person, Tenant
from tests.integrations.bay import Clock
from tests.integrations.desk import Collected
from tests.integrations.servers.installed import FOLDER, HERE, needs, running

pytestmark = needs("emulate")

TOKEN = "of-an-administrator"
_APPS = 45  # more than a page of it
_SEED = {
    "tokens": {TOKEN: {"login": "ana@harbour.example", "scopes": []}},
    "github": {"orgs": [{"login": "harbour", "name": "Harbour & Pine"}]},
    "okta": {
        "users": [{"okta_id": "00u1", "login": "ana@harbour.example"}],
        "apps": [{"okta_id": f"0oa{one}", "name": f"app{one}"} for one in range(_APPS)],
        "app_assignments": [{"app_okta_id": "0oa44", "user_okta_id": "00u1"}],
    },
}


@contextmanager
def _emulate(service: str, folder: Path) -> Iterator[int]:
    """Run one of its services; gives the port."""
    (folder / "seed.json").write_text(json.dumps(_SEED), "utf-8")
    program = FOLDER / "emulate" / "dist" / "index.js"
    arguments: list[str | Path] = [
        "--import",
        HERE / "loopback.mjs",
        program,
        "start",
        "--service",
        service,
    ]
    with running([*arguments, "--seed", folder / "seed.json"], r"on loopback at (\d+)") as port:
        yield int(port)


@pytest.fixture(scope="module")
def okta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with _emulate("okta", tmp_path_factory.mktemp("emulate")) as port:
        yield port


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with _emulate("github", tmp_path_factory.mktemp("emulate")) as port:
        yield port


@contextmanager
def _asked(connector: Connector, port: int, settings: Mapping[str, str]) -> Iterator[Collected]:
    network = Network(NetworkSettings(proxy="", ca_file=None), {})
    hosts = dict.fromkeys(connector.hosts[""], f"http://127.0.0.1:{port}")
    credentials = connector.sign_in(Context(settings, hosts, network, time.time))
    with Shelf() as shelf, network.client() as client:
        transport = Transport(connector, credentials, client, hosts, Clock())
        wanted = connector.of_profile(Profile.PLUS)
        run = Collection(connector, wanted, settings, transport, shelf, Clock(), lambda _: None)
        yield Collected(connector, run, shelf)


def test_it_is_reached_on_loopback_alone(okta: int, github: int) -> None:
    for port in (okta, github):
        socket.create_connection(("127.0.0.1", port), 5).close()
        with pytest.raises(OSError, match="refused"):  # who listens everywhere answers here too
            socket.create_connection(("127.0.0.2", port), 5)


def test_pages_of_okta_are_followed_and_its_people_read(okta: int) -> None:
    with _asked(OKTA, okta, {"api_token": TOKEN}) as found:
        assert found.run.read(APPS)
        assert found.run.read(APP_USERS, appId="0oa44")
        assert not found.run.read(APP_GROUPS, appId="0oa44")
        assert found.states() == {
            "okta.apps": OpState.COMPLETE,
            "okta.app_users": OpState.COMPLETE,
            "okta.app_groups": OpState.SKIPPED,
        }
        keys = {item.text("id") for _, item in found.run.items(APPS)}
        assert {f"0oa{one}" for one in range(_APPS)} <= keys
        assert found.records(APP_USERS) == [
            Assignment("0oa44", person="00u1"),
            Person("00u1", "ana@harbour.example"),
        ]


def test_an_organisation_of_github_says_who_it_is(github: int) -> None:
    with _asked(GITHUB, github, {"org": "harbour", "token": TOKEN}) as found:
        assert found.run.begin() == Tenant("github", "1", "harbour")
        found.run.collect()
        states = found.states()
        assert states.pop("github.organisation") is OpState.COMPLETE
        assert states.pop("github.members") is OpState.COMPLETE
        assert set(states.values()) == {OpState.SKIPPED}
