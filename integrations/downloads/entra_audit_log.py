"""Microsoft Entra: the audit log as the portal saves it, of which consents and grants are read (CSV).

    Date (UTC),...,Activity,Result,...,ActorUserPrincipalName,...,Target1Type,Target1DisplayName,...
    2026-10-23T16:40:00Z,...,Consent to application,success,...,ana@...,...,ServicePrincipal,ChatGPT

What changed is in columns of threes, a name, an old and a new value.
Reference: https://learn.microsoft.com/entra/identity/monitoring-health/howto-download-logs
"""

from __future__ import annotations

from collections.abc import Iterator

from integrations.columns import Columns
from integrations.downloads import Download, Once, Opened, table_is
from integrations.entra.audit import audited_app, directory_audit
from integrations.fields import Item
from scanner.model import Record

_PROPERTIES = range(1, 6)
_COLUMNS = Columns(
    names={
        "when": ("date",),
        "activity": ("activity",),
        "result": ("result",),
        "by": ("actoruserprincipalname",),
        "by_id": ("actorobjectid",),
        "type": ("target1type",),
        "name": ("target1displayname",),
        "id": ("target1objectid", "target1id"),
        **{f"name{n}": (f"target1modifiedproperty{n}name",) for n in _PROPERTIES},
        **{f"new{n}": (f"target1modifiedproperty{n}newvalue",) for n in _PROPERTIES},
    },
    needed=("when", "activity", "result", "by", "type", "name", "id"),
    keys=("activity",),
    times=("when",),
)


def read(file: Opened) -> Iterator[Record]:
    """Yield the grants of each consent, and each application once; other events are counted."""
    once = Once()
    for row in file.rows(_COLUMNS):
        event = Item(_event(row), file.bad)
        found = list(directory_audit(event, {}))
        if found and (app := audited_app(event)):
            yield from once.new((app,))
        yield from found
        if not found:
            file.ignored["event that grants nothing"] += 1


def _event(row: Item) -> dict[str, object]:
    """Return a row as the API answers it."""
    properties = [
        {"displayName": row.text(f"name{n}"), "newValue": row.text(f"new{n}")} for n in _PROPERTIES
    ]
    target = {
        "id": row.text("id"),
        "type": row.text("type"),
        "displayName": row.text("name"),
        "modifiedProperties": properties,
    }
    # A person is known by the object id in other downloads, and by nothing else where there is none.
    by = {"id": row.text("by_id") or row.text("by"), "userPrincipalName": row.text("by")}
    when = row.time("when")
    return {
        "activityDisplayName": row.text("activity"),
        "activityDateTime": when.isoformat() if when else None,
        "result": row.text("result").lower(),
        "initiatedBy": {"user": by},
        "targetResources": [target],
    }


DOWNLOAD = Download(
    name="entra-audit-log",
    title="Microsoft Entra audit log (CSV)",
    system="entra",
    reference="https://learn.microsoft.com/entra/identity/monitoring-health/howto-download-logs",
    recognises=table_is(_COLUMNS),
    read=read,
    samples={
        "AuditLogs.csv": (
            b"\xef\xbb\xbfDate (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason,"
            b"ActorType,ActorDisplayName,ActorObjectId,ActorUserPrincipalName,IPAddress,Target1Type,"
            b"Target1DisplayName,Target1ObjectId,Target1ModifiedProperty1Name,"
            b"Target1ModifiedProperty1OldValue,Target1ModifiedProperty1NewValue,"
            b"Target1ModifiedProperty2Name,Target1ModifiedProperty2OldValue,"
            b"Target1ModifiedProperty2NewValue\n"
            b"2026-10-23T16:40:00Z,c1,Core Directory,ApplicationManagement,Consent to application,"
            b"success,,User,Ana Baker,u1,ana@harbour.example,203.0.113.5,ServicePrincipal,ChatGPT,"
            b'0a1f7c1e-0000-4000-8000-000000000001,ConsentContext.IsAdminConsent,,"""True""",'
            b'ConsentAction.Permissions,,"""[] => [[Id: g, ClientId: 0a1f7c1e-0000-4000-8000-'
            b"000000000001, PrincipalId: , ResourceId: r, ConsentType: AllPrincipals, Scope: "
            b'Mail.Read, CreatedDateTime: , LastModifiedDateTime ]]; """\n'
        )
    },
    verified_by="headings of real downloads; values as the vendor's contract has them",
)
