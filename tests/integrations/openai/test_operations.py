"""What is asked of OpenAI, against OpenAI's own contract."""

import pytest

from integrations.connector import Size
from integrations.openai import CONNECTOR
from integrations.openai.asking import OF_PROJECTS
from integrations.openai.operations import OPERATIONS
from integrations.openai.usage import COSTS, USAGE
from integrations.operations import Operation, Profile
from tests.integrations.desk import check_declared, check_hostile
from tests.integrations.lint import contract, not_in_contract


def test_everything_is_declared_as_it_has_to_be() -> None:
    check_declared(CONNECTOR)
    check_hostile(CONNECTOR)


def test_every_path_parameter_and_field_is_in_the_contract() -> None:
    known = contract("openai")["paths"]
    assert [one.id for one in OPERATIONS if one.path not in known] == ["openai.me"]
    assert not_in_contract(CONNECTOR, "openai") == {}


def test_no_key_is_read_and_nobody_s_address_on_the_network() -> None:
    fields = [name for one in OPERATIONS for name in one.fields]
    assert not [name for name in fields if "redacted" in name or "value" in name.split(".")[-2:-1]]
    assert not [name for name in fields if "ip_address" in name or name.endswith(".name")]


@pytest.mark.parametrize("operation", [*USAGE, COSTS], ids=lambda one: one.id)
def test_use_is_asked_by_the_day_and_by_dimensions_the_contract_knows(operation: Operation) -> None:
    fields = contract("openai")["paths"][operation.path]["fields"]
    assert operation.query["bucket_width"] == "1d"
    assert not operation.is_state
    for dimension in operation.query["group_by"].split("\n"):
        assert f"results[].{dimension}" in fields


def test_keys_of_people_without_access_are_asked_for_too() -> None:
    keys = next(one for one in OPERATIONS if one.id == "openai.project_keys")
    assert keys.query["owner_project_access"] == "any"


def test_all_scopes_read() -> None:
    scopes = {name for one in OPERATIONS for alternative in one.scopes for name in alternative}
    assert scopes == {"api.management.read", "api.usage.read", "api.audit_logs.read"}


def test_the_plan_for_ten_thousand_people() -> None:
    plan = CONNECTOR.requests(Size(10_000, 50, 100, ai_apps=40))
    assert plan["openai.users"] == 100
    assert {plan[one.id] for one in OF_PROJECTS} == {40}
    assert plan["openai.usage_completions"] == 1
    assert sum(plan.values()) == 100 + 1 + 6 * 40 + 3 + 4 + len(USAGE)


def test_the_line_for_the_administrator_names_what_the_key_needs() -> None:
    scopes = [name for one in CONNECTOR.of_profile(Profile.CORE) for name in one.scopes[0]]
    assert CONNECTOR.consent({}, {*scopes}) == (
        "https://platform.openai.com/settings/organization/admin-keys : create an admin key with "
        "restricted permissions, reading alone: api.management.read, api.usage.read"
    )
