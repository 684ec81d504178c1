// fetch("https://api.cohere.com/v2/chat")
fetch("https://api.mistral.ai/v1/chat/completions", { method: "POST" });
