"""Repositories as trees, and what the readers of manifests make of them."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from integrations.fields import Item
from integrations.github import repositories
from integrations.github.files import BLOB, REPOSITORIES, SBOM, TREE
from integrations.github.repositories import (
    BILL,
    Listed,
    Repository,
    RepositoryTree,
    ask,
    choice_of_manifests,
    listed,
    trees,
)
from integrations.operations import Operation
from scanner.commands._shared import _tree_reader
from scanner.manifests import Document
from scanner.manifests.kinds.spdx_json import MANIFEST
from scanner.model import Tenant
from scanner.privacy import Pseudonyms
from scanner.trees.folders import TreeFile
from scanner.trees.reading import read_tree
from tests.support import the_base

CHOICE = choice_of_manifests()
HARBOUR = Repository("harbour", "support", "main", "github.com/harbour/support")


def _repository(name: str = "support", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "owner": {"login": "harbour"},
        "default_branch": "main",
        "html_url": f"https://github.com/harbour/{name}",
        "archived": False,
        "disabled": False,
        "size": 12,
        **more,
    }


def _file(path: str, sha: str, size: int = 10, mode: str = "100644") -> dict[str, Any]:
    return {"path": path, "sha": sha, "size": size, "mode": mode}


def _blob(sha: str, text: str) -> dict[str, Any]:
    wrapped = base64.encodebytes(text.encode()).decode()  # GitHub breaks it into lines
    return {"sha": sha, "encoding": "base64", "content": wrapped}


class Laid:
    """A run of which the answers are laid out; what is not there is no such thing."""

    settings: Mapping[str, str] = {}
    tenant = Tenant("github", "1")

    def __init__(self, answers: Mapping[tuple[str, ...], Any]) -> None:
        self._answers = answers
        self._kept: dict[str, list[tuple[dict[str, str], Any]]] = {REPOSITORIES.id: []}
        self.asked: list[tuple[str, ...]] = []
        for one in answers.get((REPOSITORIES.id,), ()):
            self._kept[REPOSITORIES.id].append(({"org": "harbour"}, one))

    def read(self, operation: Operation, **parameters: str) -> bool:
        key = (operation.id.partition(".")[2], *list(parameters.values())[1:])
        if key in self.asked:
            return True
        self.asked.append(key)
        if key not in self._answers:
            return False
        self._kept.setdefault(operation.id, []).append((parameters, self._answers[key]))
        return True

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        for parameters, one in self._kept.get(operation.id, []):
            yield parameters, Item(one)

    def ai_apps(self) -> Iterator[Any]:
        yield from ()

    def since(self, operation: Operation, days: int) -> str:
        return "2026-10-01T00:00:00Z"


LISTING = {
    "sha": "t",
    "truncated": False,
    "tree": [
        _file("requirements.txt", "r"),
        _file("src/app.py", "p"),
        _file("web", "", mode="040000"),
        _file("web/package.json", "n"),
        _file("web/node_modules/openai/package.json", "x"),
        _file("web/copy/package.json", "n"),
        _file(".mcp.json", "m"),
        _file("CLAUDE.md", "c"),
        _file("link.txt/requirements.txt", "l", mode="120000"),
        _file("models/large.gguf", "g"),
        _file("package-lock.json", "big", size=90_000_000),
        _file("notes.txt", "o"),
        _file(".env", "s"),
        _file("translations/de.json", "d"),
    ],
}
ANSWERS: dict[tuple[str, ...], Any] = {
    (REPOSITORIES.id,): [
        _repository("old", archived=True),
        _repository("locked", disabled=True),
        _repository("empty", size=0),
        _repository(),
        _repository("docs"),
    ],
    ("tree", "support", "main"): LISTING,
    ("blob", "support", "r"): _blob("r", "openai==1.51.0\n"),
    ("blob", "support", "n"): _blob("n", '{"dependencies": {"openai": "^4"}}'),
    ("blob", "support", "m"): _blob("m", "{}"),
    ("tree", "docs", "main"): {"truncated": True, "tree": [_file("requirements.txt", "r2")]},
    ("blob", "docs", "r2"): {"sha": "r2", "encoding": "utf-8", "content": "anthropic"},
}


def test_repositories_that_are_worked_on() -> None:
    assert list(listed(Laid(ANSWERS))) == [
        HARBOUR,
        Repository("harbour", "docs", "main", "github.com/harbour/docs"),
    ]


def test_only_files_that_may_be_a_manifest_or_an_agent_s_are_read() -> None:
    run = Laid(ANSWERS)
    ask(run, CHOICE)
    assert run.asked == [
        ("sbom", "support"),
        ("tree", "support", "main"),
        ("sbom", "docs"),
        ("tree", "docs", "main"),
        ("blob", "support", "m"),
        ("blob", "support", "c"),
        ("blob", "support", "r"),
        ("blob", "support", "n"),
        ("blob", "docs", "r2"),
    ]


def test_a_repository_is_a_tree_of_what_was_read() -> None:
    run = Laid(ANSWERS)
    ask(run, CHOICE)
    support, docs = trees(run, CHOICE)
    assert (support.origin, support.name) == ("github.com/harbour/support", "support")
    assert list(support.files()) == [
        TreeFile(".mcp.json", 2),
        TreeFile("requirements.txt", 15),
        TreeFile("web/copy/package.json", 34),
        TreeFile("web/package.json", 34),
    ]
    assert support.read("requirements.txt") == b"openai==1.51.0\n"
    assert support.read("requirements.txt", 6) == b"openai"
    assert support.read("src/app.py") is None
    assert support.unread == ["CLAUDE.md"]
    assert docs.read("requirements.txt") == b"anthropic"
    assert "GitHub did not list all of its files" in docs.notes


def test_a_list_of_components_is_a_file_that_its_reader_knows() -> None:
    bill = {
        "sbom": {
            "SPDXID": "SPDXRef-DOCUMENT",
            "spdxVersion": "SPDX-2.3",
            "name": "harbour/support",
            "packages": [
                {
                    "SPDXID": "SPDXRef-1",
                    "name": "openai",
                    "versionInfo": "1.51.0",
                    "externalRefs": [
                        {
                            "referenceCategory": "PACKAGE-MANAGER",
                            "referenceType": "purl",
                            "referenceLocator": "pkg:pypi/openai@1.51.0",
                        }
                    ],
                }
            ],
            "relationships": [],
        }
    }
    run = Laid({(REPOSITORIES.id,): [_repository()], ("sbom", "support"): bill})
    ask(run, CHOICE)
    (tree,) = trees(run, CHOICE)
    assert "GitHub did not list all of its files" in tree.notes
    assert MANIFEST in CHOICE.of(BILL)
    data = tree.read(BILL)
    assert data is not None
    found = [one for one in MANIFEST.read(Document(BILL, data)) if "openai" in repr(one)]
    assert len(found) == 1
    assert json.loads(data) == bill["sbom"]


def test_nothing_of_a_repository_that_was_not_read() -> None:
    run = Laid({(REPOSITORIES.id,): [_repository()]})
    ask(run, CHOICE)
    assert list(trees(run, CHOICE)) == []


def test_the_nearest_files_are_read_first_and_the_others_are_counted(monkeypatch: Any) -> None:
    monkeypatch.setattr(repositories, "MOST_FILES", 2)
    names = ["a/b/c/package.json", "package.json", "a/package.json", "z/y/package.json"]
    listing = {"tree": [_file(name, name) for name in names]}
    run = Laid({(REPOSITORIES.id,): [_repository()], ("tree", "support", "main"): listing})
    ask(run, CHOICE)
    assert [one[-1] for one in run.asked if one[0] == "blob"] == ["package.json", "a/package.json"]
    (tree,) = trees(run, CHOICE)
    assert (tree.left_out, tree.unread) == (2, ["package.json", "a/package.json"])


def test_damaged_content_and_strange_trees_are_no_trouble() -> None:
    strange = {"tree": [7, {"path": 1, "mode": 2}, _file("package.json", "n")], "truncated": "x"}
    answers = {
        (REPOSITORIES.id,): [_repository()],
        ("tree", "support", "main"): strange,
        ("blob", "support", "n"): {"sha": "n", "encoding": "base64", "content": "a"},
    }
    run = Laid(answers)
    ask(run, CHOICE)
    (tree,) = trees(run, CHOICE)
    assert tree.read("package.json") == b""


def test_a_tree_by_itself() -> None:
    listing = (Listed("a.txt", 1, "1"), Listed("b.txt", 1, "2"))
    tree = RepositoryTree(HARBOUR, listing, {"2": b"x"}, b"{}", left_out=3)
    assert [one.path for one in tree.files()] == [BILL, "b.txt"]
    assert (tree.unread, tree.left_out, tree.read("a.txt")) == (["a.txt"], 3, None)


def test_the_readers_of_manifests_take_it_as_any_other_tree() -> None:
    run = Laid(ANSWERS)
    ask(run, CHOICE)
    tree = next(iter(trees(run, CHOICE)))
    reader = _tree_reader(the_base(), Pseudonyms(b"k" * 40))
    built = read_tree(reader, tree, tree.origin, tree.name).built
    assert built.origin == "github.com/harbour/support"
    assert not built.rejects
    found = {(one.file, one.value) for app in built.applications for one in app.components}
    assert ("requirements.txt", "pkg:pypi/openai") in found
    assert ("web/package.json", "pkg:npm/openai") in found


def test_nothing_but_what_is_declared_is_asked_for() -> None:
    assert {SBOM.method, TREE.method, BLOB.method, REPOSITORIES.method} == {"GET"}
