"""A request as a record tells it by URL, method and status: what it shows, and what became of it."""

from __future__ import annotations

from scanner.model import Action, Channel, Sighting

_TUNNELS = ("ssl://", "tcp://", "tunnel://")
_FAILED = frozenset({"502", "503", "504"})


def sighting(url: str | None, path: str | None, method: str | None) -> tuple[Sighting, Channel]:
    """Return what a request shows: a page if there is a path, else a tunnel or a bare host."""
    is_tunnel = method == "CONNECT" or (url or "").startswith(_TUNNELS)
    if path and not is_tunnel:
        return Sighting.HTTP_URL, Channel.PROXY
    return Sighting.HTTP_CONNECT, Channel.PROXY


def answered(status: str | None) -> Action | None:
    """Return what an HTTP status says became of a request; None if it is none."""
    if status is None or len(status) != 3 or not status.isdigit():
        return None
    if status == "407":
        return Action.CHALLENGED
    return Action.ERROR if status in _FAILED else Action.ALLOWED
