r"""Lines of ``key=value`` pairs, as firewalls write them: what each key says.

    date=2026-11-20 user="ana \"B\" lee" category=Business, Software/Hardware action=pass

A value that is not quoted runs to the next ``key=``, so it may hold blanks and commas. A value in
quotes may hold its own quotes as ``\"`` or ``""``; one whose quote is never closed runs to the
end of the line. Of a key that comes twice the first value counts.
"""

from __future__ import annotations

import re

_SEPARATORS = b" \t,;|"
_KEY = r"(?<![^ \t,;|])([A-Za-z0-9_.\-]++)="
# Every word of a bare value is looked at twice at most, so that the time is linear.
_BARE = r'(?:[^ \t,;|"][^ \t,;|]*+(?:[ \t,;|]++(?![A-Za-z0-9_.\-]++=)[^ \t,;|]++)*)?'
_PAIR = re.compile(_KEY + r'"?((?<=")[^"]*+|' + _BARE + ")")
_PAIR_WITH_QUOTES = re.compile(_KEY + r'"?((?<=")(?:[^"\\]++|\\.|\\|"")*|' + _BARE + ")")
_COLON_PAIR = re.compile(r'(?<![A-Za-z0-9_.\-])([A-Za-z0-9_.\-]++)::?"((?:[^"\\]++|\\.|\\)*)')
_ESCAPED = re.compile(r'\\(["\\\]])|"(")')
_LONGEST_HOST = 400


def pairs(line: bytes) -> dict[str, str]:
    """Return what every key of a line says, without the quotes; no order is promised."""
    text = line.decode("utf-8", "backslashreplace")
    if "\\" not in text and '""' not in text:
        return dict(reversed(_PAIR.findall(text)))
    found = dict(reversed(_PAIR_WITH_QUOTES.findall(text)))
    return {key: _unescaped(value) for key, value in found.items()}


def colon_pairs(line: bytes) -> dict[str, str]:
    """Return what every key of ``key:"value"; key:"value"`` says; no order is promised."""
    text = line.decode("utf-8", "backslashreplace")
    found = dict(reversed(_COLON_PAIR.findall(text)))
    return {key: _unescaped(value) for key, value in found.items()} if "\\" in text else found


def sole_value(line: bytes, key: bytes) -> bytes | None:
    """Return the one-word value of a key, far faster than all pairs; "" if the line has no such key.

    None where a glance cannot tell: the key comes twice, perhaps within the value of another, or
    its value is escaped or has no end.
    """
    sign = key + b"="
    begin = line.find(sign)
    if begin < 0:
        return b""
    if line.find(sign, begin + 1) >= 0 or (begin and line[begin - 1] not in _SEPARATORS):
        return None
    begin += len(sign)
    value = line[begin : begin + _LONGEST_HOST]
    if value[:1] != b'"':
        return None if b"\\" in value else re.split(rb"[ \t,;|]", value, maxsplit=1)[0]
    end = value.find(b'"', 1)
    return None if end < 0 or b"\\" in value[:end] else value[1:end]


def _unescaped(value: str) -> str:
    if "\\" not in value and '""' not in value:
        return value
    return _ESCAPED.sub(lambda found: found[1] or found[2], value)
