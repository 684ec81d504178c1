r"""Podfiles: which pods an application for Apple's systems wants, by target.

    target "Answers" do
      pod "GoogleMLKit/TextRecognition", "~> 6.0"

It is a Ruby program, read without running it. A part of a pod, behind the slash, is that pod.
Reference: https://guides.cocoapods.org/syntax/podfile.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import (
    Document,
    Found,
    Group,
    Manifest,
    Mention,
    Tie,
    Trouble,
    Unreadable,
)
from scanner.manifests.purls import purl
from scanner.manifests.ruby import call_of, closes_block, first_literal, opens_block, statements
from scanner.model import Identifier

_POD = re.compile(r"(?:^|[{;|]\s*)pod(?=[\s(])\s*(.*)")
_TARGET = re.compile(r"^(?:abstract_)?target(?=[\s(])(.*)")
_MEANT = re.compile(r"[\w:*%\"'(\[]")
_OF_TESTS = re.compile(r"(?:Tests?|Specs?)$")
_CONFIGURATIONS = re.compile(r"(?:\bconfigurations?:|:configurations?\s*=>)\s*(\[[^\]]*\]|[^,]*)")
_RELEASE = re.compile(r"release|prod|store", re.IGNORECASE)


def read(document: Document) -> Iterator[Found]:
    blocks: list[bool] = []  # whether each block that is open is a target of tests
    for text, line in statements(document.text):
        for match in _POD.finditer(text):
            if found := _pod(match[1], line, any(blocks)):
                yield found
        if closes_block(text):
            if blocks:
                blocks.pop()
        elif opens_block(text):
            target = _TARGET.match(text)
            blocks.append(bool(target and _OF_TESTS.search(first_literal(target[1]))))


def _pod(arguments: str, line: int, is_of_tests: bool) -> Mention | Trouble | None:
    call = call_of(arguments)
    if call is None:
        is_call = _MEANT.match(arguments)
        return Trouble("a pod whose name is computed", line) if is_call else None
    try:
        value = purl("cocoapods", call.name.partition("/")[0])
    except Unreadable as error:
        return Trouble(str(error), line)
    group = Group.TEST if is_of_tests else Group.RUNTIME
    built = _CONFIGURATIONS.search(call.rest)
    if not is_of_tests and built and not _RELEASE.search(built[1]):
        group = Group.DEV
    return Mention(Identifier.PACKAGE, value, line, call.versions, Tie.DECLARED, group, True)


MANIFEST = Manifest(
    name="podfile",
    title="Podfile (CocoaPods)",
    files=("Podfile", "*.podfile"),
    read=read,
    reference="https://guides.cocoapods.org/syntax/podfile.html",
    samples={
        "Podfile": b"""\
platform :ios, '15.0'

target 'Answers' do
  use_frameworks!
  pod 'GoogleMLKit/TextRecognition', '~> 6.0'

  target 'AnswersTests' do
    inherit! :search_paths
    pod 'Quick'
  end
end
"""
    },
)
