"""The Entra tenant: applications, what they were granted, by whom, and licences."""
import json
import random
from pathlib import Path

from recording import SINCE, Recording
from staff import ADMIN, DOMAIN, GONE, address, people

TENANT = "5d0c6f0e-3d0a-4c5b-9a53-7a1f0b1c0e11"
GRAPH = "00000003-0000-0000-c000-000000000000"  # Microsoft Graph, in every tenant
MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
OPENAI = "a48cca56-e6da-484e-a814-9c849652bcb3"
# Ids of permissions that applications are granted for themselves, the same in every tenant.
CALENDARS_READ = "798ee544-9d2d-430c-a058-570e29e34338"
NO_ROLE = "00000000-0000-0000-0000-000000000000"
COPILOT_SKU = "639dec6b-bb19-468b-871c-c5c441c4b0cb"
COPILOT_PLANS = ("a62f8878-de10-42f3-b68f-6149a25ceb97", "3f30311c-6b1e-48a4-ab79-725b469da960")
OFFICE_PLAN = "43de0ff5-c92c-492b-9116-175376d08c38"  # Office, without AI
COPILOT_PEOPLE = {"tom.baker": "2026-11-19", "kay.whitman": "2026-11-12", "nora.quinn": ""}

# key: (name, client id, owner's tenant, publisher, addresses)
APPS = {
    "graph": ("Microsoft Graph", GRAPH, MICROSOFT, "", []),
    "teams": ("Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264", MICROSOFT, "", []),
    "chatgpt": ("ChatGPT", "e0476654-c1d5-430b-ab80-70cbd947616a", OPENAI, "OpenAI",
                ["https://chatgpt.com/connector_platform_oauth_redirect"]),
    "claude-client": ("M365 MCP Client for Claude", "08ad6f98-a4f8-4635-bb8d-f1a3044760f0", "",
                      "Anthropic PBC", ["https://claude.ai/api/mcp/auth_callback"]),
    "claude-server": ("M365 MCP Server for Claude", "07c030f6-5743-41b7-ba00-0a6e85f37c17", "",
                      "Anthropic PBC", []),
    "otter": ("Otter.ai", "", "", "Otter.ai, Inc.", ["https://otter.ai/oauth/microsoft/callback"]),
    "deepl": ("DeepL", "", "", "DeepL SE", ["https://www.deepl.com/oauth/microsoft/callback"]),
    "notion": ("Notion", "", "", "Notion Labs, Inc.", ["https://www.notion.so/microsoft/callback"]),
    "miro": ("Miro", "", "", "RealtimeBoard Inc.", ["https://miro.com/sso/saml"]),
    "notes": ("MinuteMind AI Notetaker", "", "", "", ["https://app.minutemind.example/oauth"]),
    "gallery": ("Claude Monet Gallery", "", "", "Galerie de la Rive",
                ["https://visit.monet-gallery.example/signin"]),
    "quotes": ("Quote desk", "", TENANT, "", [f"https://quotes.{DOMAIN}/signin-oidc"]),
    "timesheets": ("Timesheets", "", TENANT, "", [f"https://timesheets.{DOMAIN}/signin"]),
    "autodesk": ("Autodesk SSO", "", "", "Autodesk, Inc.", ["https://accounts.autodesk.com/saml"]),
    "dropbox": ("Dropbox Business", "", "", "Dropbox, Inc.", ["https://www.dropbox.com/saml_login"]),
}
# (app, for whom, scopes); "" is everybody, whom an administrator consented for
GRANTS = (
    ("chatgpt", "", "Files.Read.All Sites.Read.All User.Read offline_access openid"),
    ("chatgpt", "ana.ruiz", "Mail.Read Calendars.Read User.Read"),
    ("claude-client", "", "User.Read openid profile"),
    ("claude-server", "", "Mail.Read Chat.Read Files.Read.All Sites.Read.All"),
    ("otter", "j.okafor", "Calendars.Read OnlineMeetings.Read User.Read"),
    ("otter", "tom.baker", "Calendars.Read User.Read"),
    ("notion", "priya.shah", "Files.Read User.Read"),
    ("notes", "g.petrov", "Calendars.ReadWrite OnlineMeetings.Read Mail.Send"),
    ("gallery", "nora.quinn", "User.Read"),
    ("quotes", "", "User.Read"),
    ("timesheets", "", "User.Read Calendars.Read"),
    ("dropbox", "lucia.ferrari", "Files.ReadWrite User.Read"),
)
# who consented to what, and when: (day, by, app, index of the grant above)
CONSENTS = (
    ("2026-10-27T09:12:44Z", ADMIN, 0),
    ("2026-11-02T14:03:10Z", "ana.ruiz", 1),
    ("2026-10-23T16:40:02Z", GONE, 3),
    ("2026-11-09T08:31:57Z", "j.okafor", 4),
    ("2026-11-16T10:20:30Z", "g.petrov", 7),
)
TEAM = ("marta.nowak", "tom.baker", "priya.shah")  # the group that may use DeepL


def write(path: Path) -> None:
    """Write the recording."""
    rng = random.Random(20261116)
    staff = people(random.Random(60))
    ids = {name: _id(rng) for name in (*APPS, *staff, "team")}
    clients = {key: app[1] or _id(rng) for key, app in APPS.items()}
    made = Recording("entra", TENANT, "Harbour & Pine", [DOMAIN])
    made.page("entra.organisation", [
        {"id": TENANT, "displayName": "Harbour & Pine", "verifiedDomains": [{"name": DOMAIN}]}])
    made.page("entra.service_principals",
              [_principal(key, ids, clients) for key in APPS], tenant=TENANT)
    names = json.dumps({ids["graph"]: "Microsoft Graph"})
    made.page("entra.delegated_grants",
              [_grant(number, ids) for number in range(len(GRANTS))], names=names)
    made.page("entra.app_roles", [_role("otter", CALENDARS_READ, "2026-11-10T07:45:00Z", ids)],
              resource=ids["graph"])
    for key in ("chatgpt", "claude-client", "claude-server", "otter", "deepl"):
        made.page("entra.assignments", _assigned(key, ids), resource=ids[key])
    made.page("entra.group_members",
              [{"id": ids[one], "userPrincipalName": address(one)} for one in TEAM],
              group=ids["team"], app=ids["deepl"], group_name="Bids and translation")
    _consents(made, ids, names)
    made.page("entra.subscriptions", [
        {"skuId": COPILOT_SKU, "skuPartNumber": "Microsoft_365_Copilot", "consumedUnits": 3,
         "prepaidUnits": {"enabled": 5},
         "servicePlans": [{"servicePlanId": one} for one in COPILOT_PLANS]},
        {"skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3", "skuPartNumber": "O365_BUSINESS_PREMIUM",
         "consumedUnits": 60, "prepaidUnits": {"enabled": 62},
         "servicePlans": [{"servicePlanId": OFFICE_PLAN}]}])
    made.page("entra.users", [_user(name, staff, ids) for name in staff])
    made.page("entra.copilot_usage", [
        {"userPrincipalName": address(name), "lastActivityDate": last or None,
         "microsoftTeamsCopilotLastActivityDate": last or None, "wordCopilotLastActivityDate": None}
        for name, last in COPILOT_PEOPLE.items()])
    made.end("entra.sign_in_activity", "not-licensed",
             "the tenant does not have Microsoft Entra ID P1, which this belongs to")
    made.write(path)


def _id(rng: random.Random) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:]))


def _principal(key: str, ids: dict, clients: dict) -> dict:
    name, _, owner, publisher, addresses = APPS[key]
    item = {
        "id": ids[key], "appId": clients[key], "displayName": name, "appDisplayName": name,
        "appOwnerOrganizationId": owner or "0" * 8 + ids[key][8:], "homepage": None,
        "loginUrl": None, "replyUrls": addresses, "servicePrincipalType": "Application",
        "verifiedPublisher": {"displayName": publisher or None}, "description": None,
        "accountEnabled": True, "isDisabled": None, "appRoles": [],
    }
    if key == "graph":
        item["appRoles"] = [{"allowedMemberTypes": ["Application"]}]
    return item


def _grant(number: int, ids: dict) -> dict:
    app, person, scope = GRANTS[number]
    return {
        "id": f"grant-{number:02}", "clientId": ids[app],
        "consentType": "Principal" if person else "AllPrincipals",
        "principalId": ids[person] if person else None, "resourceId": ids["graph"], "scope": scope,
    }


def _role(app: str, role: str, when: str, ids: dict) -> dict:
    return {
        "id": f"role-{app}", "appRoleId": role, "createdDateTime": when, "principalId": ids[app],
        "principalType": "ServicePrincipal", "resourceDisplayName": "Microsoft Graph",
        "resourceId": ids["graph"],
    }


def _assigned(app: str, ids: dict) -> list[dict]:
    if app == "deepl":
        return [{"id": "assigned-deepl", "createdDateTime": "2026-03-02T08:00:00Z",
                 "principalDisplayName": "Bids and translation", "principalId": ids["team"],
                 "principalType": "Group", "resourceId": ids["deepl"]}]
    people_of = [person for one, person, _ in GRANTS if one == app and person]
    return [
        {"id": f"assigned-{app}-{number}", "createdDateTime": "2026-11-02T08:00:00Z",
         "principalDisplayName": address(person), "principalId": ids[person],
         "principalType": "User", "resourceId": ids[app]}
        for number, person in enumerate(people_of)
    ]


def _consents(made: Recording, ids: dict, names: str) -> None:
    events = [_consent(number, *one, ids) for number, one in enumerate(CONSENTS)]
    role = _event("role-event", "2026-11-10T07:45:00Z",
                  "Add app role assignment to service principal", ADMIN, ids, "graph",
                  {"ServicePrincipal.ObjectID": ids["otter"], "AppRole.Value": "Calendars.Read"})
    for activity, items in (
        ("Consent to application", events), ("Add delegated permission grant", []),
        ("Add app role assignment to service principal", [role]), ("Add service principal", []),
    ):
        made.page("entra.consents", items, SINCE, activity=activity, since=SINCE, names=names)


def _consent(number: int, when: str, by: str, grant: int, ids: dict) -> dict:
    app, person, scope = GRANTS[grant]
    kind = "Principal" if person else "AllPrincipals"
    after = (f"[] => [[Id: grant-{grant:02}, ClientId: {ids[app]}, PrincipalId: "
             f"{ids[person] if person else ''}, ResourceId: {ids['graph']}, ConsentType: {kind}, "
             f"Scope: {scope}, CreatedDateTime: , LastModifiedDateTime ]]; ")
    return _event(f"consent-{number}", when, "Consent to application", by, ids, app, {
        "ConsentContext.IsAdminConsent": str(not person), "ConsentAction.Permissions": after})


def _event(id_: str, when: str, activity: str, by: str, ids: dict, target: str, said: dict) -> dict:
    return {
        "id": id_, "activityDateTime": when, "activityDisplayName": activity, "result": "success",
        "initiatedBy": {"user": {"id": ids[by], "userPrincipalName": address(by)}},
        "targetResources": [{
            "id": ids[target], "displayName": APPS[target][0],
            "modifiedProperties": [
                {"displayName": name, "newValue": json.dumps(value)} for name, value in said.items()
            ],
        }],
    }


def _user(name: str, staff: dict, ids: dict) -> dict:
    unit, manager = staff[name]
    item = {
        "id": ids[name], "userPrincipalName": address(name), "department": unit,
        "accountEnabled": name != GONE,
        "assignedPlans": [{"servicePlanId": OFFICE_PLAN, "capabilityStatus": "Enabled",
                           "assignedDateTime": "2025-02-03T08:00:00Z"}],
    }
    if name in COPILOT_PEOPLE:
        item["assignedPlans"] += [
            {"servicePlanId": one, "capabilityStatus": "Enabled",
             "assignedDateTime": "2026-09-01T08:00:00Z"} for one in COPILOT_PLANS]
    return {**item, "manager": {"id": ids[manager]}} if manager else item
