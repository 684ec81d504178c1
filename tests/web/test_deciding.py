"""Verdicts in the browser: what is lacking, who was first, what is undone, and several at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model import Act, Decision
from scanner.store import Reader
from tests.running import gnomon
from tests.web.forms import fields_of, fill, words_of
from tests.web.visiting import Browser, House, behind_proxy, named, notices_of

DUE = "2027-06-01"


@pytest.fixture
def ids(db: Path) -> dict[str, str]:
    """The systems of the store: their ids by name."""
    with Reader(db, read_only=True) as store:
        return {one.name: one.id for one in store.systems()}


@pytest.fixture
def openai(ids: dict[str, str]) -> str:
    return ids["OpenAI API"]


def verdicts(db: Path, system: str) -> list[Decision]:
    with Reader(db, read_only=True) as store:
        return [one for one in store.decisions(Act.REVIEW) if one.subject == system]


def decide(browser: Browser, system: str, **typed: object) -> int:
    address = f"/systems/{system}/decide"
    return int(fill(browser, address, address, **typed).status_code)


def test_a_verdict_is_recorded_with_all_that_was_typed(db: Path, openai: str) -> None:
    browser = House(db).signed_in()
    address = f"/systems/{openai}/decide"
    sent = fill(
        browser,
        address,
        address,
        verdict="restricted",
        reason=" a trial ",
        conditions="no customers' data",
        review_due=DUE,
        exception_unit=["Sales", ""],
        exception_users=["", "ana, ben"],
        exception_until=["2027-01-31", "2027-02-28"],
    )
    assert sent.status_code == 303
    (made,) = verdicts(db, openai)
    assert (made.verdict, made.reason, made.by) == ("restricted", "a trial", "ana")
    assert made.conditions == "no customers' data"
    assert f"{made.review_due:%Y-%m-%d}" == DUE
    assert made.value == {
        "exceptions": [
            {"unit": "Sales", "users": [], "until": "2027-01-31"},
            {"unit": "", "users": ["ana", "ben"], "until": "2027-02-28"},
        ]
    }


def test_after_it_comes_the_next_row_of_the_queue(db: Path, ids: dict[str, str]) -> None:
    browser = House(db).signed_in()
    page = browser.get("/").text
    first, second = sorted(ids.values(), key=lambda one: page.index(f'id="{one}"'))
    address = f"/systems/{first}/decide"
    sent = fill(browser, address, address, verdict="rejected", reason="no contract")
    assert sent.headers["location"] == f"/?at={second}#{second}"
    address = f"/systems/{second}/decide"
    last = fill(browser, address, address, verdict="rejected", reason="no contract")
    assert last.headers["location"] == "/"
    assert "The queue is empty" in browser.get("/").text


def test_what_is_lacking_is_said_at_each_field_and_nothing_typed_is_lost(
    db: Path, openai: str
) -> None:
    browser = House(db).signed_in()
    address = f"/systems/{openai}/decide"
    sent = fill(
        browser,
        address,
        address,
        verdict="approved_with_conditions",
        reason="",
        review_due="soon",
        code="noise",
        exception_unit=["Sales & <Service>", ""],
        exception_users=["", ""],
        exception_until=["whenever", ""],
    )
    assert sent.status_code == 400
    for name in ("reason", "review_due", "code", "exceptions", "conditions"):
        assert f'id="{name}-flaw"' in sent.text, name
        assert f'<a href="#{name}">' in sent.text, name
    told = words_of(sent, 'id="flaws"')
    assert "Give a reason." in told
    assert "This is no day; write it as 2027-01-31." in told
    assert "An exception needs the day on which it ends" in told
    held = fields_of(sent.text, address)
    assert held["verdict"] == ["approved_with_conditions"]
    assert held["review_due"] == ["soon"]
    assert held["exception_unit"][0] == "Sales & <Service>"
    assert held["exception_until"][0] == "whenever"
    assert verdicts(db, openai) == []


def test_what_is_lacking_is_said_in_french_too(db: Path, openai: str) -> None:
    browser = House(db).signed_in()
    browser.cookies.set("gnomon_language_8042", "fr")
    browser.cookies.set("gnomon_language", "fr")
    address = f"/systems/{openai}/decide"
    sent = fill(browser, address, address, verdict="approved", reason="", review_due="")
    assert "Donnez un motif." in words_of(sent)
    assert "« approuvé » demande une date de réexamen." in words_of(sent)


def test_a_rejection_becomes_no_approval_by_a_slip(db: Path, openai: str) -> None:
    browser = House(db).signed_in()
    assert decide(browser, openai, verdict="rejected", reason="no contract") == 303
    assert decide(browser, openai, verdict="approved", reason="oops", review_due=DUE) == 400
    assert [one.verdict for one in verdicts(db, openai)] == ["rejected"]


def test_of_two_who_decide_at_once_the_second_sees_the_first(db: Path, openai: str) -> None:
    house = behind_proxy(db)
    ana, ben = named(house, "ana", "ciso"), named(house, "ben", "ciso")
    address = f"/systems/{openai}/decide"
    held = {name: values[0] for name, values in fields_of(ben.get(address).text, address).items()}
    assert decide(ana, openai, verdict="rejected", reason="no contract") == 303
    typed = {"verdict": "dismissed", "code": "noise", "reason": "prefetching"}
    sent = ben.post(address, data={**held, **typed})
    assert sent.status_code == 409
    told = words_of(sent, 'id="flaws"')
    assert "ana decided “rejected”" in told
    assert "after what you had seen" in told
    assert "no contract" in told
    assert [one.by for one in verdicts(db, openai)] == ["ana"]
    again = fields_of(sent.text, address)
    assert again["reason"] == ["prefetching"]
    assert again["verdict"] == ["dismissed"]
    sent = ben.post(address, data={**again, "code": "noise"})
    assert sent.status_code == 303
    assert [one.by for one in verdicts(db, openai)] == ["ana", "ben"]


def test_one_decided_on_the_command_line_meanwhile_is_a_conflict_too(db: Path, openai: str) -> None:
    browser = House(db).signed_in()
    address = f"/systems/{openai}/decide"
    held = fields_of(browser.get(address).text, address)
    ran = gnomon(
        "review", "decide", openai, "rejected", "--by", "cleo", "--reason", "no", "--db", db
    )
    assert ran.code == 0
    sent = browser.post(address, data={**held, "verdict": "in_review", "reason": "mine"})
    assert sent.status_code == 409
    assert "cleo decided “rejected”" in words_of(sent)


def test_a_reviewer_neither_allows_nor_rejects(db: Path, openai: str) -> None:
    house = behind_proxy(db)
    rita = named(house, "rita", "privacy")
    address = f"/systems/{openai}/decide"
    assert 'value="approved"' not in rita.get(address).text
    sent = fill(rita, address, address, verdict="approved", reason="ok", review_due=DUE)
    assert sent.status_code == 403
    assert named(house, "leo", "staff").get(address).status_code == 403
    assert verdicts(db, openai) == []


def undo(browser: Browser) -> list[str]:
    """Undo, and return what the next page says."""
    page = browser.get("/").text
    held = fields_of(page, "/undo") if 'action="/undo"' in page else None
    token = held or {"csrf": fields_of(page, "/sign-out")["csrf"]}
    sent = browser.post("/undo", data=token)
    assert sent.status_code == 303
    return notices_of(browser, "/")


def test_an_undo_of_the_first_verdict_says_that_new_does_not_come_back(
    db: Path, openai: str
) -> None:
    browser = House(db).signed_in()
    decide(browser, openai, verdict="rejected", reason="no contract")
    browser.get("/")
    (told,) = undo(browser)
    assert "Nobody had decided before it; that cannot be said again, so it is in review." in told
    assert [one.verdict for one in verdicts(db, openai)] == ["rejected", "in_review"]
    assert verdicts(db, openai)[-1].value == {"undoes": 1}


def test_an_undo_restores_what_stood_before_with_all_that_it_said(db: Path, openai: str) -> None:
    browser = House(db).signed_in()
    limits = {"conditions": "no customers' data", "review_due": DUE}
    decide(browser, openai, verdict="approved_with_conditions", reason="trial", **limits)
    decide(browser, openai, verdict="rejected", reason="a slip")
    browser.get("/")
    (told,) = undo(browser)
    assert "stands again: approved with conditions" in told
    first, slip, again = verdicts(db, openai)
    assert slip.verdict == "rejected"
    assert again.verdict == "approved_with_conditions"
    assert (again.conditions, again.review_due) == (first.conditions, first.review_due)
    assert again.value == {"undoes": slip.number, "restores": first.number}
    (told,) = undo(browser)  # and the one before it
    assert verdicts(db, openai)[-1].verdict == "in_review"
    assert undo(browser) == ["There is no decision of yours in this session to undo."]


def test_an_undo_is_refused_when_somebody_decided_since(db: Path, openai: str) -> None:
    house = behind_proxy(db)
    ana, ben = named(house, "ana", "ciso"), named(house, "ben", "ciso")
    decide(ana, openai, verdict="restricted", reason="trial", conditions="x", review_due=DUE)
    decide(ben, openai, verdict="rejected", reason="no contract")
    ana.get("/")
    (told,) = undo(ana)
    assert told.startswith("Not undone: ben decided “rejected”")
    assert [one.by for one in verdicts(db, openai)] == ["ana", "ben"]


def test_a_reviewer_does_not_say_again_what_only_an_approver_may(db: Path, openai: str) -> None:
    house = behind_proxy(db)
    decide(named(house, "ana", "ciso"), openai, verdict="approved", reason="ok", review_due=DUE)
    rita = named(house, "rita", "privacy")
    decide(rita, openai, verdict="dismissed", reason="a slip", code="noise")
    rita.get("/")
    (told,) = undo(rita)
    assert "That cannot be said again now, so it is in review." in told
    assert [one.verdict for one in verdicts(db, openai)] == ["approved", "dismissed", "in_review"]


def test_several_get_one_verdict_each_a_decision_of_its_own(db: Path, ids: dict[str, str]) -> None:
    browser = House(db).signed_in()
    address = "/several?" + "&".join(f"{one}=0" for one in ids.values())
    sent = fill(browser, address, "/several", verdict="rejected", reason="not ours to use")
    assert sent.status_code == 303
    for one in ids.values():
        assert [made.reason for made in verdicts(db, one)] == ["not ours to use"]


def test_of_several_none_is_recorded_where_one_cannot_be(db: Path, ids: dict[str, str]) -> None:
    browser = House(db).signed_in()
    rejected, other = ids["OpenAI API"], ids["DeepSeek Chat"]
    decide(browser, rejected, verdict="rejected", reason="no contract")
    address = f"/several?{rejected}=1&{other}=0"
    sent = fill(browser, address, "/several", verdict="approved", reason="ok", review_due=DUE)
    assert sent.status_code == 400
    assert "OpenAI API" in words_of(sent, 'id="flaws"')
    assert verdicts(db, other) == []


def test_of_several_none_is_recorded_where_somebody_decided_since(
    db: Path, ids: dict[str, str]
) -> None:
    house = behind_proxy(db)
    ana, ben = named(house, "ana", "ciso"), named(house, "ben", "ciso")
    one, other = ids["OpenAI API"], ids["DeepSeek Chat"]
    held = fields_of(ben.get(f"/several?{one}=0&{other}=0").text, "/several")
    decide(ana, one, verdict="rejected", reason="no contract")
    sent = ben.post("/several", data={**held, "verdict": "in_review", "reason": "together"})
    assert sent.status_code == 409
    assert "ana decided “rejected”" in words_of(sent)
    assert verdicts(db, other) == []
    assert [made.by for made in verdicts(db, one)] == ["ana"]


def test_what_was_decided_since_the_queue_was_seen_is_told_before_anything_is_typed(
    db: Path, ids: dict[str, str]
) -> None:
    house = behind_proxy(db)
    ana, ben = named(house, "ana", "ciso"), named(house, "ben", "ciso")
    one = ids["OpenAI API"]
    decide(ana, one, verdict="rejected", reason="no contract")
    shown = ben.get(f"/several?{one}=0")
    assert shown.status_code == 200
    assert "ana decided “rejected”" in words_of(shown, 'id="flaws"')
    assert "ana decided" not in words_of(ben.get(f"/several?{one}=1"))


def test_a_choice_of_none_goes_back_with_words(db: Path) -> None:
    browser = House(db).signed_in()
    assert browser.get("/several?verdict=rejected").headers["location"] == "/"
    assert notices_of(browser, "/") == ["Choose at least one system first."]


@pytest.mark.parametrize("path", ["/systems/ais-000000000000/decide", "/several?ais-0=0"])
def test_a_system_that_is_not_there_is_said_to_be_none(db: Path, path: str) -> None:
    sent = House(db).signed_in().get(path)
    assert sent.status_code == 404
    assert "There is no such AI system" in sent.text
