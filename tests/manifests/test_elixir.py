"""Elixir: mix.exs and mix.lock."""

import time

import pytest

from scanner.manifests import Group, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.kinds.mix_exs import MANIFEST as MIX
from scanner.manifests.kinds.mix_lock import MANIFEST as LOCK
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles, values


def _wanted(name: str, line: int, version: str = "", group: Group = Group.RUNTIME) -> Mention:
    value = f"pkg:hex/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, is_direct=True)


def test_mix_exs_names_the_application_and_its_dependencies() -> None:
    text = '''\
defmodule Answers.MixProject do
  use Mix.Project
  @version "1.2.0"
  @moduledoc """
  {:openai, "~> 0.5"}
  """

  def project do
    [
      app: :answers,
      version: @version,
      description: "Answers mail",
      releases: [answers: [include_executables_for: [:unix]]],
      deps: deps(),
      docs: [groups: {:anthropic, "x"}]
    ]
  end

  def application, do: [mod: {Answers.Application, []}]

  # {:openai, "~> 0.5"}
  defp deps do
    [
      {:openai_ex, "~> 0.8"}, # {:openai, "~> 0.5"}
      {:langchain, ">= 0.3.0 and < 0.5.0", optional: true},
      {:instructor, github: "thmsmlr/instructor_ex", tag: "v0.1.0"},
      {:bumblebee, git: "https://github.com/elixir-nx/bumblebee.git"},
      {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
      {:mox, "~> 1.0", only: :test},
      {:esbuild, "~> 0.8", runtime: Mix.env() == :dev},
      {:tailwind, "~> 0.2", runtime: false},
      {:nx_fork, "~> 0.7", hex: :nx},
      {:internal, "~> 1.0", organization: "acme"},
      {:core, in_umbrella: true},
      {
        :req,
        "~> 0.5",
        [only: [:prod, :dev]]
      }
    ] ++ deps(:ci)
  end

  defp deps(:ci), do: [{:excoveralls, "~> 0.18", only: :test}]

  defp aliases do
    [test: [{:ollama, "~> 0.8"}]]
  end
end
'''
    assert found(MIX, "mix.exs", {"mix.exs": text}) == [
        Project("answers", "1.2.0", "Answers mail", is_deployable=True, line=10),
        _wanted("openai_ex", 24, "~> 0.8"),
        _wanted("langchain", 25, ">= 0.3.0 and < 0.5.0", Group.OPTIONAL),
        _wanted("instructor", 26),
        _wanted("bumblebee", 27),
        _wanted("credo", 28, "~> 1.7", Group.DEV),
        _wanted("mox", 29, "~> 1.0", Group.TEST),
        _wanted("esbuild", 30, "~> 0.8"),
        _wanted("tailwind", 31, "~> 0.2", Group.BUILD),
        _wanted("nx", 32, "~> 0.7"),
        _wanted("acme/internal", 33, "~> 1.0"),
        _wanted("req", 35, "~> 0.5"),
        _wanted("excoveralls", 43, "~> 0.18", Group.TEST),
    ]


def test_dependencies_may_stand_in_the_project() -> None:
    text = 'def project do\n  [app: :a, deps: [\n    {:ollama, "~> 0.8"}\n  ], x: {:openai, "1"}]\nend\n'
    assert mentions(MIX, "mix.exs", text) == [_wanted("ollama", 3, "~> 0.8")]


def test_an_umbrella_has_members() -> None:
    text = 'def project do\n  [\n    apps_path: "apps",\n    deps: []\n  ]\nend\n'
    assert projects(MIX, "mix.exs", text) == [Project("", members=("apps/*",), line=3)]


_LOCK = """\
%{
  "finch": {:hex, :finch, "0.19.0", "c644", [:mix], [{:mint, "~> 1.6", [hex: :mint, repo: "hexpm", optional: false]}], "hexpm", "fc5324ce"},
  "instructor": {:git, "https://github.com/thmsmlr/instructor_ex.git", "3c1b0a3", [tag: "v0.1.0"]},
  "internal": {:hex, :internal, "1.0.3", "aa", [:mix], [], "hexpm:acme", "bb"},
  "mint": {:hex, :mint, "1.6.2", "af6d", [:mix], [{:castore, "~> 1.0", [hex: :castore, repo: "hexpm", optional: true]}], "hexpm", "5ee4"},
  "nx_fork": {:hex, :nx, "0.7.3", "51fe", [:mix], [], "hexpm", "f5ad"},
  "openai_ex": {:hex, :openai_ex, "0.8.2", "f4c1", [:mix], [{:finch, "~> 0.18", [hex: :finch, repo: "hexpm", optional: false]}], "hexpm", "9d0b"},
  "castore": {:hex, :castore, "1.0.8", "dedc", [:mix], [], "hexpm", "0b2b"},
}
"""


def _locked(
    name: str, line: int, version: str, is_direct: bool, *via: str, group: Group = Group.RUNTIME
) -> Mention:
    chain = tuple(f"pkg:hex/{one}" for one in via)
    value = f"pkg:hex/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.LOCKED, group, is_direct, chain)


def test_a_lock_tells_which_package_pulls_in_which() -> None:
    program = """\
defp deps do
  [{:openai_ex, "~> 0.8"}, {:instructor, github: "x/y"}, {:internal, "~> 1.0"},
   {:nx_fork, "~> 0.7", hex: :nx, only: :test}]
end
"""
    assert mentions(LOCK, "mix.lock", _LOCK, **{"mix.exs": program}) == [
        _locked("finch", 2, "0.19.0", False, "openai_ex"),
        _locked("instructor", 3, "3c1b0a3", True),
        _locked("acme/internal", 4, "1.0.3", True),
        _locked("mint", 5, "1.6.2", False, "openai_ex", "finch"),
        _locked("nx", 6, "0.7.3", True, group=Group.TEST),
        _locked("openai_ex", 7, "0.8.2", True),
        _locked("castore", 8, "1.0.8", False),
    ]


def test_the_lock_of_an_umbrella_does_not_tell_what_is_direct() -> None:
    seen = mentions(LOCK, "mix.lock", _LOCK, **{"mix.exs": 'apps_path: "apps"'})
    assert {one.is_direct for one in seen} == {None}
    assert {one.is_direct for one in mentions(LOCK, "mix.lock", _LOCK)} == {None}


def test_what_cannot_be_understood_is_trouble() -> None:
    text = '%{"mint": {:hex, :mint, "1.6.2", "af6d", [:mix], [], "hexpm"},\n  "x": {:svn, 1},\n}'
    assert values(LOCK, "mix.lock", text) == ["pkg:hex/mint"]
    assert troubles(LOCK, "mix.lock", text) == [Trouble("a package that cannot be understood", 2)]
    with pytest.raises(Unreadable):
        found(LOCK, "mix.lock", {"mix.lock": '{"mint": 1}'})


def test_hostile_programs_take_no_long_time() -> None:
    began = time.monotonic()
    for text in (
        "deps: [" * 100_000,
        "defp deps\n" * 50_000,
        "defp deps\n" + "{:a, " * 200_000,
        '"""' + '"' * 500_000,
    ):
        found(MIX, "mix.exs", {"mix.exs": text})
        found(LOCK, "mix.lock", {"mix.lock": "%{" + text})
    assert time.monotonic() - began < 10
