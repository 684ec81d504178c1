"""What pages say to somebody who never saw them: in their language, and what is true."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reports.reasons import grounds_in_words
from reports.texts import Texts, catalogue
from scanner.inventory.grounds import WORDS, Ground
from scanner.store import Reader
from tests.running import gnomon
from tests.support import NOW
from tests.web.forms import words_of
from tests.web.visiting import Browser, House, csrf_of

FR = Texts("fr")


def speak_french(browser: Browser) -> None:
    browser.post("/language", data={"language": "fr", "csrf": csrf_of(browser)})


def test_pages_and_command_line_word_a_review_alike() -> None:
    assert {name: catalogue("en")[f"common.ground.{name}"] for name in WORDS} == WORDS


@pytest.mark.parametrize(
    ("ground", "words"),
    [
        (Ground("undecided"), "personne n’a encore décidé"),
        (Ground("decided", {"by": "ana"}), "décidé par ana"),
        (
            Ground("expired", {"verdict": "approved_with_conditions", "day": NOW.date()}),
            f"approuvé sous conditions jusqu’au {FR.day(NOW)} ; cette date est passée",
        ),
        (
            Ground("rearranged", {"what": (Ground("part_undecided", {"name": "Claude"}),)}),
            "fusionné ou séparé depuis : personne n’a décidé de Claude",
        ),
        (Ground("policy_supplier", {"name": "x{y}"}), "selon la politique sur le fournisseur x{y}"),
    ],
)
def test_why_a_review_stands_where_it_does_is_told_in_french(ground: Ground, words: str) -> None:
    assert grounds_in_words([ground], FR) == words


def test_a_french_page_says_in_french_who_decided_and_what_is_past(db: Path) -> None:
    house = House(db)
    browser = house.signed_in()
    speak_french(browser)
    with Reader(db, read_only=True) as store:
        system = store.systems()[0].id
    page = f"/systems/{system}"
    assert "personne n’a encore décidé" in words_of(browser.get(page))
    due = house.clock.now + timedelta(days=3)
    data = {
        "csrf": csrf_of(browser), "seen": "0", "verdict": "approved", "reason": "essai",
        "review_due": due.date().isoformat(),
    }  # fmt: skip
    assert browser.post(f"{page}/decide", data=data).status_code == 303
    assert "décidé par ana" in words_of(browser.get(page))
    house.clock.passes(days=4)
    again = house.signed_in()
    speak_french(again)
    told = words_of(again.get(page))
    assert f"approuvé jusqu’au {FR.day(due)} ; cette date est passée" in told
    assert "that is past" not in again.get("/").text


def test_nothing_found_is_not_an_empty_queue(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(
        b"1767225600.000    120 10.0.0.8 TCP_MISS/200 5120 GET http://www.example.org/ ana "
        b"HIER_DIRECT/203.0.113.5 text/html\n"
    )
    db = tmp_path / "g.db"
    assert gnomon("scan", log, "--db", db).code == 0
    browser = House(db).signed_in()
    for page in ("/", "/inventory"):
        told = words_of(browser.get(page))
        assert "No AI system was found in what was looked at." in told
        assert "has a decision that holds" not in told
        assert 'href="/coverage"' in browser.get(page).text
