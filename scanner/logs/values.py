"""Field values as logs write them, as the types they stand for; what is none of them is None."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from scanner.model import Action

_Decoded = TypeVar("_Decoded")

# More digits than any counter has; longer runs are damage.
_MOST_DIGITS = 18


# What exporters write where they know nothing.
_UNSET = frozenset(
    {"", "-", "--", "n/a", "na", "none", "null", "(null)", "nil", "unknown", "unknown user"}
    | {"anonymous", "undefined", "(empty)", "not available"}
)
_LONGEST_UNSET = 20
# What firewalls add to an address, 10.0.0.7:51234:X0, and how IPv6 writes one of IPv4.
_WITH_PORT = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|(\d{1,3}(?:\.\d{1,3}){3})):\d{1,5}(?::\S*)?")
_MAPPED = "::ffff:"
# https://www.iana.org/assignments/dns-parameters
_RECORD_TYPES = {
    "1": "A", "2": "NS", "5": "CNAME", "6": "SOA", "12": "PTR", "15": "MX", "16": "TXT",
    "28": "AAAA", "33": "SRV", "35": "NAPTR", "43": "DS", "46": "RRSIG", "48": "DNSKEY",
    "64": "SVCB", "65": "HTTPS", "255": "ANY", "257": "CAA",
}  # fmt: skip


def text(value: object) -> str | None:
    """Return a value that is one word or number as text; None for the unset and the nested."""
    if isinstance(value, str):
        plain = value.strip()
        is_word = len(value) <= _LONGEST_UNSET and plain.lower() in _UNSET
        return None if is_word else plain
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value)


def is_set(value: object) -> bool:
    """Whether a value says anything: no null, nor a word for it."""
    if not isinstance(value, str):
        return value is not None
    return len(value) > _LONGEST_UNSET or value.strip().lower() not in _UNSET


def dig(record: object, path: str) -> object:
    """Return what stands at ``dns.question.name``: nested, flat with dots, or partly each.

    Of a list the first item counts; None if nothing is there.
    """
    while True:
        while isinstance(record, list):
            record = record[0] if record else None
        if not path or not isinstance(record, dict):
            return None if path else record
        if path in record:
            record, path = record[path], ""
            continue
        head, _, path = path.partition(".")
        while head not in record and path:
            word, _, path = path.partition(".")
            head = f"{head}.{word}"
        record = record.get(head) if path or head in record else None


def said(record: object, *paths: str) -> str | None:
    """Return the first of these values of a record that is set and is one word or number."""
    for path in paths:
        if (found := text(dig(record, path))) is not None:
            return found
    return None


def record_type(value: object) -> str | None:
    """Return a DNS record type by its name, also where a log gives the number: 28, type=65."""
    written = text(value)
    number = (written or "").removeprefix("type=")
    return _RECORD_TYPES.get(number, written)


def without_port(client: str | None) -> str | None:
    """Return a client's address without a port; anything else as it is."""
    if client is None or ":" not in client:
        return client
    plain = client[len(_MAPPED) :] if client[:7].lower() == _MAPPED and "." in client else client
    found = _WITH_PORT.fullmatch(plain)
    return (found[1] or found[2]) if found else plain


def without_directory(user: str | None) -> str | None:
    """Return the person at the end of ``LDAP://10.0.0.1 OU=Users,DC=corp/Ana Lee``."""
    return user.rpartition("/")[2].strip() or None if user and "://" in user else user


def program(path: str | None) -> str | None:
    """Return a program's name without its folder."""
    return re.split(r"[\\/]", path)[-1] or None if path else None


def count(value: object) -> int | None:
    """Return a value that is a whole number from 0 on, written in ASCII digits."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 <= value < 10**_MOST_DIGITS else None
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()):
        return None
    return int(value) if len(value) <= _MOST_DIGITS else None


def decoded(decode: Callable[[bytes], _Decoded], line: bytes) -> _Decoded:
    """Decode a JSON line; bytes that are not UTF-8 become replacement marks, as anywhere else."""
    try:
        return decode(line)
    except UnicodeDecodeError:
        return decode(line.decode("utf-8", "replace").encode())


_OUTCOMES = {
    Action.BLOCKED: (
        "block deny denied drop reject refused forbid sinkhole reset quarantin quarantine"
    ),
    Action.ALLOWED: (
        "allow isolat isolate permit accept pass ok noerror success succeeded observed default proxied bypass monitor "
        "connectionsuccess alert"
    ),
    Action.NXDOMAIN: "nxdomain",
    Action.ERROR: "servfail error fail timeout connectionfailed connectionattempt",
}
_ACTION_OF = {word: action for action, words in _OUTCOMES.items() for word in words.split()}
# Words that vendors go on from: blockedByCategory, allowedOnNoPolicyMatch, policy_denied.
_STEMS = re.compile(
    r"(?:(?:policy|tcp|dns|web)[_-]?)?(block|deny|denied|drop|reject|refused|forbid|sinkhole|"
    r"quarantin|isolat|allow|permit|accept|pass|fail)"
)


def outcome(word: str | None) -> Action | None:
    """Return what a word for an outcome says: Block, denied, allowedByRule; None if nothing."""
    plain = (word or "").strip().lower()
    if plain in _ACTION_OF:
        return _ACTION_OF[plain]
    stem = _STEMS.match(plain)
    return _ACTION_OF[stem[1]] if stem else None
