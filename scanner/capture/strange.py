"""IP packets out of layers that are not known here, taken apart by scapy.

scapy is slow (some thousand packets a second) and its import takes half a second, so it gets the
odd packet alone. It is GPL-2.0-only: nothing outside of ``scanner.capture`` may import it.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any, NamedTuple

from scanner.capture.layers import RAW

_MOST_LAYERS = 32


class _Layers(NamedTuple):
    """scapy's classes: by link type, and those of IP."""

    of_link: Any
    version_4: Any
    version_6: Any


def is_known(link: int) -> bool:
    """Whether scapy takes packets of a link type apart."""
    return link in _layers().of_link


def ip_within(link: int, data: bytes) -> bytes | None:
    """Return the innermost IP packet of a packet; None if there is none that scapy can find."""
    layers = _layers()
    if link == RAW:
        kind = layers.version_6 if data[:1] and data[0] >> 4 == 6 else layers.version_4
    elif link in layers.of_link:
        kind = layers.of_link[link]
    else:
        return None
    try:
        found = _innermost(kind(data), layers)
    except Exception:  # noqa: BLE001 - what scapy raises on damaged packets is not documented
        return None
    return None if link == RAW and found is not None and len(found) >= len(data) else found


def _innermost(packet: Any, layers: _Layers) -> bytes | None:
    found = None
    for _ in range(_MOST_LAYERS):
        if not packet:
            break
        # What an ICMP error quotes is of a class derived from these, and nobody sent it.
        if type(packet) in (layers.version_4, layers.version_6):
            found = bytes(packet.original)
        packet = packet.payload
    return found


@cache
def _layers() -> _Layers:
    logging.getLogger("scapy").setLevel(logging.CRITICAL)  # it warns of every odd packet
    # Each brings in the layers that it names; none of them reads what is in TCP or UDP.
    from scapy.config import conf
    from scapy.contrib import erspan, etherip, geneve, mpls  # noqa: F401
    from scapy.layers import dot11, inet, inet6, l2, l2tp, ppp, vxlan  # noqa: F401

    return _Layers(conf.l2types.num2layer, inet.IP, inet6.IPv6)
