"""Captures as a scan meets them: plain, packed, in folders and archives."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path

import pytest
from backports import zstd

from tests.capture.making import (
    ACK,
    FIN,
    START,
    dns,
    dns_answer,
    ethernet,
    hello,
    interface,
    opening,
    packet_block,
    pcap,
    row,
    section,
    tcp,
    tcp_back,
    tls,
    udp,
    udp_back,
)
from tests.running import gnomon

_HELLO = tls(hello("claude.ai"))
_FRAMES = [
    ethernet(one)
    for one in [
        udp(dns("api.openai.com")),
        udp_back(dns_answer("api.openai.com", [row(1, b"\xcb\0\x71\7")])),
        opening(),
        tcp(_HELLO[:60]),
        tcp(_HELLO[60:], 61),
        tcp(bytes(20_000), 1 + len(_HELLO)),
        tcp(b"", 20_001 + len(_HELLO), FIN | ACK),
        tcp_back(b"", 1, FIN | ACK),
        udp(dns("weather.example", number=4)),
    ]
]
_PCAP = pcap(_FRAMES)
_PCAPNG = (
    section()
    + interface()
    + b"".join(packet_block(frame, START // 1000 + number) for number, frame in enumerate(_FRAMES))
)


def _scan(tmp_path: Path, *paths: Path) -> list[dict[str, object]]:
    done = gnomon("scan", *map(str, paths), "--db", str(tmp_path / "g.db"), "--format", "json")
    assert done.code == 0, done.err
    sources: list[dict[str, object]] = json.loads(done.out)["sources"]
    return sources


@pytest.mark.parametrize("content", [_PCAP, _PCAPNG], ids=["pcap", "pcapng"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd.compress], ids=["plain", "gz", "zst"])
def test_a_capture_just_works(content: bytes, pack: object, tmp_path: Path) -> None:
    path = tmp_path / "monday.cap"
    path.write_bytes(pack(content))  # type: ignore[operator]
    (source,) = _scan(tmp_path, path)
    assert source["format"] == "capture"
    assert source["status"] == "complete"
    assert (source["read"], source["parsed"], source["rejected"]) == (9, 3, 0)
    shown = gnomon("inventory", "list", "--db", str(tmp_path / "g.db"), "--format", "json")
    systems = {one["name"]: one["evidence_level"] for one in json.loads(shown.out)}
    assert systems == {"Claude": "used", "OpenAI API": "resolved"}


def test_captures_in_folders_and_archives_count_once(tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    (folder / "a.pcap").write_bytes(_PCAP)
    archive = tmp_path / "all.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(folder / "a.pcap", "in/a.pcap")
    states = [one["status"] for one in _scan(tmp_path, folder, archive)]
    assert states == ["complete", "already_read"]


def test_a_truncated_capture_is_partial_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(_PCAP[:-5])
    done = gnomon("scan", str(path), "--db", str(tmp_path / "g.db"), "--format", "json")
    assert done.code == 4
    (source,) = json.loads(done.out)["sources"]
    assert source["status"] == "partial"
    assert "cut short in packet 9" in source["reason"]


def test_the_place_of_evidence_is_the_number_of_the_packet(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(_PCAP)
    done = gnomon("observe", str(path))
    seen = [json.loads(line) for line in done.out.splitlines()]
    assert sorted((one["host"], one["line"]) for one in seen) == [
        ("api.openai.com", 1),
        ("claude.ai", 4),
        ("weather.example", 9),
    ]
