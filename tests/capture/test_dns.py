"""DNS in packets: questions with their answers, over UDP and TCP, on any port."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest

from tests.capture.making import (
    RAW,
    START,
    Packet,
    counts,
    dns,
    dns_answer,
    dns_name,
    hosts,
    names,
    opening,
    packets_told,
    read,
    row,
    tcp,
    tcp_back,
    udp,
    udp_back,
)

_ADDRESS = row(1, b"\xcb\0\x71\7")
_OPT = b"\0" + struct.pack(">2HIH", 41, 1232, 0, 0)


def _framed(message: bytes) -> bytes:
    return struct.pack(">H", len(message)) + message


def test_a_question_and_its_answer_are_one_record() -> None:
    told = read([udp(dns("api.openai.com")), udp_back(dns_answer("api.openai.com", [_ADDRESS]))])
    assert told == [
        {
            "kind": "dns",
            "frame": 1,
            "time": START,
            "client": "10.0.0.7",
            "host": "api.openai.com",
            "qtype": "A",
            "rcode": "NOERROR",
        },
        {"kind": "ignored", "why": "answer to a DNS question", "packets": 1},
    ]


def test_what_is_never_answered_is_told_at_the_end() -> None:
    assert names(read([udp(dns("claude.ai", 28))])) == [("dns", "10.0.0.7", "claude.ai")]


def test_an_answer_alone_is_told_with_the_client_that_it_goes_to() -> None:
    told = read([udp_back(dns_answer("claude.ai", code=3))])
    assert names(told) == [("dns", "10.0.0.7", "claude.ai")]
    assert told[0]["rcode"] == "NXDOMAIN"


def test_a_chain_of_aliases_is_kept() -> None:
    chain = [
        row(5, b"\4edge\3cdn\7example\0"),
        row(5, b"\2eu\xc0\x2f", b"\xc0\x2a"),
        row(1, bytes([203, 0, 113, 7]), b"\xc0\x45"),
    ]
    told = read([udp(dns("chat.corp.ai")), udp_back(dns_answer("chat.corp.ai", chain))])
    assert told[0]["cnames"] == ["edge.cdn.example", "eu.cdn.example"]


def test_an_answer_that_leads_nowhere_is_a_filters() -> None:
    nowhere = read([udp(dns("claude.ai")), udp_back(dns_answer("claude.ai", [row(1, bytes(4))]))])
    somewhere = read([udp(dns("claude.ai")), udp_back(dns_answer("claude.ai", [_ADDRESS]))])
    assert nowhere[0]["nowhere"]
    assert "nowhere" not in somewhere[0]


def test_p7_dns_over_tcp_in_pieces_and_several_messages() -> None:
    asked = _framed(dns("claude.ai")) + _framed(dns("chatgpt.com", number=78))
    said = _framed(dns_answer("claude.ai", [_ADDRESS])) + _framed(
        dns_answer("chatgpt.com", number=78, code=3)
    )
    at = [0, 2, 9, len(asked)]
    pieces = [tcp(asked[a:b], 1 + a, port=53) for a, b in pairwise(at)]
    back = [tcp_back(said[:30], 1, port=53), tcp_back(said[30:], 31, port=53)]
    for at_once in (1, 2, 100):
        told = read([opening(port=53), *pieces, *back], at_once=at_once)
        assert [(one["host"], one["rcode"]) for one in told if "host" in one] == [
            ("claude.ai", "NOERROR"),
            ("chatgpt.com", "NXDOMAIN"),
        ]
        # Two questions end in one packet, and so do their answers.
        assert packets_told(told) == 6 + 1 + 1


def test_p7_dns_over_tcp_on_another_port() -> None:
    told = read([tcp(_framed(dns("claude.ai")), port=5300)])
    assert names(told) == [("dns", "10.0.0.7", "claude.ai")]


def test_p7_edns() -> None:
    told = read([udp(dns("claude.ai", more=_OPT)), udp(dns("chatgpt.com", more=_OPT), 5300)])
    assert hosts(told) == ["claude.ai", "chatgpt.com"]


@pytest.mark.parametrize(
    "wire",
    [
        struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1",
        struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\3www\xc0\x0c\0\1\0\1",
        struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\x3fwww",
        struct.pack(">6H", 1, 0x0100, 1, 0, 0, 0) + b"\x80www\0\0\1\0\1",
        struct.pack(">6H", 1, 0x0100, 60_000, 0, 0, 0) + dns_name("claude.ai") + b"\0\1\0\1",
        b"\0",
    ],
)
def test_p7_names_without_end_and_lying_counts_are_undecodable(wire: bytes) -> None:
    told = read([udp(wire)])
    assert counts(told) == {"no DNS message, on its port": 1}
    assert hosts(told) == []


@pytest.mark.parametrize(
    "answer",
    [
        row(5, b"\xc0\x29"),
        row(5, b"\3www\xc0\x29"),
        row(5, b"\x3fw"),
        row(1, b"\1\2\3\4", b"\xc0\xff"),
        b"\xc0\x0c\0\5\0\1\0\0\0\1\xff\xff",
    ],
)
def test_p7_answers_without_end_still_show_what_was_asked(answer: bytes) -> None:
    told = read([udp(dns("claude.ai")), udp_back(dns_answer("claude.ai", [answer]))])
    assert hosts(told) == ["claude.ai"]
    assert told[0]["rcode"] == "NOERROR"


def test_p7_zero_records_and_no_question() -> None:
    told = read([udp(struct.pack(">6H", 1, 0x0100, 0, 0, 0, 0)), udp(dns("claude.ai"))])
    assert hosts(told) == ["claude.ai"]
    assert counts(told) == {"DNS message that asks nothing": 1}


def test_p7_two_queries_in_one_message() -> None:
    asked = dns_name("claude.ai") + b"\0\1\0\1" + dns_name("chatgpt.com") + b"\0\x1c\0\1"
    told = read([udp(struct.pack(">6H", 1, 0x0100, 2, 0, 0, 0) + asked)])
    assert [(one["host"], one["qtype"]) for one in told if "host" in one] == [
        ("claude.ai", "A"),
        ("chatgpt.com", "AAAA"),
    ]


def test_p7_two_queries_from_one_port_wait_for_their_own_answers() -> None:
    told = read(
        [
            udp(dns("claude.ai", 1, 5)),
            udp(dns("claude.ai", 28, 6)),
            udp_back(dns_answer("claude.ai", kind=28, number=6, code=3)),
            udp_back(dns_answer("claude.ai", [_ADDRESS], kind=1, number=5)),
        ]
    )
    assert [(one["frame"], one["rcode"]) for one in told if "host" in one] == [
        (1, "NOERROR"),
        (2, "NXDOMAIN"),
    ]


def test_a_packet_that_was_captured_twice_counts_once() -> None:
    pair = [udp(dns("claude.ai")), udp_back(dns_answer("claude.ai", [_ADDRESS]))]
    told = read([pair[0], pair[0], pair[1], pair[1]])
    assert hosts(told) == ["claude.ai"]
    assert counts(told) == {"DNS message seen twice": 2, "answer to a DNS question": 1}


def test_the_same_question_a_minute_later_is_another() -> None:
    packets: list[Packet] = [
        (START + second * 10**9, RAW, udp(dns("claude.ai"))) for second in (0, 60)
    ]
    assert hosts(read(packets)) == ["claude.ai"] * 2


def test_dns_on_any_port_that_behaves_like_dns() -> None:
    told = read(
        [
            udp(dns("claude.ai"), 5311),
            udp_back(dns_answer("claude.ai", [_ADDRESS]), 5311),
            udp(dns("chatgpt.com")[:-1], 5311),  # not whole
            udp(dns("chatgpt.com") + b"x", 5311),
            udp(bytes(40), 5311),
        ]
    )
    assert hosts(told) == ["claude.ai"]
    assert counts(told) == {
        "answer to a DNS question": 1,
        "UDP packet that names nothing": 3,
    }


@pytest.mark.parametrize(
    ("port", "word"), [(5353, "mDNS"), (5355, "LLMNR"), (137, "NetBIOS"), (138, "NetBIOS")]
)
def test_names_of_ones_own_network_are_ignored(port: int, word: str) -> None:
    told = read([udp(dns("laptop.local"), port), udp(dns("laptop.local"), port, port)])
    assert hosts(told) == []
    assert counts(told) == {word: 2}


def test_odd_names_are_written_as_in_a_zone_file() -> None:
    told = read([udp(dns("with space.example")), udp(dns("ApI.OpEnAi.CoM")), udp(dns(""))])
    assert hosts(told) == ["with\\032space.example", "ApI.OpEnAi.CoM", "."]


def test_other_classes_and_operations_are_no_questions() -> None:
    chaos = dns("version.bind", 16)[:-2] + b"\0\3"
    update = dns("corp.example", flags=0x2800)
    assert hosts(read([udp(chaos), udp(update)])) == []


def test_a_cut_question_is_undecodable() -> None:
    packet = udp(dns("api.openai.com"))
    reader_told = read([(START, RAW, packet[:40])])
    assert hosts(reader_told) == []
    assert packets_told(reader_told) == 1


def test_a_flood_of_questions_is_told_and_forgotten() -> None:
    flood: list[Packet] = [
        (START + number, RAW, udp(dns(f"n{number}.example", number=number)))
        for number in range(40_000)
    ]
    told = read(flood, at_once=5_000)
    assert len(hosts(told)) == 40_000
    assert any("without waiting" in one.get("what", "") for one in told)
