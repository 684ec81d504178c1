"""What the administration of a service, an export or a register says: records, whoever wrote them.

A connector's page and a downloaded file say the same things; both become these. ``app`` in a
record is the ``key`` of an ``App`` of the same account; ``person`` is whatever the account calls
people by: ``Person`` records say who that is.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from scanner.model.signatures import Identifier


class Way(StrEnum):
    """In whose name an application uses what it was granted."""

    DELEGATED = "delegated"  # in that of the person who uses it
    APPLICATION = "application"  # in its own, whoever is there


class Consent(StrEnum):
    """Who agreed to a grant."""

    ADMIN = "admin"
    USER = "user"
    UNKNOWN = "unknown"


class Tenant(NamedTuple):
    """Whose account it is: ``system`` such as entra, and the vendor's own id of the customer."""

    system: str
    id: str
    name: str = ""
    domains: tuple[str, ...] = ()


class App(NamedTuple):
    """An application that an account knows: registered, installed, connected or asked for.

    ``idp`` is who gave ``client_id``: entra, google, okta, github, slack. ``urls`` are those of its
    home, its sign-in and its replies; ``domains`` those that its publisher has proven. A name can
    be chosen by anyone. ``identifiers`` are other strong keys, such as a browser extension's id.
    """

    key: str
    name: str = ""
    idp: str = ""
    client_id: str = ""
    owner_tenant: str = ""
    publisher: str = ""
    domains: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    identifiers: tuple[tuple[Identifier, str], ...] = ()
    kind: str = ""  # as the vendor says: application, agent, bot, extension, managed identity
    description: str = ""
    is_enabled: bool | None = None
    is_own: bool = False  # the organisation registered it itself
    is_wanted_only: bool = False  # somebody asked for it, nobody has it
    created: datetime | None = None
    # A catalogue, a software's own vendor or the organisation gave the name, not whoever made the app.
    is_named_by_catalogue: bool = False


class Grant(NamedTuple):
    """What an application may reach. ``person`` is whom it was granted for; "" is everyone.

    ``people`` is how many it was granted for, in an account that counts them and names nobody.
    """

    app: str
    scopes: tuple[str, ...] = ()
    resource: str = ""  # whose scopes they are, such as Microsoft Graph
    way: Way = Way.DELEGATED
    consent: Consent = Consent.UNKNOWN
    person: str = ""
    granted_by: str = ""
    granted: datetime | None = None
    last_used: datetime | None = None
    is_revoked: bool = False
    people: int = 0


class Assignment(NamedTuple):
    """A person or a group of people who may use an application."""

    app: str
    person: str = ""
    group: str = ""
    people: int = 0  # in the group, where the account says
    assigned: datetime | None = None


class Activity(NamedTuple):
    """Use: a sign-in, a request, a prompt that was counted. ``events`` is how many in the record."""

    app: str
    person: str = ""
    when: datetime | None = None
    events: int = 1
    people: int = 0  # of an account that counts people and does not name them
    bytes_up: int = 0
    is_blocked: bool = False
    detail: str = ""  # what was done, in the vendor's words


class Seat(NamedTuple):
    """A licence that one person holds."""

    app: str
    plan: str = ""
    person: str = ""
    assigned: datetime | None = None
    last_used: datetime | None = None
    may_tell_use: bool = False  # whether the account would say when it was used


class Plan(NamedTuple):
    """A subscription: how many licences there are, and how many are handed out.

    ``key`` tells it from others of the same plan, whose licences add up.
    """

    app: str
    plan: str
    bought: int | None = None
    assigned: int | None = None
    key: str = ""


class Install(NamedTuple):
    """Software or an extension on devices."""

    app: str
    person: str = ""
    device: str = ""
    devices: int = 0  # of an inventory that counts devices and does not name them
    version: str = ""
    seen: datetime | None = None


class Asset(NamedTuple):
    """What people made or keep in a product: a project, an agent, a key, a model that is deployed."""

    app: str
    kind: str
    key: str
    name: str = ""
    owner: str = ""  # a person
    created: datetime | None = None
    last_used: datetime | None = None
    detail: str = ""


class Setting(NamedTuple):
    """Whether a service is switched on, and for which part of the organisation."""

    app: str
    name: str
    is_on: bool
    unit: str = ""


class Spend(NamedTuple):
    """Money that went to a vendor: a line of a card, an expense, a cloud's bill."""

    app: str
    amount: float
    currency: str = ""
    person: str = ""
    unit: str = ""
    when: datetime | None = None


class Entry(NamedTuple):
    """A row of the organisation's own register of applications."""

    app: str
    owner: str = ""  # as it is written: a person or a unit
    unit: str = ""
    status: str = ""
    since: datetime | None = None


class Person(NamedTuple):
    """Somebody whom other records call ``key``. ``login`` is what logs call them by, if known."""

    key: str
    login: str = ""
    unit: str = ""
    manager: str = ""  # the key of another person, or the name
    is_active: bool | None = None
    name: str = ""  # never stored: managers may be called by it


class Owner(NamedTuple):
    """Somebody whom the account names as responsible for an application."""

    app: str
    person: str
    reason: str


Record = (
    App
    | Grant
    | Assignment
    | Activity
    | Seat
    | Plan
    | Install
    | Asset
    | Setting
    | Spend
    | Entry
    | Person
    | Owner
)
