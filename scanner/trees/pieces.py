"""What some files of a source tree show: a tree is read in pieces, by several processes if it is large."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from xxhash import xxh3_128_digest

from scanner.manifests import Document, Manifest, Mention, Project, Trouble, Unreadable
from scanner.manifests.programs import group_of as group_of_program
from scanner.matching import Matcher
from scanner.model import Component, Identifier, Reject, Signature, Tie
from scanner.privacy import Pseudonyms
from scanner.shapes import Shapes
from scanner.trees.applications import Place, group_of
from scanner.trees.choice import Choice
from scanner.trees.folders import TreeFile
from scanner.trees.hints import Hints, Suggested, add_suggested
from scanner.trees.keys import Keys
from scanner.trees.namespaces import Namespaces
from scanner.trees.own_modules import OwnModules
from scanner.trees.spelled import spelled
from scanner.trees.verdicts import says_nothing
from scanner.trees.wanted import Wanted

_KEPT_REJECTS = 20
_MEMO_BOUND = 200_000
_UNKNOWN = object()
# Told as they are written, however a signature spells them.
_AS_WRITTEN = (Identifier.ENV, Identifier.MODEL)


class Files(Protocol):
    """A source tree: a folder, or a revision of a repository."""

    def files(self) -> Iterator[TreeFile]: ...

    def read(self, path: str, most: int = -1) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """What trees are read with."""

    choice: Choice
    matcher: Matcher
    wanted: Wanted
    keys: Keys
    namespaces: Namespaces
    shapes: Shapes
    pseudonyms: Pseudonyms


@dataclass(slots=True)
class Piece:
    """What files of a tree show. It is small and holds no signature: a process hands it to another."""

    files: int = 0
    bytes: int = 0
    read: Counter[str] = field(default_factory=Counter)  # files by their kind
    mentions: int = 0
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0  # files of which not all was understood
    contents: bytearray = field(default_factory=bytearray)  # every path, and a digest of the file
    places: dict[str, Place] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)
    products: dict[str, str] = field(default_factory=dict)  # of the components, by detection
    suggested: Suggested = field(default_factory=dict)

    def add(self, other: Piece) -> None:
        """Add what the files show that come next in the order of the tree."""
        self.files += other.files
        self.bytes += other.bytes
        self.read.update(other.read)
        self.mentions += other.mentions
        self.rejects += other.rejects[: _KEPT_REJECTS - len(self.rejects)]
        self.rejected += other.rejected
        self.contents += other.contents
        for folder, place in other.places.items():
            self.place(folder).add(place)
        self.components += other.components
        self.products.update(other.products)
        add_suggested(self.suggested, other.suggested)

    def place(self, folder: str) -> Place:
        return self.places.setdefault(folder, Place(folder))


def read_files(reader: Reader, tree: Files, files: Iterable[TreeFile], own: OwnModules) -> Piece:
    """Read files of a tree, which has modules of its ``own``; the tree may be asked for others."""
    reading = _Reading(reader, tree, own)
    for file in files:
        reading.read(file.path)
    return reading.piece


class _Reading:
    """Some files at work."""

    def __init__(self, reader: Reader, tree: Files, own: OwnModules) -> None:
        self._reader = reader
        self._tree = tree
        self._own = own
        self._memo: dict[tuple[Identifier, str], Signature | None] = {}
        self._damaged: set[str] = set()
        self._searched: set[str] = set()
        self.piece = Piece()
        self._hints = Hints(reader.namespaces, self.piece.suggested)

    def read(self, path: str) -> None:
        kinds = self._reader.choice.of(path)
        data: bytes | None = None
        for kind in kinds:
            if kind.head:
                data = self._tree.read(path, kind.head)
            elif data is None:
                data = self._tree.read(path, kind.most + 1)
            if data is None:
                self._reject(path, 0, "cannot be read")
                break
            if not kind.head and len(data) > kind.most:
                self._reject(path, 0, f"larger than {kind.most >> 20} MiB: not read")
                continue
            if kind is kinds[0]:
                self._note(path, data)
            self._look(kind, Document(path, data, self._tree))

    def _note(self, path: str, data: bytes) -> None:
        """Note a file's content: another one makes another tree."""
        self.piece.files += 1
        self.piece.bytes += len(data)
        self.piece.contents += path.encode("utf-8", "surrogatepass") + b"\0"
        self.piece.contents += xxh3_128_digest(data)

    def _look(self, kind: Manifest, document: Document) -> None:
        if kind.holds and not any(text in document.data for text in kind.holds):
            return
        self.piece.read[kind.name] += 1
        if kind.is_screened and not self._reader.wanted.is_in(document.data):
            return
        if document.path not in self._searched:  # a file may be of several kinds
            self._searched.add(document.path)
            self._find_keys(document)
        try:
            for found in kind.read(document):
                match found:
                    case Mention():
                        self._mention(document.path, found)
                    case Project():
                        self._project(kind, document, found)
                    case Trouble():
                        self._reject(document.path, found.line, found.reason)
        except Unreadable as error:
            self._reject(document.path, 0, str(error))
        except Exception as error:  # noqa: BLE001 - a kind may be a plugin, and a file hostile
            self._reject(document.path, 0, f"reading it failed: {type(error).__name__}: {error}")

    def _find_keys(self, document: Document) -> None:
        for key in self._reader.keys.in_data(document.data):
            signature = self._signature(Identifier.KEY_SHAPE, key.text)
            if signature is not None:
                code = self._reader.pseudonyms.secret(key.text)
                group = group_of(document.path, group_of_program(document.path))
                found = Mention(
                    Identifier.KEY_SHAPE, code, key.line, tie=Tie.CONFIGURED, group=group
                )
                self._meet(found, signature, document.path)

    def _project(self, kind: Manifest, document: Document, project: Project) -> None:
        self.piece.place(document.folder).tell(project, kind.name)
        if project.is_deployable:
            self._hints.meet_kind(document.path, kind.name, project.line)

    def _mention(self, path: str, mention: Mention) -> None:
        self.piece.mentions += 1
        if mention.channel is Identifier.PACKAGE and mention.tie is Tie.DECLARED:
            self.piece.place(posixpath.dirname(path)).has_dependencies = True
        if mention.tie is Tie.IMPORTED and self._own.have(path, mention.value):
            return
        self._hints.meet(path, mention)
        for channel, value in spelled(mention, path, self._reader.namespaces):
            if (signature := self._signature(channel, value)) is not None:
                if says_nothing(signature, channel):
                    return
                group = group_of(path, mention.group)
                shown = mention.value if channel in _AS_WRITTEN else value
                known = mention._replace(channel=channel, value=shown, group=group)
                self._meet(known, signature, path)
                for key in signature.detection.implies:  # langchain-openai calls OpenAI
                    if (implied := self._reader.matcher.product(key)) is not None:
                        self._meet(known, implied, path)
                return

    def _meet(self, mention: Mention, signature: Signature, path: str) -> None:
        """Note a mention that a signature knows."""
        detection = signature.detection.id
        self.piece.products[detection] = signature.product_key
        self.piece.components.append(_component(detection, mention, path))

    def _signature(self, channel: Identifier, value: str) -> Signature | None:
        key = (channel, value)
        known = self._memo.get(key, _UNKNOWN)
        if known is _UNKNOWN:
            if len(self._memo) >= _MEMO_BOUND:
                self._memo.clear()
            known = self._memo[key] = self._reader.matcher.match_value(channel, value)
        return known  # type: ignore[return-value]

    def _reject(self, path: str, line: int, reason: str) -> None:
        self._damaged.add(path)
        self.piece.rejected = len(self._damaged)
        if len(self.piece.rejects) < _KEPT_REJECTS:
            self.piece.rejects.append(Reject(line, f"{path}: {reason}", ""))


def _component(detection: str, mention: Mention, path: str) -> Component:
    return Component(
        detection,
        mention.channel,
        mention.value,
        mention.version,
        mention.tie,
        mention.group,
        mention.is_direct,
        mention.via,
        path,
        mention.line,
    )
