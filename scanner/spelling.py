"""One spelling for each identifier: what two values must share to be the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.hosts import fold, host_of_url
from scanner.model import Detection, Identifier

# Identifiers that their systems compare without regard to case.
CASELESS = frozenset(
    {
        Identifier.APP_ID,
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
        Identifier.CARD_DESCRIPTOR,
        Identifier.MCP_SERVER,
        Identifier.MODEL,
    }
)
# An OAuth application is known by these; its display name can be chosen by anyone.
STRONG_OAUTH_KEYS = ("client_id", "owner_tenant", "publisher_domain", "reply_url_domain")
_PLACEHOLDER = re.compile(r"(\*|\{region\})")
# A program that fills the region in says "*" for it: scanner/manifests/literals.py.
_PLACEHOLDERS = {"*": "[^.]+", "{region}": r"(?:\*|[a-z]{2,}(?:-[a-z]+)*-[a-z]*\d{1,2})"}
_REGISTRIES_LEFT_OUT = ("docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/")


def known_values(detection: Detection) -> Iterator[str]:
    """Yield the whole values of a detection of any channel but hosts, as they are compared."""
    if detection.channel is Identifier.OAUTH:
        for key in STRONG_OAUTH_KEYS:
            for value in getattr(detection, key):
                yield spelling(Identifier.OAUTH, f"{key}={value}")
    else:
        for value in (*detection.exact, *detection.purl):
            yield spelling(detection.channel, value)


def spellings(channel: Identifier, value: str) -> Iterator[str]:
    """Yield what a value may be known as: itself, then the domains that it stands below."""
    match channel:
        case Identifier.OAUTH:
            for part in value.split(";"):
                yield from _oauth_spellings(part.strip())
        case Identifier.EMAIL_SENDER:
            address = spelling(channel, value)
            yield address
            yield from self_and_parents(address.rpartition("@")[2])
        case Identifier.DNS_CNAME:
            yield from self_and_parents(fold(value.encode()))
        case _:
            yield spelling(channel, value)


def spelling(channel: Identifier, value: str) -> str:
    """Return the spelling under which a value of a channel is compared."""
    match channel:
        case Identifier.PACKAGE:
            value = _without_version(value)
        case Identifier.CONTAINER:
            value = _without_tag(value)
        case Identifier.GITHUB_ACTION:
            value = value.partition("@")[0]
        case Identifier.PROCESS:
            value = value.replace("\\", "/").rpartition("/")[2]
    return value.casefold() if channel in CASELESS else value


def fixed_part(pattern: str) -> str:
    """Return the longest text that every host of a pattern holds, other than its domain if it can."""
    domain = "." + ".".join(pattern.rsplit(".", 2)[-2:])
    parts = re.split(r"\*|\{\w+\}", pattern)
    own = [part for part in parts if part and not domain.endswith(part)]
    return max(own or parts, key=len)


def host_expression(pattern: str) -> str:
    """Return the regular expression of a host in which ``*`` stands for part of one label.

    ``{region}`` stands for the name of a cloud's region, such as us-east-1 or europe-west4.
    """
    parts = (_PLACEHOLDERS.get(part, re.escape(part)) for part in _PLACEHOLDER.split(pattern))
    return "".join(parts)


def self_and_parents(host: str) -> Iterator[str]:
    """Yield ``a.b.c``, ``b.c``, ``c``: the longest suffix first."""
    yield host
    at = host.find(".")
    while at >= 0:
        host = host[at + 1 :]
        yield host
        at = host.find(".")


def _oauth_spellings(part: str) -> Iterator[str]:
    key, _, value = part.partition("=")
    if key in ("publisher_domain", "reply_url_domain"):
        host = fold(host_of_url(value.strip().encode()))
        yield from (f"{key}={name}" for name in self_and_parents(host))
    else:
        yield spelling(Identifier.OAUTH, part)


def _without_tag(image: str) -> str:
    """Drop digest and tag of a container image, and the registry that everyone leaves out."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    name = f"{head}{slash}{last.partition(':')[0]}"
    for default in _REGISTRIES_LEFT_OUT:
        name = name.removeprefix(default)
    return name


def _without_version(purl: str) -> str:
    """Drop version, qualifiers and subpath; PyPI compares names without regard to ``-_.``."""
    bare = purl.split("?", 1)[0].split("#", 1)[0]
    name, at, _ = bare.rpartition("@")
    bare = name if at and not name.endswith("/") else bare
    bare = bare.replace("/@", "/%40")  # an npm scope, as the purl specification writes it
    if bare.lower().startswith("pkg:pypi/"):
        return re.sub(r"[-_.]+", "-", bare.lower())
    return bare
