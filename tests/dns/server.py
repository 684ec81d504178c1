"""A name server on loopback, over UDP and TCP, made of dnspython: answers are written in the test."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

_LARGE = 1232


@dataclass
class Zone:
    """What the server knows: records as a zone file has them, and names that fare otherwise.

    A name in ``codes`` is answered with that code, "silence" not at all. ``asked`` are the
    questions that came, in order.
    """

    records: str
    domain: str = "harbour-pine.example"
    codes: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    follows: bool = False  # as resolvers do: the whole chain in one answer
    over_tcp: int = 0
    port: int = 0

    @property
    def resolver(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, wire: bytes, is_tcp: bool) -> bytes | None:
        """Return the answer to a message; None for silence."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append((name, dns.rdatatype.to_text(question.rdtype)))
        code = self.codes.get(name, "")
        if code == "silence":
            return None
        made = dns.message.make_response(query)
        if code:
            made.set_rcode(dns.rcode.from_text(code))
        else:
            self._fill(made, name, question.rdtype)
        sent = made.to_wire(max_size=65535)
        if not is_tcp and len(sent) > _LARGE:
            made.answer.clear()
            made.flags |= dns.flags.TC
            sent = made.to_wire(max_size=65535)
        self.over_tcp += is_tcp
        return sent

    def _fill(self, made: dns.message.Message, name: str, kind: dns.rdatatype.RdataType) -> None:
        if not name.endswith(self.domain):
            made.set_rcode(dns.rcode.REFUSED)
            return
        owners = {line.split()[0] for line in self.records.splitlines() if line.strip()}
        known = name if name in owners else f"*.{name.partition('.')[2]}"
        if known not in owners and name != self.domain:
            made.set_rcode(dns.rcode.NXDOMAIN)
            return
        for line in filter(None, map(str.strip, self.records.splitlines())):
            owner, type_, value = line.split(None, 2)
            if owner == known and type_ in (dns.rdatatype.to_text(kind), "CNAME"):
                made.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", type_, value))
                target = value.removesuffix(".")
                if self.follows and type_ == "CNAME" and target.endswith(self.domain):
                    self._fill(made, target, kind)


@contextmanager
def served(zone: Zone) -> Iterator[Zone]:
    """Serve a zone on a free port of loopback until the end of the block."""

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sock = self.request
            if (answer := zone.answer(wire, is_tcp=False)) is not None:
                sock.sendto(answer, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.rfile.read(2))
            if (answer := zone.answer(self.rfile.read(length), is_tcp=True)) is not None:
                self.wfile.write(struct.pack("!H", len(answer)) + answer)

    with (
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), Tcp) as tcp,
        socketserver.ThreadingUDPServer(("127.0.0.1", tcp.server_address[1]), Udp) as udp,
    ):
        zone.port = tcp.server_address[1]
        threads = [
            threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True)
            for one in (tcp, udp)
        ]
        for one in threads:
            one.start()
        try:
            yield zone
        finally:
            for server in (tcp, udp):
                server.shutdown()
            for one in threads:
                one.join()
