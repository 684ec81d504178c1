"""Dates, amounts, counts and sizes: as whole columns write them."""

import pytest

from integrations.columns import (
    Columns,
    Habit,
    bytes_of,
    count_of,
    currency_of,
    currency_of_heading,
    folded,
    spellings,
    time_of_cell,
    unit_of_heading,
)
from tests.support import at


def _habit(*dates: str, amounts: tuple[str, ...] = ()) -> Habit:
    habit = Habit()
    for one in dates:
        habit.learn_date(one)
    for one in amounts:
        habit.learn_amount(one)
    return habit


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("App Name", "appname"), ("app_name", "appname"), ("Propriétaire", "proprietaire"),
     ("Empfänger / Händler", "empfangerhandler"), ("Account #", "account"), ("", "")],
)  # fmt: skip
def test_headings_are_compared_without_dress(heading: str, expected: str) -> None:
    assert folded(heading) == expected


def test_a_column_means_one_thing() -> None:
    columns = Columns({"name": ("service", "app"), "unit": ("service",)}, ("name",), ("name",))
    assert columns.places(["App", "Service"]) == {"name": 1}
    assert columns.places(["Service", "x"]) == {"name": 0}
    assert columns.places(["x", "y"]) is None


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Amount (EUR)", ("amounteur", "amount")),
        ("Umsatz in EUR", ("umsatzineur", "umsatz")),
        ("Email Address [Required]", ("emailaddressrequired", "emailaddress")),
        ("Hersteller / Anbieter", ("herstelleranbieter", "hersteller", "anbieter")),
        ("Waehrung", ("waehrung", "wahrung")),
        ("Details_Table0_Version", ("detailstable0version", "version")),
        ("", ()),
    ],
)
def test_what_a_heading_may_go_by(heading: str, expected: tuple[str, ...]) -> None:
    assert spellings(heading) == expected


def test_the_whole_heading_is_believed_before_a_part_of_one() -> None:
    columns = Columns({"name": ("app",)}, ("name",), ("name",), never=frozenset({"clientip"}))
    assert columns.places(["Owner / App", "App"]) == {"name": 1}
    assert columns.places(["Owner / App", "x"]) == {"name": 0}
    assert columns.places(["App", "Client IP"]) is None


@pytest.mark.parametrize(
    ("heading", "currency", "unit"),
    [("Amount (EUR)", "EUR", ""), ("Betrag (€)", "EUR", ""), ("Débit euros", "EUR", ""),
     ("Total amount (incl. VAT)", "", ""), ("Upload Data (MB)", "", "MB"), ("Upload (bytes)", "", "")],
)  # fmt: skip
def test_what_a_heading_names_beside_its_meaning(heading: str, currency: str, unit: str) -> None:
    assert (currency_of_heading(heading), unit_of_heading(heading)) == (currency, unit)


@pytest.mark.parametrize(
    ("cells", "is_account", "expected"),
    [
        (("-20", "500", "600"), True, 20.0),  # more came in than went out, as in a business
        (("-20", "500"), False, 20.0),
        (("-20", "500", "600"), False, -20.0),  # a refund among charges
        (("20", "30"), True, -20.0),
    ],
)
def test_what_a_minus_means(cells: tuple[str, ...], is_account: bool, expected: float) -> None:
    habit = _habit(amounts=cells)
    habit.is_account = is_account
    assert habit.amount("-20") == expected


def test_one_date_decides_for_its_column() -> None:
    assert _habit("01/02/2026", "13/02/2026").day_is_first is True
    assert _habit("01/02/2026", "02/13/2026").day_is_first is False
    assert _habit("01/02/2026").day_is_first is None
    assert _habit("13/02/2026", "02/13/2026").day_is_first is None
    assert _habit("2026/02/13", "13.02.2026").day_is_first is None


@pytest.mark.parametrize(
    ("cell", "day_is_first", "expected"),
    [
        ("2026-03-05", None, "2026-03-05T00:00:00Z"),
        ("2026/03/05", None, "2026-03-05T00:00:00Z"),
        ("2026-03-05T06:07:08.123+02:00", None, "2026-03-05T04:07:08.123Z"),
        ("2026-03-05 06:07:08 UTC", None, "2026-03-05T06:07:08Z"),
        ("5/3/2026", True, "2026-03-05T00:00:00Z"),
        ("5/3/2026", False, "2026-05-03T00:00:00Z"),
        ("5/5/2026", None, "2026-05-05T00:00:00Z"),
        ("5-3-26", True, "2026-03-05T00:00:00Z"),
        ("05.03.2026 14:30", None, "2026-03-05T14:30:00Z"),
        ("3/5/2026 12:05:06 AM", False, "2026-03-05T00:05:06Z"),
        ("3/5/2026, 4:05 p.m.", False, "2026-03-05T16:05:00Z"),
        ("Mar 5, 2026", None, "2026-03-05T00:00:00Z"),
        ("Nov 13, 2023 6:26:52 AM AEDT", None, "2023-11-13T06:26:52Z"),
        ("Thursday, March 5, 2026", None, "2026-03-05T00:00:00Z"),
        ("5-Mar-26", None, "2026-03-05T00:00:00Z"),
        ("5. März 2026", None, "2026-03-05T00:00:00Z"),
        ("5 août 2026", None, "2026-08-05T00:00:00Z"),
        ("5 de enero de 2026", None, "2026-01-05T00:00:00Z"),
        ("46083", None, "2026-03-02T00:00:00Z"),
        ("46083.25", None, "2026-03-02T06:00:00Z"),
        ("1763680000", None, "2025-11-20T23:06:40Z"),
        ("1763680000000", None, "2025-11-20T23:06:40Z"),
    ],
)
def test_dates_as_people_spell_them(cell: str, day_is_first: bool | None, expected: str) -> None:
    assert time_of_cell(cell, day_is_first) == at(expected)


@pytest.mark.parametrize("cell", ["5/3/2026", "yesterday", "32/13/2026", "0", "-", "5 Foo 2026", "1/2/3/4", "2026-02-30"])  # fmt: skip
def test_what_is_no_date_or_could_be_two_is_none(cell: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        time_of_cell(cell, None)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (("1,234.50", "20"), (1234.5, 20.0)),
        (("1.234,50", "20"), (1234.5, 20.0)),
        (("1.234", "20,5"), (1234.0, 20.5)),
        (("1,234", "20"), (1234.0, 20.0)),
        (("1 234,50 €", "3 €"), (1234.5, 3.0)),
        (("$25.00", "USD 3.10"), (25.0, 3.1)),
        (("-25.00", "-3.10", "+7.00"), (25.0, 3.1, -7.0)),
        (("25.00", "3.10", "(7.00)"), (25.0, 3.1, -7.0)),
        (("CHF 1'234.50",), (1234.5,)),
        (("25,00-", "3,00-"), (25.0, 3.0)),
    ],
)
def test_a_column_writes_its_amounts_in_one_way(
    column: tuple[str, ...], expected: tuple[float, ...]
) -> None:
    habit = _habit(amounts=column)
    assert tuple(habit.amount(one) for one in column) == expected


def test_what_is_no_amount_is_none() -> None:
    for cell in ("", "free", "-", "€"):
        with pytest.raises(ValueError, match="no amount"):
            Habit().amount(cell)


def test_currencies_that_amounts_name() -> None:
    assert [currency_of(one) for one in ("25,00 €", "£3", "USD 3", "$3", "3")] == [
        "EUR", "GBP", "USD", "", "",
    ]  # fmt: skip


def test_counts_and_sizes() -> None:
    assert [count_of(one) for one in ("1,204", "1.204", "12.0", "7", "1 000")] == [
        1204, 1204, 12, 7, 1000,
    ]  # fmt: skip
    assert [bytes_of(one) for one in ("1234", "1,234", "1.2 GB", "3,5 MB", "2 KiB", "5 B")] == [
        1234, 1234, 1_200_000_000, 3_500_000, 2048, 5,
    ]  # fmt: skip
    for cell in ("", "many", "1.2 bananas", "9" * 30):
        with pytest.raises(ValueError, match=r"no (count|size)"):
            bytes_of(cell)
