"""What Microsoft Defender says: cloud applications seen in traffic, and its rows of OAuth apps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from integrations.entra.audit import client_key
from integrations.entra.people import login_of
from integrations.fields import Item
from scanner.model import Activity, App, Assignment, Consent, Grant, Person, Record, Way

# Dynamic columns come as objects or as text, by the service's mood: as text, they always do.
OAUTH_QUERY = """OAuthAppInfo
| summarize arg_max(Timestamp, *) by OAuthAppId
| extend PermissionsJson = tostring(Permissions),
    Publisher = tostring(parse_json(tostring(VerifiedPublisher)).DisplayName)"""


def discovered_app(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a cloud application that traffic went to. It has no owner and nobody granted it."""
    id_ = item.text("id")
    if not id_:
        return
    key, tags = f"discovered:{id_}", item.texts("tags")
    yield App(
        key,
        item.text("displayName"),
        urls=tuple(f"https://{domain}" for domain in item.texts("domains")),
        kind=item.text("category"),
        is_named_by_catalogue=True,
    )
    yield Activity(
        key,
        when=item.time("lastSeenDateTime"),
        events=item.number("transactionCount"),
        people=item.number("userCount"),
        bytes_up=item.number("uploadNetworkTrafficInBytes"),
        detail=", ".join(tags),
    )


def discovered_user(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a person whose traffic went to ``app`` of the parameters."""
    app, name = parameters.get("app", ""), item.text("userIdentifier")
    if not app or not name:
        return
    login = login_of(name)
    if login:
        yield Person(login, login=name)
    detail = "seen in traffic" if login else "seen in traffic; the name is concealed"
    yield Activity(f"discovered:{app}", login, detail=detail)


def oauth_app(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an application of app governance with its permissions and its last use."""
    client = item.text("OAuthAppId")
    key = item.text("ServicePrincipalId") or client_key(client)
    if not key:
        return
    status = item.text("AppStatus")
    yield App(
        key,
        item.text("AppName"),
        idp="entra",
        client_id=client,
        owner_tenant=item.text("AppOwnerTenantId"),
        publisher=item.text("Publisher"),
        is_enabled=status == "Enabled" if status else None,
        is_own=item.text("AppOrigin") == "Internal",
        created=item.time("AddedOnTime"),
    )
    yield from _permissions(item, key)
    if people := item.number("ConsentedUsersCount"):
        yield Assignment(key, people=people)


def _permissions(item: Item, app: str) -> Iterator[Record]:
    """Yield a grant for each resource and way: the rows have one object for each permission."""
    scopes: dict[tuple[str, Way], list[str]] = {}
    for one in _listed(item.text("PermissionsJson"), item):
        name = one.text("PermissionName") or one.text("PermissionValue")
        is_own = one.text("PermissionType").lower() == "application"
        way = Way.APPLICATION if is_own else Way.DELEGATED
        if name:
            scopes.setdefault((one.text("TargetAppDisplayName"), way), []).append(name)
    is_admin = item.flag("IsAdminConsented") is True
    used = item.time("LastUsedTime")
    for (resource, way), names in scopes.items():
        by_admin = is_admin or way is Way.APPLICATION
        consent = Consent.ADMIN if by_admin else Consent.USER
        yield Grant(app, tuple(names), resource, way, consent, last_used=used)


def _listed(text: str, item: Item) -> Iterator[Item]:
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        item.bad["PermissionsJson"] += 1
        return
    yield from Item({"all": found}, item.bad).items("all")
