"""What Okta's system log says: sign-ins, consents, and who added an application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.fields import Item
from scanner.model import Activity, Consent, Grant, Owner, Person, Record, Way

_DONE = ("", "SUCCESS", "ALLOW")
_REFUSED = ("FAILURE", "DENY")
# What a consent names its application by: a target's own details hold its id under its type.
_CLIENTS = ("publicclientapp", "confidentialclientapp", "clientapp", "app")
_SCOPES = ("grantedScopes", "scopes", "requestedScopes")
_ADMIN = "app.oauth2.admin.consent.grant"


def parse_sign_in(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a sign-in to an application, and who signed in."""
    app = _application(item) or parameters.get("appId", "")
    person = _actor(item)
    if not app or person is None:
        return
    yield Activity(
        app=app,
        person=person.key,
        when=item.time("published"),
        is_blocked=item.at("outcome").text("result") in _REFUSED,
        detail=item.text("eventType"),
    )
    yield person


def parse_consent(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield what somebody agreed to. The actor may be Okta itself; then a target names the person."""
    app = _client(item)
    if not app or item.at("outcome").text("result") not in _DONE:
        return
    actor = _actor(item)
    person = next(filter(None, (one.at("detailEntry").text("user") for one in _targets(item))), "")
    by = actor.key if actor else person
    is_admin = item.text("eventType") == _ADMIN
    yield Grant(
        app=app,
        scopes=tuple(_scopes(item)),
        way=Way.DELEGATED,
        consent=Consent.ADMIN if is_admin else Consent.USER,
        person="" if is_admin else person or by,
        granted_by=by,
        granted=item.time("published"),
    )
    if actor:
        yield actor


def parse_created(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield who added an application."""
    app, person = _application(item), _actor(item)
    if app and person and item.at("outcome").text("result") in _DONE:
        yield Owner(app, person.key, "added it to Okta")
        yield person


def _application(item: Item) -> str:
    """Return the key of the application that an event is about."""
    found = (one.text("id") for one in _targets(item) if one.text("type") == "AppInstance")
    return next(filter(None, found), "")


def _client(item: Item) -> str:
    """Return the application of a consent: its id is the client id that OAuth knows it by."""
    if found := _application(item):
        return found
    for target in _targets(item):
        detail = target.at("detailEntry")
        if found := next(filter(None, (detail.text(name) for name in _CLIENTS)), ""):
            return found
        if target.text("type").endswith("ClientApp"):
            return target.text("id")
    return item.at("debugContext").at("debugData").text("clientId")


def _scopes(item: Item) -> Iterator[str]:
    """Yield what was agreed to: a target for each scope, or one text of all of them."""
    named = [
        one.text("displayName")
        for one in _targets(item)
        if any(one.at("detailEntry").text(name) for name in _CLIENTS)
        or one.text("type").lower().endswith("scope")
    ]
    if any(named):
        yield from filter(None, named)
        return
    data = item.at("debugContext").at("debugData")
    text = next(filter(None, (data.text(name) for name in _SCOPES)), "")
    yield from text.replace(",", " ").split()


def _actor(item: Item) -> Person | None:
    """Return the person who did it; None where it was a program."""
    actor = item.at("actor")
    key = actor.text("id")
    return Person(key, actor.text("alternateId")) if key and actor.text("type") == "User" else None


def _targets(item: Item) -> Iterator[Item]:
    return item.items("target")
