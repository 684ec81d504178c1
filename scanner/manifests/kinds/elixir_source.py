"""Elixir programs, *.ex and *.exs: the variables, hosts and models they name.

    config :answers, key: System.fetch_env!("OPENAI_API_KEY")
    @endpoint "https://api.anthropic.com/v1/messages"

A program names modules, and mix.exs the packages that have them.
Reference: https://hexdocs.pm/elixir/syntax-reference.html
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest
from scanner.manifests.programs import MOST_OF_A_PROGRAM
from scanner.manifests.source_lines import ELIXIR, said_in


def read(document: Document) -> Iterator[Found]:
    """Yield what the texts of a program say."""
    yield from said_in(document, ELIXIR)


_SAMPLE = b"""\
defmodule Answers.Client do
  @endpoint "https://api.anthropic.com/v1/messages"

  def key, do: System.fetch_env!("ANTHROPIC_API_KEY")
end
"""

MANIFEST = Manifest(
    name="elixir-source",
    title="Elixir programs",
    files=("*.ex", "*.exs"),
    read=read,
    is_screened=True,
    reference="https://hexdocs.pm/elixir/syntax-reference.html",
    samples={"lib/answers/client.ex": _SAMPLE},
    most=MOST_OF_A_PROGRAM,
)
