"""Packets in, records out: what connects the parts of this package."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import IO

from scanner.capture import pcap, pcapng
from scanner.capture.connections import Connections
from scanner.capture.datagrams import Datagrams
from scanner.capture.dns import Reader as DnsReader
from scanner.capture.packets import Packets
from scanner.capture.questions import Pairs
from scanner.capture.records import Broken, Damaged, Noted, Passed, Told, lines
from scanner.capture.transports import Account, Opener
from scanner.errors import SourceError

_in_order = attrgetter("frame")


class Reader:
    """Turns packets into records; all that it remembers of former packets is bounded."""

    def __init__(self) -> None:
        self._account = Account()
        self._opener = Opener(self._account)
        dns = DnsReader()
        self._pairs = Pairs(self._account)
        self._tcp = Connections(self._account, dns, self._pairs)
        self._udp = Datagrams(self._account, dns, self._pairs)

    def read(self, packets: Packets) -> list[bytes]:
        """Return what is complete with some packets, as lines of JSON."""
        block = self._opener.open(packets)
        found = [*self._udp.read(block), *self._tcp.read(block)]
        if len(packets):
            found += self._pairs.over(int(packets.times[-1]))
        return lines(sorted(found, key=_in_order))

    def end(self) -> list[bytes]:
        """Return what is still open, and the account of all packets."""
        found = [*self._pairs.rest(), *self._udp.rest(), *self._tcp.rest()]
        return lines([*sorted(found, key=_in_order), *self._told()])

    def _told(self) -> Iterator[Told]:
        for why, packets in sorted(self._account.ignored.items()):
            if packets:
                yield Passed(why, packets)
        for why, packets in sorted(self._account.broken.items()):
            if packets:
                yield Broken(why, packets)
        for what, times in self._notes():
            if times:
                yield Noted(what, times)

    def _notes(self) -> Iterator[tuple[str, int]]:
        tcp, udp = self._tcp, self._udp
        yield (
            "hellos offer an encrypted name beside the one that is read (ECH); what it hides is not known",
            tcp.encrypted_names + udp.encrypted_names,
        )
        yield (
            "beginnings of connections were let go before they named anything",
            (tcp.given_up + udp.given_up),
        )
        yield (
            "connections were counted up to where too many were open",
            (tcp.flows.given_up + udp.flows.given_up),
        )
        yield "DNS questions were told without waiting for their answers", self._pairs.given_up
        yield "packets in fragments never became whole", self._opener.dropped


def is_capture(head: bytes) -> bool:
    """Whether a file that begins so is a packet capture."""
    return head.startswith((*pcap.MAGICS, pcapng.MAGIC))


def records(path: Path) -> Iterator[bytes]:
    """Yield what a capture shows as lines of JSON, some at a time, then its account.

    Behind a damaged place it says what is wrong. Raises SourceError.
    """
    reader = Reader()
    try:
        with path.open("rb", buffering=0) as file:
            for told in _told(file, reader):
                if told:
                    yield b"\n".join(told)
    except OSError as error:
        raise SourceError(f"reading failed: {error.strerror or error}") from error


def _told(file: IO[bytes], reader: Reader) -> Iterator[list[bytes]]:
    head = file.read(4)
    file.seek(0)
    if not is_capture(head):
        raise SourceError("no packet capture, neither pcap nor pcapng")
    blocks = pcapng.blocks if head == pcapng.MAGIC else pcap.blocks
    damage = None
    try:
        for packets in blocks(file):
            yield reader.read(packets)
    except pcap.DamagedError as error:
        damage = str(error)
    yield reader.end()
    if damage:
        yield lines([Damaged(damage)])
