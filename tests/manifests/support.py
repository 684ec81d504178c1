"""What tests of kinds of files share: a tree in memory, and short ways to what a reader finds."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.manifests import Document, Found, Manifest, Mention, Project, Trouble


class Files:
    """A tree in memory."""

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self._files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }

    def read(self, path: str, most: int = -1) -> bytes | None:
        data = self._files.get(path)
        return data if data is None or most < 0 else data[:most]

    def document(self, path: str) -> Document:
        return Document(path, self._files[path], self)


def found(kind: Manifest, path: str, files: Mapping[str, bytes | str]) -> list[Found]:
    """Return all that reading one file of a tree yields."""
    return list(kind.read(Files(files).document(path)))


def mentions(kind: Manifest, path: str, data: bytes | str, **beside: bytes | str) -> list[Mention]:
    """Return what a file mentions, in its order."""
    return [one for one in found(kind, path, {**beside, path: data}) if isinstance(one, Mention)]


def values(kind: Manifest, path: str, data: bytes | str) -> list[str]:
    """Return the values of what a file mentions, in its order."""
    return [one.value for one in mentions(kind, path, data)]


def projects(kind: Manifest, path: str, data: bytes | str) -> list[Project]:
    return [one for one in found(kind, path, {path: data}) if isinstance(one, Project)]


def troubles(kind: Manifest, path: str, data: bytes | str) -> list[Trouble]:
    return [one for one in found(kind, path, {path: data}) if isinstance(one, Trouble)]
