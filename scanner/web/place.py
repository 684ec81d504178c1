"""Where people reach the application, and what only a browser that is there is told."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """The address in people's browsers, without a path: ``https://gnomon.harbour.example``."""

    origin: str

    @property
    def is_secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """What browsers say in Host: the name, and the port unless it is the usual one."""
        return self.origin.partition("://")[2]

    @property
    def name(self) -> str:
        """The name of the machine alone."""
        return urlsplit(self.origin).hostname or ""

    def is_named(self, host: str | None) -> bool:
        """Whether a request was meant for us.

        A page elsewhere can lead its own name to this machine's address (DNS rebinding); a browser
        then says that name.
        """
        return host is not None and host.casefold() == self.host

    def cookie(self, name: str) -> str:
        """Return the name of a cookie of ours, which no other host can set where that can be had.

        Cookies do not tell ports apart: beside each other two servers would end each other's sessions.
        """
        if self.is_secure:
            return f"__Host-gnomon_{name}"
        return f"gnomon_{name}_{urlsplit(self.origin).port or 80}"


def place_of(url: str) -> Place:
    """Return the place of an address as people write it."""
    found = urlsplit(url)
    name = (found.hostname or "").casefold()
    name = f"[{name}]" if ":" in name else name
    port = found.port
    is_usual = port in (None, _USUAL_PORTS.get(found.scheme))
    return Place(f"{found.scheme}://{name}" if is_usual else f"{found.scheme}://{name}:{port}")
