"""The labelled bed: everything that is there is found, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from scanner.manifests import Document, Manifest, Mention, Unreadable
from scanner.model import Application, Built, Component, Identifier
from scanner.privacy import Pseudonyms
from scanner.registry import MANIFESTS, values
from scanner.trees import TreeInput, hints
from scanner.trees.choice import Choice
from scanner.trees.keys import Keys
from scanner.trees.namespaces import Namespaces
from scanner.trees.reading import Reader
from scanner.trees.tasks import look_at_tree
from scanner.trees.verdicts import is_shipped
from scanner.trees.wanted import Wanted
from tests.bed import BED, TOOLS, Item, Labels, labels, planted
from tests.manifests.support import Files
from tests.support import NOW, the_base

_LABELS = labels()
_FEWEST_ITEMS, _FEWEST_TRAPS = 300, 150
# Kinds that can name no product, each with the repository that has one. Bower's manifest, Helm's
# chart and Julia's project name their application, and signatures know no package of theirs; files
# of hosts say where it runs; the others say which folders belong together.
_NAME_NO_PRODUCT = {
    "bower-json": "storefront",
    "go-work": "dispatch-go",
    "helm-chart": "platform-infra",
    "hosting": "storefront",
    "julia-manifest": "edge-many",
    "julia-project": "edge-many",
    "pnpm-workspace": "storefront",
    "solution": "harbour-desk",
}


@cache
def _reader() -> Reader:
    base = the_base()
    keys = Keys(base.matcher)
    namespaces = Namespaces(base.matcher)
    wanted = Wanted(base.matcher, [*keys.telling, *namespaces.beginnings, *hints.telling()])
    choice = Choice(values(MANIFESTS))
    return Reader(choice, base.matcher, wanted, keys, namespaces, base.shapes, Pseudonyms(b"bed"))


@cache
def _knows_models() -> bool:
    matcher = the_base().matcher
    return any(matcher.patterns(Identifier.MODEL)) or any(matcher.known(Identifier.MODEL))


@dataclass(frozen=True, slots=True)
class _Look:
    """What a scan of one repository showed, beside what it should."""

    root: Path
    labels: Labels
    built: Built

    @property
    def found(self) -> list[Item]:
        made = [_item(self.built, TOOLS, one) for one in self.built.tools]
        for application in self.built.applications:
            made += [_item(self.built, application.folder, one) for one in application.components]
        return [one for one in made if _knows_models() or not one.is_model]

    @property
    def expected(self) -> list[Item]:
        return [one for one in self.labels.items if _knows_models() or not one.is_model]


def _item(built: Built, folder: str, one: Component) -> Item:
    signature = built.signatures[one.detection]
    is_model = one.channel is Identifier.MODEL
    return Item(
        folder,
        one.file,
        one.line,
        one.channel.value,
        one.value,
        signature.vendor.id if is_model else signature.product_key,
        one.tie.value,
        one.group.value,
        one.is_direct is not False,
        one.speaks_to,
    )


@pytest.fixture(scope="module", params=sorted(_LABELS))
def look(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> _Look:
    root = planted(request.param, tmp_path_factory.mktemp("bed"))
    built = look_at_tree(_reader(), TreeInput(str(root)), NOW)
    return _Look(root, _LABELS[request.param], built)


def _place(one: Item) -> tuple[str, ...]:
    """What an item is, however it is spelled: a host with or without its path, an import as a
    module or as the package that it belongs to."""
    channel, value = one.channel, one.value.lower()
    if channel in ("host", "host_path"):
        channel, value = "host", value.partition("/")[0]
    elif one.tie == "imported":
        channel = value = "import"
    return (one.folder, one.file, str(one.line), channel, value, one.product)


def _ties(one: Item) -> tuple[object, ...]:
    return (one.tie, one.group, one.direct, one.speaks_to)


def _compared(look: _Look) -> tuple[list[Item], list[Item], list[Item]]:
    """Return the items found, missed and false."""
    seen = {_place(one): one for one in look.found}
    right: list[Item] = []
    missed: list[Item] = []
    for one in look.expected:
        met = seen.get(_place(one))
        if met is not None and _ties(met) == _ties(one):
            right.append(one)
        else:
            missed.append(one)
    said = {_place(one) for one in look.expected}
    return right, missed, [one for one in look.found if _place(one) not in said]


def test_all_that_is_there_is_found_and_nothing_else(
    look: _Look, capsys: pytest.CaptureFixture[str]
) -> None:
    right, missed, false = _compared(look)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{look.labels.name}: {len(right)} found, {len(missed)} missed, {len(false)} false, "
            f"{len(look.labels.traps)} traps\n"
        )
    seen = {_place(one): one for one in look.found}
    instead = [f"{one}\n  instead: {seen.get(_place(one))}" for one in missed]
    assert not missed, "missed:\n" + "\n".join(instead)
    assert not false, "false:\n" + "\n".join(map(str, false))


def test_applications_are_named_and_ship_what_they_run_with(look: _Look) -> None:
    named = {one.folder: one.name for one in look.built.applications}
    assert named == look.labels.applications
    shipped = {one.folder: _shipped(look.built, one) for one in look.built.applications}
    for folder, ships in look.labels.ships.items():
        assert shipped[folder] == ships, folder
    for one in look.labels.unshipped:
        assert one.product not in shipped[one.folder], one.reason
        assert any(
            one.product == item.product for item in look.found if item.folder == one.folder
        ), f"no trap: {one}"


def _shipped(built: Built, application: Application) -> frozenset[str]:
    """Return the products that make an application an AI system; models and hosts count by theirs."""
    return frozenset(
        built.signatures[one.detection].product_key
        for one in application.components
        if one.channel is not Identifier.MODEL and is_shipped(built.signatures[one.detection], one)
    )


def test_nobody_walks_into_a_trap(look: _Look) -> None:
    places = {(one.file, one.line, one.value.lower()) for one in look.found}
    for trap in look.labels.traps:
        (line,) = (look.root / trap.file).read_text().split("\n")[trap.line - 1 : trap.line]
        assert trap.text.lower() in line.lower(), f"no trap: {trap}"
        caught = [
            value
            for file, number, value in places
            if (file, number) == (trap.file, trap.line) and trap.text.lower() in value
        ]
        assert not caught, trap


def test_files_of_the_bed_can_be_read(look: _Look) -> None:
    rejects = [one.excerpt or one.reason for one in look.built.rejects]
    assert [one for one in rejects if "notes.gguf" not in one] == []


@cache
def _kinds_of_items() -> frozenset[str]:
    """Return the kinds that mention something on the line of an expected item."""
    return frozenset(kind for one in _LABELS.values() for kind in _kinds_in(one))


def _kinds_in(one: Labels) -> Iterator[str]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = planted(one.name, Path(folder))
        files = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }
    lines = {(item.file, item.line) for item in one.items}
    tree = Files(files)
    for file in sorted({item.file for item in one.items}):
        document = tree.document(file)
        for kind in _reader().choice.of(file):
            if any((file, line) in lines for line in _lines_of(kind, document)):
                yield kind.name


def _lines_of(kind: Manifest, document: Document) -> list[int]:
    if kind.holds and not any(text in document.data for text in kind.holds):
        return []
    try:
        return [one.line for one in kind.read(document) if isinstance(one, Mention)]
    except Unreadable:
        return []


@pytest.mark.parametrize("kind", sorted(one.name for one in values(MANIFESTS)))
def test_every_kind_of_file_has_an_expected_item(kind: str) -> None:
    assert (kind in _kinds_of_items()) != (kind in _NAME_NO_PRODUCT)


def test_kinds_that_name_no_product_are_read(look: _Look) -> None:
    here = [kind for kind, name in _NAME_NO_PRODUCT.items() if name == look.labels.name]
    assert [kind for kind in here if not look.built.read[kind]] == []


def test_the_bed_is_large() -> None:
    items = [item for one in _LABELS.values() for item in one.items]
    traps = [trap for one in _LABELS.values() for trap in (*one.traps, *one.unshipped)]
    assert len(items) >= _FEWEST_ITEMS
    assert len(traps) >= _FEWEST_TRAPS
    assert sorted(_LABELS) == sorted(one.name for one in (BED / "trees").iterdir())
