"""What GitHub's answers say of apps, tokens and members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.fields import Item
from scanner.model import App, Consent, Grant, Identifier, Person, Record, Way


def parse_installation(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an app that was installed, and what it may do. Only an owner can have let it in."""
    key = item.text("app_id")
    if not key:
        return
    slug = item.text("app_slug")
    is_suspended = bool(item.text("suspended_at"))
    yield App(
        key=key,
        name=slug,
        idp="github",
        client_id=item.text("client_id"),
        identifiers=((Identifier.GITHUB_APP, slug),) if slug else (),
        kind="GitHub App",
        description=_REACHES.get(item.text("repository_selection"), ""),
        is_enabled=not is_suspended,
        created=item.time("created_at"),
    )
    yield Grant(
        app=key,
        scopes=_permissions(item.at("permissions")),
        resource="GitHub",
        way=Way.APPLICATION,
        consent=Consent.ADMIN,
        granted=item.time("created_at"),
        is_revoked=is_suspended,
    )


_REACHES = {"all": "reaches all repositories", "selected": "reaches selected repositories"}


def parse_token(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a personal access token: its name is the only word on what it is for."""
    number, owner = item.text("token_id"), item.at("owner").text("login")
    if not number:
        return
    key = f"token {number}"
    is_expired = item.flag("token_expired")
    yield App(
        key=key,
        name=item.text("token_name"),
        idp="github",
        kind="personal access token",
        is_enabled=None if is_expired is None else not is_expired,
        created=item.time("access_granted_at"),
    )
    yield Grant(
        app=key,
        scopes=tuple(_permissions_by_kind(item.at("permissions"))),
        resource="GitHub",
        consent=Consent.USER,
        person=owner,
        granted_by=owner,
        granted=item.time("access_granted_at"),
        last_used=item.time("token_last_used_at"),
        is_revoked=bool(is_expired),
    )


def _permissions(item: Item) -> tuple[str, ...]:
    """Return permissions as ``contents:write``, in their order."""
    said = ((name, item.text(name)) for name in sorted(item.names()))
    return tuple(f"{name}:{level}" for name, level in said if level)


def _permissions_by_kind(item: Item) -> Iterator[str]:
    for kind in ("organization", "repository", "other"):
        yield from _permissions(item.at(kind))


def parse_member(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a member. What logs call them GitHub does not say."""
    if login := item.text("login"):
        yield Person(login, is_active=True)
