"""The operations of the plus profile: last use, sign-ins, Copilot, agents, software on devices."""

from __future__ import annotations

from integrations.entra.audit import last_sign_in, sign_in, sign_in_summary
from integrations.entra.core import GENTLY, GRAPH_DOCS, LOGS
from integrations.entra.directory import agent_identity
from integrations.entra.usage import (
    COPILOT_FIELDS,
    COPILOT_PEOPLE,
    copilot_package,
    copilot_usage,
    detected_app,
    device,
)
from integrations.operations import Operation, Paging, Privacy, Profile, Stability

_LOGGED = 1000  # sign-ins a page at most
_P1 = "Microsoft Entra ID P1"
_INTUNE = "Microsoft Intune"
_DEVICES = ("DeviceManagementManagedDevices.Read.All",)
_COPILOT_DOCS = "https://learn.microsoft.com/en-us/microsoft-365/copilot/extensibility/api"

AGENT_IDENTITIES = Operation(
    "entra.agent_identities",
    "Agent identities",
    "graph",
    "/v1.0/servicePrincipals/microsoft.graph.agentIdentity",
    "says who answers for AI agents with an identity of their own, and since when they exist; "
    "that they exist is among the enterprise applications too",
    (
        "id",
        "displayName",
        "agentIdentityBlueprintId",
        "accountEnabled",
        "createdDateTime",
        "sponsors[].id",
    ),
    agent_identity,
    f"{GRAPH_DOCS}/agentidentity-list",
    query={"$expand": "sponsors($select=id)"},
    paging=Paging.ODATA,
    page_size=100,
    items="value",
    scopes=(("AgentIdentity.Read.All",),),
    profile=Profile.PLUS,
    quota="directory",
    people=("sponsors[].id",),
    headers=GENTLY,
)

SIGN_IN_ACTIVITY = Operation(
    "entra.sign_in_activity",
    "Last use of applications",
    "graph",
    "/beta/reports/servicePrincipalSignInActivities",
    "says when each application was used last, without reading sign-ins",
    ("id", "appId", "lastSignInActivity.lastSignInDateTime"),
    last_sign_in,
    f"{GRAPH_DOCS}/reportroot-list-serviceprincipalsigninactivities?view=graph-rest-beta",
    paging=Paging.ODATA,
    page_size=_LOGGED,
    items="value",
    scopes=(("AuditLog.Read.All",),),
    profile=Profile.PLUS,
    stability=Stability.BETA,
    privacy=Privacy.USAGE,
    licence=_P1,
    quota="logs",
    verified_by=("documentation",),
)

SIGN_IN_SUMMARY = Operation(
    "entra.sign_in_summary",
    "Sign-ins to applications, counted",
    "graph",
    "/beta/reports/getAzureADApplicationSignInSummary(period='D30')",
    "says how often each application was signed in to, in one request",
    ("appId", "appDisplayName", "successfulSignInCount"),
    sign_in_summary,
    f"{GRAPH_DOCS}/reportroot-getazureadapplicationsigninsummary?view=graph-rest-beta",
    paging=Paging.ODATA,
    items="value",
    scopes=(("Reports.Read.All",),),
    profile=Profile.PLUS,
    stability=Stability.BETA,
    privacy=Privacy.USAGE,
    licence=_P1,
    quota="logs",
    verified_by=("documentation",),
)

SIGN_INS = Operation(
    "entra.sign_ins",
    "Sign-ins to AI applications",
    "graph",
    "/v1.0/auditLogs/signIns",
    "says who used an application that is AI; the whole log is never read",
    (
        "id",
        "createdDateTime",
        "userId",
        "appId",
        "status.errorCode",
        "conditionalAccessStatus",
    ),
    sign_in,
    f"{GRAPH_DOCS}/signin-list",
    query={
        "$filter": "appId eq '{client}' and createdDateTime ge {since}",
        "$top": str(_LOGGED),
    },
    paging=Paging.ODATA,
    page_size=_LOGGED,
    items="value",
    scopes=(LOGS,),
    profile=Profile.PLUS,
    privacy=Privacy.USAGE,
    licence=_P1,
    quota="logs",
    people=("userId",),
    is_state=False,
)

COPILOT_USAGE = Operation(
    "entra.copilot_usage",
    "Use of Microsoft 365 Copilot",
    "graph",
    # Ninety days are a period of both versions of the report; thirty are none of the second.
    "/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D90')",
    "says which licences of Copilot are used, in which applications and when last; not what for",
    COPILOT_FIELDS,
    copilot_usage,
    f"{_COPILOT_DOCS}/admin-settings/reports/"
    "copilotreportroot-getmicrosoft365copilotusageuserdetail",
    paging=Paging.ODATA,
    page_size=200,
    items="value",
    scopes=(("Reports.Read.All",),),
    profile=Profile.PLUS,
    privacy=Privacy.USAGE,
    licence="Microsoft 365 Copilot",
    quota="reports",
    people=COPILOT_PEOPLE,
    follows_download=True,
    verified_by=("documentation",),
)

COPILOT_PACKAGES = Operation(
    "entra.copilot_packages",
    "Agents and apps in Copilot's catalogue",
    "graph",
    "/v1.0/copilot/admin/catalog/packages",
    "lists agents that people made or may use in Copilot, and who owns them",
    (
        "id",
        "appId",
        "availableTo",
        "createdDateTime",
        "displayName",
        "elementTypes",
        "isBlocked",
        "ownerId",
        "publisher",
        "shortDescription",
        "type",
    ),
    copilot_package,
    f"{_COPILOT_DOCS}/admin-settings/package/copilotadmincatalog-list-packages",
    paging=Paging.ODATA,
    page_size=100,
    items="value",
    scopes=(("CopilotPackages.Read.All",),),
    profile=Profile.PLUS,
    licence="Microsoft Agent 365",
    quota="copilot",
    people=("ownerId",),
)

DETECTED_APPS = Operation(
    "entra.detected_apps",
    "Software that Intune found",
    "graph",
    "/v1.0/deviceManagement/detectedApps",
    "lists software on managed devices, with AI among it",
    ("id", "displayName", "version", "deviceCount", "publisher", "platform"),
    detected_app,
    f"{GRAPH_DOCS}/intune-devices-detectedapp-list",
    query={"$top": "500"},
    paging=Paging.ODATA,
    page_size=500,
    items="value",
    scopes=(_DEVICES,),
    profile=Profile.PLUS,
    licence=_INTUNE,
    quota="devices",
)

DEVICES = Operation(
    "entra.devices",
    "Devices with AI software",
    "graph",
    "/v1.0/deviceManagement/detectedApps/{detected}/managedDevices",
    "says on whose devices software is that is AI; other software is not asked about",
    ("id", "deviceName", "userId", "userPrincipalName", "lastSyncDateTime"),
    device,
    f"{GRAPH_DOCS}/intune-devices-manageddevice-list",
    query={"$select": "id,deviceName,userId,userPrincipalName,lastSyncDateTime"},
    paging=Paging.ODATA,
    page_size=500,
    items="value",
    scopes=(_DEVICES,),
    profile=Profile.PLUS,
    privacy=Privacy.PERSON,
    licence=_INTUNE,
    quota="devices",
    people=("userId", "userPrincipalName", "deviceName"),
)

PLUS = (
    AGENT_IDENTITIES,
    SIGN_IN_ACTIVITY,
    SIGN_IN_SUMMARY,
    SIGN_INS,
    COPILOT_USAGE,
    COPILOT_PACKAGES,
    DETECTED_APPS,
    DEVICES,
)
