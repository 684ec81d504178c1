"""What is fuzzed: each target takes any bytes, and raises only where there is something to mend."""

from __future__ import annotations

import io
import struct
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import dns.exception
import dns.message
import dns.rdataclass

from integrations.public_dns.zones import entries, unread
from scanner.capture import dtls, http, quic, tls
from scanner.capture.dns import NotDnsError, Reader
from scanner.capture.reading import records
from scanner.errors import SourceError
from scanner.logs.binary.dnstap import BINARY as DNSTAP
from tests.capture.making import (
    Told,
    alpn,
    crypto,
    dns_answer,
    ethernet,
    hello,
    interface,
    opening,
    packet_block,
    packets_told,
    pcap,
    read,
    row,
    section,
    tcp,
    udp,
)
from tests.capture.making import dns as question
from tests.capture.making import dtls as in_datagrams
from tests.capture.making import quic as initial
from tests.capture.making import tls as in_records
from tests.capture.wrappings import WRAPPINGS

LINKS = sorted({link for link, _ in WRAPPINGS.values()} | {999})
_SIZES = (1, 7, 64, 536, 1448, 65_000)
_PORTS = (443, 53, 80, 3128)
_GET = b"GET /v1?key=1 HTTP/1.1\r\nUser-Agent: x\r\nHost: api.mistral.ai:8080\r\n\r\n"
_MOST = 40_000


class Target(NamedTuple):
    """Where fuzzing begins, and what is done with each input."""

    seeds: Sequence[bytes]
    run: Callable[[bytes], None]


def _from_file(data: bytes, read_it: Callable[[Path], Iterator[bytes]]) -> None:
    """Read bytes as a file. What a source says of itself, as SourceError, is an answer too."""
    with tempfile.NamedTemporaryFile(dir=_FOLDER.name) as file, suppress(SourceError):
        file.write(data)
        file.flush()
        for _ in read_it(Path(file.name)):
            pass


def files(data: bytes) -> None:
    """Captures: a damaged one is read up to its damage."""
    _from_file(data, records)


def packets(data: bytes) -> None:
    """Packets of one link type, each behind its length: all are counted, however they are blocked."""
    link, given = LINKS[data[0] % len(LINKS)] if data else 1, list(_pieces(data[1:]))
    told = read(given, link)
    assert len(given) <= packets_told(told), "packets were lost"
    assert _named(told) == _named(read(given, link, 1)), "blocks change what is found"


def streams(data: bytes) -> None:
    """The client's side of a connection, in segments of some size."""
    if len(data) < 2:
        return
    size, port, content = _SIZES[data[0] % 6], _PORTS[data[1] % 4], data[2 : 2 + _MOST]
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    segments = [tcp(piece, 1 + at * size, port=port) for at, piece in enumerate(pieces[:3000])]
    read([opening(port=port), *segments], at_once=100)


def hellos(data: bytes) -> None:
    """What a TLS connection begins with: what is read of a whole hello, is read of it in a longer stream."""
    with suppress(tls.NotTlsError):
        tls.hello(data, is_cut=True)
    with suppress(tls.NotTlsError):
        found = tls.hello(data)
        assert found is None or tls.hello(data + b"\x14\3\3") == found


def requests(data: bytes) -> None:
    """What an HTTP connection begins with."""
    http.status(data)
    assert len(http.behind(data)) < max(len(data), 1)
    with suppress(http.NotHttpError):
        http.request(data, is_cut=True)
    with suppress(http.NotHttpError):
        found = http.request(data)
        assert found is None or http.request(data + b"x") == found


def datagrams(data: bytes) -> None:
    """Datagrams of one connection as they are, each behind its length: QUIC, or DTLS."""
    greeting = dtls.Greeting() if data[2:3] == b"\x16" else quic.Greeting()
    _greet(greeting, _pieces(data))


def sealed(data: bytes) -> None:
    """What a client says in QUIC Initials, each piece behind its length, behind the encryption."""
    _greet(quic.Greeting(), (initial(one[:1150], size=200) for one in _pieces(data)))


def _greet(greeting: quic.Greeting | dtls.Greeting, datagrams: Iterable[bytes]) -> None:
    for one in datagrams:
        with suppress(quic.NotQuicError, tls.NotTlsError):
            greeting.add(one)


def messages(data: bytes) -> None:
    """A DNS message asks what dnspython reads in it."""
    data = data[:_MOST]
    reader = Reader()
    with suppress(NotDnsError):
        reader.message(data, is_sure=False)
    try:
        ours = [one.host for one in reader.message(data).asked]
    except NotDnsError:
        ours = []
    assert ours == _asked(data), "dnspython reads another question"


def _asked(data: bytes) -> list[str]:
    try:
        message = dns.message.from_wire(data, question_only=True, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        return []
    if message.opcode() != dns.opcode.QUERY:
        return []
    known = (dns.rdataclass.IN, dns.rdataclass.ANY)
    asked = (one for one in message.question if one.rdclass in known)
    return [one.name.to_text(omit_final_dot=True) for one in asked]


def frames(data: bytes) -> None:
    """Frames of dnstap."""
    _from_file(data, DNSTAP.records)


def zones(data: bytes) -> None:
    """Zone files, and what dig prints."""
    text, bad = data.decode("utf-8", "replace"), Counter[str]()
    for entry in entries(io.StringIO(text), bad):
        assert entry.name
    unread(text)


def _pieces(data: bytes) -> Iterator[bytes]:
    at = 0
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2], "big") & 0x0FFF
        yield data[at + 2 : at + 2 + size]
        at += 2 + size


def _joined(*pieces: bytes) -> bytes:
    return b"".join(struct.pack(">H", len(one)) + one for one in pieces)


def _named(told: Told) -> list[tuple[int, str, str]]:
    return sorted((one["frame"], one["kind"], one["host"]) for one in told if "host" in one)


def _dnstap(wire: bytes) -> bytes:
    said = b"\x08\x05\x22\x04\x0a\0\0\7\x30\x05\x40\x01\x52" + bytes([len(wire)]) + wire
    frame = b"\x72" + bytes([len(said)]) + said
    start = b"\0\0\0\1\0\0\0\x16protobuf:dnstap.Dnstap"
    control = struct.pack(">3I", 0, 4 + len(start), 2) + start
    return control + struct.pack(">I", len(frame)) + frame


_FOLDER = tempfile.TemporaryDirectory(prefix="gnomon-fuzzing-")
_QUESTION = question("claude.ai")
_ANSWER = dns_answer("claude.ai", [row(5, b"\3www\xc0\x0c"), row(1, bytes(4))])
_PACKETS = [ethernet(udp(_QUESTION)), ethernet(tcp(in_records(hello())))]
_BLOCKS = [packet_block(one, 1) for one in _PACKETS]
_HELLO = hello("claude.ai", alpn(b"h2", b"http/1.1"))

TARGETS = {
    "files": Target(
        [
            pcap(_PACKETS),
            pcap(_PACKETS, order=">", magic=0xA1B2CD34),
            section() + interface() + b"".join(_BLOCKS),
            section(">") + interface(order=">", options=b"\0\x09\0\1\x09\0\0\0"),
        ],
        files,
    ),
    "packets": Target(
        [bytes([LINKS.index(link)]) + _joined(packet) for link, packet in WRAPPINGS.values()],
        packets,
    ),
    "streams": Target(
        [
            *(bytes([size, port]) + in_records(_HELLO) for size in (1, 3) for port in (0, 3)),
            b"\3\0" + in_records(_HELLO, 20),
            b"\2\2" + _GET,
            b"\2\2" + _GET + _GET.replace(b"mistral", b"openai"),
            b"\2\3CONNECT claude.ai:443 HTTP/1.1\r\n\r\n" + in_records(_HELLO),
            b"\2\1" + _joined(_QUESTION, question("a.example")),
            b"\3\0PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" + in_records(_HELLO),
        ],
        streams,
    ),
    "hellos": Target([in_records(_HELLO), in_records(_HELLO, 20)], hellos),
    "requests": Target(
        [_GET, b"HTTP/1.1 200 OK\r\n", b"GET http://a@b:1/c HTTP/1.0\r\n\r\n"], requests
    ),
    "datagrams": Target(
        [
            _joined(initial(crypto(_HELLO), size=300)),
            _joined(*in_datagrams(_HELLO, most=50)),
            _joined(initial(crypto(_HELLO), "v2", size=300)),
            _joined(b"\x0d" + bytes(8) + b"Q043\1CHLO\1\0\0\0SNI\0\2\0\0\0ab", initial(b"\1")),
        ],
        datagrams,
    ),
    "sealed": Target(
        [
            _joined(crypto(_HELLO)),
            _joined(crypto(_HELLO[60:], 60), b"\1\2\3\4\0\0" + crypto(_HELLO[:60])),
            _joined(b"\xa0\1\0\0CHLO\1\0\0\0SNI\0\2\0\0\0ab"),
        ],
        sealed,
    ),
    "messages": Target([_QUESTION, _ANSWER, question("a b.example", 65), question("")], messages),
    "frames": Target([_dnstap(_QUESTION), _dnstap(_ANSWER)], frames),
    "zones": Target(
        [
            b'$ORIGIN a.example.\n@ 60 IN TXT ( "a" ; b\n "c" )\n IN MX 10 m\nx CNAME y.z.\n',
            b";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n;; ANSWER SECTION:\n",
        ],
        zones,
    ),
}
