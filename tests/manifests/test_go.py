"""Go: go.mod, go.sum and go.work."""

import pytest

from scanner.manifests import Document, Group, Mention, Project, Tie, Trouble, Unreadable
from scanner.manifests.kinds.go_mod import MANIFEST as GO_MOD
from scanner.manifests.kinds.go_sum import MANIFEST as GO_SUM
from scanner.manifests.kinds.go_work import MANIFEST as GO_WORK
from scanner.model import Identifier
from tests.manifests.support import found, mentions, projects, troubles, values


def module(name: str, line: int, version: str, **more: object) -> Mention:
    given = {"is_direct": True, **more}
    return Mention(Identifier.PACKAGE, f"pkg:golang/{name}", line, version, **given)  # type: ignore[arg-type]


def test_a_module_and_what_it_requires() -> None:
    data = """// the assistant
module git.example.com/acme/assistant // on our own server

go 1.24.0
toolchain go1.24.1

require github.com/sashabaranov/go-openai v1.41.2
require (
	github.com/anthropics/anthropic-sdk-go v1.4.0 // used by the critic
	"github.com/openai/openai-go/v3" v3.0.1
	// github.com/cohere-ai/cohere-go/v2 v2.14.1
	golang.org/x/net v0.38.0 // indirect
	golang.org/x/text v0.24.0 // indirect; by net
)
"""
    assert found(GO_MOD, "go.mod", {"go.mod": data}) == [
        Project("git.example.com/acme/assistant", line=2),
        module("github.com/sashabaranov/go-openai", 7, "v1.41.2"),
        module("github.com/anthropics/anthropic-sdk-go", 9, "v1.4.0"),
        module("github.com/openai/openai-go/v3", 10, "v3.0.1"),
        module("golang.org/x/net", 12, "v0.38.0", is_direct=False),
        module("golang.org/x/text", 13, "v0.24.0", is_direct=False),
    ]


def test_what_is_excluded_retracted_or_ignored_is_not_used() -> None:
    data = """module example.com/a
exclude github.com/sashabaranov/go-openai v1.0.0
exclude (
	github.com/tmc/langchaingo v0.1.0
)
retract [v1.0.0, v1.2.0] // a mistake
retract (
	v2.0.0
	[v2.1.0, v2.2.0]
)
ignore ./node_modules
godebug default=go1.21
"""
    assert found(GO_MOD, "go.mod", {"go.mod": data}) == [Project("example.com/a")]


def test_a_module_that_replaces_another_is_named_and_a_folder_is_not() -> None:
    data = """module example.com/a
require github.com/tmc/langchaingo v0.1.13 // indirect
replace github.com/tmc/langchaingo => github.com/acme/langchaingo v0.1.14
replace (
	example.com/b v1.0.0 => ../b
	example.com/c => example.com/d v1.1.0
)
"""
    assert mentions(GO_MOD, "go.mod", data) == [
        module("github.com/tmc/langchaingo", 2, "v0.1.13", is_direct=False),
        module("github.com/acme/langchaingo", 3, "v0.1.14", is_direct=False),
        module("example.com/d", 6, "v1.1.0", is_direct=False),
    ]


def test_a_module_that_only_provides_a_tool_serves_the_build() -> None:
    data = """module example.com/a
require (
	golang.org/x/tools v0.30.0 // indirect
	github.com/ollama/ollama v0.6.0
)
tool (
	golang.org/x/tools/cmd/stringer
	github.com/ollama/ollama/cmd
	example.com/a/internal/generate
)
tool example.net/lost/cmd/x
"""
    assert mentions(GO_MOD, "go.mod", data) == [
        module("example.net/lost/cmd/x", 11, "", group=Group.BUILD),
        module("golang.org/x/tools", 3, "v0.30.0", group=Group.BUILD),
        module("github.com/ollama/ollama", 4, "v0.6.0"),
    ]


def test_damage_is_told_and_the_rest_is_read() -> None:
    data = "module example.com/a\nrequire example.com/b\n<<<<<<< HEAD\nrequire example.com/c v1\n"
    assert values(GO_MOD, "go.mod", data) == ["pkg:golang/example.com/c"]
    assert troubles(GO_MOD, "go.mod", data) == [
        Trouble("no require directive: example.com/b", 2),
        Trouble("no directive: '<<<<<<<'", 3),
    ]
    with pytest.raises(Unreadable):
        list(GO_MOD.read(Document("go.mod", b"FROM golang:1.24\n")))


SUMS = """github.com/sashabaranov/go-openai v1.41.2 h1:AAAA=
github.com/sashabaranov/go-openai v1.41.2/go.mod h1:BBBB=
github.com/weighed/only v1.0.0/go.mod h1:CCCC=
"""


def test_checksums_count_only_without_the_module_beside_them() -> None:
    locked = Mention(
        Identifier.PACKAGE, "pkg:golang/github.com/sashabaranov/go-openai", 1, "v1.41.2", Tie.LOCKED
    )
    assert found(GO_SUM, "a/go.sum", {"a/go.sum": SUMS, "go.mod": ""}) == [locked]
    assert found(GO_SUM, "a/go.sum", {"a/go.sum": SUMS, "a/go.mod": ""}) == []
    assert troubles(GO_SUM, "go.sum", SUMS + ">>>>>>> other\n") == [
        Trouble("no checksum of a module", 4)
    ]


def test_a_workspace_has_members() -> None:
    data = """go 1.24
use ./tools/
use (
	.
	./services/chat // talks
)
replace example.com/b => example.com/c v1.0.0
replace example.com/d => ./d
"""
    assert projects(GO_WORK, "go.work", data) == [
        Project("", members=("tools", ".", "services/chat"))
    ]
    assert mentions(GO_WORK, "go.work", data) == [
        module("example.com/c", 7, "v1.0.0", is_direct=None)
    ]
