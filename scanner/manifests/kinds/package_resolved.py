r"""Package.resolved: which Swift packages were resolved, by Swift's package manager or Xcode.

    {"pins": [{"identity": "openai", "kind": "remoteSourceControl",
      "location": "https://github.com/MacPaw/OpenAI.git", "state": {"version": "0.2.4"}}], "version": 2}

Version 1 holds ``object.pins`` with ``repositoryURL``. It does not tell which package needs
which; what the application asked for stands in the Package.swift beside, if there is one.
Reference: https://developer.apple.com/documentation/packagedescription
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Trouble, Unreadable
from scanner.manifests.line_index import LineIndex
from scanner.manifests.parsing import typed_json
from scanner.manifests.swift import (
    Dependency,
    code_of,
    dependencies,
    value_of_identity,
    value_of_url,
)
from scanner.model import Identifier

_ADDRESSES = re.compile(r'"(?:location|repositoryURL|identity)"\s*:\s*"([^"\n]*)"')


class _State(msgspec.Struct):
    version: str | None = None
    branch: str | None = None
    revision: str | None = None


class _Pin(msgspec.Struct):
    identity: str | None = None
    kind: str | None = None
    location: str | None = None
    repository_url: str | None = msgspec.field(default=None, name="repositoryURL")
    state: _State | None = None


class _Pins(msgspec.Struct):
    pins: list[_Pin] | None = None


class _Lock(_Pins):
    object: _Pins | None = None


def read(document: Document) -> Iterator[Found]:
    lock = typed_json(document, _Lock)
    pins = lock.pins
    if pins is None and lock.object is not None:
        pins = lock.object.pins
    if pins is None:
        raise Unreadable("not Swift's lock: no pins")
    places = LineIndex(document.text.replace("\\/", "/"), _ADDRESSES)
    direct = _direct(document)
    for pin in pins:
        if pin.kind == "localSourceControl":
            continue
        address = pin.location or pin.repository_url or ""
        line = places.of(address or pin.identity or "")
        try:
            value = value_of_url(address) if address else value_of_identity(pin.identity or "")
        except Unreadable as error:
            yield Trouble(str(error), line)
            continue
        state = pin.state or _State()
        yield Mention(
            Identifier.PACKAGE,
            value,
            line,
            state.version or state.branch or state.revision or "",
            Tie.LOCKED,
            is_direct=None if direct is None else value.lower() in direct,
        )


def _direct(document: Document) -> set[str] | None:
    beside = document.beside("Package.swift")
    if beside is None:
        return None
    wanted = dependencies(code_of(beside.text))
    return {one.value.lower() for one in wanted if isinstance(one, Dependency)}


MANIFEST = Manifest(
    name="package-resolved",
    title="Package.resolved (Swift, Xcode)",
    files=("Package.resolved",),
    read=read,
    reference="https://developer.apple.com/documentation/packagedescription",
    samples={
        "Package.resolved": b"""\
{
  "pins" : [
    {
      "identity" : "openai",
      "kind" : "remoteSourceControl",
      "location" : "https://github.com/MacPaw/OpenAI.git",
      "state" : {
        "revision" : "35afc9a6ee127b8f22a85a31aec2036a987478af",
        "version" : "0.2.4"
      }
    }
  ],
  "version" : 2
}
"""
    },
)
