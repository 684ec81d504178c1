"""A Windows event as XML on one line, as Splunk and ``wevtutil`` write it, in the shape of converted EVTX."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

_LONGEST = 100_000
_PROVIDER = re.compile(r"<Provider\b[^>]{0,200}?\bName=['\"]([^'\"]*)")
_TIME = re.compile(r"<TimeCreated\b[^>]{0,200}?\bSystemTime=['\"]([^'\"]*)")
_TEXT = re.compile(r"<(EventID|Channel|Computer)\b[^>]{0,200}>([^<]*)</")
_DATA = re.compile(r"<Data\b[^>]{0,200}?\bName=['\"]([^'\"]*)['\"][^>]{0,200}>([^<]*)</Data>")


def is_event(line: bytes) -> bool:
    """Whether a line is an event in XML."""
    return line.startswith(b"<Event") and b"<System>" in line[:_LONGEST]


def event(line: bytes) -> dict[str, Any]:
    """Return the event: ``System`` and ``EventData`` with their fields by name."""
    written = line[:_LONGEST].decode("utf-8", "backslashreplace")
    system: dict[str, Any] = {name: unescape(text) for name, text in _TEXT.findall(written)}
    for name, attribute, pattern in (
        ("Provider", "Name", _PROVIDER),
        ("TimeCreated", "SystemTime", _TIME),
    ):
        if found := pattern.search(written):
            system[name] = {attribute: unescape(found[1])}
    data = {unescape(name): unescape(text) for name, text in _DATA.findall(written)}
    return {"System": system, "EventData": data}
