"""The Directory and Licensing APIs: whose account it is, who its people are, what each one granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from integrations.fields import Item
from integrations.google.answers import AUTH, NEXT_PAGE, mask
from integrations.google.suite import GEMINI, service
from integrations.operations import Operation, Paging, Privacy, Profile
from scanner.model import App, Consent, Grant, Person, Record, Seat

DIRECTORY: Final = "directory"
GEMINI_PRODUCT: Final = "101047"  # the add-ons for Gemini and what they were called before
_REFERENCE: Final = "https://developers.google.com/workspace/admin/directory/reference/rest/v1/"


def no_records(_item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield nothing: what is read here says where to look, or whose account it is."""
    yield from ()


def user_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a person, by the address that logs and grants call people by."""
    if key := item.text("primaryEmail"):
        stopped = (item.flag("suspended"), item.flag("archived"))
        yield Person(
            key,
            login=key,
            unit=_unit(item),
            manager=_manager(item),
            is_active=None if stopped == (None, None) else not any(stopped),
        )


def _unit(item: Item) -> str:
    """Return the department of the first organization that is the main one, or the unit's path."""
    named = [
        (one.flag("primary") is not True, one.text("department"))
        for one in item.items("organizations")
    ]
    departments = [name for _, name in sorted(named, key=lambda one: one[0]) if name]
    return departments[0] if departments else item.text("orgUnitPath")


def _manager(item: Item) -> str:
    managers = (
        one.text("value") for one in item.items("relations") if one.text("type") == "manager"
    )
    return next(filter(None, managers), "")


def token_records(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an application that somebody granted something to, and the grant."""
    if key := item.text("clientId"):
        person = parameters.get("userKey", "")
        kind = "native" if item.flag("nativeApp") else ""
        yield App(key, name=item.text("displayText"), idp="google", client_id=key, kind=kind)
        yield Grant(
            key,
            scopes=item.texts("scopes"),
            consent=Consent.USER,
            person=person,
            granted_by=person,
        )


def seat_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a licence for Gemini that somebody holds."""
    if person := item.text("userId"):
        app = service(GEMINI)
        yield app
        yield Seat(app.key, plan=item.text("skuName") or item.text("skuId"), person=person)


_CUSTOMER_FIELDS: Final = ("id", "customerDomain", "postalAddress.organizationName")
CUSTOMER: Final = Operation(
    id="google.customer",
    title="The customer",
    host="admin",
    path="/admin/directory/v1/customers/my_customer",
    why="whose account it is, compared before anything is stored",
    fields=_CUSTOMER_FIELDS,
    parse=no_records,
    reference=f"{_REFERENCE}customers/get",
    query={"fields": "id,customerDomain,postalAddress/organizationName"},
    scopes=((f"{AUTH}admin.directory.customer.readonly",),),
    quota=DIRECTORY,
)
_USER_FIELDS: Final = (
    "primaryEmail",
    "orgUnitPath",
    "suspended",
    "archived",
    "organizations[].department",
    "organizations[].primary",
    "relations[].type",
    "relations[].value",
)
USERS: Final = Operation(
    id="google.users",
    title="People",
    host="admin",
    path="/admin/directory/v1/users",
    why="which unit people belong to, who leads them, and who has left",
    fields=_USER_FIELDS,
    parse=user_records,
    reference=f"{_REFERENCE}users/list",
    query={
        "customer": "my_customer",
        "projection": "full",
        "maxResults": "500",
        # Google does not say what is inside organizations and relations: they are asked for whole.
        "fields": mask("users", _USER_FIELDS, depth=1),
    },
    items="users",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=500,
    scopes=((f"{AUTH}admin.directory.user.readonly",),),
    privacy=Privacy.PERSON,
    quota=DIRECTORY,
    people=("primaryEmail", "relations[].value"),
)
UNITS: Final = Operation(
    id="google.units",
    title="Organizational units",
    host="admin",
    path="/admin/directory/v1/customer/my_customer/orgunits",
    why="the names of the units for which services are switched on",
    fields=("orgUnitId", "orgUnitPath"),
    parse=no_records,
    reference=f"{_REFERENCE}orgunits/list",
    query={"type": "allIncludingParent", "fields": "organizationUnits(orgUnitId,orgUnitPath)"},
    items="organizationUnits",
    scopes=((f"{AUTH}admin.directory.orgunit.readonly",),),
    quota=DIRECTORY,
    profile=Profile.PLUS,
)
_TOKEN_FIELDS: Final = ("clientId", "displayText", "scopes", "nativeApp")
TOKENS: Final = Operation(
    id="google.tokens",
    title="Grants of each person",
    host="admin",
    path="/admin/directory/v1/users/{userKey}/tokens",
    why="all grants there are, also those older than the log; one request for each person",
    fields=_TOKEN_FIELDS,
    parse=token_records,
    reference=f"{_REFERENCE}tokens/list",
    query={"fields": "items(clientId,displayText,scopes,nativeApp)"},
    items="items",
    scopes=((f"{AUTH}admin.directory.user.security",),),
    can_write=True,
    profile=Profile.OPT_IN,
    privacy=Privacy.PERSON,
    quota=DIRECTORY,
)
_SEAT_FIELDS: Final = ("userId", "skuId", "skuName")
SEATS: Final = Operation(
    id="google.seats",
    title="Licences for Gemini",
    host="licensing",
    path="/apps/licensing/v1/product/{productId}/users",
    why="who holds a licence for Gemini",
    fields=_SEAT_FIELDS,
    parse=seat_records,
    reference="https://developers.google.com/workspace/admin/licensing/reference/rest/v1/"
    "licenseAssignments/listForProduct",
    query={
        "customerId": "{customerId}",
        "maxResults": "1000",
        "fields": mask("items", _SEAT_FIELDS),
    },
    items="items",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=1000,
    scopes=((f"{AUTH}apps.licensing",),),
    can_write=True,
    profile=Profile.OPT_IN,
    privacy=Privacy.PERSON,
    people=("userId",),
)

OPERATIONS: Final = (CUSTOMER, USERS, UNITS, TOKENS, SEATS)
