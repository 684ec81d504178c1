"""What a load balancer says of a client before it passes on what the client sent: PROXY, 1 and 2.

Reference: https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
"""

from __future__ import annotations

_WORD, _SIGNATURE = b"PROXY ", b"\r\n\r\n\0\r\nQUIT\n"
PROXY_MARKS = (_WORD, _SIGNATURE)
_LONGEST_LINE = 107


def behind_proxy_header(stream: bytes) -> bytes:
    """Return what a stream holds behind such a header; all of it if it has none."""
    if not stream.startswith(PROXY_MARKS):
        return stream
    if stream.startswith(_WORD):
        end = stream.find(b"\r\n", 0, _LONGEST_LINE)
        return stream[end + 2 :] if end > 0 else stream
    return stream[16 + int.from_bytes(stream[14:16], "big") :]
