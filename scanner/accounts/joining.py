"""What several records say of one thing, put together: the same whatever their order, however often.

Where they disagree the one that says more is believed, and among equals always the same one.
"""

from __future__ import annotations

from typing import TypeVar

from scanner.model import App, Asset, Entry, Identifier, Person, Setting
from scanner.model.evidence import earlier, later

_Value = TypeVar("_Value", bound=str | tuple[Identifier, str])


def joined_app(one: App, other: App) -> App:
    """Return what two records say of one application."""
    if one == other:
        return one
    return App(
        key=one.key,
        name=_text(one.name, other.name),
        idp=_text(one.idp, other.idp),
        client_id=_text(one.client_id, other.client_id),
        owner_tenant=_text(one.owner_tenant, other.owner_tenant),
        publisher=_text(one.publisher, other.publisher),
        domains=_all(one.domains, other.domains),
        urls=_all(one.urls, other.urls),
        identifiers=_all(one.identifiers, other.identifiers),
        kind=_text(one.kind, other.kind),
        description=_text(one.description, other.description),
        is_enabled=_claim(one.is_enabled, other.is_enabled),
        is_own=one.is_own or other.is_own,
        is_wanted_only=one.is_wanted_only and other.is_wanted_only,
        created=earlier(one.created, other.created),
        is_named_by_catalogue=one.is_named_by_catalogue or other.is_named_by_catalogue,
    )


def joined_person(one: Person, other: Person) -> Person:
    """Return what two records say of one person. Who is there by either is there."""
    if one == other:
        return one
    states = {one.is_active, other.is_active}
    return Person(
        one.key,
        max((one.login, other.login), key=lambda login: ("@" in login, len(login), login)),
        _text(one.unit, other.unit),
        _text(one.manager, other.manager),
        True if True in states else False if False in states else None,
        _text(one.name, other.name),
    )


def joined_asset(one: Asset, other: Asset) -> Asset:
    """Return what two records say of one thing that people made."""
    if one == other:
        return one
    return one._replace(
        app=min(one.app, other.app),
        name=_text(one.name, other.name),
        owner=_text(one.owner, other.owner),
        created=earlier(one.created, other.created),
        last_used=later(one.last_used, other.last_used),
        detail=_text(one.detail, other.detail),
    )


def joined_setting(one: Setting, other: Setting) -> Setting:
    """Return what two records say of one switch: on, if either says so."""
    return one._replace(app=min(one.app, other.app), is_on=one.is_on or other.is_on)


def joined_entry(one: Entry, other: Entry) -> Entry:
    """Return what two rows of a register say of one application."""
    if one == other:
        return one
    return Entry(
        one.app,
        _text(one.owner, other.owner),
        _text(one.unit, other.unit),
        _text(one.status, other.status),
        earlier(one.since, other.since),
    )


def larger(one: int | None, other: int | None) -> int | None:
    """Return the larger of two numbers, of which either may be unknown."""
    return max((number for number in (one, other) if number is not None), default=None)


def _text(one: str, other: str) -> str:
    return max((one, other), key=lambda text: (len(text), text))


def _all(one: tuple[_Value, ...], other: tuple[_Value, ...]) -> tuple[_Value, ...]:
    return tuple(sorted({*one, *other}))


def _claim(one: bool | None, other: bool | None) -> bool | None:
    known = [value for value in (one, other) if value is not None]
    return any(known) if known else None
