"""What Okta's answers say: applications, the people and groups that may use them, and grants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.fields import Item
from scanner.model import App, Assignment, Consent, Grant, Person, Record, Way

_ADDRESSES = {  # by where they are in the settings of an application
    "app": ("url", "authURL", "targetURL", "siteURL", "wReplyURL"),
    "signOn": (
        "ssoAcsUrl",
        "ssoAcsUrlOverride",
        "audience",
        "audienceOverride",
        "recipient",
        "destination",
        "loginUrl",
        "redirectUrl",
    ),
    "oauthClient": ("client_uri", "initiate_login_uri", "policy_uri", "tos_uri"),
}
_CONSENTS = {"ADMIN": Consent.ADMIN, "END_USER": Consent.USER}
_GONE = ("DEPROVISIONED", "SUSPENDED", "STAGED", "INACTIVE")


def parse_app(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an application. ``name`` is its key in Okta's catalogue, ``label`` what people call it."""
    key = item.text("id")
    if not key:
        return
    catalogue = item.text("name")
    status = item.text("status")
    yield App(
        key=key,
        name=item.text("label") or catalogue,
        idp="okta",
        client_id=item.at("credentials").at("oauthClient").text("client_id"),
        urls=tuple(dict.fromkeys(_addresses(item.at("settings")))),
        kind=item.text("signOnMode"),
        description=f"catalogue: {catalogue}" if catalogue else "",
        is_enabled=status == "ACTIVE" if status else None,
        created=item.time("created"),
    )


def _addresses(settings: Item) -> Iterator[str]:
    """Yield the addresses at which an application lives. An audience may be any name: most are none."""
    for part, names in _ADDRESSES.items():
        inner = settings.at(part)
        yield from (text for name in names if "://" in (text := inner.text(name)))
    for endpoint in settings.at("signOn").items("acsEndpoints"):
        if address := endpoint.text("url"):
            yield address
    yield from settings.at("oauthClient").texts("redirect_uris")


def is_service(item: Item) -> bool:
    """Whether an application acts in its own name: nobody signs in to it."""
    return item.at("settings").at("oauthClient").text("application_type") == "service"


def parse_app_user(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the assignment of a person to an application, and who that is."""
    app, key = parameters.get("appId", ""), item.text("id")
    if not app or not key:
        return
    yield Assignment(app, person=key, assigned=item.time("created"))
    user = item.at("_embedded").at("user")
    known = _person(key, user)
    yield known._replace(login=known.login or item.at("credentials").text("userName"))


def parse_app_group(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the assignment of a group. ``lastUpdated`` is no time of assignment: it changes."""
    app, key = parameters.get("appId", ""), item.text("id")
    if app and key:
        name = item.at("_embedded").at("group").at("profile").text("name")
        yield Assignment(app, group=name or key)


def parse_grant(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield one scope of Okta's own API that an application was granted."""
    app, scope = parameters.get("appId", ""), item.text("scopeId")
    if not app or not scope:
        return
    is_of_a_person = item.text("source") == "END_USER"
    by = item.at("createdBy")
    yield Grant(
        app=app,
        scopes=(scope,),
        resource="Okta",
        way=Way.DELEGATED if is_of_a_person else Way.APPLICATION,
        consent=_CONSENTS.get(item.text("source"), Consent.UNKNOWN),
        person=item.text("userId"),
        granted_by=by.text("id") if by.text("type") == "User" else "",
        granted=item.time("created"),
        is_revoked=item.text("status") == "REVOKED",
    )


def parse_user(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a person."""
    if key := item.text("id"):
        yield _person(key, item)


def _person(key: str, user: Item) -> Person:
    """Return a person, by the name that the system log calls them by too."""
    profile, status = user.at("profile"), user.text("status")
    return Person(
        key,
        login=profile.text("login") or profile.text("email"),
        unit=profile.text("department"),
        is_active=status not in _GONE if status else None,
    )
