export const prompts = "Answer in one sentence.";
