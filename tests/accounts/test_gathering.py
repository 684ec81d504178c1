"""Records added up: evidence, reach, seats, owners and candidates; whatever their order."""

from __future__ import annotations

from datetime import timedelta

from scanner.model import (
    AccessKey,
    Activity,
    App,
    Asset,
    Channel,
    Consent,
    Grant,
    Holding,
    Identifier,
    Install,
    Level,
    Owner,
    OwnerClaim,
    Person,
    Plan,
    PlanKey,
    Seat,
    Setting,
    Sign,
    SignKey,
    SourceState,
    Spend,
    SpendKey,
    Way,
)
from scanner.model.holdings import Claim
from tests.accounts.listings import gathered, held, listing, products
from tests.support import at

CHATGPT = App("sp1", "ChatGPT", "entra", "e0476654-c1d5-430b-ab80-70cbd947616a")
NOTES = App("sp2", "Sales AI", "entra", "11-22", created=at("2026-11-01T00:00:00Z"))
PAYROLL = App("sp3", "Payroll", "entra", "33-44")
DAY = at("2026-11-02T10:00:00Z")


def detection(found: Holding) -> str:
    (one,) = found.signatures
    return one


def levels(found: Holding) -> dict[tuple[Channel, str], Level]:
    return {(key.channel, key.actor): one.level for key, one in found.evidence.items()}


def test_grants_become_access_with_its_reach_and_the_administrator_an_owner() -> None:
    found = held(
        CHATGPT,
        Grant("sp1", ("Mail.Read", "openid"), "Microsoft Graph", consent=Consent.USER,
              person="u1", granted=DAY),
        Grant("sp1", ("Files.Read.All",), "Microsoft Graph", Way.APPLICATION, Consent.ADMIN,
              granted_by="u2", granted=DAY),
        Person("u1", "ana@harbour.example", "Sales"),
        Person("u2", "bo@harbour.example", is_active=False),
        Person("u3", "cy@harbour.example"),
    )  # fmt: skip
    assert {key.scope: (one.reach.area, one.people, one.is_for_all)
            for key, one in found.access.items()} == {
        "Mail.Read": ("mail", {"ana@harbour.example"}, False),
        "openid": ("identity", {"ana@harbour.example"}, False),
        "Files.Read.All": ("files", set(), True),
    }  # fmt: skip
    assert levels(found)[Channel.GRANT, "ana@harbour.example"] is Level.CONNECTED
    assert found.units == {"ana@harbour.example": "Sales"}
    claim = OwnerClaim("bo@harbour.example (has left)", "consented for everyone", 0.6)
    assert found.claims == {Claim(detection(found), claim)}
    assert found.ignored == {"person": 3}


def test_what_a_state_lists_twice_is_listed_once_and_activity_is_counted() -> None:
    grant = Grant("sp1", ("Mail.Read",), person="u1", granted=DAY, last_used=DAY)
    use = Activity("sp1", "u1", DAY, events=3)
    found = held(CHATGPT, CHATGPT, grant, grant, use, use)
    events = {key.channel: one.events for key, one in found.evidence.items()}
    assert events == {Channel.APP: 0, Channel.GRANT: 1, Channel.ACTIVITY: 6}
    assert found.read == 6


def test_a_listing_may_refer_to_an_application_of_another() -> None:
    first, second = gathered(
        [listing(Grant("sp1", ("Mail.Read",), person="u1"), key="grants"), listing(CHATGPT)]
    )
    assert products([first]) == products([second]) == {"openai/chatgpt"}
    assert not first.apps
    assert list(second.apps) == ["sp1"]


def test_what_several_listings_say_of_one_application_is_put_together() -> None:
    nameless = App("sp1", idp="entra", client_id=CHATGPT.client_id)
    named = App("sp1", "ChatGPT of Sales")
    one, other = gathered([listing(named, key="a"), listing(nameless, key="b")])
    assert products([one, other]) == {"openai/chatgpt"}
    assert not one.signs


def test_a_grant_that_was_taken_back_is_no_access_any_more() -> None:
    given = Grant("sp1", ("Mail.Read",), consent=Consent.USER, person="u1", granted=DAY)
    taken = Grant("sp1", person="u1", granted=DAY + timedelta(days=1), is_revoked=True)
    again = given._replace(granted=DAY + timedelta(days=2))
    events = held(CHATGPT, taken, given, is_state=False)
    assert not events.access
    assert events.ignored == {"revoked grant": 1}
    assert levels(events)[Channel.GRANT, "u1"] is Level.CONNECTED
    assert len(held(CHATGPT, taken, given, again, is_state=False).access) == 1
    of_other = taken._replace(person="u2")
    assert len(held(CHATGPT, of_other, given, is_state=False).access) == 1
    one_scope = taken._replace(scopes=("Files.Read",))
    assert len(held(CHATGPT, one_scope, given, is_state=False).access) == 1
    state, _ = gathered(
        [listing(CHATGPT, given), listing(CHATGPT, taken, key="events", is_state=False)]
    )
    assert len(state.access) == 1


def test_seats_that_nobody_used_are_in_the_plan() -> None:
    found = held(
        CHATGPT,
        Plan("sp1", "Team", 10, 2),
        Seat("sp1", "Team", "u1", last_used=DAY, may_tell_use=True),
        Seat("sp1", "Team", "u2", may_tell_use=True),
    )
    use = found.plans[PlanKey(detection(found), "Team")]
    assert (use.bought, use.assigned, use.people, use.used) == (10, 2, {"u1", "u2"}, {"u1"})
    assert use.tells_use


def test_use_without_a_seat_is_said_where_all_of_it_was_read() -> None:
    seats = listing(CHATGPT, Seat("sp1", "Team", "u1"), Person("u1", "ana@harbour.example"))
    use = listing(
        Activity("sp1", "ANA@harbour.example", DAY),
        Activity("sp1", "bo@harbour.example", DAY),
        key="use",
        is_state=False,
    )
    first, second = gathered([seats, use])
    assert first.notes == ("ChatGPT of OpenAI: 1 person uses it without a seat in this account",)
    assert second.notes == ()
    partly = listing(CHATGPT, Seat("sp1", "Team", "u1"), state=SourceState.PARTIAL)
    assert [one.notes for one in gathered([partly, use])] == [(), ()]
    assert [one.notes for one in gathered([seats])] == [()]


def test_an_unknown_application_that_looks_like_ai_is_a_candidate_without_people() -> None:
    found = held(
        NOTES,
        Grant("sp2", ("Mail.Read",), consent=Consent.USER, person="u1", granted=DAY),
        Activity("sp2", "u1", DAY + timedelta(days=3), events=4),
        PAYROLL,
        Grant("sp3", ("Mail.Read",), person="u1"),
    )
    key = SignKey(
        Identifier.OAUTH, "entra:11-22", "app-name.ai-word", "client_id=11-22;app_name=Sales AI"
    )
    assert found.signs == {
        key: Sign(5, Level.USED, at("2026-11-01T00:00:00Z"), DAY + timedelta(days=3))
    }
    assert set(found.shapes) == {"app-name.ai-word"}
    assert found.ignored == {
        "application that is no AI": 2, "grant of no AI": 2, "activity of no AI": 1,
    }  # fmt: skip
    assert not found.evidence
    assert "u1" not in repr(found.signs)


def test_an_application_that_is_wanted_only_is_listed_and_no_evidence() -> None:
    found = held(CHATGPT._replace(is_wanted_only=True))
    assert list(found.apps) == ["sp1"]
    assert not found.evidence


def test_things_settings_spending_and_owners() -> None:
    found = held(
        CHATGPT,
        Asset("sp1", "project", "p1", "Pricing", "u1", DAY, DAY),
        Setting("sp1", "ChatGPT", is_on=False, unit="Legal"),
        Setting("sp1", "ChatGPT", is_on=True, unit="Sales"),
        Spend("sp1", 20.1, "USD", "u1", "Sales", DAY),
        Spend("sp1", 20.2, "USD", "u1", "Sales", DAY),
        Install("sp1", "u1", "L-7", seen=DAY),
        Owner("sp1", "u1", "sponsor of the agent"),
        Person("u1", "ana@harbour.example"),
    )
    one = detection(found)
    assert found.assets[one, "project", "p1"][0].owner == "ana@harbour.example"
    assert {key[2]: row[0].is_on for key, row in found.settings.items()} == {
        "Legal": False, "Sales": True,
    }  # fmt: skip
    total = found.spends[SpendKey(one, "2026-11", "USD")]
    assert (total.amount, total.lines, total.people) == (40.3, 2, {"ana@harbour.example"})
    assert found.claims == {
        Claim(one, OwnerClaim("ana@harbour.example", "sponsor of the agent", 0.7)),
        Claim(one, OwnerClaim("ana@harbour.example", "paid most of it in expenses", 0.4)),
    }


def test_an_access_is_told_apart_by_whose_scope_it_is() -> None:
    grants = [Grant("sp1", ("Mail.Read",), resource) for resource in ("Microsoft Graph", "Acme")]
    found = held(CHATGPT, *grants)
    assert {key: one.reach.area for key, one in found.access.items()} == {
        AccessKey("sp1", "Mail.Read", "Microsoft Graph", Way.DELEGATED, Consent.UNKNOWN): "mail",
        AccessKey("sp1", "Mail.Read", "Acme", Way.DELEGATED, Consent.UNKNOWN): "unclassified",
    }


def test_no_listing_and_an_empty_one() -> None:
    assert gathered([]) == []
    assert gathered([listing()]) == [Holding()]


def test_two_subscriptions_of_one_plan_add_up_and_one_listed_twice_does_not() -> None:
    one = Plan("sp1", "Business", bought=50, assigned=40, key="sub-1")
    other = Plan("sp1", "Business", bought=30, key="sub-2")
    found = held(CHATGPT, one, other, one, one._replace(assigned=None))
    (use,) = found.plans.values()
    assert (use.bought, use.assigned) == (80, 40)


def test_who_is_there_by_one_record_has_not_left_by_another() -> None:
    grant = Grant("sp1", ("Mail.Read",), consent=Consent.ADMIN, granted_by="u2")
    gone = Person("u2", "bo@harbour.example", is_active=False)
    back = gone._replace(is_active=True)
    for people in ((gone, back), (back, gone)):
        (claim,) = held(CHATGPT, grant, *people).claims
        assert (claim.claim.owner, claim.is_here) == ("bo@harbour.example", True)


def test_the_login_of_each_person_is_told_beside_the_key() -> None:
    use = Activity("sp1", "u1", DAY)
    assert held(CHATGPT, use, Person("u1", "ana@harbour.example")).logins == {
        "u1": "ana@harbour.example"
    }
    assert held(CHATGPT, use).logins == {}
