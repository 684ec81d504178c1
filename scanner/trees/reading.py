"""Reading a source tree to what it shows: its applications, and the AI in each."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from xxhash import xxh3_128_digest

from scanner.manifests import Document, Manifest, Mention, Project, Trouble, Unreadable
from scanner.manifests.programs import group_of as group_of_program
from scanner.matching import Matcher
from scanner.model import (
    Application,
    Built,
    Component,
    EvidenceKind,
    Identifier,
    Level,
    Reject,
    Shape,
    Sign,
    Signature,
    SignKey,
    Tie,
)
from scanner.privacy import Pseudonyms
from scanner.shapes import SDK_DEPENDENCY, Shapes
from scanner.trees.applications import Place, group_of, name_of, project_of, root_of, roots
from scanner.trees.choice import Choice
from scanner.trees.clients import with_clients
from scanner.trees.folders import TreeFile
from scanner.trees.hints import Hints
from scanner.trees.keys import Keys
from scanner.trees.namespaces import JVM, Namespaces, folders_of_packages
from scanner.trees.shared import shared_out
from scanner.trees.spelled import spelled
from scanner.trees.verdicts import has_stubs, is_sample, is_shipped, is_tool, says_nothing
from scanner.trees.wanted import Wanted

_KEPT_REJECTS = 20
_MEMO_BOUND = 200_000
# Folders that programs are kept in, and not imported by.
_SOURCES = ("src", "lib", "python")
_UNKNOWN = object()
# Told as they are written, however a signature spells them.
_AS_WRITTEN = (Identifier.ENV, Identifier.MODEL)
_DEEPEST_IN_A_PACKAGE = 4
_GO_MODULE = re.compile(rb"^module[ \t]+\"?([^\s\"]+)", re.MULTILINE)
_MOST_OF_GO_MOD = 1024 * 1024


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


class Read(NamedTuple):
    """What a tree shows, and what its files say of each folder."""

    built: Built
    places: dict[str, Place]


class _Met(NamedTuple):
    """A mention that a signature knows."""

    mention: Mention
    signature: Signature
    file: str


class _Reading:
    """One tree at work."""

    def __init__(self, reader: Reader, tree: Files) -> None:
        self._reader = reader
        self._tree = tree
        self._memo: dict[tuple[Identifier, str], Signature | None] = {}
        self._damaged: set[str] = set()
        self._searched: set[str] = set()
        self.built = Built("", "")
        self.places: dict[str, Place] = {}
        self.met: list[_Met] = []
        self.hints = Hints(reader.namespaces)
        self.digest = hashlib.blake2b(digest_size=16)
        self.modules: dict[
            str, set[str]
        ] = {}  # modules of the tree, by where they are imported from
        self.go_modules: tuple[str, ...] = ()
        self.jvm_packages: frozenset[str] = frozenset()

    def read(self) -> None:
        files = list(self._tree.files())
        self.modules = _modules(file.path for file in files if file.path.endswith(".py"))
        self.go_modules = tuple(self._go_modules(files))
        self.jvm_packages = frozenset(folders_of_packages(file.path for file in files))
        for file in files:
            kinds = self._reader.choice.of(file.path)
            data: bytes | None = None
            for kind in kinds:
                if kind.head:
                    data = self._tree.read(file.path, kind.head)
                elif data is None:
                    data = self._tree.read(file.path, kind.most + 1)
                if data is None:
                    self._reject(file.path, 0, "cannot be read")
                    break
                if not kind.head and len(data) > kind.most:
                    self._reject(file.path, 0, f"larger than {kind.most >> 20} MiB: not read")
                    continue
                if kind is kinds[0]:
                    self._note(file.path, data)
                self._look(kind, Document(file.path, data, self._tree))

    def _go_modules(self, files: Iterable[TreeFile]) -> Iterator[str]:
        for file in files:
            if posixpath.basename(file.path) == "go.mod":
                data = self._tree.read(file.path, _MOST_OF_GO_MOD) or b""
                yield from (one.decode("utf-8", "replace") for one in _GO_MODULE.findall(data))

    def _note(self, path: str, data: bytes) -> None:
        """Note a file's content: another one makes another tree."""
        self.built.files += 1
        self.built.bytes += len(data)
        self.digest.update(path.encode("utf-8", "surrogatepass") + b"\0")
        self.digest.update(xxh3_128_digest(data))

    def _look(self, kind: Manifest, document: Document) -> None:
        if kind.holds and not any(text in document.data for text in kind.holds):
            return
        if kind.is_screened and not self._reader.wanted.is_in(document.data):
            self.built.read[kind.name] += 1
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
                        self._place(document.folder).projects.append(found)
                        self._place(document.folder).is_deployable |= found.is_deployable
                        if found.is_deployable:
                            self.hints.meet_kind(document.path, kind.name, found.line)
                    case Trouble():
                        self._reject(document.path, found.line, found.reason)
        except Unreadable as error:
            self._reject(document.path, 0, str(error))
        except Exception as error:  # noqa: BLE001 - a kind may be a plugin, and a file hostile
            self._reject(document.path, 0, f"reading it failed: {type(error).__name__}: {error}")
        self.built.read[kind.name] += 1

    def _find_keys(self, document: Document) -> None:
        for key in self._reader.keys.in_data(document.data):
            signature = self._signature(Identifier.KEY_SHAPE, key.text)
            if signature is not None:
                code = self._reader.pseudonyms.secret(key.text)
                group = group_of(document.path, group_of_program(document.path))
                found = Mention(
                    Identifier.KEY_SHAPE, code, key.line, tie=Tie.CONFIGURED, group=group
                )
                self.met.append(_Met(found, signature, document.path))

    def _mention(self, path: str, mention: Mention) -> None:
        self.built.mentions += 1
        if mention.channel is Identifier.PACKAGE and mention.tie is Tie.DECLARED:
            self._place(posixpath.dirname(path)).has_dependencies = True
        if mention.tie is Tie.IMPORTED and self._is_own(path, mention.value):
            return
        self.hints.meet(path, mention)
        for channel, value in spelled(mention, path, self._reader.namespaces):
            if (signature := self._signature(channel, value)) is not None:
                if says_nothing(signature, channel):
                    return
                group = group_of(path, mention.group)
                shown = mention.value if channel in _AS_WRITTEN else value
                known = mention._replace(channel=channel, value=shown, group=group)
                self.met.append(_Met(known, signature, path))
                for key in signature.detection.implies:  # langchain-openai calls OpenAI
                    if (implied := self._reader.matcher.product(key)) is not None:
                        self.met.append(_Met(known, implied, path))
                return

    def _is_own(self, path: str, module: str) -> bool:
        """Whether a program imports what the tree itself has."""
        if path.endswith(".go"):
            return any(f"{module}/".startswith(f"{own}/") for own in self.go_modules)
        if path.endswith(JVM):
            parts = module.split(".")  # the name of a package, of a class in it, of what that has
            ends = range(len(parts), max(len(parts) - _DEEPEST_IN_A_PACKAGE, 1), -1)
            return any("/".join(parts[:end]) in self.jvm_packages for end in ends)
        name, folder = module.partition(".")[0], posixpath.dirname(path)
        homes = self.modules.get(name)
        if not homes or path == posixpath.join(folder, f"{name}.py"):  # a wrapper called alike
            return False
        while folder and folder not in homes:
            folder = posixpath.dirname(folder)
        return folder in homes

    def members(self) -> dict[str, tuple[str, ...]]:
        """Return what workspaces say of the folders that belong to them, by their own folders."""
        return {
            folder: tuple(member for one in place.projects for member in one.members)
            for folder, place in self.places.items()
        }

    def sign_dependent(self, component: Component, signature: Signature) -> None:
        """Note the unknown package that pulls an AI supplier's in."""
        is_ai = signature.detection.evidence is EvidenceKind.BUILD and component.group.is_shipped
        by = component.via[-1] if component.via else ""
        is_known = by and (has_stubs(by) or self._signature(Identifier.PACKAGE, by) is not None)
        if is_ai and by and not is_known:
            self._sign(by, SDK_DEPENDENCY, component.line)

    def sign_words(self, folders: Sequence[str], known: Mapping[str, Application]) -> None:
        """Note the applications that call themselves AI, and of which no signature says so."""
        for folder in folders:
            place, application = self.places.get(folder), known.get(folder)
            is_known = application is not None and any(
                is_shipped(self.built.signatures[one.detection], one)
                for one in application.components
            )
            for project in place.projects if place and not is_known else ():
                for shape in self._reader.shapes.of_text(project.description):
                    key = _key_of(self.built.origin, self.built.inside(folder))
                    self._sign(key, shape, project.line)

    def _sign(self, subject: str, shape: Shape, line: int) -> None:
        key = SignKey(Identifier.PACKAGE, subject, shape.id, subject)
        self.built.shapes[shape.id] = shape
        sign = Sign(1, Level.ATTEMPT, None, None, line)
        if key in self.built.signs:
            self.built.signs[key].add(sign)
        else:
            self.built.signs[key] = sign

    def _signature(self, channel: Identifier, value: str) -> Signature | None:
        key = (channel, value)
        known = self._memo.get(key, _UNKNOWN)
        if known is _UNKNOWN:
            if len(self._memo) >= _MEMO_BOUND:
                self._memo.clear()
            known = self._memo[key] = self._reader.matcher.match_value(channel, value)
        return known  # type: ignore[return-value]

    def _place(self, folder: str) -> Place:
        return self.places.setdefault(folder, Place(folder))

    def _reject(self, path: str, line: int, reason: str) -> None:
        self._damaged.add(path)
        self.built.rejected = len(self._damaged)
        if len(self.built.rejects) < _KEPT_REJECTS:
            self.built.rejects.append(Reject(line, f"{path}: {reason}", ""))


def read_tree(reader: Reader, tree: Files, origin: str, name: str, below: str = "") -> Read:
    """Read a tree.

    ``origin`` is what its repository is known by everywhere, ``name`` what people call it, ``below``
    the tree's folder in it.
    """
    reading = _Reading(reader, tree)
    reading.read()
    built = reading.built
    built.origin, built.below = origin, below
    built.digest = reading.digest.hexdigest()
    folders = roots(reading.places)
    parts: dict[str, list[Component]] = {}
    for met in reading.met:
        built.signatures[met.signature.detection.id] = met.signature
        component = _component(met)
        if is_tool(met.signature, component):
            if not is_sample(component):
                built.tools.append(component)
            continue
        reading.sign_dependent(component, met.signature)
        parts.setdefault(root_of(met.file, folders), []).append(component)
    by_root: dict[str, Application] = {}
    for folder, components in shared_out(parts, reading.members()).items():
        inside = built.inside(folder)
        made = _application(reading.places.get(folder), folder, inside, origin, name)
        made.components = _each_once(with_clients(components, built.signatures))
        by_root[folder] = made
    reading.hints.give(by_root, folders, built.signatures)
    built.applications = [by_root[folder] for folder in sorted(by_root)]
    reading.sign_words(folders, by_root)
    return Read(built, reading.places)


def _application(
    place: Place | None, folder: str, inside: str, origin: str, tree: str
) -> Application:
    first = project_of(place, inside)
    return Application(
        key=_key_of(origin, inside),
        name=name_of(place, inside, tree),
        folder=folder,
        version=first.version if first else "",
        description=first.description if first else "",
        is_deployable=place.is_deployable if place else False,
    )


def _key_of(origin: str, inside: str) -> str:
    return f"{origin}#{inside}" if inside else origin


def _component(met: _Met) -> Component:
    mention = met.mention
    return Component(
        met.signature.detection.id,
        mention.channel,
        mention.value,
        mention.version,
        mention.tie,
        mention.group,
        mention.is_direct,
        mention.via,
        met.file,
        mention.line,
    )


def _each_once(components: Sequence[Component]) -> list[Component]:
    return sorted(set(components), key=lambda one: (one.file, one.line, one.value, repr(one)))


def _modules(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return the modules that Python files are, each with the folders below which it is imported.

    A module of a package is imported by the package's name; its own may be that of a library.
    """
    files = set(paths)
    found: dict[str, set[str]] = {}
    for path in files:
        folder, name = posixpath.split(path)
        if name == "__init__.py":
            folder, name = posixpath.split(folder)
        if posixpath.join(folder, "__init__.py") not in files:
            homes = found.setdefault(name.removesuffix(".py"), set())
            homes.add(folder)
            if posixpath.basename(folder) in _SOURCES:
                homes.add(posixpath.dirname(folder))
    return found
