"""What goes wrong, as Graph lets it go wrong. A fault is a function of the service and a request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.integrations.tenant.service import Service


class Asked(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    body: str = ""
    token: str = ""


class Reply(NamedTuple):
    """An answer: status, body and headers; ``is_cut`` breaks the connection in the middle of it."""

    status: int
    body: Any
    headers: Mapping[str, str] = {}
    is_cut: bool = False

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


# The fault, the service, the request, and the answer that it would have had.
Fault = Callable[["Service", Asked, Reply], Reply]


def refusal(status: int, code: str, message: str = "", **headers: str) -> Reply:
    """Return an error as Graph writes it."""
    inner = {"date": "2026-11-21T12:00:00", "request-id": "00000000", "client-request-id": "0"}
    error = {"code": code, "message": message, "innerError": inner}
    return Reply(status, {"error": error}, {k.replace("_", "-"): v for k, v in headers.items()})


def token_ends(service: Service, asked: Asked, _reply: Reply) -> Reply:
    """F1: the token is of no use any more."""
    service.login.revoked.add(asked.token)
    return refusal(401, "InvalidAuthenticationToken", "Lifetime validation failed.")


def not_licensed(_service: Service, _asked: Asked, _reply: Reply) -> Reply:
    """F3: the tenant has not bought it."""
    return refusal(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "No P1 licence.")


def too_many(_service: Service, _asked: Asked, _reply: Reply) -> Reply:
    """F4: too many requests."""
    return refusal(429, "TooManyRequests", "Too many requests", Retry_After="3")


def unwell(_service: Service, _asked: Asked, _reply: Reply) -> Reply:
    """F5: the service is not there for a moment."""
    return refusal(503, "serviceNotAvailable", "Try again.")


def cut(_service: Service, _asked: Asked, reply: Reply) -> Reply:
    """F5: the connection breaks in the middle of a page."""
    return reply._replace(is_cut=True)


def page_expires(_service: Service, asked: Asked, reply: Reply) -> Reply:
    """F6: the place in the list is no more; of no effect on a first page."""
    if "$skiptoken" not in asked.query:
        return reply
    return refusal(400, "Directory_ExpiredPageToken", "The specified page token has expired.")


def empty_page(service: Service, asked: Asked, reply: Reply) -> Reply:
    """F7: a page without an item, that goes on all the same."""
    place = f"0{asked.query.get('$skiptoken', 0)}"  # the same place, spelled otherwise
    here = f"{service.base}{asked.path}?$top=999&$skiptoken={place}"
    return reply._replace(body={**reply.body, "value": [], "@odata.nextLink": here})


def circle(service: Service, asked: Asked, reply: Reply) -> Reply:
    """F7: the list goes on where it has been."""
    here = f"{service.base}{asked.path}?$skiptoken=0"
    return reply._replace(body={**reply.body, "@odata.nextLink": here})


def elsewhere(_service: Service, asked: Asked, reply: Reply) -> Reply:
    """F8: the list is said to go on at another host."""
    there = f"https://graph.example{asked.path}?$skiptoken=1"
    return reply._replace(body={**reply.body, "@odata.nextLink": there})


def strange_items(_service: Service, _asked: Asked, reply: Reply) -> Reply:
    """F9: fields of another type, of none, and new ones."""
    changed = [
        {**item, "displayName": {"en": "x"}, "replyUrls": 7, "homepage": ["x"], "new": [1]}
        for item in reply.body["value"]
    ]
    return reply._replace(body={**reply.body, "value": changed})
