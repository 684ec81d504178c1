"""What Okta's answers mean, item by item."""

from integrations.fields import Item
from integrations.okta.events import parse_consent, parse_created, parse_sign_in
from integrations.okta.records import (
    is_service,
    parse_app,
    parse_app_group,
    parse_app_user,
    parse_grant,
    parse_user,
)
from scanner.model import Activity, App, Assignment, Consent, Grant, Owner, Person, Way
from tests.support import at

WHEN = "2026-05-04T09:00:00.000Z"


def test_an_application_is_known_by_its_addresses() -> None:
    item = Item(
        {
            "id": "0oa1",
            "name": "oidc_client",
            "label": "Claude",
            "status": "ACTIVE",
            "signOnMode": "OPENID_CONNECT",
            "created": WHEN,
            "credentials": {"oauthClient": {"client_id": "0oa1"}},
            "settings": {
                "signOn": {"ssoAcsUrl": None, "audience": "urn:harbour:claude"},
                "oauthClient": {
                    "client_uri": "https://claude.ai",
                    "redirect_uris": ["https://claude.ai/callback", "https://claude.ai"],
                    "application_type": "web",
                },
            },
        }
    )
    assert list(parse_app(item, {})) == [
        App(
            key="0oa1",
            name="Claude",
            idp="okta",
            client_id="0oa1",
            urls=("https://claude.ai", "https://claude.ai/callback"),
            kind="OPENID_CONNECT",
            description="catalogue: oidc_client",
            is_enabled=True,
            created=at(WHEN),
        )
    ]
    assert not is_service(item)


def test_every_way_to_sign_on_has_its_own_place_for_addresses() -> None:
    settings = [
        {"signOn": {"ssoAcsUrl": "https://a.example/acs", "audience": "https://a.example"}},
        {"signOn": {"acsEndpoints": [{"url": "https://a.example/acs"}, {"url": None}]}},
        {"signOn": {"loginUrl": "https://a.example/login"}},
        {"app": {"url": "https://a.example", "authURL": "https://a.example/auth"}},
        {"app": {"wReplyURL": "https://a.example/reply", "siteURL": "https://a.example"}},
    ]
    found = [next(iter(parse_app(Item({"id": "a", "settings": one}), {}))) for one in settings]
    assert [len(app.urls) for app in found if isinstance(app, App)] == [2, 1, 1, 2, 2]


def test_a_bad_field_loses_that_field_alone() -> None:
    item = Item({"id": "0oa1", "label": ["?"], "created": "yesterday", "settings": "none"})
    assert list(parse_app(item, {})) == [App(key="0oa1", idp="okta")]
    assert item.bad.total() == 3


def test_a_person_of_an_application() -> None:
    item = Item(
        {
            "id": "00u1",
            "created": WHEN,
            "credentials": {"userName": "ana"},
            "_embedded": {
                "user": {
                    "status": "ACTIVE",
                    "profile": {"login": "ana@harbour.example", "department": "Legal"},
                }
            },
        }
    )
    assert list(parse_app_user(item, {"appId": "0oa1"})) == [
        Assignment("0oa1", person="00u1", assigned=at(WHEN)),
        Person("00u1", "ana@harbour.example", "Legal", is_active=True),
    ]
    short = Item({"id": "00u1", "credentials": {"userName": "ana"}})
    assert list(parse_app_user(short, {"appId": "0oa1"}))[1] == Person("00u1", "ana")


def test_a_group_of_an_application() -> None:
    named = {"id": "00g1", "_embedded": {"group": {"profile": {"name": "Legal"}}}}
    assert list(parse_app_group(Item(named), {"appId": "0oa1"})) == [
        Assignment("0oa1", group="Legal")
    ]
    assert list(parse_app_group(Item({"id": "00g1"}), {"appId": "0oa1"})) == [
        Assignment("0oa1", group="00g1")
    ]


def test_grants_of_an_administrator_and_of_a_person() -> None:
    by = {"id": "00u9", "type": "User"}
    admin = {"scopeId": "okta.users.read", "source": "ADMIN", "createdBy": by, "created": WHEN}
    assert list(parse_grant(Item(admin), {"appId": "0oa1"})) == [
        Grant(
            "0oa1",
            ("okta.users.read",),
            "Okta",
            Way.APPLICATION,
            Consent.ADMIN,
            granted_by="00u9",
            granted=at(WHEN),
        )
    ]
    own = {
        "scopeId": "okta.users.read",
        "source": "END_USER",
        "userId": "00u1",
        "status": "REVOKED",
    }
    assert list(parse_grant(Item(own), {"appId": "0oa1"})) == [
        Grant(
            "0oa1",
            ("okta.users.read",),
            "Okta",
            consent=Consent.USER,
            person="00u1",
            is_revoked=True,
        )
    ]


def test_people_that_left_are_not_active() -> None:
    item = Item({"id": "00u1", "status": "DEPROVISIONED", "profile": {"login": "ana"}})
    assert list(parse_user(item, {})) == [Person("00u1", "ana", is_active=False)]


ACTOR = {"id": "00u1", "type": "User", "alternateId": "ana@harbour.example"}
ANA = Person("00u1", "ana@harbour.example")


def _event(**more: object) -> Item:
    return Item({"eventType": "e", "published": WHEN, "actor": ACTOR, **more})


def test_a_sign_in_and_one_that_was_refused() -> None:
    target = [{"id": "u", "type": "AppUser"}, {"id": "0oa1", "type": "AppInstance"}]
    fine = _event(eventType="user.authentication.sso", target=target)
    assert list(parse_sign_in(fine, {"appId": "0oa2"})) == [
        Activity("0oa1", "00u1", at(WHEN), detail="user.authentication.sso"),
        ANA,
    ]
    refused = _event(target=None, outcome={"result": "DENY"})
    assert next(parse_sign_in(refused, {"appId": "0oa2"})) == Activity(
        "0oa2", "00u1", at(WHEN), is_blocked=True, detail="e"
    )


def test_a_consent_names_application_and_person_in_its_targets() -> None:
    """As Okta's own authorization servers write it: the actor is Okta itself."""
    target = [
        {
            "id": "oag1",
            "displayName": scope,
            "detailEntry": {"publicclientapp": "0oa1", "user": "00u1"},
        }
        for scope in ("openid", "files.read")
    ]
    system = {"id": "okta", "type": "SystemPrincipal", "alternateId": "system@okta.com"}
    item = _event(eventType="app.oauth2.as.consent.grant", actor=system, target=target)
    assert list(parse_consent(item, {})) == [
        Grant(
            "0oa1",
            ("openid", "files.read"),
            consent=Consent.USER,
            person="00u1",
            granted_by="00u1",
            granted=at(WHEN),
        )
    ]


def test_an_administrator_consents_for_everyone() -> None:
    item = _event(
        eventType="app.oauth2.admin.consent.grant",
        target=[{"id": "0oa1", "type": "AppInstance"}],
        debugContext={"debugData": {"grantedScopes": "files.read, mail.read"}},
    )
    assert list(parse_consent(item, {})) == [
        Grant(
            "0oa1",
            ("files.read", "mail.read"),
            consent=Consent.ADMIN,
            granted_by="00u1",
            granted=at(WHEN),
        ),
        ANA,
    ]


def test_a_consent_may_name_its_application_in_other_places() -> None:
    typed = _event(target=[{"id": "0oa3", "type": "PublicClientApp"}])
    told = _event(debugContext={"debugData": {"clientId": "0oa4", "scopes": "openid"}})
    assert [next(parse_consent(one, {})) for one in (typed, told)] == [
        Grant("0oa3", consent=Consent.USER, person="00u1", granted_by="00u1", granted=at(WHEN)),
        Grant(
            "0oa4",
            ("openid",),
            consent=Consent.USER,
            person="00u1",
            granted_by="00u1",
            granted=at(WHEN),
        ),
    ]


def test_a_consent_that_was_refused_is_none() -> None:
    item = _event(target=[{"id": "0oa1", "type": "AppInstance"}], outcome={"result": "FAILURE"})
    assert list(parse_consent(item, {})) == []


def test_who_added_an_application_is_asked_about_it() -> None:
    item = _event(target=[{"id": "0oa1", "type": "AppInstance"}], outcome={"result": "SUCCESS"})
    assert list(parse_created(item, {})) == [Owner("0oa1", "00u1", "added it to Okta"), ANA]
    program = _event(actor={"id": "x", "type": "PublicClientApp"}, target=[])
    assert list(parse_created(program, {})) == []
