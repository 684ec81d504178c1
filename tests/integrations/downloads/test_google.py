"""Google's console exports and saved answers."""

from integrations.downloads.google_accessed_apps import DOWNLOAD as ACCESSED
from integrations.downloads.google_oauth_log import DOWNLOAD as LOG
from scanner.model import Activity, App, Assignment, Consent, Grant, Identifier
from tests.integrations.downloads.support import read
from tests.support import at


def test_an_accessed_app_is_a_grant_of_so_many_people() -> None:
    key = "849-x.apps.googleusercontent.com"
    text = (
        "App Name,Type,Id,Verification Status,Users,Access,Requested Services,"
        "Requested Services with Scopes,Ownership\n"
        f"Zoom,Web Application,{key},Verified,384,Not configured,"
        '"[Drive, Gmail]","[Drive : [https://www.googleapis.com/auth/drive, openid] | '
        'Gmail : [https://mail.google.com/, openid]]",Third party\n'
    )
    assert read(ACCESSED, text) == [
        App(key, "Zoom", idp="google", client_id=key, kind="Web Application", is_enabled=True),
        Grant(
            key,
            ("https://www.googleapis.com/auth/drive", "openid", "https://mail.google.com/"),
            people=384,
        ),
        Assignment(key, people=384),
    ]


def test_an_app_of_a_phone_has_the_id_of_its_store() -> None:
    text = (
        "App Name,Type,Id,Verification Status,Users,Access,Requested Services,"
        "Requested Services with Scopes,Ownership\n"
        ",iOS,com.openai.chat,Verified,many,,[],[],\n"
    )
    assert read(ACCESSED, text, bad={"people": 1}) == [
        App(
            "com.openai.chat",
            idp="google",
            client_id="com.openai.chat",
            identifiers=((Identifier.BUNDLE, "com.openai.chat"),),
            kind="iOS",
        )
    ]


def test_the_log_says_who_gave_and_took_back_what_and_when() -> None:
    text = (
        "Date,App ID,App name,OAuth event,User,Scope,API name,Method,Client type\n"
        'not a date,c1,Claude,Authorize,ana,"[openid, a b]",,,WEB\n'
        "2026-11-03T10:00:00Z,c1,Claude,Activity,ana,,drive,drive.files.list,WEB\n"
        "2026-11-03T11:00:00Z,c1,Claude,Deny,tom,,,,WEB\n"
        "2026-11-04T10:00:00Z,c1,Claude,Revoke,ana,openid,,,WEB\n"
    )
    assert read(LOG, text, bad={"when": 1}) == [
        App("c1", "Claude", idp="google", client_id="c1", kind="web"),
        Grant("c1", ("openid", "a", "b"), consent=Consent.USER, person="ana", granted_by="ana"),
        Activity(
            "c1", person="ana", when=at("2026-11-03T10:00:00Z"), detail="drive drive.files.list"
        ),
        Activity(
            "c1", person="tom", when=at("2026-11-03T11:00:00Z"), is_blocked=True, detail="Deny"
        ),
        Grant("c1", ("openid",), consent=Consent.USER, person="ana", is_revoked=True),
    ]
