"""What stands before every page: headers, forged forms, and too many attempts to sign in."""

from __future__ import annotations

import base64
import gzip
import hashlib
import ipaddress
from collections import deque
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scanner.web import audit
from scanner.web.place import Place

STATIC = Path(__file__).parent / "static"
_SECONDS, _ATTEMPTS = 60.0, 20
_MOST_PLACES = 10_000


def headers(is_secure: bool) -> Mapping[str, str]:
    """Return the headers that every answer bears."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    found = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
    if is_secure:
        found["Strict-Transport-Security"] = "max-age=31536000"
    return found


class Headers:
    """Puts the guarding headers on every answer, also on one that something failed on."""

    def __init__(self, app: Any, place: Place) -> None:
        self._app = app
        self._headers = headers(place.is_secure)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from starlette.datastructures import MutableHeaders

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    found.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class OwnHost:
    """Answers only what was meant for us: see ``Place.is_named``."""

    def __init__(self, app: Any, place: Place) -> None:
        self._app = app
        self._place = place

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from starlette.datastructures import Headers as Received
        from starlette.responses import PlainTextResponse

        if scope["type"] == "http":
            named = Received(scope=scope).getlist("host")
            if len(named) != 1 or not self._place.is_named(named[0]):
                audit.warn("host refused", host=", ".join(named))
                answer = PlainTextResponse(f"Gnomon is at {self._place.origin}\n", 421)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_own_origin(origin: str | None, fetched: str | None, own: str) -> bool:
    """Whether a form comes from one of our pages, as far as the browser says."""
    if fetched is not None and fetched not in ("same-origin", "none"):
        return False
    return origin is None or origin == own


def own_path(wanted: str | None) -> str:
    """Return a path of ours that somebody wants to go to; the first page, if it is none.

    Browsers read ``//host`` and ``/\\host`` as another place, and leave out control characters.
    """
    if not wanted or not wanted.startswith("/") or len(wanted) > 2_000 or not wanted.isprintable():
        return "/"
    return "/" if wanted[1:2] in ("/", "\\") or wanted.startswith("/sign-") else wanted


class Networks:
    """Addresses and networks that are trusted, as gnomon.toml names them."""

    def __init__(self, named: Iterable[str]) -> None:
        self._known = [ipaddress.ip_network(one, strict=False) for one in named]

    def __contains__(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(found, "ipv4_mapped", None) or found
        return any(plain in one for one in self._known)


def visitor_of(peer: str, forwarded: Iterable[str], trusted: Networks) -> str:
    """Return from where a visitor comes: past proxies of ours, as the nearest of them says.

    ``forwarded`` are the X-Forwarded-For headers; what a visitor wrote into one stands further left
    and is never reached.
    """
    said = [one.strip() for header in forwarded for one in header.split(",")]
    for address in [peer, *reversed(said)]:
        if address not in trusted:
            return _household(address)
    return _household(peer)


def _household(address: str) -> str:
    """Return the network by which attempts are counted: of IPv6 a whole /64, which one visitor has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return address


class Attempts:
    """How often somebody tried to sign in lately, by where they come from."""

    def __init__(self) -> None:
        self._known: dict[str, deque[float]] = {}

    def are_too_many(self, place: str, at: float) -> bool:
        """Count an attempt; returns whether it is one too many. ``at`` is in seconds."""
        if len(self._known) >= _MOST_PLACES:
            self._known.pop(next(iter(self._known)))
        lately = self._known.setdefault(place, deque(maxlen=_ATTEMPTS + 1))
        lately.append(at)
        while lately and at - lately[0] > _SECONDS:
            lately.popleft()
        return len(lately) > _ATTEMPTS

    def succeeded(self, place: str) -> None:
        """Forget the attempts of a place: many people may sign in from one."""
        self._known.pop(place, None)


@cache
def packed(file: Path) -> bytes:
    """Return a file of ours in less bytes, as gzip has it."""
    return gzip.compress(file.read_bytes(), 9, mtime=0)


def digest_of(file: Path) -> str:
    """Return a short mark of a file's content, for its address: a browser may then keep it."""
    found = hashlib.sha256(file.read_bytes()).digest()
    return base64.urlsafe_b64encode(found)[:12].decode("ascii")
