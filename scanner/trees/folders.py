"""A source tree on the disk: which of its files are the project's own, and their content."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

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
_TO_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)  # no pipe is waited for
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class TreeFile(NamedTuple):
    """A file of a tree: its path in it, with ``/``.

    ``size`` is how large it is if that costs little to know, else 0; ``content`` is what git calls
    what it holds in a revision.
    """

    path: str
    size: int = 0
    content: str = ""


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

    @classmethod
    def surveyed(cls, root: Path, folders: set[str]) -> Self:
        """Return a tree to read from, of which these folders are known to lie in it."""
        tree = cls(root, lambda _: False)
        tree._listed = folders
        return tree

    def files(self) -> Iterator[TreeFile]:
        """Yield the files, folder by folder, in the order of their names."""
        yield from self._below("", [])

    def read(self, path: str, most: int = -1) -> bytes | None:
        """Return a file's content, or its first ``most`` bytes; None if it is no regular file of the tree."""
        place = f"{self._root}/{path}"
        try:
            if _NO_LINK and posixpath.dirname(path) in self._listed:  # no link leads there
                with suppress(OSError):
                    return _content(place, most, _NO_LINK)
            return _content(place, most) if self._is_inside(Path(place)) else None
        except (OSError, ValueError):
            return None

    def _below(self, folder: str, above: list[_Ignored]) -> Iterator[TreeFile]:
        try:
            with os.scandir(f"{self._root}/{folder}") as found:
                entries = sorted(found, key=lambda entry: entry.name)
            self._listed.add(folder)
        except OSError:
            self.unlisted.append(folder or ".")
            return
        names = {entry.name for entry in entries}
        if folder and ".git" in names and is_repository(Path(self._root, folder)):
            self.inner.append(folder)
            return
        rules = above
        if self._ignores and ".gitignore" in names and (read := self._rules(folder)):
            rules = [*above, read]
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                if not (is_passed_over(entry.name, names) or _is_ignored(path + "/", rules)):
                    yield from self._below(path, rules)
            elif not self._wants(path):
                self.passed += 1
            elif self._is_file(entry) and not _is_ignored(path, rules):
                yield TreeFile(path, _size(entry))

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        """Whether it is a regular file, or a link to one in the tree."""
        if entry.is_file(follow_symlinks=False):
            return True
        try:
            return entry.is_symlink() and entry.is_file() and self._is_inside(Path(entry.path))
        except OSError:
            return False

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.root.resolve())

    def _rules(self, folder: str) -> _Ignored | None:
        data = self.read(f"{folder}/.gitignore" if folder else ".gitignore")
        if data is None:
            return None
        lines = data.decode("utf-8", "replace").splitlines()
        return _Ignored(f"{folder}/" if folder else "", _patterns(lines, is_of_all=not folder))


def _content(place: str, most: int, flags: int = 0) -> bytes | None:
    """Return what a regular file holds, at most so much. Raises OSError."""
    descriptor = os.open(place, _TO_READ | flags)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return None
        # No more than is there: room for what is asked would be made for every file.
        left = found.st_size if most < 0 else min(most, found.st_size)
        parts = []
        while left > 0 and (part := os.read(descriptor, left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:  # it is gone; reading it will say so
        return 0


class _Ignored(NamedTuple):
    """What one ``.gitignore`` says of the paths below its folder."""

    folder: str
    patterns: pathspec.GitIgnoreSpec


def _patterns(lines: list[str], is_of_all: bool) -> pathspec.GitIgnoreSpec:
    """Return the patterns of a file, without those that are none.

    ``is_of_all`` says that they are asked for every file of a tree: then the library's way that is
    quickest to ask is worth what it takes to prepare.
    """
    backend: Literal["simple"] | None = None if is_of_all else "simple"
    try:
        return _compiled(lines, backend)
    except ValueError:
        return _compiled([line for line in lines if _is_pattern(line)], backend)


def _compiled(
    lines: list[str], backend: Literal["simple"] | None = "simple"
) -> pathspec.GitIgnoreSpec:
    import pathspec  # for trees alone, and whoever reads logs looks for trees too

    return pathspec.GitIgnoreSpec.from_lines(lines, backend=backend)


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


def is_passed_over(folder: str, beside: set[str]) -> bool:
    """Whether tools or others wrote what a folder of that name, beside such files, holds."""
    name = folder.lower()
    is_copy = name.startswith(".") and "backup" in name  # what a tool kept of what it changed
    return is_copy or name in GENERATED or _is_by_others(name, beside)


def _is_by_others(name: str, beside: set[str]) -> bool:
    """Whether a folder of that name, beside such files, is vendored or built."""
    for file in (*_VENDORED.get(name, ()), *_BUILT.get(name, ())):
        if not file or file in beside:
            return True
        if file.startswith("*") and any(other.endswith(file[1:]) for other in beside):
            return True
    return False
