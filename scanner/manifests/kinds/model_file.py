r"""Weights of models: what their headers say. Nothing is loaded, and no pickle is opened.

    GGUF\x03...general.architecture...llama...general.name...Llama 3.2 3B Instruct

GGUF and Safetensors name their model, ONNX its graph; what PyTorch, scikit-learn and Keras save is
told by the name of the file, once its first bytes are theirs. So is a pointer of Git LFS.
Reference: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

import msgspec

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Unreadable
from scanner.model import Identifier

_HEADER = 1 << 20
_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
# Of Python's pickles, alone or in a zip; of HDF5.
_FIRST_BYTES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"\x89HDF\r\n")
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_GGUF_STRING, _GGUF_LIST = 8, 9
# Called as anything may be that is no text, unlike pytorch_model.bin.
_ANYTHING = re.compile(r"(?!pytorch_model|adapter_model).*\.bin", re.IGNORECASE)
_NAMES = ("general.name", "general.basename", "general.architecture")
_METADATA = re.compile(
    rb'"__metadata__"\s*:\s*(\{\s*(?:"(?:[^"\\]|\\.)*"\s*:\s*"(?:[^"\\]|\\.)*"\s*(?:,\s*)?)*\})'
)
_TITLES = ("modelspec.title", "base_model", "ss_sd_model_name", "modelspec.architecture")
_PLAIN_GRAPHS = re.compile(r"(?:main_?graph|torch[-_]jit.*|graph\d*|tf2onnx|onnx.*)", re.IGNORECASE)


def read(document: Document) -> Iterator[Found]:
    data = document.data[:_HEADER]
    if _ANYTHING.fullmatch(document.name) and not data.startswith((*_FIRST_BYTES, _POINTER)):
        return
    ending = document.name.lower().rpartition(".")[2]
    names: tuple[str, ...] = ()
    if not data.startswith(_POINTER):
        names = _names(ending, data)
    yield Mention(Identifier.FILE, document.name, 0, tie=Tie.CONFIGURED)
    for name in dict.fromkeys(names):
        if name.strip() and len(name) <= 300:
            yield Mention(Identifier.MODEL, name.strip(), 0, tie=Tie.CONFIGURED)


def _names(ending: str, data: bytes) -> tuple[str, ...]:
    try:
        match ending:
            case "gguf":
                return _gguf(data)
            case "safetensors":
                return _safetensors(data)
            case "onnx":
                return _onnx(data)
    except (struct.error, IndexError) as error:
        raise Unreadable("the header ends too early") from error
    if not data.startswith(_FIRST_BYTES):
        raise Unreadable("not the weights of a model")
    return ()


def _gguf(data: bytes) -> tuple[str, ...]:
    """Return the name and the architecture that a GGUF header gives."""
    if data[:4] != b"GGUF":
        raise Unreadable("not GGUF")
    version, _, count = struct.unpack_from("<IQQ", data, 4)
    if not 2 <= version <= 9:
        raise Unreadable(f"version {version} of GGUF")
    at, said = 24, dict[str, str]()
    try:
        for _ in range(min(count, 10_000)):
            key, at = _string(data, at)
            (kind,) = struct.unpack_from("<I", data, at)
            value, at = _value(data, at + 4, kind)
            if key in _NAMES:
                said[key] = value
            if len(said) == len(_NAMES):
                break
    except struct.error:
        pass  # a vocabulary is longer than what is looked at; names come before it
    return tuple(said[key] for key in _NAMES if key in said)


def _string(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<Q", data, at)
    if length > len(data):
        raise struct.error("longer than the header")
    return data[at + 8 : at + 8 + length].decode("utf-8", "replace"), at + 8 + length


def _value(data: bytes, at: int, kind: int) -> tuple[str, int]:
    """Return a text, or "" for any other value, and where the next one begins."""
    if kind == _GGUF_STRING:
        return _string(data, at)
    if kind == _GGUF_LIST:
        inner, count = struct.unpack_from("<IQ", data, at)
        at += 12
        if inner in _SIZES:
            return "", at + count * _SIZES[inner]
        if inner != _GGUF_STRING:
            raise struct.error("a list of lists")
        for _ in range(count):
            _, at = _string(data, at)
        return "", at
    if kind not in _SIZES:
        raise struct.error(f"type {kind}")
    return "", at + _SIZES[kind]


def _safetensors(data: bytes) -> tuple[str, ...]:
    """Return what the metadata of a Safetensors header calls the model."""
    (length,) = struct.unpack_from("<Q", data)
    if not 2 <= length <= 100_000_000 or data[8:9] != b"{":
        raise Unreadable("not Safetensors")
    found = _METADATA.search(data, 8, min(8 + length, len(data)))
    if not found:
        return ()
    try:
        said = msgspec.json.decode(found[1], type=dict[str, str])
    except msgspec.DecodeError:
        return ()
    return tuple(said[key] for key in _TITLES if key in said)


def _onnx(data: bytes) -> tuple[str, ...]:
    """Return the name of an ONNX graph, if it is more than what exporters call every graph."""
    if data[:1] != b"\x08":
        raise Unreadable("not ONNX")
    begin, end = _field(data, 0, len(data), 7)
    if begin == end:
        raise Unreadable("not ONNX: no graph")
    first, last = _field(data, begin, min(end, len(data)), 2)
    name = data[first:last].decode("utf-8", "replace")
    return () if _PLAIN_GRAPHS.fullmatch(name) else (name,)


def _field(data: bytes, at: int, end: int, wanted: int) -> tuple[int, int]:
    """Return where the content of a field of a protocol buffer begins and ends; 0, 0 without it."""
    while at < end:
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            _, at = _varint(data, at)
        elif kind == 2:
            length, at = _varint(data, at)
            if number == wanted:
                return at, at + length
            at += length
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise Unreadable("not ONNX")
    return 0, 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise Unreadable("not ONNX")


def _gguf_of(**said: str) -> bytes:
    pairs = b"".join(
        struct.pack("<Q", len(key))
        + key.encode()
        + struct.pack("<IQ", 8, len(value))
        + value.encode()
        for key, value in ((f"general.{name}", value) for name, value in said.items())
    )
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(said)) + pairs


_SAFETENSORS = b'{"__metadata__":{"format":"pt","modelspec.title":"harbour-lora"}}'

MANIFEST = Manifest(
    name="model-file",
    title="Weights of a model: GGUF, Safetensors, ONNX, PyTorch, Keras, pickles",
    files=(
        *("*.gguf", "*.safetensors", "*.onnx", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.keras"),
        *("*.pkl", "*.pickle", "*.joblib", "pytorch_model*.bin", "adapter_model.bin", "*.bin"),
    ),
    read=read,
    head=1 << 20,
    reference="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md",
    samples={
        "models/llama.gguf": _gguf_of(architecture="llama", name="Llama 3.2 3B Instruct"),
        "models/lora.safetensors": struct.pack("<Q", len(_SAFETENSORS)) + _SAFETENSORS,
        "models/detect.onnx": b"\x08\x08\x12\x07pytorch\x28\0\x3a\x08\x12\x06yolov8",
        "models/model.pt": b"PK\x03\x04\0\0\0\0",
    },
)
