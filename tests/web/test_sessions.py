"""Sessions: they end, are never named in an address, and a name that is over opens nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scanner.config import WebSettings
from scanner.web.people import Person, Role
from scanner.web.place import Place, place_of
from scanner.web.sessions import Sessions
from tests.support import NOW
from tests.web.visiting import HOME, SECURE, House, csrf_of, session_of

ANA = Person("ana", Role.READER, "link")


def test_a_session_lasts_while_it_is_used_and_ends_for_good(house: House) -> None:
    browser = house.signed_in()
    for _ in range(10):  # each with a visit well before the idle time is over
        assert browser.get("/").status_code == (200 if house.clock.now < ends(house) else 303)
        house.clock.passes(minutes=55)
    house.clock.now = NOW  # no clock that goes back brings it to life
    assert browser.get("/").headers["location"] == "/sign-in"


def ends(house: House) -> datetime:
    return NOW + timedelta(hours=house.config.web.session_hours)


def test_a_session_that_nobody_uses_ends_sooner(house: House) -> None:
    browser = house.signed_in()
    house.clock.passes(minutes=59)
    assert browser.get("/").status_code == 200
    house.clock.passes(minutes=61)
    assert browser.get("/").headers["location"] == "/sign-in"


def test_both_lengths_are_settings(db: Path) -> None:
    house = House(db, session_hours=1, idle_minutes=5)
    browser = house.signed_in()
    house.clock.passes(minutes=6)
    assert browser.get("/").status_code == 303
    assert WebSettings() == WebSettings(session_hours=8, idle_minutes=60)


def test_a_form_after_the_end_records_nothing_and_says_so(house: House) -> None:
    browser = house.signed_in()
    token = csrf_of(browser)
    house.clock.passes(hours=9)
    answer = browser.post("/people", data={"csrf": token, "code": "u-1", "reason": "why"})
    assert answer.status_code == 401
    assert "nothing was recorded" in answer.text


def test_signing_out_ends_the_session_and_not_only_the_cookie(house: House) -> None:
    browser = house.signed_in()
    stolen = session_of(browser)
    out = browser.post("/sign-out", data={"csrf": csrf_of(browser)})
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in?out=yes")
    assert session_of(browser) == ""
    thief = house.browser()
    thief.cookies.set(HOME.cookie("session"), stolen)
    assert thief.get("/").headers["location"] == "/sign-in"


def test_nobody_else_can_sign_somebody_out(house: House) -> None:
    browser = house.signed_in()
    assert browser.post("/sign-out", data={"csrf": "guessed"}).status_code == 403
    assert browser.get("/").status_code == 200


def test_who_signs_in_gets_a_new_name_and_the_old_one_is_over(db: Path) -> None:
    house = House(db)
    browser = house.browser()
    browser.cookies.set(HOME.cookie("session"), "put-there-by-somebody-else")
    browser.get(house.link())
    names = [one.value for one in browser.cookies.jar if one.name == HOME.cookie("session")]
    assert "put-there-by-somebody-else" not in names[-1:]
    assert len(names[-1]) >= 43


@pytest.mark.parametrize("stolen", ["", "x", "0" * 43, "../../etc/passwd", "%00"])
def test_a_guessed_name_opens_nothing(house: House, stolen: str) -> None:
    house.signed_in()
    thief = house.browser(Cookie=f"{HOME.cookie('session')}={stolen}")
    assert thief.get("/").headers["location"] == "/sign-in"


def test_on_this_machine_cookies_are_out_of_reach_of_scripts_and_other_sites(db: Path) -> None:
    house = House(db)
    cookie = house.browser().get(house.link()).headers["set-cookie"]
    assert cookie.startswith("gnomon_session_8042=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split(",")[0].split("; "))


def test_over_https_cookies_are_bound_to_the_host(db: Path) -> None:
    house = House(db, place=SECURE)
    cookie = house.browser().get(house.link()).headers["set-cookie"].split(",")[0]
    assert cookie.startswith("__Host-gnomon_session=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_the_oldest_make_room_and_no_name_is_used_twice() -> None:
    sessions = Sessions(8, 60)
    names = [sessions.begin(ANA, NOW) for _ in range(10_001)]
    assert len(set(names)) == 10_001
    assert sessions.find(names[0], NOW) is None
    assert sessions.find(names[-1], NOW) is not None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Gnomon.Harbour.Example/", "https://gnomon.harbour.example"),
        ("https://gnomon.harbour.example:443", "https://gnomon.harbour.example"),
        ("http://[::1]:8042", "http://[::1]:8042"),
    ],
)
def test_a_place_is_written_as_browsers_do(url: str, origin: str) -> None:
    assert place_of(url) == Place(origin)
