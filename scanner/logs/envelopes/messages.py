"""What carriers hold: JSON of a few known fields, and messages of one or several lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from scanner.logs.envelopes import Peel
from scanner.logs.values import decoded

_Record = TypeVar("_Record")

# Daemons whose messages are known as theirs by the tag before them alone.
_KNOWN_BY_TAG = (b"dnsmasq", b"named", b"unbound", b"tinyproxy", b"pdns_recursor", b"pdns-recursor")


def stateless(peel: Peel) -> Callable[[Sequence[bytes]], Peel]:
    """Return the ``open`` of an envelope that every line says by itself."""

    def open_(_first_lines: Sequence[bytes]) -> Peel:
        return peel

    return open_


def reader(record_type: type[_Record]) -> Callable[[bytes], _Record | None]:
    """Return what decodes a line of JSON to ``record_type``; None if it is no such JSON."""
    decode = msgspec.json.Decoder(record_type).decode

    def read(line: bytes) -> _Record | None:
        try:
            return decoded(decode, line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    return read


def lines_in(message: bytes | str, end: bytes = b"\n") -> list[bytes]:
    """Return the lines of a message, without blank ones; JSON over several lines as one."""
    text = message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message
    if end not in text:
        return [text] if text else []
    lines = [line for line in text.split(end) if line.strip()]
    if len(lines) > 1 and text.lstrip()[:1] in (b"{", b"[") and not _is_closed(lines[0]):
        return [b" ".join(lines)]
    return lines


def objects_in(records: Sequence[msgspec.Raw]) -> list[bytes]:
    """Return those JSON values that are objects."""
    return [text for one in records if (text := bytes(one)).startswith(b"{")]


def is_known_by_tag(tag: bytes) -> bool:
    """Whether a daemon's messages mean nothing without the tag before them."""
    return tag.startswith(_KNOWN_BY_TAG)


def tagged(tag: str | None, process: str | int | None, message: bytes | str) -> list[bytes]:
    """Return the lines of a message as ``tag[process]: line`` where the tag is needed."""
    lines = lines_in(message)
    name = (tag or "").encode("utf-8", "surrogatepass")
    if not is_known_by_tag(name):
        return lines
    head = b"%b[%b]: " % (name, str(process or 0).encode("utf-8", "surrogatepass"))
    return [head + line for line in lines]


def _is_closed(line: bytes) -> bool:
    """Whether a line that begins a JSON value also ends it."""
    return line.rstrip().endswith((b"}", b"]"))
