"""What may say something in a program is found alike with Hyperscan and without, and nothing is missed."""

from __future__ import annotations

import time

import pytest

from scanner.manifests import Document, Mention
from scanner.manifests.javascript_code import _TELLING
from scanner.manifests.kinds import javascript_source
from scanner.manifests.literals import ENDS_OF_ROLES, role
from scanner.manifests.telling import Telling, any_of
from scanner.model import Identifier

NAMES = [
    "baseURL", "base_url", "OPENAI_API_BASE", "apiBase", "url", "hostName.host", "endpointUrl",
    "BASEURL", "model.name", "modelId", "model_name_or_path", "nameOrPath", "engine", "modelArn",
    "azureDeployment", "deployment-id", "openaiDeployment", "basePath", "my host", "{ url }",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_name_with_a_role_is_found(name: str) -> None:
    assert role(name) is not None
    assert Telling(b"%b[^A-Za-z0-9]" % ENDS_OF_ROLES.encode()).ends(f"{name}: x".encode())


def _without_hyperscan(telling: Telling) -> Telling:
    telling.__dict__["_database"] = None
    return telling


@pytest.mark.parametrize(
    "program",
    [
        b'import a from "a";\nconst b = require("b"); x.env.A; get("u"); get<T>("u"); c.url;',
        b'{ baseURL: "u", "api base": 1, model, other_model: "m" } fetch (u)',
        b"",
        b"url",
    ],
)
def test_both_ways_find_the_same(program: bytes) -> None:
    slow = _without_hyperscan(Telling(*_TELLING._expressions))
    assert slow.ends(program) == _TELLING.ends(program)


def test_words_are_taken_as_they_are_written() -> None:
    assert Telling(any_of(frozenset({"$fetch", "a.b"}))).ends(b"axb $fetch a.b") == [10, 14]


def _read(text: str) -> list[tuple[Identifier, str, int]]:
    found = javascript_source.read(Document("src/a.ts", text.encode()))
    return [(one.channel, one.value, one.line) for one in found if isinstance(one, Mention)]


def test_a_constant_is_found_wherever_it_is_assigned() -> None:
    program = """\
const größe = "no";
class A { constructor() { this.address = "https://api.openai.com/v1"; } }
export const a = new Client({ baseURL: address });
const address2 = "https://api.mistral.ai";
"""
    assert _read(program) == [(Identifier.HOST_PATH, "api.openai.com/v1", 2)]


def test_a_provider_is_known_by_its_import_and_by_its_maker() -> None:
    program = """\
import { createOpenAI, google } from "@ai-sdk/google";
const mine = createOpenAI({});
const a = mine("gpt-4o");
const b = mine.chat("gpt-4o-mini"), c = google?.("gemini-2.0-flash");
const d = other("claude-3"), e = other.mine("claude-4");
"""
    assert _read(program) == [
        (Identifier.IMPORT, "@ai-sdk/google", 1),
        (Identifier.MODEL, "gpt-4o", 3),
        (Identifier.MODEL, "gemini-2.0-flash", 4),
        (Identifier.MODEL, "gpt-4o-mini", 4),
    ]


@pytest.mark.parametrize(
    "line",
    ["get(\n", "url:{\n", "import a from 'a", ".env\n", "[\n", "let url = model, model = url;\n"],
)
def test_time_grows_with_the_program_alone(line: str) -> None:
    begun = time.process_time()
    _read("process" + line * (100_000 // len(line)))
    assert time.process_time() - begun < 5
