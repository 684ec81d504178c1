"""Source trees: a folder, a checkout or a revision, its files, and the applications in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TreeInput:
    """A source tree that is to be read: what is below a folder, or a revision of a repository."""

    path: str
    revision: str | None = None  # None: the files as they lie there
    ignores: bool = True  # whether what .gitignore names is passed over
    named_from: Path | None = None  # names in results are relative to it

    @property
    def root(self) -> Path:
        return Path(self.path)

    @property
    def name(self) -> str:
        """How people call it: the path, and the revision if one was asked for."""
        path = self.path
        if self.named_from is not None and self.root.is_relative_to(self.named_from):
            path = str(self.root.relative_to(self.named_from))
        path = os.fsencode(path).decode("utf-8", "backslashreplace")
        return f"{path}@{self.revision}" if self.revision else path

    @property
    def size(self) -> int:
        """Nothing, for progress: how much of a tree will be read is known when it was."""
        return 0
