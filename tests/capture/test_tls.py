"""TLS in packets: the name in the first message, however its segments come."""

from __future__ import annotations

import random
import struct
from itertools import pairwise

import pytest

from tests.capture.making import (
    ACK,
    CLIENT_6,
    FIN,
    RAW,
    RST,
    SERVER_6,
    START,
    SYN,
    alpn,
    counts,
    hello,
    hosts,
    names,
    opening,
    packets_told,
    padding,
    read,
    server_name,
    tcp,
    tcp_back,
    tls,
)

_ECH = struct.pack(">2H", 0xFE0D, 40) + bytes(40)


def _pieces(stream: bytes, *cuts: int) -> list[bytes]:
    at = [0, *cuts, len(stream)]
    return [tcp(stream[a:b], 1 + a) for a, b in pairwise(at)]


def test_a_hello_names_its_connection_with_its_bytes() -> None:
    first = tls(hello("claude.ai", alpn(b"h2", b"http/1.1")))
    told = read(
        [
            opening(),
            tcp_back(b"", 0, 18),
            tcp(first),
            tcp_back(bytes(1400), 1),
            tcp(bytes(20_000), 1 + len(first)),
            tcp(b"", 20_001 + len(first), FIN | ACK),
            tcp_back(b"", 1401, FIN | ACK),
        ]
    )
    assert told == [
        {
            "kind": "tls",
            "frame": 3,
            "time": START + 2_000_000,
            "client": "10.0.0.7",
            "host": "claude.ai",
            "up": 20_000 + len(first),
            "down": 1400,
            "alpn": ["h2", "http/1.1"],
        },
        {"kind": "ignored", "why": "TCP packet that names nothing", "packets": 6},
    ]


@pytest.mark.parametrize("at_once", [1, 2, 100])
@pytest.mark.parametrize("cut", [1, 2, 4, 5, 6, 9, 50, 120, 125])
def test_p1_a_name_that_is_cut_over_two_segments(cut: int, at_once: int) -> None:
    stream = tls(hello("api.openai.com"))
    told = read([opening(), *_pieces(stream, cut)], at_once=at_once)
    assert names(told) == [("tls", "10.0.0.7", "api.openai.com")]
    assert told[0]["frame"] == 2
    assert told[0]["up"] == len(stream)
    assert packets_told(told) == 3


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_p1_segments_in_any_order_and_more_than_once(at_once: int) -> None:
    stream = tls(hello("api.openai.com"))
    for seed in range(20):
        dice = random.Random(seed)
        pieces = _pieces(stream, *sorted(dice.sample(range(1, len(stream)), 4)))
        pieces += dice.sample(pieces, 2)
        dice.shuffle(pieces)
        told = read([opening(), *pieces], at_once=at_once)
        assert hosts(told) == ["api.openai.com"], seed
        assert packets_told(told) == 8


def test_overlapping_segments_keep_what_came_first() -> None:
    stream, false = tls(hello("claude.ai")), tls(hello("other.biz"))
    at = stream.index(b"claude.ai")
    late = [tcp(stream[: at + 4]), tcp(false[at:], 1 + at), tcp(stream[at + 4 :], at + 5)]
    assert hosts(read([opening(), *late])) == ["clau" + "r.biz"]
    assert hosts(read([opening(), tcp(stream), tcp(false)])) == ["claude.ai"]


def test_a_stream_whose_numbers_run_over() -> None:
    stream, begin = tls(hello("claude.ai")), 0xFFFFFFFF - 20
    told = read(
        [opening(begin), tcp(stream[:50], begin + 1), tcp(stream[50:], begin + 51)], at_once=1
    )
    assert hosts(told) == ["claude.ai"]


@pytest.mark.parametrize("at_once", [1, 100])
def test_p2_a_hello_of_2891_bytes(at_once: int) -> None:
    stream = tls(hello("claude.ai", padding(2891 - 5 - len(hello("claude.ai")) - 4)))
    assert len(stream) == 2891
    told = read([opening(), *_pieces(stream, 1448)], at_once=at_once)
    assert hosts(told) == ["claude.ai"]
    assert hosts(read([*_pieces(stream, 1448)])) == ["claude.ai"]


def test_a_hello_in_many_small_records() -> None:
    stream = tls(hello("claude.ai"), most=7)
    assert hosts(read([opening(), *_pieces(stream, 30)], at_once=1)) == ["claude.ai"]
    assert hosts(read([opening(), *_pieces(stream, 30)])) == ["claude.ai"]


def test_p5_hellos_without_a_name_are_counted() -> None:
    told = read([opening(), tcp(tls(hello(None, alpn(b"h2"))))])
    assert hosts(told) == []
    assert counts(told) == {
        "TLS hello without a name": 1,
        "TCP packet that names nothing": 1,
    }


def test_p5_of_an_encrypted_hello_the_outer_name_is_told_and_noted() -> None:
    told = read([opening(), tcp(tls(hello("cloudflare-ech.com", _ECH)))])
    assert names(told) == [("tls", "10.0.0.7", "cloudflare-ech.com")]
    assert told[0]["ech"]
    assert [one["times"] for one in told if one["kind"] == "noted"] == [1]


@pytest.mark.parametrize("name", [b"", b"\0", b"a b.example", b"x" * 300, b"\x7f"])
def test_names_that_cannot_be_hosts_are_none(name: bytes) -> None:
    told = read([opening(), tcp(tls(hello(None, server_name(name))))])
    assert hosts(told) == []
    assert counts(told)["TLS hello without a name"] == 1


@pytest.mark.parametrize("port", [80, 3128, 8080, 8443, 25])
def test_p8_tls_on_any_port(port: int) -> None:
    assert hosts(read([opening(port=port), tcp(tls(hello()), port=port)])) == ["claude.ai"]


@pytest.mark.parametrize("at_once", [1, 100])
@pytest.mark.parametrize("port", [3128, 8080])
def test_p8_tls_inside_connect_is_one_use_under_the_inner_name(port: int, at_once: int) -> None:
    asked = b"CONNECT 203.0.113.9:443 HTTP/1.1\r\nHost: 203.0.113.9:443\r\n\r\n"
    stream = tls(hello("claude.ai"))
    told = read(
        [
            opening(port=port),
            tcp(asked, port=port),
            tcp_back(b"HTTP/1.1 200 Connection established\r\n\r\n", port=port),
            tcp(stream[:60], 1 + len(asked), port=port),
            tcp(stream[60:], 61 + len(asked), port=port),
        ],
        at_once=at_once,
    )
    assert names(told) == [("tls", "10.0.0.7", "claude.ai")]
    assert told[0]["status"] == "200"
    assert told[0]["up"] == len(asked) + len(stream)
    assert packets_told(told) == 5


def test_p8_a_tunnel_without_a_name_inside_keeps_its_own() -> None:
    asked = b"CONNECT claude.ai:443 HTTP/1.1\r\n\r\n"
    told = read([tcp(asked, port=3128), tcp(tls(hello(None)), 1 + len(asked), port=3128)])
    assert names(told) == [("connect", "10.0.0.7", "claude.ai")]


def test_p9_a_capture_that_begins_in_the_middle() -> None:
    later = read([tcp(b"\x17\3\3\0\x10" + bytes(16), 999), tcp_back(bytes(1400), 999)])
    assert hosts(later) == []
    no_opening = read([tcp_back(bytes(99), 5), tcp(tls(hello("claude.ai")), 1000)])
    assert names(no_opening) == [("tls", "10.0.0.7", "claude.ai")]
    assert no_opening[0]["down"] == 99


def test_starttls_and_what_a_load_balancer_says_before() -> None:
    mail = b"EHLO me\r\n"
    smtp = [tcp_back(b"220 mx\r\n"), tcp(mail), tcp_back(b"250\r\n", 9), tcp(tls(hello()), 10)]
    assert hosts(read([opening(), *smtp])) == ["claude.ai"]
    version_1 = b"PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n"
    version_2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(12)
    for said in (version_1, version_2):
        assert hosts(read([opening(), tcp(said + tls(hello()))])) == ["claude.ai"]
        apart = [opening(), tcp(said), tcp(tls(hello()), 1 + len(said))]
        assert hosts(read(apart)) == ["claude.ai"]


def test_a_second_hello_of_a_connection_is_no_second_use() -> None:
    stream = tls(hello())
    told = read([opening(), tcp(stream), tcp_back(bytes(99)), tcp(stream, 1 + len(stream))])
    assert hosts(told) == ["claude.ai"]
    assert counts(told)["TLS hello of a connection that has its name"] == 1


@pytest.mark.parametrize("at_once", [1, 100])
def test_a_port_that_is_used_again_is_another_connection(at_once: int) -> None:
    first, second = tls(hello("claude.ai")), tls(hello("chatgpt.com", padding(300)))
    told = read(
        [opening(), tcp(first), tcp(b"", 1, RST), opening(500), tcp(second, 501)], at_once=at_once
    )
    assert [(one["host"], one["up"]) for one in told if "host" in one] == [
        ("claude.ai", len(first)),
        ("chatgpt.com", len(second)),
    ]


def test_version_6() -> None:
    ends = {"source": CLIENT_6, "target": SERVER_6}
    told = read([opening(**ends), tcp(tls(hello()), **ends)])
    assert names(told) == [("tls", "2001:db8::7", "claude.ai")]


def test_p6_a_hello_that_the_capture_cut_shows_what_is_left() -> None:
    message = hello("claude.ai")
    packet = tcp(tls(message[: -0 or None]))
    before = packet.index(b"claude.ai")
    cut_behind = packet[: before + len(b"claude.ai")] + b""
    grown = tcp(tls(hello("claude.ai")) + bytes(9))
    assert hosts(read([(START, RAW, cut_behind)])) == ["claude.ai"]
    assert hosts(read([(START, RAW, grown[: before + 4])])) == []


def test_what_only_looks_like_a_hello_names_nothing() -> None:
    good = tls(hello("claude.ai"))
    bad = [
        b"\x16\3\1",
        b"\x16\3\1\0\0",
        b"\x16\3\1\xff\xff\1" + bytes(50),
        good[:5] + b"\2" + good[6:],
        good[:6] + b"\xff\xff\xff" + good[9:],
        good[:9] + b"\2" + good[10:],
        b"\x16\3\1\0\4\1\0\0\0",
    ]
    for number, stream in enumerate(bad):
        told = read([opening(), tcp(stream)])
        assert hosts(told) == [], number
        assert packets_told(told) == 2


@pytest.mark.parametrize("cut", [0, 50, 1000])
@pytest.mark.parametrize("at_once", [1, 100])
def test_a_stream_that_begins_in_the_opening_segment(cut: int, at_once: int) -> None:
    """TCP Fast Open (RFC 7413): clients that know a server send their hello at once."""
    whole = tls(hello())
    told = read([tcp(whole[:cut], 0, SYN), tcp(whole[cut:], 1 + cut)], at_once=at_once)
    assert hosts(told) == ["claude.ai"]
    assert told[0]["up"] == len(whole)
