defmodule Tides.MixProject do
  use Mix.Project

  def project do
    [app: :tides, version: "0.1.0", deps: deps()]
  end

  defp deps do
    [
      {:openai_ex, "~> 0.8"},
      # {:langchain, "~> 0.3"},
      {:bumblebee, "~> 0.6", only: [:dev, :test]}
    ]
  end
end
