"""What columns of a table mean, and how they write dates and amounts: told of a whole column, never of a cell."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from integrations.fields import time_of
from integrations.spelled_dates import DATE, spelled_date

_NUMBER = re.compile(r"[\d.,' \u00a0\u202f\u2019]*\d[.,]?")
_NOT_OF_A_NUMBER = re.compile(r"[^\d.,' \u00a0\u202f\u2019]")
_SIZE = re.compile(r"([\d.,]+)\s*([KMGTP]?)(i?)B?", re.IGNORECASE)
_EPOCH = (10, 13)  # digits of seconds and of milliseconds since 1970, in this century
# Spreadsheets count days from here, those of this century with five digits.
_FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
_DAY_OF_A_SHEET = re.compile(r"[3-7]\d{4}(?:\.\d+)?")
_CURRENCIES = {"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY"}
_CODE = re.compile(r"\b[A-Z]{3}\b")
# What a heading may name beside what its column means: "Amount (EUR)", "Umsatz in EUR", "Débit euros".
_OF_HEADINGS = re.compile(
    r"\b(?:(euros?)|(AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|ILS|INR|JPY|KRW|MXN|NOK|NZD|PLN"
    r"|RON|SAR|SEK|SGD|THB|TRY|USD|ZAR))\b"
)
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_BESIDE = re.compile(r"^Details_Table\d+_|\s+(?:in|en)\s+\w+\s*$")  # of reports, and of amounts
_UNIT = re.compile(r"[(\[]\s*([KMGT]i?B)\s*[)\]]", re.IGNORECASE)


@lru_cache(8192)
def folded(heading: str) -> str:
    """Return a heading without case, accents, blanks and punctuation: "App Name", "app_name"."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(one for one in plain if one.isalnum())


@lru_cache(8192)
def spellings(heading: str) -> tuple[str, ...]:
    """Return what a heading may go by, folded, best first.

    Whole; without what stands in brackets, "Amount (EUR)"; each side of a stroke, "Hersteller /
    Anbieter"; and with umlauts that were written as two letters, "Waehrung".
    """
    bare = _BESIDE.sub("", _IN_BRACKETS.sub(" ", heading).strip())
    sides = bare.split("/") if "/" in bare else ()
    plain = [folded(one) for one in (heading, bare, *sides)]
    joined = [one.replace("ae", "a").replace("oe", "o").replace("ue", "u") for one in plain]
    return tuple(dict.fromkeys(one for one in (*plain, *joined) if one))


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that make a table what it is.

    ``names`` gives for each meaning the headings that it goes by, folded, best first. A table fits
    if all of ``needed`` are there, and one of each of ``one_of``, and no heading of ``never``.
    ``keys`` are those of which a row must say one. ``times``, ``amounts``, ``counts`` and ``sizes``
    are read as such. ``of_accounts`` are those that only a bank's statement has, where what went
    out is negative.
    """

    names: Mapping[str, Sequence[str]]
    needed: tuple[str, ...]
    keys: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    never: frozenset[str] = frozenset()
    times: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    of_accounts: tuple[str, ...] = ()

    def places(self, cells: Iterable[str]) -> dict[str, int] | None:
        """Return where each meaning is in a heading; None if this is not the heading of it."""
        where: dict[str, int] = {}
        ways = [spellings(cell) for cell in cells]
        if self.never.intersection(one[0] for one in ways if one):
            return None
        for rank in range(max(map(len, ways), default=0)):
            for place, way in enumerate(ways):
                if rank < len(way):
                    where.setdefault(way[rank], place)
        found: dict[str, int] = {}
        for meaning, names in self.names.items():
            free = (where[one] for one in names if one in where)
            for place in free:
                if place not in found.values():  # a column means one thing
                    found[meaning] = place
                    break
        is_it = all(one in found for one in self.needed) and all(
            any(one in found for one in some) for some in self.one_of
        )
        return found if is_it else None


@dataclass(slots=True)
class Habit:
    """How one column writes: which order its dates have, which mark its decimals, which sign its charges."""

    orders: set[bool] = field(default_factory=set)  # whether the day comes first
    marks: Counter[str] = field(default_factory=Counter)
    negative: int = 0
    positive: int = 0
    is_account: bool = False  # whether a bank wrote it, whose minus says that money went out

    def learn_date(self, cell: str) -> None:
        """Take note of a date; a number over 12 is a day."""
        if not (found := DATE.match(cell)) or found["mark"] == ".":
            return
        first, second = int(found["first"]), int(found["second"])
        if len(found["first"]) <= 2 and (first > 12) != (second > 12):
            self.orders.add(first > 12)

    def learn_amount(self, cell: str) -> None:
        """Take note of an amount: which mark parts its decimals, and its sign."""
        number = _digits(cell)
        if is_negative(cell):
            self.negative += 1
        elif number:
            self.positive += 1
        comma, point = number.rfind(","), number.rfind(".")
        if comma >= 0 and point >= 0:
            self.marks["," if comma > point else "."] += 1
            return
        mark = "," if comma >= 0 else "."
        if number.count(mark) > 1:
            self.marks["." if mark == "," else ","] += 1
        elif mark in number and len(number) - number.rfind(mark) - 1 != 3:
            self.marks[mark] += 1

    @property
    def day_is_first(self) -> bool | None:
        """Whether 1/5 is in May; None if no date tells, or if two contradict each other."""
        return next(iter(self.orders)) if len(self.orders) == 1 else None

    @property
    def is_out_negative(self) -> bool:
        """Whether money that went out has a minus. Cards and expense tools list more charges than refunds."""
        return self.negative > 0 and (self.is_account or self.negative >= self.positive)

    @property
    def mark(self) -> str:
        """The mark of decimals."""
        return "," if self.marks[","] > self.marks["."] else "."

    def amount(self, cell: str) -> float:
        """Return an amount as money that went out. Raises ValueError for what is none."""
        number = _digits(cell)
        if not _NUMBER.fullmatch(number):
            raise ValueError(f"no amount: {cell!r}")
        for one in "' \u00a0\u202f\u2019" + ("." if self.mark == "," else ","):
            number = number.replace(one, "")
        value = float(number.replace(",", "."))
        return -value if is_negative(cell) != self.is_out_negative else value


def is_negative(cell: str) -> bool:
    """Whether an amount is below nothing: -5, 5-, (5)."""
    return cell.startswith("(") or any(one in cell for one in "-\u2212\u2013")


def _digits(cell: str) -> str:
    return _NOT_OF_A_NUMBER.sub("", cell).strip()


def currency_of(cell: str) -> str:
    """Return the currency that an amount names; "" if none, or one of the many dollars."""
    if found := _CODE.search(cell):
        return found[0]
    return next((code for sign, code in _CURRENCIES.items() if sign in cell), "")


def currency_of_heading(heading: str) -> str:
    """Return the currency that a heading names: "Amount (EUR)", "Betrag (€)"; "" if none."""
    found = _OF_HEADINGS.search(heading)
    if found is None:
        return next((code for sign, code in _CURRENCIES.items() if sign in heading), "")
    return found[2] or "EUR"


def unit_of_heading(heading: str) -> str:
    """Return the unit of sizes that a heading names, such as MB; "" if none."""
    found = _UNIT.search(heading)
    return found[1] if found else ""


def count_of(cell: str) -> int:
    """Return a whole number, however its thousands are parted. Raises ValueError for what is none."""
    whole, mark, rest = cell.partition(".")
    if mark and set(rest) <= {"0"} and len(rest) != 3:
        cell = whole  # as a spreadsheet writes it: 12.0
    digits = re.sub(r"[.,' \u00a0\u202f\u2019]", "", cell)
    if not digits.isdecimal() or len(digits) > 18:
        raise ValueError(f"no count: {cell!r}")
    return int(digits)


def bytes_of(cell: str) -> int:
    """Return a size in bytes: 1234, 1.2 GB, 3,4 MiB. Raises ValueError for what is none."""
    found = _SIZE.fullmatch(cell.strip())
    if found is None:
        raise ValueError(f"no size: {cell!r}")
    power = " KMGTP".index(found[2].upper() or " ")
    if not power and not found[3]:
        return count_of(found[1])
    base = 1024 if found[3] else 1000
    return int(float(found[1].replace(",", ".")) * base**power)


@lru_cache(4096)
def time_of_cell(cell: str, day_is_first: bool | None) -> datetime:
    """Return a time in UTC. Raises ValueError for what is none, or is one of two days."""
    if cell.isdecimal() and len(cell) in _EPOCH:
        return time_of(cell)
    if _DAY_OF_A_SHEET.fullmatch(cell):
        return _FIRST_DAY + timedelta(days=float(cell))
    try:
        found = datetime.fromisoformat(cell.replace(" UTC", "+00:00").replace("/", "-"))
    except ValueError:
        found = spelled_date(cell, day_is_first)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
