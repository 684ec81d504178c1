"""Words that these tests speak in: listings of records, and what several of them show together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.accounts import Listing
from scanner.accounts.gathering import Gathering
from scanner.accounts.meaning import Meaning
from scanner.model import Holding, Record, SourceState
from scanner.privacy import Privacy, Pseudonyms
from tests.support import the_base

PSEUDONYMS = Pseudonyms(b"k" * 32, Privacy.IDENTIFIED)


def listing(
    *records: Record,
    key: str = "one",
    state: SourceState = SourceState.COMPLETE,
    is_state: bool = True,
) -> Listing:
    """Return a listing of these records."""
    return Listing(
        key, key, key, state, lambda: iter(records), is_state=is_state, pages=1, size=len(records)
    )


def gathered(listings: Sequence[Listing]) -> list[Holding]:
    """Return what the listings of one account show, with the built-in signatures."""
    base = the_base()
    meaning = Meaning(base.matcher, base.shapes)
    return Gathering(meaning.of, PSEUDONYMS, meaning.signs).gather(listings)


def held(*records: Record, is_state: bool = True) -> Holding:
    """Return what one listing shows."""
    return gathered([listing(*records, is_state=is_state)])[0]


def products(holdings: Iterable[Holding]) -> set[str]:
    """Return the keys of the products that some listings show."""
    return {one.product_key for holding in holdings for one in holding.signatures.values()}
