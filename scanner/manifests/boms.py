"""What bills of materials of every format name alike: packages by purl, models, images, services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from packageurl import PackageURL

from scanner.hosts import fold, host_of_url, path_of_url
from scanner.manifests import Mention, Tie, Unreadable
from scanner.manifests.dependency_graph import Entry
from scanner.model import Identifier

_LONGEST = 2_000
# Nearly all purls are of this shape, spelled as they should be; the library takes longer for one
# than all the rest does.
_PLAIN = re.compile(
    r"(pkg:(?:npm|pypi|maven|golang|gem|cargo|nuget|composer|hex|pub|deb|rpm|apk)"
    r"(?:/(?:%40)?[a-z0-9][a-z0-9.-]*)+)(?:@([^?#%/@]*))?(?:[?#].*)?"
)
_OF_MODELS = frozenset({"huggingface", "mlflow"})


@lru_cache(maxsize=4_096)
def _parts(purl: str) -> PackageURL:
    if len(purl) > _LONGEST:
        raise Unreadable(f"no purl: {purl[:80]!r}")
    try:
        return PackageURL.from_string(purl.strip())
    except ValueError as error:
        raise Unreadable(f"no purl: {purl[:80]!r}") from error


def entry_of(
    purl: str, name: str, version: str, line: int, is_model: bool = False, is_data: bool = False
) -> Entry:
    """Return what a component is, by its purl if it has one; without a value if nothing tells.

    Raises Unreadable for what is no purl.
    """
    if not is_model and len(purl) <= _LONGEST and (plain := _PLAIN.fullmatch(purl)):
        return Entry(plain[1], plain[2] or version, line)
    parts = _parts(purl) if purl else None
    if is_model or (parts and parts.type in _OF_MODELS and not is_data):
        model = _path(parts) if parts and parts.type in _OF_MODELS else name
        version = (parts and parts.version) or version
        return Entry(model, version, line, channel=Identifier.MODEL, tie=Tie.CONFIGURED)
    if parts is None:
        return Entry("", version, line)
    version = parts.version or version
    if parts.type in ("docker", "oci"):
        tag = _qualifier(parts, "tag") or version
        return Entry(_image(parts), tag, line, channel=Identifier.CONTAINER, tie=Tie.CONFIGURED)
    if parts.type == "githubactions":
        return Entry(_path(parts), version, line, channel=Identifier.GITHUB_ACTION)
    bare = PackageURL(type=parts.type, namespace=parts.namespace, name=parts.name)
    return Entry(bare.to_string(), version, line)


def _path(parts: PackageURL) -> str:
    return f"{parts.namespace}/{parts.name}" if parts.namespace else parts.name


def _qualifier(parts: PackageURL, key: str) -> str:
    found = parts.qualifiers
    return str(found.get(key, "")) if isinstance(found, dict) else ""


def _image(parts: PackageURL) -> str:
    registry = _qualifier(parts, "repository_url").rpartition("://")[2].strip("/")
    if parts.type == "oci":  # whose repository_url is the whole name
        return registry or parts.name
    return f"{registry}/{_path(parts)}" if registry else _path(parts)


def hosts_of(endpoint: str, line: int) -> Iterator[Mention]:
    """Yield the host of a service's endpoint, and the host with its path."""
    raw = endpoint.strip().encode("utf-8", "replace")
    host = fold(host_of_url(raw)) if b"://" in raw else ""
    if not host or " " in host:
        return
    yield Mention(Identifier.HOST, host, line, tie=Tie.CONFIGURED)
    path = (path_of_url(raw) or "").rstrip("/")
    if path:
        yield Mention(Identifier.HOST_PATH, f"{host}{path}", line, tie=Tie.CONFIGURED)


def text_of(value: Any) -> str:
    """Return a text or number as text; "" for what is neither."""
    return str(value) if isinstance(value, str | int | float) else ""
