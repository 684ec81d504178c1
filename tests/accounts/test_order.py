"""Whatever the order of records, their split over listings and their repetition: the same is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model import (
    Activity,
    App,
    Asset,
    Assignment,
    Channel,
    Consent,
    Entry,
    Grant,
    Holding,
    Identifier,
    Install,
    Owner,
    Person,
    Plan,
    Record,
    Seat,
    Setting,
    Way,
)
from scanner.model.evidence import earlier, later
from tests.accounts.listings import gathered, listing
from tests.support import at

APPS = ("a", "b", "c", "d")
TIMES = st.sampled_from([None, *(at(f"2026-11-0{day}T0{day}:00:00Z") for day in range(1, 5))])
KEYS = st.sampled_from(APPS)
PEOPLE = st.sampled_from(["", "u1", "u2", "u3"])
SCOPES = st.lists(st.sampled_from(["Mail.Read", "Files.ReadWrite.All", "openid"]), max_size=2)
RESOURCES = st.sampled_from(["", "Microsoft Graph"])
FLAGS = st.sampled_from([None, True, False])

apps = st.builds(
    App,
    key=KEYS,
    name=st.sampled_from(["", "ChatGPT", "Sales AI", "Payroll"]),
    idp=st.sampled_from(["", "entra"]),
    client_id=st.sampled_from(["", "e0476654-c1d5-430b-ab80-70cbd947616a", "1"]),
    publisher=st.sampled_from(["", "OpenAI", "Acme"]),
    domains=st.sampled_from([(), ("claude.ai",), ("acme.example", "otter.ai")]),
    urls=st.sampled_from([(), ("https://claude.ai/x",), ("https://acme.example",)]),
    identifiers=st.sampled_from([(), ((Identifier.SLACK_APP, "A04KGS7N9A8"),)]),
    description=st.sampled_from(["", "An AI assistant"]),
    is_enabled=FLAGS,
    is_own=st.booleans(),
    created=TIMES,
    is_named_by_catalogue=st.booleans(),
)
grants = st.builds(
    Grant,
    app=KEYS,
    scopes=SCOPES.map(tuple),
    resource=RESOURCES,
    way=st.sampled_from(Way),
    consent=st.sampled_from(Consent),
    person=PEOPLE,
    granted_by=PEOPLE,
    granted=TIMES,
    last_used=TIMES,
    is_revoked=st.booleans(),
)
people = st.builds(
    Person,
    key=st.sampled_from(["u1", "u2", "u3"]),
    login=st.sampled_from(["", "ana", "ana@harbour.example", "bo@harbour.example"]),
    unit=st.sampled_from(["", "Sales", "Legal"]),
    manager=PEOPLE,
    is_active=FLAGS,
)
records = st.one_of(
    apps,
    grants,
    people,
    st.builds(Assignment, app=KEYS, person=PEOPLE, assigned=TIMES),
    st.builds(Activity, app=KEYS, person=PEOPLE, when=TIMES, is_blocked=st.booleans()),
    st.builds(
        Seat,
        app=KEYS,
        plan=st.sampled_from(["", "Team"]),
        person=PEOPLE,
        assigned=TIMES,
        last_used=TIMES,
        may_tell_use=st.booleans(),
    ),
    st.builds(
        Plan,
        app=KEYS,
        plan=st.just("Team"),
        bought=st.sampled_from([None, 5, 9]),
        assigned=st.sampled_from([None, 1]),
    ),
    st.builds(Install, app=KEYS, person=PEOPLE, seen=TIMES),
    st.builds(
        Asset,
        app=KEYS,
        kind=st.just("project"),
        key=st.sampled_from(["p", "q"]),
        name=st.sampled_from(["", "Pricing"]),
        owner=PEOPLE,
        created=TIMES,
        last_used=TIMES,
    ),
    st.builds(Setting, app=KEYS, name=st.just("on"), is_on=st.booleans()),
    st.builds(Entry, app=KEYS, owner=PEOPLE, unit=st.sampled_from(["", "Sales"]), since=TIMES),
    st.builds(Owner, app=KEYS, person=PEOPLE, reason=st.just("sponsor")),
)
some = st.lists(records, max_size=14)
few = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _plain(found: Holding, counts: bool = True) -> dict[str, Any]:
    """Return what is held, in a form that can be compared; what was read is no part of it."""
    return {
        "evidence": {
            key: (one.level, one.events if counts or key.channel is not Channel.ACTIVITY else 0,
                  one.first, one.last)
            for key, one in found.evidence.items()
        },
        "products": {key: one.product_key for key, one in found.signatures.items()},
        "apps": found.apps,
        "access": {
            key: (one.detection, one.reach, one.people, one.is_for_all, one.first, one.last)
            for key, one in found.access.items()
        },
        "plans": {
            key: (one.bought, one.assigned, one.people, one.used, one.tells_use)
            for key, one in found.plans.items()
        },
        "assets": found.assets,
        "settings": found.settings,
        "entries": found.entries,
        "claims": found.claims,
        "units": found.units,
        "signs": {
            key: (one.records if counts else 0, one.level, one.first, one.last)
            for key, one in found.signs.items()
        },
        "notes": found.notes,
    }  # fmt: skip


def _held(listed: Sequence[Record], is_state: bool, counts: bool = True) -> dict[str, Any]:
    (found,) = gathered([listing(*listed, is_state=is_state)])
    return _plain(found, counts)


@few
@given(
    some.flatmap(lambda listed: st.tuples(st.just(listed), st.permutations(listed))), st.booleans()
)
def test_the_order_of_records_changes_nothing(
    both: tuple[list[Record], list[Record]], is_state: bool
) -> None:
    one, other = both
    assert _held(one, is_state) == _held(other, is_state)


@few
@given(some, some, st.booleans())
def test_repeated_records_change_nothing_but_counts_of_activity(
    listed: list[Record], more: list[Record], is_state: bool
) -> None:
    again = [*listed, *more, *listed[::2], *more]
    assert _held([*listed, *more], is_state, counts=False) == _held(again, is_state, counts=False)


def _joined(found: Sequence[Holding], part: Callable[[Holding], dict[Any, Any]]) -> set[Any]:
    return {key for one in found for key in part(one)}


@few
@given(some, st.integers(0, 14), st.booleans())
def test_a_split_over_listings_holds_the_same(
    listed: list[Record], at_record: int, is_state: bool
) -> None:
    whole = gathered([listing(*listed, is_state=is_state)])[0]
    parts = gathered(
        [
            listing(*listed[:at_record], key="one", is_state=is_state),
            listing(*listed[at_record:], key="two", is_state=is_state),
        ]
    )
    wholes = _plain(whole)
    for name in ("products", "apps", "access", "plans", "assets", "settings", "entries"):
        assert {key for one in parts for key in _plain(one)[name]} == set(wholes[name]), name
    assert set().union(*(one.claims for one in parts)) == whole.claims
    assert {**parts[0].units, **parts[1].units} == whole.units
    assert _joined(parts, lambda one: one.signs) == set(whole.signs)
    for key, one in whole.evidence.items():
        same = [part.evidence[key] for part in parts if key in part.evidence]
        assert max(part.level for part in same) == one.level
        first, last = None, None
        for part in same:
            first, last = earlier(first, part.first), later(last, part.last)
        assert (first, last) == (one.first, one.last)
    assert _joined(parts, lambda one: one.evidence) == set(whole.evidence)
    for scope, access in whole.access.items():
        reached = [part.access[scope] for part in parts if scope in part.access]
        assert set().union(*(one.people for one in reached)) == access.people
