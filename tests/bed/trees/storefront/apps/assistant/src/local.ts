const base = process.env.NEXT_PUBLIC_OLLAMA_URL ?? "";
const endpoint = `https://${process.env.RESOURCE}.openai.azure.com/openai`;
const theme = process.env.NEXT_PUBLIC_THEME;

export async function tell(text: string) {
  await fetch("https://slack.com/api/chat.postMessage", { method: "POST", body: text });
  await fetch("https://dash.cloudflare.com/profile/api-tokens");
  return fetch(endpoint, { method: "POST", body: `${base}${theme}${text}` });
}
