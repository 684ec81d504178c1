"""Identity providers: applications, assignments, Okta's log."""

from integrations.downloads.okta_log import DOWNLOAD as LOG
from integrations.downloads.sso_apps import DOWNLOAD as APPS
from integrations.downloads.sso_assignments import DOWNLOAD as ASSIGNMENTS
from scanner.model import Activity, App, Assignment, Consent, Grant, Owner
from tests.integrations.downloads.support import read
from tests.support import at

_HEADING = (
    "published,eventType,actor.alternateId,actor.displayName,outcome.result,target0.id,"
    "target0.type,target0.displayName,target1.id,target1.type,target1.displayName,"
    "target1.alternateId\n"
)


def test_an_application_with_its_owner_people_and_last_use() -> None:
    text = (
        "Client ID,Application Name,Redirect URIs,Sign On Mode,Status,Owner,Users,Last login\n"
        '0oa1,Claude,"https://claude.ai/a https://claude.ai/b",OIDC,INACTIVE,Ana,12,25/12/2025\n'
    )
    assert read(APPS, text) == [
        App(
            "0oa1",
            "Claude",
            client_id="0oa1",
            urls=("https://claude.ai/a", "https://claude.ai/b"),
            kind="OIDC",
            is_enabled=False,
        ),
        Owner("0oa1", "Ana", "owner in the list of applications"),
        Assignment("0oa1", people=12),
        Activity("0oa1", when=at("2025-12-25T00:00:00Z"), detail="last sign-in"),
    ]


def test_assignments_name_each_application_once() -> None:
    text = (
        "App Label,User Login,Group,Assigned On,Last login\n"
        "Claude,ana@harbour.example,Sales,2026-03-02,2026-11-02\n"
        "Claude,tom@harbour.example,,,\n"
    )
    assert read(ASSIGNMENTS, text) == [
        App("claude", "Claude"),
        Assignment("claude", "ana@harbour.example", "Sales", assigned=at("2026-03-02T00:00:00Z")),
        Activity(
            "claude", "ana@harbour.example", at("2026-11-02T00:00:00Z"), detail="last sign-in"
        ),
        Assignment("claude", "tom@harbour.example"),
    ]


def test_the_log_shows_sign_ins_assignments_and_consent() -> None:
    text = _HEADING + (
        "2026-11-19T08:00:00Z,user.authentication.sso,ana@h,Ana,DENY,0oa1,AppInstance,Claude,,,,\n"
        "2026-11-19T09:00:00Z,application.user_membership.add,adm@h,Adm,SUCCESS,0ua1,AppUser,Tom,"
        "0oa1,AppInstance,Claude,tom@h\n"
        "2026-11-19T10:00:00Z,app.oauth2.consent.grant,tom@h,Tom,SUCCESS,0oa1,AppInstance,Claude,,,,\n"
        "2026-11-19T11:00:00Z,user.session.start,tom@h,Tom,SUCCESS,,,,,,,\n"
    )
    assert read(LOG, text) == [
        App("0oa1", "Claude", idp="okta"),
        Activity("0oa1", "ana@h", at("2026-11-19T08:00:00Z"), is_blocked=True,
                 detail="user.authentication.sso"),
        Assignment("0oa1", "Tom", assigned=at("2026-11-19T09:00:00Z")),
        Grant("0oa1", consent=Consent.USER, person="tom@h", granted_by="tom@h",
              granted=at("2026-11-19T10:00:00Z")),
    ]  # fmt: skip
