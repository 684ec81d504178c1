"""The Google Workspace of the studio: who let which application in, Gemini, and who belongs to it."""
from pathlib import Path

from recording import Recording
from staff import ADMIN, DOMAIN, GONE, NAMED, STUDIO, address

AUTH = "https://www.googleapis.com/auth/"
DRIVE, MAIL, CALENDAR = f"{AUTH}drive.readonly", f"{AUTH}gmail.readonly", f"{AUTH}calendar"
SINCE = "2026-05-24T00:00:00Z"
CHATGPT = "77377267392-9l01lg5gpscp40cc30cc5gke03n6uu3b.apps.googleusercontent.com"
CLAUDE = "1062961139910-l2m55cb9h51u5cuc9c56eb3fevouidh9.apps.googleusercontent.com"
NOTES = "641200031415-mn0tetaker5f2l3k.apps.googleusercontent.com"  # of nobody that is known
PHOTOS = "118822334455-printshop7q1w9e.apps.googleusercontent.com"
NAMES = {CHATGPT: "ChatGPT", CLAUDE: "Claude", NOTES: "MinuteMind AI Notetaker",
         PHOTOS: "Pine Print Shop"}
# (when, who, event, application, scopes)
EVENTS = (
    ("2026-09-15T08:10:11.000Z", "lucia.ferrari", "authorize", CHATGPT, ("openid", DRIVE)),
    ("2026-10-05T12:44:09.000Z", "s.lindqvist", "authorize", CHATGPT, ("openid", DRIVE, MAIL)),
    ("2026-10-06T09:00:00.000Z", "emil.berg", "authorize", CLAUDE, ("openid", CALENDAR)),
    ("2026-11-17T15:30:21.000Z", "j.okafor", "authorize", NOTES, ("openid", CALENDAR, DRIVE)),
    ("2026-08-03T10:00:00.000Z", "ana.ruiz", "authorize", PHOTOS, ("openid", DRIVE)),
    ("2026-11-12T09:15:00.000Z", "emil.berg", "revoke", CLAUDE, (CALENDAR,)),
)
REQUESTS = (
    ("2026-11-18T11:02:33.000Z", "s.lindqvist", CHATGPT, "drive", "files.get", 812_345),
    ("2026-11-19T09:41:00.000Z", "lucia.ferrari", CHATGPT, "drive", "files.list", 20_480),
)
GEMINI = (
    ("2026-11-17T09:20:00.000Z", "j.okafor", "gmail", "summarize"),
    ("2026-11-19T14:05:00.000Z", "j.okafor", "gemini_app", "conversation"),
    ("2026-11-19T16:45:00.000Z", "ana.ruiz", "docs", "help_me_write"),
)


def write(path: Path) -> None:
    """Write the recording."""
    made = Recording("google", "C03h4rb0r", "Harbour & Pine", [DOMAIN])
    made.page("google.customer", [{"id": "C03h4rb0r", "customerDomain": DOMAIN,
                                   "postalAddress": {"organizationName": "Harbour & Pine"}}])
    made.page("google.users", [_user(name) for name in STUDIO])
    for name in ("authorize", "revoke"):
        items = [_token(number, *one) for number, one in enumerate(EVENTS) if one[2] == name]
        made.page(f"google.token_{name}", items, SINCE, startTime=SINCE)
    made.page("google.token_activity",
              [_request(number, *one) for number, one in enumerate(REQUESTS)],
              "2026-10-21T00:00:00Z", startTime="2026-10-21T00:00:00Z")
    made.page("google.gemini_activity", [_gemini(number, *one) for number, one in enumerate(GEMINI)],
              SINCE, startTime=SINCE)
    for name in ("studio", "notebook"):
        made.page(f"google.{name}_activity", [], SINCE, startTime=SINCE)
    made.end("google.tokens", "skipped",
             "not in this profile; see `gnomon sources permissions google`")
    made.write(path)


def _user(name: str) -> dict:
    unit, manager = NAMED[name]
    return {
        "primaryEmail": address(name), "orgUnitPath": "/Studio", "suspended": name == GONE,
        "archived": False, "organizations": [{"primary": True, "department": unit}],
        "relations": [{"type": "manager", "value": address(manager)}],
    }


def _activity(number: int, when: str, who: str, name: str, parameters: list[dict]) -> dict:
    return {"id": {"time": when, "uniqueQualifier": str(7_000_000_000 + number)},
            "actor": {"email": address(who)},
            "events": [{"name": name, "parameters": parameters}]}


def _token(number: int, when: str, who: str, name: str, client: str, scopes: tuple) -> dict:
    return _activity(number, when, who, name, [
        {"name": "client_id", "value": client}, {"name": "app_name", "value": NAMES[client]},
        {"name": "client_type", "value": "WEB"}, {"name": "scope", "multiValue": list(scopes)}])


def _request(
    number: int, when: str, who: str, client: str, api: str, method: str, size: int
) -> dict:
    return _activity(100 + number, when, who, "activity", [
        {"name": "client_id", "value": client}, {"name": "app_name", "value": NAMES[client]},
        {"name": "client_type", "value": "WEB"}, {"name": "api_name", "value": api},
        {"name": "method_name", "value": f"{api}.{method}"},
        {"name": "num_response_bytes", "intValue": str(size)}])


def _gemini(number: int, when: str, who: str, place: str, action: str) -> dict:
    return _activity(200 + number, when, who, "feature_utilization", [
        {"name": "app_name", "value": place}, {"name": "action", "value": action}])


def accessed_apps() -> str:
    """Return the console's list of accessed applications: older grants stand in it too."""
    rows = [
        ("ChatGPT", CHATGPT, "Verified", 3, "Not configured", {"Drive": [DRIVE], "Gmail": [MAIL]}),
        ("Claude", CLAUDE, "Verified", 1, "Not configured", {"Google Sign-in": ["openid"]}),
        ("MinuteMind AI Notetaker", NOTES, "Not verified", 1, "Not configured",
         {"Calendar": [CALENDAR], "Drive": [DRIVE]}),
        ("Pine Print Shop", PHOTOS, "Verified", 2, "Trusted", {"Drive": [DRIVE]}),
    ]
    head = ("App Name,Type,Id,Verification Status,Users,Org Unit,Access,Requested Services,"
            "Requested Services with Scopes,Ownership\n")
    lines = []
    for name, client, state, users, access, services in rows:
        named = ", ".join(services)
        scopes = " | ".join(f"{one} : [{', '.join(every)}]" for one, every in services.items())
        lines.append(f'{name},Web Application,{client},{state},{users},/Studio,{access},"[{named}]",'
                     f'"[{scopes}]",Third party\n')
    return head + "".join(lines)


def oauth_log() -> str:
    """Return the console's log of OAuth events, as it is downloaded: times with an offset."""
    head = "Date,App ID,App name,OAuth event,User,Scope,API name,Method\n"
    rows = [("2026-11-13T10:05:00+01:00", CHATGPT, "Authorize", "ana.ruiz", f"{DRIVE}\nopenid", "", ""),
            ("2026-11-18T17:20:00+01:00", CHATGPT, "Activity", "ana.ruiz", "", "drive",
             "drive.files.get"),
            ("2026-11-03T08:00:00+01:00", PHOTOS, "Authorize", ADMIN, DRIVE, "", "")]
    return head + "".join(
        f'{when},{client},{NAMES[client]},{event},{address(who)},"{scope}",{api},{method}\n'
        for when, client, event, who, scope, api, method in rows)
