"""What unknown AI looks like: signs by name, by path, by text; and how sure several signs make."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from scanner.model import Examples, Identifier, Shape, Signal
from scanner.required import required

_MEMO_BOUND = 100_000
_LONGEST_VALUE = 2_000
_LONGEST_HOST = 253  # RFC 1035; what is longer is no name, and costly to look at
# What is built on the SDK of an AI supplier says more than any words; no pattern tells it.
SDK_DEPENDENCY = Shape(
    id="dependency.ai-sdk",
    channel=Identifier.PACKAGE,
    signal=Signal.SDK_DEPENDENCY,
    meaning="it is built on the SDK of an AI supplier",
    confidence=75,
    pattern=(),
    sources=("an estimate",),
    tests=Examples((), ()),
)
_NO_SIGNS: tuple[Shape, ...] = ()


class Shapes:
    """Shapes compiled for looking values up.

    An ``http_path`` is compared from a slash to its end, any other value whole; of what a
    publisher says a part is enough.
    """

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._by_channel: dict[Identifier, list[Shape]] = defaultdict(list)
        self._texts: list[Shape] = []
        for shape in shapes:
            is_text = shape.signal is Signal.PUBLISHER_TEXT
            (self._texts if is_text else self._by_channel[shape.channel]).append(shape)
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._host_memo: dict[str, tuple[Shape, ...]] = {}

    @property
    def has_words(self) -> bool:
        """Whether any name can be of interest at all."""
        return bool(self._host_words)

    def signs(self, channel: Identifier, value: str) -> tuple[Shape, ...]:
        """Return the shapes that a value has; none if one of them suppresses the rest."""
        if channel is Identifier.HOST:
            return self.of_host(value)
        return self._unsuppressed(self._by_channel[channel], value)

    def of_text(self, text: str) -> tuple[Shape, ...]:
        """Return what a publisher's own words say of a package, an application or a site."""
        return self._unsuppressed(self._texts, text)

    def of_host(self, host: str) -> tuple[Shape, ...]:
        """Return what a folded host's name says; remembered, for logs repeat their hosts."""
        if len(host) > _LONGEST_HOST:
            return _NO_SIGNS
        known = self._host_memo.get(host)
        if known is None:
            known = self._unsuppressed(self._by_channel[Identifier.HOST], host)
            if len(self._host_memo) >= _MEMO_BOUND:
                self._host_memo.clear()
            self._host_memo[host] = known
        return known

    def stands_out(self, raw: bytes) -> bool:
        """Whether a host as a log writes it may have a name of interest; quick, not exact."""
        lowered = raw.decode("latin-1").lower()
        for word in self._host_words:  # noqa: SIM110 - text and a loop: a fifth of any() or bytes
            if word in lowered:
                return True
        return False

    def literals(self) -> list[str] | None:
        """Return texts by which the lines are known that may hold a name or a path of interest.

        None if a shape has no text that all its values hold: then no filter would find them.
        """
        shapes = (*self._by_channel[Identifier.HOST], *self._by_channel[Identifier.HTTP_PATH])
        found: set[str] = set()
        for shape in shapes:
            for pattern in () if shape.suppresses else shape.pattern:
                texts = required(pattern.removeprefix("(?i)"))
                if not texts:
                    return None
                found |= texts
        return sorted(found)

    def of_path(self, path: str | None) -> tuple[Shape, ...]:
        """Return what the path of a URL says, whoever's the host is."""
        if not path or self._any_path.search(path.encode("utf-8", "surrogatepass")) is None:
            return _NO_SIGNS
        return self.signs(Identifier.HTTP_PATH, path)

    def is_api_url(self, url: bytes) -> bool:
        """Whether the path of a URL, as a log writes it, ends in the shape of a model API."""
        return self._any_path.search(url) is not None

    def has(self, shape: Shape, value: str) -> bool:
        """Whether a value has one shape, whatever else it has."""
        if len(value) > _LONGEST_VALUE:
            return False
        if shape.keywords and not any(keyword in value for keyword in shape.keywords):
            return False
        pattern = self._pattern(shape)
        if shape.channel is Identifier.HTTP_PATH or shape.signal is Signal.PUBLISHER_TEXT:
            return pattern.search(value) is not None
        return pattern.fullmatch(value) is not None

    def _unsuppressed(self, shapes: Iterable[Shape], value: str) -> tuple[Shape, ...]:
        found = tuple(shape for shape in shapes if self.has(shape, value))
        return _NO_SIGNS if any(shape.suppresses for shape in found) else found

    def _pattern(self, shape: Shape) -> re.Pattern[str]:
        if shape.id not in self._compiled:
            text = "|".join(f"(?:{one.removeprefix('(?i)')})" for one in shape.pattern)
            flags = re.IGNORECASE if any(one.startswith("(?i)") for one in shape.pattern) else 0
            ending = r"/?\Z" if shape.channel is Identifier.HTTP_PATH else ""
            self._compiled[shape.id] = re.compile(f"(?:{text}){ending}", flags)
        return self._compiled[shape.id]

    @cached_property
    def _host_words(self) -> tuple[str, ...]:
        """What a name of interest must hold; a shape without keywords wants every name."""
        shapes = [one for one in self._by_channel[Identifier.HOST] if not one.suppresses]
        words = {word for shape in shapes for word in shape.keywords or ("",)}
        return tuple(
            sorted(word for word in words if not any(o in word for o in words if o != word))
        )

    @cached_property
    def _any_path(self) -> re.Pattern[bytes]:
        """One expression for every shape of a path, over raw URLs: cheap enough for every line."""
        paths = [one for shape in self._by_channel[Identifier.HTTP_PATH] for one in shape.pattern]
        if not paths:
            return re.compile(rb"(?!)")
        # Every pattern begins with a slash; taken out in front, it is what the search runs along.
        tails = "|".join(f"(?:{one.removeprefix('/')})" for one in paths)
        return re.compile(f"/(?:{tails})/?(?:[?#;]|\\Z)".encode())


def score(signs: Iterable[tuple[Signal, int]]) -> int:
    """Return how sure the signs make, from 0 to 100.

    Signs of one signal say the same thing, so only the surest of them counts; different signals
    are independent, so that the chance that all of them err is the product of their chances.
    """
    surest: dict[Signal, int] = {}
    for signal, confidence in signs:
        surest[signal] = max(confidence, surest.get(signal, 0))
    doubt = 1.0
    for confidence in surest.values():
        doubt *= 1 - confidence / 100
    return round(100 * (1 - doubt))
