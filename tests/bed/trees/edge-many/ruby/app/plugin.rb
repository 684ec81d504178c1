gem "tiktoken_ruby", "0.0.11"
gem name
# gem "anthropic", "1.0"
