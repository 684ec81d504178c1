"""What AWS's answers mean, item by item."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.aws.operations import OF_REGIONS
from integrations.aws.products import AGENTCORE, AGENTS, APPS, BEDROCK, app_of
from integrations.aws.records import (
    agent,
    costs,
    custom_model,
    flow,
    gateway,
    guardrail,
    inference_profile,
    invocation,
    knowledge_base,
    logging,
    registry,
    runtime,
    throughput,
)
from integrations.fields import Item
from scanner.matching import Matcher
from scanner.model import Activity, App, Asset, Setting, Spend
from signatures.loader import load

HERE = {"region": "eu-central-1"}
MADE = datetime(2026, 3, 2, 8, tzinfo=UTC)
THEN = "2026-03-02T08:00:00+00:00"
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("service", "key"),
    [
        ("Amazon Bedrock", BEDROCK),
        ("Claude Sonnet 4 (Amazon Bedrock Edition)", BEDROCK),
        ("Amazon Bedrock AgentCore", AGENTCORE),
        ("Amazon SageMaker", "sagemaker"),
        ("Amazon Q", "q-developer"),
        ("Amazon Q Business", "q-business"),
        ("Amazon Comprehend", "comprehend"),
        ("Amazon Lex", "lex"),
    ],
)
def test_services_of_a_bill_that_are_ai(service: str, key: str) -> None:
    assert app_of(service) == APPS[key]


@pytest.mark.parametrize(
    "service",
    [
        "Amazon QuickSight",
        "Amazon Elastic Compute Cloud - Compute",
        "AWS Cost Explorer",
        "Amazon Simple Queue Service",
        "Tax",
        "",
    ],
)
def test_services_of_a_bill_that_are_not(service: str) -> None:
    assert app_of(service) is None


def test_signatures_know_every_product() -> None:
    matcher = Matcher(load().vendors)
    for app in APPS.values():
        channel, value = app.identifiers[0]
        found = matcher.match_value(channel, value)
        assert found is not None, app
        assert found.vendor.id == "amazon-web-services"
        assert found.detection.evidence.creates_system, app


def test_what_ai_cost_in_each_account() -> None:
    def group(service: str, account: str, amount: str) -> dict[str, Any]:
        cost = {"Amount": amount, "Unit": "USD"}
        return {"Keys": [service, account], "Metrics": {"UnblendedCost": cost}}

    item = {
        "TimePeriod": {"Start": "2026-11-01", "End": "2026-12-01"},
        "Groups": [
            group("Amazon Bedrock", "111122223333", "12.5"),
            group("Claude Sonnet 4 (Amazon Bedrock Edition)", "444455556666", "80"),
            group("Amazon Elastic Compute Cloud - Compute", "111122223333", "900"),
            group("Amazon Lex", "111122223333", "0"),
            {"Keys": []},
        ],
    }
    assert list(costs(Item(item), {})) == [
        APPS[BEDROCK],
        Spend(BEDROCK, 12.5, "USD", unit="111122223333", when=START),
        APPS[BEDROCK],
        Spend(BEDROCK, 80.0, "USD", unit="444455556666", when=START),
        Asset(BEDROCK, "model", "Claude Sonnet 4", "Claude Sonnet 4"),
    ]


ARN = "arn:aws:bedrock:eu-central-1:111122223333"
HAIKU = "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-haiku-4-5"


@pytest.mark.parametrize(
    ("parse", "item", "expected"),
    [
        (
            custom_model,
            {"modelArn": f"{ARN}:custom-model/a", "modelName": "berths", "creationTime": THEN,
             "baseModelName": "nova"},
            Asset(BEDROCK, "custom model", f"{ARN}:custom-model/a", "berths", created=MADE,
                  detail="nova, eu-central-1"),
        ),
        (
            throughput,
            {"provisionedModelArn": f"{ARN}:p/a", "provisionedModelName": "peak",
             "creationTime": THEN, "foundationModelArn": HAIKU},
            Asset(BEDROCK, "provisioned throughput", f"{ARN}:p/a", "peak", created=MADE,
                  detail="anthropic.claude-haiku-4-5, eu-central-1"),
        ),
        (
            inference_profile,
            {"inferenceProfileArn": f"{ARN}:i/a", "inferenceProfileName": "quay",
             "models": [{"modelArn": HAIKU}, {"modelArn": HAIKU}]},
            Asset(BEDROCK, "inference profile", f"{ARN}:i/a", "quay",
                  detail="anthropic.claude-haiku-4-5, eu-central-1"),
        ),
        (
            guardrail,
            {"arn": f"{ARN}:g/a", "name": "polite", "createdAt": THEN},
            Asset(BEDROCK, "guardrail", f"{ARN}:g/a", "polite", created=MADE,
                  detail="eu-central-1"),
        ),
        (
            agent,
            {"agentId": "A1", "agentName": "pilot", "agentStatus": "PREPARED"},
            Asset(AGENTS, "agent", "A1", "pilot", detail="PREPARED, eu-central-1"),
        ),
        (
            flow,
            {"arn": f"{ARN}:flow/a", "name": "tides", "createdAt": THEN},
            Asset(AGENTS, "flow", f"{ARN}:flow/a", "tides", created=MADE, detail="eu-central-1"),
        ),
        (
            knowledge_base,
            {"knowledgeBaseId": "K1", "name": "charts", "status": "ACTIVE"},
            Asset(AGENTS, "knowledge base", "K1", "charts", detail="ACTIVE, eu-central-1"),
        ),
        (
            runtime,
            {"agentRuntimeArn": f"{ARN}:r/a", "agentRuntimeName": "pilot", "status": "READY"},
            Asset(AGENTCORE, "agent runtime", f"{ARN}:r/a", "pilot", detail="READY, eu-central-1"),
        ),
        (
            gateway,
            {"gatewayId": "G1", "name": "tools", "protocolType": "MCP", "authorizerType": "NONE"},
            Asset(AGENTCORE, "gateway", "G1", "tools", detail="MCP, NONE, eu-central-1"),
        ),
        (
            registry,
            {"registryArn": f"{ARN}:reg/a", "name": "ours", "createdAt": THEN},
            Asset(AGENTCORE, "registry", f"{ARN}:reg/a", "ours", created=MADE,
                  detail="eu-central-1"),
        ),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)  # fmt: skip
def test_what_was_built(parse: Any, item: dict[str, Any], expected: Asset) -> None:
    assert list(parse(Item(item), HERE)) == [APPS[expected.app], expected]


def test_logging_that_is_on_shows_use_and_logging_that_is_off_shows_none() -> None:
    on = {"loggingConfig": {"s3Config": {"bucketName": "harbour-logs"}}}
    assert list(logging(Item(on), HERE)) == [
        APPS[BEDROCK],
        Setting(BEDROCK, "model invocation logging", True, "eu-central-1"),
    ]
    assert list(logging(Item({}), HERE)) == [
        Setting(BEDROCK, "model invocation logging", False, "eu-central-1")
    ]


def test_calls_of_models() -> None:
    event = {"EventName": "InvokeModel", "EventTime": THEN, "Username": "ana"}
    asked = {"CloudTrailEvent": {"requestParameters": {"modelId": HAIKU}}}
    refused = {"CloudTrailEvent": {"errorCode": "AccessDenied"}}
    detail = "InvokeModel anthropic.claude-haiku-4-5"
    assert list(invocation(Item(event | asked), HERE)) == [
        APPS[BEDROCK],
        Activity(BEDROCK, "ana", MADE, detail=detail),
    ]
    assert list(invocation(Item(event | refused), HERE))[-1] == Activity(
        BEDROCK, "ana", MADE, is_blocked=True, detail="InvokeModel"
    )


def test_every_list_names_one_of_the_products() -> None:
    for operation in OF_REGIONS:
        for record in operation.parse(Item({}), HERE):
            assert not isinstance(record, App)
