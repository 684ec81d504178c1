"""What is found for many packets of a block at once is what is found for each by itself."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture import greetings, messages
from tests.capture.making import (
    ACK,
    CLIENT_6,
    ETHERNET,
    FIN,
    PSH,
    RAW,
    RST,
    SERVER_6,
    START,
    Packet,
    Told,
    counts,
    dns,
    dns_answer,
    ethernet,
    hello,
    names,
    opening,
    padding,
    read,
    row,
    tcp,
    tcp_back,
    tls,
    udp,
    udp_back,
)

_HELLO = tls(hello("claude.ai", padding(30)))
_OTHER = tls(hello("chatgpt.com"))
_REPLY = [row(5, b"\3www\xc0\x0c"), row(1, b"\1\2\3\4")]
_COOKED = bytes(14)
_RADIO = bytes.fromhex("0000080000000000 0802") + bytes(22) + bytes.fromhex("aaaa03000000")


def _stream(**which: Any) -> list[bytes]:
    """Return segments of a connection, in the order in which most are said."""
    return [
        opening(100, **which),
        tcp(b"", 101, ACK, **which),
        tcp(_HELLO[:60], 101, **which),
        tcp(_HELLO[60:], 161, **which),
        tcp(_HELLO, 101, **which),
        tcp(_HELLO[:7], 101, **which),
        tcp(_HELLO[7:90], 108, **which),
        tcp(_HELLO[90:], 191, **which),
        tcp(b"\x17\3\3\0\x50" + bytes(80), 101 + len(_HELLO), **which),
        tcp(_OTHER, 101 + len(_HELLO), **which),
        tcp(_OTHER, 101, **which),
        tcp(b"\x16\x03\x09" + _HELLO[3:], 101, **which),
        tcp(_HELLO[:9] + b"\7" + _HELLO[10:], 101, **which),  # of no version that TLS has
        tcp(tls(hello(None, padding(40))), 101, **which),
        tcp(tls(hello("claude.ai", padding(40)), 50), 101, **which),  # in several records
        tcp(b"GET / HTTP/1.1\r\nHost: mistral.ai\r\n\r\n", 101, **which),
        tcp(b"\0\x1f" + dns("poe.com"), 101, **which),
        opening(9_000, **which),
        tcp(_OTHER[:70], 9_001, **which),
        tcp(_OTHER[70:], 9_071, **which),
        tcp(b"", 9_200, FIN | ACK, **which),
        tcp(b"", 9_200, RST, **which),
    ]


_MESSAGES = [
    udp(dns("claude.ai")),
    udp_back(dns_answer("claude.ai", _REPLY)),
    udp_back(dns_answer("Claude.AI", _REPLY)),
    udp(dns("cLaude.ai", 28)),
    udp_back(dns_answer("claude.ai", [row(28, bytes(16))], kind=28)),
    udp_back(dns_answer("claude.ai", code=3)),
    udp_back(dns_answer("poe.com", [row(1, bytes(4))])),
    udp_back(dns_answer("claude.ai", _REPLY)[:26]),
    udp(dns("claude.ai", more=b"\0\0\x29\x10\0\0\0\0\0\0\0")),
    udp(dns("chatgpt.com", number=78), 5311),
    udp_back(dns_answer("chatgpt.com", _REPLY, number=78), 5311),
    udp(dns("claude.ai") + b"\1"),
    udp(dns("claude.ai", flags=0x2900)),
    udp(b"\0\x4d\1\0\0\1" + bytes(6) + b"\x3f" + bytes(3)),
]
_SERVER = [
    tcp_back(b"", 500, 18),
    tcp_back(b"HTTP/1.1 200 OK\r\n\r\n", 501),
    tcp_back(_OTHER, 501),
    tcp_back(b"\x16\3\3\0\x32\2" + bytes(49), 501),
    tcp_back(b"", 600, FIN | ACK),
]
_PLAIN = [*_stream(), *_MESSAGES, *_SERVER, *_stream(source=CLIENT_6, target=SERVER_6)]
_ENDS = bytes(range(8))
_WRAPPED = [
    (RAW, _PLAIN[0]),
    *((ETHERNET, ethernet(one, [0x8100])) for one in _PLAIN[:4]),
    (113, _COOKED + b"\x08\0" + _PLAIN[2]),
    (ETHERNET, bytes(14)),
    (ETHERNET, bytes(12) + struct.pack(">H", 60) + b"\xaa\xaa\3\0\0\0\x08\0" + _PLAIN[3]),
    (ETHERNET, ethernet(b"\x45\0" + _PLAIN[2][2:6] + b"\x20\0" + _PLAIN[2][8:])),  # a fragment
    (RAW, b"\x45\0\0\x14\0\7\x40\0\x40\x04\0\0" + _ENDS + _PLAIN[2]),  # a tunnel
    (ETHERNET, ethernet(_PLAIN[4])[:70]),
    (0, b"\2\0\0\0" + _PLAIN[4]),
]
_POOLS = [
    [(RAW, one) for one in (*_stream(), *_SERVER)],
    [(RAW, one) for one in _MESSAGES],
    [*((ETHERNET, ethernet(one)) for one in _PLAIN), *_WRAPPED],
]
_waits = st.sampled_from((0, 1_000_000, 1_000_000, 6_000_000_000))


@st.composite
def _captures(draw: st.DrawFn) -> list[Packet]:
    """Return packets of one pool: runs of what is usually seen together, and others between."""
    pool, time, found = draw(st.sampled_from(_POOLS)), START, []
    runs = st.tuples(st.integers(0, len(pool) - 1), st.integers(1, 4))
    for first, count in draw(st.lists(runs, max_size=14)):
        for link, packet in pool[first : first + count]:
            time += draw(_waits)
            found.append((time, link, packet))
    return found


_ASKED, _ANSWERED = _MESSAGES[:2]
_SYN, _BEGUN, _ENDED = opening(100), tcp(_HELLO[:60], 101), tcp(_HELLO[60:], 161)
# What comes near to the plain cases, packet by packet; in blocks of so many.
_SCENES: dict[str, tuple[int, list[Packet | bytes]]] = {
    "the server says what would be the second part": (
        9,
        [_SYN, _BEGUN, tcp_back(_HELLO[60:].replace(b"ude", b"use"), 161), _ENDED],
    ),
    "another part is between": (9, [_SYN, _BEGUN, tcp(bytes(90), 180), _ENDED]),
    "the first part is cut by the capture": (
        9,
        [_SYN, (START, RAW, tcp(_HELLO[:60] + bytes(9), 101)[:-9]), _ENDED],
    ),
    "no version that TLS has": (9, [_SYN, tcp(_HELLO[:2] + b"\x09" + _HELLO[3:], 101)]),
    "it opens twice": (9, [_SYN, _BEGUN, _SYN, _ENDED]),
    "it opens after the hello": (9, [tcp(_HELLO, 101), _SYN]),
    "a connection with a name is opened again": (
        3,
        [_SYN, tcp(_OTHER, 101), tcp(b"x", 900), _SYN, _BEGUN, _ENDED],
    ),
    "it was opened in a block before": (
        2,
        [opening(700), tcp_back(b"x"), _SYN, tcp(_HELLO, 101), tcp(b"x", 760), tcp(b"y", 761)],
    ),
    "an answer that is late": (9, [(START, RAW, _ASKED), (START + 10**11, RAW, _ANSWERED)]),
    "an answer to something else": (9, [_ASKED, udp_back(dns_answer("poe.com.example"))]),
    "an answer in other letters": (9, [_ASKED, udp_back(dns_answer("Claude.AI", _REPLY))]),
    "an answer cut in its question": (9, [_ASKED, _ANSWERED[:48]]),
    "an answer that is over in its question": (
        9,
        [_ASKED, _ANSWERED[:2] + struct.pack(">H", 20 + 8 + 17) + _ANSWERED[4:]],
    ),
    "two answers": (9, [_ASKED, _ANSWERED, _ANSWERED]),
    "a question asked and answered again": (2, [_ASKED, _ANSWERED, _ASKED, _ANSWERED]),
    "a question asked twice": (9, [_ASKED, _ASKED, _ANSWERED]),
}


@contextmanager
def _one_by_one() -> Iterator[None]:
    """Let no two packets be taken in one step."""
    none = np.zeros(0, dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(greetings, "_alone", lambda places, groups: none)
        patch.setattr(messages, "_pairs", lambda *columns: (none, none))
        yield


def _sorted(told: Told) -> list[str]:
    return sorted(map(str, told))


@pytest.mark.parametrize("scene", _SCENES)
def test_what_is_nearly_plain_is_taken_step_by_step(scene: str) -> None:
    at_once, packets = _SCENES[scene]
    with _one_by_one():
        expected = read(packets, at_once=at_once)
    assert read(packets, at_once=at_once) == expected


@settings(max_examples=300, deadline=None)
@given(_captures(), st.sampled_from((2, 7, 1000)))
def test_what_is_taken_in_one_step_is_what_two_steps_find(
    packets: list[Packet], at_once: int
) -> None:
    with _one_by_one():
        expected = read(packets, at_once=at_once)
    assert _sorted(read(packets, at_once=at_once)) == _sorted(expected)


@pytest.mark.parametrize("at_once", [1, 2, 3, 5, 1000])
def test_usual_packets_show_the_same_however_they_are_cut_into_blocks(at_once: int) -> None:
    first = _stream()
    packets = [
        first[0], tcp_back(b"", 500, 18), first[1], first[2], first[3], first[8],
        udp(dns("claude.ai")), udp_back(dns_answer("claude.ai", _REPLY)),
        opening(7, own=50_002), tcp(_OTHER, 8, own=50_002), tcp(b"", 99, FIN | PSH, own=50_002),
    ]  # fmt: skip
    told = read(packets, at_once=at_once)
    assert names(told) == [
        ("dns", "10.0.0.7", "claude.ai"),
        ("tls", "10.0.0.7", "claude.ai"),
        ("tls", "10.0.0.7", "chatgpt.com"),
    ]
    assert counts(told) == {
        "TCP packet that names nothing": 6,
        "answer to a DNS question": 1,
        "part of a first message in several segments": 1,
    }
