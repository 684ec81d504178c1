"""What Cursor's answers mean. People are called by their e-mail addresses everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.fields import Item
from scanner.model import (
    Activity,
    App,
    Asset,
    Identifier,
    Owner,
    Person,
    Record,
    Seat,
    Spend,
)

CURSOR = "cursor"
PRODUCT = App(
    CURSOR,
    "Cursor",
    publisher="Anysphere",
    identifiers=((Identifier.HOST, "cursor.com"),),
    kind="code editor",
)
# What is counted as use of AI; completions that were taken are.
COUNTED = (
    "agentRequests",
    "chatRequests",
    "composerRequests",
    "cmdkUsages",
    "bugbotUsages",
    "totalTabsAccepted",
)
_CENTS = 100

Parameters = Mapping[str, str]


def team(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield the product, where a team is named."""
    if item.at("params").text("teamId"):
        yield PRODUCT


def member(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a member; somebody who was removed holds no seat."""
    if not (key := item.text("email")):
        return
    is_removed = item.flag("isRemoved")
    yield PRODUCT
    yield Person(key, key, is_active=None if is_removed is None else not is_removed)
    if is_removed:
        return
    yield Seat(CURSOR, person=key)
    if item.text("role") in ("owner", "free-owner"):
        yield Owner(CURSOR, key, "owner of the Cursor team")


def daily_use(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield the days on which people used it. The whole answer is the item."""
    for one in item.items("data"):
        person = one.text("email")
        events = sum(one.number(name) for name in COUNTED)
        if not person or (events <= 0 and not one.flag("isActive")):
            continue
        yield PRODUCT
        yield Activity(
            CURSOR,
            person,
            one.time("day") or one.time("date"),
            max(1, events),
            detail=one.text("mostUsedModel"),
        )


def spending(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield what people spent since the billing cycle began, with what the plan includes."""
    began = item.time("subscriptionCycleStart")
    for one in item.items("teamMemberSpend"):
        cents = one.amount("overallSpendCents") or one.amount("spendCents")
        if one.text("email") and cents:
            yield PRODUCT
            yield Spend(CURSOR, cents / _CENTS, "USD", one.text("email"), when=began)


def events(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield single requests with their models, and the service accounts among those who asked."""
    for one in item.items("usageEvents"):
        person, account = one.text("userEmail"), one.text("serviceAccountId")
        if not person and not account:
            continue
        yield PRODUCT
        if account:
            yield Asset(CURSOR, "service account", account, one.text("serviceAccountName"))
        yield Activity(
            CURSOR,
            "" if account else person,
            one.time("timestamp"),
            detail=", ".join(filter(None, (one.text("model"), _how(one)))),
        )


def _how(event: Item) -> str:
    """Return how a request came about that nobody sat before."""
    if event.text("automationId"):
        return "automation"
    if event.text("cloudAgentId"):
        return "cloud agent"
    return "headless" if event.flag("isHeadless") else ""
