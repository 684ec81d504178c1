"""The same names as tshark finds, in captures of our own and in those of real daemons."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.capture.making import (
    START,
    SYN,
    alpn,
    crypto,
    dns,
    dns_answer,
    ethernet,
    hello,
    interface,
    opening,
    packet_block,
    padding,
    pcap,
    quic,
    read_file,
    row,
    section,
    tcp,
    tcp_back,
    tls,
    udp,
    udp_back,
)
from tests.capture.wrappings import WRAPPINGS
from tests.running import SHARED

_TSHARK = shutil.which("tshark")
_LAB = SHARED / "samples" / "logs" / "pcap_lab"
_FIELDS = ("dns.qry.name", "tls.handshake.extensions_server_name", "http.host")
_WANTED = "(dns && !mdns && !llmnr && !icmp && !icmpv6 && !nbns) || tls.handshake.type == 1 || http.request"
_PIPELINED = b"".join(
    b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % one for one in (b"one.example", b"two.example")
)
_ODD = {"with\\032space.example": "with space.example", ".": "<root>"}

pytestmark = pytest.mark.skipif(_TSHARK is None, reason="tshark is not installed")


def _theirs(path: Path) -> set[tuple[str, str]]:
    command = [str(_TSHARK), "-r", str(path), "-Y", _WANTED, "-T", "fields", "-E", "separator=/t"]
    for field in _FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = set()
    for line in done.stdout.splitlines():
        for kind, names in zip(("dns", "tls", "http"), line.split("\t"), strict=True):
            found.update((kind, name.lower()) for name in names.split(",") if name)
    return found


def _ours(path: Path) -> set[tuple[str, str]]:
    kinds = {"quic": "tls", "connect": "http"}
    return {
        (kinds.get(one["kind"], one["kind"]), _ODD.get(one["host"], one["host"]).lower())
        for one in read_file(path)
        if "host" in one
    }


def _pieces(stream: bytes, size: int, own: int) -> Iterator[bytes]:
    yield opening(own=own)
    yield tcp_back(b"", 0, 18)
    for at in range(0, len(stream), size):
        yield tcp(stream[at : at + size], 1 + at, own=own)


def _frames() -> list[bytes]:
    """Return what the laboratory drives: DNS, TLS whole and cut, HTTP, CONNECT, QUIC."""
    long = hello("api.anthropic.com", alpn(b"h3"), padding(1500))
    packets = [
        udp(dns("api.openai.com")),
        udp_back(dns_answer("api.openai.com", [row(5, b"\4edge\xc0\x10"), row(1, b"\1\2\3\4")])),
        udp(dns("ApI.OpEnAi.CoM", number=5)),
        udp(dns("with space.example", number=6)),
        udp(dns("", kind=2, number=7)),
        udp(dns("huggingface.co", 28), source="2001:db8::7", target="2001:db8::9"),
        udp(dns("laptop.local"), 5353, 5353),
        *_pieces(tls(hello("claude.ai")), 60, 50_001),
        *_pieces(tls(hello("chatgpt.com", padding(2600))), 1448, 50_002),
        *_pieces(tls(hello("copilot.microsoft.com", alpn(b"h2"))), 1448, 50_003),
        *_pieces(tls(hello(None)), 1448, 50_004),
        opening(port=80, own=50_005),
        tcp(b"GET /v1 HTTP/1.1\r\nHost: api.mistral.ai\r\n\r\n", port=80, own=50_005),
        udp(quic(crypto(hello("chatgpt.com", alpn(b"h3")))), 443, 60_001),
        udp(quic(crypto(hello("gemini.google.com", alpn(b"h3"))), "v2", b"second.."), 443, 60_002),
        udp(quic(crypto(hello("www.perplexity.ai")), "draft 29", b"third..."), 443, 60_003),
        tcp(_PIPELINED, port=80, own=50_006),
        tcp(tls(hello("fast.example")), 0, SYN, own=50_007),
        udp(quic(crypto(long[800:], 800), "v1", b"fourth..", 1), 443, 60_004),
        udp(quic(crypto(long[:800]), "v1", b"fourth.."), 443, 60_004),
    ]
    return [ethernet(one) for one in packets]


@pytest.mark.parametrize("kind", ["pcap", "pcapng"])
def test_in_a_capture_of_our_own(kind: str, tmp_path: Path) -> None:
    frames, path = _frames(), tmp_path / "capture"
    blocks = [packet_block(one, START // 1000 + at) for at, one in enumerate(frames)]
    path.write_bytes(pcap(frames) if kind == "pcap" else section() + interface() + b"".join(blocks))
    assert _ours(path) == _theirs(path)
    assert len(_ours(path)) == 14


def test_in_every_way_of_carrying_ip(tmp_path: Path) -> None:
    """Each packet asks for a name of its own, so that none stands for another."""
    blocks, asked = [interface(link) for link, _ in WRAPPINGS.values()], []
    for number, (_, packet) in enumerate(WRAPPINGS.values()):
        asked.append(("dns", f"way{number:03}.ai"))
        own = packet.replace(b"\x06claude", f"\x06way{number:03}".encode())
        blocks.append(packet_block(own, START // 1000 + number, number))
    path = tmp_path / "capture"
    path.write_bytes(section() + b"".join(blocks))
    assert sorted(_ours(path)) == sorted(_theirs(path)) == asked


@pytest.mark.skipif(
    not _LAB.is_dir(), reason="the laboratory's captures are not beside the project"
)
@pytest.mark.parametrize("name", ["p53-ether.pcap", "p53-sll2.pcap", "p53.pcapng"])
def test_in_captures_of_real_daemons(name: str) -> None:
    ours = _ours(_LAB / name)
    assert ours == _theirs(_LAB / name)
    assert len({host for kind, host in ours if kind == "dns"}) == 17
