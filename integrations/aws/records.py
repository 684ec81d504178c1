"""What AWS's answers mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.aws.products import AGENTCORE, AGENTS, APPS, BEDROCK, EDITION, app_of
from integrations.fields import Item
from scanner.model import Activity, Asset, Record, Setting, Spend

Parameters = Mapping[str, str]


def nothing(_item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield nothing: the answer only says where to go on asking."""
    return iter(())


def costs(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield what AI products cost in a period, by account; models that are billed by name too."""
    start = item.at("TimePeriod").time("Start")
    for group in item.items("Groups"):
        service, account = (*group.texts("Keys"), "", "")[:2]
        cost = group.at("Metrics").at("UnblendedCost")
        app, amount = app_of(service), cost.amount("Amount")
        if app is None or not amount:
            continue
        yield app
        yield Spend(app.key, amount, cost.text("Unit"), unit=account, when=start)
        if model := EDITION.match(service):
            yield Asset(app.key, "model", model[1], model[1])


def custom_model(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a model that was trained further from another one, or brought along."""
    base = item.text("baseModelName") or item.text("modelArchitecture")
    return _asset(
        item, parameters, BEDROCK, "custom model", "modelArn", "modelName", "creationTime", base
    )


def throughput(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield capacity that was bought for a model."""
    return _asset(
        item,
        parameters,
        BEDROCK,
        "provisioned throughput",
        "provisionedModelArn",
        "provisionedModelName",
        "creationTime",
        _last(item.text("foundationModelArn") or item.text("modelArn")),
    )


def inference_profile(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a profile that somebody made to call a model through."""
    models = sorted({_last(one.text("modelArn")) for one in item.items("models")} - {""})
    return _asset(
        item,
        parameters,
        BEDROCK,
        "inference profile",
        "inferenceProfileArn",
        "inferenceProfileName",
        "createdAt",
        ", ".join(models),
    )


def guardrail(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a guardrail: a sign of use, and of care."""
    return _asset(item, parameters, BEDROCK, "guardrail", "arn", "name", "createdAt")


def logging(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield whether what models are asked is logged in a region. An empty answer is no."""
    config = item.at("loggingConfig")
    is_on = bool(
        config.at("cloudWatchConfig").text("logGroupName")
        or config.at("s3Config").text("bucketName")
    )
    if not (region := parameters.get("region", "")):
        return
    if is_on:  # every account can answer; where it is off, nobody need use Bedrock
        yield APPS[BEDROCK]
    yield Setting(BEDROCK, "model invocation logging", is_on, region)


def agent(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield an agent."""
    return _asset(
        item, parameters, AGENTS, "agent", "agentId", "agentName", "", item.text("agentStatus")
    )


def flow(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a flow of prompts, agents and code."""
    return _asset(item, parameters, AGENTS, "flow", "arn", "name", "createdAt")


def knowledge_base(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a knowledge base: documents that models answer from."""
    return _asset(
        item,
        parameters,
        AGENTS,
        "knowledge base",
        "knowledgeBaseId",
        "name",
        "",
        item.text("status"),
    )


def runtime(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield an agent that runs in AgentCore."""
    return _asset(
        item,
        parameters,
        AGENTCORE,
        "agent runtime",
        "agentRuntimeArn",
        "agentRuntimeName",
        "",
        item.text("status"),
    )


def gateway(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a gateway: tools that agents reach, most of them over MCP."""
    detail = ", ".join(filter(None, (item.text("protocolType"), item.text("authorizerType"))))
    return _asset(item, parameters, AGENTCORE, "gateway", "gatewayId", "name", "createdAt", detail)


def registry(item: Item, parameters: Parameters) -> Iterator[Record]:
    """Yield a register of agents and tools."""
    return _asset(item, parameters, AGENTCORE, "registry", "registryArn", "name", "createdAt")


def invocation(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a call of a model: who made it, and of which model. Never what was asked."""
    event = item.at("CloudTrailEvent")
    name, when = item.text("EventName"), item.time("EventTime")
    if not name or when is None:
        return
    yield APPS[BEDROCK]
    yield Activity(
        BEDROCK,
        item.text("Username"),
        when,
        is_blocked=bool(event.text("errorCode")),
        detail=f"{name} {_last(event.at('requestParameters').text('modelId'))}".strip(),
    )


def _asset(
    item: Item,
    parameters: Parameters,
    app: str,
    kind: str,
    key: str,
    name: str,
    created: str,
    detail: str = "",
) -> Iterator[Record]:
    """Yield a product and what was made with it, read from the fields of these names."""
    if not (found := item.text(key)):
        return
    yield APPS[app]
    yield Asset(
        app,
        kind,
        found,
        item.text(name),
        created=item.time(created) if created else None,
        detail=", ".join(filter(None, (detail, parameters.get("region", "")))),
    )


def _last(arn: str) -> str:
    """Return the last part of an ARN: the model's own name."""
    return arn.rpartition("/")[2]
