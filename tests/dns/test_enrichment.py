"""``gnomon scan --resolve``: unknown hosts of logs, followed to AI hosting; off by default."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from scanner.compiled import open_base
from tests.dns.server import Zone, served
from tests.running import Ran, gnomon

NAMES = ("chat.tidewords.com", "www.tidewords.com", "gpt.keelson.com", "printer.lan", "10.0.0.9")
LOG = "".join(
    f"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT {name}:443 ana HIER_DIRECT/203.0.113.7 -\n"
    for name in (*NAMES, "api.openai.com")
)
RECORDS = """
chat.tidewords.com CNAME edge.tidewords.com.
edge.tidewords.com CNAME tidewords.hf.space.
gpt.keelson.com CNAME cname.botpress.cloud.
www.tidewords.com A 192.0.2.7
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    signatures = Path(
        os.environ["GNOMON_CACHE"]
    )  # compiled already, by the first test that needs them
    open_base(cache_folder=signatures)
    shutil.copytree(signatures, tmp_path / "cache", ignore=lambda *_: ["resolved-names.json"])
    monkeypatch.setenv("GNOMON_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "squid.log"
    path.write_text(LOG)
    return path


def _zone() -> Zone:
    return Zone(RECORDS, domain=".com", follows=True)


def _scan(log: Path, *arguments: object) -> Ran:
    return gnomon("scan", log, "--db", log.with_suffix(".db"), "--format", "json", *arguments)


def _candidates(log: Path) -> dict[str, list[str]]:
    listed = gnomon("candidates", "list", "--db", log.with_suffix(".db"), "--format", "json").json()
    return {one["subject"]: sorted(one["reasons"]) for one in listed}


def test_a_name_that_leads_to_ai_hosting_is_a_candidate_with_that_reason(log: Path) -> None:
    with served(_zone()) as zone:
        ran = _scan(log, "--resolve", "--resolver", zone.resolver)
    assert ran.code == 0
    assert _candidates(log) == {
        "keelson.com": [
            'its name holds "gpt" (60)',
            "its name leads (CNAME) to Botpress of Botpress (70)",
        ],
        "tidewords.com": ["its name leads (CNAME) to Hugging Face Spaces of Hugging Face (70)"],
    }
    assert f"{log}: asking {zone.resolver} about 3 names that nobody knows" in ran.err


def test_each_unknown_public_name_is_asked_about_once_and_no_other(log: Path) -> None:
    with served(_zone()) as zone:
        _scan(log, "--resolve", "--resolver", zone.resolver)
        assert sorted(zone.asked) == [
            ("chat.tidewords.com", "A"),
            ("gpt.keelson.com", "A"),
            ("www.tidewords.com", "A"),
        ]
        log.write_text(LOG * 2)  # more of the same: the answers are remembered
        _scan(log, "--resolve", "--resolver", zone.resolver)
        assert len(zone.asked) == 3
    assert len(_candidates(log)) == 2


def test_without_it_nobody_is_asked_and_what_was_found_stays(log: Path) -> None:
    assert _scan(log).code == 0
    assert "tidewords.com" not in _candidates(log)
    with served(_zone()) as zone:
        again = _scan(log, "--resolve", "--resolver", zone.resolver)
        asked = len(zone.asked)
        plain = _scan(log)
        assert len(zone.asked) == asked
    assert [one["status"] for one in again.json()["sources"]] == ["complete"]
    assert [one["status"] for one in plain.json()["sources"]] == ["already_read"]
    assert "tidewords.com" in _candidates(log)


def test_names_without_an_answer_are_counted_and_asked_again(log: Path) -> None:
    zone = _zone()
    zone.codes["gpt.keelson.com"] = "SERVFAIL"
    with served(zone):
        ran = _scan(log, "--resolve", "--resolver", zone.resolver)
        notes = ran.json()["sources"][0]["notes"]
        assert notes[-1] == "names that were asked about in vain: SERVFAIL (1)"
        zone.codes.clear()
        zone.asked.clear()
        log.write_text(LOG * 2)
        _scan(log, "--resolve", "--resolver", zone.resolver)
    assert zone.asked == [("gpt.keelson.com", "A")]
    assert "keelson.com" in _candidates(log)


def test_what_is_remembered_is_for_its_owner_alone_and_may_be_damaged(log: Path) -> None:
    cache = log.parent / "cache" / "resolved-names.json"
    with served(_zone()) as zone:
        _scan(log, "--resolve", "--resolver", zone.resolver)
        assert cache.stat().st_mode & 0o777 == 0o600
        cache.write_bytes(b'{"chat.tidewords.com": 7')
        log.write_text(LOG * 2)
        assert _scan(log, "--resolve", "--resolver", zone.resolver).code == 0
    assert len(zone.asked) == 6


def test_a_resolver_alone_asks_nothing(log: Path) -> None:
    ran = _scan(log, "--resolver", "192.0.2.53")
    assert ran.code == 2
    assert "--resolver is for --resolve" in ran.err
