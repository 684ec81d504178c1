"""Google Workspace: saved answers of the Directory and Reports APIs, told apart by their kind.

    {"kind": "admin#reports#activities", "items": [{"id": {"applicationName": "token"}, ...}]}

Tokens and people of the Directory, and every log that the Google connector reads.
Reference: https://developers.google.com/workspace/admin/reports/v1/get-start/overview
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.downloads import Beginning, Download, Opened
from integrations.downloads.saved import operation_at, parsed
from integrations.fields import Item
from integrations.operations import Operation
from scanner.model import Record

_PATHS = {
    "admin#directory#tokenList": "admin/directory/v1/users/{userKey}/tokens",
    "admin#directory#users": "admin/directory/v1/users",
}
_ACTIVITIES = "admin#reports#activities"
_LOGS = "admin/reports/v1/activity/users/all/applications/"


def recognises(beginning: Beginning) -> bool:
    """Whether it is an answer that the Google connector would have asked for."""
    kind = beginning.marks.get("kind", "")
    return _operation(kind, beginning.first[1]) is not None


def read(file: Opened) -> Iterator[Record]:
    """Yield what each item of the answer says; logs that are not read are passed over."""
    kind = file.beginning.marks.get("kind", "")
    for _, value in file.values():
        item = Item(value, file.bad)
        operation = _operation(kind, item)
        if operation is None:
            file.ignored["event of a log that is not read"] += 1
        else:
            parameters = {"userKey": item.text("userKey")}
            yield from parsed(operation, value, parameters, file.bad)


def goes_on(file: Opened) -> bool:
    """Whether the answer has further pages."""
    return '"nextPageToken"' in file.beginning.ends


def _operation(kind: str, item: Item) -> Operation | None:
    if kind == _ACTIVITIES:
        return operation_at("google", _LOGS + item.at("id").text("applicationName"))
    return operation_at("google", _PATHS[kind]) if kind in _PATHS else None


DOWNLOAD = Download(
    name="google-json",
    title="Google Workspace API answers (JSON)",
    system="google",
    reference="https://developers.google.com/workspace/admin/reports/v1/get-start/overview",
    recognises=recognises,
    read=read,
    samples={
        "tokens.json": (
            b'{"kind": "admin#directory#tokenList", "etag": "a", "items": [{"kind":'
            b' "admin#directory#token", "clientId": "799-a.apps.googleusercontent.com",'
            b' "displayText": "OpenAI", "anonymous": false, "nativeApp": false, "userKey":'
            b' "100000000000000000001", "scopes": ["openid"]}]}\n'
        ),
        "activities.json": (
            b'{"kind": "admin#reports#activities",\n "items": [{"kind": "admin#reports#activity",'
            b' "id": {"time": "2026-11-02T08:30:00.000Z", "uniqueQualifier": "-7", "applicationName":'
            b' "token", "customerId": "C01"}, "actor": {"email": "ana@harbour.example"},'
            b' "events": [{"type": "auth", "name": "authorize", "parameters": [{"name": "client_id",'
            b' "value": "799-a.apps.googleusercontent.com"}, {"name": "app_name", "value": "OpenAI"},'
            b' {"name": "scope", "multiValue": ["openid"]}]}]}]}\n'
        ),
    },
    verified_by="the vendor's discovery documents",
    goes_on=goes_on,
)
