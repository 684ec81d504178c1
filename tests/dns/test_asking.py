"""``gnomon dns`` against a name server on loopback: what it asks, and what each answer means."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.public_dns.names import COMMON, nobodys_label
from tests.dns.server import Zone, served
from tests.running import Ran, gnomon

DOMAIN = "harbour-pine.example"
RECORDS = f"""
{DOMAIN} TXT "openai-domain-verification=dv-" "Example0Example0Example0"
{DOMAIN} TXT "anthropic-domain-verification-ab12cd=Example0Example0Example01"
{DOMAIN} TXT "google-site-verification=Example0Example0"
{DOMAIN} TXT "tidewords-domain-verification=0123456789abcdef"
{DOMAIN} TXT "v=spf1 include:spf.{DOMAIN} include:_spf.example.net -all"
{DOMAIN} MX 10 mx.example.net.
spf.{DOMAIN} TXT "v=spf1 include:superhuman.com ~all"
help.{DOMAIN} CNAME acme.zendesk.com.
bot.{DOMAIN} CNAME bot-eu.{DOMAIN}.
bot-eu.{DOMAIN} CNAME cname.botpress.cloud.
ask.{DOMAIN} CNAME ask-harbour.gptbotmaker.ai.
"""


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "gnomon.db"


def _dns(zone: Zone, db: Path, *arguments: object, domain: str = DOMAIN) -> Ran:
    return gnomon(
        "dns", domain, "--resolver", zone.resolver, "--pace", 100, "--timeout", 0.2, "--db", db,
        "--format", "json", *arguments,
    )  # fmt: skip


def _states(ran: Ran) -> dict[str, tuple[str, str | None]]:
    return {
        one["source"].removeprefix("dns "): (one["status"], one["reason"])
        for one in ran.json()["sources"]
    }


def _systems(db: Path) -> dict[str, str]:
    listed = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    return {one["name"]: one["evidence_level"] for one in listed}


def test_what_a_domain_publishes_is_in_the_inventory_and_nothing_of_it_counts_as_use(
    db: Path,
) -> None:
    with served(Zone(RECORDS)) as zone:
        ran = _dns(zone, db)
    assert (ran.code, {state for state, _ in _states(ran).values()}) == (0, {"complete"})
    assert _systems(db) == {
        "Botpress": "listed",
        "ChatGPT": "listed",
        "Claude": "listed",
        "Superhuman Mail": "listed",
    }
    found = gnomon("candidates", "list", "--db", db, "--format", "json").json()
    assert {(one["subject"], one["channel"]) for one in found} == {
        ("tidewords-domain-verification", "dns_txt"),
        ("gptbotmaker.ai", "host"),
    }


def test_it_says_what_it_will_ask_and_asks_about_its_own_domain_alone(db: Path) -> None:
    with served(Zone(RECORDS)) as zone:
        ran = _dns(zone, db)
    names = {name for name, _ in zone.asked}
    asks = f"gnomon: asking {zone.resolver} about {DOMAIN}: about {len(COMMON) + 3} questions"
    assert ran.err.startswith(asks)
    assert names == {
        DOMAIN,
        f"{nobodys_label(DOMAIN)}.{DOMAIN}",
        *(f"{label}.{DOMAIN}" for label in COMMON),
        f"bot-eu.{DOMAIN}",
        f"spf.{DOMAIN}",
    }
    assert len(zone.asked) == len(names) + 1  # the domain itself is asked for MX and TXT


def test_the_same_again_changes_nothing(db: Path) -> None:
    with served(Zone(RECORDS)) as zone:
        first, again = _dns(zone, db), _dns(zone, db)
    assert first.json()["systems"]["new"] == 4
    assert again.json()["systems"] == {
        "new": 0, "seen_again": 4, "total": 4, "names_new": [],
    }  # fmt: skip


def test_where_every_name_has_an_answer_a_common_name_says_nothing(db: Path) -> None:
    with served(Zone(f"*.{DOMAIN} CNAME sites.voiceflow.com.\n")) as zone:
        ran = _dns(zone, db)
        shown = gnomon("inventory", "show", "Voiceflow", "--db", db, "--format", "json").out
    assert _states(ran)["names that lead elsewhere"] == ("complete", None)
    assert f"*.{DOMAIN}" in shown
    assert f"chat.{DOMAIN}" not in shown


def test_a_domain_that_does_not_exist_is_no_domain_without_ai(db: Path) -> None:
    with served(Zone("", codes={DOMAIN: "NXDOMAIN"})) as zone:
        ran = _dns(zone, db)
    assert ran.code == 4
    reason = f"{DOMAIN}: there is no such domain (NXDOMAIN); is it spelled right?"
    assert _states(ran)["text records"] == ("failed", reason)
    assert len(zone.asked) == 1  # below it is nothing


def test_a_server_that_refuses_denies(db: Path) -> None:
    with served(Zone(RECORDS)) as zone:
        ran = _dns(zone, db, domain="other.example")
    reason = f"{zone.resolver} refuses to answer (REFUSED); ask another with resolver"
    assert ran.code == 4
    assert _states(ran)["text records"] == ("denied", f"other.example: {reason}")


def test_a_server_that_fails_for_one_name_leaves_the_others(db: Path) -> None:
    with served(Zone(RECORDS, codes={f"chat.{DOMAIN}": "SERVFAIL"})) as zone:
        ran = _dns(zone, db)
    reason = f"chat.{DOMAIN}: {zone.resolver} cannot say (SERVFAIL); ask again later"
    assert ran.code == 4
    assert _states(ran)["names that lead elsewhere"] == (
        "partial",
        f"1 of {len(COMMON) + 1} parts: {reason}",
    )
    assert _states(ran)["text records"] == ("complete", None)
    assert zone.asked.count((f"chat.{DOMAIN}", "CNAME")) == 2
    assert "Botpress" in _systems(db)


def test_a_silent_server_is_given_up_after_three_names(db: Path) -> None:
    codes = dict.fromkeys((DOMAIN, f"{nobodys_label(DOMAIN)}.{DOMAIN}"), "silence")
    with served(Zone(RECORDS, codes=codes)) as zone:
        ran = _dns(zone, db, "--timeout", 0.05)
    assert _states(ran)["text records"] == (
        "failed",
        f"{DOMAIN}: {zone.resolver}: no answer in 0.05 seconds",
    )
    assert "not asked" in str(_states(ran)["names that lead elsewhere"][1])
    assert {state for state, _ in _states(ran).values()} == {"failed"}
    assert len(zone.asked) == 6


def test_a_long_answer_comes_over_tcp(db: Path) -> None:
    many = "".join(f'{DOMAIN} TXT "filler-{number}={"x" * 200}"\n' for number in range(10))
    with served(Zone(many + RECORDS)) as zone:
        _dns(zone, db)
    assert zone.over_tcp == 1
    assert "ChatGPT" in _systems(db)


def test_a_source_that_gnomon_toml_names_is_asked_by_a_scan(db: Path, tmp_path: Path) -> None:
    with served(Zone(RECORDS)) as zone:
        (tmp_path / "gnomon.toml").write_text(
            '[[sources]]\nconnector = "dns"\n[sources.settings]\n'
            f'domains = "{DOMAIN}"\nresolver = "{zone.resolver}"\npace = "100"\n'
        )
        ran = gnomon("scan", "--db", db, "--format", "json")
    assert ran.code == 0
    assert "ChatGPT" in _systems(db)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["localhost"], "is no domain"),
        (["192.0.2.1"], "is an address"),
        (["exa mple.org"], "is no domain"),
        (["example.org", "--resolver", "dns.example.org"], "give ADDRESS or ADDRESS:PORT"),
        (["example.org", "--resolver", "127.0.0.1:0"], "there is no port 0"),
        (["example.org", "--name", "a b"], "is no label"),
        ([], "no domain: name one"),
    ],
)
def test_what_cannot_be_asked_is_said_before(db: Path, arguments: list[str], why: str) -> None:
    ran = gnomon("dns", *arguments, "--db", db)
    assert ran.code in (1, 2)
    assert why in ran.err
    assert not db.exists()


def test_an_unknown_vendor_that_is_promoted_is_found_whatever_the_token(
    db: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    with served(Zone(RECORDS)) as zone:
        _dns(zone, db)
    promoted = gnomon(
        "candidates", "promote", "tidewords-domain-verification", "--db", db, "--by", "A. Shah",
        "--reason", "asked the studio", "--name", "Tidewords", "--into", own,
    )  # fmt: skip
    assert promoted.code == 0, promoted.err
    (tmp_path / "gnomon.toml").write_text('signatures = ["own"]\n')
    other = f'{DOMAIN} TXT "tidewords-domain-verification=another0token"\n'
    with served(Zone(other)) as zone:
        _dns(zone, db)
    assert _systems(db)["Tidewords"] == "listed"
