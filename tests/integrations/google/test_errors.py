"""What Google's refusals mean."""

from typing import Any

import pytest
from google.auth.exceptions import RefreshError

from integrations.connector import Trouble
from integrations.google import CONNECTOR, chrome, cloud, directory, policies, reports
from integrations.google.errors import meaning_of_error, meaning_of_refusal


def old(code: int, reason: str, message: str = "") -> dict[str, Any]:
    """Return an error of the shape that the Admin SDK has."""
    return {
        "error": {"code": code, "message": message, "errors": [{"domain": "x", "reason": reason}]}
    }


def new(status: str, message: str = "", reason: str = "") -> dict[str, Any]:
    """Return an error of the shape that newer APIs have."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return {"error": {"message": message, "status": status, "details": details if reason else []}}


SCOPES = "Request had insufficient authentication scopes."


@pytest.mark.parametrize(
    ("status", "body", "operation", "trouble", "said"),
    [
        (403, old(403, "userRateLimitExceeded"), directory.USERS, Trouble.SLOW_DOWN, "quota"),
        (403, old(403, "quotaExceeded"), directory.USERS, Trouble.SLOW_DOWN, "quota"),
        (429, old(429, "rateLimitExceeded"), directory.USERS, Trouble.SLOW_DOWN, "quota"),
        (429, None, directory.USERS, Trouble.SLOW_DOWN, "quota"),
        (503, None, reports.TOKEN_AUTHORIZE, Trouble.SLOW_DOWN, "the Reports API answers 503"),
        (403, new("PERMISSION_DENIED", SCOPES), chrome.SAAS_USAGE, Trouble.DENIED,
         "lacks https://www.googleapis.com/auth/chrome.management.reports.readonly"),
        (403, new("PERMISSION_DENIED", "", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), directory.UNITS,
         Trouble.DENIED, "lacks https://www.googleapis.com/auth/admin.directory.orgunit.readonly"),
        (403, old(403, "insufficientPermissions"), directory.USERS, Trouble.DENIED, "lacks https"),
        (403, old(403, "forbidden", "Not Authorized to access this resource/api"),
         directory.TOKENS, Trouble.DENIED, "an administrator who may see it"),
        (403, new("PERMISSION_DENIED"), policies.SERVICE_STATUS, Trouble.DENIED,
         "needs a super administrator"),
        (403, new("PERMISSION_DENIED"), cloud.SERVICES, Trouble.DENIED, "a role for the service"),
        (403, new("PERMISSION_DENIED", "", "SERVICE_DISABLED"), chrome.SAAS_USAGE, Trouble.DENIED,
         "switch on the Chrome Management API"),
        (403, old(403, "accessNotConfigured"), directory.USERS, Trouble.DENIED,
         "switch on the Admin SDK API"),
        (400, old(400, "invalid", "Invalid Input: pageToken"), directory.USERS, Trouble.RESTART,
         "no longer knows the place"),
    ],
)  # fmt: skip
def test_an_answer(status: int, body: Any, operation: Any, trouble: Trouble, said: str) -> None:
    meaning = meaning_of_error(status, {}, body, operation)
    assert meaning is not None
    assert meaning.trouble is trouble
    assert said in meaning.advice


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"items": []}),
        (401, old(401, "authError")),
        (404, old(404, "notFound")),
        (400, old(400, "badRequest", "Bad Request")),
        (500, None),
    ],
)
def test_an_answer_whose_status_says_it_all(status: int, body: Any) -> None:
    assert meaning_of_error(status, {}, body, directory.USERS) is None


def test_503_is_a_quota_of_the_reports_alone() -> None:
    assert meaning_of_error(503, {}, None, directory.USERS) is None


@pytest.mark.parametrize("body", [None, [], "x", {}, {"error": 7}, {"error": "x"},
                                  {"error": {"errors": 7, "details": [7, {"reason": 7}]}}])  # fmt: skip
def test_whatever_the_body_is(body: Any) -> None:
    meaning = meaning_of_error(403, {}, body, directory.USERS)
    assert meaning is not None
    assert meaning.trouble is Trouble.DENIED


@pytest.mark.parametrize(
    ("code", "text", "trouble", "said"),
    [
        ("unauthorized_client", "Client is unauthorized to retrieve access tokens", Trouble.DENIED,
         "not delegated: enter client id 42 with scope-a,scope-b"),
        ("access_denied", "Requested client not authorized.", Trouble.DENIED, "not delegated"),
        ("invalid_grant", "Invalid JWT: Token must be a short-lived token", Trouble.WRONG, "clock"),
        ("invalid_grant", "Invalid JWT Signature.", Trouble.DENIED, "no key of the service"),
        ("invalid_grant", "Not a valid email", Trouble.DENIED, "knows no user admin@example.com"),
        ("invalid_client", "The OAuth client was not found.", Trouble.DENIED, "deleted"),
        ("new_error", "canary-4711", Trouble.DENIED, "Google gives no token: new_error"),
    ],
)  # fmt: skip
def test_a_token_that_was_refused(code: str, text: str, trouble: Trouble, said: str) -> None:
    error = RefreshError(f"{code}: {text}", {"error": code, "error_description": text})
    meaning = meaning_of_refusal(error, "42", "admin@example.com", ("scope-a", "scope-b"))
    assert meaning.trouble is trouble
    assert said in meaning.advice
    assert "canary" not in meaning.advice


def test_a_machine_s_account_that_may_not_sign() -> None:
    error = RefreshError("Unable to acquire impersonated credentials", '{"error": {"code": 403}}')
    meaning = meaning_of_refusal(error, "", "", ())
    assert "needs Service Account Token Creator" in meaning.advice


def test_the_connector_explains_its_own_answers() -> None:
    assert CONNECTOR.meaning is meaning_of_error
