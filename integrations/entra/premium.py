"""The operations of the premium profile: Defender, and Azure, which has a token of its own."""

from __future__ import annotations

from integrations.entra.azure import AGENTS_QUERY, RESOURCES_QUERY, agent, deployment, resource
from integrations.entra.core import GRAPH_DOCS
from integrations.entra.directory import nothing
from integrations.entra.discovery import OAUTH_QUERY, discovered_app, discovered_user, oauth_app
from integrations.operations import Operation, Paging, Privacy, Profile, Stability

# Azure grants roles and not scopes; no token tells them.
AZURE_READER = "Azure role Reader"
POWER_PLATFORM = "Entra role Power Platform Administrator"

_STREAMS = "/beta/security/dataDiscovery/cloudAppDiscovery/uploadedStreams"
_APPS = f"{_STREAMS}/{{stream}}/microsoft.graph.security.aggregatedAppsDetails"
_DISCOVERY = ("CloudApp-Discovery.Read.All",)
_DEFENDER = "Microsoft Defender for Cloud Apps"
_RESOURCE_GRAPH = "/providers/Microsoft.ResourceGraph/resources"
_RESOURCE_GRAPH_DOCS = "https://learn.microsoft.com/en-us/rest/api/azureresourcegraph/resourcegraph"

STREAMS = Operation(
    "entra.discovery_streams",
    "Reports of cloud discovery",
    "graph",
    _STREAMS,
    "lists the reports that Defender makes of traffic, to ask for what is in them",
    ("id", "displayName"),
    nothing,
    f"{GRAPH_DOCS}/security-datadiscoveryroot-list-uploadedstreams?view=graph-rest-beta",
    paging=Paging.ODATA,
    items="value",
    scopes=(_DISCOVERY,),
    profile=Profile.PREMIUM,
    stability=Stability.BETA,
    licence=_DEFENDER,
    quota="defender",
    verified_by=("documentation",),
)

DISCOVERED_APPS = Operation(
    "entra.discovered_apps",
    "Cloud applications seen in traffic",
    "graph",
    f"{_APPS}(period=duration'P90D')",
    "lists the cloud applications that traffic went to, whoever approved of them",
    (
        "id",
        "displayName",
        "domains",
        "category",
        "tags",
        "lastSeenDateTime",
        "transactionCount",
        "userCount",
        "uploadNetworkTrafficInBytes",
    ),
    discovered_app,
    f"{GRAPH_DOCS}/security-cloudappdiscoveryreport-aggregatedappsdetails?view=graph-rest-beta",
    paging=Paging.ODATA,
    page_size=100,
    items="value",
    scopes=(_DISCOVERY,),
    profile=Profile.PREMIUM,
    stability=Stability.BETA,
    privacy=Privacy.USAGE,
    licence=_DEFENDER,
    quota="defender",
    verified_by=("documentation",),
)

DISCOVERED_USERS = Operation(
    "entra.discovered_users",
    "People whose traffic went to AI",
    "graph",
    f"{_APPS}(period=duration'P90D')/{{app}}/users",
    "says whose traffic went to a cloud application that is AI; others are not asked about",
    ("userIdentifier",),
    discovered_user,
    f"{GRAPH_DOCS}/security-discoveredcloudappdetail-list-users?view=graph-rest-beta",
    paging=Paging.ODATA,
    page_size=100,
    items="value",
    scopes=(_DISCOVERY,),
    profile=Profile.PREMIUM,
    stability=Stability.BETA,
    privacy=Privacy.USAGE,
    licence=_DEFENDER,
    quota="defender",
    people=("userIdentifier",),
    verified_by=("documentation",),
)

OAUTH_APPS = Operation(
    "entra.oauth_apps",
    "Applications of app governance",
    "graph",
    "/v1.0/security/runHuntingQuery",
    "says of each OAuth application how far its permissions reach and when it was used last",
    (
        "OAuthAppId",
        "ServicePrincipalId",
        "AppName",
        "AddedOnTime",
        "LastUsedTime",
        "AppStatus",
        "AppOrigin",
        "AppOwnerTenantId",
        "Publisher",
        "PermissionsJson",
        "ConsentedUsersCount",
        "IsAdminConsented",
    ),
    oauth_app,
    f"{GRAPH_DOCS}/security-security-runhuntingquery",
    method="POST",
    body={"Query": OAUTH_QUERY},
    items="results",
    scopes=(("ThreatHunting.Read.All",),),
    profile=Profile.PREMIUM,
    licence=f"{_DEFENDER} with app governance",
    quota="defender",
    verified_by=("documentation",),
)

AZURE_RESOURCES = Operation(
    "entra.azure_resources",
    "AI resources in Azure",
    "management",
    _RESOURCE_GRAPH,
    "lists Azure OpenAI, AI Foundry, Machine Learning, bots and search of all subscriptions",
    (
        "id",
        "name",
        "type",
        "kind",
        "location",
        "resourceGroup",
        "subscriptionId",
        "created",
        "endpoint",
        "owner",
    ),
    resource,
    f"{_RESOURCE_GRAPH_DOCS}/resources/resources",
    method="POST",
    query={"api-version": "2022-10-01"},
    body={"query": RESOURCES_QUERY, "options": {"$top": 1000, "resultFormat": "objectArray"}},
    paging=Paging.SKIP_TOKEN,
    page_token=("$skipToken", "options.$skipToken"),
    page_size=1000,
    items="data",
    total="totalRecords",
    scopes=((AZURE_READER,),),
    profile=Profile.PREMIUM,
    quota="resource-graph",
    people=("owner",),
    verified_by=("documentation",),
)

STUDIO_AGENTS = Operation(
    "entra.studio_agents",
    "Agents of Copilot Studio",
    "management",
    _RESOURCE_GRAPH,
    "lists the agents and agent flows that people made in Copilot Studio, and who owns them",
    (
        "name",
        "type",
        "location",
        "displayName",
        "createdAt",
        "ownerId",
        "createdBy",
        "environmentId",
        "lastPublishedAt",
    ),
    agent,
    "https://learn.microsoft.com/en-us/power-platform/admin/inventory-schema-reference",
    method="POST",
    query={"api-version": "2022-10-01"},
    body={"query": AGENTS_QUERY, "options": {"$top": 1000, "resultFormat": "objectArray"}},
    paging=Paging.SKIP_TOKEN,
    page_token=("$skipToken", "options.$skipToken"),
    page_size=1000,
    items="data",
    total="totalRecords",
    scopes=((POWER_PLATFORM,),),
    profile=Profile.PREMIUM,
    quota="resource-graph",
    people=("ownerId", "createdBy"),
    verified_by=("documentation",),
)

DEPLOYMENTS = Operation(
    "entra.deployments",
    "Models deployed in Azure",
    "management",
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.CognitiveServices/accounts/{account}/deployments",
    "says which models an account of Azure OpenAI or AI Foundry serves",
    (
        "id",
        "name",
        "properties.model.format",
        "properties.model.name",
        "properties.model.version",
        "systemData.createdAt",
        "systemData.createdBy",
        "systemData.createdByType",
    ),
    deployment,
    "https://learn.microsoft.com/en-us/rest/api/aiservices/accountmanagement/deployments/list",
    query={"api-version": "2024-10-01"},
    paging=Paging.ODATA,
    page_token=("nextLink", ""),  # as Azure calls what Graph calls "@odata.nextLink"
    items="value",
    scopes=((AZURE_READER,),),
    profile=Profile.PREMIUM,
    quota="management",
    people=("systemData.createdBy",),
    verified_by=("documentation",),
)

PREMIUM = (
    STREAMS,
    DISCOVERED_APPS,
    DISCOVERED_USERS,
    OAUTH_APPS,
    AZURE_RESOURCES,
    STUDIO_AGENTS,
    DEPLOYMENTS,
)
