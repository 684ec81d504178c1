"""What the brief says of accounts, in words: reach, seats, money, owners, and coverage."""

from typing import Any

from reports.accounts import (
    Account,
    Candidate,
    Money,
    Reach,
    Seats,
    listed_by,
    money_of,
    owners_of,
    reaches_of,
    seats_of,
)
from reports.coverage import in_rows, not_looked_at, unseen
from scanner.model import SOURCE_TREE


def access(area: str, scope: str, **more: Any) -> dict[str, Any]:
    usual = {"can_write": 0, "is_wide": 0, "is_for_all": 0, "consent": "user"}
    return {"area": area, "scope": scope, **usual, **more}


def source(name: str, format: str, state: str = "complete", **more: Any) -> dict[str, Any]:  # noqa: A002
    usual = {"reason": None, "notes": [], "read": 1, "parsed": 1, "rejected": 0, "screened": 0}
    return {
        "name": name,
        "format": format,
        "state": state,
        "first": None,
        "last": None,
        **usual,
        **more,
    }


def test_an_area_is_as_open_as_its_widest_grant() -> None:
    rows = [
        access("identity", "openid", is_for_all=1, consent="admin"),
        access("mail", "https://www.googleapis.com/auth/gmail.readonly"),
        access("mail", "Mail.ReadWrite", can_write=1, is_for_all=1, consent="admin"),
        access("files", "Files.Read.All", is_wide=1, consent="admin"),
        access("unclassified", "Strange.Scope", can_write=None),
    ]
    assert reaches_of(rows) == (
        Reach("mail", True, 1, ("Mail.ReadWrite", "gmail.readonly")),
        Reach("files", False, 2, ("Files.Read.All",)),
        Reach("unclassified", None, 0, ("Strange.Scope",)),
        Reach("identity", False, 1, ("openid",)),
    )
    assert Account(reaches_of(rows)).summary == [
        "may read and change mail of everybody who uses it",
        "may read files of the whole organisation",
        "may reach what nobody has classified yet of those who agreed to it",
    ]


def test_a_list_that_names_nobody_does_not_say_everybody() -> None:
    (reach,) = reaches_of([access("mail", "x", is_for_all=1, consent="unknown")])
    assert reach.of_whom == "of those who agreed to it"


def test_seats_that_several_lists_tell_a_part_of_each_are_one_plan() -> None:
    rows = [
        {"plan": "business", "bought": None, "assigned": 3, "never_used": 1},
        {"plan": "Business", "bought": 4, "assigned": 3, "never_used": None},
        {"plan": "", "bought": 2, "assigned": None, "never_used": None},
    ]
    assert seats_of(rows) == (Seats("licence", 2, None, None), Seats("business", 4, 3, 1))
    assert Account(seats=seats_of(rows)).summary == ["1 of 3 seats never used"]


def test_money_is_added_up_by_currency_and_owners_by_name() -> None:
    spends = [
        {"currency": "USD", "amount": 20.0, "month": "2026-10"},
        {"currency": "USD", "amount": 20.0, "month": "2026-11"},
        {"currency": "EUR", "amount": 9.5, "month": "2026-11"},
    ]
    assert money_of(spends) == (Money("EUR", 9.5, 1), Money("USD", 40.0, 2))
    assert owners_of(
        [
            {"owner": "ana", "reason": "registered", "confidence": 0.8},
            {"owner": "ana (has left)", "reason": "consented", "confidence": 0.6},
            {"owner": "tom", "reason": "consented", "confidence": 0.6},
        ]
    ) == [
        Candidate("tom", "consented", 0.6),
        Candidate("ana (has left)", "registered; consented", 0.8),
    ]


def test_what_nobody_was_seen_using_is_told_by_how_it_is_known() -> None:
    assert listed_by(["app", "expense"]) == "paid for"
    assert listed_by(["app", "device", "grant"]) == "let into an account and installed"
    assert listed_by(["app"]) == "listed in an account"


def test_an_account_is_one_row_and_says_which_lists_are_missing() -> None:
    title = "Microsoft Entra ID and Microsoft Graph"
    rows = in_rows(
        [
            source("hq People", f"{title}: People", read=60),
            source("hq Last use", f"{title}: Last use", "not_licensed", reason="no P1", read=0),
            source("b.log", "bind", "partial", reason="cut"),
            source("dev Copilot seats", "GitHub: Copilot seats", "denied", reason="ask for it"),
        ]
    )
    assert [
        (one["name"], one["format"], one["words"], one["read"], one["said"]) for one in rows
    ] == [
        ("hq", f"{title}, 2 lists", "complete, but for 1", 60, ["Last use: not licensed: no P1"]),
        ("b.log", "bind", "in part", 1, ["cut"]),
        ("dev", "GitHub, 1 list", "in part", 1, ["Copilot seats: denied: ask for it"]),
    ]


def test_a_sense_that_was_denied_was_not_looked_at() -> None:
    title = "Okta: Applications"
    names = [name for name, _ in not_looked_at([source("o Applications", title, "denied")])]
    assert "SSO and OAuth grants" in names
    seen = [
        source("o Applications", title),
        source("x", "Expenses, company cards and bank accounts (CSV, XLSX)"),
        source("y", SOURCE_TREE),
    ]
    assert [name for name, _ in not_looked_at(seen)] == ["SaaS administration", "Devices"]
    assert unseen([source("a", "b", "not_licensed"), source("a", "b", "denied")]) == (1, 2)
