"""Microsoft Entra: enterprise applications as the portal (All applications, Download) or PowerShell lists them.

    id,displayName,appId,createdDateTime,state,homepage
    0a..,ChatGPT,e0476654-...,2026-02-03T08:11:12Z,Activated,https://chatgpt.com

Reference: https://learn.microsoft.com/entra/identity/enterprise-apps/view-applications-portal
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Download, Opened, table_is
from integrations.fields import Item
from scanner.model import App, Record

_COLUMNS = Columns(
    names={
        "id": ("id", "objectid"),
        "name": ("displayname",),
        "client": ("appid",),
        "created": ("createddatetime",),
        "state": ("state", "accountenabled"),
        "owner": ("appownerorganizationid",),
        "publisher": ("publishername",),
        "homepage": ("homepage",),
        "identifier": ("identifieruri",),
        "kind": ("applicationtype",),
    },
    needed=("id", "name", "client"),
    keys=("id", "client"),
    times=("created",),
)
_OFF = ("deactivat", "disabl", "false")


def read(file: Opened) -> Iterator[Record]:
    """Yield an application for each row. Its key is that of its service principal, as in Graph."""
    for row in file.rows(_COLUMNS):
        yield app(row)


def app(row: Item) -> App:
    """Return the application of one row."""
    state = row.text("state").lower()
    addresses = (row.text("homepage"), row.text("identifier"))
    return App(
        key=row.text("id") or row.text("client"),
        name=row.text("name"),
        idp="entra",
        client_id=row.text("client").lower(),
        owner_tenant=row.text("owner").lower(),
        publisher=row.text("publisher"),
        urls=tuple(one for one in addresses if "://" in one),
        kind=row.text("kind"),
        is_enabled=None if not state else not state.startswith(_OFF),
        created=row.time("created"),
    )


DOWNLOAD = Download(
    name="entra-enterprise-apps",
    title="Microsoft Entra enterprise applications (CSV)",
    system="entra",
    reference="https://learn.microsoft.com/entra/identity/enterprise-apps/view-applications-portal",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "EnterpriseApplications.csv": (
            b"\xef\xbb\xbfid,displayName,appId,createdDateTime,state,homepage,appStatus\n"
            b"0a1f7c1e-0000-4000-8000-000000000001,ChatGPT,e0476654-c1d5-430b-ab80-70cbd947616a,"
            b"2026-02-03T08:11:12Z,Activated,https://chatgpt.com,Current\n"
            b"0a1f7c1e-0000-4000-8000-000000000002,Notetaker,5c1e0000-0000-4000-8000-00000000000a,"
            b"2/14/2026 9:30:00 AM,Disabled,,Current\n"
        )
    },
    verified_by="files of another tool that reads it",
)
