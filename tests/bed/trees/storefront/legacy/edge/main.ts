import { GoogleGenAI } from "@google/genai";
import Together from "npm:together-ai@0.6";

const ai = new GoogleGenAI({ apiKey: Deno.env.get("GEMINI_API_KEY") });
export const said = ai.models.generateContent({ model: "gemini-2.0-flash", contents: "" });
export { Together };
