"""Okta: the system log as its console saves it, a column for each field of an event.

    published,eventType,actor.alternateId,actor.displayName,target0.id,target0.displayName,...
    2026-11-19T08:00:00Z,user.authentication.sso,ana@harbour.example,Ana Baker,0oa1...,Claude,...

Columns are named as the fields of the API, with or without dots.
Reference: https://developer.okta.com/docs/reference/api/system-log/
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.downloads import Download, Once, Opened, table_is
from integrations.fields import Item
from scanner.model import Activity, App, Assignment, Consent, Grant, Record

_COLUMNS = Columns(
    names={
        "when": ("published", "timestamp"),
        "event": ("eventtype",),
        "person": ("actoralternateid", "actordisplayname"),
        "result": ("outcomeresult",),
        "id": ("target0id", "targetid"),
        "kind": ("target0type", "targettype"),
        "name": ("target0displayname", "targetdisplayname"),
        "id1": ("target1id",),
        "kind1": ("target1type",),
        "name1": ("target1displayname",),
        "alternate": ("target0alternateid", "targetalternateid"),
        "alternate1": ("target1alternateid",),
        "uuid": ("uuid",),
    },
    needed=("when", "event", "person", "name", "result"),
    keys=("event",),
    times=("when",),
)
_ASSIGNED = "application.user_membership.add"
_CONSENTED = ("app.oauth2.as.consent.grant", "app.oauth2.consent.grant")


def read(file: Opened) -> Iterator[Record]:
    """Yield what each event shows of an application; events of other things are passed over."""
    once = Once()
    for row in file.rows(_COLUMNS):
        target = _application(row)
        if target is None:
            file.ignored["event of no application"] += 1
        else:
            yield from once.new((App(key=target[0], name=target[1], idp="okta"),))
            yield _event(row, target[0])


def _event(row: Item, app: str) -> Record:
    event, person, when = row.text("event"), row.text("person"), row.time("when")
    if event == _ASSIGNED:
        return Assignment(app=app, person=_assigned(row), assigned=when)
    if event in _CONSENTED:
        return Grant(app=app, consent=Consent.USER, person=person, granted_by=person, granted=when)
    is_blocked = row.text("result").upper() in ("DENY", "FAILURE")
    return Activity(app=app, person=person, when=when, is_blocked=is_blocked, detail=event)


def _application(row: Item) -> tuple[str, str] | None:
    """Return the key and the name of the application that an event is about."""
    for end in ("", "1"):
        name, kind = row.text(f"name{end}"), row.text(f"kind{end}")
        is_one = kind.startswith("App") and not kind.startswith("AppUser")
        if name and (is_one or (not kind and row.text("event").startswith("app"))):
            return row.text(f"id{end}") or folded(name), name
    return None


def _assigned(row: Item) -> str:
    """Return whom an administrator assigned: the actor is the administrator."""
    for end in ("", "1"):
        if row.text(f"kind{end}") in ("User", "AppUser"):
            return row.text(f"alternate{end}") or row.text(f"name{end}")
    return ""


DOWNLOAD = Download(
    name="okta-log",
    title="Okta system log (CSV)",
    system="okta",
    reference="https://developer.okta.com/docs/reference/api/system-log/",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "okta_system_log.csv": (
            b"published,eventType,actor.alternateId,actor.displayName,outcome.result,"
            b"target0.id,target0.type,target0.displayName,target1.type,target1.alternateId,uuid\n"
            b"2026-11-19T08:00:00.123Z,user.authentication.sso,ana@harbour.example,Ana Baker,"
            b"SUCCESS,0oa1gjh63g214q0Hq0g4,AppInstance,Claude,AppUser,ana@harbour.example,1b-2\n"
            b"2026-11-19T09:00:00.123Z,user.session.start,ana@harbour.example,Ana Baker,"
            b"SUCCESS,,,,,,1b-3\n"
        )
    },
    verified_by="nobody: columns as the API names its fields",
)
