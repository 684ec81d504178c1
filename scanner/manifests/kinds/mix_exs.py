r"""mix.exs: what an Elixir application is called and which packages it wants.

    {:openai_ex, "~> 0.8"},
    {:credo, "~> 1.7", only: [:dev, :test], runtime: false}

It is a program, read without running it: the tuples in functions named for deps count.
Reference: https://hexdocs.pm/mix/Mix.Tasks.Deps.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Project, Tie, Trouble
from scanner.manifests.elixir import code_of, wanted
from scanner.model import Identifier

_APP = re.compile(r"\bapp:\s*:(\w+)")
_VERSION = re.compile(r'\bversion:\s*"([^"\n]*)"|@version\s+"([^"\n]*)"')
_DESCRIPTION = re.compile(r'\bdescription:\s*"([^"\n]*)"')
_APPS = re.compile(r'\bapps_path:\s*"([^"\n]*)"')
_RUNS = re.compile(r"\b(?:releases|escript):")


def read(document: Document) -> Iterator[Found]:
    code = code_of(document.text)
    app, apps = _APP.search(code), _APPS.search(code)
    if named := app or apps:
        version, description = _VERSION.search(code), _DESCRIPTION.search(code)
        yield Project(
            app[1] if app else "",
            (version[1] or version[2] or "") if version else "",
            description[1] if description else "",
            members=(f"{apps[1]}/*",) if apps else (),
            is_deployable=_RUNS.search(code) is not None,
            line=code.count("\n", 0, named.start()) + 1,
        )
    for one in wanted(code):
        if isinstance(one, Trouble):
            yield one
        else:
            yield Mention(
                Identifier.PACKAGE, one.value, one.line, one.version, Tie.DECLARED, one.group, True
            )


MANIFEST = Manifest(
    name="mix-exs",
    title="mix.exs (Elixir)",
    files=("mix.exs",),
    read=read,
    reference="https://hexdocs.pm/mix/Mix.Tasks.Deps.html",
    samples={
        "mix.exs": b"""\
defmodule Answers.MixProject do
  use Mix.Project

  def project do
    [
      app: :answers,
      version: "0.1.0",
      deps: deps()
    ]
  end

  defp deps do
    [
      {:openai_ex, "~> 0.8"},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false}
    ]
  end
end
"""
    },
)
