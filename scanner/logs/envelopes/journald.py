r"""An entry of systemd's journal, as ``journalctl -o json`` writes it.

    {"__REALTIME_TIMESTAMP":"1795226301489123","SYSLOG_IDENTIFIER":"dnsmasq","_PID":"10863","MESSAGE":"query[A] api.openai.com from 10.0.0.7"}

A message that is no text is an array of its bytes. The program's name stands before the message
again, as ``dnsmasq[10863]: ``, where the message is known as its own by that alone.
Reference: https://systemd.io/JOURNAL_EXPORT_FORMATS/
"""

from __future__ import annotations

import msgspec

from scanner.logs.clock import NO_TIME, Clock, Time
from scanner.logs.envelopes import Envelope
from scanner.logs.envelopes.messages import reader, stateless, tagged


class Entry(msgspec.Struct):
    """The fields that are read; any of them may be null, and binary ones are arrays."""

    message: str | list[int] | None = msgspec.field(name="MESSAGE")
    tag: str | list[int] | None = msgspec.field(name="SYSLOG_IDENTIFIER", default=None)
    program: str | list[int] | None = msgspec.field(name="_COMM", default=None)
    process: str | list[str] | None = msgspec.field(name="_PID", default=None)
    sent: str | None = msgspec.field(name="_SOURCE_REALTIME_TIMESTAMP", default=None)
    received: str | None = msgspec.field(name="__REALTIME_TIMESTAMP", default=None)


read = reader(Entry)


def peel(line: bytes) -> list[bytes] | None:
    """Return the message of an entry."""
    if not line.startswith(b"{") or b'"MESSAGE"' not in line or (entry := read(line)) is None:
        return None
    if entry.sent is None and entry.received is None:
        return None
    tag = next((one for one in (entry.tag, entry.program) if isinstance(one, str)), None)
    process = entry.process if isinstance(entry.process, str) else None
    return tagged(tag, process, _text(entry.message))


def time(line: bytes, clock: Clock) -> Time:
    """Return when the message was sent, or else received."""
    entry = read(line)
    for written in (entry.sent, entry.received) if entry else ():
        when = clock.epoch(written or "")
        if when[0] is not None:
            return when
    return NO_TIME


def _text(message: str | list[int] | None) -> str | bytes:
    if isinstance(message, list):
        return bytes(one for one in message if 0 <= one < 256)
    return message or ""


ENVELOPE = Envelope(
    name="journald",
    title="systemd journal (journalctl -o json)",
    open=stateless(peel),
    time=time,
    sample=(
        b'{"__REALTIME_TIMESTAMP":"1795226301489123","_SOURCE_REALTIME_TIMESTAMP":"1795226301489100","_HOSTNAME":"gw","SYSLOG_IDENTIFIER":"dnsmasq","_PID":"10863","MESSAGE":"query[A] api.openai.com from 10.0.0.7"}\n'
        b'{"__REALTIME_TIMESTAMP":"1795226301489200","_HOSTNAME":"gw","SYSLOG_IDENTIFIER":"dnsmasq","_PID":"10863","MESSAGE":[114,101,112,108,121,32,97,46,101,120,97,109,112,108,101,32,105,115,32,49,48,46,48,46,48,46,57]}\n'
    ),
    reference="https://systemd.io/JOURNAL_EXPORT_FORMATS/",
)
