"""Packet captures: from the packets of a file, or of an interface, to the names that clients used.

What it costs is decided by the packets that nobody wants, which are nearly all. So packets go
through in blocks: ``packets`` holds a block, ``pcap`` and ``pcapng`` cut files into them,
``layers`` and ``transports`` look at the headers of all packets of a block at once, and only those
that may name a host are looked at one by one: ``dns``, ``tls``, ``quic`` and ``http`` read what
they say, ``questions``, ``connections`` and ``datagrams`` remember what belongs together. The plain
cases, which are most, are found for a block at once and taken in one step: ``greetings`` and
``messages``. What comes out are ``records``. scapy is imported here alone, and only for packets in layers that are
not known here (``strange``).
"""

from __future__ import annotations

import os

# numpy would start threads for its linear algebra, which is not used here: a fifth of its start.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
