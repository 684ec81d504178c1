"""The Okta organisation of the workshop and the bids team: applications, people and sign-ins."""
from pathlib import Path

from recording import Recording
from staff import GONE, NAMED, address

SINCE, UNTIL = "2026-08-22T00:00:00Z", "2026-11-21T00:00:00Z"
PERPLEXITY, CLAUDE = "0oa1pplx00000000h697", "0oa1clde00000000h697"
# (id, key in the catalogue, label, mode, addresses)
APPS = (
    (PERPLEXITY, "oidc_client", "Perplexity Enterprise", "OPENID_CONNECT",
     ["https://www.perplexity.ai/api/auth/callback/okta"]),
    (CLAUDE, "custom_saml", "Claude", "SAML_2_0", ["https://claude.ai/api/auth/saml/acs"]),
    ("0oa1notn00000000h697", "notion", "Notion", "SAML_2_0", ["https://www.notion.so/sso/saml"]),
    ("0oa1zoom00000000h697", "zoomus", "Zoom", "SAML_2_0", ["https://zoom.us/saml/SSO"]),
    ("0oa1cuts00000000h697", "bookmark", "Laser cutter bookings", "BOOKMARK",
     ["https://laser-cutter.example/"]),
)
PEOPLE = {PERPLEXITY: ("s.lindqvist", "g.petrov"), CLAUDE: ("priya.shah", "emil.berg")}
SIGN_INS = {
    PERPLEXITY: (("2026-11-16T08:55:12.000Z", "s.lindqvist"), ("2026-11-18T13:20:40.000Z", "s.lindqvist")),
    CLAUDE: (("2026-11-17T09:10:00.000Z", "priya.shah"), ("2026-11-19T10:42:00.000Z", "priya.shah")),
}


def write(path: Path) -> None:
    """Write the recording."""
    made = Recording("okta", "00o1h4rb0rp1n3w0rk42", "", ["harbour-pine.okta.com"])
    made.page("okta.organisation", [
        {"id": "00o1h4rb0rp1n3w0rk42", "domains": {"organization": "https://harbour-pine.okta.com"}}])
    made.page("okta.apps", [_app(*one) for one in APPS])
    window = {"since": SINCE, "until": UNTIL}
    made.page("okta.consents", [_consent()], SINCE, **window)
    made.page("okta.created", [_created()], SINCE, **window)
    for app in (CLAUDE, PERPLEXITY):
        made.page("okta.app_users", [_member(name) for name in PEOPLE[app]], appId=app)
        made.page("okta.app_groups", [], appId=app)
        made.page("okta.sign_ins", [_sign_in(app, *one) for one in SIGN_INS[app]], SINCE,
                  appId=app, **window)
        made.page("okta.app_grants", [], appId=app)
    made.write(path)


def _key(name: str) -> str:
    return f"00u1{name.replace('.', '')[:12]:0<12}h697"


def _app(id_: str, catalogue: str, label: str, mode: str, addresses: list[str]) -> dict:
    item = {"id": id_, "name": catalogue, "label": label, "status": "ACTIVE",
            "created": "2026-04-14T09:00:00.000Z", "signOnMode": mode}
    if mode == "OPENID_CONNECT":
        return {**item, "credentials": {"oauthClient": {"client_id": id_}},
                "settings": {"oauthClient": {"application_type": "web", "redirect_uris": addresses}}}
    if mode == "BOOKMARK":
        return {**item, "settings": {"app": {"url": addresses[0]}}}
    return {**item, "settings": {"signOn": {"ssoAcsUrl": addresses[0], "recipient": addresses[0]}}}


def _member(name: str) -> dict:
    return {
        "id": _key(name), "created": "2026-04-15T08:00:00.000Z", "status": "ACTIVE",
        "credentials": {"userName": address(name)},
        "_embedded": {"user": {"status": "ACTIVE", "profile": {
            "login": address(name), "email": address(name), "department": NAMED[name][0]}}},
    }


def _event(kind: str, when: str, who: str, targets: list[dict], number: int) -> dict:
    return {
        "uuid": f"6f1d2a90-0000-11f1-8000-{number:012}", "eventType": kind, "published": when,
        "outcome": {"result": "SUCCESS"},
        "actor": {"id": _key(who), "type": "User", "alternateId": address(who)}, "target": targets,
    }


def _sign_in(app: str, when: str, who: str) -> dict:
    number = int(when[5:7] + when[8:10] + when[11:13])
    return _event("user.authentication.sso", when, who, [{"id": app, "type": "AppInstance"}], number)


def _consent() -> dict:
    targets = [{"id": PERPLEXITY, "type": "PublicClientApp", "displayName": "Perplexity Enterprise"},
               {"id": "scope-1", "type": "Scope", "displayName": "okta.users.read.self"}]
    return _event("app.oauth2.as.consent.grant", "2026-09-02T07:30:00.000Z", "s.lindqvist", targets, 1)


def _created() -> dict:
    return _event("application.lifecycle.create", "2026-09-01T09:00:00.000Z", GONE,
                  [{"id": CLAUDE, "type": "AppInstance"}], 2)
