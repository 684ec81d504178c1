"""Host names: one spelling for each, and the table that says which ones are wanted.

A log names few distinct hosts many times (about 3 in 100 lines bring a new one), so readers look
up the raw bytes in a ``HostTable``, and folding and matching happen once per distinct spelling.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Bytes that need no decoding of any kind in a host name.
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
# What logs write for "no host here". A bare dot is the DNS root: a name, and nobody's.
_NO_HOST: tuple[bytes | str, ...] = (b"", b"-", b"(empty)", b"null", "", "-", "(empty)", "null")
# Master-file (RFC 1035) decimal escapes, Zeek hexadecimal ones, and escaped characters.
_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|([0-9]{3})|(.))", re.DOTALL)
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9]*://")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_AUTHORITY = re.compile(rb"[/?#]")
_AFTER_PATH = re.compile(rb"[?#;]")
_TABLE_BOUND = 200_000
_APPS_BOUND = 10_000
_UNKNOWN = object()
# Domains of one source that nobody knows and that are kept: the shortest.
MOST_UNKNOWN = 50_000
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


def registrable_domain(host: str) -> str:
    """Return the domain that somebody registered: ``example.co.uk`` of ``a.b.example.co.uk``.

    A platform's customers are told apart as the public suffix list does (``x.vercel.app``).
    Returns the host itself where it has none: an address, a public suffix, a single label.
    """
    if _IPV4.fullmatch(host):
        return host
    return _suffix_list(only_icann=False).privatesuffix(host) or host


def prepare() -> None:
    """Read the list of public suffixes now: processes that are born later need not read it each."""
    _suffix_list(only_icann=False)
    suffixes_of_two_labels()


@cache
def suffixes_of_two_labels() -> frozenset[bytes]:
    """Return the public suffixes such as ``co.uk``, below which three labels make a domain."""
    from publicsuffixlist import PSLFILE

    lines = Path(PSLFILE).read_bytes().splitlines()
    return frozenset(
        one for one in lines if one.count(b".") == 1 and not one.translate(None, _PLAIN)
    )


def known_domain(name: bytes) -> str | None:
    """Return the registrable domain of a plain name; None if no registry gives such names.

    Names of one's own network (``laptop.lan``), addresses and public suffixes have none.
    """
    host = name.decode("ascii", "replace").lower()
    found: str | None = _known_suffixes().privatesuffix(host)
    return found


def is_public_suffix(host: str) -> bool:
    """Whether a registry gives names below ``host`` to anybody: ``ai``, ``co.uk``."""
    return bool(_suffix_list(only_icann=True).publicsuffix(host) == host)


@cache
def _suffix_list(only_icann: bool) -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # reading the list takes 50 ms

    return PublicSuffixList(only_icann=only_icann)


@cache
def _known_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=False, accept_unknown=False)


class HostTable(dict[bytes | str, str | None]):
    """Raw host -> folded host if wanted, None if not wanted, "" if it is no host at all.

    ``wants`` decides on the folded host. ``tails``, the last two labels of every name that may
    be wanted, lets most names be refused without folding, save those that ``stands_out`` names.
    ``is_api_url`` tells requests that are wanted for their path, ``knows_app`` the applications
    that are wanted by a firewall's name for them. ``flows`` are the folded hosts of connections
    that another log names, by the ids that both logs give them. The table forgets everything
    when it is full, so that a log of random subdomains cannot fill the memory. ``unknown`` takes
    the ends of the names that are not wanted, if it is there: two labels, or three below a suffix
    such as ``co.uk``; or whole names, where they are to be asked for.
    """

    def __init__(
        self,
        wants: Callable[[str], bool],
        tails: Iterable[str] | None = None,
        bound: int = _TABLE_BOUND,
        stands_out: Callable[[bytes], bool] | None = None,
        is_api_url: Callable[[bytes], bool] | None = None,
        knows_app: Callable[[str], bool] | None = None,
    ) -> None:
        super().__init__()
        self._knows_app = knows_app
        self._apps: dict[str, object] = {}
        self.flows: Mapping[bytes, str] = {}
        self.unknown: set[bytes] | None = None
        self._keeps_whole = False
        self._wants = wants
        self._stands_out = stands_out
        self._is_api_url = is_api_url
        self._tails = None if tails is None else frozenset(tail.encode() for tail in tails)
        self._bound = bound
        self._pairs: frozenset[bytes] = frozenset()
        self._forget()

    def keep_unknown(self, whole: bool = False) -> set[bytes]:
        """Keep the ends of names that are not wanted from now on, or whole names; returns where
        they are kept."""
        self._keeps_whole = whole
        self._pairs = suffixes_of_two_labels()
        self.unknown = set()
        return self.unknown

    @classmethod
    def of_every_host(cls) -> HostTable:
        """Return a table that wants every host: for ``gnomon observe`` and for detection."""
        return cls(lambda _: True, knows_app=lambda _: True)

    def of_api(
        self, url: bytes, method: bytes | str | None, raw: bytes | None = None
    ) -> str | None:
        """Return the folded host of a request that looks like one to a model API; None if not.

        For a host that is not wanted by itself. Where ``url`` is a path alone, ``raw`` is the
        host. Requests to model APIs are POST, so that other methods cost nothing.
        """
        if method not in (b"POST", "POST", None) or self._is_api_url is None:
            return None
        if not self._is_api_url(url):
            return None
        return fold(host_of_url(url) if raw is None else raw) or None

    def of_app(self, name: str) -> str | None:
        """Return the name that a firewall has for an application, if it is wanted; else None."""
        known = self._apps.get(name, _UNKNOWN)
        if known is _UNKNOWN:
            if len(self._apps) >= _APPS_BOUND:
                self._apps.clear()
            is_known = self._knows_app is not None and self._knows_app(name)
            known = self._apps[name] = name if is_known else None
        return known if isinstance(known, str) else None

    def of_flow(self, uid: bytes | str) -> str | None:
        """Return the wanted host of a connection that another log names; None if there is none."""
        return self.flows.get(uid.encode("utf-8", "surrogatepass") if isinstance(uid, str) else uid)

    def __missing__(self, raw: bytes | str) -> str | None:
        """Resolve a spelling that is new: one line in ten may bring one, so most go the short way."""
        if len(self) >= self._bound:
            self._forget()
        encoded = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")
        found = None
        name = encoded.removesuffix(b".")
        tail = name[name.rfind(b".", 0, name.rfind(b".")) + 1 :]  # the last two labels
        if (
            self._tails is None
            or (tail := tail.lower()) in self._tails
            or tail[-1:] == b"."
            or name.translate(None, _PLAIN)
            or (self._stands_out is not None and self._stands_out(name))
        ):
            found = self._resolve(encoded)
        elif self.unknown is not None:
            self._keep(self.unknown, name, tail)
        if len(encoded) <= _LONGEST_KEY:
            self[raw] = found
        return found

    def _resolve(self, raw: bytes) -> str | None:
        host = fold(raw)
        if not host or self._wants(host):
            return host
        if self.unknown is not None:
            name = host.encode("utf-8", "surrogatepass")
            self._keep(self.unknown, name, name[name.rfind(b".", 0, name.rfind(b".")) + 1 :])
        return None

    def _keep(self, unknown: set[bytes], name: bytes, tail: bytes) -> None:
        if self._keeps_whole:
            unknown.add(name.lower())
        else:
            unknown.add(tail if tail not in self._pairs else _end_of(name, tail))

    def _forget(self) -> None:
        if self.unknown is not None:
            keep_shortest(self.unknown)
        self.clear()
        self.update(dict.fromkeys(_NO_HOST, ""))


def _end_of(name: bytes, suffix: bytes) -> bytes:
    """Return the label before a public suffix, and the suffix."""
    return name[name.rfind(b".", 0, -len(suffix) - 1) + 1 :].lower()


def keep_shortest(names: set[bytes]) -> None:
    """Let the longest go: the same stay, in whatever order names come."""
    if len(names) <= MOST_UNKNOWN:
        return
    longest, room = 0, MOST_UNKNOWN
    for length, count in sorted(Counter(map(len, names)).items()):
        if count > room:
            longest = length
            break
        room -= count
    last = sorted(name for name in names if len(name) == longest)[:room]
    names.intersection_update([*(name for name in names if len(name) < longest), *last])


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
