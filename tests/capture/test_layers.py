"""What may lie around IP and between IP and TCP or UDP."""

from __future__ import annotations

import random
import struct
from itertools import pairwise

import pytest

from tests.capture.making import (
    CLIENT_6,
    ETHERNET,
    SERVER_6,
    counts,
    dns,
    dns_answer,
    ethernet,
    hello,
    hosts,
    ip,
    names,
    packets_told,
    padding,
    read,
    row,
    server_name,
    tcp,
    tls,
    udp,
)
from tests.capture.wrappings import WRAPPINGS

_ENDS_6 = {"source": CLIENT_6, "target": SERVER_6}
_PLAIN = udp(dns("claude.ai"))
_PLAIN_6 = udp(dns("claude.ai"), source=CLIENT_6, target=SERVER_6)
_FOUND = [("dns", "10.0.0.7", "claude.ai")]
_FOUND_6 = [("dns", CLIENT_6, "claude.ai")]


@pytest.mark.parametrize(
    ("link", "before"),
    [
        (1, bytes(12) + b"\x08\0"),
        (1, bytes(12) + b"\x81\0\0\7\x08\0"),
        (1, bytes(12) + b"\x88\xa8\0\1\x81\0\0\7\x08\0"),
        (1, bytes(12) + b"\x91\0\0\1\x81\0\0\7\x08\0"),
        (1, bytes(12) + b"\0\x60\xaa\xaa\3\0\0\0\x08\0"),
        (113, bytes(14) + b"\x08\0"),
        (276, b"\x08\0" + bytes(18)),
        (276, b"\x81\0" + bytes(18) + b"\0\7\x08\0"),
        (101, b""),
        (12, b""),
        (228, b""),
        (0, b"\2\0\0\0"),
        (108, b"\0\0\0\2"),
    ],
)
def test_p6_link_layers(link: int, before: bytes) -> None:
    assert names(read([before + _PLAIN], link)) == _FOUND


@pytest.mark.parametrize(
    ("link", "before"),
    [
        (1, bytes(12) + b"\x86\xdd"),
        (113, bytes(14) + b"\x86\xdd"),
        (276, b"\x86\xdd" + bytes(18)),
        (101, b""),
        (229, b""),
        (0, b"\x1e\0\0\0"),
    ],
)
def test_p6_link_layers_of_version_6(link: int, before: bytes) -> None:
    assert names(read([before + _PLAIN_6], link)) == _FOUND_6


@pytest.mark.parametrize("way", WRAPPINGS)
def test_every_way_of_carrying_ip(way: str) -> None:
    link, packet = WRAPPINGS[way]
    assert names(read([packet], link)) in (_FOUND, _FOUND_6)


@pytest.mark.parametrize("way", WRAPPINGS)
def test_every_way_of_carrying_ip_may_be_cut_anywhere(way: str) -> None:
    link, packet = WRAPPINGS[way]
    for size in range(len(packet)):
        told = read([packet[:size]], link)
        assert packets_told(told) == 1, size
        assert len(hosts(told)) <= 1, size


def test_links_that_are_not_read_are_said() -> None:
    told = read([(1, 189, bytes(80)), (2, 189, bytes(80)), (3, 70_000, _PLAIN), (4, 1, _PLAIN)])
    assert {one["why"]: one["packets"] for one in told if one["kind"] == "undecodable"} == {
        "link type that is not read (189)": 2,
        "link type that is not read": 1,
    }


@pytest.mark.parametrize(
    "before",
    [
        b"\x08\0\0\0\0\0\0\0",  # GRE
        b"\x20\0\x08\0\0\0\0\1",
        b"\xb0\0\x08\0" + bytes(12),
        b"\x10\0\x88\xbe" + bytes(12) + ethernet(b"\x45")[:-1],
    ],
)
def test_routing_encapsulation(before: bytes) -> None:
    before = b"\0\0\x08\0" if before.startswith(b"\x08\0\0\0\0") else before
    assert names(read([ip(before + _PLAIN, 47, "192.0.2.1", "192.0.2.2")])) == _FOUND


@pytest.mark.parametrize(
    ("port", "before"),
    [
        (4789, b"\x08\0\0\0\0\0\7\0" + ethernet(b"\x45")[:-1]),
        (2152, b"\x30\xff\0\0\0\0\0\1"),
        (2152, b"\x34\xff\0\0\0\0\0\1\0\0\0\x85\1\0\0\0"),
        (4754, b"\0\0\x08\0"),
    ],
)
def test_tunnels_in_datagrams(port: int, before: bytes) -> None:
    outer = udp(before + _PLAIN, port, source="192.0.2.1", target="192.0.2.2")
    assert names(read([outer])) == _FOUND


@pytest.mark.parametrize(
    ("port", "content"),
    [
        (2152, b"\x34\xff" + bytes(6)),
        (2152, b"\x34\xff" + bytes(9) + b"\x85\xff\1\2\3"),
        (2152, b"\x34\xff" + bytes(9) + b"\x85\0\1\2\3"),
        (4789, b"\x08" + bytes(8)),
        (4754, b"\xb0\0\x08\0" + bytes(4)),
        (6081, b"\x3f\0\x65\x58" + bytes(4)),
    ],
)
def test_tunnels_that_end_too_soon_carry_nothing(port: int, content: bytes) -> None:
    told = read([udp(content, port)])
    assert hosts(told) == []
    assert packets_told(told) == 1


def test_ip_in_ip_and_tunnels_in_tunnels() -> None:
    assert names(read([ip(_PLAIN, 4), ip(_PLAIN_6, 41)])) == [*_FOUND, *_FOUND_6]
    deep = _PLAIN
    for _ in range(40):
        deep = ip(deep, 4)
    told = read([deep])
    assert hosts(told) == []
    assert counts(told) == {"tunnels in too many tunnels": 1}


_HOP = b"\x00\0\1\4\0\0\0\0"


@pytest.mark.parametrize(
    "headers",
    [
        [(0, bytes(7))],
        [(0, bytes(7)), (60, bytes(7)), (43, bytes(7))],
        [(51, b"\1" + bytes(10))],
        [(44, bytes(7))],
        [(60, b"\1" + bytes(14))],
    ],
)
def test_p6_extension_headers(headers: list[tuple[int, bytes]]) -> None:
    content, following = _PLAIN_6[40:], 17
    for kind, rest in reversed(headers):
        content, following = bytes([following]) + rest + content, kind
    assert names(read([ip(content, following, CLIENT_6, SERVER_6)])) == _FOUND_6


def _fragments(packet: bytes, *cuts: int) -> list[bytes]:
    content, at = packet[20:], [0, *cuts, len(packet) - 20]
    made = []
    for begin, end in pairwise(at):
        flags = begin // 8 | (0x2000 if end < len(content) else 0)
        piece = content[begin:end]
        head = packet[:2] + struct.pack(">HHH", 20 + len(piece), 7, flags) + packet[8:20]
        made.append(head + piece)
    return made


def _fragments_6(packet: bytes, *cuts: int) -> list[bytes]:
    content, at = packet[40:], [0, *cuts, len(packet) - 40]
    return [
        ip(
            struct.pack(">BBHI", packet[6], 0, begin | (end < len(content)), 99)
            + content[begin:end],
            44,
            CLIENT_6,
            SERVER_6,
        )
        for begin, end in pairwise(at)
    ]


@pytest.mark.parametrize("at_once", [1, 100])
def test_p6_fragments_in_any_order(at_once: int) -> None:
    for seed in range(6):
        dice = random.Random(seed)
        some = _fragments(_PLAIN, 8, 16, 32)
        others = _fragments_6(_PLAIN_6, 8, 24)
        both = [*some, *others]
        dice.shuffle(both)
        told = read(both, at_once=at_once)
        assert sorted(names(told)) == sorted([*_FOUND, *_FOUND_6]), seed
        assert counts(told) == {"fragment of a packet": len(both) - 2}


@pytest.mark.parametrize("is_6", [False, True])
def test_a_first_fragment_that_the_capture_cut_is_all_there_is(is_6: bool) -> None:
    plain = udp(dns_answer("claude.ai", [row(16, bytes(200))]), **_ENDS_6 if is_6 else {})
    first = (_fragments_6 if is_6 else _fragments)(plain, 120)[0]
    assert hosts(read([first])) == []
    assert hosts(read([first[:-30]])) == ["claude.ai"]


def test_a_hello_in_a_tunnel_that_the_capture_cut_is_read_as_far_as_it_goes() -> None:
    begun = ip(tcp(tls(hello(None, server_name(b"claude.ai"), padding(900)))), 4)
    assert hosts(read([begun[:-800]])) == ["claude.ai"]


def test_a_hello_in_fragments() -> None:
    assert hosts(read(_fragments(tcp(tls(hello())), 40, 80))) == ["claude.ai"]


def test_overlapping_fragments_keep_what_came_first() -> None:
    first, last = _fragments(_PLAIN, 24)
    middle = _fragments(udp(dns("xyzuvw.ai")), 16, 32)[1]
    assert hosts(read([first, middle, last])) == ["clauvw.ai"]
    assert hosts(read([first, last, middle])) == ["claude.ai"]
    inner = middle[:2] + struct.pack(">H", 28) + middle[4:28]
    assert hosts(read([first, inner, last])) == ["claude.ai"]


def test_fragments_that_never_become_whole_are_bounded_and_counted() -> None:
    told = read(
        [
            _fragments(_PLAIN, 24)[0][:4]
            + struct.pack(">H", number)
            + _fragments(_PLAIN, 24)[0][6:]
            for number in range(3_000)
        ]
    )
    assert hosts(told) == []
    assert counts(told) == {"fragment of a packet": 3_000}
    assert [one["times"] for one in told if one["kind"] == "noted"] == [1_000]


def test_a_ping_of_death_is_dropped() -> None:
    packet = _PLAIN[:6] + struct.pack(">H", 0x1FFF) + _PLAIN[8:] + bytes(800)
    head = packet[:2] + struct.pack(">H", len(packet)) + packet[4:]
    assert counts(read([head])) == {"fragment of a packet": 1}


def test_other_packets_are_counted_by_kind() -> None:
    told = read(
        [
            bytes(12) + b"\x08\x06" + bytes(40),
            bytes(12) + b"\x88\xcc" + bytes(40),
            bytes(12) + b"\0\x26\x42\x42\3" + bytes(40),
            ethernet(ip(bytes(30), 1)),
            ethernet(ip(bytes(30), 58, CLIENT_6, SERVER_6)),
            ethernet(ip(bytes(30), 132)),
            ethernet(ip(bytes(30), 200)),
            ethernet(udp(bytes(30), 9999)),
            ethernet(tcp(bytes(30), port=9999)),
            b"\1\2\3",
            b"",
        ],
        ETHERNET,
    )
    assert counts(told) == {
        "ARP": 1,
        "ICMP": 2,
        "SCTP": 1,
        "TCP packet that names nothing": 1,
        "UDP packet that names nothing": 1,
        "another protocol than TCP and UDP": 1,
        "not IP": 4,
    }
    assert packets_told(told) == 11


@pytest.mark.parametrize("size", [15, 19, 25, 33])
def test_p6_packets_that_the_capture_cut(size: int) -> None:
    told = read([ethernet(_PLAIN)[: 14 + size]], ETHERNET)
    assert hosts(told) == []
    assert packets_told(told) == 1


@pytest.mark.parametrize(
    "packet",
    [
        b"\x41" + _PLAIN[1:],
        b"\x4f" + _PLAIN[1:30],
        b"\x35" + _PLAIN[1:],
        _PLAIN[:2] + b"\0\5" + _PLAIN[4:],
        tcp(b"x" * 30)[:32] + b"\x10" + tcp(b"x" * 30)[33:],
        tcp(b"x" * 30)[:32] + b"\xf0" + tcp(b"x" * 9)[33:],
    ],
)
def test_headers_that_lie_are_undecodable(packet: bytes) -> None:
    told = read([packet])
    assert hosts(told) == []
    assert [one["kind"] for one in told] == ["undecodable"]


def test_a_length_that_is_left_to_the_card_is_that_of_the_capture() -> None:
    assert names(read([_PLAIN[:2] + b"\0\0" + _PLAIN[4:]])) == _FOUND
