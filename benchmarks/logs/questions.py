"""What a DNS log says of a question beside its name: type, outcome and answers, from random bits."""

from __future__ import annotations

from benchmarks.traffic import ELSEWHERE

TYPES = (("1", "A"),) * 19 + (("28", "AAAA"),) * 8 + (("65", "HTTPS"),) * 5  # 32
OUTCOMES = (("0", "NOERROR"),) * 60 + (("3", "NXDOMAIN"),) * 3 + (("2", "SERVFAIL"),)  # 64
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh"


def type_of(bits: int) -> tuple[str, str]:
    """Return the number and the name of a question's type."""
    return TYPES[bits >> 48 & 31]


def outcome_of(bits: int) -> tuple[str, str]:
    """Return the number and the name of an answer's code."""
    return OUTCOMES[bits >> 54 & 63]


def port_of(bits: int) -> int:
    return 49_152 + (bits & 16_383)


def uid_of(bits: int) -> str:
    """Return twelve letters that tell one connection from another."""
    return "".join([_LETTERS[bits >> shift & 31] for shift in range(0, 60, 5)])


def answers_of(bits: int, qtype: str) -> tuple[str, ...]:
    """Return the answers; one in a thousand is an alias of an AI host."""
    if bits & 1023 == 5:
        return ELSEWHERE, "203.0.113.9"
    low, high = bits >> 8 & 255, bits >> 16 & 255
    if qtype == "AAAA":
        return (f"2001:db8::{low:x}:{high:x}",)
    if qtype == "HTTPS":
        return ()
    if bits & 3 == 0:
        return f"edge{low}.cdn.example", f"198.51.100.{high}"
    return f"198.51.100.{low}", f"203.0.113.{high}"
