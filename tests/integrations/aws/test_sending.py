"""What leaves this machine for AWS: declared calls, and no other; with moto, and botocore's stub."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from integrations.aws import CONNECTOR
from integrations.aws.asking import EVENTS, HOME, regions_of
from integrations.aws.operations import (
    AGENTS,
    COSTS,
    COSTS_BY_REGION,
    CUSTOM_MODELS,
    FLOWS,
    GATEWAYS,
    IDENTITY,
    INVOCATIONS,
    KNOWLEDGE_BASES,
    LOGGING,
    OPERATIONS,
)
from integrations.aws.sending import Sender, plain, request_of
from integrations.aws.signing import sign_in
from integrations.connector import Context, Stopped, Trouble, Undeclared
from integrations.fields import Item, Projection
from integrations.operations import Operation
from scanner.errors import ConfigError
from scanner.model import Activity, Asset, Setting, Spend, Tenant
from tests.integrations.bay import Clock
from tests.integrations.runs import WrittenRun

boto3 = pytest.importorskip("boto3", reason="boto3 is an extra: gnomon[aws]")
from botocore.stub import Stubber  # noqa: E402 - after the question whether it is there

HERE = "eu-central-1"
THERE = {"region": HERE}
DIRECT = SimpleNamespace(proxy="", ca_file="", goes_direct=lambda _: True)
KEY = {"access_key_id": "AKIAINVENTED", "secret_access_key": "invented"}


def sender(settings: dict[str, str] | None = None) -> Sender:
    context = Context(KEY if settings is None else settings, {}, DIRECT, lambda: 0.0)
    return sign_in(context).sender(CONNECTOR, Clock())


@pytest.fixture
def mocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    """An AWS that moto plays: every request that leaves botocore is caught."""
    moto = pytest.importorskip("moto", reason="moto plays AWS; it is in the dev requirements")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with moto.mock_aws():
        yield sender()


def read(asked: Sender, operation: Operation, **parameters: str) -> list[Any]:
    projection = Projection(operation.fields)
    return [
        record
        for page in asked.pages(operation, parameters)
        for item in page.items
        for record in operation.parse(Item(projection.of(item)), parameters)
    ]


def test_whose_account_it_is(mocked: Sender) -> None:
    answers = {IDENTITY.id: lambda _: next(mocked.pages(IDENTITY, {})).items}
    assert CONNECTOR.identify(WrittenRun(answers)) == Tenant("aws", "123456789012")


def test_models_that_were_trained(mocked: Sender) -> None:
    role = "arn:aws:iam::123456789012:role/train"
    s3 = boto3.client("s3", HERE, aws_access_key_id="a", aws_secret_access_key="b")
    s3.create_bucket(Bucket="harbour", CreateBucketConfiguration={"LocationConstraint": HERE})
    s3.put_object(Bucket="harbour", Key="train", Body=b"{}")
    boto3.client(
        "bedrock", HERE, aws_access_key_id="a", aws_secret_access_key="b"
    ).create_model_customization_job(
        jobName="job",
        customModelName="berths",
        roleArn=role,
        baseModelIdentifier="amazon.titan-text-express-v1",
        trainingDataConfig={"s3Uri": "s3://harbour/train"},
        outputDataConfig={"s3Uri": "s3://harbour/out"},
        hyperParameters={"epochCount": "1"},
    )
    found = [one for one in read(mocked, CUSTOM_MODELS, region=HERE) if isinstance(one, Asset)]
    assert [(one.kind, one.name, one.detail.split(", ")[-1]) for one in found] == [
        ("custom model", "berths", HERE)
    ]
    assert found[0].created is not None
    assert read(mocked, CUSTOM_MODELS, region="us-east-1") == []


def test_agents_knowledge_bases_and_logging_that_is_off(mocked: Sender) -> None:
    agents = boto3.client("bedrock-agent", HERE, aws_access_key_id="a", aws_secret_access_key="b")
    role = "arn:aws:iam::123456789012:role/agent"
    agents.create_agent(agentName="pilot", agentResourceRoleArn=role)
    found = read(mocked, AGENTS, region=HERE)
    assert [one.name for one in found if isinstance(one, Asset)] == ["pilot"]
    assert read(mocked, KNOWLEDGE_BASES, region=HERE) == []
    assert read(mocked, LOGGING, region=HERE) == [
        Setting("bedrock", "model invocation logging", False, HERE)
    ]


def test_costs_are_asked_once_for_all_accounts(mocked: Sender) -> None:
    read(mocked, COSTS, start="2026-10-21", end="2026-11-21")
    assert mocked.sent.requests == {"aws.costs": 1}


def stubbed(asked: Sender, operation: Operation, region: str = HERE) -> Stubber:
    return Stubber(asked.client(operation.host, region))


def test_pages_go_on_until_no_token_is_left() -> None:
    asked = sender()
    summary = {"id": "F1", "name": "tides", "arn": "arn:aws:bedrock:eu-central-1:1:flow/F1",
               "status": "Prepared", "createdAt": datetime(2026, 3, 2, 8, tzinfo=UTC),
               "updatedAt": datetime(2026, 3, 2, 8, tzinfo=UTC), "version": "DRAFT"}  # fmt: skip
    with stubbed(asked, FLOWS) as stub:
        stub.add_response(
            "list_flows", {"flowSummaries": [summary], "nextToken": "2"}, {"maxResults": 100}
        )
        other = summary | {"id": "F2", "arn": "arn:aws:bedrock:eu-central-1:1:flow/F2"}
        stub.add_response(
            "list_flows", {"flowSummaries": [other]}, {"maxResults": 100, "nextToken": "2"}
        )
        found = [one for one in read(asked, FLOWS, region=HERE) if isinstance(one, Asset)]
        stub.assert_no_pending_responses()
    assert [one.key[-2:] for one in found] == ["F1", "F2"]
    assert found[0].created == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert asked.sent.requests == {FLOWS.id: 2}


def test_a_list_that_names_a_page_again_is_left() -> None:
    asked = sender()
    with stubbed(asked, GATEWAYS) as stub:
        for token in ("2", "2"):
            stub.add_response("list_gateways", {"items": [], "nextToken": token})
        with pytest.raises(Stopped, match="names a page again"):
            list(asked.pages(GATEWAYS, THERE))


def test_what_is_asked_of_the_bill() -> None:
    assert request_of(COSTS, {"start": "2026-10-21", "end": "2026-11-21"}, "more") == {
        "TimePeriod": {"Start": "2026-10-21", "End": "2026-11-21"},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [
            {"Type": "DIMENSION", "Key": "SERVICE"},
            {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"},
        ],
        "NextPageToken": "more",
    }


def test_the_bill_of_all_accounts() -> None:
    asked = sender()
    group = {"Keys": ["Amazon Bedrock", "111122223333"],
             "Metrics": {"UnblendedCost": {"Amount": "12.5", "Unit": "USD"}}}  # fmt: skip
    period = {"TimePeriod": {"Start": "2026-11-01", "End": "2026-12-01"}, "Groups": [group]}
    with stubbed(asked, COSTS, HOME) as stub:
        stub.add_response("get_cost_and_usage", {"ResultsByTime": [period]})
        found = read(asked, COSTS, start="2026-10-21", end="2026-11-21")
    assert [one.amount for one in found if isinstance(one, Spend)] == [12.5]


def test_of_an_event_the_model_is_kept_and_not_the_address() -> None:
    asked = sender()
    inside = (
        '{"sourceIPAddress": "192.0.2.7", "requestParameters": '
        '{"modelId": "anthropic.claude-haiku-4-5", "body": "must not stay"}}'
    )
    event = {"EventId": "1", "EventName": "InvokeModel", "Username": "ana",
             "EventTime": datetime(2026, 11, 20, tzinfo=UTC), "CloudTrailEvent": inside}  # fmt: skip
    given = {"event": "InvokeModel", "start": "2026-11-13T00:00:00Z", **THERE}
    with stubbed(asked, INVOCATIONS) as stub:
        stub.add_response("lookup_events", {"Events": [event]})
        (page,) = asked.pages(INVOCATIONS, given)
    kept = Projection(INVOCATIONS.fields).of(page.items[0])
    assert "192.0.2.7" not in repr(kept)
    assert "must not stay" not in repr(kept)
    (_, found) = INVOCATIONS.parse(Item(kept), given)
    assert found == Activity(
        "bedrock",
        "ana",
        datetime(2026, 11, 20, tzinfo=UTC),
        detail="InvokeModel anthropic.claude-haiku-4-5",
    )


@pytest.mark.parametrize(
    ("code", "trouble", "advice"),
    [
        ("AccessDeniedException", Trouble.DENIED, "bedrock:ListAgents"),
        ("ExpiredTokenException", Trouble.DENIED, "sign in again"),
        ("UnrecognizedClientException", Trouble.DENIED, "not accepted"),
        ("SubscriptionRequiredException", Trouble.NOT_LICENSED, "not switched"),
        ("DataUnavailableException", Trouble.NOT_LICENSED, "Cost Explorer"),
        ("ResourceNotFoundException", Trouble.NOT_THERE, "no such thing"),
        ("ValidationException", Trouble.WRONG, "ValidationException: because"),
    ],
)
def test_errors_say_what_to_do(code: str, trouble: Trouble, advice: str) -> None:
    asked = sender()
    with stubbed(asked, AGENTS) as stub:
        stub.add_client_error("list_agents", code, "because")
        with pytest.raises(Stopped, match=advice) as caught:
            list(asked.pages(AGENTS, THERE))
    assert caught.value.meaning.trouble is trouble


def test_a_region_without_the_service_is_said_and_not_asked() -> None:
    asked = sender()
    with pytest.raises(Stopped, match="not offered in af-south-9") as caught:
        list(asked.pages(AGENTS, {"region": "af-south-9"}))
    assert caught.value.meaning.trouble is Trouble.NOT_THERE
    assert asked.sent.requests == {}


def test_a_time_that_is_over() -> None:
    with pytest.raises(Stopped, match="time for it was over"):
        list(sender().pages(AGENTS, THERE, deadline=0.0))


@pytest.mark.parametrize("service", sorted({one.host for one in OPERATIONS}))
def test_every_other_call_of_every_service_is_refused_before_it_is_sent(service: str) -> None:
    """F15: the gate is in the client itself, so that nothing can go around it."""
    asked = sender()
    client = asked.client(service, HERE)
    declared = {one.path[1:] for one in OPERATIONS if one.host == service}
    sent: list[str] = []
    client.meta.events.register("before-send", lambda **_: sent.append("sent"))
    model = client.meta.service_model
    others = [one for one in model.operation_names if one not in declared]
    assert others
    for name in others:
        with pytest.raises(Undeclared):
            client.meta.events.emit(
                f"before-call.{service}.{name}", model=model.operation_model(name), params={}
            )
    assert sent == []


def test_a_call_that_is_not_declared_goes_nowhere() -> None:
    client = sender().client("bedrock-agent", HERE)
    with pytest.raises(Undeclared, match="DeleteAgent is not declared"):
        client.delete_agent(agentId="A123456789")


def test_an_operation_of_another_connector_is_refused() -> None:
    from integrations.cursor.operations import MEMBERS

    with pytest.raises(Undeclared):
        list(sender().pages(MEMBERS, {}))


def test_answers_become_json() -> None:
    when = datetime(2026, 11, 20, tzinfo=UTC)
    raw = {
        "a": [{"at": when}],
        "CloudTrailEvent": "no json",
        "ResponseMetadata": {"RequestId": "x"},
    }
    assert plain(raw) == {"a": [{"at": "2026-11-20T00:00:00+00:00"}], "CloudTrailEvent": None}


def test_a_proxy_and_certificates_are_those_of_the_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://elsewhere.example:1")
    network = SimpleNamespace(
        proxy="http://proxy.example:3128", ca_file="", goes_direct=lambda _: False
    )
    context = Context(KEY, {}, network, lambda: 0.0)
    through = sign_in(context).sender(CONNECTOR, Clock()).client("sts", HERE)
    assert through.meta.config.proxies == {"https": "http://proxy.example:3128"}
    assert sender().client("sts", HERE).meta.config.proxies == {}


def test_a_profile_that_does_not_exist() -> None:
    with pytest.raises(ConfigError, match="nobody"):
        sender({"profile": "nobody"})


def test_regions_are_those_named_or_those_that_cost_something() -> None:
    def groups(*keys: tuple[str, str]) -> list[Any]:
        return [{"Groups": [{"Keys": list(one)} for one in keys]}]

    billed = groups(
        ("Amazon Bedrock", "eu-west-1"),
        ("Amazon Bedrock", "global"),
        ("Amazon SageMaker", "us-gov-west-1"),
        ("Amazon Simple Storage Service", "us-west-2"),
    )
    run = WrittenRun({COSTS_BY_REGION.id: lambda _: billed})
    run.read(COSTS_BY_REGION)
    assert regions_of(run) == ["eu-west-1", "us-gov-west-1"]
    assert regions_of(WrittenRun({})) == [HOME]
    assert regions_of(WrittenRun({}, {"regions": "eu-west-1, us-east-1"})) == [
        "eu-west-1",
        "us-east-1",
    ]


def test_in_which_order_an_account_is_asked() -> None:
    run = WrittenRun({}, {"regions": HERE})
    CONNECTOR.collect(run)
    names = [name for name, _ in run.asked]
    assert names[0] == COSTS.id
    assert COSTS_BY_REGION.id not in names
    assert names[-4:] == [INVOCATIONS.id] * 4
    assert [one["event"] for _, one in run.asked[-4:]] == list(EVENTS)
    assert dict(run.asked)[COSTS.id] == {"start": "2026-10-21", "end": "2026-11-21"}
