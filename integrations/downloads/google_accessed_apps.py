"""Google Workspace: the applications that people gave access to (Accessed apps, Download list).

    App Name,Type,Id,Verification Status,Users,Access,Requested Services,...
    OpenAI,Web Application,799-a.apps.googleusercontent.com,Verified,200,Not configured,...

Security, Access and data control, API controls, Manage app access. It names no people.
Reference: https://support.google.com/a/answer/7281227
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Download, Opened, table_is
from integrations.fields import Item
from scanner.model import App, Assignment, Grant, Identifier, Record

_COLUMNS = Columns(
    names={
        "name": ("appname",),
        "kind": ("type",),
        "id": ("id",),
        "verification": ("verificationstatus",),
        "people": ("users",),
        "unit": ("orgunit",),
        "access": ("access",),
        "services": ("requestedservices",),
        "scopes": ("requestedserviceswithscopes",),
        "ownership": ("ownership",),
    },
    needed=("name", "id", "access", "scopes"),
    keys=("id",),
    counts=("people",),
)
_SERVICE = re.compile(r":\s*\[([^\[\]]*)\]")
_OF_A_PHONE = ("ios", "android")


def read(file: Opened) -> Iterator[Record]:
    """Yield an application, its grant and how many people gave it, for each row."""
    for row in file.rows(_COLUMNS):
        yield from records(row)


def records(row: Item) -> Iterator[Record]:
    """Yield what one row says."""
    key = row.text("id")
    access = row.text("access").lower()
    yield App(
        key=key,
        name=row.text("name"),
        idp="google",
        client_id=key,
        identifiers=_identifiers(key, row.text("kind")),
        kind=row.text("kind"),
        is_enabled=None if not access else "blocked" not in access,
        is_own=row.text("ownership").lower() == "internal",
    )
    if scopes := _scopes(row.text("scopes")):
        yield Grant(app=key, scopes=scopes, people=row.number("people"))
    if people := row.number("people"):
        yield Assignment(app=key, group=row.text("unit"), people=people)


def _identifiers(key: str, kind: str) -> tuple[tuple[Identifier, str], ...]:
    """An app of a phone is listed by the id that its store knows it by."""
    is_of_a_phone = kind.lower().startswith(_OF_A_PHONE) and "." in key
    if is_of_a_phone and not key.endswith(".googleusercontent.com"):
        return ((Identifier.BUNDLE, key),)
    return ()


def _scopes(cell: str) -> tuple[str, ...]:
    """Return the scopes of ``[Drive : [a, b] | Gmail : [c]]``, each once."""
    listed = (one.strip() for found in _SERVICE.findall(cell) for one in found.split(","))
    return tuple(dict.fromkeys(one for one in listed if one))


DOWNLOAD = Download(
    name="google-accessed-apps",
    title="Google Workspace accessed apps (CSV)",
    system="google",
    reference="https://support.google.com/a/answer/7281227",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "accessed_apps.csv": (
            b"App Name,Type,Id,Verification Status,Users,Org Unit,Access,Requested Services,"
            b"Requested Services with Scopes,Ownership\n"
            b"OpenAI,Web Application,799-a.apps.googleusercontent.com,Verified,200,,Not configured,"
            b'"[Drive, Google Sign-in]","[Drive : [https://www.googleapis.com/auth/drive.readonly] |'
            b' Google Sign-in : [openid, https://www.googleapis.com/auth/userinfo.email]]",'
            b"Third party\n"
            b"Timesheets,Web Application,12-b.apps.googleusercontent.com,Not verified,3,/Sales,"
            b"Blocked,[],[],Internal\n"
        )
    },
    verified_by="files of two other tools that read it",
)
