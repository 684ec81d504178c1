"""What Slack's answers say: apps, MCP servers, bots, people, and who let what in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.fields import Item
from scanner.model import (
    App,
    Asset,
    Consent,
    Grant,
    Identifier,
    Owner,
    Person,
    Record,
    Setting,
    Way,
)

_ENDED = ("removed", "disabled")
_SLACKBOT = "USLACKBOT"


def no_records(_item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield nothing: ``identify`` reads it."""
    yield from ()


def parse_approved(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an app that may be installed, and the scopes that were approved with it.

    Where it is installed Slack does not say here; that nobody uses what was approved is rare.
    """
    if not (app := _app(item.at("app"))):
        return
    yield app._replace(is_enabled=True)
    by = item.at("last_resolved_by")
    person = by.text("actor_id") if by.text("actor_type") == "user" else ""
    for way, scopes in _scopes(item).items():
        yield Grant(
            app.key,
            scopes,
            resource="Slack",
            way=way,
            consent=Consent.ADMIN,
            granted_by=person,
            granted=item.time("date_updated"),
        )


def parse_restricted(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an app that may not be installed."""
    if app := _app(item.at("app")):
        yield app._replace(is_enabled=False)
        yield Setting(app.key, "may be installed", False)


def parse_requested(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an app that somebody wants, and who. What that person wrote is not read."""
    if not (app := _app(item.at("app"))):
        return
    yield app._replace(is_wanted_only=True, created=item.time("date_created"))
    user = item.at("user")
    if person := user.text("id"):
        yield Owner(app.key, person, "asked for it")
        yield Person(person, user.text("email"))


def _app(item: Item) -> App | None:
    key = item.text("id")
    if not key:
        return None
    pages = ("app_homepage_url", "help_url", "privacy_policy_url")
    return App(
        key=key,
        name=item.text("name"),
        idp="slack",
        urls=tuple(dict.fromkeys(url for name in pages if (url := item.text(name)))),
        identifiers=((Identifier.SLACK_APP, key),),
        kind="Slack app",
        description=item.text("description"),
        is_own=item.flag("is_internal") is True,
    )


def _scopes(item: Item) -> dict[Way, tuple[str, ...]]:
    """Return scopes by whose name they are used in: a bot's own, or that of the person."""
    found: dict[Way, list[str]] = {}
    for one in item.items("scopes"):
        way = Way.DELEGATED if one.text("token_type") == "user" else Way.APPLICATION
        if name := one.text("name"):
            found.setdefault(way, []).append(name)
    return {way: tuple(names) for way, names in found.items()}


def parse_mcp_server(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a server that Slack's AI may call, and the app that it belongs to."""
    key = item.text("id") or item.text("server_id")
    app, name = item.text("app_id"), item.text("name")
    if not (key or app):
        return
    url = item.text("url") or item.text("server_url")
    yield App(
        key=app or f"MCP server {key}",
        name=name,
        idp="slack",
        urls=(url,) if url else (),
        identifiers=((Identifier.SLACK_APP, app),) if app else (),
        kind="MCP server",
        is_enabled=True,
    )
    yield Asset(app or f"MCP server {key}", "MCP server", key or app, name, detail=url)


def parse_user(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a bot as the app behind it, or a person."""
    key = item.text("id")
    if not key or key == _SLACKBOT or item.flag("is_workflow_bot"):
        return
    deleted, profile = item.flag("deleted"), item.at("profile")
    is_there = None if deleted is None else not deleted
    if not item.flag("is_bot"):
        yield Person(key, profile.text("email"), is_active=is_there)
        return
    app = profile.text("api_app_id")
    yield App(
        key=app or key,
        name=profile.text("real_name") or item.text("real_name") or item.text("name"),
        idp="slack",
        identifiers=((Identifier.SLACK_APP, app),) if app else (),
        kind="bot",
        is_enabled=is_there,
    )


def parse_log(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield what was added or taken away, and by whom."""
    app = item.text("app_id")
    key = app or item.text("service_id")
    if not key:
        return
    yield App(
        key=key,
        name=item.text("service_type") or item.text("app_type"),
        idp="slack",
        identifiers=((Identifier.SLACK_APP, app),) if app else (),
        kind="Slack app" if app else "integration",
    )
    person = item.text("user_id")
    yield Grant(
        key,
        tuple(one.strip() for one in item.text("scope").split(",") if one.strip()),
        resource="Slack",
        way=Way.APPLICATION,
        consent=Consent.USER,
        granted_by=person,
        granted=item.time("date"),
        is_revoked=item.text("change_type") in _ENDED,
    )
