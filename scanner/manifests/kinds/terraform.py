"""Terraform and OpenTofu: the resources, modules and providers of an infrastructure.

    resource "azurerm_cognitive_account" "chat" {
      kind = "OpenAI"

A type of resource is told as ``terraform:aws_bedrockagent_agent``; a kind of Azure's accounts as
``terraform:azurerm_cognitive_account:OpenAI``.
Reference: https://developer.hashicorp.com/terraform/language/syntax/configuration
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Unreadable
from scanner.manifests.images import image
from scanner.manifests.purls import purl
from scanner.manifests.settings import bare_host, model, setting, urls, variable
from scanner.manifests.shell import installs
from scanner.model import Identifier

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_HEAD = re.compile(
    r'\s*"?([A-Za-z_][\w-]*)"?((?:\s+(?:"[^"]*"|[\w-]+))*)\s*(?:=\s*)?(?:\w+\()*\[?\{'
)
_LABEL = re.compile(r'"([^"]*)"')
_ATTRIBUTE = re.compile(
    r'(?:^|[{,]|\s)"?([A-Za-z_][\w.-]*)"?\s*[=:]\s*("(?:[^"\\]|\\.)*"|[^\s,{}\[\]]+)'
)
_HEREDOC = re.compile(r"<<[-~]?\s*\"?(\w+)\"?\s*$")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_REGISTRY = re.compile(r"(?:[\w.-]+\.[a-z]+/)?([\w-]+/[\w-]+(?:/[\w-]+)?)(?://.*)?")
_GITHUB = re.compile(
    r"(?:git::)?(?:(?:https|ssh|git)://)?(?:git@)?github\.com[/:]([\w.-]+)/([\w.-]+?)(?:\.git)?(?:/[^?]*)?(?:\?(.*))?"
)
_REF = re.compile(r"(?:^|&)ref=([^&]+)")
_IMAGES = frozenset({"image", "image_uri", "container_image", "image_name", "image_url"})
_SCRIPTS = frozenset({"user_data", "command", "inline", "startup_script", "script"})
_LONGEST_LINE = 10_000
_DEEPEST = 200


@dataclass(slots=True)
class _Block:
    """A block, with the attributes that are told together when it ends."""

    name: str
    labels: list[str]
    depth: int
    line: int
    values: dict[str, tuple[str, int]] = field(default_factory=dict)


def read(document: Document) -> Iterator[Found]:
    if "\0" in document.text:
        raise Unreadable("no text")
    yield from _Reader().read(document)


class _Reader:
    def __init__(self) -> None:
        self._open: list[_Block] = []
        self._depth = 0

    def read(self, document: Document) -> Iterator[Found]:
        for number, line, script in _lines(document.lines):
            if script:
                yield from _script(script, number)
                continue
            yield from self._line(line, number)
        for block in reversed(self._open):
            yield from _told(block, [one for one in self._open if one is not block])

    def _line(self, line: str, number: int) -> Iterator[Found]:
        plain = _STRING.sub('""', line)
        if len(self._open) > _DEEPEST:
            raise Unreadable("blocks that are nested too deep")
        if head := _HEAD.match(line):
            self._open.append(_Block(head[1], _LABEL.findall(head[2]), self._depth, number))
            yield from self._type(self._open[-1])
        for found in _ATTRIBUTE.finditer(line, head.end() if head else 0):
            yield from self._attribute(found[1], found[2], number)
        self._depth += plain.count("{") - plain.count("}")
        while self._open and self._depth <= self._open[-1].depth:
            block = self._open.pop()
            yield from _told(block, self._open)

    @staticmethod
    def _type(block: _Block) -> Iterator[Found]:
        if block.name in ("resource", "data", "ephemeral") and len(block.labels) == 2:
            yield Mention(
                Identifier.FILE, f"terraform:{block.labels[0]}", block.line, tie=Tie.CONFIGURED
            )

    def _attribute(self, key: str, value: str, number: int) -> Iterator[Found]:
        is_text = value.startswith('"')
        value = value[1:-1] if is_text else value
        if self._open and is_text:
            self._open[-1].values.setdefault(key, (value, number))
        if _CAPITALS.fullmatch(key):
            yield from variable(key, number)
        if not is_text:
            return
        if key == "name" and _CAPITALS.fullmatch(value) and "_" in value:
            yield from variable(value, number)
        elif key in _IMAGES:
            yield from image(value, number)
        elif key in _SCRIPTS:
            yield from installs(value.replace("\\n", "\n"), number)
        elif key == "service":
            yield from bare_host(value, number)
        elif not any(
            one.name in ("required_providers", "module", "provider") for one in self._open
        ):
            yield from setting(key, value, number, is_variable=False)
        elif key != "source":
            yield from urls(value, number)


def _told(block: _Block, above: list[_Block]) -> Iterator[Found]:
    """Yield what a block says as a whole."""
    values, names = block.values, [one.name for one in above]
    source, line = values.get("source", ("", 0))
    version = values.get("version", ("", 0))[0]
    if source and (block.name == "module" or "required_providers" in names):
        yield from _source(source, version, line)
    if block.name == "provider" and block.labels and block.labels[0].count("/") == 2:
        yield from _source(block.labels[0], version, block.line, Tie.LOCKED)
    if block.name == "model" and "name" in values:
        yield from model(*values["name"])
    kind = values.get("kind")
    if kind and block.labels[:1] == ["azurerm_cognitive_account"]:
        value = f"terraform:azurerm_cognitive_account:{kind[0]}"
        yield Mention(Identifier.FILE, value, kind[1], tie=Tie.CONFIGURED)
    if block.labels[:1] == ["helm_release"] and "chart" in values:
        chart, at = values["chart"]
        if re.fullmatch(r"[a-z0-9][a-z0-9-]*", chart):
            yield Mention(Identifier.PACKAGE, purl("helm", chart), at, version, is_direct=True)
    if block.name == "variable" and block.labels and "default" in values:
        default, at = values["default"]
        yield from setting(block.labels[0], default, at, is_variable=False)


def _source(source: str, version: str, line: int, tie: Tie = Tie.DECLARED) -> Iterator[Found]:
    """Yield the module or provider of a source; nothing for a folder of the same tree."""
    if source.startswith(("./", "../", "/")):
        return
    if found := _GITHUB.fullmatch(source):
        name, ref = purl("github", f"{found[1]}/{found[2]}"), _REF.search(found[3] or "")
        version = ref[1] if ref else version
        yield Mention(Identifier.PACKAGE, name, line, version, tie, is_direct=True)
    elif found := _REGISTRY.fullmatch(source):
        name = purl("terraform", found[1])
        yield Mention(Identifier.PACKAGE, name, line, version, tie, is_direct=True)
    else:
        yield from urls(source.removeprefix("git::"), line)


def _script(text: str, line: int) -> Iterator[Found]:
    yield from installs(text, line)
    for number, one in enumerate(text.split("\n"), line):
        for found in _ATTRIBUTE.finditer(one[:_LONGEST_LINE]):
            if found[1] == "image":
                yield from image(found[2], number)
            elif _CAPITALS.fullmatch(found[1]):
                yield from variable(found[1], number)


def _lines(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the lines without comments, and the texts of heredocs with their first line."""
    at, in_comment = 0, False
    while at < len(lines):
        line, in_comment = _without_comments(lines[at][:_LONGEST_LINE], in_comment)
        at += 1
        if line.strip():
            yield at, line, ""
        if found := _HEREDOC.search(line):
            begin = at
            while at < len(lines) and lines[at].strip() != found[1]:
                at += 1
            yield begin + 1, "", "\n".join(lines[begin:at])
            at += 1


_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|#.*|//.*|/\*.*?(?:\*/|$)')


def _without_comments(line: str, in_comment: bool) -> tuple[str, bool]:
    if in_comment:
        _, end, line = line.partition("*/")
        if not end:
            return "", True
    is_left_open = False

    def keep(found: re.Match[str]) -> str:
        nonlocal is_left_open
        if found[0].startswith('"'):
            return found[0]
        is_left_open = found[0].startswith("/*") and not found[0].endswith("*/")
        return " "

    return _COMMENT.sub(keep, line), is_left_open


MANIFEST = Manifest(
    name="terraform",
    title="Terraform, OpenTofu",
    files=("*.tf", "*.tofu", "*.tfvars", ".terraform.lock.hcl"),
    read=read,
    is_screened=True,
    reference="https://developer.hashicorp.com/terraform/language/syntax/configuration",
    samples={
        "infra/main.tf": b"""\
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}
resource "azurerm_cognitive_account" "chat" {
  name = "chat"
  kind = "OpenAI"
}
resource "azurerm_cognitive_deployment" "chat" {
  model {
    format = "OpenAI"
    name   = "gpt-4o"
  }
}
resource "aws_bedrockagent_agent" "help" {
  foundation_model = "anthropic.claude-3-5-sonnet-20240620-v1:0"
}
module "endpoint" {
  source  = "philschmid/sagemaker-huggingface/aws"
  version = "0.8.2"
}
""",
        "infra/.terraform.lock.hcl": b"""\
provider "registry.terraform.io/hashicorp/azurerm" {
  version     = "4.9.0"
  constraints = "~> 4.0"
}
""",
    },
)
