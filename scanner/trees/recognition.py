"""Which folders are source trees: checkouts, bare repositories, and folders with a manifest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from scanner.trees.folders import GENERATED, is_repository
from scanner.trees.git import is_bare

# Files that people keep at the top of what they build; no log is called so.
_MANIFESTS = frozenset(
    {
        "build.gradle",
        "build.gradle.kts",
        "build.sbt",
        "cargo.toml",
        "composer.json",
        "deno.json",
        "directory.packages.props",
        "dockerfile",
        "gemfile",
        "go.mod",
        "go.work",
        "mix.exs",
        "package.json",
        "package.swift",
        "pipfile",
        "pnpm-workspace.yaml",
        "pom.xml",
        "pubspec.yaml",
        "pyproject.toml",
        "requirements.txt",
        "settings.gradle",
        "settings.gradle.kts",
        "setup.cfg",
        "setup.py",
    }
)
_ENDINGS = ("*.csproj", "*.fsproj", "*.sln", "*.slnx", "*.gemspec")


def is_tree(folder: Path, files: list[str]) -> bool:
    """Whether a folder with these files is a source tree."""
    return is_repository(folder) or is_bare(folder) or any(_is_manifest(name) for name in files)


def repositories_below(folder: Path) -> Iterator[Path]:
    """Yield the repositories that lie within a tree and are none of its own folders."""
    for root, folders, _ in os.walk(folder):
        folders[:] = sorted(name for name in folders if name.lower() not in GENERATED)
        for name in list(folders):
            # One question for most folders, of which a tree has thousands.
            if os.path.lexists(f"{root}/{name}/.git") and is_repository(Path(root, name)):
                yield Path(root, name)


def _is_manifest(name: str) -> bool:
    lowered = name.lower()
    return lowered in _MANIFESTS or any(fnmatchcase(lowered, one) for one in _ENDINGS)
