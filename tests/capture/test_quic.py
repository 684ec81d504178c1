"""QUIC in packets: names out of Initial packets, in every version and order."""

from __future__ import annotations

import random
import struct
from itertools import pairwise

import pytest

from tests.capture.making import (
    SALTS,
    alpn,
    counts,
    crypto,
    hello,
    hosts,
    names,
    packets_told,
    padding,
    quic,
    read,
    udp,
    udp_back,
)

_LONG = hello("api.anthropic.com", alpn(b"h3"), padding(1700))


def _parts(message: bytes, *cuts: int) -> list[bytes]:
    at = [0, *cuts, len(message)]
    return [crypto(message[a:b], a) for a, b in pairwise(at)]


@pytest.mark.parametrize("version", sorted(SALTS))
def test_p4_every_version(version: str) -> None:
    told = read([udp(quic(crypto(hello("chatgpt.com", alpn(b"h3"))), version), 443)])
    assert names(told) == [("quic", "10.0.0.7", "chatgpt.com")]
    assert told[0]["alpn"] == ["h3"]


def _chlo(name: bytes) -> bytes:
    values = [(b"PAD\0", bytes(100)), (b"SNI\0", name), (b"VER\0", b"Q043")]
    head, end = b"CHLO" + struct.pack("<HH", len(values), 0), 0
    for tag, value in values:
        end += len(value)
        head += tag + struct.pack("<I", end)
    return head + b"".join(value for _, value in values)


@pytest.mark.parametrize("version", [b"Q039", b"Q043"])
def test_p4_googles_own_quic(version: bytes) -> None:
    datagram = b"\x0d" + bytes(8) + version + b"\1" + bytes(12) + b"\xa0\1\0" + _chlo(b"claude.ai")
    assert names(read([udp(datagram, 443)])) == [("quic", "10.0.0.7", "claude.ai")]


def test_p4_googles_quic_46_has_a_long_header() -> None:
    datagram = (
        b"\xc3Q046\x50" + bytes(8) + b"\0\0\0\1" + bytes(12) + b"\xa0\1\0" + _chlo(b"claude.ai")
    )
    assert names(read([udp(datagram, 443)])) == [("quic", "10.0.0.7", "claude.ai")]


@pytest.mark.parametrize("at_once", [1, 100])
def test_p3_a_hello_in_several_initials_in_any_order(at_once: int) -> None:
    for seed in range(10):
        dice = random.Random(seed)
        parts = _parts(_LONG, *sorted(dice.sample(range(1, len(_LONG)), 5)))
        dice.shuffle(parts)
        datagrams = [
            udp(quic(b"".join(parts[at : at + 2]), number=at), 443)
            for at in range(0, len(parts), 2)
        ]
        told = read(datagrams, at_once=at_once)
        assert names(told) == [("quic", "10.0.0.7", "api.anthropic.com")], seed
        assert packets_told(told) == len(datagrams)
        assert told[0]["up"] == sum(len(one) - 28 for one in datagrams)


def test_p3_several_initials_and_others_in_one_datagram() -> None:
    first, second = _parts(_LONG[:900], 400)[:2], crypto(_LONG[900:], 900)
    joined = quic(first[1], size=0, number=1) + quic(first[0], size=0)
    told = read([udp(joined, 443), udp(quic(b"\1" + second, number=2), 443)])
    assert hosts(told) == ["api.anthropic.com"]


def test_acknowledgements_may_stand_before_the_hello() -> None:
    acked = b"\2" + b"\5\0\1\1\0\2" + b"\3" + b"\5\0\0\1" + b"\0\0\0" + b"\1"
    assert hosts(read([udp(quic(acked + crypto(hello())), 443)])) == ["claude.ai"]


def test_after_a_retry_the_client_takes_other_keys() -> None:
    parts = _parts(_LONG, 600)
    told = read([udp(quic(parts[0]), 443), udp(quic(parts[1], target=b"another1", number=1), 443)])
    assert hosts(told) == ["api.anthropic.com"]


def test_a_client_keeps_its_keys_when_the_server_chose_an_identifier() -> None:
    first = b"\x83\x94\xc8\xf0\x3e\x51\x57\x08"
    parts = _parts(_LONG, 600)
    later = quic(parts[1], target=b"servers!", number=1, keys_of=first)
    assert hosts(read([udp(quic(parts[0]), 443), udp(later, 443)])) == ["api.anthropic.com"]


def test_p5_quic_without_a_name_is_counted_once() -> None:
    told = read([udp(quic(crypto(hello(None))), 443)] * 2)
    assert hosts(told) == []
    assert counts(told) == {
        "QUIC or DTLS hello without a name": 1,
        "QUIC or DTLS packet of a connection that has its name": 1,
    }


def test_bytes_of_quic() -> None:
    first = quic(crypto(hello()))
    told = read(
        [udp(first, 443), udp_back(bytes(1200), 443), udp(b"\x40" + bytes(99), 443)], at_once=1
    )
    assert (told[0]["up"], told[0]["down"]) == (len(first) + 100, 1200)


@pytest.mark.parametrize(
    "frames",
    [
        b"\x1c" + bytes(30),
        b"\6",
        b"\6\x40",
        crypto(b"\2\0\0\x10" + bytes(16)),
        crypto(b"\1\xff\xff\xff"),
    ],
)
def test_what_holds_no_hello_names_nothing(frames: bytes) -> None:
    told = read([udp(quic(frames), 443)])
    assert hosts(told) == []
    assert packets_told(told) == 1 or counts(told) == {}


def test_what_cannot_be_opened_names_nothing() -> None:
    good = quic(crypto(hello()))
    for at in (0, 5, 6, 14, 16, 20, 30, 100, len(good) - 1):
        damaged = good[:at] + bytes([good[at] ^ 0x11]) + good[at + 1 :]
        told = read([udp(damaged, 443)])
        assert hosts(told) == []
        assert packets_told(told) == 1
    for size in (1, 6, 20, 40, 1100):
        assert hosts(read([udp(good[:size], 443)])) == []


def test_a_server_that_answers_first_names_nothing() -> None:
    assert hosts(read([udp_back(quic(b"\1"), 443), udp(b"\x40" + bytes(50), 443)])) == []


def test_a_hello_that_never_becomes_whole_is_counted() -> None:
    told = read([udp(quic(crypto(hello()[:90])), 443)])
    assert counts(told) == {"QUIC or DTLS packet that begins no connection": 1}
