"""What a git repository says of a source tree: where it comes from, and the files of a revision.

The program ``git`` is asked for what only it can tell, where it is installed; it runs no hook, asks
nobody and fetches nothing.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple, Self

from scanner.errors import SourceError
from scanner.trees.folders import TreeFile, is_passed_over

_SECTION = re.compile(r'\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_SETTING = re.compile(r"\s*([\w-]+)\s*=\s*(.*?)\s*$")
_SCP_LIKE = re.compile(r"(?:[^@/]+@)?([^:/]+):(?!//)(.+)")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^@/]*@)?([^/:]*)(?::\d+)?/(.*)", re.IGNORECASE)
_MOST_CONFIG = 1024 * 1024
_SECONDS = 60
_MOST_COMMITS = 20_000
_MOST_OF_OLD = 2_000  # who wrote last is among the newest
_QUIET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_CONFIG_NOSYSTEM": "1",
    "LC_ALL": "C",
}
_OPTIONS = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "safe.directory=*",
)


class Author(NamedTuple):
    """Who wrote commits, and how many; ``last`` is the day of the last one if it is long ago."""

    name: str
    address: str
    commits: int
    last: str = ""


def remote_of(root: Path) -> str:
    """Return where a checkout or a bare repository comes from: ``example.com/team/app``; "" if unknown."""
    folder = _git_folder(root)
    if folder is None:
        return ""
    remotes: dict[str, str] = {}
    name: str | None = None
    for line in _lines(folder / "config"):
        if section := _SECTION.match(line):
            name = section[2] if section[1].lower() == "remote" else None
        elif name is not None and (setting := _SETTING.match(line)) and setting[1] == "url":
            remotes.setdefault(name, setting[2].strip('"'))
    chosen = remotes.get("origin") or next((remotes[one] for one in sorted(remotes)), "")
    return normalised(chosen)


def normalised(url: str) -> str:
    """Return a remote's URL without scheme, user, port and ``.git``: one spelling for all of them.

    A remote that is a folder of this machine says nothing elsewhere, and is none.
    """
    found = _URL.fullmatch(url) or _SCP_LIKE.fullmatch(url)
    if found is None or not found[1] or len(found[1]) == 1:  # C:\...
        return ""
    path = found[2].strip("/").removesuffix(".git").strip("/")
    return f"{found[1]}/{path}".lower() if path else ""


def is_bare(folder: Path) -> bool:
    """Whether a folder is a repository without a checkout."""
    return all((folder / name).exists() for name in ("HEAD", "objects", "refs"))


def first_commit(root: Path) -> str:
    """Return the hash of the repository's first commit: what it is known by without a remote."""
    said = _ask(root, "rev-list", "--max-parents=0", "HEAD")
    return said.split()[-1].decode() if said and said.split() else ""


def commits(root: Path, since: datetime) -> bytes:
    """Return what git says of the commits since then, for ``authors``: the newest if they are many."""
    return _log(root, f"--since={since.isoformat()}", f"--max-count={_MOST_COMMITS}", "HEAD")


def authors(said: bytes, folders: Iterable[str]) -> dict[str, list[Author]]:
    """Return who made commits in each folder, those with most of them first.

    A commit counts for the innermost of the folders that each of its files lies in, once; all are
    counted in one pass over the history.
    """
    innermost = _Innermost(folders)
    counts: dict[str, Counter[tuple[str, str]]] = {folder: Counter() for folder in innermost.known}
    for commit in _commits(said):
        for folder in innermost.of(commit.paths):
            counts[folder][commit.who] += 1
    return {
        folder: [Author(*who, commits) for who, commits in sorted(found.items(), key=_by_commits)]
        for folder, found in counts.items()
    }


def last_authors(root: Path, folders: Iterable[str], of: Iterable[str]) -> dict[str, list[Author]]:
    """Return who committed last in some ``of`` the folders, whenever that was, each with the day.

    Of the newest commits only, if there are very many.
    """
    innermost, asked = _Innermost(folders), sorted(of)
    found: dict[str, dict[tuple[str, str], Author]] = {folder: {} for folder in asked}
    places = ["--", *asked] if "" not in found else ["--"]
    options = (f"--max-count={_MOST_OF_OLD}", "HEAD")
    for commit in _commits(_log(root, *options, *places)) if found else ():
        for folder in innermost.of(commit.paths) & found.keys():
            first = found[folder].get(commit.who, Author(*commit.who, 0, commit.day))
            found[folder][commit.who] = first._replace(commits=first.commits + 1)
    return {folder: list(people.values()) for folder, people in found.items()}


class _Commit(NamedTuple):
    """Who committed, the day in their place, and the files."""

    who: tuple[str, str]
    day: str
    paths: list[str]


def _log(root: Path, *options: str) -> bytes:
    """Return what git says of commits; nothing if there are none."""
    said = _ask(
        root,
        "--literal-pathspecs",
        "log",
        "--no-renames",
        "--name-only",
        "--format=%x01%aN%x02%aE%x02%cs",
        "-z",
        *options,
    )
    return said or b""


def _commits(said: bytes) -> Iterator[_Commit]:
    """Yield commits, the newest first."""
    for commit in said.decode("utf-8", "surrogateescape").split("\1")[1:]:
        who, *paths = (one.strip("\n") for one in commit.split("\0"))
        name, address, day = (*who.split("\2"), "", "")[:3]
        yield _Commit((name, address), day, paths)


def _by_commits(counted: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -counted[1], counted[0]


class _Innermost:
    """Which of some folders paths lie in. Commits touch the same folders over and over."""

    def __init__(self, folders: Iterable[str]) -> None:
        self.known = set(folders)
        self._found: dict[str, str] = {}

    def of(self, paths: Iterable[str]) -> set[str]:
        """Return the innermost folders that hold some of the paths."""
        holding = {path.rpartition("/")[0] for path in paths if path}
        return {self._around(folder) for folder in holding} & self.known

    def _around(self, folder: str) -> str:
        if folder not in self._found:
            inner = folder
            while inner and inner not in self.known:
                inner = posixpath.dirname(inner)
            self._found[folder] = inner
        return self._found[folder]


class GitTree:
    """The files of one revision of a repository that ``wants`` asks for, read without a checkout."""

    def __init__(
        self, root: Path, revision: str, wants: Callable[[str], bool] = lambda _: True
    ) -> None:
        """Find the revision. Raises SourceError if there is no git, or no such revision."""
        self.root = root
        self._wants = wants
        commit = _ask(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        if commit is None:
            why = "" if shutil.which("git") else "; the program git is needed for that"
            raise SourceError(f"{root}: no revision {revision}{why}")
        self._begin(commit.decode().strip(), {})

    @classmethod
    def surveyed(cls, root: Path, commit: str, files: Iterable[TreeFile]) -> Self:
        """Return a commit's tree to read from, of which these files are known."""
        tree = cls.__new__(cls)
        tree.root = root
        tree._wants = lambda _: False
        tree._begin(commit, {file.path: file.content for file in files})
        return tree

    def _begin(self, commit: str, objects: dict[str, str]) -> None:
        self.commit = commit
        self.unlisted: list[str] = []
        self._objects = objects
        self._is_listed = False
        self._batch: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def files(self) -> Iterator[TreeFile]:
        """Yield the revision's files, without what others put there: no link, no submodule."""
        said = _ask(self.root, "ls-tree", "-r", "-z", self.commit) or b""
        listed = said.decode("utf-8", "surrogateescape").split("\0")
        entries = [entry.partition("\t") for entry in listed]
        passed_over = _Folders(path for _, _, path in entries)
        for head, _, path in entries:
            mode, _, name = head.partition(" blob ")
            if name and mode in ("100644", "100755"):
                self._objects[path] = name
                if posixpath.dirname(path) not in passed_over and self._wants(path):
                    yield TreeFile(path, content=name)
        self._is_listed = True

    def read(self, path: str, most: int = -1) -> bytes | None:
        """Return a file's content, or its first ``most`` bytes; None if the revision has no such file."""
        if path not in self._objects and not self._is_listed:
            for _ in self.files():
                pass
        name = self._objects.get(path)
        data = None if name is None else self._content(name)
        return data if data is None or most < 0 else data[:most]

    def close(self) -> None:
        if self._batch is not None:
            self._batch.kill()
            self._batch.wait()
            for pipe in (self._batch.stdin, self._batch.stdout):
                if pipe is not None:
                    pipe.close()
            self._batch = None

    def _content(self, name: str) -> bytes | None:
        if self._batch is None:
            self._batch = subprocess.Popen(  # noqa: S603 - git, by its full path
                _command(self.root, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        asked, said = self._batch.stdin, self._batch.stdout
        assert asked is not None, "a pipe was asked for"  # noqa: S101
        assert said is not None, "a pipe was asked for"  # noqa: S101
        asked.write(f"{name}\n".encode())
        asked.flush()
        return _object(said)


class _Folders:
    """The folders of a revision that are passed over, as they are on a disk."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._beside: dict[str, set[str]] = {}
        for path in paths:
            folder, name = posixpath.split(path)
            self._beside.setdefault(folder, set()).add(name)
        self._known = {"": False}

    def __contains__(self, folder: str) -> bool:
        waiting = []
        while folder not in self._known:
            waiting.append(folder)
            folder = posixpath.dirname(folder)
        for inner in reversed(waiting):
            above, name = posixpath.split(inner)
            beside = self._beside.get(above, set())
            self._known[inner] = self._known[above] or is_passed_over(name, beside)
            folder = inner
        return self._known[folder]


def _object(said: IO[bytes]) -> bytes | None:
    head = said.readline().split()
    if len(head) != 3:
        return None
    data = said.read(int(head[2]))
    said.read(1)
    return data


def _git_folder(root: Path) -> Path | None:
    """Return where a repository keeps its configuration; of a worktree that of the main one."""
    place = root / ".git"
    if place.is_file():
        named = next(iter(_lines(place)), "")
        if not named.startswith("gitdir:"):
            return None
        folder = (root / named.removeprefix("gitdir:").strip()).resolve()
        common = next(iter(_lines(folder / "commondir")), "")
        return (folder / common).resolve() if common else folder
    if place.is_dir():
        return place
    return root if is_bare(root) else None


def _lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_CONFIG).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _ask(root: Path, *arguments: str) -> bytes | None:
    """Return what git says; None if it says nothing but no."""
    if shutil.which("git") is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - git, by its full path
            _command(root, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            env=_environment(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _command(root: Path, *arguments: str) -> list[str]:
    return [shutil.which("git") or "git", "-C", str(root), *_OPTIONS, *arguments]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **_QUIET}
