"""What Entra's logs say: who consented to what and when, who signed in, and what was used last.

A directory audit of a consent (https://learn.microsoft.com/en-us/graph/api/resources/directoryaudit)
has its facts in pairs of a name and a text of JSON::

    {"displayName": "ConsentContext.IsAdminConsent", "newValue": "\\"False\\""}
    {"displayName": "ConsentAction.Permissions", "newValue": "\\"[] => [[Id: ..., ClientId: ...,
     PrincipalId: ..., ResourceId: ..., ConsentType: Principal, Scope: User.Read, ...]]; \\""}

Whoever widens a consent causes an event of removal beside that of adding, with the same content;
so removals are not asked for: they would revoke what stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from integrations.entra.roles import resource_name
from integrations.fields import Item
from scanner.model import Activity, App, Consent, Grant, Owner, Person, Record, Way

CONSENT = "Consent to application"
DELEGATED = "Add delegated permission grant"
ROLE = "Add app role assignment to service principal"
ADDED = "Add service principal"
ACTIVITIES = (CONSENT, DELEGATED, ROLE, ADDED)

_ENTRY = re.compile(r"\[(Id: [^\[\]]*)\]")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PART = re.compile(r"\b(ClientId|PrincipalId|ResourceId|ConsentType|Scope): ([^,]*)")


class _Event(NamedTuple):
    """What all these events have in common."""

    target: Item
    values: Mapping[str, str]
    by: str
    when: datetime | None
    parameters: Mapping[str, str]

    @property
    def app(self) -> str:
        """The object id of the application that was given something."""
        return self.values.get("ServicePrincipal.ObjectID", "")

    @property
    def resource(self) -> str:
        """The service whose permissions were given."""
        return self.target.text("displayName") or self.target.text("id")


def directory_audit(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the grants of a consent, or who brought an application into the tenant."""
    if item.text("result") not in ("success", ""):
        return
    read = _READERS.get(item.text("activityDisplayName"))
    if read is not None:
        yield from _initiator(item)
        yield from read(_event(item, parameters))


def _initiator(item: Item) -> Iterator[Record]:
    """Yield who did it, for people who have left the directory are not listed there."""
    by = item.at("initiatedBy").at("user")
    if by.text("id") and by.text("userPrincipalName"):
        yield Person(by.text("id"), by.text("userPrincipalName"))


def _event(item: Item, parameters: Mapping[str, str]) -> _Event:
    target = next(item.items("targetResources"), Item({}, item.bad))
    values = {
        one.text("displayName"): _plain(one.text("newValue"))
        for one in target.items("modifiedProperties")
    }
    by = item.at("initiatedBy").at("user")
    who = by.text("id") or by.text("userPrincipalName")
    return _Event(target, values, who, item.time("activityDateTime"), parameters)


def _plain(value: str) -> str:
    """Return the text that a value holds as JSON; other values as they are."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found.strip() if isinstance(found, str) else value


def _consent(event: _Event) -> Iterator[Record]:
    is_admin = event.values.get("ConsentContext.IsAdminConsent", "").lower() == "true"
    after = event.values.get("ConsentAction.Permissions", "").rpartition("=>")[2]
    for entry in _ENTRY.findall(after):
        parts = dict(_PART.findall(entry))
        app = parts.get("ClientId", "").strip() or event.target.text("id")
        is_for_all = parts.get("ConsentType", "").strip() == "AllPrincipals"
        if app:
            yield Grant(
                app,
                tuple(parts.get("Scope", "").split()),
                resource_name(parts.get("ResourceId", "").strip(), event.parameters),
                consent=Consent.ADMIN if is_admin or is_for_all else Consent.USER,
                person="" if is_for_all else parts.get("PrincipalId", "").strip(),
                granted_by=event.by,
                granted=event.when,
            )


def _delegated(event: _Event) -> Iterator[Record]:
    if not event.app:
        return
    kind = event.values.get("DelegatedPermissionGrant.ConsentType", "")
    is_for_all = kind == "AllPrincipals"
    yield Grant(
        event.app,
        tuple(event.values.get("DelegatedPermissionGrant.Scope", "").split()),
        event.resource,
        consent=Consent.ADMIN if is_for_all else Consent.UNKNOWN,
        person="" if is_for_all else event.values.get("DelegatedPermissionGrant.PrincipalId", ""),
        granted_by=event.by,
        granted=event.when,
    )


def _role(event: _Event) -> Iterator[Record]:
    role = event.values.get("AppRole.Value") or event.values.get("AppRole.Id", "")
    if event.app and role:
        yield Grant(
            event.app,
            (role,),
            event.resource,
            Way.APPLICATION,
            Consent.ADMIN,
            granted_by=event.by,
            granted=event.when,
        )


def _added(event: _Event) -> Iterator[Record]:
    app = event.target.text("id")
    if app and event.by:
        yield Owner(app, event.by, "brought the application into the tenant")


_READERS: Mapping[str, Callable[[_Event], Iterator[Record]]] = {
    CONSENT: _consent,
    DELEGATED: _delegated,
    ROLE: _role,
    ADDED: _added,
}


def audited_app(item: Item) -> App | None:
    """Return the application that an event is about, which no listing of applications may hold."""
    event = _event(item, {})
    key = event.app or event.target.text("id")
    is_one = event.target.text("type") == "ServicePrincipal" or bool(event.app)
    if not key or not is_one:
        return None
    named = event.values.get("TargetId.ServicePrincipalNames", "")
    client = next((one for one in re.split(r"[;,\s]+", named) if _GUID.fullmatch(one)), "")
    # Of a grant the target is the service whose permissions were given.
    name = "" if event.app else event.target.text("displayName")
    return App(key, name, idp="entra", client_id=client.lower())


def sign_in(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a person's sign-in to ``app`` of the parameters, or one that a policy blocked.

    Attempts that ended for another reason, such as a question for a second factor, are no use.
    """
    app = parameters.get("app") or client_key(item.text("appId"))
    if not app or not item.text("id"):
        return
    is_blocked = item.text("conditionalAccessStatus") == "failure"
    if is_blocked or item.at("status").number("errorCode") == 0:
        yield Activity(
            app,
            item.text("userId"),
            item.time("createdDateTime"),
            is_blocked=is_blocked,
            detail="sign-in",
        )


def last_sign_in(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield when an application was used last, by anybody."""
    last = item.at("lastSignInActivity").time("lastSignInDateTime")
    if last is not None and (app := client_app(item)):
        yield app
        yield Activity(app.key, when=last, detail="last sign-in")


def sign_in_summary(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield how often people signed in to an application in thirty days."""
    count = item.number("successfulSignInCount")
    if count > 0 and (app := client_app(item)):
        yield app
        yield Activity(app.key, events=count, detail="sign-ins in 30 days")


def client_app(item: Item) -> App | None:
    """Return the application of a report that names it by ``appId`` alone."""
    client = item.text("appId")
    if not client:
        return None
    return App(client_key(client), item.text("appDisplayName"), idp="entra", client_id=client)


def client_key(client: str) -> str:
    """Return the key of an application that is known by its client id and not its object id."""
    return f"client:{client.lower()}" if client else ""
