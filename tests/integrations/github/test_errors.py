"""What GitHub's errors mean."""

from typing import Any

import pytest

from integrations.connector import Meaning, Trouble
from integrations.github.copilot import COPILOT_SEATS
from integrations.github.errors import meaning_of_error
from integrations.github.files import TREE


@pytest.mark.parametrize(
    ("status", "headers", "message", "trouble"),
    [
        (401, {}, "Bad credentials", Trouble.SIGN_IN),
        (403, {"x-ratelimit-remaining": "0"}, "API rate limit exceeded", Trouble.SLOW_DOWN),
        (403, {}, "You have exceeded a secondary rate limit", Trouble.SLOW_DOWN),
        (403, {"retry-after": "60"}, "wait", Trouble.SLOW_DOWN),
        (429, {}, "", Trouble.SLOW_DOWN),
        (403, {}, "Resource not accessible by integration", Trouble.DENIED),
        (404, {}, "Not Found", Trouble.NOT_THERE),
        (422, {}, "Copilot Business or Enterprise is not enabled", Trouble.NOT_LICENSED),
        (451, {}, "", Trouble.NOT_THERE),
    ],
)
def test_errors(status: int, headers: dict[str, str], message: str, trouble: Trouble) -> None:
    meaning = meaning_of_error(status, headers, {"message": message}, COPILOT_SEATS)
    assert meaning is not None
    assert meaning.trouble is trouble


def _advice(headers: dict[str, str], message: str) -> str:
    meaning = meaning_of_error(403, headers, {"message": message}, COPILOT_SEATS)
    return meaning.advice if meaning else ""


def test_a_refusal_says_what_to_do() -> None:
    owner = "; an owner of the organisation has to agree"
    accepted = {"x-accepted-github-permissions": "organization_administration=read"}
    classic = {"x-accepted-oauth-scopes": "admin:org, read:org"}
    assert _advice(accepted, "no") == f"grant organization_administration:read{owner}"
    assert _advice(classic, "no") == f"grant admin:org, read:org{owner}"
    assert _advice({}, "no") == f"grant organization_copilot_seat_management:read{owner}"
    assert "Configure SSO" in _advice({}, "Resource protected by organization SAML enforcement")
    assert "address" in _advice({}, "the organization has an IP allow list enabled")
    assert "unsuspend" in _advice({}, "This installation has been suspended")


def test_an_empty_repository_is_no_fault() -> None:
    body = {"message": "Git Repository is empty."}
    assert meaning_of_error(409, {}, body, TREE) == Meaning(
        Trouble.NOT_THERE, "the repository is empty"
    )


@pytest.mark.parametrize("body", [None, [], "x", {"message": ["x"]}])
def test_what_is_not_github_s_is_left_to_the_transport(body: Any) -> None:
    assert meaning_of_error(502, {}, body, TREE) is None
    assert meaning_of_error(422, {}, body, TREE) is None
    assert meaning_of_error(200, {}, body, TREE) is None
