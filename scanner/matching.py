"""Which product a value speaks for: exact beats pattern, pattern beats the longest suffix."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from scanner.hosts import HostTable, fold, registrable_tail
from scanner.model import Detection, Identifier, Observation, Signature, Vendor

_MEMO_BOUND = 100_000
# Identifiers that their systems compare without regard to case.
_CASELESS = frozenset(
    {
        Identifier.OAUTH,
        Identifier.PACKAGE,
        Identifier.CONTAINER,
        Identifier.GITHUB_ACTION,
        Identifier.GITHUB_APP,
        Identifier.GIT_IDENTITY,
        Identifier.USER_AGENT,
        Identifier.HTTP_HEADER,
        Identifier.DNS_CNAME,
        Identifier.BUNDLE,
        Identifier.PROCESS,
        Identifier.IDE_EXT,
        Identifier.EMAIL_SENDER,
    }
)
# An OAuth application is known by these; its display name can be chosen by anyone.
_STRONG_OAUTH_KEYS = ("client_id", "owner_tenant", "publisher_domain", "reply_url_domain")


def signatures_of(vendors: Iterable[Vendor]) -> Iterator[Signature]:
    """Yield every detection of ``vendors`` with its product and vendor, in their order."""
    for vendor in vendors:
        for product in vendor.products:
            for detection in product.detections:
                yield Signature(vendor, product, detection)


class Matcher:
    """All signatures, compiled for looking values up. Later vendors win over earlier ones."""

    def __init__(self, vendors: Iterable[Vendor]) -> None:
        self._hosts = _HostIndex()
        self._values: dict[Identifier, _ValueIndex] = defaultdict(_ValueIndex)
        for signature in signatures_of(vendors):
            channel = signature.detection.channel
            if channel in (Identifier.HOST, Identifier.HOST_PATH):
                self._hosts.add(signature)
            else:
                self._values[channel].add(signature)
        self._memo: dict[str, Signature | None] = {}

    def host_table(self) -> HostTable:
        """Return a table that wants the hosts that some signature names."""
        return HostTable(self._hosts.knows, self._hosts.tails())

    def match_host(self, host: str, path: str | None = None) -> Signature | None:
        """Return the signature of a folded host, or of the host with that path; None if unknown."""
        if path is not None and (found := self._hosts.with_path(host, path)):
            return found
        try:
            return self._memo[host]
        except KeyError:
            if len(self._memo) >= _MEMO_BOUND:
                self._memo.clear()
            found = self._memo[host] = self._hosts.without_path(host)
            return found

    def match(self, observation: Observation) -> Signature | None:
        """Return the signature that an observation meets, or None."""
        return self.match_host(observation.value, observation.path)

    def match_value(self, channel: Identifier, value: str) -> Signature | None:
        """Return the signature of a value of any channel as a person would write it.

        Hosts may be spelled as logs spell them, ``host_path`` is ``host/path``, packages are
        purls (a version is ignored), OAuth applications are ``client_id=...;app_name=...``.
        """
        if channel is Identifier.HOST:
            return self.match_host(fold(value.encode()))
        if channel is Identifier.HOST_PATH:
            host, _, path = value.partition("/")
            return self._hosts.with_path(fold(host.encode()), "/" + path)
        return self._values[channel].find(channel, value)


class _HostIndex:
    """Hosts by exact name, by pattern and by suffix, and host paths below them."""

    def __init__(self) -> None:
        self._exact: dict[str, Signature] = {}
        self._suffix: dict[str, Signature] = {}
        self._patterns: list[tuple[re.Pattern[str], Signature]] = []
        self._pattern_tails: set[str] = set()
        self._has_open_pattern = False  # only in an overlay that nobody checked
        self._paths: dict[str, list[tuple[str, Signature]]] = defaultdict(list)
        self._path_suffixes: set[str] = set()

    def add(self, signature: Signature) -> None:
        detection = signature.detection
        if detection.channel is Identifier.HOST_PATH:
            self._add_paths(signature)
            return
        self._exact.update(dict.fromkeys(detection.exact, signature))
        self._suffix.update(dict.fromkeys(detection.suffix, signature))
        for pattern in detection.pattern:
            self._patterns.append((host_pattern(pattern), signature))
            self._pattern_tails.add(registrable_tail(pattern))
            self._has_open_pattern |= "*" in registrable_tail(pattern)

    def _add_paths(self, signature: Signature) -> None:
        detection = signature.detection
        self._path_suffixes.update(detection.suffix)
        for host in (*detection.exact, *detection.suffix):
            self._paths[host].extend((path, signature) for path in detection.path)
            self._paths[host].sort(key=lambda entry: -len(entry[0]))

    def tails(self) -> set[str] | None:
        """The last two labels of every name that may match; None if a pattern leaves them open."""
        if self._has_open_pattern:
            return None
        names = (*self._exact, *self._suffix, *self._paths)
        return {registrable_tail(name) for name in names} | self._pattern_tails

    def knows(self, host: str) -> bool:
        return self.without_path(host) is not None or any(
            name in self._paths for name in _self_and_parents(host)
        )

    def without_path(self, host: str) -> Signature | None:
        if found := self._exact.get(host):
            return found
        if self._has_open_pattern or registrable_tail(host) in self._pattern_tails:
            for pattern, signature in self._patterns:
                if pattern.fullmatch(host):
                    return signature
        for name in _self_and_parents(host):
            if found := self._suffix.get(name):
                return found
        return None

    def with_path(self, host: str, path: str) -> Signature | None:
        if not self._paths:
            return None
        for name in _self_and_parents(host):
            if name != host and name not in self._path_suffixes:
                continue
            for prefix, signature in self._paths.get(name, ()):
                if path == prefix or path.startswith(prefix.rstrip("/") + "/"):
                    return signature
        return None


class _ValueIndex:
    """Values of one channel other than hosts: whole values and patterns for whole values."""

    def __init__(self) -> None:
        self._exact: dict[str, Signature] = {}
        self._patterns: list[tuple[re.Pattern[str], Signature]] = []

    def add(self, signature: Signature) -> None:
        detection = signature.detection
        for value in _exact_values(detection):
            self._exact[_spelling(detection.channel, value)] = signature
        for pattern in detection.pattern:
            self._patterns.append((re.compile(pattern), signature))

    def find(self, channel: Identifier, value: str) -> Signature | None:
        parts = value.split(";") if channel is Identifier.OAUTH else [value]
        for part in parts:
            if found := self._exact.get(_spelling(channel, part.strip())):
                return found
        for pattern, signature in self._patterns:
            if pattern.fullmatch(value):
                return signature
        return None


def host_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a host in which ``*`` stands for one or more characters inside one label."""
    return re.compile("[^.]+".join(re.escape(part) for part in pattern.split("*")))


def _self_and_parents(host: str) -> Iterator[str]:
    """Yield ``a.b.c``, ``b.c``, ``c``: the longest suffix first."""
    yield host
    at = host.find(".")
    while at >= 0:
        host = host[at + 1 :]
        yield host
        at = host.find(".")


def _exact_values(detection: Detection) -> Iterator[str]:
    if detection.channel is not Identifier.OAUTH:
        yield from detection.exact
        yield from detection.purl
        return
    for key in _STRONG_OAUTH_KEYS:
        for value in getattr(detection, key):
            yield f"{key}={value}"


def _spelling(channel: Identifier, value: str) -> str:
    if channel is Identifier.PACKAGE:
        value = _without_version(value)
    return value.casefold() if channel in _CASELESS else value


def _without_version(purl: str) -> str:
    """Drop version, qualifiers and subpath; PyPI compares names without regard to ``-_.``."""
    bare = purl.split("?", 1)[0].split("#", 1)[0]
    name, at, _ = bare.rpartition("@")
    bare = name if at and not name.endswith("/") else bare
    bare = bare.replace("/@", "/%40")  # an npm scope, as the purl specification writes it
    if bare.lower().startswith("pkg:pypi/"):
        return re.sub(r"[-_.]+", "-", bare.lower())
    return bare
