"""Dart: pubspec.yaml and pubspec.lock."""

import time

import pytest

from scanner.manifests import Group, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.kinds.pubspec import MANIFEST as PUBSPEC
from scanner.manifests.kinds.pubspec_lock import MANIFEST as LOCK
from scanner.model import Identifier
from tests.manifests.support import found, mentions, troubles, values


def _package(name: str, line: int, version: str = "", group: Group = Group.RUNTIME) -> Mention:
    value = f"pkg:pub/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, is_direct=True)


def test_a_pubspec_names_the_application_and_its_packages() -> None:
    text = """\
name: answers
description: >-
  Answers mail.
version: 1.2.0+7
publish_to: none
workspace:
  - packages/core
  - packages/ui
environment:
  sdk: ">=3.4.0 <4.0.0"
executables:
  answer:
dependencies:
  flutter:
    sdk: flutter
  dart_openai: ^5.1.0 # the client
  # anthropic_sdk_dart: ^0.1.0
  google_generative_ai: ">=0.4.0 <0.5.0"
  langchain:
  langchain_openai:
    hosted: https://pub.example.org
    version: ^0.7.0
  forked:
    hosted:
      name: ollama_dart
      url: https://pub.example.org
    version: 0.2.0
  mcp_dart:
    git:
      url: https://github.com/acme/mcp_dart.git
      ref: main
  core:
    path: packages/core
dev_dependencies:
  test: any
  flutter_test:
    sdk: flutter
dependency_overrides:
  langchain: 0.7.1
flutter:
  assets:
    - assets/tflite_flutter/
"""
    assert found(PUBSPEC, "pubspec.yaml", {"pubspec.yaml": text}) == [
        Project(
            "answers",
            "1.2.0+7",
            "Answers mail.",
            members=("packages/core", "packages/ui"),
            is_deployable=True,
        ),
        _package("dart_openai", 16, "^5.1.0"),
        _package("google_generative_ai", 18, ">=0.4.0 <0.5.0"),
        _package("langchain", 19),
        _package("langchain_openai", 20, "^0.7.0"),
        _package("ollama_dart", 23, "0.2.0"),
        _package("mcp_dart", 28),
        _package("core", 32),
        _package("test", 35, "any", Group.DEV),
        _package("langchain", 39, "0.7.1"),
    ]


def test_a_list_of_dependencies_is_trouble() -> None:
    text = "name: a\ndependencies:\n  - dart_openai\n"
    assert troubles(PUBSPEC, "pubspec.yaml", text) == [Trouble("dependencies is no map", 2)]


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "just text\n", "sdks:\n  dart: 1\n"])
def test_what_is_not_pubs_lock_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        found(LOCK, "pubspec.lock", {"pubspec.lock": text})


def test_a_lock_tells_what_is_direct() -> None:
    text = """\
# See https://dart.dev/tools/pub/glossary#lockfile
packages:
  async:
    dependency: transitive
    description:
      name: async
      sha256: "947bfcf187f74dbc5e146c9eb9c0f10c9f8b30743e341481c1e2ed3ecc18c20c"
      url: "https://pub.example.org"
    source: hosted
    version: "2.11.0"
  dart_openai:
    dependency: "direct main"
    description:
      path: "."
      ref: HEAD
      resolved-ref: "3c1b0a3"
      url: "https://github.com/acme/openai.git"
    source: git
    version: "5.1.0"
  flutter:
    dependency: "direct main"
    description: flutter
    source: sdk
    version: "0.0.0"
  forked:
    dependency: "direct overridden"
    description:
      name: ollama_dart
      url: "https://pub.example.org"
    source: hosted
    version: "0.2.0"
  test:
    dependency: "direct dev"
    description:
      name: test
      url: "https://pub.example.org"
    source: hosted
    version: "1.25.7"
sdks:
  dart: ">=3.4.0 <4.0.0"
  openai: "1"
"""

    def locked(
        name: str, line: int, version: str, is_direct: bool, group: Group = Group.RUNTIME
    ) -> Mention:
        value = f"pkg:pub/{name}"
        return Mention(Identifier.PACKAGE, value, line, version, Tie.LOCKED, group, is_direct)

    assert found(LOCK, "pubspec.lock", {"pubspec.lock": text}) == [
        locked("async", 3, "2.11.0", is_direct=False),
        locked("dart_openai", 11, "5.1.0", is_direct=True),
        locked("ollama_dart", 25, "0.2.0", is_direct=True),
        locked("test", 32, "1.25.7", is_direct=True, group=Group.DEV),
    ]


def test_a_lock_that_breaks_off_names_what_it_holds() -> None:
    text = 'packages:\n  async:\n    version: "2.11.0"\n  dart_openai:\n    dependency: "direct'
    assert values(LOCK, "pubspec.lock", text) == ["pkg:pub/async"]
    assert troubles(LOCK, "pubspec.lock", text) == [Trouble("a package without a version", 4)]


def test_a_large_lock_takes_no_long_time() -> None:
    packages = "".join(
        f'  p{n}:\n    dependency: transitive\n    source: hosted\n    version: "1.0.{n}"\n'
        for n in range(50_000)
    )
    began = time.monotonic()
    assert len(mentions(LOCK, "pubspec.lock", "packages:\n" + packages)) == 50_000
    for line in (
        "  " * 500_000,
        "    version: " + "'" * 1_000_000,
        "    version: x" + " " * 500_000 + "y",
    ):
        with pytest.raises(Unreadable):
            found(LOCK, "pubspec.lock", {"pubspec.lock": line})
        found(LOCK, "pubspec.lock", {"pubspec.lock": f"packages:\n  a:\n{line}\n"})
    assert time.monotonic() - began < 5
