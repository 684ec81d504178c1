"""What programs in Java's family, PHP and Swift import, told by the names of the packages that have it.

    import com.azure.ai.openai.OpenAIClient;     pkg:maven/com.azure/azure-ai-openai
    use Google\\Cloud\\AIPlatform\\V1\\Client;      pkg:composer/google/cloud-ai-platform
    import ElevenLabs                            pkg:swift/github.com/elevenlabs/elevenlabs-swift-sdk

Nothing says which names a package holds, but most follow a habit: a Maven package those below its
group, or below its group and its own name; a Composer package those below its vendor and its name;
a Swift package a module of its own name.
Names are compared without what stands between their words. A group of which signatures know few
packages, such as com.azure, has many others: it counts as a whole only where one product's name
is the group's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scanner.matching import Matcher
from scanner.model import Identifier, Signature

# What the files of programs in Java's family end with.
JVM = (".java", ".kt", ".kts", ".scala", ".groovy")

_MAVEN, _COMPOSER, _SWIFT = "pkg:maven/", "pkg:composer/", "pkg:swift/"
_WORD = re.compile(r"[a-z0-9]+")
_SCALA = re.compile(r"_\d+(?:\.\d+)*$")  # spark-mllib_2.12
# Words of packages' names that no import repeats.
_USUAL = frozenset(
    {"java", "jvm", "kotlin", "android", "sdk", "api", "client", "core", "common", "bom", "okhttp"}
    | {"spring", "boot", "starter", "php", "laravel", "bundle", "http", "java8", "client6"}
)
# Words between a group and the name of a package: software.amazon.awssdk.services.polly
_BETWEEN = frozenset({"services", "component"})
# Words of Swift packages' names that their modules leave out.
_OF_SWIFT = frozenset({"swift", "sdk", "package", "manager", "apis", "examples", "lm"})
_FEWEST_PARTS = 2
_SHORTEST_VENDOR = 5
# Nobody's package: what a pattern of signatures says of it, it says of the whole group.
_NOBODY = "-"


class _Package(NamedTuple):
    purl: str
    product: str
    words: tuple[str, ...]


class Namespaces:
    """The packages that signatures know, by the beginnings of what programs import."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._begun: set[str] = set()
        self._jvm: dict[str, str] = {}
        self._php: dict[str, str] = {}
        self._swift: dict[str, str] = {}
        for group, packages in self._grouped(_MAVEN).items():
            self._add_group(group, packages)
        for vendor, packages in self._grouped(_COMPOSER).items():
            self._add_vendor(vendor, packages)
        for packages in self._grouped(_SWIFT).values():
            self._add_modules(packages)

    @property
    def beginnings(self) -> list[bytes]:
        """What a program that imports any of them holds, followed by the rest of a name."""
        return sorted(one.encode() for one in self._begun)

    def of_jvm(self, name: str) -> str | None:
        """Return the Maven package that has a full name such as ``com.cohere.api.Cohere``."""
        return _longest(self._jvm, [one for one in name.split(".") if one not in _BETWEEN])

    def of_php(self, name: str) -> str | None:
        """Return the Composer package that has a name such as ``OpenAI\\Client``."""
        return _longest(self._php, name.split("\\"), 1)

    def of_swift(self, module: str) -> str | None:
        """Return the Swift package that has a module such as ``WhisperKit``."""
        return self._swift.get(_joined([module]))

    def _grouped(self, kind: str) -> dict[str, list[_Package]]:
        """Return the packages of a kind by their groups or vendors."""
        found: dict[str, list[_Package]] = {}
        for purl in sorted(
            self._matcher.known(Identifier.PACKAGE), key=lambda one: (len(one), one)
        ):
            if purl.startswith(kind) and (met := self._met(purl)):
                group, _, name = purl.removeprefix(kind).rpartition("/")
                words = tuple(_WORD.findall(_SCALA.sub("", name)))
                found.setdefault(group, []).append(_Package(purl, met.product_key, words))
        return found

    def _met(self, purl: str) -> Signature | None:
        return self._matcher.match_value(Identifier.PACKAGE, purl)

    def _add_group(self, group: str, packages: list[_Package]) -> None:
        parts = group.split(".")
        whole = _joined(parts)
        if owner := self._owner(group, parts, packages):
            self._jvm[whole] = owner.purl
            self._begun.add(f" {group.replace('-', '')}.")
            if parts[-1] in _USUAL and len(parts) > _FEWEST_PARTS:  # com.mindee.sdk
                self._jvm[_joined(parts[:-1])] = owner.purl
        own = {one: _besides(one.words, parts) for one in packages}
        for one, words in own.items():
            if words and _agree(other for other in packages if own[other] == words):
                self._jvm.setdefault(whole + "".join(words), one.purl)
                self._begun.add(f" {group}.{words[0]}")
                self._begun.update(f" {group}.{word}.{words[0]}" for word in _BETWEEN)

    def _owner(self, group: str, parts: list[str], packages: list[_Package]) -> _Package | None:
        """Return the plainest package of a group that is one product's; None if it is not."""
        first = packages[0]
        if (met := self._met(f"{_MAVEN}{group}/{_NOBODY}")) is not None:
            return next((one for one in packages if one.product == met.product_key), None)
        if len(parts) < _FEWEST_PARTS or not _agree(packages):
            return None
        product = tuple(_WORD.findall(first.product.partition("/")[2]))
        is_named = not _besides(product, parts) or "".join(product) in parts
        return (
            first if is_named or any(not _besides(one.words, parts) for one in packages) else None
        )

    def _add_vendor(self, vendor: str, packages: list[_Package]) -> None:
        words = _WORD.findall(vendor)
        begins = {"".join(words), "".join(_besides(words, ())) or "".join(words)}
        made: dict[tuple[str, str], list[_Package]] = {}
        for one in packages:
            short = _besides(one.words, ())
            for begin in begins:
                is_whole = begin in ("".join(short), "".join(one.words)) or not short
                if is_whole and len(begin) >= _SHORTEST_VENDOR:
                    made.setdefault((begin, ""), []).append(one)
                made.setdefault((begin, "".join(short)), []).append(one)
                made.setdefault((begin, "".join(one.words)), []).append(one)
                self._begun.add(f"use {begin}\\{''.join(short[:1])}")
        for (begin, name), known in made.items():
            if _agree(known) and len(begin + name) >= _SHORTEST_VENDOR:
                self._php.setdefault(begin + name, known[0].purl)

    def _add_modules(self, packages: list[_Package]) -> None:
        for one in packages:
            words = [word for word in one.words if word not in _OF_SWIFT]
            if words:
                self._swift.setdefault("".join(words), one.purl)
                self._begun.add(f"import {''.join(words)}")


def _agree(packages: Iterable[_Package]) -> bool:
    return len({one.product for one in packages}) == 1


def _besides(words: Iterable[str], parts: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a name that say more than the parts of its group do."""
    return tuple(
        word for word in words if word not in _USUAL and not any(word in part for part in parts)
    )


def _joined(parts: Iterable[str]) -> str:
    return "".join(_WORD.findall("".join(parts).lower()))


def _longest(known: dict[str, str], parts: list[str], fewest: int = _FEWEST_PARTS) -> str | None:
    for count in range(len(parts), fewest - 1, -1):
        if (found := known.get(_joined(parts[:count]))) is not None:
            return found
    return None


def folders_of_packages(paths: Iterable[str]) -> Iterator[str]:
    """Yield the packages that a tree has itself, as folders: com/harbour/chat of its programs.

    Every end of a folder counts, for nothing tells where the package begins.
    """
    folders = {path.rpartition("/")[0] for path in paths if path.endswith(JVM)}
    for folder in folders:
        parts = folder.split("/")
        for begin in range(max(len(parts) - 1, 0)):
            yield "/".join(parts[begin:])
