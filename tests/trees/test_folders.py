"""Which files of a folder are the project's own."""

import os
from pathlib import Path

import pytest

from scanner.trees.folders import FolderTree
from tests.trees.support import committed, written


def paths(root: Path, ignores: bool = True) -> list[str]:
    return [file.path for file in FolderTree(root, lambda _: True, ignores).files()]


def test_others_files_are_left_out(tmp_path: Path) -> None:
    files = [
        "app.py",
        "node_modules/openai/package.json",
        "web/node_modules/openai/package.json",
        ".venv/lib/openai.py",
        "site-packages/openai.py",
        "vendor/x/go.mod",
        "go.mod",
        "other/vendor/own.py",
        "third_party/x.py",
        "target/kept.py",
        "rust/Cargo.toml",
        "rust/target/debug/x.py",
        "net/a.csproj",
        "net/obj/x.json",
    ]
    written(tmp_path, dict.fromkeys(files, "x"))
    kept = [
        "app.py",
        "go.mod",
        "net/a.csproj",
        "other/vendor/own.py",
        "rust/Cargo.toml",
        "target/kept.py",
    ]
    assert paths(tmp_path) == kept


def test_gitignore_is_kept_to_as_git_does(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            ".gitignore": "*.log\n/dist/\n!keep.log\n[\n",
            "a.log": "",
            "keep.log": "",
            "dist/x.py": "",
            "sub/dist/x.py": "",
            "sub/.gitignore": "!a.log\nsecret.py\n",
            "sub/a.log": "",
            "sub/secret.py": "",
            "secret.py": "",
        },
    )
    seen = [path for path in paths(tmp_path) if not path.endswith(".gitignore")]
    assert seen == ["keep.log", "secret.py", "sub/a.log", "sub/dist/x.py"]
    assert len(paths(tmp_path, ignores=False)) == 9


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_lead_neither_out_nor_round(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("import openai\n")
    root = written(tmp_path / "tree", {"a/app.py": "x", "b.py": "y"})
    (root / "a" / "round").symlink_to(root)
    (root / "a" / "out.py").symlink_to(outside)
    (root / "a" / "in.py").symlink_to(root / "b.py")
    (root / "a" / "gone.py").symlink_to(root / "nothing")
    os.mkfifo(root / "pipe.py")
    assert paths(root) == ["a/app.py", "a/in.py", "b.py"]
    tree = FolderTree(root, lambda _: True)
    assert tree.read("a/out.py") is None
    assert tree.read("../outside.py") is None
    assert tree.read("pipe.py") is None
    assert tree.read("a") is None
    assert tree.read("b.py") == b"y"


def test_a_repository_in_a_tree_is_left_to_itself(tmp_path: Path) -> None:
    written(tmp_path, {"app.py": "x"})
    committed(tmp_path / "libs" / "inner", {"lib.py": "y"})
    tree = FolderTree(tmp_path, lambda _: True)
    assert [file.path for file in tree.files()] == ["app.py"]
    assert tree.inner == ["libs/inner"]


def test_files_that_nobody_asks_for_are_counted(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": "", "b.txt": "", "c/d.txt": ""})
    tree = FolderTree(tmp_path, lambda path: path.endswith(".py"))
    assert [file.path for file in tree.files()] == ["a.py"]
    assert tree.passed == 2
