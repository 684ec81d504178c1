"""What is asked of Cursor."""

from integrations.connector import Context, Size
from integrations.cursor import CONNECTOR, sign_in
from integrations.cursor.operations import OPERATIONS
from tests.integrations.desk import check_declared, check_hostile


def test_everything_is_declared_as_it_has_to_be() -> None:
    check_declared(CONNECTOR)
    check_hostile(CONNECTOR)


def test_nothing_that_changes_the_team_is_declared() -> None:
    """Posts here only ask; those that change something have paths of their own."""
    changes = ("/teams/user-spend-limit", "/teams/remove-member", "/teams/groups")
    assert not [one for one in OPERATIONS if one.path.startswith((*changes, "/settings"))]


def test_no_conversation_and_no_code_is_read() -> None:
    fields = [name for one in OPERATIONS for name in one.fields]
    assert not [name for name in fields if "conversation" in name or "Extension" in name]
    team = OPERATIONS[0]
    assert team.fields == ("params.teamId",)  # of the audit log, whose it is and no event


def test_the_key_is_a_user_without_a_password() -> None:
    signed = sign_in(Context({"key": "crsr_invented"}, {}, None, lambda: 0.0))
    assert signed.headers(OPERATIONS[0]) == {"Authorization": "Basic Y3Jzcl9pbnZlbnRlZDo="}
    assert "invented" not in repr(signed)
    assert signed.granted() is None
    assert not signed.is_of_a_person


def test_the_plan_for_a_thousand_people() -> None:
    assert CONNECTOR.requests(Size(1000, 10, 10)) == {
        "cursor.team": 1,
        "cursor.members": 1,
        "cursor.spending": 10,
        "cursor.daily_use": 1,
        "cursor.events": 1500,
    }


def test_the_line_for_the_administrator() -> None:
    assert "scope Read-only" in CONNECTOR.consent({}, ["Read-only"])
