plugins {
    application
}

dependencies {
    implementation(libs.langchain4j.open.ai)
    implementation("com.openai:openai-java:0.8.0") {
        exclude(group = "com.anthropic", module = "anthropic-java")
    }
    // implementation("com.cohere:cohere-java:1.2.0")
    constraints {
        implementation("io.pinecone:pinecone-client:3.0.0")
    }
    testImplementation("io.github.ollama4j:ollama4j:1.0.79")
}

application {
    mainClass.set("com.harbour.chat.Main")
}
