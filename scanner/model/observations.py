"""What is read from a source: one normalised fact, and how far it shows that an act got."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Channel(StrEnum):
    """Through which sense something was seen."""

    __hash__ = str.__hash__  # of Enum it is a Python function, and keys of evidence hold two

    DNS = "dns"
    TLS = "tls"
    HTTP = "http"
    PROXY = "proxy"
    FLOW = "flow"
    LOG = "log"
    CODE = "code"
    APP = "app"  # an account lists the application
    GRANT = "grant"
    SSO = "sso"  # people may sign in to it
    SEAT = "seat"
    ACTIVITY = "activity"  # an account counts its use
    ASSET = "asset"  # something that people made or keep in it
    SETTING = "setting"
    DEVICE = "device"
    EXPENSE = "expense"
    REGISTER = "register"


class Sighting(StrEnum):
    """What kind of act a log line shows; decides how much the line can prove."""

    __hash__ = str.__hash__  # of Enum it is a Python function, and keys of evidence hold two

    DNS_QUERY = "dns_query"
    TLS_SNI = "tls_sni"
    QUIC_SNI = "quic_sni"
    HTTP_CONNECT = "http_connect"
    HTTP_URL = "http_url"
    APP = "app"  # the firewall's own name for the application, and no host
    NAME = "name"  # a host name in a record that does not say how it was met
    FLOW = "flow"  # the bytes of a connection that another record names


class Action(StrEnum):
    """What became of the act, as far as the log says."""

    __hash__ = str.__hash__  # of Enum it is a Python function, and keys of evidence hold two

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    CHALLENGED = "auth_challenge"
    NXDOMAIN = "nxdomain"
    ERROR = "error"
    UNKNOWN = "unknown"
    REPEAT = "repeat"  # a second line about an act that another line already shows


class Level(IntEnum):
    """How far an act got; a name in DNS is not use."""

    LISTED = 0  # known to an account, and nothing of use
    ATTEMPT = 1
    RESOLVED = 2
    CONNECTED = 3
    USED = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class TimeQuality(StrEnum):
    """How well a record's time is known."""

    EXACT = "exact"
    ASSUMED_ZONE = "assumed_zone"
    ASSUMED_YEAR = "assumed_year"
    NONE = "none"


# A TLS handshake with its first request headers stays below this; more went up with content.
HANDSHAKE_BYTES = 10_000


class Observation(NamedTuple):
    """One normalised fact read from a source.

    ``value`` is what is matched on: for logs the host as a lower-case A-label without the
    trailing dot (for an APP the firewall's name of it). ``ts`` is aware UTC or None. ``bytes_up`` and ``bytes_down`` are as seen from
    the client; None where the log does not say. ``path`` never holds the query. ``method`` is that
    of an HTTP request; a CONNECT is told by its kind. ``client`` is an address or the name of a
    device; ``process`` is the program that asked, without its folder.
    """

    channel: Channel
    value: str
    ts: datetime | None = None
    kind: Sighting = Sighting.NAME
    client: str | None = None
    user: str | None = None
    action: Action = Action.UNKNOWN
    bytes_up: int | None = None
    bytes_down: int | None = None
    path: str | None = None
    qtype: str | None = None
    line: int = 0
    time_quality: TimeQuality = TimeQuality.EXACT
    method: str | None = None
    process: str | None = None

    @property
    def level(self) -> Level:
        """How far the act got, judged from its kind, its action and the bytes sent up."""
        return level_reached(self.kind, self.action, self.bytes_up)

    def become(self, action: Action) -> Observation:
        """Return the same with what became of it: a third of the time of ``_replace``."""
        (
            channel, host, when, kind, client, user, _, up, down, path, qtype, line,
            quality, method, process,
        ) = self  # fmt: skip
        return Observation(
            channel, host, when, kind, client, user, action, up, down, path, qtype, line,
            quality, method, process,
        )  # fmt: skip


def level_reached(kind: Sighting, action: Action, bytes_up: int | None) -> Level:
    """Return how far an act got, for those who hold its parts and not the whole."""
    level = _LEVELS[kind][action]
    if bytes_up is not None and bytes_up > HANDSHAKE_BYTES and level is _CONNECTED:
        return _USED
    return level


def _level(kind: Sighting, action: Action) -> Level:
    """Return how far an act got that sent little or nothing up."""
    if action not in (Action.ALLOWED, Action.UNKNOWN):
        return Level.ATTEMPT
    if kind is Sighting.HTTP_URL:
        return Level.USED
    if kind in (Sighting.DNS_QUERY, Sighting.NAME):
        return Level.RESOLVED
    return Level.CONNECTED


# What every hit asks: a table answers in a third of the time, and a member of an enum is not free.
_LEVELS = {kind: {action: _level(kind, action) for action in Action} for kind in Sighting}
_CONNECTED, _USED = Level.CONNECTED, Level.USED
