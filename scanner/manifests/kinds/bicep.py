"""Bicep: the resources of an infrastructure in Azure.

    resource chat 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
      kind: 'OpenAI'

A type of resource is told as ``bicep:Microsoft.CognitiveServices/accounts``, and with its kind as
``bicep:Microsoft.CognitiveServices/accounts:OpenAI``; the version is that of the interface.
Reference: https://learn.microsoft.com/azure/azure-resource-manager/bicep/file
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Unreadable
from scanner.manifests.images import image
from scanner.manifests.settings import model, setting, urls, variable
from scanner.model import Identifier

_RESOURCE = re.compile(r"\s*resource\s+\w+\s+'([\w.]+(?:/[\w.]+)+)(?:@([\w-]+))?'")
_MODULE = re.compile(r"\s*module\s+\w+\s+'(br[:/][^']+?)(?::([\w.-]+))?'")
_PARAMETER = re.compile(r"\s*(?:param|var)\s+(\w+)(?:\s+\w+)?\s*=\s*'([^']*)'")
_PAIR = re.compile(r"(?:^|[{,\s])(\w+)\s*:\s*'((?:[^'\\]|\\.)*)'")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
_COMMENT = re.compile(r"'(?:[^'\\]|\\.)*'|//.*|/\*.*?(?:\*/|$)")
_MODEL_BLOCK = re.compile(r"\s*model\s*:\s*\{")
_LONGEST_LINE = 10_000


def read(document: Document) -> Iterator[Found]:
    if "\0" in document.text:
        raise Unreadable("no text")
    kind, in_model, in_comment = "", False, False
    for number, written in enumerate(document.lines, 1):
        if in_comment:
            in_comment = "*/" not in written
            continue
        line, in_comment = _without_comments(written[:_LONGEST_LINE])
        if found := _RESOURCE.match(line):
            kind = found[1]
            yield _told(f"bicep:{kind}", number, found[2] or "")
        elif found := _MODULE.match(line):
            yield _told(f"bicep:{found[1]}", number, found[2] or "")
        elif found := _PARAMETER.match(line):
            yield from setting(found[1], found[2], number, is_variable=False)
        else:
            in_model = (in_model or bool(_MODEL_BLOCK.match(line))) and line.strip() != "}"
            for pair in _PAIR.finditer(line):
                yield from _pair(pair[1], pair[2], number, kind, in_model)
            in_model = in_model and not line.rstrip().endswith("}")


def _without_comments(line: str) -> tuple[str, bool]:
    """Return a line without comments, and whether one of them goes on in the next line."""
    parts = [one for one in _COMMENT.findall(line) if one.startswith("/*")]
    plain = _COMMENT.sub(lambda one: one[0] if one[0].startswith("'") else " ", line)
    return plain, bool(parts) and not parts[-1].endswith("*/")


def _told(value: str, line: int, version: str = "") -> Mention:
    return Mention(Identifier.FILE, value, line, version, Tie.CONFIGURED)


def _pair(key: str, value: str, line: int, kind: str, in_model: bool) -> Iterator[Found]:
    if key == "kind" and kind == "Microsoft.CognitiveServices/accounts" and "$" not in value:
        yield _told(f"bicep:{kind}:{value}", line)
    elif key == "image":
        yield from image(value, line)
    elif key == "name" and in_model:
        yield from model(value, line)
    elif key == "name" and _CAPITALS.fullmatch(value):
        yield from variable(value, line)
    elif _CAPITALS.fullmatch(key):
        yield from variable(key, line)
        yield from urls(value, line)
    else:
        yield from setting(key, value, line, is_variable=False)


MANIFEST = Manifest(
    name="bicep",
    title="Bicep (Azure)",
    files=("*.bicep",),
    read=read,
    is_screened=True,
    reference="https://learn.microsoft.com/azure/azure-resource-manager/bicep/file",
    samples={
        "infra/main.bicep": b"""\
param location string = resourceGroup().location
resource chat 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: 'chat'
  kind: 'OpenAI'
}
resource gpt 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = {
  parent: chat
  properties: {
    model: {
      format: 'OpenAI'
      name: 'gpt-4o'
      version: '2024-11-20'
    }
  }
}
"""
    },
)
