"""JavaScript and TypeScript programs: packages, variables, addresses and models."""

import time

import pytest

from scanner.manifests import Group, Mention, Tie, Trouble, Unreadable
from scanner.manifests.javascript_code import package_of
from scanner.manifests.kinds.javascript_source import MANIFEST
from scanner.model import Identifier
from tests.manifests.support import mentions, troubles

IMPORT, ENV, MODEL = Identifier.IMPORT, Identifier.ENV, Identifier.MODEL
HOST, HOST_PATH = Identifier.HOST, Identifier.HOST_PATH


def seen(text: str, *channels: Identifier, path: str = "src/a.ts") -> list[tuple[str, int]]:
    """Return the values and lines of what a program mentions, of some channels or of all."""
    return [
        (one.value, one.line)
        for one in mentions(MANIFEST, path, text)
        if not channels or one.channel in channels
    ]


def test_each_way_to_import() -> None:
    text = """\
import OpenAI from "openai";
import type { Message } from '@anthropic-ai/sdk/resources';
import "dotenv/config";
import * as lc from "@langchain/core/messages";
export { x } from "cohere-ai";
export * from "groq-sdk";
const a = require("replicate");
const b = await import("@huggingface/inference");
import c = require("ollama");
const d = require(`@pinecone-database/pinecone`);
import ai from "npm:@google/genai@^1.0.0/web";
if (x) { lazy(() => import(/* webpackChunkName: "m" */ "@mistralai/mistralai")); }
"""
    assert seen(text) == [
        ("openai", 1),
        ("@anthropic-ai/sdk", 2),
        ("dotenv", 3),
        ("@langchain/core", 4),
        ("cohere-ai", 5),
        ("groq-sdk", 6),
        ("replicate", 7),
        ("@huggingface/inference", 8),
        ("ollama", 9),
        ("@pinecone-database/pinecone", 10),
        ("@google/genai", 11),
        ("@mistralai/mistralai", 12),
    ]


def test_what_is_no_import() -> None:
    text = """\
// import OpenAI from "openai";
/* const a = require("cohere-ai"); */
const text = 'import x from "groq-sdk"';
import { a } from "./openai";
import { b } from "../anthropic/index.js";
import fs from "node:fs";
import path from "path";
import { c } from "@/lib/openai";
import { d } from "~/openai";
import { e } from "#openai";
import { f } from "https://deno.land/x/openai@v4/mod.ts";
const g = require(name);
const h = await import(`./locales/${lang}.js`);
const i = require(`openai-${lang}`);
other("openai");
declare module "openai" {}
export const j = 1;
"""
    assert seen(text) == []


@pytest.mark.parametrize(
    ("specifier", "package"),
    [
        ("openai", "openai"),
        ("openai/resources/chat", "openai"),
        ("@ai-sdk/openai", "@ai-sdk/openai"),
        ("@scope/name/deep/er", "@scope/name"),
        ("npm:openai", "openai"),
        ("npm:openai@4.1.0", "openai"),
        ("npm:@scope/name@^1/sub", "@scope/name"),
        ("jsr:@std/path", ""),
        ("node:test", ""),
        ("bun:sqlite", ""),
        ("fs/promises", ""),
        ("./x", ""),
        ("/x", ""),
        ("@/x", ""),
        ("", ""),
        ("raw-loader!./file.txt", ""),
    ],
)
def test_the_package_of_a_specifier(specifier: str, package: str) -> None:
    assert package_of(specifier) == package


def test_a_mention_is_whole_and_has_the_group_of_its_path() -> None:
    text = 'import "openai";\nconst model = "gpt-4o";\n'
    assert mentions(MANIFEST, "src/a.test.ts", text) == [
        Mention(IMPORT, "openai", 1, tie=Tie.IMPORTED, group=Group.TEST),
        Mention(MODEL, "gpt-4o", 2, tie=Tie.CONFIGURED, group=Group.TEST),
    ]
    groups = {
        "src/a.js": Group.RUNTIME,
        "src/__tests__/a.js": Group.TEST,
        "examples/a.mjs": Group.EXAMPLE,
        "vite.config.ts": Group.BUILD,
    }
    for path, group in groups.items():
        assert [one.group for one in mentions(MANIFEST, path, 'import "openai"')] == [group]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('new OpenAI({ baseURL: "https://openrouter.ai/api/v1" })', "openrouter.ai/api/v1"),
        ('f({ "base_url": "https://api.x.ai/v1" })', "api.x.ai/v1"),
        ("f({ apiBase: `https://api.groq.com` })", "api.groq.com"),
        ('f({ endpoint: "us-east-1.acme.ai:443" })', "us-east-1.acme.ai"),
        ('const u = "https://api.cohere.ai/v1"; f({ baseUrl: u })', "api.cohere.ai/v1"),
        ('const baseURL = "https://api.cohere.ai"; f({ baseURL })', "api.cohere.ai"),
        ('f({ url: process.env.U ?? "https://api.cohere.ai" })', "api.cohere.ai"),
        ('f({ url: (process.env.U || "https://api.cohere.ai") as string })', "api.cohere.ai"),
        ('f({ url: a ? "https://api.cohere.ai" : b })', "api.cohere.ai"),
        ('const B = "https://api.cohere.ai"; f({ url: `${B}/v1/chat` })', "api.cohere.ai/v1/chat"),
        ('const B = "https://api.cohere.ai"; f({ url: B + "/v1" })', "api.cohere.ai/v1"),
        ("fetch(`https://api.openai.com/v1/threads/${id}/runs`)", "api.openai.com/v1/threads"),
        ("fetch(`https://api.openai.com${path}`)", "api.openai.com"),
        (
            'axios.post("https://api.anthropic.com/v1/messages", body)',
            "api.anthropic.com/v1/messages",
        ),
        ('new WebSocket("wss://api.openai.com/v1/realtime?model=x")', "api.openai.com/v1/realtime"),
        ('class A { private apiUrl: string = "https://api.ai21.com" }', "api.ai21.com"),
        ('function f(endpoint: string = "https://api.ai21.com") {}', "api.ai21.com"),
        ('this.host = "https://api.ai21.com"', "api.ai21.com"),
        ("f({ baseURL: `https://${name}.openai.azure.com` })", "*.openai.azure.com"),
        ('f({ baseURL: "https://" + name + ".openai.azure.com/v1" })', "*.openai.azure.com/v1"),
    ],
)
def test_addresses(text: str, value: str) -> None:
    assert [one for one, _ in seen(text, HOST, HOST_PATH)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        'f({ baseURL: "http://localhost:11434" })',
        'f({ baseURL: "https://example.com/v1" })',
        'f({ baseURL: "https://YOUR_RESOURCE.openai.azure.com" })',
        "f({ baseURL: `https://${name}.com` })",
        'f({ url: "/api/chat" })',
        'f({ title: "https://api.openai.com" })',
        '// f({ baseURL: "https://api.openai.com" })',
        'type A = { url: "https://api.openai.com" }',
        "url = url + url; url = url + url; f({ url })",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert seen(text, HOST, HOST_PATH) == []


def test_models_of_requests() -> None:
    text = """\
client.chat.completions.create({ model: "gpt-4o", messages });
const EMBEDDING_MODEL = "text-embedding-3-small";
new ChatAnthropic({ modelName: 'claude-3-5-sonnet-latest' });
new InvokeModelCommand({ modelId: "amazon.titan-text-express-v1" });
const pipe = await pipeline("text-generation", "Xenova/gpt2");
AutoTokenizer.from_pretrained("Xenova/bert-base-uncased");
type T = { model: "not-one" };
f({ model: User, other: "gpt-3" });
f({ model: "your-model" });
f({ model: `openai/${name}` });
"""
    assert seen(text, MODEL) == [
        ("gpt-4o", 1),
        ("text-embedding-3-small", 2),
        ("claude-3-5-sonnet-latest", 3),
        ("amazon.titan-text-express-v1", 4),
        ("Xenova/gpt2", 5),
        ("Xenova/bert-base-uncased", 6),
    ]


def test_models_of_the_providers_of_an_sdk() -> None:
    text = """\
import { openai, createOpenAI } from "@ai-sdk/openai";
import { anthropic as claude } from "@ai-sdk/anthropic";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { createOllama } from "ollama-ai-provider";
import { google } from "googleapis";
const router = createOpenRouter({ apiKey });
const ollama = createOllama();
openai("gpt-4o");
openai.embedding("text-embedding-3-large");
claude("claude-sonnet-4-0");
router("meta-llama/llama-3.1-8b-instruct");
ollama.chat("llama3.2");
google("search for this");
google("gemini-1.5-pro");
openai.tools("web-search");
"""
    assert seen(text, MODEL) == [
        ("gpt-4o", 8),
        ("text-embedding-3-large", 9),
        ("claude-sonnet-4-0", 10),
        ("meta-llama/llama-3.1-8b-instruct", 11),
        ("llama3.2", 12),
    ]


def test_variables() -> None:
    text = """\
process.env.OPENAI_API_KEY;
process.env["ANTHROPIC_API_KEY"]!;
const { GROQ_API_KEY, XAI_API_KEY: key, HF_TOKEN = "", ...rest } = process.env;
import.meta.env.VITE_OPENAI_KEY;
Deno.env.get("MISTRAL_API_KEY");
Bun.env.COHERE_API_KEY;
const key = "AI21_API_KEY"; process.env[key];
process.env[name];
other.env.NOT_ONE;
"process.env.NOT_ONE";
"""
    assert seen(text, ENV) == [
        ("OPENAI_API_KEY", 1),
        ("ANTHROPIC_API_KEY", 2),
        ("GROQ_API_KEY", 3),
        ("HF_TOKEN", 3),
        ("XAI_API_KEY", 3),
        ("VITE_OPENAI_KEY", 4),
        ("MISTRAL_API_KEY", 5),
        ("COHERE_API_KEY", 6),
        ("AI21_API_KEY", 7),
    ]


@pytest.mark.parametrize("end", ["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"])
def test_every_dialect(end: str) -> None:
    text = 'import OpenAI from "openai";\n'
    if end in ("jsx", "tsx", "js"):
        text += 'export const A = () => <a href="/x">{new OpenAI({ model: "o1" }).x}</a>;\n'
    if "ts" in end:
        text += "const x: Map<string, number> = y satisfies Z;\n"
    assert ("openai", 1) in seen(text, path=f"src/a.{end}")
    assert troubles(MANIFEST, f"src/a.{end}", text) == []


def test_damage_is_told_and_the_rest_is_read() -> None:
    text = 'import "openai";\nconst a = {{{ ;\nimport "cohere-ai";\n'
    assert ("openai", 1) in seen(text)
    assert [type(one) for one in troubles(MANIFEST, "a.js", text)] == [Trouble]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x = `a ${`b ${f({ model: 'o1' })} {`} }`; y = {model: 'o3'}", ["o1", "o3"]),
        ("`model: 'o1' ${ {a: `}`, model: 'o3'} } model: 'o4'`", ["o3"]),
        ("x.replace(/['\"`]/g, ''); f({ model: 'o1' })", ["o1"]),
        ("a = b / c; f({ model: 'o1' }); d = e / g", ["o1"]),
        ("const a = <p>Don't</p>; f({ model: 'o1' })", ["o1"]),
        ('const a = <A model="o1" />; f({ "model": "o3" })', ["o3"]),
        ("f({ a, /* it's */ model: // o1\n 'o3' })", ["o3"]),
        ("f({ a: { b: [{ model: 'o1' }] } })", ["o1"]),
        ("x = a ? { model: 'o1' } : { model: 'o3' }", ["o1", "o3"]),
        ("x = a ? g(b) : { model: 'o1' }", ["o1"]),
        ("x = a === 'model' ? 'o1' : model ? 'o3' : 'o4'", []),
        ("switch (a) { case 'model': 'o1' }", []),
        ("interface A extends B { model: 'o1' }", []),
        ("function f(a: { model: 'o1' }): { model: 'o3' } { return { model: 'o4' } }", ["o4"]),
        ("const a: { b?: { model: 'o1' } } = { b: { model: 'o3' } }", ["o3"]),
        ("type A<T = string> = { b: { model: 'o1' } } & { model: 'o3' }", []),
        ("f<{ model: 'o1' }>({} as { model: 'o3' })", []),
        ("function f(model: Map<string, A> = 'o1', { model = 'o3' }) {}", ["o1", "o3"]),
        ("if (model === 'o1' || model >= 'o3') model += 'o4'", []),
        ("f({ model: a && 'o1' || 'o3' })", ["o3"]),
        ("f({ model: g('o1') ?? h['o3'] ?? i`o4` })", []),
    ],
)
def test_what_is_code_and_what_is_a_value_in_it(text: str, values: list[str]) -> None:
    assert [one for one, _ in seen(text, MODEL, path="src/a.tsx")] == values


def test_an_import_is_read_around_its_comments() -> None:
    text = """\
import {
  openai, // it's "the" provider
  /* from */ createOpenAI as make, type Model,
} from '@ai-sdk/openai';
import type from "cohere-ai"; import{generateText}from'ai';
openai("gpt-4o"); make("gpt-4");
"""
    assert seen(text) == [
        ("@ai-sdk/openai", 4),
        ("ai", 5),
        ("cohere-ai", 5),
        ("gpt-4", 6),
        ("gpt-4o", 6),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "const A = () => <h3>API & CORS</h3>;\n",
        'const A = () => <a href="https://x.example/?a=b&scopes=c,d" />;\n',
    ],
)
def test_damage_to_signs_alone_is_none(text: str) -> None:
    text += 'import "openai";\n'
    assert troubles(MANIFEST, "a.jsx", text) == []
    assert ("openai", 2) in seen(text, path="a.jsx")


def test_minified_files_are_passed_over() -> None:
    text = 'import "openai";\n' + "a;" * 3_000
    assert seen(text) == []
    assert seen('import "openai";\n' + "a;\n" * 3_000) == [("openai", 1)]


@pytest.mark.parametrize(
    "data", [b"G\x40\x11\x10\0\0\x01" * 40, b'<?xml version="1.0"?>\n<TS/>\n', b"<!DOCTYPE TS>\n"]
)
def test_other_files_of_that_name(data: bytes) -> None:
    with pytest.raises(Unreadable):
        mentions(MANIFEST, "i18n/de.ts", data)


@pytest.mark.parametrize(
    "text",
    [
        "[[[[\n" * 20_000,
        "`${\n" * 20_000,
        "a" + "\n.get('x')" * 10_000,
        "f(" + "\n1," * 100_000,
        "import " + "/* a */ // b\n" * 10_000,
        "import a\n" * 10_000,
        "`" + "a" * 4_000 + "\\",
        "f({ url: 'https://a.test', x: [\n" * 5_000,
        "process.env,\n" * 8_000,
        "url: g(\n" * 10_000,
    ],
)
def test_hostile_files_cost_no_more_than_their_size(text: str) -> None:
    begin = time.perf_counter()
    assert seen(text) == []
    assert time.perf_counter() - begin < 20


def test_an_import_of_types_alone_runs_nowhere() -> None:
    text = 'import type { Message } from "cohere-ai";\nimport { Groq } from "groq-sdk";\n'
    found = [(one.value, one.group.value) for one in mentions(MANIFEST, "src/a.ts", text)]
    assert found == [("cohere-ai", "dev"), ("groq-sdk", "runtime")]
