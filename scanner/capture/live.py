"""Packets as they pass an interface: seen through a filter in the kernel, without any privilege left.

The socket is opened first, with the filter on it before the first packet can come; then everything
that made it possible is given up. What packets mean is found out afterwards, by somebody who may
do nothing.
Reference: https://www.kernel.org/doc/html/latest/networking/filter.html
"""

from __future__ import annotations

import codecs
import ctypes
import os
import select
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from scanner.errors import SourceError

RAW_IP = 101  # LINKTYPE_RAW: what the link put before it, the kernel has taken off
MOST_BYTES = 4_096  # of a packet; what says a name lies at its beginning
_ALL = 0x0003  # ETH_P_ALL
_OUTGOING, _LOOPBACK = 4, 772  # PACKET_OUTGOING, ARPHRD_LOOPBACK
_ATTACH_FILTER, _LOCK_FILTER, _BUFFER_FORCE, _STAMP_NS = 26, 44, 33, 35  # SO_...
_SOL_PACKET, _STATISTICS, _AUXDATA = 263, 6, 8
_BUFFER = 32 * 1024 * 1024
_AT_ONCE = 4_096  # packets
_BEAT = 0.1  # seconds
_SECOND = 1_000_000_000
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS
_CAPABILITIES_3 = 0x20080522

_LOAD, _SHIFT, _EQUAL, _RETURN = 0x30, 0x74, 0x15, 0x06  # ldb [k], rsh #k, jeq #k, ret #k
_TCP, _UDP = 6, 17
# IPv6: hop-by-hop options, routing and destination options, and fragments stand before the rest.
_BEFORE_THE_REST = (0, 43, 44, 60)


class Instruction(NamedTuple):
    """One step of classic BPF: what to do, how far to jump if so and if not, and a number."""

    code: int
    if_so: int
    if_not: int
    number: int


def program(most: int = MOST_BYTES) -> list[Instruction]:
    """Return the filter: the beginnings of TCP and UDP over IPv4 and IPv6, and nothing else."""
    v4 = _any_of((_TCP, _UDP), 9, most)
    v6 = _any_of((_TCP, _UDP, *_BEFORE_THE_REST), 6, most)
    return [
        Instruction(_LOAD, 0, 0, 0),
        Instruction(_SHIFT, 0, 0, 4),
        Instruction(_EQUAL, 0, len(v4), 4),
        *v4,
        Instruction(_EQUAL, 0, len(v6), 6),
        *v6,
        Instruction(_RETURN, 0, 0, 0),
    ]


def _any_of(protocols: tuple[int, ...], place: int, most: int) -> list[Instruction]:
    """Return the steps that keep a packet whose byte at a place is one of these, else none of it."""
    last = len(protocols)
    return [
        Instruction(_LOAD, 0, 0, place),
        *(Instruction(_EQUAL, last - at, 0, one) for at, one in enumerate(protocols)),
        Instruction(_RETURN, 0, 0, 0),
        Instruction(_RETURN, 0, 0, most),
    ]


class Interface:
    """An interface that is listened to. ``packets`` ends when nothing more is to come."""

    def __init__(self, name: str) -> None:
        """Open it. Raises SourceError: no such interface, no privilege, or not on Linux."""
        if not hasattr(socket, "AF_PACKET"):
            raise SourceError(
                "live capture works on Linux alone; elsewhere write a file with tcpdump or dumpcap "
                "and scan that"
            )
        self.name = name
        try:
            self._socket = _opened(name)
        except PermissionError as error:
            raise SourceError(
                f"{name}: listening needs the privilege CAP_NET_RAW, which this process does not "
                f"have; run it with sudo: it is given up as soon as the interface is open"
            ) from error
        except OSError as error:
            names = ", ".join(sorted(one for _, one in socket.if_nameindex()))
            raise SourceError(
                f"{name}: cannot be listened to: {error.strerror or error}; there are {names}"
            ) from error

    def packets(self, is_over: Callable[[], bool]) -> Iterator[list[tuple[int, int, bytes, int]]]:
        """Yield packets, some at once: when, the link type, the bytes, the length on the wire.

        An empty list says that none came for a moment.
        """
        while not is_over():
            yield self._waiting()

    def _waiting(self) -> list[tuple[int, int, bytes, int]]:
        found: list[tuple[int, int, bytes, int]] = []
        if not select.select([self._socket], (), (), _BEAT)[0]:
            return found
        while len(found) < _AT_ONCE:
            try:
                data, told, _, address = self._socket.recvmsg(MOST_BYTES, 256)
            except BlockingIOError:
                break
            except OSError:  # the interface went down; it may come up again
                break
            if address[3] == _LOOPBACK and address[2] == _OUTGOING:
                continue  # on loopback each packet comes by twice
            when, wire = _told(told)
            found.append((when, RAW_IP, data, max(wire, len(data))))
        return found

    def dropped(self) -> int:
        """Return how many packets the kernel had to drop since this was asked before."""
        told = self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 8)
        return int(struct.unpack("II", told)[1])

    def close(self) -> None:
        self._socket.close()


def _opened(name: str) -> socket.socket:
    """Return a socket that listens; with protocol 0 it hears nothing before it is bound."""
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
    try:
        steps = program()
        code = b"".join(struct.pack("HBBI", *one) for one in steps)
        kept = ctypes.create_string_buffer(code, len(code))
        filter_ = struct.pack("HP", len(steps), ctypes.addressof(kept))
        opened.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, filter_)
        opened.setsockopt(socket.SOL_SOCKET, _LOCK_FILTER, 1)
        opened.setsockopt(socket.SOL_SOCKET, _STAMP_NS, 1)
        opened.setsockopt(_SOL_PACKET, _AUXDATA, 1)
        try:
            opened.setsockopt(socket.SOL_SOCKET, _BUFFER_FORCE, _BUFFER)
        except PermissionError:  # CAP_NET_RAW alone does not allow it
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        opened.setblocking(False)
        opened.bind((name, _ALL))
    except BaseException:
        opened.close()
        raise
    return opened


def _told(messages: list[tuple[int, int, bytes]]) -> tuple[int, int]:
    """Return when the kernel saw a packet, in nanoseconds, and how long it was."""
    when = wire = 0
    for level, kind, data in messages:
        if level == socket.SOL_SOCKET and kind == _STAMP_NS:
            seconds, nanoseconds = struct.unpack("ll", data[: struct.calcsize("ll")])
            when = seconds * _SECOND + nanoseconds
        elif level == _SOL_PACKET and kind == _AUXDATA:
            wire = int(struct.unpack("II", data[:8])[1])
    return when, wire


def load_everything() -> None:
    """Import what reading packets may need: afterwards the files of it may be closed to us."""
    import dns.message
    import dns.rcode
    import dns.rdata
    from cryptography.exceptions import InvalidTag  # noqa: F401
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: F401
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: F401

    from scanner.capture import reading, strange  # noqa: F401

    for encoding in ("ascii", "latin-1", "idna", "punycode"):
        codecs.lookup(encoding)
    dns.rdata.load_all_types()  # type: ignore[no-untyped-call]
    strange.ip_within(RAW_IP, b"\x45" + bytes(19))


class Person(NamedTuple):
    """A user of the machine, by numbers."""

    user: int
    group: int
    is_nobody: bool = False  # owns no file, so that nothing can be written in this name


def whose() -> Person | None:
    """Return whom this process should be from now on: whoever called sudo, else nobody; None for a
    process that is not root's."""
    if os.geteuid() != 0:
        return None
    user, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if user.isdecimal() and group.isdecimal() and int(user) != 0:
        return Person(int(user), int(group))
    import pwd

    nobody = pwd.getpwnam("nobody")
    return Person(nobody.pw_uid, nobody.pw_gid, is_nobody=True)


def give_up_privileges(person: Person | None) -> None:
    """Become that person, for good, without any capability. Raises SourceError if some would stay."""
    if person is not None:
        os.setgroups([])
        os.setresgid(person.group, person.group, person.group)
        os.setresuid(person.user, person.user, person.user)
    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("Ii", _CAPABILITIES_3, 0)
    none = bytes(24)  # effective, permitted and inheritable, each of twice 32 bits
    if libc.capset(header, none) != 0 or libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise SourceError("the privileges could not be given up: nothing is captured")
    if held := capabilities():
        raise SourceError(f"some privileges stayed ({held:x}): nothing is captured")


def capabilities() -> int:
    """Return the capabilities that this process has or could take, as bits."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return int(fields["CapEff"], 16) | int(fields["CapPrm"], 16)
