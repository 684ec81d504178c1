require "openai"
require_relative "anthropic"
# require "cohere"

CLIENT = OpenAI::Client.new(
  access_token: ENV.fetch("OPENAI_ACCESS_TOKEN"),
  uri_base: "https://api.groq.com/openai"
)
HINT = 'require "ollama-ai"'
