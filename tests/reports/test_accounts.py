"""What reports say of accounts, in words: reach, seats, money, and coverage."""

from typing import Any

from reports.accounts import (
    Money,
    Plan,
    Reach,
    in_clauses,
    listed_by,
    money_of,
    plans_of,
    reaches_of,
)
from reports.sources import in_rows, not_looked_at, unseen
from reports.texts import Texts
from scanner.model import (
    SOURCE_TREE,
    Action,
    Channel,
    Consent,
    EvidenceKind,
    Identifier,
    Level,
    Reached,
    Seats,
    Seen,
    Spent,
    SystemFacts,
    SystemKind,
    Way,
)

ENGLISH, FRENCH = Texts("en"), Texts("fr")


def reached(area: str, scope: str, **more: Any) -> Reached:
    usual: dict[str, Any] = {
        "id": "g1.a.s",
        "can_write": False,
        "is_wide": False,
        "way": Way.DELEGATED,
        "consent": Consent.USER,
        "people": 1,
        "is_for_all": False,
        "source": "x",
    }
    return Reached(**{**usual, "area": area, "scope": scope, **more})


def facts(**more: Any) -> SystemFacts:
    return SystemFacts("ais-1", "X", SystemKind.USED, "x/x", {}, "assistant", "native", 1, **more)


def listed(*channels: Channel) -> SystemFacts:
    seen = tuple(
        Seen(
            "e1", "x", "x.x", Identifier.HOST, EvidenceKind.GRANT, channel, Action.ALLOWED,
            Level.LISTED, 0, 0, 0, 0, None, None, 90,
        )
        for channel in channels
    )  # fmt: skip
    return facts(seen=seen)


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
    rows = (
        reached("identity", "openid", is_for_all=True, consent=Consent.ADMIN),
        reached("mail", "https://www.googleapis.com/auth/gmail.readonly"),
        reached("mail", "Mail.ReadWrite", can_write=True, is_for_all=True, consent=Consent.ADMIN),
        reached("files", "Files.Read.All", is_wide=True, consent=Consent.ADMIN),
        reached("unclassified", "Strange.Scope", can_write=None),
    )
    assert reaches_of(rows) == (
        Reach("mail", True, 1, ("Mail.ReadWrite", "gmail.readonly")),
        Reach("files", False, 2, ("Files.Read.All",)),
        Reach("unclassified", None, 0, ("Strange.Scope",)),
        Reach("identity", False, 1, ("openid",)),
    )
    assert in_clauses(facts(reached=rows), ENGLISH) == [
        "may read and change mail of everybody who uses it",
        "may read files of the whole organisation",
        "may reach what nobody has classified yet of those who agreed to it",
    ]
    assert (
        in_clauses(facts(reached=rows), FRENCH)[1] == "peut lire les fichiers de tout l’organisme"
    )


def test_a_list_that_names_nobody_does_not_say_everybody() -> None:
    (reach,) = reaches_of([reached("mail", "x", is_for_all=True, consent=Consent.UNKNOWN)])
    assert reach.row(ENGLISH) == ("mail", "read", "of those who agreed to it", ("x",))


def test_seats_that_several_lists_tell_a_part_of_each_are_one_plan() -> None:
    seats = (
        Seats("business", None, 3, 1, "a"),
        Seats("Business", 4, 3, None, "b"),
        Seats("", 2, None, None, "c"),
    )
    assert plans_of(seats) == (Plan("", 2, None, None), Plan("business", 4, 3, 1))
    assert in_clauses(facts(seats=seats), ENGLISH) == ["1 of 3 seats never used"]


def test_money_is_added_up_by_currency() -> None:
    spent = (
        Spent("2026-10", "USD", 20.0, 1, "a"),
        Spent("2026-11", "USD", 20.0, 1, "a"),
        Spent("2026-11", "EUR", 9.5, 1, "a"),
    )
    assert money_of(spent) == (Money("EUR", 9.5, 1), Money("USD", 40.0, 2))
    assert in_clauses(facts(spent=spent), ENGLISH) == ["€9.50 paid", "US$40.00 paid"]


def test_what_nobody_was_seen_using_is_told_by_how_it_is_known() -> None:
    assert listed_by(listed(Channel.APP, Channel.EXPENSE), ENGLISH) == "paid for"
    assert (
        listed_by(listed(Channel.APP, Channel.DEVICE, Channel.GRANT), ENGLISH)
        == "granted access and installed"
    )
    assert listed_by(listed(Channel.APP), ENGLISH) == "named in a list"


def test_an_account_is_one_row_and_says_which_lists_are_missing() -> None:
    title = "Microsoft Entra ID and Microsoft Graph"
    rows = in_rows(
        [
            source("hq People", f"{title}: People", read=60),
            source("hq Last use", f"{title}: Last use", "not_licensed", reason="no P1", read=0),
            source("b.log", "bind", "partial", reason="cut"),
            source("dev Copilot seats", "GitHub: Copilot seats", "denied", reason="ask for it"),
        ],
        ENGLISH,
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
    denied = [source("o Applications", title, "denied")]
    assert "SSO and OAuth grants" in [name for name, _ in not_looked_at(denied, ENGLISH)]
    seen = [
        source("o Applications", title),
        source("x", "Expenses, company cards and bank accounts (CSV, XLSX)"),
        source("y", SOURCE_TREE),
    ]
    names = [name for name, _ in not_looked_at(seen, ENGLISH)]
    assert names == ["SaaS administration", "Devices"]
    assert unseen([source("a", "b", "not_licensed"), source("a", "b", "denied")]) == (1, 2)
