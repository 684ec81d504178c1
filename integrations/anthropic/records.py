"""What Anthropic's answers mean. There are three products: Claude, Claude Code and the API."""

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

CLAUDE = "claude"
CODE = "claude-code"
API = "anthropic-api"
PRODUCTS = {
    CLAUDE: App(
        CLAUDE, "Claude", publisher="Anthropic", identifiers=((Identifier.HOST, "claude.ai"),)
    ),
    CODE: App(
        CODE,
        "Claude Code",
        publisher="Anthropic",
        identifiers=((Identifier.IDE_EXT, "anthropic.claude-code"),),
    ),
    API: App(
        API,
        "Claude API",
        publisher="Anthropic",
        identifiers=((Identifier.HOST, "api.anthropic.com"),),
        kind="model API",
    ),
}
OWNERS = ("admin", "owner", "primary_owner")
_CENTS = 100

Parameters = Mapping[str, str]


def organisation(_item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield nothing: it says whose account it is, and of no product that it is used."""
    return iter(())


def member(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a member of a Claude Enterprise organisation."""
    return _member(item, CLAUDE, "owner of the Claude organisation")


def console_member(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a member of a Claude Console organisation, where developers work."""
    is_coder = item.text("role") == "claude_code_user"
    return _member(item, CODE if is_coder else API, "admin of the Claude Console organisation")


def _member(item: Item, app: str, owns: str) -> Iterator[Record]:
    if not (key := item.text("id")):
        return
    yield PRODUCTS[app]
    yield Person(key, item.text("email"))
    yield Seat(app, person=key, assigned=item.time("added_at"))
    if item.text("role") in OWNERS:
        yield Owner(app, key, owns)


def workspace(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a workspace: what keys and spending belong to."""
    if not (key := item.text("id")):
        return
    archived = "archived" if item.text("archived_at") else ""
    place = item.at("data_residency").text("workspace_geo")
    yield PRODUCTS[API]
    yield Asset(
        API,
        "workspace",
        key,
        item.text("name"),
        created=item.time("created_at"),
        detail=_joined(archived, place),
    )


def api_key(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield an API key: who made it and where it works. Never the key."""
    if not (key := item.text("id")):
        return
    maker = item.at("created_by")
    account = item.at("principal").text("service_account_id")
    owner = item.at("principal").text("user_id")
    if not owner and not account and maker.text("type") != "service_account":
        owner = maker.text("id")
    where = item.at("scope").text("workspace_id") or item.text("workspace_id")
    yield PRODUCTS[API]
    yield Asset(
        API,
        "API key",
        key,
        item.text("name"),
        owner,
        item.time("created_at"),
        detail=_joined(
            item.text("status"), where, f"of service account {account}" if account else ""
        ),
    )


def service_account(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a service account: an identity that no person is."""
    if not (key := item.text("id")):
        return
    archived = "archived" if item.text("archived_at") else ""
    yield PRODUCTS[API]
    yield Asset(
        API,
        "service account",
        key,
        item.text("name"),
        item.text("created_by_actor_id"),
        item.time("created_at"),
        detail=_joined(item.text("organization_role"), archived),
    )


def plugin(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a plugin that the organisation offers, with the servers and agents in it."""
    if not (key := item.text("id")):
        return
    maker, owner = item.at("created_by"), item.at("owner")
    person = owner.text("user_id") or maker.text("user_id")
    parts = [f"{one.text('type')} {one.text('name')}" for one in item.items("components")]
    yield PRODUCTS[CLAUDE]
    if maker.text("user_id") and maker.text("email_address"):
        yield Person(maker.text("user_id"), maker.text("email_address"))
    yield Asset(
        CLAUDE,
        "plugin",
        key,
        item.text("display_name") or item.text("name"),
        person,
        item.time("created_at"),
        detail=_joined(
            item.text("organization_installation_preference").replace("_", " "),
            item.text("reach"),
            *parts,
        ),
    )


def user_usage(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield the requests of a person with a product and a model. They are not messages."""
    actor = item.at("actor")
    if not (key := actor.text("user_id")) or not (events := item.number("requests")):
        return
    app = _app_of(item.text("product"))
    yield PRODUCTS[app]
    yield Person(
        key, actor.text("email_address"), is_active=False if actor.flag("deleted") else None
    )
    yield Activity(
        app,
        key,
        item.time("starting_at"),
        events,
        detail=_joined("requests", item.text("product"), item.text("model")),
    )


def product_costs(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield what each product cost on one day."""
    for one in item.items("results"):
        yield from _spend(item, one, _app_of(one.text("product")))


def console_usage(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield the use of the API on one day, by workspace and model. Requests are not counted."""
    for one in item.items("results"):
        if not one.number("output_tokens") and not one.number("uncached_input_tokens"):
            continue
        yield PRODUCTS[API]
        yield Activity(
            API,
            one.text("account_id"),
            item.time("starting_at"),
            detail=_joined("messages", one.text("model"), one.text("workspace_id")),
        )


def console_costs(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield what each workspace cost on one day."""
    for one in item.items("results"):
        yield from _spend(item, one, API)


def claude_code(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a person's or a key's day with Claude Code."""
    actor = item.at("actor")
    person, key = actor.text("email_address"), actor.text("api_key_name")
    events = item.at("core_metrics").number("num_sessions")
    if not (person or key) or not item.text("date"):
        return
    models = [one.text("model") for one in item.items("model_breakdown")]
    yield PRODUCTS[CODE]
    if person:
        yield Person(person, person)
    yield Activity(
        CODE,
        person,
        item.time("date"),
        max(1, events),
        detail=_joined("sessions", *models, f"with key {key}" if key else ""),
    )


def _spend(bucket: Item, row: Item, app: str) -> Iterator[Record]:
    """Yield the money of a row. Amounts are cents, written as text."""
    if not (cents := row.amount("amount")):
        return
    yield PRODUCTS[app]
    yield Spend(
        app,
        cents / _CENTS,
        row.text("currency"),
        unit=row.text("workspace_id"),
        when=bucket.time("starting_at"),
    )


def _app_of(product: str) -> str:
    return CODE if product == "claude_code" else CLAUDE


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))
