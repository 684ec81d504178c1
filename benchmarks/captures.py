"""Reads a packet capture beside other tools, and prints a table: ``python -m benchmarks.captures``.

A capture of 500,000 packets (300 MB) is generated, the same every time: DNS questions with their
answers, ClientHellos of which four in ten are split over two segments, and the data that follows
them. Every run is a process of its own, its start and its end counted, and the tools take turns.
``gnomon`` is what a scan does to the packets, ``scan`` the whole command with its store. ``scapy`` is
its ``PcapReader`` with its TLS layer, on the first packets of the same capture; it misses split
hellos. ``tshark`` takes part where it is installed, and resolves no addresses. It and ``gnomon`` write
lines to a file; what it takes to count the names in these belongs to neither. Python runs modules
that it compiled before, as those of an installed program are. Names are compared by client, kind and
number; a difference to tshark is the exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).parent.parent
_PACKETS, _FEW = 500_000, 20_000
_START = 1_795_226_400
_AIMS = {"scapy": 100.0, "tshark": 8.0}
_WORDS = ("ferry", "harbor", "signal", "market", "orchid", "quartz", "summit", "velvet")
_AI = ("api.openai.com", "chatgpt.com", "claude.ai", "api.mistral.ai", "gemini.google.com")

_READ = """
import sys
from pathlib import Path
from scanner.capture.reading import records
for lines in records(Path(sys.argv[1])):
    sys.stdout.buffer.write(lines + b"\\n")
"""

Names = Counter[tuple[str, str, str]]  # client, kind, name


class Run(NamedTuple):
    """What one run took for each packet, its peak memory, and what it found."""

    microseconds: float
    peak_mb: float
    names: int
    digest: str


class Network:
    """A small organisation's traffic, packet by packet, from a fixed seed."""

    def __init__(self, file: IO[bytes], dice: random.Random) -> None:
        self.count = 0
        self._file = file
        self._dice = dice
        self._time = _START * 1_000_000
        self._hosts = [
            *_AI,
            *(f"{dice.choice(_WORDS)}{number}.example.net" for number in range(4000)),
        ]
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))

    def question(self) -> None:
        """A DNS question and its answer, every third through an alias."""
        dice, host = self._dice, self._host()
        client, port = self._client(), dice.randrange(20_000, 60_000)
        head, kind = dice.randbytes(2), dice.choice((1, 1, 28, 65))
        asked = _dns_name(host) + struct.pack(">2H", kind, 1)
        self._udp(
            client,
            0,
            port,
            53,
            head + bytes.fromhex("010000010000000000 00".replace(" ", "")) + asked,
        )
        answers, alias = [], dice.random() < 1 / 3
        if alias:
            target = b"\4edge\3cdn" + b"\xc0" + bytes([12 + 1 + asked[0]])
            answers.append(b"\xc0\x0c\0\5\0\1\0\0\1\0" + struct.pack(">H", len(target)) + target)
        owner = struct.pack(">H", 0xC000 | 12 + len(asked) + 12) if alias else b"\xc0\x0c"
        answers += [owner + b"\0\1\0\1\0\0\1\0\0\4" + dice.randbytes(4) for _ in range(2)]
        counts = struct.pack(">4H", 1, len(answers), 0, 0)
        self._udp(
            client, 0, port, 53, head + b"\x81\x80" + counts + asked + b"".join(answers), True
        )

    def visit(self, packets: int) -> None:
        """A TLS connection: handshake, hello, and packets of data."""
        dice, client, server = self._dice, self._client(), self._dice.randrange(1 << 16)
        port, up, down = dice.randrange(20_000, 60_000), dice.getrandbits(32), dice.getrandbits(32)
        hello = _hello(self._host(), dice)

        def send(content: bytes, flags: int, is_answer: bool = False) -> None:
            nonlocal up, down
            numbers = (down, up) if is_answer else (up, down)
            self._tcp(client, server, port, flags, numbers, content, is_answer)
            size = len(content) + (flags & 3 > 0)
            if is_answer:
                down = down + size & 0xFFFFFFFF
            else:
                up = up + size & 0xFFFFFFFF

        send(b"", 2)
        send(b"", 0x12, True)
        send(b"", 0x10)
        cut = dice.randrange(40, len(hello)) if dice.random() < 0.4 else len(hello)
        send(hello[:cut], 0x18)
        if cut < len(hello):
            send(hello[cut:], 0x18)
        for number in range(packets):
            send(b"\x17\3\3" + bytes(dice.choice((300, 1400, 1440, 1440))), 0x10, number % 8 > 0)
        send(b"", 0x11)
        send(b"", 0x11, True)

    def _host(self) -> str:
        return self._hosts[int(self._dice.paretovariate(0.8)) % len(self._hosts)]

    def _client(self) -> int:
        return self._dice.randrange(2_000)

    def _udp(
        self, client: int, server: int, port: int, to: int, content: bytes, back: bool = False
    ) -> None:
        ports = (to, port) if back else (port, to)
        head = struct.pack(">4H", *ports, 8 + len(content), 0)
        self._ip(client, server, 17, head + content, back)

    def _tcp(
        self, client: int, server: int, port: int, flags: int, numbers: tuple[int, int],
        content: bytes, back: bool,
    ) -> None:  # fmt: skip
        ports = (443, port) if back else (port, 443)
        head = struct.pack(">2H2I2B3H", *ports, *numbers, 0x50, flags, 64_000, 0, 0)
        self._ip(client, server, 6, head + content, back)

    def _ip(self, client: int, server: int, protocol: int, content: bytes, back: bool) -> None:
        """One client in ten speaks IPv6, one in twenty stands behind a VLAN tag."""
        if client % 10 == 3:
            some = bytes.fromhex("20010db8") + client.to_bytes(12, "big")
            other = bytes.fromhex("20010db9") + server.to_bytes(12, "big")
            pair = other + some if back else some + other
            packet = struct.pack(">IHBB", 0x60000000, len(content), protocol, 64) + pair + content
            kind = b"\x86\xdd"
        else:
            some, other = (
                b"\x0a\0" + client.to_bytes(2, "big"),
                b"\xcb\0" + server.to_bytes(2, "big"),
            )
            pair = other + some if back else some + other
            head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(content), 0, 0x4000, 64, protocol, 0)
            packet, kind = head + pair + content, b"\x08\0"
        tag = b"\x81\0\0\x07" if client % 20 == 5 else b""
        self._frame(bytes(12) + tag + kind + packet)

    def _frame(self, frame: bytes) -> None:
        self._time += self._dice.randrange(400)
        seconds, parts = divmod(self._time, 1_000_000)
        self._file.write(struct.pack("<4I", seconds, parts, len(frame), len(frame)) + frame)
        self.count += 1


def generate(path: Path, packets: int = _PACKETS) -> int:
    """Write a capture of that many packets, or a few more; returns how many."""
    dice = random.Random(20261121)
    with path.open("wb") as file:
        network = Network(file, dice)
        while network.count < packets:
            if dice.random() < 0.66:
                network.question()
            else:
                network.visit(int(dice.expovariate(1 / 8)))
    return network.count


def _dns_name(host: str) -> bytes:
    return b"".join(bytes([len(one)]) + one.encode() for one in host.split(".")) + b"\0"


def _hello(host: str, dice: random.Random) -> bytes:
    """Return a ClientHello whose extensions are shuffled, as browsers do."""
    name = host.encode()
    extensions = [
        struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name,
        bytes.fromhex("0010000e000c02683208687474702f312e31"),
        struct.pack(">2H", 51, 38) + b"\0\x24\0\x1d\0\x20" + dice.randbytes(32),
        bytes.fromhex("002b0003020304"),
        bytes.fromhex("000d0008000604030804 0401".replace(" ", "")),
        struct.pack(">2H", 21, 200) + bytes(200),
    ]
    dice.shuffle(extensions)
    body = b"\3\3" + dice.randbytes(32) + b"\x20" + dice.randbytes(32)
    joined = b"".join(extensions)
    body += bytes.fromhex("0008130113021303c02b0100") + struct.pack(">H", len(joined)) + joined
    message = b"\1" + len(body).to_bytes(3, "big") + body
    return b"\x16\3\1" + struct.pack(">H", len(message)) + message


def of_gnomon(path: Path) -> Names:
    """Return the names that Gnomon reads."""
    import msgspec

    told = msgspec.defstruct("Told", [("kind", str), ("client", str, ""), ("host", str, "")])
    decode = msgspec.json.Decoder(told).decode
    every = (decode(line) for line in _lines_of([sys.executable, "-c", _READ, str(path)]))
    return Counter((one.client, one.kind, one.host) for one in every if one.host)


def _lines_of(command: Sequence[str]) -> Iterator[bytes]:
    """Yield what a command writes, when it is done: who reads takes no time from who writes."""
    with tempfile.TemporaryFile() as file:
        subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, cwd=ROOT, check=True)
        file.seek(0)
        yield from file


def of_scapy(path: Path) -> Names:
    """Return the names that scapy reads, packet by packet."""
    from scapy.layers.all import DNS, IP, IPv6
    from scapy.main import load_layer
    from scapy.utils import PcapReader

    load_layer("tls")
    from scapy.layers.tls.extensions import ServerName

    found: Names = Counter()
    with path.open("rb") as file, PcapReader(file) as packets:
        for packet in packets:
            layer = packet[IP] if IP in packet else packet[IPv6]
            if DNS in packet and not packet[DNS].qr:
                found[layer.src, "dns", packet[DNS].qd[0].qname.decode().rstrip(".")] += 1
            elif ServerName in packet:
                found[layer.src, "tls", packet[ServerName].servername.decode()] += 1
    return found


def of_tshark(path: Path) -> Names:
    """Return the names that tshark reads."""
    wanted = "dns.flags.response == 0 || tls.handshake.extensions_server_name"
    fields = "ip.src", "ipv6.src", "dns.qry.name", "tls.handshake.extensions_server_name"
    command = ["tshark", "-n", "-r", str(path), "-Y", wanted, "-T", "fields"]
    for one in fields:
        command += ["-e", one]
    found: Names = Counter()
    for line in _lines_of(command):
        old, new, asked, served = line.decode().rstrip("\n").split("\t")
        found[old or new, "dns" if asked else "tls", asked or served] += 1
    return found


def of_scan(path: Path) -> Names:
    """Scan a capture with the whole command; it tells no names."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "scanner.cli", "scan", str(path), "--jobs", "1"]
        subprocess.run([*command, "--db", f"{folder}/g.db"], check=True, capture_output=True)
    return Counter()


_TOOLS: dict[str, Callable[[Path], Names]] = {
    "gnomon": of_gnomon,
    "scan": of_scan,
    "scapy": of_scapy,
    "tshark": of_tshark,
}


def measure(tool: str, path: Path, packets: int) -> Run:
    """Let one tool read a capture: scapy in this process, the others in one that it starts."""
    found = _TOOLS[tool](path)
    used = resource.getrusage(resource.RUSAGE_SELF if tool == "scapy" else resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime
    text = "\n".join(f"{key} {count}" for key, count in sorted(found.items()))
    digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    return Run(seconds * 1e6 / packets, used.ru_maxrss / 1024, found.total(), digest)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 if tshark found other names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.captures", description=__doc__)
    parser.add_argument("--packets", type=int, default=_PACKETS, help="packets [500,000]")
    parser.add_argument("--turns", type=int, default=3, help="turns of every tool [3]")
    parser.add_argument(
        "--one", nargs=3, metavar=("TOOL", "FILE", "PACKETS"), help=argparse.SUPPRESS
    )
    options = parser.parse_args(arguments)
    if options.one:
        tool, file, packets = options.one
        print(json.dumps(measure(tool, Path(file), int(packets))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return _compare(Path(folder), options.packets, options.turns)


def _compare(folder: Path, packets: int, turns: int) -> int:
    whole, few, large = folder / "whole.pcap", folder / "few.pcap", folder / "large.pcap"
    count, first = generate(whole, packets), generate(few, min(_FEW, packets))
    size = whole.stat().st_size
    print(f"{count:,} packets, {size / 1e6:,.0f} MB; scapy reads the first {first:,} of them.\n")
    cases = dict.fromkeys(("gnomon", "scan"), (whole, count)) | {"scapy": (few, first)}
    if shutil.which("tshark"):
        cases["tshark"] = (whole, count)
    runs: dict[str, list[Run]] = {name: [] for name in cases}
    for name in cases:
        _apart(name, few, first)  # compiles what is not compiled yet
    for _ in range(turns):
        for name, case in cases.items():
            runs[name].append(_apart(name, *case))
    for name, its in runs.items():
        print(_row(name, its, runs["gnomon"]))
    four = generate(large, 4 * packets)
    print(f"\nMemory of gnomon at {four:,} packets: {_apart('gnomon', large, four).peak_mb:.0f} MB")
    differs = "tshark" in runs and runs["tshark"][0].digest != runs["gnomon"][0].digest
    print("tshark found other names." if differs else "The same names, where tshark took part.")
    return int(differs)


def _apart(tool: str, file: Path, packets: int) -> Run:
    command = [sys.executable, "-m", "benchmarks.captures", "--one", tool, str(file), str(packets)]
    compiled = {"PYTHONPYCACHEPREFIX": str(file.parent), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | compiled, check=True, capture_output=True, text=True
    )
    return Run(*json.loads(done.stdout))


def _row(name: str, runs: list[Run], ours: list[Run]) -> str:
    """Return a line of the table; other work on the machine only adds, so the least of each is compared."""
    cost = min(one.microseconds for one in runs)
    ratio = cost / min(one.microseconds for one in ours)
    aim = f", wanted {_AIMS[name]:.0f}" if name in _AIMS else ""
    return (
        f"{name:8} {cost:8.2f} µs of CPU a packet, {runs[0].names:8,} names, "
        f"{max(one.peak_mb for one in runs):4.0f} MB, {ratio:6.1f} times gnomon{aim}"
    )


if __name__ == "__main__":
    sys.exit(main())
