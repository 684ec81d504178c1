"""What Entra's directory says: applications, what they were granted, people, and licences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from integrations.entra.products import AGENT_ID, PLANS, SKUS, Licence, Product
from integrations.entra.roles import RESOURCES, resource_name, role_name
from integrations.fields import Item
from scanner.model import (
    App,
    Asset,
    Assignment,
    Consent,
    Grant,
    Owner,
    Person,
    Plan,
    Record,
    Seat,
    Way,
)

_KINDS = {"serviceidentity": "agent", "managedidentity": "managed identity"}


def nothing(_item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield nothing: what the answer says is used to ask on."""
    yield from ()


def service_principal(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an enterprise application; ``tenant`` of the parameters is the organisation's own."""
    key = item.text("id")
    if not key:
        return
    owner = item.text("appOwnerOrganizationId")
    kind = item.text("servicePrincipalType").lower()
    # An application of the gallery that is signed in to by SAML is registered in the customer's own
    # tenant, and its addresses are its vendor's.
    is_signed_in_to = item.text("preferredSingleSignOnMode").lower() in ("saml", "password", "oidc")
    is_own = bool(owner) and owner == parameters.get("tenant", "") and not is_signed_in_to
    yield App(
        key,
        item.text("displayName") or item.text("appDisplayName"),
        idp="entra",
        client_id=item.text("appId"),
        owner_tenant=owner,
        publisher=item.at("verifiedPublisher").text("displayName"),
        urls=_urls(item),
        kind=_KINDS.get(kind, kind),
        description=item.text("description"),
        is_enabled=_is_enabled(item),
        is_own=is_own,
    )


def _urls(item: Item) -> tuple[str, ...]:
    found = (item.text("homepage"), item.text("loginUrl"), *item.texts("replyUrls"))
    return tuple(dict.fromkeys(one for one in found if one))


def _is_enabled(item: Item) -> bool | None:
    return False if item.flag("isDisabled") else item.flag("accountEnabled")


def has_application_roles(item: Item) -> bool:
    """Whether applications may be granted permissions of this service principal."""
    return item.text("appId") in RESOURCES or any(
        "Application" in role.texts("allowedMemberTypes") for role in item.items("appRoles")
    )


def agent_identity(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield an AI agent with an identity of its own, and the people who answer for it.

    It is an application, for grants name it, and an asset: what somebody made.
    """
    key = item.text("id")
    if not key:
        return
    name, created = item.text("displayName"), item.time("createdDateTime")
    sponsors = [person for one in item.items("sponsors") if (person := one.text("id"))]
    yield App(
        key,
        name,
        idp="entra",
        kind="agent",
        is_enabled=item.flag("accountEnabled"),
        created=created,
    )
    yield AGENT_ID.app()
    blueprint = item.text("agentIdentityBlueprintId")
    yield Asset(
        AGENT_ID.key,
        "agent identity",
        key,
        name,
        sponsors[0] if sponsors else "",
        created,
        detail=f"blueprint {blueprint}" if blueprint else "",
    )
    for person in sponsors:
        yield Owner(key, person, "sponsor of the agent")


def delegated_grant(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a delegated grant. ``app`` is the object id of a service principal, and so is a
    resource that ``names`` of the parameters has no name for."""
    app = item.text("clientId")
    if not app:
        return
    is_for_all = item.text("consentType") == "AllPrincipals"
    yield Grant(
        app,
        tuple(item.text("scope").split()),
        resource_name(item.text("resourceId"), parameters),
        consent=Consent.ADMIN if is_for_all else Consent.UNKNOWN,
        person="" if is_for_all else item.text("principalId"),
    )


def application_grant(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield what an application was granted for itself: only an administrator can."""
    app = item.text("principalId")
    if not app or item.text("principalType") != "ServicePrincipal":
        return
    yield Grant(
        app,
        (role_name(item.text("appRoleId")),),
        item.text("resourceDisplayName") or item.text("resourceId"),
        Way.APPLICATION,
        Consent.ADMIN,
        granted=item.time("createdDateTime"),
    )


def assignment(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield who may use an application: a person, or a group."""
    app = item.text("resourceId") or parameters.get("resource", "")
    who = item.text("principalId")
    if not app or not who:
        return
    assigned = item.time("createdDateTime")
    match item.text("principalType"):
        case "User":
            yield Assignment(app, person=who, assigned=assigned)
        case "Group":
            group = item.text("principalDisplayName") or who
            yield Assignment(app, group=group, assigned=assigned)


def group_member(item: Item, parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a person of a group that was assigned to ``app`` of the parameters.

    Groups hold devices and other groups too; people alone have a login.
    """
    person, app = item.text("id"), parameters.get("app", "")
    if person and app and item.text("userPrincipalName"):
        yield Assignment(app, person, parameters.get("group_name", ""))


def sku(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a subscription that holds AI, for each product in it."""
    found: dict[Product, str] = {}
    if known := SKUS.get(item.text("skuId").lower()):
        found[known.product] = known.name
    for plan in item.items("servicePlans"):
        if known := PLANS.get(plan.text("servicePlanId").lower()):
            found.setdefault(known.product, item.text("skuPartNumber"))
    units = item.at("prepaidUnits")
    bought = units.number("enabled") if units.has("enabled") else None
    assigned = item.number("consumedUnits") if item.has("consumedUnits") else None
    for product, name in found.items():
        yield product.app()
        yield Plan(product.key, name, bought, assigned, item.text("skuId").lower())


def user(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a person, and the AI licences that the person holds."""
    key = item.text("id")
    if not key:
        return
    yield Person(
        key,
        item.text("userPrincipalName"),
        item.text("department"),
        item.at("manager").text("id"),
        item.flag("accountEnabled"),
    )
    for licence, since in _licences(item).values():
        yield licence.product.app()
        yield Seat(licence.product.key, licence.product.name, key, since)


def _licences(item: Item) -> dict[Product, tuple[Licence, datetime | None]]:
    """Return the AI products that a person may use, each since when: the earliest of its plans."""
    found: dict[Product, tuple[Licence, datetime | None]] = {}
    for plan in item.items("assignedPlans"):
        licence = PLANS.get(plan.text("servicePlanId").lower())
        if licence is None or plan.text("capabilityStatus") not in ("Enabled", "Warning"):
            continue
        since = plan.time("assignedDateTime")
        _, known = found.get(licence.product, (licence, None))
        found[licence.product] = licence, min((one for one in (known, since) if one), default=None)
    return found
