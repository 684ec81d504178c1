"""What a source tree comes to: from what its files show, its applications and the AI in each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from scanner.model import (
    Application,
    Built,
    Component,
    EvidenceKind,
    Identifier,
    Level,
    Shape,
    Sign,
    Signature,
    SignKey,
)
from scanner.shapes import SDK_DEPENDENCY
from scanner.trees.applications import Place, name_of, project_of, root_of, roots
from scanner.trees.clients import with_clients
from scanner.trees.hints import give
from scanner.trees.own_modules import own_modules
from scanner.trees.pieces import Files as Files
from scanner.trees.pieces import Piece, read_files
from scanner.trees.pieces import Reader as Reader
from scanner.trees.shared import shared_out
from scanner.trees.verdicts import has_stubs, is_sample, is_shipped, is_tool


class Read(NamedTuple):
    """What a tree shows, and what its files say of each folder."""

    built: Built
    places: dict[str, Place]


def read_tree(reader: Reader, tree: Files, origin: str, name: str, below: str = "") -> Read:
    """Read a tree.

    ``origin`` is what its repository is known by everywhere, ``name`` what people call it, ``below``
    the tree's folder in it.
    """
    files = list(tree.files())
    piece = read_files(reader, tree, files, own_modules(tree, files))
    return whole_tree(reader, piece, origin, name, below)


def whole_tree(reader: Reader, piece: Piece, origin: str, name: str, below: str = "") -> Read:
    """Return what a tree shows, of which all files were read; see ``read_tree``."""
    built = _built(reader, piece, origin, below)
    folders = roots(piece.places)
    known = frozenset(folders)
    signs = _Signs(reader, built)
    parts: dict[str, list[Component]] = {}
    for component in piece.components:
        signature = built.signatures[component.detection]
        if is_tool(signature, component):
            if not is_sample(component):
                built.tools.append(component)
            continue
        signs.meet_dependent(component, signature)
        parts.setdefault(root_of(component.file, known), []).append(component)
    by_root: dict[str, Application] = {}
    for folder, components in shared_out(parts, _members(piece)).items():
        inside = built.inside(folder)
        made = _application(piece.places.get(folder), folder, inside, origin, name)
        made.components = _each_once(with_clients(components, built.signatures))
        by_root[folder] = made
    give(piece.suggested, by_root, known, built.signatures)
    built.applications = [by_root[folder] for folder in sorted(by_root)]
    for folder in folders:
        signs.meet_words(folder, piece.places.get(folder), by_root.get(folder))
    return Read(built, piece.places)


def _built(reader: Reader, piece: Piece, origin: str, below: str) -> Built:
    """Return what is known of a tree before its applications are."""
    signatures = {
        detection: reader.matcher.signature(product, detection)
        for detection, product in piece.products.items()
    }
    return Built(
        origin,
        below,
        digest=hashlib.blake2b(piece.contents, digest_size=16).hexdigest(),
        files=piece.files,
        bytes=piece.bytes,
        signatures=signatures,
        read=piece.read,
        mentions=piece.mentions,
        rejects=piece.rejects,
        rejected=piece.rejected,
    )


class _Signs:
    """What in a tree looks like AI and is known to no signature."""

    def __init__(self, reader: Reader, built: Built) -> None:
        self._reader = reader
        self._built = built
        self._known: dict[str, bool] = {}  # packages

    def meet_dependent(self, component: Component, signature: Signature) -> None:
        """Note the unknown package that pulls an AI supplier's in."""
        is_ai = signature.detection.evidence is EvidenceKind.BUILD and component.group.is_shipped
        by = component.via[-1] if component.via else ""
        if is_ai and by and not self._is_known(by):
            self._sign(by, SDK_DEPENDENCY, component.line)

    def meet_words(self, folder: str, place: Place | None, application: Application | None) -> None:
        """Note an application that calls itself AI, if no signature says so of it."""
        is_known = application is not None and any(
            is_shipped(self._built.signatures[one.detection], one) for one in application.components
        )
        for project in place.projects if place and not is_known else ():
            for shape in self._reader.shapes.of_text(project.description):
                key = _key_of(self._built.origin, self._built.inside(folder))
                self._sign(key, shape, project.line)

    def _is_known(self, package: str) -> bool:
        if package not in self._known:
            match = self._reader.matcher.match_value
            is_known = has_stubs(package) or match(Identifier.PACKAGE, package) is not None
            self._known[package] = is_known
        return self._known[package]

    def _sign(self, subject: str, shape: Shape, line: int) -> None:
        key = SignKey(Identifier.PACKAGE, subject, shape.id, subject)
        self._built.shapes[shape.id] = shape
        sign = Sign(1, Level.ATTEMPT, None, None, line)
        if key in self._built.signs:
            self._built.signs[key].add(sign)
        else:
            self._built.signs[key] = sign


def _members(piece: Piece) -> dict[str, tuple[str, ...]]:
    """Return what workspaces say of the folders that belong to them, by their own folders."""
    return {
        folder: tuple(member for one in place.projects for member in one.members)
        for folder, place in piece.places.items()
    }


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


def _each_once(components: Sequence[Component]) -> list[Component]:
    return sorted(set(components), key=lambda one: (one.file, one.line, one.value, repr(one)))
