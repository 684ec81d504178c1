"""Chrome Management: which services managed browsers visit, and which extensions they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from integrations.fields import Item
from integrations.google.answers import AUTH, NEXT_PAGE, mask
from integrations.operations import Operation, Paging, Privacy, Profile
from scanner.model import Activity, App, Consent, Grant, Identifier, Install, Record

REPORTS: Final = f"{AUTH}chrome.management.reports.readonly"
_REFERENCE: Final = "https://developers.google.com/chrome/management/reference/rest/v1/customers."
_CONSENT: Final = {"ADMIN": Consent.ADMIN, "NORMAL": Consent.USER, "SIDELOAD": Consent.USER}


def saas_key(name: str) -> str:
    """Return the key of a service that browsers visit, by Google's name for it."""
    return f"saas:{name}"


def extension_key(id_: str) -> str:
    """Return the key of a browser extension."""
    return f"extension:{id_}"


def saas_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a service that was visited, and how often by how many."""
    if not (name := item.text("app")):
        return
    key = saas_key(name)
    named = dict.fromkeys((item.text("primaryDomain"), *item.texts("domains")))
    domains = tuple(filter(None, named))
    sent = item.at("contentTransferDetails").number("contentTransferCount")
    yield App(
        key,
        name=name,
        publisher=item.text("organization"),
        kind=item.text("category"),
        domains=domains,
        urls=tuple(f"https://{one}" for one in domains),
        is_named_by_catalogue=True,
    )
    yield Activity(
        key,
        when=item.time("lastNavigationTime"),
        events=max(0, item.number("visitsCount")),
        people=max(0, item.number("distinctUsersCount")),
        detail=f"{sent:,} content transfers" if sent > 0 else "visits",
    )


def visitor_records(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield that somebody visited a service."""
    name, person = parameters.get("app", ""), item.text("email")
    if name and person:
        yield Activity(saas_key(name), person, item.time("lastNavigationTime"), detail="visits")


def extension_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an extension, on how many browsers it is, and what it may do there."""
    if not (id_ := item.text("appId")):
        return
    key, is_off = extension_key(id_), item.flag("disabled")
    yield App(
        key,
        name=item.text("displayName"),
        kind="extension",
        urls=tuple(filter(None, (item.text("homepageUri"),))),
        identifiers=((Identifier.BROWSER_EXT, id_),),
        description=item.text("description"),
        is_enabled=None if is_off is None else not is_off,
    )
    yield Install(key, devices=max(0, item.number("browserDeviceCount")))
    if permissions := item.texts("permissions"):
        consent = _CONSENT.get(item.text("appInstallType"), Consent.UNKNOWN)
        yield Grant(key, scopes=permissions, resource="Chrome", consent=consent)


def device_records(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a device on which an extension is."""
    id_, device = parameters.get("appId", ""), item.text("machine") or item.text("deviceId")
    if id_ and device:
        yield Install(extension_key(id_), device=device)


def wanted_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an extension that somebody asked the administrators for."""
    if id_ := item.text("appId"):
        yield App(
            f"wanted:{id_}",
            name=item.text("displayName"),
            kind="extension",
            identifiers=((Identifier.BROWSER_EXT, id_),),
            is_wanted_only=True,
        )


_SAAS_FIELDS: Final = (
    "app",
    "organization",
    "category",
    "primaryDomain",
    "domains",
    "visitsCount",
    "distinctUsersCount",
    "lastNavigationTime",
    "contentTransferDetails.contentTransferCount",
)
SAAS_USAGE: Final = Operation(
    id="google.saas_usage",
    title="Services that Chrome visits",
    host="chrome",
    path="/v1/customers/my_customer/reports:findSaasUsage",
    why="which services managed browsers visit, how often, and by how many people",
    fields=_SAAS_FIELDS,
    parse=saas_records,
    reference=f"{_REFERENCE}reports/findSaasUsage",
    query={
        "orderBy": "distinct_users_count desc",
        "pageSize": "200",
        "fields": mask("saasReports", _SAAS_FIELDS),
    },
    items="saasReports",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=200,
    scopes=((REPORTS,),),
    privacy=Privacy.USAGE,
)
_VISITOR_FIELDS: Final = ("email", "lastNavigationTime")
SAAS_VISITORS: Final = Operation(
    id="google.saas_visitors",
    title="People who visit an AI service",
    host="chrome",
    path="/v1/customers/my_customer/reports:findSaasUsageProfiles",
    why="who visits those services that are AI; not asked of any other",
    fields=_VISITOR_FIELDS,
    parse=visitor_records,
    reference=f"{_REFERENCE}reports/findSaasUsageProfiles",
    query={
        "app": "{app}",
        "pageSize": "200",
        "fields": mask("profileReports", _VISITOR_FIELDS),
    },
    items="profileReports",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=200,
    scopes=((REPORTS,),),
    privacy=Privacy.USAGE,
    people=("email",),
)
_EXTENSION_FIELDS: Final = (
    "appId",
    "displayName",
    "description",
    "homepageUri",
    "appInstallType",
    "disabled",
    "browserDeviceCount",
    "permissions",
)
EXTENSIONS: Final = Operation(
    id="google.extensions",
    title="Browser extensions",
    host="chrome",
    path="/v1/customers/my_customer/reports:countInstalledApps",
    why="which extensions managed browsers hold, and what they may do",
    fields=_EXTENSION_FIELDS,
    parse=extension_records,
    reference=f"{_REFERENCE}reports/countInstalledApps",
    query={
        "filter": "app_type=EXTENSION",
        "pageSize": "100",
        "fields": mask("installedApps", _EXTENSION_FIELDS),
    },
    items="installedApps",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=100,
    scopes=((REPORTS,),),
)
_DEVICE_FIELDS: Final = ("deviceId", "machine")
EXTENSION_DEVICES: Final = Operation(
    id="google.extension_devices",
    title="Devices with an AI extension",
    host="chrome",
    path="/v1/customers/my_customer/reports:findInstalledAppDevices",
    why="on which devices those extensions are that are AI; not asked of any other",
    fields=_DEVICE_FIELDS,
    parse=device_records,
    reference=f"{_REFERENCE}reports/findInstalledAppDevices",
    query={
        "appId": "{appId}",
        "appType": "EXTENSION",
        "pageSize": "100",
        "fields": mask("devices", _DEVICE_FIELDS),
    },
    items="devices",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=100,
    scopes=((REPORTS,),),
    privacy=Privacy.USAGE,
)
_WANTED_FIELDS: Final = ("appId", "displayName")
EXTENSION_REQUESTS: Final = Operation(
    id="google.extension_requests",
    title="Extensions that were asked for",
    host="chrome",
    path="/v1/customers/my_customer/apps:countChromeAppRequests",
    why="which extensions people want and do not have",
    fields=_WANTED_FIELDS,
    parse=wanted_records,
    reference=f"{_REFERENCE}apps/countChromeAppRequests",
    query={"pageSize": "50", "fields": mask("requestedApps", _WANTED_FIELDS)},
    items="requestedApps",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=50,
    scopes=((f"{AUTH}chrome.management.appdetails.readonly",),),
    profile=Profile.PLUS,
)
OPERATIONS: Final = (
    SAAS_USAGE,
    SAAS_VISITORS,
    EXTENSIONS,
    EXTENSION_DEVICES,
    EXTENSION_REQUESTS,
)
