"""Every request of a connector at Prism, which holds it against the contract that its vendor wrote.

Prism refuses a path, a method and a value that the contract does not have, and the lack of what it
asks for. It lets parameters pass that the contract does not name, so their names are compared here.
Its pages lead nowhere: of each operation the first page is asked, and how a second would be.

Graph's contract is no OpenAPI, and Anthropic publishes none: see ``../contracts``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from integrations.connector import Stopped
from integrations.network import Network
from integrations.operations import Operation, Paging
from integrations.transport import Transport
from scanner.config import NetworkSettings
from scanner.registry import CONNECTORS, values
from tests.integrations.bay import Clock, Signed
from tests.integrations.contracts.extract import Document
from tests.integrations.servers.installed import FOLDER, needs, running
from tests.integrations.test_contracts import NOT_HELD

SPECIFICATIONS = Path(__file__).parents[4] / "shared" / "apispecs"
# By file: the connector, and the path that the contract's own addresses begin with.
CONTRACTS = {
    "okta-management-2026.06.3.trim.openapi.json": ("okta", ""),
    "github-api.23.0.2.trim.openapi.json": ("github", ""),
    "github-ghec.23.0.2.trim.openapi.json": ("github", ""),
    "openai-admin.2.3.0.trim.openapi.json": ("openai", "/v1"),
    "slack-web-1.7.0-2021.trim.swagger2.json": ("slack", ""),
}
# Slack's contract is of 2021, when the token stood in the address; today a header carries it.
_GIVEN_UP = ("token",)
# What a contract lacks of an operation that it holds otherwise: see ../test_contracts.py.
_DEPARTURES = {"slack.requested_apps": ["unknown enterprise_id"]}
# In the vendor's contract, and left out of the part of it that is at hand.
_LEFT_OUT = {
    f"openai.usage_{one}"
    for one in (
        "moderations",
        "images",
        "audio_speeches",
        "audio_transcriptions",
        "code_interpreter_sessions",
        "file_search_calls",
        "web_search_calls",
    )
}
_VALUES = {"year": "2026", "month": "11", "start": "1795000000", "page": "1"}
_IN_PARAMETERS = (Paging.TOKEN, Paging.CURSOR, Paging.AFTER, Paging.PAGE)
_CONNECTORS = {one.name: one for one in values(CONNECTORS)}

pytestmark = [
    needs("@stoplight/prism-cli"),
    pytest.mark.skipif(
        not SPECIFICATIONS.is_dir(), reason="the vendors' contracts are not beside this project"
    ),
]


class Desk(NamedTuple):
    """Prism with one contract, and what sends a connector's operations to it."""

    operations: tuple[Operation, ...]  # those whose path is in the contract
    contract: Document
    transport: Transport
    answered: list[httpx2.Response]

    def ask(self, operation: Operation, following: str = "") -> httpx2.Response:
        """Ask for one page; returns what Prism answered, whatever the transport makes of it."""
        self.answered.clear()
        with suppress(Stopped):
            next(self.transport.pages(operation, _parameters(operation), following))
        return self.answered[0]


class _All(tuple[Operation, ...]):
    """Operations among which each is: wrong ones are sent too, to be refused by Prism."""

    __slots__ = ()

    def __contains__(self, _: object) -> bool:
        return True


def _parameters(operation: Operation) -> dict[str, str]:
    names = re.findall(r"\{(\w+)", f"{operation.path} {[*operation.query.values()]}")
    return {one: _VALUES.get(one, "harbour") for one in names}


def _contract(file: str, beginning: str) -> dict[str, Any]:
    """Return a contract as Prism serves it: each path as it is asked for."""
    found: dict[str, Any] = json.loads((SPECIFICATIONS / file).read_text("utf-8"))
    found["paths"] = {f"{beginning}{path}": one for path, one in found["paths"].items()}
    for asked in (one for path in found["paths"].values() for one in path.values()):
        if isinstance(asked, dict):
            known = asked.get("parameters", [])
            asked["parameters"] = [one for one in known if one.get("name") not in _GIVEN_UP]
    return found


def _as_json(request: httpx2.Request) -> None:
    """Ask for JSON by its plain name: GitHub's own name for it is in its reference alone."""
    request.headers["Accept"] = "application/json"


@contextmanager
def _prism(file: str, folder: Path) -> Iterator[Desk]:
    name, beginning = CONTRACTS[file]
    contract, connector = _contract(file, beginning), _CONNECTORS[name]
    (folder / file).write_text(json.dumps(contract), "utf-8")
    program = FOLDER / "@stoplight" / "prism-cli" / "dist" / "index.js"
    arguments: list[str | Path] = [
        program,
        "mock",
        "--errors",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        folder / file,
    ]
    answered: list[httpx2.Response] = []
    with (
        running(arguments, r"listening on (http://127\.0\.0\.1:\d+)") as base,
        Network(NetworkSettings(proxy="", ca_file=None), {}).client() as client,
    ):
        client.event_hooks = {"request": [_as_json], "response": [answered.append]}
        hosts = dict.fromkeys(connector.hosts[""], base)
        any_of_them = replace(connector, operations=_All(), quotas={})
        transport = Transport(any_of_them, Signed("good"), client, hosts, Clock())
        document = Document(file, contract)
        known = tuple(one for one in connector.operations if document.path(one))
        yield Desk(known, document, transport, answered)


@pytest.fixture(scope="module", params=sorted(CONTRACTS))
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    with _prism(request.param, tmp_path_factory.mktemp("prism")) as found:
        yield found


def _refusals(answer: httpx2.Response) -> list[str]:
    """Return what Prism has against a request. What it has against the vendor's own example, with
    which it answers, is the vendor's."""
    said = [tuple(one["location"]) for one in json.loads(answer.headers.get("sl-violations", "[]"))]
    asked = [".".join(one) for one in said if one[0] == "request"]
    is_of_example = answer.status_code == 500 and said and not asked
    return (
        asked if answer.status_code == 200 or is_of_example else [*asked, str(answer.status_code)]
    )


def _unknown(desk: Desk, operation: Operation, address: httpx2.URL) -> list[str]:
    known: Any = desk.contract.path(operation)
    names = {*known["query"]}
    return [f"unknown {one}" for one in address.params if not {one, one.partition("[")[0]} & names]


def test_every_request_is_as_its_contract_says(desk: Desk) -> None:
    found: dict[str, list[str]] = {}
    for one in desk.operations:
        places = ("", "x7") if one.paging in _IN_PARAMETERS else ("",)
        for answer in [desk.ask(one, place) for place in places]:
            wrong = [*_refusals(answer), *_unknown(desk, one, answer.request.url)]
            found[f"{one.id} {answer.request.url.query.decode()}"] = wrong
    assert len(found) >= len(desk.operations) > 0
    assert found == {one: _DEPARTURES.get(one.partition(" ")[0], []) for one in found}


def test_a_request_that_departs_from_it_is_refused(desk: Desk) -> None:
    one, size = next(
        (one, name)
        for one in desk.operations
        for name, value in one.query.items()
        if value.isdigit()
    )
    wrong = {
        "404": replace(one, path=f"/colours{one.path}"),
        "405": replace(one, method="POST"),
        "422": replace(one, query={**one.query, size: "many"}),
    }
    assert {said: _refusals(desk.ask(asked))[-1:] for said, asked in wrong.items()} == {
        said: [said] for said in wrong
    }
    coloured = httpx2.URL("http://127.0.0.1/", params={"colour": "blue"})
    assert _unknown(desk, one, coloured) == ["unknown colour"]


def test_every_operation_that_a_contract_holds_is_asked() -> None:
    names = {name for name, _ in CONTRACTS.values()}
    asked = {
        operation.id
        for file, (name, beginning) in CONTRACTS.items()
        for operation in _CONNECTORS[name].operations
        if Document(file, _contract(file, beginning)).path(operation)
    }
    declared = {one.id for name in names for one in _CONNECTORS[name].operations}
    assert declared - asked - NOT_HELD.keys() == _LEFT_OUT
