"""A link that is used once, printed where the server was started: whoever reads it is let in.

When a session is over, anybody may have another printed: it is read only there.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from scanner.web.people import Person, Role
from scanner.web.sign_in import Entered, No

if TYPE_CHECKING:
    from starlette.requests import Request


class Link:
    """The link of this run. It lets one browser in, as whoever started the server."""

    ways: tuple[str, ...] = ("link",)

    def __init__(self, name: str, origin: str, say: Callable[[str], None]) -> None:
        """``say`` tells whoever started the server, and nobody else."""
        self._token: str | None = secrets.token_urlsafe(32)
        self._person = Person(name, Role.APPROVER, "link")
        self._origin = origin
        self._say = say

    def tell(self) -> None:
        """Print the link: the one that waits to be used, or a new one."""
        self._token = self._token or secrets.token_urlsafe(32)
        self._say(f"The review application: {self._origin}/sign-in?token={self._token}")

    async def enter(self, request: Request, to: str, _now: datetime) -> Entered | No | None:
        if request.query_params.get("with") == "link":
            self.tell()
            return No("printed", "a link was asked for, and printed here", 200)
        given = request.query_params.get("token")
        if given is None or _only_looks(request):
            return None
        known = self._token
        if known is None or not hmac.compare_digest(given.encode(), known.encode()):
            return No("link", "a link that was used already, or never was")
        self._token = None
        return Entered(self._person, to)

    async def back(self, _request: Request, _secret: str, _now: datetime) -> No:
        return No("missing", "nobody was sent away to sign in", 404)

    def named(self, _request: Request) -> None:
        return None

    async def leaving(self, _to: str) -> str:
        return ""


def _only_looks(request: Request) -> bool:
    """Whether a program looks what the link is, before a person follows it."""
    purpose = request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    return request.method == "HEAD" or purpose.startswith("prefetch")
