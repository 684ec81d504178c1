"""What Okta's errors mean."""

import pytest

from integrations.connector import Trouble
from integrations.okta.errors import meaning_of_error
from integrations.okta.operations import APPS


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (429, "E0000047", Trouble.SLOW_DOWN),
        (401, "E0000011", Trouble.SIGN_IN),
        (403, "E0000006", Trouble.DENIED),
        (403, "E0000038", Trouble.DENIED),
        (404, "E0000007", Trouble.NOT_THERE),
        (401, "E0000015", Trouble.NOT_LICENSED),
        (500, "E0000009", Trouble.RETRY),
        (403, "", Trouble.DENIED),
    ],
)
def test_errors(status: int, code: str, trouble: Trouble) -> None:
    meaning = meaning_of_error(status, {}, {"errorCode": code}, APPS)
    assert meaning is not None
    assert meaning.trouble is trouble


def test_a_refusal_names_the_scope_and_the_role() -> None:
    meaning = meaning_of_error(403, {}, {"errorCode": "E0000006"}, APPS)
    assert meaning is not None
    assert meaning.advice == (
        "grant okta.apps.read to the service app (Okta API Scopes), and give it an administrator's "
        "role that may read this (Admin roles)"
    )


@pytest.mark.parametrize("body", [None, [], "x", {"errorCode": ["E0000006"]}, {"errorCode": "E1"}])
def test_what_is_not_okta_s_is_left_to_the_transport(body: object) -> None:
    assert meaning_of_error(502, {}, body, APPS) is None
    assert meaning_of_error(200, {}, {"errorCode": "E0000006"}, APPS) is None
