import OpenAI from "openai";
import { anthropic } from "@ai-sdk/anthropic";
import { generateText } from "ai";
import type { Config } from "cohere-ai";
// import Groq from "groq-sdk";
import groq from "groq";
import { prompts } from "./openai";

const hint = 'import { Mistral } from "@mistralai/mistralai"';
const MODEL = "gpt-4o";
const client = new OpenAI({ apiKey: process.env.OPENAI_API_KEY });

export async function answer(question: string): Promise<string> {
  await client.chat.completions.create({ model: MODEL, messages: [] });
  const { text } = await generateText({
    model: anthropic("claude-3-5-sonnet-20240620"),
    prompt: `${prompts} ${question} ${hint}`,
  });
  return text;
}

export const query = groq`*[_type == "order"]`;
export type { Config };
