"""What a tree suggests of each application: stores, agents, where it runs, who may meet it.

The rows of ``clues`` are met against what is read of the tree anyway. A hint is where a person may
look, with the reason: nothing here says that an application does something.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from scanner.manifests import Group, Mention, Tie
from scanner.model import Application, Component, Hint, HintKind, Identifier, Signature
from scanner.trees.applications import group_of, is_for_delivery, root_of
from scanner.trees.clues import CLUES, OF_CATEGORIES, Clue
from scanner.trees.namespaces import Namespaces
from scanner.trees.spelled import spelled
from scanner.trees.verdicts import is_built

_MOST_OF_A_KIND = 25
_MOST_PLACES = 1_000
_MOST_IMPORTS = 50_000
_KIND_OF_FILE = "kind of file"  # what is looked up beside the channels
_COLUMNS = {
    "modules": Identifier.IMPORT,
    "images": Identifier.CONTAINER,
    "resources": Identifier.FILE,
    "variables": Identifier.ENV,
    "hosts": Identifier.HOST,
    "actions": Identifier.GITHUB_ACTION,
    "files": Identifier.FILE,
    "kinds": _KIND_OF_FILE,
}
_DOES = {
    Identifier.PACKAGE: "declares the package",
    Identifier.IMPORT: "imports",
    Identifier.CONTAINER: "names the image",
    Identifier.ENV: "names the variable",
    Identifier.HOST: "names the host",
    Identifier.HOST_PATH: "names the address",
    Identifier.GITHUB_ACTION: "runs the action",
}
_TIED = {Tie.IMPORTED: "imports", Tie.LOCKED: "locks the package"}
# compose.test.yml, Dockerfile.dev: what is tried out, and what runs where it is made.
_OF_TESTS = frozenset({"test", "tests", "testing", "ci", "e2e"})
_OF_MAKERS = frozenset({"dev", "devel", "development", "local"})
_WORDS = re.compile(r"[._-]")
# Where versions are kept for whoever asks for a package.
_CATALOGS = (".versions.toml", "directory.packages.props")
_REGISTRY = re.compile(r"(?:(?:index\.)?docker\.io/|public\.ecr\.aws/docker/)?(?:library/)?")
_PARENT = re.compile(r"[./][^./]+$")
_ENTRY = re.compile(r"kubernetes:(?:Ingress|HTTPRoute|Gateway):(.+)")
_INSIDE = re.compile(
    r"[^.]+|.*\.(?:local|localhost|internal|intern|intra|intranet|corp|lan|home|svc|test)"
)
_OF_INFRASTRUCTURE = ("terraform:", "cloudformation:", "bicep:")
_ENTRIES = (b"kind: Ingress", b"kind: HTTPRoute")
_FEWEST = 8


class _Known:
    """Clues by what identifies them."""

    def __init__(self, clues: Iterable[Clue]) -> None:
        self._whole: dict[tuple[str, str], list[Clue]] = {}
        self._begun: dict[str, dict[str, list[Clue]]] = {}
        for clue in clues:
            for name in clue.packages.split():
                self._add(Identifier.PACKAGE, f"pkg:{name.replace('@', '%40')}".lower(), clue)
            for column, channel in _COLUMNS.items():
                for name in getattr(clue, column).split():
                    self._add(channel, name, clue)
        self._beginnings = {channel: tuple(names) for channel, names in self._begun.items()}

    def _add(self, channel: str, name: str, clue: Clue) -> None:
        if name.endswith("*"):
            self._begun.setdefault(channel, {}).setdefault(name[:-1], []).append(clue)
        else:
            self._whole.setdefault((channel, name), []).append(clue)

    def of(self, channel: str, name: str) -> list[Clue]:
        """Return the clues that a name is; mostly none."""
        found = self._whole.get((channel, name), [])
        if name.startswith(self._beginnings.get(channel, ())):
            for beginning, begun in self._begun[channel].items():
                found = [*found, *begun] if name.startswith(beginning) else found
        return found

    def telling(self) -> list[bytes]:
        names = [name for channel, name in self._whole if channel == Identifier.FILE]
        names += self._begun[Identifier.FILE]
        told = {one.partition(":")[2] for one in names if one.startswith(_OF_INFRASTRUCTURE)}
        return [*_ENTRIES, *(one.encode() for one in sorted(told) if len(one) >= _FEWEST)]


_KNOWN = _Known(CLUES)


def telling() -> list[bytes]:
    """Return what a file of infrastructure holds that suggests something, to be read for that alone."""
    return _KNOWN.telling()


_About = tuple[HintKind, str]  # what a hint is of, and its label
_Found = dict[_About, dict[tuple[str, int], str]]  # the places, each with its reason
Suggested = dict[str, _Found]  # by the folder of the files


class Hints:
    """Gathers what a tree suggests while its files are read: each label once in each folder."""

    def __init__(self, namespaces: Namespaces, found: Suggested) -> None:
        """``found`` is where it is put."""
        self._namespaces = namespaces
        self._imported: dict[tuple[str, str], tuple[Clue, ...]] = {}  # in a language
        self._found = found

    def meet(self, path: str, mention: Mention) -> None:
        """Note what a mention suggests, if it is for what runs."""
        if mention.tie is Tie.LOCKED or mention.is_direct is False:
            return
        if mention.channel is Identifier.FILE and (host := _ENTRY.fullmatch(mention.value)):
            self._meet_entry(path, host[1], mention)
            return
        for clue in self._clues(path, mention):
            is_action = mention.channel is Identifier.GITHUB_ACTION  # the pipeline puts it there
            if is_action or _runs(path, mention.group, clue.kind):
                reason = _reason(path, mention)
                said = f"{reason}; {clue.says}" if clue.says else reason
                self._note((clue.kind, clue.label), said, path, mention.line)

    def meet_kind(self, path: str, kind: str, line: int) -> None:
        """Note what a file of some kind suggests that says how an application runs."""
        for clue in _KNOWN.of(_KIND_OF_FILE, kind):
            if _runs(path, Group.RUNTIME, clue.kind):
                reason = f"has {posixpath.basename(path)}"
                self._note((clue.kind, clue.label), reason, path, line)

    def _clues(self, path: str, mention: Mention) -> Sequence[Clue]:
        if mention.channel is not Identifier.IMPORT:
            name = _name(path, mention)
            return _KNOWN.of(*name) if name else ()
        key = mention.value, posixpath.splitext(path)[1]
        known = self._imported.get(key)
        if known is None:
            if len(self._imported) >= _MOST_IMPORTS:
                self._imported.clear()
            names = _imported(path, mention, self._namespaces)
            found = [clue for name in names for clue in _KNOWN.of(*name)]
            known = self._imported[key] = tuple(dict.fromkeys(found))
        return known

    def _meet_entry(self, path: str, host: str, mention: Mention) -> None:
        """Note a host under which a cluster lets requests in."""
        if not _runs(path, mention.group, HintKind.CUSTOMER_FACING):
            return
        if _INSIDE.fullmatch(host):
            about = HintKind.INTERNAL, "a host name of the inside"
        else:
            about = HintKind.CUSTOMER_FACING, "a host name that may be public"
        self._note(about, f"lets requests in for {host}", path, mention.line)

    def _note(self, about: _About, reason: str, path: str, line: int) -> None:
        places = self._found.setdefault(posixpath.dirname(path), {}).setdefault(about, {})
        if len(places) < _MOST_PLACES:
            places.setdefault((path, line), reason)  # a line may say it in several words


def add_suggested(found: Suggested, others: Suggested) -> None:
    """Add what the files suggest that come next in the order of the tree."""
    for folder, abouts in others.items():
        for about, reasons in abouts.items():
            places = found.setdefault(folder, {}).setdefault(about, {})
            for place, reason in reasons.items():
                if len(places) >= _MOST_PLACES:
                    break
                places.setdefault(place, reason)


def give(
    suggested: Suggested,
    applications: Mapping[str, Application],
    folders: Container[str],
    known: Mapping[str, Signature],
) -> None:
    """Give each application, by its folder, what suggests something of it.

    What lies in a folder around one application alone is told of that one.
    """
    parts: dict[str, _Found] = {folder: {} for folder in applications}
    for folder, found in suggested.items():
        owner = _owner(folder, folders, applications)
        if owner is None:
            continue
        for about, places in found.items():
            parts[owner].setdefault(about, {}).update(places)
    for folder, application in applications.items():
        _add_components(parts[folder], application.components, known)
        application.hints = _hints(parts[folder])


def _name(path: str, mention: Mention) -> tuple[str, str] | None:
    """Return what clues may call a mention; None of a package that is only offered to others."""
    channel, value = mention.channel, mention.value
    match channel:
        case Identifier.PACKAGE:
            is_offered = mention.is_direct is None and path.lower().endswith(_CATALOGS)
            return None if is_offered else (channel, value.lower())
        case Identifier.CONTAINER:
            return channel, _REGISTRY.sub("", value, count=1)
        case Identifier.HOST_PATH:
            return Identifier.HOST, value.partition("/")[0]
        case Identifier.GITHUB_ACTION:
            return channel, value.lower()
        case _:
            return channel, value


def _imported(path: str, mention: Mention, namespaces: Namespaces) -> Iterator[tuple[str, str]]:
    """Yield what clues may call what a program imports: its package, the module and those above it."""
    for channel, name in spelled(mention, path, namespaces):
        if channel is Identifier.PACKAGE:
            yield channel, name.lower()
    module = mention.value
    while module:
        yield Identifier.IMPORT, module
        module = _PARENT.sub("", module) if _PARENT.search(module) else ""


def _runs(path: str, group: Group, kind: HintKind) -> bool:
    """Whether what a file says is for what runs, as far as folders and its name tell."""
    words = set(_WORDS.split(posixpath.basename(path).lower()))
    if not words.isdisjoint(_OF_TESTS):
        return False
    if kind is HintKind.DEPLOYMENT and not words.isdisjoint(_OF_MAKERS):
        return False
    return group_of(path, group).is_shipped


def _reason(path: str, mention: Mention) -> str:
    if mention.channel is not Identifier.FILE:
        return f"{_DOES[mention.channel]} {mention.value}"
    system, colon, resource = mention.value.partition(":")
    return f"has {resource} of {system}" if colon else f"has {posixpath.basename(path)}"


def _owner(
    folder: str, folders: Container[str], applications: Mapping[str, Application]
) -> str | None:
    """Return the application that files in a folder suggest something of, if that is clear."""
    root = root_of(f"{folder}/x" if folder else "x", folders)
    while root not in applications and is_for_delivery(root):  # charts/answers
        root = root_of(root, folders)
    if root in applications:
        return root
    below = [one for one in applications if not root or one.startswith(f"{root}/")]
    return below[0] if len(below) == 1 else None


def _add_components(
    found: _Found, components: Iterable[Component], known: Mapping[str, Signature]
) -> None:
    """Add what the products that an application is made of are for."""
    for one in components:
        signature = known[one.detection]
        meant = OF_CATEGORIES.get(signature.product.category)
        if meant is not None and one.is_shipped and is_built(signature, one):
            kind, says = meant
            does = _TIED.get(one.tie) or _DOES.get(one.channel, "names")
            places = found.setdefault((kind, signature.product.name), {})
            places.setdefault((one.file, one.line), f"{does} {one.value}; {says}")


def _is_import(reason: str) -> bool:
    return reason.startswith(_TIED[Tie.IMPORTED])


def _hints(found: _Found) -> list[Hint]:
    """Return each label once with its first place; of very many those with the most places.

    Programs come after what says the same of the whole application.
    """
    hints: list[Hint] = []
    for (kind, label), places in found.items():
        file, line = min(places, key=lambda place: (_is_import(places[place]), place))
        hints.append(Hint(kind, label, places[file, line], file, line, len(places)))
    kept: list[Hint] = []
    for kind in HintKind:
        of_kind = [one for one in hints if one.kind is kind]
        most = sorted(of_kind, key=lambda one: (-one.places, one.label))[:_MOST_OF_A_KIND]
        kept += sorted(most, key=lambda one: one.label)
    return kept
