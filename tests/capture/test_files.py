"""Capture files: every magic of pcap, the blocks of pcapng, and what damage leaves."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import pytest

from scanner.capture import pcap as pcap_files
from scanner.capture import pcapng as pcapng_files
from scanner.capture.reading import is_capture
from scanner.errors import SourceError
from scanner.logs.binary.capture import BINARY, is_it
from tests.capture.making import (
    RAW,
    START,
    block,
    dns,
    ethernet,
    hosts,
    interface,
    packet_block,
    pcap,
    read_file,
    section,
    udp,
)

_FRAMES = [ethernet(udp(dns(name))) for name in ("claude.ai", "chatgpt.com", "api.mistral.ai")]
_NAMES = ["claude.ai", "chatgpt.com", "api.mistral.ai"]
_MICROSECONDS = START // 1000


def _written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "capture"
    path.write_bytes(content)
    return path


def _of_pcapng(*blocks: bytes) -> list[Any]:
    return list(pcapng_files.blocks(io.BytesIO(b"".join(blocks))))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("magic", [0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34])
def test_p6_every_magic(magic: int, order: str, tmp_path: Path) -> None:
    file = pcap(_FRAMES, order=order, magic=magic)
    assert is_it(file[:4])
    assert is_capture(file[:4])
    told = read_file(_written(tmp_path, file))
    assert hosts(told) == _NAMES
    assert [one["time"] for one in told if "host" in one] == [
        START + number * 1_000_000 for number in range(3)
    ]


@pytest.mark.parametrize("order", ["<", ">"])
def test_p6_pcapng_with_several_sections_and_interfaces(order: str, tmp_path: Path) -> None:
    other = ">" if order == "<" else "<"
    nanoseconds = struct.pack(order + "HHB3xHH", 9, 1, 9, 0, 0)
    file = (
        section(order)
        + interface(order=order)
        + interface(RAW, order, nanoseconds)
        + packet_block(_FRAMES[0], _MICROSECONDS, 0, order)
        + packet_block(udp(dns("chatgpt.com")), START + 1, 1, order)
        + block(0x0BAD, b"whatever", order)
        + section(other)
        + interface(order=other)
        + packet_block(_FRAMES[2], _MICROSECONDS, 0, other)
    )
    told = read_file(_written(tmp_path, file))
    assert hosts(told) == _NAMES
    assert [one["time"] for one in told] == [START, START + 1, START]


@pytest.mark.parametrize(
    ("resolution", "ticks"),
    [
        (0, START // 10**9),
        (3, START // 10**6),
        (6, START // 10**3),
        (9, START),
        (12, START * 1000 % 2**64),
        (0x80 | 10, START // 10**9 * 1024),
        (0x80 | 20, START // 10**9 << 20),
    ],
)
def test_p6_time_resolutions(resolution: int, ticks: int) -> None:
    options = struct.pack("<HHB3x", 9, 1, resolution)
    if resolution == 12:
        ticks = 1_795_226 * 10**12  # fits into 64 bits
    found = _of_pcapng(section(), interface(options=options), packet_block(b"x" * 60, ticks))
    wanted = START if resolution != 12 else 1_795_226 * 10**9
    assert found[0].times.tolist() == [wanted]


def test_p6_an_offset_of_time() -> None:
    options = struct.pack("<HHqHH", 14, 8, START // 10**9, 0, 0)
    found = _of_pcapng(section(), interface(options=options), packet_block(b"x" * 60, 5))
    assert found[0].times.tolist() == [START + 5000]


def test_p6_simple_and_old_packet_blocks(tmp_path: Path) -> None:
    simple = block(3, struct.pack("<I", len(_FRAMES[0])) + _FRAMES[0])
    size = len(_FRAMES[1])
    high, low = _MICROSECONDS >> 32, _MICROSECONDS & 0xFFFFFFFF
    old = block(2, struct.pack("<HHIIII", 0, 9, high, low, size, size) + _FRAMES[1])
    told = read_file(_written(tmp_path, section() + interface(most=100) + simple + old))
    assert hosts(told) == ["claude.ai", "chatgpt.com"]
    assert [one["time"] for one in told] == [0, START]


def test_p6_a_simple_block_is_cut_where_the_interface_cut() -> None:
    simple = block(3, struct.pack("<I", 500) + bytes(60))
    found = _of_pcapng(section(), interface(most=60), simple)
    assert (found[0].sizes.tolist(), found[0].wires.tolist()) == ([60], [500])


def test_a_packet_of_an_interface_that_nobody_described_is_not_read(tmp_path: Path) -> None:
    file = section() + interface() + packet_block(_FRAMES[0], 5, 7)
    assert hosts(read_file(_written(tmp_path, file))) == []


@pytest.mark.parametrize("kind", ["pcap", "pcapng"])
def test_scapy_reads_the_same_packets(kind: str, tmp_path: Path) -> None:
    from scapy.utils import RawPcapNgReader, RawPcapReader

    if kind == "pcap":
        path, reader, blocks = _written(tmp_path, pcap(_FRAMES)), RawPcapReader, pcap_files.blocks
    else:
        blocks_of = [packet_block(frame, _MICROSECONDS) for frame in _FRAMES]
        path = _written(tmp_path, section() + interface() + b"".join(blocks_of))
        reader, blocks = RawPcapNgReader, pcapng_files.blocks
    with path.open("rb") as file, reader(file) as packets:
        theirs = [bytes(data) for data, _ in packets]
    with path.open("rb") as file:
        ours = [one.packet(at) for one in blocks(file) for at in range(len(one))]
    assert ours == theirs == _FRAMES


def test_large_files_are_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [ethernet(udp(dns(f"n{number}.example", number=number))) for number in range(300)]
    wanted = [f"n{number}.example" for number in range(300)]
    monkeypatch.setattr(pcap_files, "BLOCK", 1024)
    assert hosts(read_file(_written(tmp_path, pcap(frames)))) == wanted
    file = (
        section() + interface() + b"".join(packet_block(frame, _MICROSECONDS) for frame in frames)
    )
    assert hosts(read_file(_written(tmp_path, file))) == wanted
    long = section() + interface() + block(4, bytes(5000)) + packet_block(frames[0], 5)
    assert hosts(read_file(_written(tmp_path, long))) == wanted[:1]


@pytest.mark.parametrize("cut", [1, 15, 17, 60])
def test_a_truncated_file_is_read_as_far_as_it_goes_and_says_so(cut: int, tmp_path: Path) -> None:
    told = read_file(_written(tmp_path, pcap(_FRAMES)[:-cut]))
    assert hosts(told) == _NAMES[:2]
    assert told[-1] == {"damaged": "the capture is cut short in packet 3, or damaged before it"}


def test_a_truncated_pcapng(tmp_path: Path) -> None:
    file = section() + interface() + packet_block(_FRAMES[0], 5) + packet_block(_FRAMES[1], 6)
    told = read_file(_written(tmp_path, file[:-9]))
    assert hosts(told) == _NAMES[:1]
    assert told[-1] == {"damaged": "the capture is cut short behind packet 1"}


def test_lengths_that_lie(tmp_path: Path) -> None:
    file = bytearray(pcap(_FRAMES))
    at = 24 + 16 + len(_FRAMES[0]) + 8
    file[at : at + 4] = struct.pack("<I", 1_000_000)
    file += bytes(1_000_100)
    told = read_file(_written(tmp_path, bytes(file)))
    assert hosts(told) == _NAMES[:1]
    assert told[-1] == {"damaged": "packet 2 is said to have 1000000 bytes"}
    lying = packet_block(_FRAMES[0], 5).replace(
        struct.pack("<II", len(_FRAMES[0]), len(_FRAMES[0])), struct.pack("<II", 0xFFFFFFF0, 60)
    )
    told = read_file(_written(tmp_path, section() + interface() + lying))
    assert hosts(told) == _NAMES[:1]


@pytest.mark.parametrize("size", [0, 1, 11, 13, 0xFFFFFFF0])
def test_blocks_that_cannot_be(size: int, tmp_path: Path) -> None:
    bad = struct.pack("<II", 6, size) + bytes(40)
    told = read_file(
        _written(tmp_path, section() + interface() + packet_block(_FRAMES[0], 5) + bad)
    )
    assert hosts(told) == _NAMES[:1]
    assert told[-1] == {"damaged": f"a block says that it has {size} bytes"}


def test_a_section_without_an_order(tmp_path: Path) -> None:
    told = read_file(_written(tmp_path, block(0x0A0D0D0A, bytes(16))))
    assert told == [{"damaged": "a section does not say its byte order"}]


def test_a_capture_without_packets_shows_nothing(tmp_path: Path) -> None:
    assert [*BINARY.records(_written(tmp_path, pcap([])))] == []
    assert [*BINARY.records(_written(tmp_path, section() + interface()))] == []


@pytest.mark.parametrize("content", [b"\xd4\xc3\xb2\xa1", b"\xd4\xc3\xb2\xa1\2\0", b"text"])
def test_what_is_no_capture_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        list(BINARY.records(_written(tmp_path, content)))
