import OpenAI from "openai";

// The key comes from the studio's vault; see OPENAI_API_KEY there.
const client = new OpenAI();

export async function summarise(notes: string): Promise<string> {
  const answer = await client.chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: `Summarise these site notes:\n${notes}` }],
  });
  return answer.choices[0]?.message.content ?? "";
}
