"""What a repository says of a tree, with the real git."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanner.errors import SourceError
from scanner.model import OwnerClaim
from scanner.trees.git import (
    Author,
    GitTree,
    authors,
    commits,
    first_commit,
    is_bare,
    last_authors,
    normalised,
    remote_of,
)
from scanner.trees.owners import authors_of, commits_of_a_year, owners_of
from tests.trees.support import committed, git, written

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("https://github.com/Harbour/Support.git", "github.com/harbour/support"),
        ("https://ann:secret@GitHub.com/harbour/support", "github.com/harbour/support"),
        ("git@github.com:harbour/support.git", "github.com/harbour/support"),
        ("ssh://git@github.com:22/harbour/support.git/", "github.com/harbour/support"),
        ("https://git.example:8443/a/b/c.git", "git.example/a/b/c"),
        ("/srv/git/support.git", ""),
        ("../support", ""),
        ("file:///srv/git/support.git", ""),
        ("C:\\work\\support", ""),
        ("", ""),
    ],
)
def test_a_remote_has_one_spelling_and_no_secret(url: str, known_as: str) -> None:
    assert normalised(url) == known_as


def test_the_remote_of_checkouts_worktrees_and_bare_ones(tmp_path: Path) -> None:
    root = committed(tmp_path / "one", {"a.py": "x"}, "git@github.com:harbour/support.git")
    git(root, "remote", "add", "fork", "https://github.com/ann/support")
    git(root, "worktree", "add", "-q", str(tmp_path / "tree"), "HEAD")
    git(tmp_path, "clone", "-q", "--bare", str(root), "bare.git")
    git(tmp_path / "bare.git", "remote", "set-url", "origin", "https://github.com/harbour/support")
    for place in ("one", "tree", "bare.git"):
        assert remote_of(tmp_path / place) == "github.com/harbour/support"
    assert is_bare(tmp_path / "bare.git")
    assert not is_bare(root)
    assert remote_of(tmp_path) == ""


def test_a_revision_is_read_without_a_checkout(tmp_path: Path) -> None:
    root = committed(tmp_path, {"app.py": "import openai\n", "b/ä b.py": "x"})
    first = git(root, "rev-parse", "HEAD")
    written(root, {"app.py": "import os\n", "new.py": "y"})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "no more AI")
    (root / "app.py").write_text("not committed")
    tree = GitTree(root, first)
    try:
        assert [file.path for file in tree.files()] == ["app.py", "b/ä b.py"]
        assert tree.read("app.py") == b"import openai\n"
        assert tree.read("b/ä b.py") == b"x"
        assert tree.read("new.py") is None
        assert tree.commit == first
    finally:
        tree.close()
    assert first_commit(root) == first


def test_what_others_put_into_a_revision_is_passed_over_as_on_a_disk(tmp_path: Path) -> None:
    files = {
        "go.mod": "module a.example/b\n",
        "vendor/c.example/d/e.go": "x",
        "web/vendor/own.js": "x",  # nothing beside says that it is others'
        "web/node_modules/e/index.js": "x",
        ".version-backups/go.mod": "module a.example/b\n",
        "backup/own.go": "x",  # may be what the program is about
    }
    root = committed(tmp_path, files)
    tree = GitTree(root, "HEAD")
    try:
        assert [file.path for file in tree.files()] == [
            "backup/own.go",
            "go.mod",
            "web/vendor/own.js",
        ]
    finally:
        tree.close()


def test_a_file_that_a_partial_clone_lacks_is_listed_and_not_read(tmp_path: Path) -> None:
    root = committed(tmp_path, {"app.py": "import openai\n", "large.py": "x"})
    name = git(root, "rev-parse", "HEAD:large.py")
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    tree = GitTree(root, "HEAD")
    try:
        assert [file.path for file in tree.files()] == ["app.py", "large.py"]
        assert tree.read("large.py") is None
        assert tree.read("app.py") == b"import openai\n"
    finally:
        tree.close()


@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", ""])
def test_no_such_revision(revision: str, tmp_path: Path) -> None:
    root = committed(tmp_path, {"app.py": "x"})
    with pytest.raises(SourceError, match="no revision"):
        GitTree(root, revision)


def test_authors_of_a_folder(tmp_path: Path) -> None:
    root = committed(tmp_path, {"a/app.py": "x", "b/app.py": "y"})
    written(root, {"a/app.py": "z"})
    git(root, "commit", "-qam", "again")
    since = datetime.now(UTC) - timedelta(days=1)
    found = authors(commits(root, since), ["a", "b", ""])
    assert [(one.name, one.address, one.commits) for one in found["a"]] == [
        ("Ann Lee", "ann@harbour.example", 2)
    ]
    assert [one.commits for one in found["b"]] == [1]
    assert found[""] == []  # nothing lies there itself
    assert authors(commits(root, since + timedelta(days=2)), ["b"]) == {"b": []}
    assert authors(commits(tmp_path / "nowhere", since), [""]) == {"": []}


def test_who_committed_last_where_nobody_has_for_a_year(tmp_path: Path) -> None:
    root = committed(tmp_path, {"a/app.py": "x", "a/b/app.py": "y", "c/app.py": "z"})
    written(root, {"a/b/app.py": "new"})
    git(root, "-c", "user.name=dependabot[bot]", "commit", "-qam", "new")
    day = git(root, "log", "-1", "--format=%cs")
    found = last_authors(root, ["", "a", "a/b", "c"], of=["", "a"])
    assert found == {"": [], "a": [Author("Ann Lee", "ann@harbour.example", 1, day)]}
    later = datetime.now(UTC) + timedelta(days=800)
    wrote = authors_of(root, ["a", "c"], commits_of_a_year(root, later))
    (claim,) = owners_of(GitTree(root, "HEAD"), "c", None, wrote["c"])
    assert claim == OwnerClaim("Ann Lee <ann@harbour.example>", f"last commit {day}", 0.2)
    said = commits_of_a_year(root, datetime.now(UTC))
    (recent,) = authors_of(root, ["c"], said)["c"]
    assert (recent.commits, recent.last) == (1, "")
    assert last_authors(tmp_path / "nowhere", ["a"], of=["a"]) == {"a": []}


def test_no_hook_and_no_program_of_the_repository_runs(tmp_path: Path) -> None:
    root = committed(tmp_path / "evil", {"app.py": "x"})
    ran = tmp_path / "ran"
    for name in ("core.fsmonitor", "core.pager", "diff.external", "log.showSignature"):
        git(root, "config", name, f"touch {ran}")
    git(root, "config", "gpg.program", f"touch {ran}")
    subprocess.run(["git", "-C", root, "config", "core.hooksPath", tmp_path / "hooks"], check=True)
    tree = GitTree(root, "HEAD")
    try:
        assert [file.path for file in tree.files()] == ["app.py"]
    finally:
        tree.close()
    first_commit(root)
    commits(root, datetime.now(UTC) - timedelta(days=1))
    assert not ran.exists()
