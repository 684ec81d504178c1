"""The root of an XML document that must be of one name, whatever its bytes."""

from __future__ import annotations

from scanner.manifests import Document, Unreadable
from scanner.manifests.parsing import Element, xml_of


def root_of(document: Document, *tags: str) -> Element:
    """Return the root of a document if it has one of the names. Raises Unreadable."""
    try:
        root = xml_of(document)
    except (LookupError, ValueError) as error:  # expat raises them for encodings it lacks
        raise Unreadable(f"not XML that can be read: {error}") from error
    if root.tag not in tags:
        raise Unreadable(f"its root is {root.tag[:80]!r}, not {' or '.join(tags)!r}")
    return root
