"""Who may use which application: assignments of any identity provider, by synonyms.

    Application,User,Email,Assignment Type,Assigned On
    Claude,Ana Baker,ana@harbour.example,Group: Sales,2026-03-02

Reference: https://help.okta.com/en-us/content/topics/reports/reports.htm
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.downloads import Download, Once, Opened, table_is
from integrations.downloads.headings import OF_LOGS, OF_MONEY
from integrations.fields import Item
from scanner.model import Activity, App, Assignment, Record

_COLUMNS = Columns(
    names={
        "id": ("appid", "applicationid", "appinstanceid", "instanceid"),
        "name": (
            "application", "app", "appname", "applicationname", "applabel", "applicationlabel",
            "appinstance", "appinstancename", "appdisplayname",
        ),
        "person": (
            "email", "useremail", "userlogin", "login", "oktalogin", "oktausername",
            "userprincipalname", "upn", "primaryemail", "username", "user",
        ),
        "group": ("group", "groupname", "assignedgroup"),
        "how": (
            "assignmenttype", "assignment", "assignmentsource", "assignedvia",
            "applicationusername", "appusername", "appuserstatus", "assignmentstatus",
        ),
        "assigned": ("assigned", "assignedon", "assigneddate", "dateassigned", "assignmentdate",
                     "assignedat"),
        "when": ("lastlogin", "lastsignin", "lastused", "lastaccess", "lastsso"),
    },
    needed=("name", "person"),
    keys=("name", "id"),
    one_of=(("how", "assigned"),),
    never=OF_LOGS | OF_MONEY | {"eventtype", "event", "oauthevent", "action", "url", "pid", "date", "time", "message", "severity"},
    times=("assigned", "when"),
)  # fmt: skip


def read(file: Opened) -> Iterator[Record]:
    """Yield an assignment for each row, and each application once."""
    once = Once()
    for row in file.rows(_COLUMNS):
        yield from once.new((App(key=_key(row), name=row.text("name")),))
        yield from assignments(row)


def assignments(row: Item) -> Iterator[Record]:
    """Yield what one row says of a person and an application."""
    person = row.text("person")
    yield Assignment(
        app=_key(row), person=person, group=row.text("group"), assigned=row.time("assigned")
    )
    if when := row.time("when"):
        yield Activity(app=_key(row), person=person, when=when, detail="last sign-in")


def _key(row: Item) -> str:
    name = row.text("name")
    return row.text("id") or folded(name) or name


DOWNLOAD = Download(
    name="sso-assignments",
    title="Assignments of an identity provider, Okta and others (CSV, XLSX)",
    system="generic",
    reference="https://help.okta.com/en-us/content/topics/reports/reports.htm",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "app_assignments.csv": (
            b"Application,User,Email,Assignment Type,Assigned On\n"
            b"Claude,Ana Baker,ana@harbour.example,Individual,2026-03-02\n"
        )
    },
    verified_by="nobody: headings by synonym",
)
