"""Serves claims."""

DOCS = "https://docs.anthropic.com/en/api"
TEXT = "We were asked about Ollama and ChatGPT."
