"""In which order Okta is asked, how often, and how it is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from integrations.connector import Run, Size
from integrations.fields import time_of
from integrations.okta import records
from integrations.okta.operations import (
    APP_GRANTS,
    APP_GROUPS,
    APP_USERS,
    APPS,
    CONSENTS,
    CREATED,
    GRANTORS,
    ORGANISATION,
    SIGN_INS,
)
from integrations.operations import Operation
from scanner.model import Consent, Grant, Tenant

_DAYS = 90  # as far as the system log goes back
# What Okta answers for a name that no customer has.
_NOBODY = "00oplaODtXoEq1eQo0g3"


def identify(run: Run) -> Tenant | None:
    """Return whose organisation it is; None if there is none of that address."""
    run.read(ORGANISATION)
    for _, item in run.items(ORGANISATION):
        key = item.text("id")
        if key and key != _NOBODY:
            domains = item.at("domains")
            hosts = (domains.text("organization"), domains.text("alternate"))
            return Tenant("okta", key, domains=tuple(_bare(one) for one in hosts if one))
    return None


def _bare(address: str) -> str:
    return address.removeprefix("https://").strip("/")


def collect(run: Run) -> None:
    """Read the applications, then of those that are AI who may use them and who does."""
    run.read(APPS)
    _read_events(run, CONSENTS)
    _read_events(run, CREATED)
    found = sorted(app.key for app, _ in run.ai_apps())
    for operation in (APP_USERS, APP_GROUPS):
        run.read_each(operation, ({"appId": key} for key in found))
    for key in found:
        _read_events(run, SIGN_INS, appId=key)
    run.read_each(APP_GRANTS, ({"appId": key} for key in sorted({*found, *_services(run)})))
    run.read_each(GRANTORS, ({"userId": one} for one in sorted(_grantors(run))))


def _read_events(run: Run, operation: Operation, **parameters: str) -> None:
    """Read events with an end: without one Okta takes the question for one that waits for more."""
    since = run.since(operation, _DAYS)
    until = time_of(since) + timedelta(days=_DAYS + 1)
    run.read(operation, since=since, until=until.strftime("%Y-%m-%dT%H:%M:%SZ"), **parameters)


def _services(run: Run) -> Iterator[str]:
    return (item.text("id") for _, item in run.items(APPS) if records.is_service(item))


def _grantors(run: Run) -> set[str]:
    """Return the administrators who granted something: few, and named by number alone."""
    return {
        record.granted_by
        for parameters, item in run.items(APP_GRANTS)
        for record in records.parse_grant(item, parameters)
        if isinstance(record, Grant) and record.consent is Consent.ADMIN and record.granted_by
    }


def requests(size: Size) -> Mapping[str, int]:
    """Return how often each operation is sent.

    Guessed: everybody may use one AI application of ten, each person in it signs in 20 times in 90
    days, and one application of 20 is a service.
    """
    apps = max(size.ai_apps, 0)
    users = _pages(size.people // 10, APP_USERS)
    services = size.apps // 20
    return {
        ORGANISATION.id: 1,
        APPS.id: _pages(size.apps, APPS),
        CONSENTS.id: _pages(size.grants, CONSENTS),
        CREATED.id: _pages(size.apps // 4, CREATED),
        APP_USERS.id: apps * users,
        APP_GROUPS.id: apps,
        SIGN_INS.id: apps * _pages(size.people // 10 * 20, SIGN_INS),
        APP_GRANTS.id: apps + services,
        GRANTORS.id: min(apps + services, 50),
    }


def _pages(items: int, operation: Operation) -> int:
    return max(1, -(-items // operation.page_size))


def consent(settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return what an administrator does to allow it."""
    host = settings.get("okta_host", "").rstrip("/") or "https://YOUR-ORG.okta.com"
    admin = host.replace(".okta", "-admin.okta", 1)
    named = ", ".join(sorted(scopes))
    return (
        f"{admin}/admin/apps/active: the API service app, Okta API Scopes: grant {named}; "
        "Admin roles: Read-only Administrator, or a custom role that views applications and logs"
    )
