"""DTLS in packets: the name that a ClientHello asks for, whole or in pieces."""

from __future__ import annotations

import random

import pytest

from tests.capture.making import CLIENT, SERVER, counts, dtls, hello, names, packets_told, read, udp

_NAMED = [("tls", CLIENT, "vpn.example.com")]
_HELLO = hello("vpn.example.com")
_PACKET = "QUIC or DTLS packet of a connection that has its name"


def _sent(*datagrams: bytes) -> list[bytes]:
    return [udp(one, 443, 40_001) for one in datagrams]


@pytest.mark.parametrize("version", [b"\xfe\xff", b"\xfe\xfd"])
def test_a_hello_and_again_with_the_servers_cookie(version: bytes) -> None:
    verify = udp(dtls(b"\3" + bytes(10), version=version)[0], 40_001, 443, SERVER, CLIENT)
    again = dtls(_HELLO, cookie=b"c" * 20, number=1, version=version)
    (first,), (second,) = _sent(*dtls(_HELLO, version=version)), _sent(*again)
    told = read([first, verify, second])
    assert names(told) == _NAMED
    assert counts(told) == {_PACKET: 1, "UDP packet that names nothing": 1}
    assert names(read([second])) == _NAMED


def test_a_hello_in_pieces_in_any_order() -> None:
    pieces = _sent(*dtls(_HELLO, most=30))
    assert len(pieces) > 3
    for seed in range(6):
        random.Random(seed).shuffle(pieces)
        told = read(pieces)
        assert names(told) == _NAMED
        assert packets_told(told) == len(pieces)


def test_pieces_of_another_message_are_not_mixed_in() -> None:
    (first, *_), others = dtls(_HELLO, most=60), dtls(hello("other.example"), number=1, most=60)
    assert names(read(_sent(first, *others))) == []
    assert names(read(_sent(first, *others, *dtls(_HELLO, most=60)))) == _NAMED


def test_a_hello_without_a_name_is_counted() -> None:
    told = read(_sent(*dtls(hello(None)), *dtls(hello(None))))
    assert counts(told) == {_PACKET: 1, "QUIC or DTLS hello without a name": 1}


@pytest.mark.parametrize("size", [1, 24, 25, 40, 60, 90])
def test_a_hello_that_is_cut_names_nothing(size: int) -> None:
    told = read(_sent(dtls(_HELLO)[0][:size]))
    assert names(told) == []
    assert packets_told(told) == 1
