"""Harbour Bay: an account that is not there, served on loopback over TLS, with faults by schedule.

It has people, applications and grants, a token that expires, scopes that are or are not granted,
and a log of all that was asked. The connector is as small as a connector can be.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme

from integrations.accounts import ConnectorInput
from integrations.connector import Connector, Context, Needed, Run, Size
from integrations.fields import Item
from integrations.network import Network
from integrations.operations import Operation, Paging, Profile
from scanner.config import NetworkSettings, SourceSettings
from scanner.model import App, Grant, Person, Record, Tenant
from scanner.privacy import Pseudonyms

TENANT = "bay-0001"
CHATGPT = "e0476654-c1d5-430b-ab80-70cbd947616a"


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self, now: float = 1_795_000_000.0) -> None:
        self.now = now
        self.waits: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def _apps(item: Item, _: Mapping[str, str]) -> Iterator[Record]:
    if key := item.text("id"):
        yield App(
            key,
            item.text("name"),
            "entra",
            item.text("appId"),
            is_enabled=item.flag("enabled"),
            created=item.time("created"),
        )


def _grants(item: Item, _: Mapping[str, str]) -> Iterator[Record]:
    if app := item.text("app"):
        scopes = tuple(item.text("scope").split())
        yield Grant(app, scopes, "Harbour", person=item.text("person"))


def _people(item: Item, _: Mapping[str, str]) -> Iterator[Record]:
    if key := item.text("id"):
        yield Person(key, item.text("login"), item.text("unit"))


def _nothing(_item: Item, _: Mapping[str, str]) -> Iterator[Record]:
    yield from ()


def _operation(name: str, parse: Callable[..., Iterator[Record]], **more: Any) -> Operation:
    given: dict[str, Any] = {
        "host": "bay",
        "path": f"/v1/{name}",
        "why": f"lists {name}",
        "fields": ("id",),
        "reference": "https://bay.example/docs",
        "paging": Paging.ODATA,
        "page_size": 100,
        "query": {"$top": "100"},
        "items": "value",
        "scopes": ((f"{name}.read",),),
        "total": "count",
        **more,
    }
    return Operation(id=f"bay.{name}", title=name, parse=parse, **given)


OWNER = _operation("owner", _nothing, paging=Paging.NONE, query={}, fields=("id", "name"), items="")
APPS = _operation("apps", _apps, fields=("id", "name", "appId", "enabled", "created"))
GRANTS = _operation("grants", _grants, fields=("id", "app", "scope", "person"))
PEOPLE = _operation("people", _people, fields=("id", "login", "unit"), people=("login",))
DETAILS = _operation("apps/{app}/details", _nothing, paging=Paging.NONE, query={}, scopes=())
EXTRA = _operation("extra", _nothing, profile=Profile.PLUS)


class Signed:
    """A token that the service can forget."""

    is_of_a_person = False

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self.renewals = 0

    def headers(self, _: Operation) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._secret}-{self.renewals}"}

    def renew(self) -> None:
        self.renewals += 1

    def granted(self) -> frozenset[str] | None:
        return None


def _identify(run: Run) -> Tenant | None:
    run.read(OWNER)
    for _, item in run.items(OWNER):
        return Tenant("bay", item.text("id"), item.text("name"))
    return None


def _collect(run: Run) -> None:
    run.read(APPS)
    run.read(GRANTS)
    run.read(PEOPLE)
    run.read(EXTRA)
    run.read_each(DETAILS, [{"app": app.key} for app, _ in run.ai_apps()])


CONNECTOR = Connector(
    name="bay",
    title="Harbour Bay",
    settings=(Needed("secret", "the key", is_secret=True), Needed("tenant", "", is_required=False)),
    hosts={"": {"bay": "https://bay.example"}},
    operations=(OWNER, APPS, GRANTS, PEOPLE, DETAILS, EXTRA),
    sign_in=lambda context: Signed(_secret(context)),
    identify=_identify,
    collect=_collect,
    requests=lambda size: _requests(size),  # noqa: PLW0108 - it stands below
    consent=lambda _settings, scopes: ", ".join(scopes),
    reference="https://bay.example/docs",
    download_hosts=("downloads.example",),
)


def _secret(context: Context) -> str:
    return context.settings["secret"]


def _requests(size: Size) -> Mapping[str, int]:
    return {
        "bay.apps": -(-size.apps // 100),
        "bay.grants": -(-size.grants // 100),
        "bay.people": -(-size.people // 100),
    }


Answer = tuple[int, dict[str, str], bytes]
Fault = Callable[["Bay", str, dict[str, str]], Answer | None]


@dataclass
class Bay:
    """The service: what it has, what went wrong when, and what was asked of it."""

    apps: list[dict[str, Any]] = field(default_factory=list)
    grants: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    page: int = 100
    faults: dict[int, Fault] = field(default_factory=dict)  # by the number of the request
    always: Fault | None = None
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    base: str = ""

    @classmethod
    def of(cls, people: int) -> Bay:
        """Return an account of some size; every seventh grant is of ChatGPT."""
        apps = [
            {"id": f"a{n}", "name": f"App {n}", "appId": f"0000-{n}", "enabled": True}
            for n in range(1, 40)
        ]
        apps.insert(
            7,
            {"id": "a0", "name": "Writer", "appId": CHATGPT, "enabled": True,
             "created": "2026-01-02T03:04:05Z"},
        )  # fmt: skip
        grants = [
            {
                "id": f"g{n}",
                "app": f"a{n % 7}",
                "scope": "Mail.Read Files.Read",
                "person": f"p{n // 2}",
            }
            for n in range(2 * people)
        ]
        names = [
            {"id": f"p{n}", "login": f"p{n}@bay.example", "unit": f"Unit {n % 5}"}
            for n in range(people)
        ]
        return cls(apps, grants, names)

    def answer(self, method: str, path: str, query: dict[str, str], headers: Any) -> Answer:
        self.asked.append((method, path, query))
        fault = self.faults.get(len(self.asked)) or self.always
        if fault is not None and (answer := fault(self, path, query)) is not None:
            return answer
        if not headers.get("Authorization", "").startswith("Bearer good"):
            return reply(401, {"error": "who are you"})
        if method != "GET":
            return reply(405, {"error": "this service would have changed something"})
        if path == "/v1/owner":
            return reply(200, {"id": TENANT, "name": "Harbour & Pine"})
        if path.endswith("/details"):
            return reply(200, {"value": [{"id": path.split("/")[3]}]})
        rows = {"apps": self.apps, "grants": self.grants, "people": self.people}.get(
            path.removeprefix("/v1/")
        )
        if rows is None:
            return reply(404, {"error": "no such thing"})
        at = int(base64.b64decode(query["$skip"])) if "$skip" in query else 0
        some = rows[at : at + min(self.page, int(query.get("$top", 100)))]
        body: dict[str, Any] = {"value": some, "count": len(rows)}
        if at + len(some) < len(rows):
            token = base64.b64encode(str(at + len(some)).encode()).decode()
            body["@odata.nextLink"] = (
                f"{self.base}{path}?$top={query.get('$top', 100)}&$skip={token}"
            )
        return reply(200, body)


def reply(status: int, body: Any, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, named, json.dumps(body).encode()


def fails(status: int, **headers: str) -> Fault:
    """Return a fault: an answer with that status."""
    return lambda *_: reply(status, {"error": "later"}, **headers)


@contextmanager
def served(bay: Bay) -> Iterator[Path]:
    """Serve an account on loopback; gives the certificates to trust."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            status, headers, body = bay.answer(
                self.command, parts.path, dict(parse_qsl(parts.query)), self.headers
            )
            self.send_response(status)
            cut = headers.pop("cut", "")
            headers.setdefault("Content-Type", "application/json")
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            if cut:
                self.close_connection = True

        do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - the library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    bay.base = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with authority.cert_pem.tempfile() as certificates:
            yield Path(certificates)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def account(
    bay: Bay, certificates: Path, folder: Path, clock: Clock | None = None, **more: Any
) -> ConnectorInput:
    """Return the account as a scan would ask it."""
    secret = folder / "secret"
    if not secret.exists():
        secret.write_text(more.pop("secret", "good"))
        secret.chmod(0o600)
    source = SourceSettings(
        connector="bay",
        profile=more.pop("profile", "core"),
        settings={"secret": "file:secret", "bay_host": bay.base, **more.pop("settings", {})},
    )
    return ConnectorInput(
        CONNECTOR,
        source,
        Network(NetworkSettings(ca_file=str(certificates)), {}),
        folder,
        folder / "shelf.pages",
        Pseudonyms(b"k" * 32),
        more.pop("since", lambda *_: None),
        clock=clock or Clock(),
        **more,
    )
