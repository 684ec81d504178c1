"""JavaScript and TypeScript programs: the packages they import, and the variables, hosts and models they name.

    import { openai } from "@ai-sdk/openai";
    const result = await generateText({ model: openai("gpt-4o"), prompt });

A package is named without the path in it. Modules of the runtime (``node:fs``), files of the
program itself and names of its own (``@/lib``, ``~/lib``, ``#lib``) are no packages. Of a file in
which the parser stumbles, the rest is read. Bundles and minified files are passed over.
Reference: https://tc39.es/ecma262/#sec-modules
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Trouble, Unreadable
from scanner.manifests.javascript_code import Reading
from scanner.manifests.javascript_tree import language_of, parse
from scanner.manifests.programs import MOST_OF_A_PROGRAM, Mentions, group_of, is_minified


def read(document: Document) -> Iterator[Found]:
    """Yield what a program imports, and what its literals configure."""
    if is_minified(document):
        return
    data = document.text.encode("utf-8", "replace")
    if b"\0" in data[:1024]:
        raise Unreadable("not text: a .ts file may also be a video")
    if data.lstrip()[:5].lower() in (b"<?xml", b"<!doc"):
        raise Unreadable("not a program: a .ts file may also be a translation")
    language = language_of(document.name)
    tree = parse(data, language)
    yield from Reading(tree, Mentions(group_of(document.path))).mentions()
    if line := tree.first_error():
        yield Trouble(f"the parser of {language.title} does not understand this part", line)


_SAMPLE = b"""\
import OpenAI from "openai";
import { anthropic } from "@ai-sdk/anthropic";
import { generateText } from "ai";
import { readFile } from "node:fs/promises";
import { prompts } from "./prompts";

const client = new OpenAI({
  apiKey: process.env.OPENROUTER_API_KEY,
  baseURL: "https://openrouter.ai/api/v1",
});

export async function answer(question: string) {
  const { text } = await generateText({
    model: anthropic("claude-3-5-haiku-latest"),
    prompt: question,
  });
  return text;
}
"""

MANIFEST = Manifest(
    name="javascript-source",
    title="JavaScript and TypeScript programs",
    files=("*.js", "*.mjs", "*.cjs", "*.jsx", "*.ts", "*.mts", "*.cts", "*.tsx"),
    read=read,
    is_screened=True,
    reference="https://tc39.es/ecma262/#sec-modules",
    samples={"src/answer.ts": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
