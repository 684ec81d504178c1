module git.harbour.example/dispatch/chat

go 1.24

require (
	github.com/sashabaranov/go-openai v1.41.2
	github.com/pinecone-io/go-pinecone v1.1.1 // indirect
	// github.com/liushuangls/go-anthropic/v2 v2.15.0
)

require github.com/ollama/ollama v0.5.4

exclude github.com/cohere-ai/cohere-go/v2 v2.8.0

replace github.com/tmc/langchaingo => github.com/tmc/langchaingo v0.1.13

retract v0.1.0
