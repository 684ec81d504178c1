import { ChatOpenAI } from "@langchain/openai";

export const chat = new ChatOpenAI({
  model: "deepseek-chat",
  configuration: { baseURL: "https://api.deepseek.com/v1" },
});
