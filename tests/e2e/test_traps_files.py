"""Traps of whole logs: two formats in one, one client for all, noise, bytes of another code page."""

from pathlib import Path
from typing import Any

from scanner.logs.formats import unbound, zeek_tsv
from tests.running import SQUID, gnomon


def _source(path: Path, *options: object) -> dict[str, Any]:
    ran = gnomon("scan", path, "--db", path.with_suffix(".db"), *options, "--format", "json")
    (source,) = ran.json()["sources"]
    return {**source, "names": ran.json()["systems"]["names_new"]}


def test_f13_two_formats_in_one_file_are_read_as_both(tmp_path: Path) -> None:
    path = tmp_path / "both.log"
    path.write_bytes(SQUID * 40 + zeek_tsv.FORMAT.sample.replace(b"api.openai.com", b"claude.ai"))
    source = _source(path)
    assert source["format"] == "squid + zeek-tsv"
    assert (source["parsed"], source["rejected"]) == (3 * 40 + 2, 0)
    assert source["names"] == ["Claude", "DeepSeek Chat", "OpenAI API"]


def test_f13_a_syslog_of_many_programs_is_read_for_those_that_are_known(tmp_path: Path) -> None:
    path = tmp_path / "messages"
    head = b"Nov 21 01:58:21 gw "
    others = (head + b"sshd[2]: Accepted publickey for ana\n" + head + b"dhcpd: DHCPACK\n") * 10
    query = head + b"dnsmasq[7]: query[A] api.openai.com from 10.0.0.7\n"
    path.write_bytes(others + query * 4 + others)
    source = _source(path)
    assert (source["format"], source["status"], source["parsed"]) == ("dnsmasq", "complete", 4)
    assert source["ignored_kinds"] == {"line of another program": 40}


def test_f3_a_latin_1_byte_is_no_reason_to_stop(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(SQUID.replace(b"www.example.org/", b"www.example.org/m\xfcnchen") + SQUID)
    source = _source(path)
    assert (source["parsed"], source["rejected"]) == (6, 0)


_QUERY = b"[1795226202] unbound[7837:0] info: %b %b. A IN\n"


def test_d24_one_client_that_asks_for_nearly_all_is_flagged(tmp_path: Path) -> None:
    path = tmp_path / "unbound.log"
    path.write_bytes(_QUERY % (b"10.0.0.1", b"api.openai.com") * 200)
    (note,) = _source(path)["notes"]
    assert note.startswith("100 % of the queries in a sample come from one address")


def test_d24_many_clients_are_not_flagged(tmp_path: Path) -> None:
    path = tmp_path / "unbound.log"
    clients = (b"10.0.0.%d" % (at % 20) for at in range(200))
    path.write_bytes(b"".join(_QUERY % (client, b"api.openai.com") for client in clients))
    assert _source(path)["notes"] == []


def test_d23_a_health_check_every_second_is_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "unbound.log"
    noise = _QUERY % (b"127.0.0.1", b"a.root-servers.net") * 500
    path.write_bytes(noise + unbound.FORMAT.sample)
    source = _source(path)
    assert source["parsed"] == 501
    assert source["names"] == ["OpenAI API"]
