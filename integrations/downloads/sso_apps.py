"""Applications of any identity provider (Okta, Ping, OneLogin, JumpCloud, ...), by synonyms.

    app_name,entity_id,acs_or_redirect_url,sign_on_mode,owner,assigned_users,last_login
    Claude,https://claude.ai/saml,https://claude.ai/acs,SAML_2_0,Ana Baker,120,2026-11-19

Reference: https://help.okta.com/en-us/content/topics/reports/reports.htm
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.columns import Columns, folded
from integrations.downloads import Download, Opened, table_is
from integrations.downloads.headings import OF_LOGS, OF_MONEY
from integrations.fields import Item
from scanner.model import Activity, App, Assignment, Owner, Record

_COLUMNS = Columns(
    names={
        "name": (
            "appname", "applicationname", "application", "applabel", "label", "displayname",
            "appdisplayname", "app", "name", "anwendungsname", "anwendung", "nomdelapplication",
        ),
        "id": ("appid", "applicationid", "appinstanceid", "id"),
        "client": ("clientid", "oauthclientid", "oidcclientid", "entityidclientid"),
        "entity": ("entityid", "samlentityid", "issuer", "audience", "audienceuri", "spentityid"),
        "reply": (
            "acsorredirecturl", "acsurl", "acs", "redirecturl", "redirecturi", "redirecturis",
            "replyurl", "replyurls", "ssourl", "assertionconsumerserviceurl", "callbackurl", "umleitungsuri", "umleitungsurl", "antworturl", "uriderredirection",
        ),
        "login": ("loginurl", "signonurl", "homepage", "homepageurl", "url"),
        "mode": ("signonmode", "ssotype", "ssomode", "ssomethod", "signonmethod",
                 "authmethod", "protocol"),
        "status": ("status", "state", "appstatus", "enabled"),
        "owner": ("owner", "owners", "appowner", "owneremail", "businessowner"),
        "people": (
            "assignedusers", "users", "usercount", "assigneduserscount", "numberofusers",
            "assignedusercount", "userassignments", "benutzer", "utilisateurs", "usuarios",
        ),
        "when": ("lastlogin", "lastsignin", "lastused", "lastaccess", "lastsso"),
        "created": ("created", "createdat", "createddate", "datecreated"),
        "vendor": ("vendor", "publisher"),
        "category": ("category",),
    },
    needed=("name",),
    keys=("name", "client", "entity"),
    one_of=(("client", "entity", "reply", "mode"), ("reply", "mode", "people", "status", "when")),
    never=OF_LOGS | OF_MONEY | {"user", "username", "userlogin", "eventtype", "createddatetime", "date", "time"},
    times=("when", "created"),
    counts=("people",),
)  # fmt: skip
_BETWEEN = re.compile(r"[\s,;|]+")
_OFF = ("inactive", "disabled", "deactivated", "deleted", "false", "no")


def read(file: Opened) -> Iterator[Record]:
    """Yield an application, its owner, its people and its last use for each row."""
    for row in file.rows(_COLUMNS):
        yield from records(row)


def records(row: Item) -> Iterator[Record]:
    """Yield what one row says."""
    one = _app(row)
    yield one
    if owner := row.text("owner"):
        yield Owner(app=one.key, person=owner, reason="owner in the list of applications")
    if people := row.number("people"):
        yield Assignment(app=one.key, people=people)
    if when := row.time("when"):
        yield Activity(app=one.key, when=when, detail="last sign-in")


def _app(row: Item) -> App:
    client, entity, name = row.text("client"), row.text("entity"), row.text("name")
    status = row.text("status").lower()
    addresses = (entity, *_BETWEEN.split(row.text("reply")), row.text("login"))
    return App(
        key=row.text("id") or client or entity or folded(name) or name,
        name=name,
        client_id=client,
        publisher=row.text("vendor"),
        urls=tuple(dict.fromkeys(one for one in addresses if "://" in one)),
        kind=row.text("mode"),
        description=row.text("category"),
        is_enabled=None if not status else status not in _OFF,
        created=row.time("created"),
    )


DOWNLOAD = Download(
    name="sso-apps",
    title="Applications of an identity provider, Okta and others (CSV, XLSX)",
    system="generic",
    reference="https://help.okta.com/en-us/content/topics/reports/reports.htm",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "sso_apps.csv": (
            b"app_name;entity_id;acs_or_redirect_url;sign_on_mode;owner;assigned_users;last_login\n"
            b"Claude;https://claude.ai/saml;https://claude.ai/acs;SAML_2_0;Ana Baker;120;19.11.2026\n"
        ),
        "okta_apps.csv": (
            b"id,label,signOnMode,status,created\n"
            b"0oa1gjh63g214q0Hq0g4,Perplexity,OPENID_CONNECT,ACTIVE,2026-02-03T08:11:12.000Z\n"
        ),
    },
    verified_by="nobody: headings by synonym; Okta's as its API names them",
)
