"""Julia: Project.toml and Manifest.toml."""

import pytest

from scanner.manifests import Group, Mention, Project, Tie, Unreadable
from scanner.manifests.kinds.julia_manifest import MANIFEST as LOCK
from scanner.manifests.kinds.julia_project import MANIFEST as PROJECT
from scanner.model import Identifier
from tests.manifests.support import found, mentions

_PROJECT = """\
name = "Answers"
uuid = "7876af07-990d-54b4-ab0e-23690620f79a"
version = "0.1.0"
authors = ["Ana Lima <ana@example.org>", {given-names = "Bo"}]

[deps]
# Flux = "587475ba-b771-5e3f-ad9e-33799f191a9c"
OpenAI = "e9f21f70-7185-4079-aca2-91159181367c"
Transformers = "21ca0261-441d-5938-ace7-c90938fde4d4"

[weakdeps]
CUDA = "052768ef-5323-5732-b1bb-66c8b64840ba"

[extensions]
AnswersCUDAExt = "CUDA"

[compat]
OpenAI = "0.9, 0.10"
CUDA = "5"
julia = "1.10"

[extras]
Test = "8dfed614-e22c-5e08-85e1-65c5234f0b40"
CUDA = "052768ef-5323-5732-b1bb-66c8b64840ba"

[targets]
test = ["Test", "CUDA"]

[workspace]
projects = ["test", "docs"]
"""


def _wanted(name: str, line: int, version: str = "", group: Group = Group.RUNTIME) -> Mention:
    value = f"pkg:julia/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, is_direct=True)


def test_a_project_names_itself_and_its_packages() -> None:
    assert found(PROJECT, "Project.toml", {"Project.toml": _PROJECT}) == [
        Project(
            "Answers",
            "0.1.0",
            people=("Ana Lima <ana@example.org>",),
            members=("test", "docs"),
        ),
        _wanted("OpenAI", 8, "0.9, 0.10"),
        _wanted("Transformers", 9),
        _wanted("CUDA", 12, "5", Group.OPTIONAL),
        _wanted("Test", 23, group=Group.TEST),
    ]


def test_an_environment_for_tests() -> None:
    text = '[deps]\nOpenAI = "e9f21f70"\n'
    assert mentions(PROJECT, "test/Project.toml", text) == [_wanted("OpenAI", 2, group=Group.TEST)]


@pytest.mark.parametrize(
    "text",
    ["", "[project]\nid = 'x'\n[[build.env]]\nname = 'OPENAI'\n", "deps = [", "deps = 'x'\n"],
)
def test_other_projects_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        found(PROJECT, "project.toml", {"project.toml": text})


_LOCK = """\
julia_version = "1.10.4"
manifest_format = "2.0"
project_hash = "da39a3ee"

[[deps.Dates]]
deps = ["Printf"]
uuid = "ade2ca70-3891-5945-98fb-dc099432e06a"

[[deps.HTTP]]
deps = ["Dates"]
git-tree-sha1 = "d1d712be"
uuid = "cd3eb016-35fb-5094-929b-558a96fad6f3"
version = "1.10.8"

[[deps.OpenAI]]
git-tree-sha1 = "4f8a2f2a"
uuid = "e9f21f70-7185-4079-aca2-91159181367c"
version = "0.9.0"

    [deps.OpenAI.deps]
    HTTP = "cd3eb016-35fb-5094-929b-558a96fad6f3"
"""


def _locked(name: str, line: int, version: str, is_direct: bool | None, *via: str) -> Mention:
    return Mention(
        Identifier.PACKAGE,
        f"pkg:julia/{name}",
        line,
        version,
        Tie.LOCKED,
        is_direct=is_direct,
        via=tuple(f"pkg:julia/{one}" for one in via),
    )


def test_a_lock_tells_which_package_pulls_in_which() -> None:
    project = '[deps]\nOpenAI = "e9f21f70"\n'
    assert mentions(LOCK, "Manifest.toml", _LOCK, **{"Project.toml": project}) == [
        _locked("Dates", 5, "", False, "OpenAI", "HTTP"),
        _locked("HTTP", 9, "1.10.8", False, "OpenAI"),
        _locked("OpenAI", 15, "0.9.0", True),
    ]


def test_a_lock_of_the_first_format() -> None:
    text = '[[HTTP]]\nuuid = "cd3eb016"\ngit-tree-sha1 = "d1d7"\nversion = "1.10.8"\n'
    assert mentions(LOCK, "Manifest.toml", text) == [_locked("HTTP", 1, "1.10.8", None)]


def test_the_lock_of_another_language_is_refused() -> None:
    text = 'packages = [\n  { name = "openai", version = "1.0.0", build_tools = ["gleam"] },\n]\n'
    with pytest.raises(Unreadable):
        found(LOCK, "manifest.toml", {"manifest.toml": text})
