"""The order in which Entra is asked, how often, and how an administrator consents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from integrations.connector import Run, Size
from integrations.entra.audit import ACTIVITIES
from integrations.entra.azure import has_models
from integrations.entra.core import (
    APP_ROLES,
    ASSIGNMENTS,
    AUDITS,
    DELEGATED_GRANTS,
    GROUP_MEMBERS,
    ORGANISATION,
    PAGE,
    SERVICE_PRINCIPALS,
    SKUS,
    USERS,
)
from integrations.entra.directory import has_application_roles
from integrations.entra.hosts import HOSTS
from integrations.entra.people import is_concealed
from integrations.entra.plus import (
    AGENT_IDENTITIES,
    COPILOT_PACKAGES,
    COPILOT_USAGE,
    DETECTED_APPS,
    DEVICES,
    SIGN_IN_ACTIVITY,
    SIGN_IN_SUMMARY,
    SIGN_INS,
)
from integrations.entra.premium import (
    AZURE_RESOURCES,
    DEPLOYMENTS,
    DISCOVERED_APPS,
    DISCOVERED_USERS,
    OAUTH_APPS,
    STREAMS,
    STUDIO_AGENTS,
)
from integrations.entra.roles import names_of
from integrations.entra.usage import COPILOT_PEOPLE
from integrations.operations import Operation
from scanner.model import App, Tenant

_ID = re.compile(r"[0-9a-fA-F-]{36}")
# Entra keeps sign-ins and audits for thirty days with a P1 licence, for seven without; a day is
# spare, because days are asked whole.
_DAYS = 29
# Services of a usual tenant that grant permissions to applications: Microsoft's, and a few own.
_RESOURCES = 30


def identify(run: Run) -> Tenant | None:
    """Return whose tenant it is."""
    run.read(ORGANISATION)
    for _, item in run.items(ORGANISATION):
        domains = tuple(one.text("name") for one in item.items("verifiedDomains"))
        found = tuple(one for one in domains if one)
        return Tenant("entra", item.text("id"), item.text("displayName"), found)
    return None


def collect(run: Run) -> None:
    """Read the applications, then what refers to them, then what is of people and of use."""
    run.read(SERVICE_PRINCIPALS, tenant=run.tenant.id)
    for listed in (AGENT_IDENTITIES, COPILOT_PACKAGES, DETECTED_APPS):
        run.read(listed)
    _discovered(run)
    ai = [app for app, _ in run.ai_apps()]
    names = _names(run)
    run.read(DELEGATED_GRANTS, names=names)
    run.read_each(APP_ROLES, ({"resource": one} for one in _resources(run)))
    _assigned(run, ai)
    for activity in ACTIVITIES:
        run.read(AUDITS, activity=activity, since=run.since(AUDITS, _DAYS), names=names)
    for state in (SKUS, USERS, SIGN_IN_ACTIVITY, SIGN_IN_SUMMARY, COPILOT_USAGE, OAUTH_APPS):
        run.read(state)
    _used(run, ai)
    _azure(run)
    for operation, name in (
        (COPILOT_USAGE, COPILOT_PEOPLE),
        (DISCOVERED_USERS, ("userIdentifier",)),
    ):
        _say_if_concealed(run, operation, name)


def _discovered(run: Run) -> None:
    run.read(STREAMS)
    streams = [item.text("id") for _, item in run.items(STREAMS)]
    run.read_each(DISCOVERED_APPS, ({"stream": one} for one in streams if one))


def _names(run: Run) -> str:
    """Return what services are called that grants name by object ids."""
    items = (item for _, item in run.items(SERVICE_PRINCIPALS))
    return names_of((item.text("id"), item.text("appId")) for item in items)


def _resources(run: Run) -> list[str]:
    """Return the object ids of services that grant permissions to applications."""
    found = (item for _, item in run.items(SERVICE_PRINCIPALS) if has_application_roles(item))
    return [key for item in found if (key := item.text("id"))]


def _assigned(run: Run, ai: list[App]) -> None:
    """Read who is assigned to AI applications, one by one and by groups."""
    run.read_each(ASSIGNMENTS, ({"resource": app.key} for app in _registered(ai)))
    groups = {
        (item.text("principalId"), item.text("resourceId"), item.text("principalDisplayName"))
        for _, item in run.items(ASSIGNMENTS)
        if item.text("principalType") == "Group"
    }
    named = (
        {"group": group, "app": app_key, "group_name": name}
        for group, app_key, name in sorted(groups)
        if group and app_key
    )
    run.read_each(GROUP_MEMBERS, named)


def _registered(ai: list[App]) -> Iterator[App]:
    """Yield those that stand in the directory: their keys are object ids."""
    return (app for app in ai if app.idp == "entra" and _ID.fullmatch(app.key))


def _used(run: Run, ai: list[App]) -> None:
    """Read who signed in to AI applications, who has AI on a device, and whose traffic went to it."""
    since = run.since(SIGN_INS, _DAYS)
    for app in _registered(ai):
        if _ID.fullmatch(app.client_id):
            run.read(SIGN_INS, client=app.client_id, app=app.key, since=since)
    detected = [app.key for app in ai if app.key.startswith("intune:")]
    run.read_each(DEVICES, ({"detected": one.removeprefix("intune:")} for one in detected))
    keys = {app.key.removeprefix("discovered:") for app in ai if app.key.startswith("discovered:")}
    seen = {
        (parameters.get("stream", ""), item.text("id"))
        for parameters, item in run.items(DISCOVERED_APPS)
        if item.text("id") in keys
    }
    run.read_each(DISCOVERED_USERS, ({"stream": one, "app": app} for one, app in sorted(seen)))


def _say_if_concealed(run: Run, operation: Operation, names: Iterable[str]) -> None:
    if any(is_concealed(item.text(one)) for _, item in run.items(operation) for one in names):
        run.note(operation, "people's names are concealed by a setting of the tenant")


def _azure(run: Run) -> None:
    run.read(AZURE_RESOURCES)
    run.read(STUDIO_AGENTS)
    accounts = [
        {
            "subscription": item.text("subscriptionId"),
            "group": item.text("resourceGroup"),
            "account": item.text("name"),
            "kind": item.text("kind"),
        }
        for _, item in run.items(AZURE_RESOURCES)
        if has_models(item)
    ]
    places = ("subscription", "group", "account")
    run.read_each(DEPLOYMENTS, (one for one in accounts if all(one[name] for name in places)))


def requests(size: Size) -> Mapping[str, int]:
    """Return how many requests each operation takes; what nobody counted is guessed."""
    once = (ORGANISATION, SKUS, SIGN_IN_SUMMARY, STREAMS, OAUTH_APPS, STUDIO_AGENTS)
    return {
        **{one.id: 1 for one in once},
        SERVICE_PRINCIPALS.id: _pages(size.apps, PAGE),
        DELEGATED_GRANTS.id: _pages(size.grants, PAGE),
        APP_ROLES.id: min(_RESOURCES, size.apps) or 1,
        ASSIGNMENTS.id: size.ai_apps,
        GROUP_MEMBERS.id: size.ai_apps,
        # About one consent in thirty days for every twenty people.
        AUDITS.id: len(ACTIVITIES) * _pages(size.people // 20, PAGE),
        USERS.id: _pages(size.people, PAGE),
        AGENT_IDENTITIES.id: _pages(size.people // 100, 100),
        SIGN_IN_ACTIVITY.id: _pages(size.apps, 1000),
        SIGN_INS.id: size.ai_apps * _pages(size.people // 10, 1000),
        COPILOT_USAGE.id: _pages(size.people // 10, 200),
        COPILOT_PACKAGES.id: _pages(size.people // 100, 100),
        DETECTED_APPS.id: _pages(size.people // 2, 500),
        DEVICES.id: size.ai_apps,
        DISCOVERED_APPS.id: _pages(1000, 100),
        DISCOVERED_USERS.id: size.ai_apps * _pages(size.people // 10, 100),
        AZURE_RESOURCES.id: 1,
        DEPLOYMENTS.id: max(1, size.people // 1000),
    }


def _pages(items: int, page: int) -> int:
    return max(1, -(-items // page))


def consent(settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return the link by which an administrator consents, and what it is to."""
    cloud = HOSTS.get(settings.get("cloud", ""), HOSTS[""])
    login = (settings.get("login_host") or cloud["login"]).rstrip("/")
    tenant = settings.get("tenant") or "TENANT"
    asked = urlencode({"client_id": settings.get("client_id") or "CLIENT_ID"})
    named = sorted(set(scopes))
    granted = [one for one in named if " role " not in one]
    roles = [one for one in named if " role " in one]
    lines = [
        "In the application's registration, under API permissions, add for Microsoft Graph the "
        f"application permissions {', '.join(granted)}. Then an administrator consents at",
        f"{login}/{tenant}/adminconsent?{asked}",
    ]
    if roles:
        lines.append(f"No consent gives {', '.join(roles)}: assign them to the application.")
    return "\n".join(lines)
