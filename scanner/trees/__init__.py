"""Source trees: a folder, a checkout or a revision, its files, and the applications in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TreeInput:
    """A source tree that is to be read: what is below a folder, or a revision of a repository."""

    path: str
    revision: str | None = None  # None: the files as they lie there
    ignores: bool = True  # whether what .gitignore names is passed over

    @property
    def root(self) -> Path:
        return Path(self.path)

    @property
    def name(self) -> str:
        """How people call it: the path, and the revision if one was asked for."""
        return f"{self.path}@{self.revision}" if self.revision else self.path

    @property
    def size(self) -> int:
        """Nothing, for progress: how much of a tree will be read is known when it was."""
        return 0
