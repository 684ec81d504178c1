"""Microsoft Graph: answers that Graph Explorer saved, every page a file, told apart by their context.

    {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#oauth2PermissionGrants", "value": [...]}

Delegated grants, service principals (also with ``$expand=appRoleAssignments``), their sign-ins,
users, subscriptions, discovered applications: whatever the Entra connector reads.
Reference: https://learn.microsoft.com/graph/graph-explorer/graph-explorer-overview
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from integrations.downloads import Beginning, Download, Once, Opened
from integrations.downloads.saved import operation_at, operation_of, parsed
from integrations.entra.audit import audited_app
from integrations.fields import Item
from integrations.operations import Operation
from scanner.model import Record

# A cloud's host and a version, before the resource.
_CONTEXT = re.compile(
    r"https://[a-z-]*(?:graph|microsoftgraph)[a-z.-]*\.(?:com|us|cn|de)/(?:v1\.0|beta)/\$metadata#(.+)"
)
# The resource before what was selected of it; one item's own lists are others.
_RESOURCE = re.compile(r"([A-Za-z0-9/]+)(?:\((?!')(?:(?!\)/).)*\))?$")
# Answers whose context is not the path that was asked, and the operations that ask for such.
_OTHERS = (
    (
        re.compile(r"(?:servicePrincipals\('[^']+'\)/)?appRoleAssign(?:edTo|ments)(?:\(|$)"),
        ("entra.app_roles", "entra.assignments"),
    ),
    (
        re.compile(
            r"(?:.*/microsoft\.graph\.security\.aggregatedAppsDetails(?:\([^/]*\))?"
            r"|Collection\(microsoft\.graph\.security\.(?:endpointD|d)iscoveredCloudAppDetail\))$"
        ),
        ("entra.discovered_apps",),
    ),
)
# What command-line tools print has no context.
_FIELDS = (
    (frozenset({"appId", "displayName", "servicePrincipalType"}), "entra.service_principals"),
    (frozenset({"clientId", "consentType", "resourceId", "scope"}), "entra.delegated_grants"),
)
_NEXT = '"@odata.nextLink"'
_ROLES = "appRoleAssignments"


def recognises(beginning: Beginning) -> bool:
    """Whether it is an answer that the Entra connector would have asked for."""
    return bool(_operations(beginning))


def read(file: Opened) -> Iterator[Record]:
    """Yield what each item of the answer says."""
    operations, once = _operations(file.beginning), Once()
    is_audit = any(one.id == "entra.consents" for one in operations)
    for _, value in file.values():
        for operation in operations:
            yield from parsed(operation, value, {}, file.bad)
        if isinstance(value, Mapping):
            yield from _application_grants(value, file.bad)
            if is_audit and (app := audited_app(Item(value))):
                yield from once.new((app,))


def goes_on(file: Opened) -> bool:
    """Whether the answer has further pages."""
    return _NEXT in file.beginning.ends


def _operations(beginning: Beginning) -> tuple[Operation, ...]:
    context = beginning.marks.get("@odata.context", "")
    found = _CONTEXT.match(context)
    if found is None:
        return () if context else _unnamed(beginning.first[1])
    for pattern, ids in _OTHERS:
        if pattern.match(found[1]):
            return tuple(one for id_ in ids if (one := operation_of("entra", id_)))
    resource = _RESOURCE.match(found[1])
    operation = operation_at("entra", resource[1]) if resource else None
    # Sign-ins name their application and person: they have a download of their own.
    return () if operation is None or operation.id == "entra.sign_ins" else (operation,)


def _unnamed(item: Item) -> tuple[Operation, ...]:
    """Return the operation of an answer without its context: by the fields of its first item."""
    names = set(item.names())
    found = next((id_ for fields, id_ in _FIELDS if names >= fields), "")
    operation = operation_of("entra", found) if found else None
    return () if operation is None else (operation,)


def _application_grants(value: Mapping[str, object], bad: Counter[str]) -> Iterator[Record]:
    """Yield what an application was granted for itself, expanded below it."""
    roles, operation = value.get(_ROLES), operation_of("entra", "entra.app_roles")
    if operation is None or not isinstance(roles, list):
        return
    for one in roles:
        yield from parsed(operation, one, {}, bad)


DOWNLOAD = Download(
    name="graph-json",
    title="Microsoft Graph Explorer answers (JSON)",
    system="entra",
    reference="https://learn.microsoft.com/graph/graph-explorer/graph-explorer-overview",
    recognises=recognises,
    read=read,
    samples={
        "oauth2PermissionGrants.json": (
            b'{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#oauth2PermissionGrants",\n'
            b' "value": [{"clientId": "0a1f7c1e-0000-4000-8000-000000000001", "consentType":'
            b' "Principal", "id": "AVs6JuUD", "principalId": "5c1e0000-0000-4000-8000-00000000000a",'
            b' "resourceId": "b1cc0000-0000-4000-8000-00000000000b", "scope": " openid Mail.Read"}]}\n'
        ),
        "servicePrincipals.json": (
            b'{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#servicePrincipals'
            b'(appRoleAssignments())",\n "value": [{"id": "0a1f7c1e-0000-4000-8000-000000000001",'
            b' "displayName": "ChatGPT", "appId": "e0476654-c1d5-430b-ab80-70cbd947616a",'
            b' "appRoleAssignments": [{"id": "x1", "appRoleId": "810c84a8-4a9e-49e6-bf7d-12d183f40d01",'
            b' "principalId": "0a1f7c1e-0000-4000-8000-000000000001", "principalType":'
            b' "ServicePrincipal", "resourceId": "b1cc0000-0000-4000-8000-00000000000b",'
            b' "resourceDisplayName": "Microsoft Graph"}]}]}\n'
        ),
    },
    verified_by="the vendor's examples",
    goes_on=goes_on,
)
