"""Weights of models, and the Modelfile that makes one."""

import struct
import time

import pytest

from scanner.manifests import Unreadable
from scanner.manifests.kinds.model_file import MANIFEST as WEIGHTS
from scanner.manifests.kinds.modelfile import MANIFEST as MODELFILE
from tests.manifests.support import mentions, values


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def _gguf(*pairs: bytes, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, 0, len(pairs)) + b"".join(pairs)


def test_gguf() -> None:
    data = _gguf(
        _text("general.architecture") + struct.pack("<I", 8) + _text("qwen2"),
        _text("general.alignment") + struct.pack("<II", 4, 32),
        _text("general.tags") + struct.pack("<IIQ", 9, 8, 2) + _text("a") + _text("b"),
        _text("numbers") + struct.pack("<IIQ", 9, 4, 3) + bytes(12),
        _text("general.name") + struct.pack("<I", 8) + _text("Qwen2.5 7B Instruct"),
    )
    assert values(WEIGHTS, "m/q.gguf", data) == ["q.gguf", "Qwen2.5 7B Instruct", "qwen2"]


def test_gguf_whose_header_goes_on() -> None:
    data = _gguf(
        _text("general.architecture") + struct.pack("<I", 8) + _text("llama"),
        _text("tokens") + struct.pack("<IIQ", 9, 8, 1 << 60),
    )
    assert values(WEIGHTS, "x.gguf", data) == ["x.gguf", "llama"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.gguf", b""),
        ("x.gguf", b"GGUF"),
        ("x.gguf", _gguf(version=99)),
        ("x.safetensors", struct.pack("<Q", 1 << 40) + b"{"),
        ("x.safetensors", b"12"),
        ("x.onnx", b"\x08\x08"),
        ("x.onnx", b"\x08" + b"\xff" * 100),
        ("x.onnx", b"text"),
        ("pytorch_model.bin", b"\x7fELF"),
        ("x.pkl", b"<html>"),
        ("x.h5", b""),
    ],
)
def test_what_are_no_weights(name: str, data: bytes) -> None:
    with pytest.raises(Unreadable):
        values(WEIGHTS, name, data)
    assert values(WEIGHTS, "firmware.bin", b"\x7fELF") == []  # as anything may be called


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pytorch_model.bin", b"PK\x03\x04"),
        ("x.pkl", b"\x80\x04\x95"),
        ("x.h5", b"\x89HDF\r\n\x1a\n"),
        ("x.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
        ("x.onnx", b"\x08\x08\x12\x07pytorch\x3a\x0c\x12\x0amain_graph"),
        ("x.safetensors", struct.pack("<Q", 2) + b"{}"),
    ],
)
def test_what_only_its_name_tells(name: str, data: bytes) -> None:
    assert values(WEIGHTS, f"a/{name}", data) == [name]


def test_safetensors() -> None:
    header = b'{"w":{"dtype":"F16"},"__metadata__":{"format":"pt","base_model":"Qwen/Qwen2.5-7B","modelspec.title":"harbour"},"x":{'
    data = struct.pack("<Q", 5_000_000) + header
    assert values(WEIGHTS, "x.safetensors", data) == ["x.safetensors", "harbour", "Qwen/Qwen2.5-7B"]


def test_onnx() -> None:
    node = b"\x0a\x03abc"
    graph = node * 3 + b"\x12\x06yolov8"
    data = b"\x08\x08\x28\x01\x3a" + bytes([len(graph)]) + graph
    assert values(WEIGHTS, "x.onnx", data) == ["x.onnx", "yolov8"]


def test_hostile_headers_take_no_long_time() -> None:
    begun = time.monotonic()
    blanks = b'{"__metadata__":{"a":"b"' + b" " * (1 << 20)
    for name, data in (
        ("x.safetensors", struct.pack("<Q", 1 << 20) + blanks),
        ("x.safetensors", struct.pack("<Q", 1 << 20) + b'{"__metadata__":{' * 50_000),
        ("x.gguf", _gguf(_text("x") + struct.pack("<IIQ", 9, 8, 1 << 60) + bytes(1 << 20))),
        ("x.onnx", b"\x08\x08" * 500_000),
    ):
        try:
            mentions(WEIGHTS, name, data)
        except Unreadable:
            continue
    assert time.monotonic() - begun < 5


def test_modelfiles() -> None:
    text = '''\
# FROM not-this
from "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M"
ADAPTER ./lora
SYSTEM """
FROM not-this
"""
MESSAGE user FROM not-this
'''
    assert values(MODELFILE, "Modelfile", text) == [
        "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M"
    ]
    assert values(MODELFILE, "Modelfile", "FROM /models/vicuna.gguf\n") == ["vicuna.gguf"]
    with pytest.raises(Unreadable):
        values(MODELFILE, "Modelfile", "FROM .\n")
