"""The operations of the core profile: three scopes that can only read."""

from __future__ import annotations

from integrations.entra.audit import directory_audit
from integrations.entra.directory import (
    application_grant,
    assignment,
    delegated_grant,
    group_member,
    nothing,
    service_principal,
    sku,
    user,
)
from integrations.operations import Operation, Paging, Privacy

GRAPH_DOCS = "https://learn.microsoft.com/en-us/graph/api"
PAGE = 999  # items a page at most, for what the directory lists
# What production applications need goes first:
# https://learn.microsoft.com/en-us/graph/throttling#throttling-priority
GENTLY = {"x-ms-throttle-priority": "Low"}

APPLICATIONS = ("Application.Read.All",)
# The one scope that answers most of these operations; narrower ones stand after it.
DIRECTORY = ("Directory.Read.All",)
# Logs of the directory ask for both: https://learn.microsoft.com/en-us/graph/known-issues
LOGS = ("AuditLog.Read.All", "Directory.Read.All")

ORGANISATION = Operation(
    "entra.organisation",
    "The tenant",
    "graph",
    "/v1.0/organization",
    "says whose tenant it is, before anything of it is stored",
    ("id", "displayName", "verifiedDomains[].name"),
    nothing,
    f"{GRAPH_DOCS}/organization-list",
    query={"$select": "id,displayName,verifiedDomains"},
    paging=Paging.ODATA,
    items="value",
    scopes=(DIRECTORY, ("Organization.Read.All",), ("User.Read.All",)),
    quota="directory",
    headers=GENTLY,
    verified_by=("documentation",),
)

SERVICE_PRINCIPALS = Operation(
    "entra.service_principals",
    "Enterprise applications",
    "graph",
    "/v1.0/servicePrincipals",
    "lists every application of the tenant, with what tells AI among them: ids and addresses",
    (
        "id",
        "appId",
        "displayName",
        "appDisplayName",
        "appOwnerOrganizationId",
        "homepage",
        "loginUrl",
        "replyUrls",
        "servicePrincipalType",
        "preferredSingleSignOnMode",
        "verifiedPublisher.displayName",
        "description",
        "accountEnabled",
        "isDisabled",
        "appRoles[].allowedMemberTypes",
    ),
    service_principal,
    f"{GRAPH_DOCS}/serviceprincipal-list",
    query={
        "$select": "id,appId,displayName,appDisplayName,appOwnerOrganizationId,homepage,loginUrl,"
        "replyUrls,servicePrincipalType,preferredSingleSignOnMode,verifiedPublisher,description,accountEnabled,isDisabled,"
        "appRoles",
        "$top": str(PAGE),
    },
    paging=Paging.ODATA,
    page_size=PAGE,
    items="value",
    scopes=(APPLICATIONS,),
    quota="directory",
    headers=GENTLY,
)

DELEGATED_GRANTS = Operation(
    "entra.delegated_grants",
    "Delegated permissions",
    "graph",
    "/v1.0/oauth2PermissionGrants",
    "says what applications may do in the name of people, and for whom",
    ("id", "clientId", "consentType", "principalId", "resourceId", "scope"),
    delegated_grant,
    f"{GRAPH_DOCS}/oauth2permissiongrant-list",
    query={"$top": str(PAGE)},
    paging=Paging.ODATA,
    page_size=PAGE,
    items="value",
    # The second is in the catalogue of permissions and not in the table of this path.
    scopes=(DIRECTORY, ("DelegatedPermissionGrant.Read.All",)),
    privacy=Privacy.PERSON,
    quota="directory",
    people=("principalId",),
    headers=GENTLY,
)

APP_ROLES = Operation(
    "entra.app_roles",
    "Application permissions",
    "graph",
    "/v1.0/servicePrincipals/{resource}/appRoleAssignedTo",
    "says what applications may do by themselves: asked of each service that grants permissions, "
    "not of each application",
    (
        "id",
        "appRoleId",
        "createdDateTime",
        "principalId",
        "principalType",
        "resourceDisplayName",
        "resourceId",
    ),
    application_grant,
    f"{GRAPH_DOCS}/serviceprincipal-list-approleassignedto",
    query={"$top": str(PAGE)},
    paging=Paging.ODATA,
    page_size=PAGE,
    items="value",
    scopes=(APPLICATIONS,),
    quota="directory",
    headers=GENTLY,
)

ASSIGNMENTS = Operation(
    "entra.assignments",
    "People assigned to AI applications",
    "graph",
    "/v1.0/servicePrincipals/{resource}/appRoleAssignedTo",
    "says who may use an application that is AI; others are not asked about",
    ("id", "createdDateTime", "principalDisplayName", "principalId", "principalType", "resourceId"),
    assignment,
    f"{GRAPH_DOCS}/serviceprincipal-list-approleassignedto",
    query={"$top": str(PAGE)},
    paging=Paging.ODATA,
    page_size=PAGE,
    items="value",
    scopes=(APPLICATIONS,),
    privacy=Privacy.PERSON,
    quota="directory",
    people=("principalId", "principalDisplayName"),
    headers=GENTLY,
)

GROUP_MEMBERS = Operation(
    "entra.group_members",
    "People of groups assigned to AI applications",
    "graph",
    "/v1.0/groups/{group}/transitiveMembers",
    "says who may use an application that is AI because of a group",
    ("id", "userPrincipalName"),
    group_member,
    f"{GRAPH_DOCS}/group-list-transitivemembers",
    query={"$select": "id,userPrincipalName", "$top": str(PAGE)},
    paging=Paging.ODATA,
    page_size=PAGE,
    items="value",
    scopes=(DIRECTORY, ("GroupMember.Read.All", "User.ReadBasic.All")),
    privacy=Privacy.PERSON,
    quota="directory",
    people=("id", "userPrincipalName"),
    headers=GENTLY,
)

AUDITS = Operation(
    "entra.consents",
    "Consents in the audit log",
    "graph",
    "/v1.0/auditLogs/directoryAudits",
    "says who consented and when, which a grant does not",
    (
        "id",
        "activityDateTime",
        "activityDisplayName",
        "result",
        "initiatedBy.user.id",
        "initiatedBy.user.userPrincipalName",
        "targetResources[].id",
        "targetResources[].displayName",
        "targetResources[].modifiedProperties[].displayName",
        "targetResources[].modifiedProperties[].newValue",
    ),
    directory_audit,
    f"{GRAPH_DOCS}/directoryaudit-list",
    query={
        "$filter": "activityDisplayName eq '{activity}' and activityDateTime ge {since}",
        "$top": "999",
    },
    paging=Paging.ODATA,
    page_size=PAGE,
    items="value",
    scopes=(LOGS,),
    privacy=Privacy.PERSON,
    quota="logs",
    people=("initiatedBy.user.id", "initiatedBy.user.userPrincipalName"),
    people_within=("targetResources[].modifiedProperties[].newValue",),
    is_state=False,
)

SKUS = Operation(
    "entra.subscriptions",
    "Subscriptions",
    "graph",
    "/v1.0/subscribedSkus",
    "says how many licences of Copilot and its like were bought and handed out",
    (
        "skuId",
        "skuPartNumber",
        "consumedUnits",
        "prepaidUnits.enabled",
        "servicePlans[].servicePlanId",
    ),
    sku,
    f"{GRAPH_DOCS}/subscribedsku-list",
    query={"$select": "skuId,skuPartNumber,consumedUnits,prepaidUnits,servicePlans"},
    paging=Paging.ODATA,
    items="value",
    scopes=(DIRECTORY, ("LicenseAssignment.Read.All",), ("Organization.Read.All",)),
    quota="directory",
    headers=GENTLY,
)

USERS = Operation(
    "entra.users",
    "People",
    "graph",
    "/v1.0/users",
    "says who the people are that other answers name by ids, their departments and managers, and "
    "who holds a licence of AI",
    (
        "id",
        "userPrincipalName",
        "department",
        "accountEnabled",
        "assignedPlans[].servicePlanId",
        "assignedPlans[].capabilityStatus",
        "assignedPlans[].assignedDateTime",
        "manager.id",
    ),
    user,
    f"{GRAPH_DOCS}/user-list",
    query={
        "$select": "id,userPrincipalName,department,accountEnabled,assignedPlans",
        "$expand": "manager($select=id)",
        "$top": str(PAGE),
    },
    paging=Paging.ODATA,
    page_size=PAGE,
    items="value",
    scopes=(DIRECTORY, ("User.Read.All",)),
    privacy=Privacy.PERSON,
    quota="directory",
    people=("id", "userPrincipalName", "manager.id"),
    headers=GENTLY,
)

CORE = (
    ORGANISATION,
    SERVICE_PRINCIPALS,
    DELEGATED_GRANTS,
    APP_ROLES,
    ASSIGNMENTS,
    GROUP_MEMBERS,
    AUDITS,
    SKUS,
    USERS,
)
