"""What is asked of Anthropic, against the vendor's own types."""

from integrations.anthropic import CONNECTOR
from integrations.anthropic.console import CONSOLE, CONSOLE_SCOPE
from integrations.anthropic.operations import OPERATIONS
from integrations.connector import Size
from integrations.operations import Profile
from tests.integrations.desk import check_declared, check_hostile
from tests.integrations.lint import contract, not_in_contract

# Fields of an older form of an answer, which others' test data still has.
OLDER = {"anthropic.api_keys": ["field workspace_id"]}
# Reports that the vendor documents and its library has no types for.
DOCUMENTED = ["anthropic.console_usage", "anthropic.console_costs", "anthropic.claude_code"]


def test_everything_is_declared_as_it_has_to_be() -> None:
    check_declared(CONNECTOR)
    check_hostile(CONNECTOR)


def test_every_path_parameter_and_field_is_in_the_contract() -> None:
    known = contract("anthropic")["paths"]
    assert [one.id for one in OPERATIONS if one.path not in known] == DOCUMENTED
    assert not_in_contract(CONNECTOR, "anthropic") == OLDER


def test_what_a_key_of_the_console_is_needed_for_is_asked_one_by_one() -> None:
    """Such a key has no scopes: whoever holds it can also write."""
    assert {one.profile for one in CONSOLE} == {Profile.OPT_IN}
    assert all(one.can_write for one in CONSOLE)
    others = [one for one in OPERATIONS if one not in CONSOLE]
    least = {one.scopes[0][0] for one in others}
    assert least == {"read:members", "read:plugins", "read:analytics"}


def test_every_request_says_which_version_it_speaks() -> None:
    assert {one.headers["anthropic-version"] for one in OPERATIONS} == {"2023-06-01"}


def test_no_hint_of_a_key_and_no_conversation_is_read() -> None:
    fields = [name for one in OPERATIONS for name in one.fields]
    assert not [name for name in fields if "hint" in name or "conversation" in name]


def test_the_plan_for_ten_thousand_people() -> None:
    plan = CONNECTOR.requests(Size(10_000, 50, 100))
    assert plan["anthropic.members"] == plan["anthropic.user_activity"] == 10
    assert plan["anthropic.connectors"] == 1
    assert plan["anthropic.claude_code"] == 31 * 10


def test_the_line_for_the_administrator() -> None:
    scopes = {name for one in OPERATIONS for name in one.scopes[0]}
    assert CONSOLE_SCOPE in scopes
    assert CONNECTOR.consent({}, scopes - {"org:admin"}) == (
        "https://claude.ai/admin-settings/api-access : the primary owner creates a key with the "
        "scopes read:analytics, read:members, read:plugins"
    )
    assert "can do everything" in CONNECTOR.consent({"organisation": "console"}, scopes)
