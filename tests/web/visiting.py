"""The review application as a browser meets it: the real one, over ASGI, with a clock of the test's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from scanner.config import Config, WebSettings
from scanner.web.app import Application
from scanner.web.holding import Holding
from scanner.web.place import Place
from scanner.web.sign_in import Entrance
from scanner.web.sign_in.link import Link
from scanner.web.sign_in.proxy import Proxy
from tests.support import NOW, the_base

HOME = Place("http://127.0.0.1:8042")
SECURE = Place("https://gnomon.harbour.example")
PROXY = "10.0.0.5"

# No page before this module: starlette's own client is what stands in for a browser here.
Browser = TestClient


class Clock:
    """Time that passes only when the test says so."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **lasting: float) -> None:
        self.now += timedelta(**lasting)


class House:
    """One running application, with what a test needs of it."""

    def __init__(
        self,
        db: Path,
        entrance: Entrance | None = None,
        place: Place = HOME,
        clock: Clock | None = None,
        signatures: tuple[str, ...] = (),
        config: Config | None = None,
        **settings: Any,
    ) -> None:
        self.config = config or Config(
            db=str(db), web=WebSettings(**settings), signatures=signatures
        )
        self.printed: list[str] = []  # where the server was started
        self.entrance = entrance or Link("ana", place.origin, self.printed.append)
        self.place = place
        self.clock = clock or Clock()
        known = the_base()
        holding = Holding(self.config, known.matcher, known.pack.version)
        made = Application(self.config, holding, self.entrance, place, self.clock)
        self.app = made.starlette()

    def browser(self, peer: str = "127.0.0.1", **headers: str) -> Browser:
        """Return a browser of its own, with no cookie yet. It follows no redirect."""
        return Browser(
            self.app,
            base_url=self.place.origin,
            follow_redirects=False,
            raise_server_exceptions=False,
            headers=headers,
            client=(peer, 50_000),
        )

    def signed_in(self) -> Browser:
        """Return a browser that came in by the printed link."""
        browser = self.browser()
        assert browser.get(self.link()).status_code == 303
        return browser

    def link(self) -> str:
        """Have a link printed; returns it."""
        assert isinstance(self.entrance, Link)
        self.entrance.tell()
        return self.printed[-1].rpartition(" ")[2]


def behind_proxy(db: Path, config: Config | None = None) -> House:
    """Return an application whose people a proxy names."""
    from scanner.config import ProxySettings

    roles = {"reader": ("staff",), "reviewer": ("privacy",), "approver": ("ciso",)}
    settings = ProxySettings(trusted=(f"{PROXY}/32",))
    return House(db, Proxy(settings, roles), SECURE, config=config)


def named(house: House, user: str, groups: str) -> Browser:
    """Return the browser of somebody whom the proxy names."""
    headers = {"X-Forwarded-User": user, "X-Forwarded-Groups": groups}
    return house.browser(PROXY, **headers)


def csrf_of(browser: Browser, path: str = "/") -> str:
    """Return the token that the forms of a page bear."""
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def session_of(browser: Browser, place: Place = HOME) -> str:
    return browser.cookies.get(place.cookie("session")) or ""


def notices_of(browser: Browser, path: str) -> list[str]:
    """Return what a page tells of what was done just before."""
    shown = re.search(r'class="notices">(.*?)</div>', browser.get(path).text, re.DOTALL)
    assert shown is not None
    return re.findall(r"<p>(.*?)</p>", shown[1])
