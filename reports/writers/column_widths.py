"""How wide the columns of a table are: what is short stays on one line, what is long shares the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reports.paper import Table
from reports.texts import Texts
from reports.writers import in_words

_ROWS_MEASURED = 200
_NARROWEST = 6
_LONGEST_WORD = 22  # longer ones, such as hashes, are broken


class Wish(NamedTuple):
    """How many characters a column wants, and how few break none of its words."""

    wanted: int
    least: int


def wishes(table: Table, texts: Texts) -> list[Wish]:
    """Return what each column wants: no more than its cells hold, or than it asks for."""
    return [_wish(table, at, texts) for at in range(len(table.columns))]


def _wish(table: Table, at: int, texts: Texts) -> Wish:
    column = table.columns[at]
    shown = [in_words(row[at], texts) for row in table.rows[:_ROWS_MEASURED]]
    longest = (
        column.width if column.is_to_fill else min(column.width, max(map(len, shown), default=0))
    )
    heading = _longest_word([in_words(column.title, texts)]) + 1
    least = max(heading, min(_longest_word(shown), _LONGEST_WORD), _NARROWEST)
    return Wish(max(longest, least), least)


def _longest_word(shown: Iterable[str]) -> int:
    return max((len(word) for one in shown for word in one.split()), default=0)


def fitted(given: Sequence[Wish], room: int) -> list[int]:
    """Return widths that fill the room: what is least for each, and of the rest what it wants."""
    least = [one.least for one in given]
    if sum(least) >= room:
        return [room * one // sum(least) for one in least]
    more = _shared([one.wanted - one.least for one in given], room - sum(least))
    return [one + another for one, another in zip(least, more, strict=True)]


def _shared(wanted: Sequence[int], room: int) -> list[int]:
    """Share out room: small wishes are met, large ones share what is left."""
    if not any(wanted):
        return [room // len(wanted)] * len(wanted)
    met: dict[int, int] = {}
    left = dict(enumerate(wanted))
    while left:
        free = room - sum(met.values())
        small = {at: wish for at, wish in left.items() if wish <= free // len(left)}
        if not small or len(small) == len(left):
            met |= {at: free * wish // (sum(left.values()) or 1) for at, wish in left.items()}
            break
        met |= small
        left = {at: wish for at, wish in left.items() if at not in small}
    return [met[at] for at in range(len(wanted))]
