"""Container images as recipes, charts and pipelines write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scanner.manifests import Group, Mention, Tie
from scanner.manifests.outline import Node
from scanner.model import Identifier

_IMAGE = re.compile(
    r"((?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    r"(?::([\w][\w.-]{0,127}))?(?:@([a-z0-9+.-]+:[0-9a-fA-F]{32,}))?"
)
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\}|([A-Za-z_]\w*))")
_TEMPLATE = re.compile(r"[${<%]")
_LONGEST = 500
_MOST_TEXT = 2_000_000


def image(
    reference: str, line: int, group: Group = Group.RUNTIME, tie: Tie = Tie.CONFIGURED
) -> Iterator[Mention]:
    """Yield the image that a reference names, its tag or digest as the version.

    Nothing where a name is a template's; a tag that is one is left out.
    """
    reference = reference.strip().strip("\"'")
    for scheme in ("docker://", "docker:", "oci://"):
        reference = reference.removeprefix(scheme)
    if template := _TEMPLATE.search(reference[:_LONGEST]):
        name, tag_mark, tag = reference[: template.start()].rpartition(":")
        if not tag_mark or "/" in tag:
            return
        reference = name
    found = _IMAGE.fullmatch(reference) if len(reference) <= _LONGEST else None
    if found and found[1] != "scratch":
        yield Mention(Identifier.CONTAINER, found[1], line, found[2] or found[3] or "", tie, group)


def of_values(node: Node, group: Group = Group.RUNTIME) -> Iterator[Mention]:
    """Yield the image that ``repository``, ``registry`` and ``tag`` of a chart's values make."""
    repository = node.get("repository")
    if not repository.text:
        return
    registry = (node.get("registry").text or node.get("imageRegistry").text).strip("/")
    name = f"{registry}/{repository.text}" if registry else repository.text
    version = node.get("tag").text or node.get("digest").text
    for one in image(name, repository.line, group):
        yield one._replace(version=one.version or version)


def substitute(text: str, values: Mapping[str, str]) -> str:
    """Return a text with variables replaced by what is known of them, or by their own default."""
    if "$" not in text:
        return text

    def known(found: re.Match[str]) -> str:
        value = values.get(found[1] or found[4], "")[:_LONGEST]
        value = "" if "$" in value else value  # what names itself would grow without end
        if found[2] and found[2][-1] == "-":
            return value or found[3]
        if found[2] and found[2][-1] == "+":
            return found[3] if value else ""
        return value or found[0]

    for _ in range(3):  # a default may hold a variable
        replaced = _VARIABLE.sub(known, text)
        if replaced == text or len(replaced) > _MOST_TEXT:
            break
        text = replaced
    return text
