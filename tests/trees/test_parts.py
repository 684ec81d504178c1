"""Trees that several processes read: the same comes out, however many parts there are."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from scanner.commands._shared import tools_of
from scanner.manifests import Group, Mention, Project, Tie
from scanner.model import Built, HintKind, Identifier
from scanner.privacy import Pseudonyms
from scanner.reading import Tools
from scanner.reading.tasks import look_at, read_files_of
from scanner.trees import TreeInput, hints, tasks
from scanner.trees.applications import Place
from scanner.trees.folders import TreeFile
from scanner.trees.hints import Hints, add_suggested
from scanner.trees.own_modules import OwnModules
from scanner.trees.pieces import Piece
from scanner.trees.tasks import Joining, Survey, finish_tree, look_at_tree
from scanner.workers import Workers
from tests.bed import labels, planted
from tests.running import gnomon
from tests.support import the_base
from tests.trees.support import committed, git, written

_SHOWN = ("id", "name", "components", "hints", "owner_candidates")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@cache
def _tools() -> Tools:
    return tools_of(the_base(), Pseudonyms(b"k" * 40), Path("unused"), has_trees=True)


@pytest.fixture(autouse=True)
def _small_trees_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_FEWEST", 1)


def _in_one_go(source: TreeInput) -> Built:
    reader = _tools().trees
    assert reader is not None
    return look_at_tree(reader, source, _tools().now)


def _in_parts(source: TreeInput, jobs: int) -> Built:
    """Read a tree as the engine does."""
    tools = _tools()
    with Workers(tools, jobs) as workers:
        survey = workers.submit(look_at, source, 2).result()
        assert isinstance(survey, Survey)
        assert tools.trees is not None
        with Joining(tools.trees, survey, tools.now) as joining:
            for future in [workers.submit(read_files_of, one) for one in survey.parts(jobs)]:
                joining.add(future.result())
            return finish_tree(joining, survey)


@needs_git
@pytest.mark.parametrize("name", sorted(labels()))
def test_a_tree_in_parts_is_the_tree(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = committed(planted(name, tmp_path), {})
    git(root, "clone", "-q", "--bare", str(root), str(tmp_path / "bare.git"))
    for source in (
        TreeInput(str(root)),
        TreeInput(str(root), "HEAD"),
        TreeInput(str(tmp_path / "bare.git")),
    ):
        whole = _in_one_go(source)
        assert whole.applications
        for jobs, parts in ((1, 1), (2, 2), (2, 1_000)):
            monkeypatch.setattr(tasks, "_PARTS", parts)
            assert _in_parts(source, jobs) == whole


def test_a_scan_with_two_processes_stores_what_one_stores(tmp_path: Path) -> None:
    root = planted("claims-platform", tmp_path)
    shown = []
    for jobs in (1, 2):
        db = tmp_path / f"{jobs}.db"
        assert gnomon("scan", root, "--db", db, "--jobs", jobs).code == 0
        systems = gnomon("inventory", "list", "--db", db, "--format", "json").json()
        names = [one["name"] for one in systems]
        ran = [gnomon("inventory", "show", one, "--db", db, "--format", "json") for one in names]
        shown.append([[one.json()[about] for about in _SHOWN] for one in ran])
    assert shown[0]
    assert shown[0] == shown[1]


@needs_git
def test_a_part_reads_files_that_lie_in_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_PARTS", 1_000)
    files = {
        "a/requirements.txt": "-c ../z/pins.txt\nopenai\n",
        "b/app.py": "import openai\n",
        "z/pins.txt": "openai==1.2.3\n",
    }
    root = committed(tmp_path / "app", files)
    for source in (TreeInput(str(root)), TreeInput(str(root), "HEAD")):
        built = _in_parts(source, 2)
        versions = {one.version for a in built.applications for one in a.components}
        assert "1.2.3" in {one.strip("=") for one in versions}
        assert built == _in_one_go(source)


def test_no_part_leads_out_of_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_PARTS", 1_000)
    written(tmp_path, {"outside.txt": "openai\n"})
    root = written(tmp_path / "tree", {"a/requirements.txt": "-r ../out.txt\n", "b.py": ""})
    (root / "out.txt").symlink_to(tmp_path / "outside.txt")
    assert _in_parts(TreeInput(str(root)), 2).applications == []


def test_parts_are_about_as_much_work() -> None:
    sizes = [10_000, 0, 0, 0, 0, 0, 2_000, 8_000]
    files = tuple(TreeFile(str(number), size) for number, size in enumerate(sizes))
    survey = Survey(Path(), Path(), "", "", "", files, OwnModules(), ())
    cut = [[int(one.path) for one in part.files] for part in survey.parts(1)]
    assert cut == [[0], [1], [2, 3], [4, 5, 6], [7]]


def test_an_empty_tree_has_no_part() -> None:
    survey = Survey(Path(), Path(), "", "", "", (), OwnModules(), ())
    assert list(survey.parts(2)) == []


def test_pieces_keep_no_more_than_the_tree_would() -> None:
    whole = Piece()
    for _ in range(3):
        piece = Piece(rejected=15)
        piece.rejects = [("reject", number) for number in range(15)]  # type: ignore[misc]
        piece.place("a").add(Place("a", [Project("x")], has_dependencies=True))
        whole.add(piece)
    assert (len(whole.rejects), whole.rejected) == (20, 45)
    assert whole.places == {"a": Place("a", [Project("x")] * 3, has_dependencies=True)}


def test_places_of_a_hint_are_bounded_over_all_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_MOST_PLACES", 3)
    reader = _tools().trees
    assert reader is not None
    found: hints.Suggested = {}
    for part in range(2):
        own: hints.Suggested = {}
        for line in range(2):
            mention = Mention(Identifier.PACKAGE, "pkg:pypi/psycopg2", part * 10 + line)
            assert (mention.tie, mention.group) == (Tie.DECLARED, Group.RUNTIME)
            Hints(reader.namespaces, own).meet("a/requirements.txt", mention)
        add_suggested(found, own)
    (places,) = (one for (kind, _), one in found["a"].items() if kind is HintKind.DATA_STORE)
    assert [line for _, line in places] == [0, 1, 10]
