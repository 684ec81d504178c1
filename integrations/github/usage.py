"""What GitHub says of Copilot: the subscription, seats, use, agents, and models that were paid for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from integrations.fields import Item
from scanner.model import (
    Activity,
    App,
    Asset,
    Identifier,
    Plan,
    Record,
    Seat,
    Setting,
    Spend,
)

# Copilot is nobody's installation: it is known by its host. Each record that refers to it brings
# it along, for an account may answer some of these questions and not others.
COPILOT = App(
    key="copilot",
    name="GitHub Copilot",
    publisher="GitHub",
    urls=("https://githubcopilot.com",),
    identifiers=((Identifier.IDE_EXT, "github.copilot"),),
    kind="service",
)
_POLICIES = {
    "ide_chat": "chat in the editor",
    "platform_chat": "chat on the site",
    "cli": "terminal",
}


def parse_billing(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the subscription, and what is switched on."""
    plan = item.text("plan_type")
    seats = item.at("seat_breakdown")
    if not plan and not seats.has("total"):
        return
    yield COPILOT
    total = seats.number("total")
    assigned = total - seats.number("pending_invitation")
    whose = parameters.get("org", "").lower()  # each organisation of an account pays for its own
    yield Plan(COPILOT.key, plan, bought=total, assigned=max(assigned, 0), key=whose)
    for name, title in _POLICIES.items():
        if state := item.text(name):
            yield Setting(COPILOT.key, title, state == "enabled")


def parse_seat(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a seat. Nobody's last use is told whose editor sends no telemetry."""
    person = item.at("assignee").text("login")
    if not person:
        return
    yield COPILOT
    yield Seat(
        COPILOT.key,
        plan=item.text("plan_type"),
        person=person,
        assigned=item.time("created_at"),
        last_used=item.time("last_activity_at"),
        may_tell_use=True,
    )


def parse_use(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield what one person did with Copilot on one day."""
    person = item.text("user_login")
    asked, written = (
        item.number("user_initiated_interaction_count"),
        item.number("code_generation_activity_count"),
    )
    ways = [way for way in ("chat", "agent", "cli") if item.flag(f"used_{way}")]
    if not person or not (asked or written or ways):
        return
    yield COPILOT
    yield Activity(
        COPILOT.key,
        person=person,
        when=item.time("day"),
        events=max(asked, written, 1),
        detail=", ".join(ways),
    )


def parse_coding_agent(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield whether the coding agent may work, and where."""
    where = item.text("enabled_repositories")
    if where:
        yield COPILOT
        unit = "selected repositories" if where == "selected" else ""
        yield Setting(COPILOT.key, "coding agent", where != "none", unit)


def parse_space(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a space."""
    if key := item.text("id"):
        yield COPILOT
        yield Asset(
            COPILOT.key,
            kind="space",
            key=key,
            name=item.text("name"),
            owner=item.at("creator").text("login"),
            created=item.time("created_at"),
        )


def parse_custom_agent(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an agent that the enterprise wrote."""
    path = item.text("file_path")
    if key := path or item.text("url"):
        yield COPILOT
        yield Asset(COPILOT.key, kind="agent", key=key, name=item.text("name"), detail=path)


def parse_billed(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a model that was used in a month, and what was paid for it."""
    model = item.text("model")
    if not model:
        return
    month = _month(parameters)
    quantity = item.amount("grossQuantity") or item.amount("netQuantity")
    yield COPILOT
    yield Asset(
        COPILOT.key,
        kind="model",
        key=model,
        name=model,
        last_used=month,
        detail=f"{quantity:g} {item.text('unitType')}".strip(),
    )
    if amount := item.amount("netAmount"):
        yield Spend(COPILOT.key, amount, "USD", unit=item.text("sku"), when=month)


def _month(parameters: Mapping[str, str]) -> datetime | None:
    try:
        return datetime(int(parameters["year"]), int(parameters["month"]), 1, tzinfo=UTC)
    except (KeyError, ValueError):
        return None
