"""Who and what there is in a tenant of some size; each object is made when it is asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.integrations.tenant.cast import AI, OWN_SERVICES, SERVICES, SOUNDING
from tests.integrations.tenant.objects import (
    MAIL_READ,
    TENANT,
    Made,
    Object,
    app,
    id_of,
    sku,
)

DOMAIN = "harbourpine.example"
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
COPILOT_SKU = "639dec6b-bb19-468b-871c-c5c441c4b0cb"
COPILOT_PLAN = "3f30311c-6b1e-48a4-ab79-725b469da960"
MAIL_PLAN = "efb87545-963c-4e0d-99df-69c6916d9eb0"
EVERYBODY = "openid profile User.Read Mail.Read"
ONE_PERSON = "User.Read Files.Read.All"

ACTIVITIES = (
    "Consent to application",
    "Add delegated permission grant",
    "Add app role assignment to service principal",
    "Add service principal",
)


@dataclass(frozen=True)
class Seed:
    """A tenant of so many people, at some time."""

    people: int
    now: datetime = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    one_in: int = 1  # so many people, one grants something to AI
    conceals_names: bool = False  # in reports, as an administrator may choose

    @property
    def users(self) -> Made:
        return Made(self.people, self._user)

    @property
    def applications(self) -> Made:
        return Made(self.people // 20 + 100, self._application)

    @property
    def grants(self) -> Made:
        return Made(2 * self.people, self._grant)

    @property
    def organisation(self) -> list[Object]:
        domain = {"name": DOMAIN, "isDefault": True, "isInitial": True}
        return [{"id": TENANT, "displayName": "Harbour & Pine", "verifiedDomains": [domain]}]

    @property
    def skus(self) -> list[Object]:
        return [
            sku(COPILOT_SKU, "Microsoft_365_Copilot", COPILOT_PLAN, self.seats, self.seats + 5),
            sku(id_of("sku", 0), "SPE_E3", MAIL_PLAN, self.people, self.people),
        ]

    @property
    def usage(self) -> Made:
        """Who of those with a licence of Copilot used it when."""
        return Made(self.seats, self._used)

    @property
    def seats(self) -> int:
        """The people with a licence of Copilot: every tenth."""
        return -(-self.people // 10)

    @property
    def events(self) -> int:
        """Consents in the audit log, of each kind."""
        return max(1, self.people // 20)

    def of_service(self, service: str) -> list[Object]:
        """Return who is assigned to a service principal: one application to each, people to AI."""
        number = int(service[-12:], 16) if service == id_of("app", int(service[-12:], 16)) else -1
        first = self.first_ai
        if 0 <= number < first:
            other = first + len(AI) + len(SOUNDING) + number
            return [self._role(number, other if number else first + 2)]
        if first <= number < first + len(AI):
            return [self._assigned(number, kind) for kind in ("User", "Group")]
        return []

    def members(self, group: str) -> list[Object]:
        """Return who is in a group: two people, and a device without a login."""
        number = int(group[-12:], 16)
        people = {number % self.people, (number + 1) % self.people}
        named = [self._user(one) for one in sorted(people)]
        return [*named, {"id": id_of("device", number), "displayName": "Harbour desk"}]

    def audits(self, activity: str) -> Made:
        """Return the events of a kind, the latest first."""
        return Made(self.events, lambda number: self._event(activity, number))

    @property
    def first_ai(self) -> int:
        return len(SERVICES) + OWN_SERVICES

    def ai_id(self, number: int) -> str:
        """Return the object id of one of the AI applications."""
        return id_of("app", self.first_ai + number)

    def login(self, number: int) -> str:
        return f"person{number}@{DOMAIN}"

    def chosen(self, person: int) -> int:
        """Return which of the AI applications a person grants something to."""
        return person // self.one_in % len(AI)

    def _user(self, number: int) -> Object:
        plans = [MAIL_PLAN, *([COPILOT_PLAN] if number % 10 == 0 else [])]
        found = {
            "id": id_of("user", number),
            "displayName": f"Person {number}",
            "userPrincipalName": self.login(number),
            "department": f"Unit {number % 7}",
            "accountEnabled": number % 50 != 49,
            "assignedPlans": [
                {
                    "assignedDateTime": "2026-03-04T05:06:07Z",
                    "capabilityStatus": "Enabled",
                    "service": "exchange",
                    "servicePlanId": one,
                }
                for one in plans
            ],
        }
        return found | ({"manager": {"id": id_of("user", 0)}} if number else {})

    def _application(self, number: int) -> Object:
        first = self.first_ai
        if number < len(SERVICES):
            name, client = SERVICES[number]
            return app(number, name, client, MICROSOFT, roles=True)
        if number < first:
            return app(number, f"Service {number}", "", TENANT, roles=True)
        if number < first + len(AI):
            ai = AI[number - first]
            return app(number, ai.name, ai.client_id, "", f"https://{ai.host}" if ai.host else "")
        if number < first + len(AI) + len(SOUNDING):
            return app(number, SOUNDING[number - first - len(AI)], "", "")
        return app(number, f"App {number}", "", "", f"https://app{number}.example")

    def _grant(self, number: int) -> Object:
        person, is_second = divmod(number, 2)
        others = len(self.applications) - self.first_ai - len(AI)
        ordinary = self.first_ai + len(AI) + person % others
        is_of_ai = not number or (is_second and person % self.one_in == 0)
        app = self.first_ai + self.chosen(person) if is_of_ai else ordinary
        return {
            "id": f"grant{number:022d}",
            "clientId": id_of("app", app),
            "consentType": "Principal" if number else "AllPrincipals",
            "principalId": id_of("user", person) if number else None,
            "resourceId": id_of("app", 0),
            "scope": f" {ONE_PERSON}" if number else EVERYBODY,
        }

    def _used(self, number: int) -> Object:
        login = self.login(10 * number)
        code = hashlib.md5(login.encode(), usedforsecurity=False).hexdigest().upper()
        day = (self.now - timedelta(days=2)).strftime("%Y-%m-%d")
        name = code if self.conceals_names else login
        return {
            "userPrincipalName": name,
            "lastActivityDate": day,
            "wordCopilotLastActivityDate": day,
        }

    def _role(self, resource: int, client: int) -> Object:
        return {
            "id": f"role{resource:020d}",
            "appRoleId": MAIL_READ if not resource else id_of("role", resource),
            "createdDateTime": "2026-02-03T04:05:06Z",
            "principalDisplayName": self._application(client)["displayName"],
            "principalId": id_of("app", client),
            "principalType": "ServicePrincipal",
            "resourceDisplayName": self._application(resource)["displayName"],
            "resourceId": id_of("app", resource),
        }

    def _assigned(self, app: int, kind: str) -> Object:
        number = app - self.first_ai
        who = id_of("user", number % self.people) if kind == "User" else id_of("group", number)
        return {
            "id": f"{kind}{number:020d}",
            "appRoleId": "00000000-0000-0000-0000-000000000000",
            "createdDateTime": "2026-02-03T04:05:06Z",
            "principalDisplayName": f"Group {number}" if kind == "Group" else f"Person {number}",
            "principalId": who,
            "principalType": kind,
            "resourceDisplayName": AI[number].name,
            "resourceId": id_of("app", app),
        }

    def consenting(self, number: int) -> tuple[int, int]:
        """Return whose consent an event of that number is, and to which of the AI applications."""
        person = 21 * number % self.people
        return person, self.chosen(person)

    def _event(self, activity: str, number: int) -> Object:
        person, ai = self.consenting(number)
        app, user = self.ai_id(ai), id_of("user", person)
        changed = {
            "ConsentContext.IsAdminConsent": '"False"',
            "ConsentAction.Permissions": f'"[] => [[Id: x, ClientId: {app}, PrincipalId: {user}, '
            f"ResourceId: {id_of('app', 0)}, ConsentType: Principal, Scope: {ONE_PERSON}, "
            'CreatedDateTime: , LastModifiedDateTime ]]; "',
        }
        when = self.now - timedelta(days=1, minutes=number)
        is_consent = activity == ACTIVITIES[0]
        return {
            "id": f"{activity}_{number}",
            "activityDateTime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "activityDisplayName": activity,
            "category": "ApplicationManagement",
            "result": "success",
            "initiatedBy": {"user": {"id": user, "userPrincipalName": self.login(person)}},
            "targetResources": [
                {
                    "id": app,
                    "displayName": AI[ai].name,
                    "modifiedProperties": [
                        {"displayName": name, "oldValue": None, "newValue": value}
                        for name, value in changed.items()
                        if is_consent
                    ],
                }
            ],
        }
