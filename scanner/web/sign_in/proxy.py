"""A proxy in front signs people in, and says in a header who they are.

It must set both headers itself and pass on none of that name that came from outside; a header that
is there twice is refused, for one of the two may be the visitor's own.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from scanner.config import ProxySettings
from scanner.web.guards import Networks
from scanner.web.people import Person, Roles, name_of, role_of
from scanner.web.sign_in import No

if TYPE_CHECKING:
    from starlette.requests import Request


class Proxy:
    """People as a trusted proxy names them. Nobody comes in past it, or without its header."""

    ways: tuple[str, ...] = ("proxy",)

    def __init__(self, settings: ProxySettings, roles: Roles) -> None:
        self._settings = settings
        self._roles = roles
        self._trusted = Networks(settings.trusted)

    def named(self, request: Request) -> Person | No:
        peer = request.client.host if request.client else ""
        if peer not in self._trusted:
            return No("past_proxy", f"{peer or 'an unknown address'} is not a trusted proxy")
        said = [_text(one) for one in request.headers.getlist(self._settings.user_header)]
        if len(said) != 1:
            return No("proxy", f"{self._settings.user_header} is there {len(said)} times")
        if not (name := name_of(said[0])):
            return No("proxy", f"{self._settings.user_header} names nobody")
        groups = [_text(one) for one in request.headers.getlist(self._settings.groups_header)]
        if len(groups) > 1:
            return No("proxy", f"{self._settings.groups_header} is there {len(groups)} times")
        held = [one.strip() for one in ",".join(groups).split(",")]
        role = role_of(filter(None, held), self._roles)
        return Person(name, role, "proxy") if role else No("role", f"{name} has no role")

    async def enter(self, request: Request, _to: str, _now: datetime) -> No | None:
        found = self.named(request)
        return found if isinstance(found, No) else None

    async def back(self, _request: Request, _secret: str, _now: datetime) -> No:
        return No("missing", "nobody was sent away to sign in", 404)

    async def leaving(self, _to: str) -> str:
        return ""


def _text(header: str) -> str:
    """Return a header's text; its bytes are UTF-8 where they are that."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return header
