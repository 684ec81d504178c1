using Anthropic.SDK;
