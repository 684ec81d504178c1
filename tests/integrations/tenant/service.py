"""Graph, as Microsoft's tables of types and permissions have it: what they do not name is refused."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt

from integrations.entra import CONNECTOR
from tests.integrations.contracts.extract import nameless
from tests.integrations.contracts.held import contract
from tests.integrations.entra.tenant import Entra
from tests.integrations.tenant.faults import Asked, Fault, Reply, refusal
from tests.integrations.tenant.objects import Object
from tests.integrations.tenant.seed import Seed

_OPTIONS = ("$select", "$top", "$filter", "$expand", "$skiptoken")
_AUDITS = re.compile(r"activityDisplayName eq '([^']+)' and activityDateTime ge (\S+)")
_USUAL = 100  # items of a page that nobody asked a size of
_LOGS = "/auditlogs/directoryaudits"
# The table lists both as if one were enough; the log of audits asks for the two of them:
# https://learn.microsoft.com/en-us/graph/known-issues
_BOTH = {_LOGS: {"AuditLog.Read.All", "Directory.Read.All"}}


@dataclass(frozen=True)
class Route:
    """A list: its path as the table of permissions has it, its type, and how large a page may be."""

    path: str
    entity: str
    rows: Callable[[Seed, tuple[str, ...], dict[str, str]], Sequence[Object]]
    most: int = 999

    def met(self, path: str) -> tuple[str, ...] | None:
        pattern = re.escape(self.path).replace(r"\{\}", "([^/]+)")
        found = re.fullmatch(pattern, path, re.IGNORECASE)
        return found.groups() if found else None


def _audited(seed: Seed, _ids: tuple[str, ...], query: dict[str, str]) -> Sequence[Object]:
    asked = _AUDITS.fullmatch(query.get("$filter", ""))
    if asked is None:
        return []
    return [one for one in seed.audits(asked[1]) if one["activityDateTime"] >= asked[2]]


ROUTES = (
    Route("/organization", "", lambda seed, *_: seed.organisation),
    Route("/serviceprincipals", "servicePrincipal", lambda seed, *_: seed.applications),
    Route("/oauth2permissiongrants", "oAuth2PermissionGrant", lambda seed, *_: seed.grants),
    Route(
        "/serviceprincipals/{}/approleassignedto",
        "appRoleAssignment",
        lambda seed, ids, _: seed.of_service(ids[0]),
    ),
    Route("/groups/{}/transitivemembers", "user", lambda seed, ids, _: seed.members(ids[0])),
    Route(_LOGS, "directoryAudit", _audited),
    Route("/subscribedskus", "subscribedSku", lambda seed, *_: seed.skus),
    Route("/users", "user", lambda seed, *_: seed.users),
    Route(
        "/copilot/reports/getmicrosoft365copilotusageuserdetail(period={})",
        "",
        lambda seed, *_: seed.usage,
    ),
)  # fmt: skip


@dataclass
class Service:
    """A tenant at work: what was granted to the client, what goes wrong, and what was asked."""

    seed: Seed
    login: Entra = field(default_factory=Entra)
    faults: dict[int, Fault] = field(default_factory=dict)  # by the number of the request
    always: dict[str, Fault] = field(default_factory=dict)  # by the path of the list
    log: list[Asked] = field(default_factory=list)
    kept: list[tuple[str, Any]] | None = None  # types and bodies of answers, where they are wanted
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        return self.login.base

    @base.setter
    def base(self, address: str) -> None:
        self.login.base = address

    def answer(self, asked: Asked, form: dict[str, str]) -> Reply:
        """Answer a request, for a token or of Graph."""
        if "/oauth2/" in asked.path or "/.well-known/" in asked.path:
            status, body = self.login.answer(asked.path, dict(asked.query), form, asked.token)
            return Reply(status, body)
        with self.lock:
            self.log.append(asked)
            fault = self.faults.get(len(self.log))
        reply = self._graph(asked)
        for one in (fault, self.always.get(_plain(asked.path))):
            if one is not None and (reply.status == 200 or one is fault):
                reply = one(self, asked, reply)
        return reply

    def sent(self) -> dict[str, int]:
        """Return how often each path was asked, without ids."""
        found: dict[str, int] = {}
        for one in self.log:
            found[_plain(one.path)] = found.get(_plain(one.path), 0) + 1
        return found

    def undeclared(self) -> list[str]:
        """Return requests that no operation of the connector declares."""
        declared = {
            (one.method, nameless(one.path).lower())
            for one in CONNECTOR.operations
            if one.host == "graph"
        }
        return [
            f"{one.method} {one.path}"
            for one in self.log
            if (one.method, _declared(one.path)) not in declared
        ]

    def _graph(self, asked: Asked) -> Reply:
        if asked.method != "GET":
            return refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed.")
        claims = self._claims(asked.token)
        if claims is None:
            return refusal(401, "InvalidAuthenticationToken", "Access token is empty.")
        path = _plain(asked.path)
        route = next((one for one in ROUTES if one.path == path), None)
        if route is None or not asked.path.startswith("/v1.0/"):
            return refusal(400, "BadRequest", "Resource not found for the segment.")
        if not _is_allowed(path, claims):
            return refusal(403, "Authorization_RequestDenied", "Insufficient privileges.")
        return _wrong(route, dict(asked.query)) or self._page(route, asked)

    def _claims(self, token: str) -> dict[str, Any] | None:
        """Return what a token says; None for one that is none, or was revoked."""
        if not token or token in self.login.revoked:
            return None
        found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        return found

    def _page(self, route: Route, asked: Asked) -> Reply:
        query = dict(asked.query)
        ids = route.met(asked.path.removeprefix("/v1.0")) or ()
        rows = route.rows(self.seed, ids, query)
        size, at = int(query.get("$top", _USUAL)), int(query.get("$skiptoken", 0))
        items = [_chosen(one, query) for one in rows[at : at + size]]
        body: dict[str, Any] = {
            "@odata.context": f"{self.base}/v1.0/$metadata#{asked.path[6:]}",
            "value": items,
        }
        if at + size < len(rows):
            body["@odata.nextLink"] = self._next(asked, at + size)
        if self.kept is not None and route.entity:
            self.kept.append((route.entity, body))
        return Reply(200, body, {"x-ms-resource-unit": "1"})

    def _next(self, asked: Asked, at: int) -> str:
        from urllib.parse import urlencode

        query = {**asked.query, "$skiptoken": str(at)}
        return f"{self.base}{asked.path}?{urlencode(query, safe='$,')}"


def _plain(path: str) -> str:
    """Return a path of Graph as the table of permissions has it, without ids."""
    short = path.removeprefix("/v1.0").removeprefix("/beta").lower()
    return next((one.path for one in ROUTES if one.met(short) is not None), short)


def _declared(path: str) -> str:
    """Return a path as operations declare it: ids are parameters, the values of reports are not."""
    plain = _plain(path)
    return path.lower() if "(" in plain else f"/v1.0{plain}"


def _is_allowed(path: str, claims: dict[str, Any]) -> bool:
    """Whether a token may read a path: Microsoft's own table says by which permissions."""
    is_app = "roles" in claims
    held = set(claims["roles"] if is_app else claims.get("scp", "").split())
    scheme = "Application" if is_app else "DelegatedWork"
    suffices = {
        name
        for name, (schemes, methods) in contract("graph")["permissions"][path].items()
        if scheme in schemes and "GET" in methods
    }
    return bool(held & suffices) and _BOTH.get(path, set()) <= held


def _wrong(route: Route, query: dict[str, str]) -> Reply | None:
    """Refuse what the contract does not know: parameters, properties, pages that are too large."""
    if unknown := [one for one in query if one not in _OPTIONS]:
        return refusal(400, "BadRequest", f"The query parameter '{unknown[0]}' is not supported.")
    if not 1 <= int(query.get("$top", 1)) <= route.most:
        return refusal(400, "Request_UnsupportedQuery", "Invalid page size specified.")
    if not route.entity:
        return None  # its type is not in the extract
    entity = contract("graph")["types"][f"microsoft.graph.{route.entity}"]
    selected = [one for one in query.get("$select", "").split(",") if one]
    if missing := [one for one in selected if one not in entity["properties"]]:
        return refusal(400, "BadRequest", f"Could not find a property named '{missing[0]}'.")
    expanded = query.get("$expand", "").partition("(")[0]
    if expanded and expanded not in entity["navigation"]:
        return refusal(400, "BadRequest", f"Could not find a property named '{expanded}'.")
    if "$filter" in query and route.path != _LOGS:
        return refusal(400, "Request_UnsupportedQuery", "Unsupported query.")
    return None


def _chosen(item: Object, query: dict[str, str]) -> Object:
    """Return an object with the properties that were asked for; a relation only if it was."""
    expanded = query.get("$expand", "").partition("(")[0]
    wanted = [one for one in query.get("$select", "").split(",") if one]
    return {
        name: value
        for name, value in item.items()
        if name == expanded or (name != "manager" and (not wanted or name in wanted))
    }
