"""Lists that go on: page after page to an end that is one, whoever sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from xxhash import xxh3_64_intdigest

from integrations.connector import Meaning, Page, Stopped, Trouble

_SPARE = 20  # requests beyond three for each page that a list may take
_IN_VAIN = 100  # pages, one after the other, that are empty or came before

# Asks for the page at a place; returns it, and how many requests it took. Raises Stopped.
Turn = Callable[[str], tuple[Page, int]]


def follow(turn: Turn, following: str = "") -> Iterator[Page]:
    """Yield the pages of a list, from a place on that an earlier page named. Raises Stopped."""
    seen: set[str] = set()
    read: set[int] = set()
    in_vain = sent = pages = 0
    while True:
        if following in seen:
            raise _wrong("the account names a page again that was read")
        seen.add(following)
        page, tries = turn(following)
        pages, sent = pages + 1, sent + tries
        yield page
        following = page.following
        if not following and page.says_more:
            raise _wrong("there is more, and no word of where")
        if not following:
            return
        known = xxh3_64_intdigest(msgspec.json.encode(page.items))
        in_vain = in_vain + 1 if not page.items or known in read else 0
        read.add(known)
        if in_vain > _IN_VAIN:
            raise _wrong(f"{in_vain} pages, one after the other, that are empty or came before")
        if sent > 3 * pages + _SPARE:
            raise Stopped(Meaning(Trouble.RETRY, "too many requests had to be repeated"))


def _wrong(why: str) -> Stopped:
    return Stopped(Meaning(Trouble.WRONG, why))
