"""A source tree on the disk: which of its files are the project's own, and their content."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pathspec

# What tools put into a tree, and what others wrote: never the project's own.
GENERATED = frozenset(
    {
        ".cache",
        ".cargo",
        ".eggs",
        ".git",
        ".gradle",
        ".hg",
        ".mypy_cache",
        ".next",
        ".nox",
        ".nuxt",
        ".pixi",
        ".pytest_cache",
        ".ruff_cache",
        ".svelte-kit",
        ".svn",
        ".terraform",
        ".tox",
        ".turbo",
        ".venv",
        ".yarn",
        "__pycache__",
        "bower_components",
        "carthage",
        "jspm_packages",
        "node_modules",
        "pods",
        "site-packages",
        "venv",
        "virtualenv",
    }
)
# Others' code that was copied in, where such a file lies beside the folder.
_VENDORED = {
    "vendor": ("go.mod", "composer.json", "Gemfile"),
    "third_party": ("",),
    "third-party": ("",),
}
# What a build writes, where such a file lies beside the folder.
_BUILT = {
    "target": ("Cargo.toml", "pom.xml"),
    "build": ("build.gradle", "build.gradle.kts", "setup.py", "package.json", "pubspec.yaml"),
    "dist": ("package.json", "setup.py", "pyproject.toml"),
    "out": ("package.json",),
    "bin": ("*.csproj",),
    "obj": ("*.csproj",),
}


class TreeFile(NamedTuple):
    """A file of a tree: its path in it, with ``/``, and how large it is."""

    path: str
    size: int


class FolderTree:
    """The files below a folder that ``wants`` asks for by their paths, without what others put there.

    ``.gitignore`` files are kept to, unless ``ignores`` is False. No link to a folder is followed,
    and a link to a file only to one in the tree. A folder in it that is a repository of its own is
    left to itself: ``inner`` lists those that were met.
    """

    def __init__(self, root: Path, wants: Callable[[str], bool], ignores: bool = True) -> None:
        self.root = root
        self.passed = 0  # files that nobody asked for
        self._wants = wants
        self.inner: list[str] = []
        self.unlisted: list[str] = []  # folders that could not be looked into
        self._ignores = ignores
        self._root = str(root)
        self._listed: set[str] = set()  # folders

    def files(self) -> Iterator[TreeFile]:
        """Yield the files, folder by folder, in the order of their names."""
        yield from self._below("", [])

    def read(self, path: str, most: int = -1) -> bytes | None:
        """Return a file's content, or its first ``most`` bytes; None if it is no regular file of the tree."""
        place = f"{self._root}/{path}"
        try:
            descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:  # noqa: PTH123 - opened without waiting for pipes
                if not stat.S_ISREG(os.fstat(descriptor).st_mode) or not self._is_own_place(path):
                    return None
                return file.read(most)
        except (OSError, ValueError):
            return None

    def _is_own_place(self, path: str) -> bool:
        """Whether a file lies in the tree; what was listed does, for no link leads there."""
        is_listed = posixpath.dirname(path) in self._listed
        place = Path(self._root, path)
        return (is_listed and not place.is_symlink()) or self._is_inside(place)

    def _below(self, folder: str, above: list[_Ignored]) -> Iterator[TreeFile]:
        try:
            with os.scandir(f"{self._root}/{folder}") as found:
                entries = sorted(found, key=lambda entry: entry.name)
            self._listed.add(folder)
        except OSError:
            self.unlisted.append(folder or ".")
            return
        names = {entry.name for entry in entries}
        rules = above
        if self._ignores and ".gitignore" in names and (read := self._rules(folder)):
            rules = [*above, read]
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if self._is_own(entry, path, names, rules):
                    yield from self._below(path, rules)
            elif not self._wants(path):
                self.passed += 1
            elif (size := self._size(entry)) is not None and not _is_ignored(path, rules):
                yield TreeFile(path, size)

    def _is_own(
        self, entry: os.DirEntry[str], path: str, beside: set[str], rules: list[_Ignored]
    ) -> bool:
        name = entry.name.lower()
        if name in GENERATED or _is_by_others(name, beside) or _is_ignored(path + "/", rules):
            return False
        if is_repository(Path(entry.path)):
            self.inner.append(path)
            return False
        return True

    def _size(self, entry: os.DirEntry[str]) -> int | None:
        """Return how large a regular file is; None for what is none, and for links out of the tree."""
        try:
            if entry.is_symlink() and not self._is_inside(Path(entry.path)):
                return None
            found = entry.stat()
        except OSError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.root.resolve())

    def _rules(self, folder: str) -> _Ignored | None:
        data = self.read(f"{folder}/.gitignore" if folder else ".gitignore")
        if data is None:
            return None
        lines = data.decode("utf-8", "replace").splitlines()
        return _Ignored(f"{folder}/" if folder else "", _patterns(lines))


class _Ignored(NamedTuple):
    """What one ``.gitignore`` says of the paths below its folder."""

    folder: str
    patterns: pathspec.GitIgnoreSpec


def _patterns(lines: list[str]) -> pathspec.GitIgnoreSpec:
    """Return the patterns of a file, without those that are none."""
    try:
        return _compiled(lines)
    except ValueError:
        return _compiled([line for line in lines if _is_pattern(line)])


def _compiled(lines: list[str]) -> pathspec.GitIgnoreSpec:
    import pathspec  # for trees alone, and whoever reads logs looks for trees too

    # A database of patterns, as the library would make it, takes longer than all files of a folder.
    return pathspec.GitIgnoreSpec.from_lines(lines, backend="simple")


def _is_pattern(line: str) -> bool:
    try:
        _compiled([line])
    except ValueError:
        return False
    return True


def _is_ignored(path: str, rules: list[_Ignored]) -> bool:
    """Whether git would not see a path; of several files the innermost that knows it decides."""
    for rule in reversed(rules):
        verdict = rule.patterns.check_file(path[len(rule.folder) :]).include
        if verdict is not None:
            return verdict
    return False


def is_repository(folder: Path) -> bool:
    """Whether a folder is a checkout, of its own or as a submodule or a worktree."""
    place = folder / ".git"
    return place.is_file() or (place / "HEAD").exists()


def _is_by_others(name: str, beside: set[str]) -> bool:
    """Whether a folder of that name, beside such files, is vendored or built."""
    for file in (*_VENDORED.get(name, ()), *_BUILT.get(name, ())):
        if not file or file in beside:
            return True
        if file.startswith("*") and any(other.endswith(file[1:]) for other in beside):
            return True
    return False
