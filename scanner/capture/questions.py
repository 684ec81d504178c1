"""DNS questions, each with its answer: one record for both."""

from __future__ import annotations

import msgspec

from scanner.capture.dns import Asked, Message, Said
from scanner.capture.records import Record, address_text
from scanner.capture.transports import Account

PORT = 53
# Names of one's own network, asked of everybody in it: multicast DNS, LLMNR, NetBIOS.
LOCAL_PORTS = {5353: "mDNS", 5355: "LLMNR", 137: "NetBIOS", 138: "NetBIOS"}
# How long an answer is waited for, and repeated packets are known as such.
WAIT = 10_000_000_000
_MOST_WAITING = 32_768
# Spreads the numbers of messages over the bits of what tells connections apart.
SPREAD = 0x9E3779B97F4A7C15
ANSWER, AGAIN = "answer to a DNS question", "DNS message seen twice"
NO_QUESTION = "DNS message that asks nothing"
NOTHING = "UDP packet that names nothing"
NOT_DNS = "no DNS message, on its port"


class Exchange(msgspec.Struct, gc=False):
    """Where a message was seen: what its packet and those of its answer have in common, and who sent it."""

    key: int
    frame: int
    time: int
    sender: bytes
    receiver: bytes


class Pairs:
    """Questions that wait for their answers; a bounded number, and not for long.

    ``waiting`` has them by connection, number and question, which are one number together:
    the garbage collector need not look at it. What was told already stays for a while too, as the
    time when it was: captures often hold a packet twice.
    """

    def __init__(self, account: Account) -> None:
        self.given_up = 0
        self.waiting: dict[int, Record | int] = {}
        self._account = account

    def add(self, message: Message, seen: Exchange) -> list[Record]:
        """Take a message; returns what is complete with it."""
        if not message.asked:
            self._account.ignored[NO_QUESTION] += 1
        found: list[Record] = []
        for asked in message.asked:
            key = link(seen.key, message.number) | asked.folded
            known = self.waiting.get(key)
            if known is not None and is_over(known, seen.time):
                found += [known] if isinstance(known, Record) else []
                known = None
            if known is not None and (message.said is None or isinstance(known, int)):
                self._account.ignored[AGAIN] += 1
            elif message.said is None:
                self.waiting[key] = question(asked, seen.sender, seen.frame, seen.time)
            else:
                self._account.ignored[ANSWER] += known is not None
                if not isinstance(known, Record):
                    known = question(asked, seen.receiver, seen.frame, seen.time)
                found.append(answered(known, message.said))
                self.waiting[key] = seen.time
        return found

    def over(self, now: int) -> list[Record]:
        """Return questions that waited too long, and the oldest if there are too many."""
        many = len(self.waiting) - _MOST_WAITING
        found, past, before = [], [], now - WAIT
        for count, (key, one) in enumerate(self.waiting.items()):
            is_late = (one if isinstance(one, int) else one.time) < before
            if not is_late and count >= many:
                break
            past.append(key)
            if not isinstance(one, int):
                self.given_up += not is_late
                found.append(one)
        for key in past:
            del self.waiting[key]
        return found

    def rest(self) -> list[Record]:
        """Return what was never answered."""
        found = [one for one in self.waiting.values() if not isinstance(one, int)]
        self.waiting.clear()
        return found


def is_over(one: Record | int, now: int) -> bool:
    """Whether what waits, or was told, is too old for what comes now to belong to it."""
    return now - (one if isinstance(one, int) else one.time) > WAIT


def link(key: int, number: int) -> int:
    """Return what a question and its answer share: their connection and their number."""
    return key ^ number * SPREAD & 0xFFFFFFFFFFFFFFFF


def question(asked: Asked, client: bytes, frame: int, time: int) -> Record:
    """Return the record of a question."""
    return Record("dns", frame, time, address_text(client), asked.host, asked.qtype)


def answered(record: Record, said: Said) -> Record:
    """Return the record of a question with what the answer says."""
    record.rcode, record.cnames, record.nowhere = said
    return record
