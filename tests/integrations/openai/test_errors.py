"""What OpenAI's errors mean."""

from integrations.connector import Meaning, Trouble
from integrations.openai.errors import meaning_of_error
from integrations.openai.operations import ME, USERS
from integrations.operations import Operation

PAGE = "https://platform.openai.com/settings/organization/admin-keys"


def said(status: int, operation: Operation = USERS, **error: object) -> Meaning | None:
    return meaning_of_error(status, {}, {"error": error}, operation)


def test_a_missing_scope_is_named() -> None:
    text = "You have insufficient permissions for this operation. Missing scopes: api.usage.read."
    expected = Meaning(
        Trouble.DENIED,
        f"the admin key may not do this; make one with api.usage.read at {PAGE}",
    )
    assert said(403, message=text) == expected
    assert said(401, message=text) == expected


def test_a_key_that_is_none() -> None:
    found = said(401, code="invalid_api_key", message="Incorrect API key provided")
    assert found is not None
    assert found.trouble is Trouble.SIGN_IN
    assert PAGE in found.advice


def test_credit_that_is_used_up_comes_by_no_waiting() -> None:
    found = said(429, code="insufficient_quota")
    assert found is not None
    assert found.trouble is Trouble.DENIED


def test_the_rest_is_told_by_its_status() -> None:
    assert said(429, code="rate_limit_exceeded") is None
    assert said(500) is None
    assert meaning_of_error(403, {}, "<html>", USERS) is None
    assert meaning_of_error(200, {}, {"data": []}, USERS) is None


def test_a_key_that_does_not_tell_its_organisation_makes_nothing_incomplete() -> None:
    for status in (401, 403):
        found = said(status, ME)
        assert found is not None
        assert found.trouble is Trouble.NOT_THERE
