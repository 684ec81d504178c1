"""An account of which each answer is written down, served on loopback, and a connector that asks it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from integrations.collecting import Collection
from integrations.connector import Connector, Context, Size
from integrations.fields import Item
from integrations.network import Network
from integrations.operations import Operation, Profile
from integrations.shelf import OpState, Shelf
from integrations.transport import Transport
from scanner.config import NetworkSettings
from scanner.model import App, Record
from tests.integrations.bay import Clock

GOLDEN = Path(__file__).parent / "golden"
_SIZE = Size(1000, 200, 2000)
WRONG = ({"not": "it"}, ["x"], 7, "x", True, None, [[{}]])


class Asked(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]


class Desk:
    """Answers by ``METHOD path``: a body, a list of them one after the other, or a function."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = dict(answers)
        self.asked: list[Asked] = []
        self.base = "http://desk.example"

    def paths(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.asked]

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        found = self.answers.get(f"{asked.method} {asked.path}")
        if isinstance(found, Several):
            found = found.left.pop(0) if len(found.left) > 1 else found.left[0]
        if callable(found):
            found = found(asked)
        if found is None:
            return 404, {"message": "Not Found"}
        return found if isinstance(found, tuple) else (200, found)


class Several:
    """Answers that are given one after the other; the last stays."""

    def __init__(self, *answers: Any) -> None:
        self.left = list(answers)


@contextmanager
def served(desk: Desk) -> Iterator[Desk]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            named = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query))
            status, said, *more = desk.answer(Asked(self.command, parts.path, query, named, body))
            data = json.dumps(said).encode()
            self.send_response(status)
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - the library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def context(
    desk: Desk, host: str, settings: Mapping[str, str], clock: Clock, below: str = ""
) -> Context:
    network = Network(NetworkSettings(proxy="", ca_file=None), {})
    return Context(settings, {host: desk.base + below}, network, clock.time)


class Collected:
    """What was read of an account."""

    def __init__(self, connector: Connector, collection: Collection, shelf: Shelf) -> None:
        self._connector, self.run, self._shelf = connector, collection, shelf

    def records(self, operation: Operation) -> list[Record]:
        return [
            record
            for parameters, item in self.run.items(operation)
            for record in operation.parse(item, parameters)
        ]

    def states(self) -> dict[str, OpState]:
        return {
            name: progress.state
            for name in self._shelf.operations()
            for _, progress in self._shelf.of_operation(name)
        }

    def reason(self, operation: Operation) -> str:
        return self._shelf.of_operation(operation.id)[0][1].reason


@contextmanager
def collected(
    connector: Connector,
    desk: Desk,
    settings: Mapping[str, str],
    profile: Profile = Profile.CORE,
    also: tuple[str, ...] = (),
    is_ai: Callable[[App], bool] = lambda _: False,
    below: str = "",
) -> Iterator[Collected]:
    """Serve an account and read it whole."""
    host = next(iter(connector.hosts[""]))
    clock = Clock()
    with served(desk), Shelf() as shelf:
        given = context(desk, host, settings, clock, below)
        with given.network.client() as client:
            credentials = connector.sign_in(given)
            credentials.granted()  # as a scan asks, before anything else
            transport = Transport(connector, credentials, client, given.hosts, clock)
            run = Collection(
                connector,
                connector.of_profile(profile, also),
                settings,
                transport,
                shelf,
                clock,
                lambda app: object() if is_ai(app) else None,  # type: ignore[arg-type,return-value]
            )
            run.begin()
            run.collect()
            yield Collected(connector, run, shelf)


def check_declared(connector: Connector, open_to_all: tuple[str, ...] = ()) -> None:
    """Hold every operation against the rules for declaring one."""
    ids = [one.id for one in connector.operations]
    assert len(ids) == len(set(ids))
    for one in connector.operations:
        assert one.id.startswith(f"{connector.name}.")
        assert one.why
        assert one.reference.startswith("https://")
        assert one.fields
        assert one.scopes or one.id in open_to_all, one.id
        assert all(_is_field(name, one.fields) for name in one.people), one.id
        assert one.quota == "" or one.quota in connector.quotas
        assert one.host in connector.hosts[""]
        assert not one.can_write or one.profile is Profile.OPT_IN, one.id
        assert set(connector.requests(_SIZE)) == set(ids)


def _is_field(name: str, fields: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in fields)


def undeclared(connector: Connector, desk: Desk) -> list[str]:
    """Return what was asked of an account that the connector declares neither as an operation nor
    as a request for a token."""
    declared = [
        re.escape(f"{one.method} {one.path}") for one in (*connector.operations, *connector.tokens)
    ]
    known = re.compile("|".join(re.sub(r"\\{\w+\\}", "[^/]+", one) for one in declared))
    return [one for one in desk.paths() if not known.fullmatch(one)]


def check_hostile(connector: Connector) -> None:
    """Hold every parser against items of which nothing is as it should be."""
    parameters = {"appId": "a"}
    for one in connector.operations:
        assert list(one.parse(Item({}), {})) == []
        for value in WRONG:
            item = Item(_filled(one.fields, value))
            assert all(isinstance(record, tuple) for record in one.parse(item, parameters))
            list(one.parse(Item(value), parameters))
            list(one.parse(Item({name.partition(".")[0]: value for name in one.fields}), {}))


def _filled(fields: tuple[str, ...], value: object) -> dict[str, Any]:
    """Return an item in which every field has that value."""
    made: dict[str, Any] = {}
    for name in fields:
        here = made
        *above, last = name.split(".")
        for part in above:
            inner: dict[str, Any] = {}
            if part.endswith("[]"):
                rows = here.setdefault(part[:-2], [inner])
                here = rows[0] if isinstance(rows, list) else inner
            else:
                here = here.setdefault(part, inner)
            if not isinstance(here, dict):
                here = inner
        here[last] = value
    return made


def golden(vendor: str, name: str) -> Any:
    """Return a vendor's own example of an answer."""
    return json.loads((GOLDEN / vendor / f"{name}.json").read_text())["response"]


def kinds(operation: Operation, answer: Any, parameters: Mapping[str, str]) -> dict[str, int]:
    """Return how many records of each kind an answer gives, and under "bad" how many fields it lost."""
    found: dict[str, int] = {}
    body = answer
    for part in operation.items.split(".") if operation.items else ():
        body = body.get(part)
    for one in body if isinstance(body, list) else [] if body is None else [body]:
        item = Item(one)
        for record in operation.parse(item, parameters):
            name = type(record).__name__
            found[name] = found.get(name, 0) + 1
        if item.bad:
            found["bad"] = found.get("bad", 0) + item.bad.total()
    return found
