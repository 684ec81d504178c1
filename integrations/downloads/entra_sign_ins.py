"""Microsoft Entra: sign-ins as the portal saves them, of people and of applications (CSV, JSON).

    Date (UTC),Request ID,User,Username,Application,Application ID ,Status,Sign-in error code
    2026-11-04T08:19:41Z,r1,Ana Baker,ana@...,ChatGPT,e0476654-...,Success,0

Graph Explorer's answers hold the same under the names of the API.
Reference: https://learn.microsoft.com/entra/identity/monitoring-health/howto-download-logs
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from integrations.columns import Columns, folded
from integrations.downloads import Beginning, Download, Once, Opened, table_is
from integrations.downloads.graph_json import goes_on
from integrations.entra.audit import client_key
from integrations.fields import Item
from scanner.model import Activity, App, Record

_COLUMNS = Columns(
    names={
        "when": ("date", "createddatetime"),
        "id": ("applicationid", "appid"),
        "name": ("application", "appdisplayname"),
        "person": ("username", "userprincipalname"),
        "service": ("serviceprincipalid",),
        "code": ("signinerrorcode", "errorcode"),
        "status": ("status",),
        "policy": ("conditionalaccess", "conditionalaccessstatus"),
    },
    needed=("when", "name", "status"),
    keys=("name", "id"),
    one_of=(("person", "service"), ("code", "policy")),
    times=("when",),
)
_FIELDS = frozenset({"createdDateTime", "appId", "appDisplayName", "status"})
# Nobody had consented, was assigned or got past a policy; or the application was turned off.
_REFUSED = frozenset({"65001", "90094", "90095", "50105", "7000112", "53003"})


class _SignIn(NamedTuple):
    """A sign-in, whichever way it is written."""

    client: str
    name: str
    person: str
    when: datetime | None
    code: str
    is_stopped: bool  # by a policy


def recognises(beginning: Beginning) -> bool:
    """Whether it is a table or a list of sign-ins."""
    if beginning.is_json:
        return set(beginning.first[1].names()) >= _FIELDS
    return table_is(_COLUMNS)(beginning)


def read(file: Opened) -> Iterator[Record]:
    """Yield the use of each sign-in, and each application once.

    One that was refused is an attempt; one that failed for another reason is none, and is counted.
    """
    once = Once()
    for one in _sign_ins(file):
        is_blocked = one.is_stopped or one.code in _REFUSED
        if one.code not in ("0", "") and not is_blocked:
            file.ignored["sign-in that failed"] += 1
            continue
        app = App(client_key(one.client) or folded(one.name), one.name, "entra", one.client.lower())
        yield from once.new((app,))
        yield Activity(app.key, one.person, one.when, is_blocked=is_blocked, detail="sign-in")


def _sign_ins(file: Opened) -> Iterator[_SignIn]:
    if file.beginning.is_json:
        yield from (_of_item(item) for _, item in file.items())
    else:
        yield from (_of_row(row) for row in file.rows(_COLUMNS))


def _of_row(row: Item) -> _SignIn:
    code = row.text("code") or ("" if row.text("status").lower() == "success" else "failed")
    return _SignIn(
        row.text("id"), row.text("name"), row.text("person"), row.time("when"), code,
        row.text("policy").lower() == "failure",
    )  # fmt: skip


def _of_item(item: Item) -> _SignIn:
    return _SignIn(
        item.text("appId"), item.text("appDisplayName"), item.text("userPrincipalName"),
        item.time("createdDateTime"), str(item.at("status").number("errorCode")),
        item.text("conditionalAccessStatus") == "failure",
    )  # fmt: skip


DOWNLOAD = Download(
    name="entra-sign-ins",
    title="Microsoft Entra sign-ins (CSV, JSON)",
    system="entra",
    reference="https://learn.microsoft.com/entra/identity/monitoring-health/howto-download-logs",
    recognises=recognises,
    read=read,
    samples={
        "InteractiveSignIns.csv": (
            b"\xef\xbb\xbfDate (UTC),Request ID,User,Username,Application,Application ID ,"
            b"IP address,Status,Sign-in error code,Failure reason,Conditional Access\n"
            b"2026-11-04T08:19:41Z,r1,Ana Baker,ana@harbour.example,ChatGPT,"
            b"e0476654-c1d5-430b-ab80-70cbd947616a,203.0.113.5,Success,0,Other.,Not Applied\n"
        ),
        "ApplicationSignIns.csv": (
            b"Date (UTC),Request ID,Service principal ID,Service principal name,Application,"
            b"Application ID ,Resource,Status,Sign-in error code,Conditional Access\n"
            b"2026-11-04T08:19:41Z,r1,0a1f7c1e-0000-4000-8000-000000000001,ChatGPT,ChatGPT,"
            b"e0476654-c1d5-430b-ab80-70cbd947616a,Microsoft Graph,Success,0,Not Applied\n"
        ),
        "signIns.json": (
            b'[{"id": "r1", "createdDateTime": "2026-11-04T08:19:41Z", "userPrincipalName":'
            b' "ana@harbour.example", "appId": "e0476654-c1d5-430b-ab80-70cbd947616a",'
            b' "appDisplayName": "ChatGPT", "conditionalAccessStatus": "notApplied", "status":'
            b' {"errorCode": 0}}]\n'
        ),
    },
    verified_by="headings of real downloads; the vendor's contract",
    goes_on=goes_on,
)
