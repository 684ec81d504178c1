"""Which product a value speaks for: exact beats pattern, pattern beats the longest suffix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from scanner.hosts import HostTable, fold, host_of_url, path_of_url, registrable_tail
from scanner.index import Index, index, names_of
from scanner.model import EvidenceKind, Identifier, Observation, Sighting, Signature, Vendor
from scanner.shapes import Shapes
from scanner.spelling import (
    CASELESS,
    fixed_part,
    host_expression,
    self_and_parents,
    spelling,
    spellings,
)

_MEMO_BOUND = 100_000
_OPEN = ""  # where an index keeps host patterns that leave the domain open


class Matcher:
    """All signatures, for looking values up. Later vendors win over earlier ones.

    With an ``index`` that was made before, no vendor is looked at until a value meets it.
    """

    def __init__(self, vendors: Iterable[Vendor], ready: Index | None = None) -> None:
        self._vendors = vendors if isinstance(vendors, Sequence) else tuple(vendors)
        self._index = ready or index(self._vendors)
        self._memo: dict[str, Signature | None] = {}
        self._compiled: dict[str, re.Pattern[str]] = {}

    def host_table(self, shapes: Shapes | None = None) -> HostTable:
        """Return a table that wants the hosts that some signature names, or that look like AI."""
        tails = None if _OPEN in self._index.host_patterns else self._index.tails
        if shapes is None:
            return HostTable(self._knows_host, tails, knows_app=self._knows_app)
        return HostTable(
            lambda host: self._knows_host(host) or bool(shapes.of_host(host)),
            tails,
            stands_out=shapes.stands_out if shapes.has_words else None,
            is_api_url=shapes.is_api_url,
            knows_app=self._knows_app,
        )

    def match_host(self, host: str, path: str | None = None) -> Signature | None:
        """Return the signature of a folded host, or of the host with that path; None if unknown."""
        if path is not None and (found := self._with_path(host, path)):
            return found
        try:
            return self._memo[host]
        except KeyError:
            if len(self._memo) >= _MEMO_BOUND:
                self._memo.clear()
            known = self._memo[host] = self._signature(self._without_path(host))
            return known

    def match(self, observation: Observation) -> Signature | None:
        """Return the signature that an observation meets, or None."""
        if observation.kind is Sighting.APP:
            return self.match_value(Identifier.APP_ID, observation.value)
        return self.match_host(observation.value, observation.path)

    def match_value(self, channel: Identifier, value: str) -> Signature | None:
        """Return the signature of a value of any channel as a person would write it.

        Hosts may be spelled as logs spell them, ``host_path`` is ``host/path`` (a host that has
        no signature for the path answers for itself), packages are purls (a version is ignored),
        OAuth applications are ``client_id=...;app_name=...``.
        """
        if channel is Identifier.HOST:
            return self.match_host(fold(host_of_url(value.encode())))
        if channel is Identifier.HOST_PATH:
            url = value.encode()
            return self.match_host(fold(host_of_url(url)), path_of_url(url) or "/")
        return self._signature(self._other(channel, value))

    def signature(self, product: str, detection: str) -> Signature:
        """Return what a match returned: the detection with that id, of the product with that key."""
        vendor_id, _, product_id = product.partition("/")
        vendor = self._vendors[self._index.vendors[vendor_id]]
        known = next(one for one in vendor.products if one.id == product_id)
        return Signature(
            vendor, known, next(one for one in known.detections if one.id == detection)
        )

    def product(self, key: str) -> Signature | None:
        """Return a product by its key, ``vendor/product``, with what shows best that it is built upon."""
        vendor_id, _, product_id = key.partition("/")
        vendor = self.vendor(vendor_id)
        product = (
            next((one for one in vendor.products if one.id == product_id), None) if vendor else None
        )
        if vendor is None or product is None or not product.detections:
            return None
        built = (one for one in product.detections if one.evidence is EvidenceKind.BUILD)
        return Signature(vendor, product, next(built, product.detections[0]))

    def vendor(self, vendor_id: str) -> Vendor | None:
        """Return a vendor by its id."""
        at = self._index.vendors.get(vendor_id)
        return None if at is None else self._vendors[at]

    def named(self, name: str) -> list[Signature]:
        """Return the products of a folded name, each with the detection that says most of it."""
        found = (self._signature(number) for number in self._names.get(name, ()))
        return [one for one in found if one is not None]

    def known(self, channel: Identifier) -> Iterable[str]:
        """Return the whole values of a channel other than hosts, as they are compared."""
        return self._index.values.get(channel, {})

    def patterns(self, channel: Identifier) -> Iterable[str]:
        """Return the regular expressions of a channel other than hosts."""
        return (pattern for pattern, _ in self._index.patterns.get(channel, ()))

    def model_texts(self) -> Iterable[str]:
        """Return texts, in lower case, of which the name of a model that is known holds one."""
        return [*self._models.texts, *self.known(Identifier.MODEL)]

    def literals(self) -> tuple[list[str], list[str]]:
        """Return the ends of all wanted hosts, and other text by which wanted lines are known.

        A host that is wanted ends with one of the first, or holds one of the second.
        """
        known = self._index
        hosts = [*known.exact_hosts, *known.suffixes, *known.paths]
        patterns = [one for group in known.host_patterns.values() for one, _ in group]
        apps = [*known.values.get(Identifier.APP_ID, ())]
        return hosts, [*map(fixed_part, patterns), *apps]

    def addresses(self) -> Iterator[str]:
        """Yield the ends of all hosts, and hosts with what paths begin with, that show more than the
        presence of a service: what a program calls that has AI in it holds one of them."""
        known = self._index
        for hosts in (known.exact_hosts, known.suffixes):
            yield from (host for host, number in hosts.items() if number not in known.presences)
        for host, entries in known.paths.items():
            yield from (host + path for path, number in entries if number not in known.presences)

    @cached_property
    def _models(self) -> _Models:
        patterns = self._index.patterns.get(Identifier.MODEL, [])
        return _Models(patterns, self._index.model_texts)

    @cached_property
    def _names(self) -> dict[str, list[int]]:
        return names_of(self._index)

    def _signature(self, number: int | None) -> Signature | None:
        if number is None:
            return None
        place = self._index.places[number]
        vendor = self._vendors[place.vendor]
        product = vendor.products[place.product]
        return Signature(vendor, product, product.detections[place.detection])

    def _knows_host(self, host: str) -> bool:
        return self._without_path(host) is not None or any(
            name in self._index.paths for name in self_and_parents(host)
        )

    def _knows_app(self, name: str) -> bool:
        return self._other(Identifier.APP_ID, name) is not None

    def _without_path(self, host: str) -> int | None:
        known = self._index
        if (number := known.exact_hosts.get(host)) is not None:
            return number
        for tail in (registrable_tail(host), _OPEN):
            for pattern, number in known.host_patterns.get(tail, ()):
                if self._compile(pattern, host_expression(pattern)).fullmatch(host):
                    return number
        for name in self_and_parents(host):
            if (number := known.suffixes.get(name)) is not None:
                return number
        return None

    def _with_path(self, host: str, path: str) -> Signature | None:
        known = self._index
        if not known.paths:
            return None
        for name in self_and_parents(host):
            if name != host and name not in known.path_suffixes:
                continue
            for prefix, number in known.paths.get(name, ()):
                if path == prefix or path.startswith(prefix.rstrip("/") + "/"):
                    return self._signature(number)
        return None

    def _other(self, channel: Identifier, value: str) -> int | None:
        """Return the number of a value of a channel other than hosts: whole first, then patterns."""
        values = self._index.values.get(channel, {})
        for known in spellings(channel, value):
            if (number := values.get(known)) is not None:
                return number
        patterns = self._index.patterns.get(channel)
        if not patterns:
            return None
        spelled = spelling(channel, value)
        flags = re.IGNORECASE if channel in CASELESS else 0
        if channel is Identifier.MODEL:
            return self._models.match(spelled, flags)
        found = self._any_of(channel, flags).fullmatch(spelled)
        # The group that matched last is the empty one behind the pattern.
        return None if found is None else patterns[int(str(found.lastgroup)[1:])][1]

    def _any_of(self, channel: Identifier, flags: int) -> re.Pattern[str]:
        """Return one expression for all patterns of a channel, the number of each as a group."""
        if channel not in self._compiled:
            every = "|".join(
                f"(?:{pattern})(?P<n{number}>)"
                for number, pattern in enumerate(self.patterns(channel))
            )
            self._compiled[channel] = re.compile(every, flags)
        return self._compiled[channel]

    def _compile(self, key: str, expression: str, flags: int = 0) -> re.Pattern[str]:
        """Return a regular expression, compiled when it is first asked for."""
        if key not in self._compiled:
            self._compiled[key] = re.compile(expression, flags)
        return self._compiled[key]


class _Models:
    """The patterns of models: hundreds, and each so long that it is compiled where it may match.

    That takes a text that the pattern needs, which most names of models hold of one or two.
    """

    def __init__(
        self, patterns: Sequence[tuple[str, int]], needed: Sequence[Sequence[str]]
    ) -> None:
        self._patterns = patterns
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._always = [at for at, texts in enumerate(needed) if not texts]
        self.texts: dict[str, list[int]] = {}  # with the patterns that need them
        for at, texts in enumerate(needed):
            for text in texts:
                self.texts.setdefault(text, []).append(at)

    def match(self, name: str, flags: int) -> int | None:
        """Return the number of the first pattern that a name matches."""
        lowered = name.lower()
        held = (numbers for text, numbers in self.texts.items() if text in lowered)
        for at in sorted({*self._always, *chain.from_iterable(held)}):
            pattern, number = self._patterns[at]
            if at not in self._compiled:
                self._compiled[at] = re.compile(pattern, flags)
            if self._compiled[at].fullmatch(name):
                return number
        return None
