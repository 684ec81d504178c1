"""Google Workspace: OAuth log events, who gave which application access and took it back.

    Date,App ID,App name,OAuth event,User,Scope
    2026-11-02T09:30:00+01:00,799-a.apps.googleusercontent.com,OpenAI,Authorize,ana@...,openid

Reporting, Audit and investigation, OAuth log events. Details are quoted JSON over several lines.
Reference: https://support.google.com/a/answer/6124308
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Download, Once, Opened, table_is
from integrations.fields import Item
from scanner.model import Activity, App, Consent, Grant, Record

_COLUMNS = Columns(
    names={
        "when": ("date",),
        "id": ("appid",),
        "name": ("appname",),
        "event": ("oauthevent", "event"),
        "person": ("user", "actor"),
        "scopes": ("scope", "scopes"),
        "api": ("apiname",),
        "method": ("method",),
        "kind": ("clienttype",),
    },
    needed=("when", "id", "name", "event", "person", "scopes"),
    keys=("id",),
    times=("when",),
)
_BETWEEN = re.compile(r"[\s,;|\[\]\"]+")


def read(file: Opened) -> Iterator[Record]:
    """Yield a grant or a use for each event, and each application once."""
    once = Once()
    for row in file.rows(_COLUMNS):
        yield from once.new((_app(row),))
        yield from events(row)


def events(row: Item) -> Iterator[Record]:
    """Yield what one event shows: access that was given, taken back, or used."""
    key, person, when = row.text("id"), row.text("person"), row.time("when")
    event = row.text("event").lower()
    if event.startswith(("authorize", "revoke")):
        is_revoked = event.startswith("revoke")
        yield Grant(
            app=key,
            scopes=tuple(one for one in _BETWEEN.split(row.text("scopes")) if one),
            consent=Consent.USER,
            person=person,
            granted_by="" if is_revoked else person,
            granted=None if is_revoked else when,
            is_revoked=is_revoked,
        )
    else:
        detail = " ".join(one for one in (row.text("api"), row.text("method")) if one)
        is_blocked = "deny" in event or "block" in event
        yield Activity(
            app=key,
            person=person,
            when=when,
            is_blocked=is_blocked,
            detail=detail or row.text("event"),
        )


def _app(row: Item) -> App:
    key = row.text("id")
    return App(
        key=key, name=row.text("name"), idp="google", client_id=key, kind=row.text("kind").lower()
    )


DOWNLOAD = Download(
    name="google-oauth-log",
    title="Google Workspace OAuth log events (CSV)",
    system="google",
    reference="https://support.google.com/a/answer/6124308",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "oauth_log_events.csv": (
            b"Date,App ID,App name,OAuth event,User,Scope,API name,Method,Network info\n"
            b"2026-11-02T09:30:00+01:00,799-a.apps.googleusercontent.com,OpenAI,Authorize,"
            b'ana@harbour.example,"https://www.googleapis.com/auth/drive.readonly\nopenid",,,"{\n'
            b'  ""ip_asn"": 64500\n}"\n'
            b"2026-11-03T10:00:00+01:00,799-a.apps.googleusercontent.com,OpenAI,Activity,"
            b"ana@harbour.example,,drive,drive.files.list,\n"
            b"2026-11-04T10:00:00+01:00,799-a.apps.googleusercontent.com,OpenAI,Revoke,"
            b"ana@harbour.example,openid,,,\n"
        )
    },
    verified_by="files of another tool that reads it",
)
