"""Codes: nobody sees a list of people; one code is told to a reviewer who says why, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model import Act
from scanner.privacy import load_key
from scanner.store import Reader
from tests.running import SQUID, gnomon
from tests.web.visiting import Browser, House, behind_proxy, csrf_of, named, notices_of


def codes_in(db: Path) -> dict[str, str]:
    """Return a user's code and a client address's."""
    with Reader(db, read_only=True) as store:
        return {row["kind"]: row["code"] for row in store._all("SELECT kind, code FROM actor")}


def ask(browser: Browser, code: str, reason: str = "an incident", names: str = "") -> int:
    token = csrf_of(browser, "/people")
    data = {"csrf": token, "code": code, "reason": reason, "names": names}
    return browser.post("/people", data=data).status_code


def asked_in(db: Path) -> list[tuple[str, str, str, str]]:
    with Reader(db, read_only=True) as store:
        found = store.decisions(Act.REVEAL)
        assert store.first_break() is None
    return [(one.subject, one.verdict, one.reason, one.by) for one in found]


def test_a_code_is_told_once_and_that_it_was_asked_stays(db: Path) -> None:
    code = codes_in(db)["user"]
    house = behind_proxy(db)
    rita = named(house, "rita", "privacy")
    assert ask(rita, code, names="ben\nana\n") == 303
    assert notices_of(rita, "/people") == [f"{code} is ana. This is shown once."]
    assert notices_of(rita, "/people") == []
    assert asked_in(db) == [(f"code:{code}", "revealed", "an incident", "rita")]
    page = rita.get("/people").text
    assert code in page
    assert "an incident" in page
    assert "ana" not in page.partition("<tbody>")[2]


def test_the_name_is_stored_nowhere(db: Path) -> None:
    rita = named(behind_proxy(db), "rita", "privacy")
    ask(rita, codes_in(db)["user"], names="Ana@unlikely-name.example")
    stored = b"".join(one.read_bytes() for one in db.parent.glob("g.db*"))
    assert b"unlikely-name" not in stored


def test_a_question_without_an_answer_is_recorded_too(db: Path) -> None:
    """Else names could be tried against a code one by one, and nobody would know."""
    code = codes_in(db)["user"]
    rita = named(behind_proxy(db), "rita", "privacy")
    assert ask(rita, code, names="ben\neva") == 303
    (told,) = notices_of(rita, "/people")
    assert told.startswith(f"{code} fits none of ")
    assert asked_in(db) == [(f"code:{code}", "not_found", "an incident", "rita")]


@pytest.mark.parametrize("names", ["10.0.0.8", "192.168.0.0/24\n10.0.0.0/16", "10.0.0.8/30"])
def test_an_address_is_found_in_a_network(db: Path, names: str) -> None:
    code = codes_in(db)["client"]
    rita = named(behind_proxy(db), "rita", "privacy")
    ask(rita, code, names=names)
    assert notices_of(rita, "/people") == [f"{code} is 10.0.0.8. This is shown once."]


def test_a_network_without_end_is_tried_to_a_bound(db: Path) -> None:
    rita = named(behind_proxy(db), "rita", "privacy")
    assert ask(rita, codes_in(db)["client"], names="2001:db8::/32") == 303
    (told,) = notices_of(rita, "/people")
    assert "none of 200,000 names" in told


@pytest.mark.parametrize(
    ("code", "reason", "names", "words"),
    [
        ("ana", "why", "", "That is no code"),
        ("u-" + "0" * 20, "why", "", "That code stands nowhere"),
        ("user", " ", "", "Say why it has to be known"),
        ("user", "x" * 10_001, "", "longer than 10,000 characters"),
        ("client", "why", "the office", "one is no address and no network"),
    ],
)
def test_what_is_not_a_question_is_not_answered(
    db: Path, code: str, reason: str, names: str, words: str
) -> None:
    browser = named(behind_proxy(db), "rita", "privacy")
    data = {"code": codes_in(db).get(code, code), "reason": reason, "names": names}
    answer = browser.post("/people", data={**data, "csrf": csrf_of(browser)})
    assert answer.status_code == 400
    assert words in answer.text
    assert f">{names}</textarea>" in answer.text  # nothing typed is lost
    assert asked_in(db) == []


def test_readers_see_no_people_and_no_form(db: Path) -> None:
    ben = named(behind_proxy(db), "ben", "staff")
    page = ben.get("/people")
    assert (page.status_code, "Your role does not allow this" in page.text) == (403, True)
    assert 'href="/people"' not in ben.get("/").text
    data = {"csrf": csrf_of(ben), "code": codes_in(db)["user"], "reason": "x", "names": "ana"}
    answer = ben.post("/people", data=data)
    assert (answer.status_code, notices_of(ben, "/")) == (403, [])
    assert asked_in(db) == []


def test_without_the_key_nobody_is_told_and_pages_go_on(house: House, db: Path) -> None:
    db.with_suffix(".key").unlink()
    browser = house.signed_in()
    assert browser.get("/").status_code == 200
    page = browser.get("/people").text
    assert "the pseudonym key of this database is missing" in page
    assert '<form method="post" action="/people">' not in page
    data = {"csrf": csrf_of(browser), "code": codes_in(db)["user"], "reason": "x"}
    assert browser.post("/people", data=data).status_code == 503
    assert asked_in(db) == []
    assert not db.with_suffix(".key").exists()  # and none is made up


def test_another_key_is_not_used(house: House, db: Path) -> None:
    key = db.with_suffix(".key")
    key.unlink()
    load_key(key, may_create=True)
    assert "not the key that" in house.signed_in().get("/people").text


def test_a_store_with_names_has_no_codes_to_ask_for(tmp_path: Path) -> None:
    db = tmp_path / "g.db"
    (tmp_path / "access.log").write_bytes(SQUID)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNOMON_PRIVACY", "identified")
        assert gnomon("scan", tmp_path / "access.log", "--db", db).code == 0
    assert "there are no codes to ask for" in House(db).signed_in().get("/people").text
