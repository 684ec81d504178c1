"""What is asked of AWS: ``host`` is the service, ``path`` the operation, as botocore names both.

Lists are read region by region; the region is a parameter of its own. Models that AWS offers are
no sign of use: ListFoundationModels is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from integrations.aws import records
from integrations.fields import Item
from integrations.operations import Operation, Paging, Privacy, Profile
from scanner.model import Record

_REFERENCE = "https://docs.aws.amazon.com"
_NEXT = ("nextToken", "nextToken")
_VERIFIED = ("contract", "independent server")

IDENTITY = Operation(
    id="aws.identity",
    title="account of the caller",
    host="sts",
    path="/GetCallerIdentity",
    method="POST",
    why="Tells whose account it is, before anything is stored. Everybody may ask it.",
    fields=("Account",),
    parse=records.nothing,
    reference=f"{_REFERENCE}/STS/latest/APIReference/API_GetCallerIdentity.html",
    scopes=(("sts:GetCallerIdentity",),),
    verified_by=_VERIFIED,
)


def _costs(id: str, title: str, why: str, dimension: str, parse: _Parse) -> Operation:  # noqa: A002
    return Operation(
        id=id,
        title=title,
        host="ce",
        path="/GetCostAndUsage",
        method="POST",
        why=why,
        fields=(
            "TimePeriod.Start",
            "Groups[].Keys",
            "Groups[].Metrics.UnblendedCost.Amount",
            "Groups[].Metrics.UnblendedCost.Unit",
        ),
        parse=parse,
        reference=f"{_REFERENCE}/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html",
        body={
            "TimePeriod": {"Start": "{start}", "End": "{end}"},
            "Granularity": "MONTHLY",
            "Metrics": ["UnblendedCost"],
            "GroupBy": [
                {"Type": "DIMENSION", "Key": "SERVICE"},
                {"Type": "DIMENSION", "Key": dimension},
            ],
        },
        paging=Paging.TOKEN,
        page_token=("NextPageToken", "NextPageToken"),
        items="ResultsByTime",
        scopes=(("ce:GetCostAndUsage",),),
        privacy=Privacy.USAGE,
        quota="costs",
        is_state=False,
        verified_by=_VERIFIED,
    )


_Parse = Callable[[Item, Mapping[str, str]], Iterator[Record]]

COSTS = _costs(
    "aws.costs",
    "costs by service and account",
    "What AI costs in each account: one question finds it in all of them.",
    "LINKED_ACCOUNT",
    records.costs,
)
COSTS_BY_REGION = _costs(
    "aws.costs_by_region",
    "costs by service and region",
    "In which regions to look for what was built.",
    "REGION",
    records.nothing,
)


def _list(
    service: str,
    name: str,
    title: str,
    why: str,
    items: str,
    fields: tuple[str, ...],
    parse: _Parse,
    most: int = 100,
    action: str = "bedrock",
    body: Mapping[str, object] | None = None,
    verified_by: tuple[str, ...] = ("contract", "botocore's stub"),
) -> Operation:
    """Return an operation that lists what was built in one region."""
    return Operation(
        id=f"aws.{title.replace(' ', '_').lower()}",
        title=title,
        host=service,
        path=f"/{name}",
        method="POST",
        why=why,
        fields=fields,
        parse=parse,
        reference=f"{_REFERENCE}/bedrock/latest/APIReference/",
        body={"maxResults": most, **(body or {})},
        paging=Paging.TOKEN,
        page_token=_NEXT,
        page_size=most,
        items=items,
        scopes=((f"{action}:{name}",),),
        verified_by=verified_by,
    )


CUSTOM_MODELS = _list(
    "bedrock",
    "ListCustomModels",
    "custom models",
    "Models that were trained on data of the organisation.",
    "modelSummaries",
    ("modelArn", "modelName", "creationTime", "baseModelName"),
    records.custom_model,
    verified_by=_VERIFIED,
)
IMPORTED_MODELS = _list(
    "bedrock",
    "ListImportedModels",
    "imported models",
    "Models that were brought along.",
    "modelSummaries",
    ("modelArn", "modelName", "creationTime", "modelArchitecture"),
    records.custom_model,
)
THROUGHPUTS = _list(
    "bedrock",
    "ListProvisionedModelThroughputs",
    "provisioned throughputs",
    "Capacity that was bought for models.",
    "provisionedModelSummaries",
    (
        "provisionedModelArn",
        "provisionedModelName",
        "creationTime",
        "foundationModelArn",
        "modelArn",
    ),
    records.throughput,
)
INFERENCE_PROFILES = _list(
    "bedrock",
    "ListInferenceProfiles",
    "inference profiles",
    "Profiles that teams made to call models through; AWS's own are left out.",
    "inferenceProfileSummaries",
    ("inferenceProfileArn", "inferenceProfileName", "createdAt", "models[].modelArn"),
    records.inference_profile,
    body={"typeEquals": "APPLICATION"},
)
GUARDRAILS = _list(
    "bedrock",
    "ListGuardrails",
    "guardrails",
    "Whether what models say is filtered.",
    "guardrails",
    ("arn", "name", "createdAt"),
    records.guardrail,
)
LOGGING = Operation(
    id="aws.invocation_logging",
    title="invocation logging",
    host="bedrock",
    path="/GetModelInvocationLoggingConfiguration",
    method="POST",
    why="Whether the organisation keeps what models are asked. What it keeps is not read.",
    fields=("loggingConfig.cloudWatchConfig.logGroupName", "loggingConfig.s3Config.bucketName"),
    parse=records.logging,
    reference=f"{_REFERENCE}/bedrock/latest/APIReference/"
    "API_GetModelInvocationLoggingConfiguration.html",
    scopes=(("bedrock:GetModelInvocationLoggingConfiguration",),),
    verified_by=_VERIFIED,
)
AGENTS = _list(
    "bedrock-agent",
    "ListAgents",
    "agents",
    "Agents that somebody built.",
    "agentSummaries",
    ("agentId", "agentName", "agentStatus"),
    records.agent,
    verified_by=_VERIFIED,
)
FLOWS = _list(
    "bedrock-agent",
    "ListFlows",
    "flows",
    "Flows of prompts, agents and code that somebody built.",
    "flowSummaries",
    ("arn", "name", "createdAt"),
    records.flow,
)
KNOWLEDGE_BASES = _list(
    "bedrock-agent",
    "ListKnowledgeBases",
    "knowledge bases",
    "Documents of the organisation that models answer from.",
    "knowledgeBaseSummaries",
    ("knowledgeBaseId", "name", "status"),
    records.knowledge_base,
    verified_by=_VERIFIED,
)
RUNTIMES = _list(
    "bedrock-agentcore-control",
    "ListAgentRuntimes",
    "agent runtimes",
    "Agents that run at AWS, whatever they were built with.",
    "agentRuntimes",
    ("agentRuntimeArn", "agentRuntimeName", "status"),
    records.runtime,
    action="bedrock-agentcore",
)
GATEWAYS = _list(
    "bedrock-agentcore-control",
    "ListGateways",
    "gateways",
    "Tools that agents may call, most of them over MCP.",
    "items",
    ("gatewayId", "name", "createdAt", "protocolType", "authorizerType"),
    records.gateway,
    action="bedrock-agentcore",
)
REGISTRIES = _list(
    "bedrock-agentcore-control",
    "ListRegistries",
    "registries",
    "Registers of agents and tools that the organisation keeps itself.",
    "registries",
    ("registryArn", "name", "createdAt"),
    records.registry,
    action="bedrock-agentcore",
)
INVOCATIONS = Operation(
    id="aws.invocations",
    title="calls of models",
    host="cloudtrail",
    path="/LookupEvents",
    method="POST",
    why="Who calls which models. CloudTrail holds no prompt and no answer.",
    fields=(
        "EventName",
        "EventTime",
        "Username",
        "CloudTrailEvent.errorCode",
        "CloudTrailEvent.requestParameters.modelId",
    ),
    parse=records.invocation,
    reference=f"{_REFERENCE}/bedrock/latest/userguide/logging-using-cloudtrail.html",
    body={
        "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "{event}"}],
        "StartTime": "{start}",
        "MaxResults": 50,
    },
    paging=Paging.TOKEN,
    page_token=("NextToken", "NextToken"),
    page_size=50,
    items="Events",
    scopes=(("cloudtrail:LookupEvents",),),
    profile=Profile.PLUS,
    privacy=Privacy.USAGE,
    quota="lookup",
    people=("Username",),
    is_state=False,
    verified_by=("contract", "botocore's stub"),
)

OF_REGIONS = (
    CUSTOM_MODELS,
    IMPORTED_MODELS,
    THROUGHPUTS,
    INFERENCE_PROFILES,
    GUARDRAILS,
    LOGGING,
    AGENTS,
    FLOWS,
    KNOWLEDGE_BASES,
    RUNTIMES,
    GATEWAYS,
    REGISTRIES,
)
OPERATIONS = (IDENTITY, COSTS, COSTS_BY_REGION, *OF_REGIONS, INVOCATIONS)
