"""PHP: composer.json and composer.lock."""

import json
import time

import pytest

from scanner.manifests import Group, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.kinds.composer_json import MANIFEST as COMPOSER
from scanner.manifests.kinds.composer_lock import MANIFEST as LOCK
from scanner.model import Identifier
from tests.manifests.support import found, mentions, troubles


def _package(name: str, line: int, version: str = "", group: Group = Group.RUNTIME) -> Mention:
    value = f"pkg:composer/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, is_direct=True)


def test_composer_json_names_the_application_and_its_packages() -> None:
    text = """\
{
  "name": "acme/answers",
  "description": "Answers mail",
  "type": "project",
  "version": "1.2.0",
  "authors": [{"name": "Ana Lima", "email": "ana@example.org"}, {"name": "Bo"}, {}],
  "repositories": [{"type": "vcs", "url": "https://github.com/acme/openai"}],
  "require": {
    "php": "^8.2",
    "ext-json": "*",
    "composer-runtime-api": "^2",
    "OpenAI-PHP/client": "^0.10 || ^0.11",
    "theodo-group/llphant": "dev-main#3c1b0a3"
  },
  "require-dev": {
    "phpunit/phpunit": "^11.0"
  },
  "suggest": {
    "anthropic-ai/sdk": "To ask Claude"
  },
  "replace": {"acme/old": "*"},
  "conflict": {"openai-php/laravel": "<0.8"},
  "extra": {"openai-php/client": true}
}
"""
    assert found(COMPOSER, "composer.json", {"composer.json": text}) == [
        Project(
            "acme/answers",
            "1.2.0",
            "Answers mail",
            ("Ana Lima <ana@example.org>", "Bo"),
            is_deployable=True,
            line=2,
        ),
        _package("openai-php/client", 12, "^0.10 || ^0.11"),
        _package("theodo-group/llphant", 13, "dev-main#3c1b0a3"),
        _package("phpunit/phpunit", 16, "^11.0", Group.DEV),
        _package("anthropic-ai/sdk", 19, group=Group.OPTIONAL),
    ]


def test_what_is_no_object_is_trouble() -> None:
    text = '{\n"require": ["openai-php/client"],\n"require-dev": [],\n"suggest": {"a/b": 1}}'
    assert troubles(COMPOSER, "composer.json", text) == [Trouble("require is no object", 2)]


@pytest.mark.parametrize("text", ["[]", "null", '"openai-php/client"', "{'a': 1}", ""])
def test_what_is_not_composers_is_refused(text: str) -> None:
    for kind in (COMPOSER, LOCK):
        with pytest.raises(Unreadable):
            found(kind, "composer.json", {"composer.json": text})


_LOCK = """\
{
  "_readme": ["This file locks the dependencies"],
  "packages": [
    {
      "name": "guzzlehttp/guzzle",
      "version": "7.9.2",
      "require": {"php": "^7.2.5", "ext-json": "*", "psr/http-client": "^1.0"},
      "require-dev": {"phpunit/phpunit": "^8"},
      "provide": {"psr/http-client-implementation": "1.0"},
      "authors": [{"name": "openai-php", "email": "a@example.org"}]
    },
    {
      "name": "openai-php/client",
      "version": "v0.10.3",
      "require": {"php": "^8.1", "Psr/Http-Client-Implementation": "*"}
    },
    {
      "name": "psr/http-client",
      "version": "1.0.3",
      "require": []
    }
  ],
  "packages-dev": [
    {
      "name": "phpunit/phpunit",
      "version": "11.2.0",
      "require": {"sebastian/diff": "^6"}
    },
    {
      "name": "sebastian/diff",
      "version": "6.0.1"
    }
  ],
  "aliases": [],
  "platform": {"php": "^8.2"}
}
"""


def _locked(name: str, line: int, version: str, *via: str, group: Group = Group.RUNTIME) -> Mention:
    chain = tuple(f"pkg:composer/{one}" for one in via)
    value = f"pkg:composer/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.LOCKED, group, not chain, chain)


def test_a_lock_tells_groups_and_with_composer_json_what_pulls_in_what() -> None:
    wanted = '{"require": {"openai-php/client": "^0.10"}, "require-dev": {"phpunit/phpunit": "*"}}'
    assert mentions(LOCK, "composer.lock", _LOCK, **{"composer.json": wanted}) == [
        _locked("guzzlehttp/guzzle", 5, "7.9.2", "openai-php/client"),
        _locked("openai-php/client", 13, "v0.10.3"),
        _locked("psr/http-client", 18, "1.0.3", "openai-php/client", "guzzlehttp/guzzle"),
        _locked("phpunit/phpunit", 25, "11.2.0", group=Group.DEV),
        _locked("sebastian/diff", 30, "6.0.1", "phpunit/phpunit", group=Group.DEV),
    ]


@pytest.mark.parametrize("beside", [{}, {"composer.json": "{"}, {"composer.json": "[]"}])
def test_without_composer_json_nothing_is_known_to_be_direct(beside: dict[str, str]) -> None:
    seen = mentions(LOCK, "composer.lock", _LOCK, **beside)
    assert {one.is_direct for one in seen} == {None}
    assert [one.group for one in seen] == [Group.RUNTIME] * 3 + [Group.DEV] * 2


def test_a_package_without_a_name_is_trouble() -> None:
    seen = found(LOCK, "composer.lock", {"composer.lock": '{"packages": [{"version": "1"}]}'})
    assert [type(one) for one in seen] == [Trouble]


def test_many_packages_take_no_long_time() -> None:
    names = [f"acme/p{number}" for number in range(20_000)]
    packages = [
        {"name": name, "version": "1", "require": dict.fromkeys(names[:5], "*")} for name in names
    ]
    began = time.monotonic()
    beside = json.dumps({"require": dict.fromkeys(names, "*")}, indent=1)
    lock = json.dumps({"packages": packages}, indent=1)
    assert len(mentions(LOCK, "composer.lock", lock, **{"composer.json": beside})) == 20_000
    assert len(mentions(COMPOSER, "composer.json", beside)) == 20_000
    assert time.monotonic() - began < 5
