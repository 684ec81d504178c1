defmodule Tides do
  @moduledoc """
  It asked https://api.cohere.com/v2/chat before.
  """

  @endpoint "https://api.deepl.com/v2/translate"
  # @endpoint "https://api.anthropic.com/v1/messages"
  @default_model "mistral-small-latest"

  def key, do: System.fetch_env!("DEEPL_API_KEY")
end
