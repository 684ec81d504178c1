"""Seats against use: licences that nobody used, and people who use a product without one.

The second is said only where every listing that would show a seat or a use was read whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.accounts import Listing
from scanner.accounts.drafting import Draft
from scanner.model import Person, Signature, SourceState


def notes_on_seats(
    listings: Sequence[Listing], drafts: Sequence[Draft], people: Mapping[str, Person]
) -> Iterator[tuple[int, str]]:
    """Yield what is to be said of seats, with the position of the listing that shows them."""
    for key, signature in sorted(_products(drafts).items()):
        seats = _by_listing(drafts, key, people, is_seat=True)
        users = _by_listing(drafts, key, people, is_seat=False)
        if not seats or not users:
            continue
        if any(listings[at].state is not SourceState.COMPLETE for at in {*seats, *users}):
            continue
        without = set[str]().union(*users.values()) - set[str]().union(*seats.values())
        if without:
            name = f"{signature.product.name} of {signature.vendor.name}"
            yield min(seats), f"{name}: {_people(len(without))} it without a seat in this account"


def _products(drafts: Sequence[Draft]) -> dict[str, Signature]:
    """Return the products that somebody has a seat of."""
    return {
        draft.signatures[detection].product_key: draft.signatures[detection]
        for draft in drafts
        for detection in draft.seats
    }


def _by_listing(
    drafts: Sequence[Draft], product: str, people: Mapping[str, Person], *, is_seat: bool
) -> dict[int, set[str]]:
    """Return who has a seat of a product, or uses it, by the position of the listing."""
    found: dict[int, set[str]] = {}
    for at, draft in enumerate(drafts):
        for detection, keys in (draft.seats if is_seat else draft.users).items():
            if draft.signatures[detection].product_key == product:
                found.setdefault(at, set()).update(_login(key, people) for key in keys)
    return found


def _login(key: str, people: Mapping[str, Person]) -> str:
    """Return what tells one person from another: listings may know them by other keys."""
    person = people.get(key)
    return ((person.login if person else "") or key).casefold()


def _people(count: int) -> str:
    return "1 person uses" if count == 1 else f"{count:,} people use"
