"""The labelled bed: source trees, and what a careful person would say is in each."""

from __future__ import annotations

import re
import struct
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BED = Path(__file__).resolve().parent

# How names are kept that git, test runners, linters or coding agents would act on here.
_HIDDEN, _KEPT = "dot_", "kept_"


def planted(repository: str, root: Path) -> Path:
    """Grow the tree of a repository below a folder, under its real names, and return its own."""
    source = BED / "trees" / repository
    grown = root / repository
    for file in sorted(source.rglob("*")):
        if file.is_file():
            _write(grown / _real(file.relative_to(source)), file.read_bytes())
    for path, data in _GENERATED.get(repository, {}).items():
        _write(grown / path, data)
    return grown


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _real(path: Path) -> Path:
    names = (re.sub(rf"^{_HIDDEN}", ".", name).removeprefix(_KEPT) for name in path.parts)
    return Path(*names)


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def _gguf(**said: str) -> bytes:
    pairs = [
        _text(f"general.{key}") + struct.pack("<I", 8) + _text(value) for key, value in said.items()
    ]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + b"".join(pairs)


def _safetensors(header: str) -> bytes:
    return struct.pack("<Q", len(header)) + header.encode()


def _onnx(graph: str) -> bytes:
    """Return a model of that graph and nothing in it: fields 2 (its producer) and 7 (the graph)."""
    named = b"\x12" + bytes([len(graph)]) + graph.encode()
    return b"\x08\x08\x12\x07pytorch\x3a" + bytes([len(named)]) + named


# Weights of models are no text: their headers are made here.
_GENERATED = {
    "platform-infra": {
        "models/answers.gguf": _gguf(architecture="llama", name="Llama 3.2 3B Instruct"),
        "models/encoder.safetensors": _safetensors(
            '{"__metadata__":{"format":"pt","base_model":"BAAI/bge-m3"}}'
        ),
        "models/detect.onnx": _onnx("yolov8"),
        "models/notes.gguf": b"no model: notes on claude-3-opus\n",
    }
}


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One thing that must be found: where it stands, what it is, and how it is tied."""

    folder: str  # of the application; "(tools)" for AI that people make it with
    file: str
    line: int
    channel: str
    value: str
    product: str  # vendor/product; of a model, the vendor that made it
    tie: str
    group: str
    direct: bool = True
    speaks_to: str = ""

    @property
    def is_model(self) -> bool:
        return self.channel == "model"


@dataclass(frozen=True, slots=True)
class Trap:
    """A text on a line of which nothing must be made, and why."""

    file: str
    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unshipped:
    """A product that an application has for another purpose than to run with it, and why."""

    folder: str
    product: str
    reason: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What is to be found in one repository, and what is not."""

    name: str
    applications: dict[str, str]  # names by folders
    ships: dict[str, frozenset[str]]  # products by folders
    items: tuple[Item, ...]
    traps: tuple[Trap, ...]
    unshipped: tuple[Unshipped, ...]


TOOLS = "(tools)"


def labels() -> dict[str, Labels]:
    """Return the labels of all repositories by their names."""
    with (BED / "labels.toml").open("rb") as file:
        return {one["name"]: _labels(one) for one in tomllib.load(file)["repository"]}


def _labels(given: dict[str, Any]) -> Labels:
    applications = given.get("application", [])
    items = [Item(TOOLS, **one) for one in given.get("tools", [])]
    for one in applications:
        items += [Item(one["folder"], **item) for item in one.get("items", [])]
        items += [_model(one["folder"], model) for model in one.get("models", [])]
    return Labels(
        given["name"],
        {one["folder"]: one["name"] for one in applications},
        {one["folder"]: frozenset(one["ships"]) for one in applications},
        tuple(sorted(items)),
        tuple(Trap(**one) for one in given.get("traps", [])),
        tuple(Unshipped(**one) for one in given.get("unshipped", [])),
    )


def _model(folder: str, given: dict[str, Any]) -> Item:
    rest = {key: value for key, value in given.items() if key != "maker"}
    return Item(folder, channel="model", product=given["maker"], tie="configured", **rest)
