"""What sources state as detections: their ids, their examples and near misses, what they show."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from scanner.hosts import registrable_tail
from scanner.model import Detection, EvidenceKind, Examples, Identifier
from scanner.spelling import host_expression, spelling
from signatures.importers import Stated

_EVIDENCE = {
    Identifier.HOST: EvidenceKind.USE,
    Identifier.HOST_PATH: EvidenceKind.USE,
    Identifier.USER_AGENT: EvidenceKind.USE,
    Identifier.HTTP_HEADER: EvidenceKind.USE,
    Identifier.OAUTH: EvidenceKind.GRANT,
    Identifier.SLACK_APP: EvidenceKind.GRANT,
    Identifier.DNS_TXT: EvidenceKind.ENTITLEMENT,
    Identifier.BROWSER_EXT: EvidenceKind.INSTALL,
    Identifier.IDE_EXT: EvidenceKind.INSTALL,
    Identifier.BUNDLE: EvidenceKind.INSTALL,
    Identifier.PROCESS: EvidenceKind.INSTALL,
    Identifier.PORT: EvidenceKind.SUPPORTING,
    Identifier.EMAIL_SENDER: EvidenceKind.SUPPORTING,
    Identifier.CARD_DESCRIPTOR: EvidenceKind.ENTITLEMENT,
}
_UNREVIEWED = 60
_UNREVIEWED_WEAK = 30
_LONGEST_ID = 60  # it becomes a file's name


class Draft(NamedTuple):
    """A value to propose, every place that states it, and what to say of how it was recognised."""

    stated: Stated
    sources: tuple[str, ...]
    hint: str = ""


def detections_of(
    vendor: str, product: str, drafts: Iterable[Draft], taken: set[str]
) -> Iterator[Detection]:
    """Yield one detection for each channel, way of matching, sources and hint."""
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for one in drafts:
        stated = one.stated
        groups[stated.channel, stated.how, one.sources, one.hint].append(stated.value)
    for (channel, how, sources, hint), values in groups.items():
        evidence = _EVIDENCE.get(channel, EvidenceKind.BUILD)
        matched = tuple(example_of(value) if how == "pattern" else value for value in values)
        yield Detection(
            id=free_id(f"{vendor}.{product}.{channel.replace('_', '-')}", taken, "."),
            channel=channel,
            evidence=evidence,
            confidence=_UNREVIEWED if evidence.creates_system else _UNREVIEWED_WEAK,
            sources=sources,
            tests=Examples(matched, near_misses(channel, tuple(values))),
            note=hint or None,
            **_values(channel, how, tuple(values)),
        )


def compared(one: Stated) -> tuple[Identifier, str]:
    """Return what two statements of the same thing have in common."""
    return one.channel, spelling(one.channel, one.value)


def covers(pattern: str, host: str) -> bool:
    """Whether a host pattern matches a host."""
    return re.fullmatch(host_expression(pattern), host) is not None


def example_of(value: str) -> str:
    """Return a host that a pattern matches; any other value itself."""
    return value.replace("{region}", "us-east-1").replace("*", "x")


def near_misses(channel: Identifier, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return values that look like ``values`` and must not match: the errors that lists make."""
    first = example_of(values[0])
    if channel in (Identifier.HOST, Identifier.EMAIL_SENDER, Identifier.DNS_CNAME):
        head, name = _head_of_host(first, values)
        return (_unlike(head, "not", name, values), f"{first}.attacker.example")
    if channel is Identifier.PACKAGE:
        head, _, name = first.rpartition("/")
        return (_unlike(f"{head}/", "not-", name.removeprefix("%40"), values),)
    return (_unlike("", "not-", spelling(channel, first), values),)


def slug_of(name: str) -> str:
    """Return an id for a name: lower-case words joined by hyphens."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(one for one in decomposed if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_ID].strip("-") or "unnamed"


def is_latin(name: str) -> bool:
    """Whether most letters of a name are Latin, so that its id would still tell what it names."""
    letters = [one for one in unicodedata.normalize("NFKD", name) if one.isalpha()]
    return 2 * sum(one.isascii() for one in letters) > len(letters)


def free_id(wanted: str, taken: set[str], joint: str = "-") -> str:
    """Return an id that is not taken yet, and take it."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}{joint}{number}"
    taken.add(name)
    return name


def _head_of_host(host: str, values: tuple[str, ...]) -> tuple[str, str]:
    """Return where a word makes another host of a host: before the name, or its last two labels.

    A placeholder at the beginning of a pattern would take the word for a part of what it matches.
    """
    local, at, domain = host.rpartition("@")
    if not any(value.startswith(("*", "{")) for value in values):
        return local + at, domain
    tail = registrable_tail(host)
    return host.removesuffix(tail), tail


def _unlike(head: str, word: str, name: str, values: tuple[str, ...]) -> str:
    """Return ``name`` with a word before it that makes none of ``values`` of it."""
    words = word
    while (made := f"{head}{words}{name}") in values:  # notdiamond.ai beside diamond.ai
        words += word
    return made


def _values(channel: Identifier, how: str, values: tuple[str, ...]) -> dict[str, Any]:
    """Return the field of a detection that holds the values."""
    usual = {Identifier.PACKAGE: "purl", Identifier.HOST: "suffix"}
    return {how or usual.get(channel, "exact"): values}
