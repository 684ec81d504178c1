package main

import (
	"os"

	"git.harbour.example/dispatch/chat/openai"
	// "github.com/tmc/langchaingo/llms"
	"github.com/ollama/ollama/api"
	goopenai "github.com/sashabaranov/go-openai"
)

const hint = `import "github.com/cohere-ai/cohere-go/v2"`

func main() {
	config := goopenai.DefaultConfig(os.Getenv("OPENAI_API_KEY"))
	config.BaseURL = "https://api.openai.com/v1"
	openai.Run(goopenai.NewClientWithConfig(config), &api.Client{}, "gpt-4o-mini")
}
