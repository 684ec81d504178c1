"""Host names: one spelling for each, and the table that says which ones are wanted.

A log names few distinct hosts many times (about 3 in 100 lines bring a new one), so readers look
up the raw bytes in a ``HostTable``, and folding and matching happen once per distinct spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

# Bytes that need no decoding of any kind in a host name.
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
# What logs write for "no host here". A bare dot is the DNS root: a name, and nobody's.
_NO_HOST: tuple[bytes | str, ...] = (b"", b"-", b"(empty)", b"null", "", "-", "(empty)", "null")
# Master-file (RFC 1035) decimal escapes, Zeek hexadecimal ones, and escaped characters.
_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|([0-9]{3})|(.))", re.DOTALL)
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9]*://")
_AUTHORITY = re.compile(rb"[/?#]")
_AFTER_PATH = re.compile(rb"[?#;]")
_TABLE_BOUND = 200_000
# No host is longer than 253 bytes; with a port or a few escapes it still fits.
_LONGEST_KEY = 300


def fold(raw: bytes) -> str:
    """Return the one spelling of a host: lower case, A-labels, no port, no user, no last dot.

    Takes what logs write: ``API.OpenAI.com.``, ``user:pw@host:443``, ``[::1]:443``,
    ``b\\195\\188cher.example``, percent-encoded or UTF-8 names. Returns "" where there is none.
    """
    if b"\\" in raw:
        raw = _ESCAPE.sub(_unescape, raw)
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    raw = raw.rpartition(b"@")[2]
    if raw.startswith(b"["):
        raw = raw[1:].partition(b"]")[0]
    elif raw.count(b":") == 1:
        name, _, port = raw.partition(b":")
        raw = name if port.isdigit() or not port else raw
    host = raw.strip().lower()
    if len(host) > 1:
        host = host.rstrip(b".")
    return host.decode("ascii") if host.isascii() else _to_a_labels(host)


def is_absolute_url(url: bytes) -> bool:
    """Whether a URL begins with a scheme; one inside a parameter does not count."""
    return _SCHEME.match(url) is not None


def host_of_url(url: bytes) -> bytes:
    """Return the authority of an absolute URL, or of ``host:port`` or ``host/path`` without scheme."""
    return _AUTHORITY.split(_without_scheme(url), maxsplit=1)[0]


def path_of_url(url: bytes) -> str | None:
    """Return the path of a URL such as ``host_of_url`` takes, never its query; None if it has none."""
    path = _AFTER_PATH.split(_without_scheme(url), maxsplit=1)[0].partition(b"/")
    return "/" + path[2].decode("utf-8", "backslashreplace") if path[1] else None


def _without_scheme(url: bytes) -> bytes:
    scheme, separator, rest = url.partition(b"://")
    return rest if separator and scheme.isalnum() else url


def registrable_tail(host: str) -> str:
    """Return the last two labels: a cheap key that every subdomain of a name shares."""
    return ".".join(host.rsplit(".", 2)[-2:])


class HostTable(dict[bytes | str, str | None]):
    """Raw host -> folded host if wanted, None if not wanted, "" if it is no host at all.

    ``wants`` decides on the folded host. ``tails``, the last two labels of every name that may
    be wanted, lets most names be refused without folding. The table forgets everything when it
    is full, so that a log of random subdomains cannot fill the memory.
    """

    def __init__(
        self,
        wants: Callable[[str], bool],
        tails: Iterable[str] | None = None,
        bound: int = _TABLE_BOUND,
    ) -> None:
        super().__init__()
        self._wants = wants
        self._tails = None if tails is None else frozenset(tail.encode() for tail in tails)
        self._bound = bound
        self._forget()

    @classmethod
    def of_every_host(cls) -> HostTable:
        """Return a table that wants every host: for ``gnomon observe`` and for detection."""
        return cls(lambda _: True)

    def __missing__(self, raw: bytes | str) -> str | None:
        if len(self) >= self._bound:
            self._forget()
        encoded = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
        found = None if self._is_hopeless(encoded) else self._resolve(encoded)
        if len(encoded) <= _LONGEST_KEY:
            self[raw] = found
        return found

    def _is_hopeless(self, raw: bytes) -> bool:
        if self._tails is None or raw.translate(None, _PLAIN):
            return False
        labels = raw.lower().rsplit(b".", 2)
        if not labels[-1]:  # a last dot: the two labels before it
            labels = raw.lower().rsplit(b".", 3)[:-1]
        return b".".join(labels[-2:]) not in self._tails

    def _resolve(self, raw: bytes) -> str | None:
        host = fold(raw)
        return host if not host or self._wants(host) else None

    def _forget(self) -> None:
        self.clear()
        self.update(dict.fromkeys(_NO_HOST, ""))


def _unescape(match: re.Match[bytes]) -> bytes:
    hexadecimal, decimal, character = match.groups()
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    if decimal:
        return bytes([int(decimal) & 0xFF])
    return bytes(character)


def _to_a_labels(host: bytes) -> str:
    import idna  # its tables cost 10 ms, and few logs hold such a name

    text = host.decode("utf-8", "backslashreplace")
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError:
        return text
