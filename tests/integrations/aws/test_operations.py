"""What is asked of AWS, against botocore's own service models."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.aws import CONNECTOR
from integrations.aws.operations import COSTS, INVOCATIONS, OF_REGIONS, OPERATIONS
from integrations.connector import Size
from integrations.operations import Operation
from tests.integrations.desk import check_declared, check_hostile

botocore = pytest.importorskip("botocore.session", reason="boto3 is an extra: gnomon[aws]")
SESSION = botocore.get_session()
# Texts of CloudTrail that hold JSON: what is inside is no part of the service model.
INSIDE = "CloudTrailEvent."


def model_of(operation: Operation) -> Any:
    return SESSION.get_service_model(operation.host).operation_model(operation.path[1:])


def leaves(shape: Any, name: str = "") -> Iterator[str]:
    if shape.type_name == "list":
        yield from leaves(shape.member, name)
    elif shape.type_name == "structure":
        for part, inner in shape.members.items():
            yield from leaves(inner, f"{name}.{part}" if name else part)
    elif shape.type_name == "map":
        yield from leaves(shape.value, f"{name}.*")
    else:
        yield name


def test_everything_is_declared_as_it_has_to_be() -> None:
    check_declared(CONNECTOR)
    check_hostile(CONNECTOR)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_it_is_a_call_that_reads(operation: Operation) -> None:
    assert model_of(operation).name.startswith(("Get", "List", "Lookup"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_what_it_is_given_is_in_the_model(operation: Operation) -> None:
    model = model_of(operation)
    known = dict(model.input_shape.members) if model.input_shape else {}
    assert set(operation.body or {}) <= set(known)
    if operation.page_token[1]:
        assert operation.page_token[1] in known
        assert operation.page_token[0] in model.output_shape.members
    most = next((one for name, one in known.items() if name.lower() == "maxresults"), None)
    if most is not None:
        assert operation.page_size == (operation.body or {}).get(
            "maxResults", (operation.body or {}).get("MaxResults")
        )
        assert operation.page_size <= most.metadata["max"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_what_is_read_of_it_is_in_the_model(operation: Operation) -> None:
    prefix = f"{operation.items}." if operation.items else ""
    known = {one.removeprefix(prefix) for one in leaves(model_of(operation).output_shape)}
    for name in operation.fields:
        plain = name.replace("[]", "").replace("Metrics.UnblendedCost.", "Metrics.*.")
        assert name.startswith(INSIDE) or plain in known, name


def test_what_models_are_offered_is_no_use_and_not_asked() -> None:
    assert "/ListFoundationModels" not in {one.path for one in OPERATIONS}


def test_no_prompt_can_be_in_what_is_kept_of_an_event() -> None:
    inside = [name for name in INVOCATIONS.fields if name.startswith(INSIDE)]
    assert inside == ["CloudTrailEvent.errorCode", "CloudTrailEvent.requestParameters.modelId"]
    assert not INVOCATIONS.is_state


def test_the_plan_for_a_thousand_people() -> None:
    plan = CONNECTOR.requests(Size(1000, 10, 10))
    assert {plan[one.id] for one in OF_REGIONS} == {2}
    assert plan[COSTS.id] == 1
    assert plan[INVOCATIONS.id] == 1000 * 10 * 7 / 50


def test_the_policy_for_the_administrator() -> None:
    scopes = [name for one in OPERATIONS for name in one.scopes[0]]
    policy = json.loads(CONNECTOR.consent({}, scopes))
    actions = policy["Statement"][0]["Action"]
    assert "bedrock:ListAgents" in actions
    assert "bedrock-agentcore:ListGateways" in actions
    assert all(one.split(":")[1].startswith(("Get", "List", "Lookup")) for one in actions)
