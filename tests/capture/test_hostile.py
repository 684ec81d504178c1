"""What wants to break the reader: damaged packets, floods, and much of everything."""

from __future__ import annotations

import random
import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.packets import packets_of
from scanner.capture.reading import Reader
from scanner.capture.streams import Stream
from tests.capture.making import (
    CLIENT_6,
    ETHERNET,
    RAW,
    SERVER_6,
    START,
    Packet,
    alpn,
    crypto,
    dns,
    dns_answer,
    ethernet,
    hello,
    hosts,
    interface,
    opening,
    packet_block,
    packets_told,
    pcap,
    quic,
    read,
    read_file,
    row,
    section,
    tcp,
    tcp_back,
    tls,
    udp,
    udp_back,
)
from tests.support import within

_CONNECT = b"CONNECT claude.ai:443 HTTP/1.1\r\nHost: claude.ai\r\n\r\n"
_ENDS_6 = {"source": CLIENT_6, "target": SERVER_6}
# One of everything that is read, as frames.
_EVERYTHING = [
    ethernet(packet, tags)
    for packet, tags in [
        (udp(dns("claude.ai")), []),
        (udp_back(dns_answer("claude.ai", [row(5, b"\3www\xc0\x0c"), row(1, bytes(4))])), [0x8100]),
        (udp(dns("chatgpt.com"), 5311), [0x88A8, 0x8100]),
        (opening(**_ENDS_6), []),
        (tcp(tls(hello("api.openai.com", alpn(b"h2"))), **_ENDS_6), []),
        (opening(), []),
        (tcp(tls(hello())[:70]), []),
        (tcp(tls(hello())[70:], 71), []),
        (tcp(_CONNECT, port=3128), []),
        (tcp_back(b"HTTP/1.1 200 OK\r\n\r\n", port=3128), []),
        (tcp(struct.pack(">H", 27) + dns("claude.ai"), port=53), []),
        (udp(quic(crypto(hello("chatgpt.com")), size=300), 443), []),
        (udp(b"\x0d" + bytes(8) + b"Q043" + b"\1" + b"CHLO\1\0\0\0SNI\0\2\0\0\0ab", 443, 9), []),
        (udp(b"\x08\0\0\0\0\0\7\0" + ethernet(udp(dns("a.example"))), 4789), []),
        (udp(b"\x30\xff\0\0\0\0\0\1" + udp(dns("b.example")), 2152), []),
    ]
]
_damage = st.lists(
    st.tuples(
        st.integers(0, len(_EVERYTHING) - 1),
        st.sampled_from(["flip", "set", "cut", "grow", "double", "drop"]),
        st.integers(0, 400),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=25,
)


def _damaged(damage: list[tuple[int, str, int, int]]) -> list[bytes]:
    frames = list(_EVERYTHING)
    for which, how, place, value in damage:
        frame = bytearray(frames[which])
        at = place % max(len(frame), 1)
        if not frame:
            continue
        match how:
            case "flip":
                frame[at] ^= 1 << value % 8
            case "set":
                frame[at] = value
            case "cut":
                del frame[at:]
            case "grow":
                frame[at:at] = bytes([value]) * place
            case "double":
                frames.append(bytes(frame))
            case _:
                frame.clear()
        frames[which] = bytes(frame)
    return frames


def test_one_of_everything_is_read() -> None:
    told = read(_EVERYTHING, ETHERNET)
    assert sorted(set(hosts(told))) == [
        "a.example",
        "ab",
        "api.openai.com",
        "b.example",
        "chatgpt.com",
        "claude.ai",
    ]


@settings(max_examples=300, deadline=None)
@given(damage=_damage, at_once=st.sampled_from([1, 4, 100]))
def test_p10_damaged_packets_neither_crash_nor_hang_and_all_are_counted(
    damage: list[tuple[int, str, int, int]], at_once: int
) -> None:
    frames = _damaged(damage)
    with within(10):
        told = read(frames, ETHERNET, at_once)
    # A packet may hold several records, so that more may be told than there are packets.
    assert packets_told(told) >= len(frames)
    assert packets_told(told) <= len(frames) + len(hosts(told)) + 20


@settings(max_examples=200, deadline=None)
@given(
    data=st.binary(max_size=200), link=st.sampled_from([0, 1, 9, 12, 101, 105, 113, 127, 276, 999])
)
def test_p10_noise_on_any_link(data: bytes, link: int) -> None:
    with within(10):
        told = read([data], link)
    assert packets_told(told) == 1


@settings(max_examples=150, deadline=None)
@given(
    damage=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=12),
    is_old=st.booleans(),
)
def test_p10_damaged_files(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]], is_old: bool
) -> None:
    blocks = b"".join(packet_block(frame, START // 1000) for frame in _EVERYTHING)
    file = bytearray(pcap(_EVERYTHING) if is_old else section() + interface() + blocks)
    for place, value in damage:
        file[24 + place % (len(file) - 24)] = value
    path = tmp_path_factory.mktemp("damaged") / "capture"
    path.write_bytes(file)
    with within(10):
        read_file(path)


def _memory_of(packets: list[Packet]) -> int:
    """Return how much memory a reader keeps for packets, at most."""
    reader = Reader()
    blocks = [packets_of(packets[at : at + 5_000], at + 1) for at in range(0, len(packets), 5_000)]
    tracemalloc.start()
    for block in blocks:
        reader.read(block)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return kept


def _at_once(packets: list[bytes]) -> list[Packet]:
    return [(START + number, RAW, packet) for number, packet in enumerate(packets)]


def test_a_flood_of_half_open_connections_is_bounded_and_counted() -> None:
    flood = [
        opening(number, own=1024 + number % 60_000, source=f"10.{number // 60_000}.0.7")
        for number in range(100_000)
    ]
    told = read(_at_once(flood), at_once=5_000)
    assert [one["times"] for one in told if one["kind"] == "noted"] == [100_000 - 65_536]
    last = [tcp(tls(hello())[:50], 100_000, own=1024 + 99_999 % 60_000, source="10.1.0.7")]
    rest = [tcp(tls(hello())[50:], 100_050, own=1024 + 99_999 % 60_000, source="10.1.0.7")]
    assert hosts(read(_at_once([*flood, *last, *rest]), at_once=5_000)) == ["claude.ai"]


def test_a_flood_of_hellos_that_never_go_on_is_bounded() -> None:
    begun = tls(hello("claude.ai", struct.pack(">2H", 21, 9000) + bytes(9000)))[:4000]
    flood = [
        tcp(begun, own=1024 + number % 60_000, source=f"10.{number // 60_000}.0.7")
        for number in range(15_000)
    ]
    assert _memory_of(_at_once(flood)) < 64 << 20
    told = read(_at_once(flood), at_once=5_000)
    assert next(one["times"] for one in told if one["kind"] == "noted") >= 15_000 - 8_192
    assert packets_told(told) == 15_000


def test_a_flood_of_quic_and_of_connections_with_names_is_bounded() -> None:
    part = quic(crypto(hello("claude.ai", bytes(600))[:300]), size=400)
    greetings = [udp(part, 443, 1024 + number) for number in range(10_000)]
    assert _memory_of(_at_once(greetings)) < 64 << 20
    named = [
        tcp(
            tls(hello(f"n{number}.example")),
            own=number % 60_000,
            source=f"10.{number // 60_000}.0.7",
        )
        for number in range(70_000)
    ]
    told = read(_at_once(named), at_once=5_000)
    assert len(set(hosts(told))) == 70_000
    assert any("too many were open" in one.get("what", "") for one in told)


def test_a_stream_keeps_little_of_what_comes_out_of_order() -> None:
    stream = Stream(0)
    dice = random.Random(1)
    for _ in range(10_000):
        stream.add(dice.randrange(1, 1 << 32), bytes(1400))
    assert stream.held <= 129 * 1400
    assert stream.ready == b""


def test_the_result_does_not_depend_on_how_packets_are_blocked() -> None:
    frames = [frame for number in range(40) for frame in _EVERYTHING[number % 7 :]]
    results = []
    for at_once in (1, 7, 50, 10_000):
        told = read(frames, ETHERNET, at_once)
        records = sorted((one for one in told if "host" in one), key=str)
        results.append([(one["kind"], one["frame"], one["host"]) for one in records])
    assert results == [results[0]] * 4


def test_the_same_capture_reads_the_same_twice(tmp_path: Path) -> None:
    path = tmp_path / "capture"
    path.write_bytes(pcap(_EVERYTHING * 20))
    assert read_file(path) == read_file(path)
