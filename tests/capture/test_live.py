"""``gnomon capture`` on loopback in a network namespace of its own: names come out, nothing else does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scanner.capture.live import Person, program, whose
from tests.running import ROOT, gnomon

UNSHARE, SETPRIV, IP = (shutil.which(one) for one in ("unshare", "setpriv", "ip"))


def _may_unshare() -> bool:
    if not (UNSHARE and IP) or not sys.platform.startswith("linux"):
        return False
    return subprocess.run([UNSHARE, "-n", "true"], capture_output=True).returncode == 0


own_network = pytest.mark.skipif(
    not _may_unshare(), reason="no network namespace can be made here (Linux, root, unshare, ip)"
)

# Runs in the namespace: a DNS question with its answer, a TLS hello and what would follow it, and
# a packet of another protocol.
_TRAFFIC = r"""
import socket, ssl, sys, threading
import dns.message
asked, answers = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
answers.bind(("127.0.0.1", 5300))
asked.sendto(dns.message.make_query("api.openai.com", "A").to_wire(), ("127.0.0.1", 5300))
wire, address = answers.recvfrom(4096)
answers.sendto(dns.message.make_response(dns.message.from_wire(wire)).to_wire(), address)
asked.recv(4096)

raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 132)
raw.sendto(b"neither TCP nor UDP", ("127.0.0.1", 0))

server = socket.create_server(("127.0.0.1", 4433))
hello = ssl.MemoryBIO()
tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="claude.ai")
try:
    tls.do_handshake()
except ssl.SSLWantReadError:
    pass
client = socket.create_connection(("127.0.0.1", 4433))
there, _ = server.accept()
client.sendall(hello.read())
client.sendall(b"the secret prompt " * 20000)
client.shutdown(socket.SHUT_WR)
while there.recv(1 << 16):
    pass
there.close()
client.close()
"""


class Heard(NamedTuple):
    code: int
    lines: list[dict[str, Any]]
    err: str
    status: dict[str, str]


def _in_namespace(folder: Path, *arguments: str, ends: int | None = None) -> Heard:
    """Run ``gnomon capture`` in a new namespace, send the traffic, and end it by a signal if asked."""
    script = (
        f'{IP} link set lo up; "$@" & listening=$!\n'
        'for try in $(seq 400); do grep -q "listening to" err && break; sleep 0.05; done\n'
        "cat /proc/$(pgrep -P $listening || echo $listening)/status > status\n"
        f'{sys.executable} -c "$TRAFFIC"; sleep 0.5\n'
        + (f"kill -{ends} $listening\n" if ends else "")
        + "wait $listening; exit $?"
    )
    command = [sys.executable, "-m", "scanner.cli", "capture", "lo", *arguments]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        ran = subprocess.run(
            [str(UNSHARE), "-n", "bash", "-c", script, "bash", *command],
            stdout=out,
            stderr=err,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TRAFFIC": _TRAFFIC, "TMPDIR": str(folder)},
            timeout=120,
        )
    told = (folder / "out").read_text()
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    status = (folder / "status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    return Heard(ran.returncode, lines, (folder / "err").read_text(), fields)


@own_network
def test_names_are_told_with_their_bytes_and_what_was_said_is_not(tmp_path: Path) -> None:
    heard = _in_namespace(tmp_path, ends=signal.SIGTERM)
    assert heard.code == 0, heard.err
    named = {one["host"]: one for one in heard.lines if "host" in one}
    assert set(named) == {"api.openai.com", "claude.ai"}
    assert named["api.openai.com"]["client"] == "127.0.0.1"
    assert 360_000 < named["claude.ai"]["up"] < 500_000
    assert "secret prompt" not in (tmp_path / "out").read_text()


@own_network
def test_the_kernel_lets_tcp_and_udp_through_and_nothing_else(tmp_path: Path) -> None:
    heard = _in_namespace(tmp_path, ends=signal.SIGINT)
    assert heard.code == 0, heard.err
    assert {one["why"] for one in heard.lines if one["kind"] == "ignored"} == {
        "TCP packet that names nothing",
        "answer to a DNS question",
    }


@own_network
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_whoever_reads_the_packets_is_nobody_and_may_do_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUDO_UID", raising=False)
    import pwd

    nobody = str(pwd.getpwnam("nobody").pw_uid)
    heard = _in_namespace(tmp_path, ends=signal.SIGTERM)
    assert set(heard.status["Uid"].split()) == {nobody}
    assert heard.status["Groups"].split() == []
    assert {int(heard.status[name], 16) for name in ("CapEff", "CapPrm", "CapInh")} == {0}
    assert heard.status["NoNewPrivs"] == "1"


@own_network
def test_what_is_written_is_evidence_as_of_any_log(tmp_path: Path) -> None:
    db = tmp_path / "gnomon.db"
    heard = _in_namespace(tmp_path, "--write", "--db", str(db), ends=signal.SIGTERM)
    assert heard.code == 0, heard.err
    rows = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    assert {(one["name"], one["evidence_level"]) for one in rows} == {
        ("Claude", "used"),
        ("OpenAI API", "resolved"),
    }
    assert not list(tmp_path.rglob("capture.ndjson"))
    assert b"127.0.0.1" not in db.read_bytes()


@own_network
def test_it_ends_by_itself_after_the_time_that_was_given(tmp_path: Path) -> None:
    began = time.monotonic()
    heard = _in_namespace(tmp_path, "--for", "4s")
    assert heard.code == 0, heard.err
    assert time.monotonic() - began > 4
    assert "claude.ai" in {one.get("host") for one in heard.lines}


@own_network
@pytest.mark.skipif(SETPRIV is None, reason="setpriv is not installed")
def test_without_the_privilege_it_says_so_plainly(tmp_path: Path) -> None:
    ran = subprocess.run(
        [str(SETPRIV), "--bounding-set=-net_raw", "--inh-caps=-net_raw", sys.executable, "-m",
         "scanner.cli", "capture", "lo", "--for", "1s"],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.returncode == 1
    assert "lo: listening needs the privilege CAP_NET_RAW" in ran.stderr
    assert "run it with sudo" in ran.stderr


@pytest.mark.skipif(not hasattr(socket, "AF_PACKET"), reason="live capture works on Linux alone")
@pytest.mark.skipif(os.geteuid() != 0, reason="listening needs a privilege")
def test_an_interface_that_is_not_there_is_told_with_those_that_are() -> None:
    ran = gnomon("capture", "nosuch0", "--for", "1s")
    assert ran.code == 1
    assert "nosuch0: cannot be listened to: No such device; there are" in ran.err
    assert "lo" in ran.err.split("there are")[1]


@pytest.mark.parametrize("given", ["", "0s", "1", "-1s", "1y", "1.5h", "9999999s", "1h1m"])
def test_a_time_that_is_none_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = gnomon("capture", "nosuch0", "--for", given)
    assert ran.code == 2
    assert "give a time such as 90s" in ran.err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
@pytest.mark.parametrize(
    ("user", "group", "person"),
    [
        ("1000", "1001", Person(1000, 1001)),
        ("0", "0", None),
        ("", "", None),
        ("-1", "5", None),
        ("1000", "", None),
    ],
)
def test_it_becomes_whoever_called_sudo_or_else_nobody(
    user: str, group: str, person: Person | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pwd

    nobody = pwd.getpwnam("nobody")
    monkeypatch.setenv("SUDO_UID", user)
    monkeypatch.setenv("SUDO_GID", group)
    assert whose() == (person or Person(nobody.pw_uid, nobody.pw_gid, is_nobody=True))


def _kept(packet: bytes) -> int:
    """Run the filter as the kernel does; returns how many bytes of a packet it keeps."""
    steps, at, value = program(), 0, 0
    while True:
        code, if_so, if_not, number = steps[at]
        at += 1
        if code == 0x30:
            if number >= len(packet):
                return 0
            value = packet[number]
        elif code == 0x74:
            value >>= number
        elif code == 0x15:
            at += if_so if value == number else if_not
        else:
            assert code == 0x06
            return number


@pytest.mark.parametrize(
    ("packet", "kept"),
    [
        (bytes([0x45, *[0] * 8, 6, *[0] * 10]), 4096),
        (bytes([0x46, *[0] * 8, 17, *[0] * 10]), 4096),
        (bytes([0x45, *[0] * 8, 1, *[0] * 10]), 0),
        (bytes([0x60, *[0] * 5, 6, *[0] * 33]), 4096),
        (bytes([0x60, *[0] * 5, 17, *[0] * 33]), 4096),
        (bytes([0x60, *[0] * 5, 44, *[0] * 33]), 4096),
        (bytes([0x60, *[0] * 5, 58, *[0] * 33]), 0),
        (bytes([0x00, *[0] * 39]), 0),
        (bytes([0x45]), 0),
        (b"", 0),
    ],
)
def test_the_filter_keeps_the_beginnings_of_tcp_and_udp(packet: bytes, kept: int) -> None:
    assert _kept(packet) == kept
