package com.harbour.chat;

import com.harbour.openai.Prompts;
import dev.langchain4j.model.openai.OpenAiChatModel;
// import com.cohere.api.Cohere;

/* import com.anthropic.client.AnthropicClient; */
public class Main {
    static final String HINT = "import io.pinecone.clients.Pinecone;";

    public static void main(String[] arguments) {
        var key = System.getenv("OPENAI_API_KEY");
        OpenAiChatModel.builder().apiKey(key).baseUrl("https://api.openai.com/v1").modelName("gpt-4o").build();
    }
}
