"""Package URLs, as the specification writes them and signatures spell them."""

from __future__ import annotations

import re
from functools import lru_cache

from packageurl import PackageURL

from scanner.manifests import Unreadable

# Names that are written as they are; any other goes through the library, which is slower.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")
_LONGEST = 1000
_AS_WRITTEN = frozenset({"npm", "cargo", "gem", "pub", "hex", "conda"})


@lru_cache(maxsize=65_536)
def purl(ecosystem: str, name: str, namespace: str | None = None) -> str:
    """Return the purl of a package, without its version: ``pkg:npm/%40scope/name``.

    ``name`` may hold the namespace before a slash, as npm, Go, Composer and GitHub write it.
    Raises Unreadable for what can be no package's name.
    """
    name = name.strip()
    if namespace is None and ecosystem in _AS_WRITTEN and _PLAIN.fullmatch(name):
        return f"pkg:{ecosystem}/{name}"
    if not name or len(name) > _LONGEST:
        raise Unreadable(f"no name of a package: {name[:80]!r}")
    if namespace is None and "/" in name:
        namespace, _, name = name.rpartition("/")
    try:
        return PackageURL(type=ecosystem, namespace=namespace, name=name).to_string()
    except ValueError as error:
        raise Unreadable(f"no name of a package: {name[:80]!r}") from error
