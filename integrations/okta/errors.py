"""What Okta means by its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.connector import Meaning, Trouble
from integrations.operations import Operation


def meaning_of_error(
    status: int, _headers: Mapping[str, str], body: Any, operation: Operation
) -> Meaning | None:
    """Return what an error of Okta means; None for what it does not explain.

    ``{"errorCode": "E0000006", "errorSummary": "..."}``; when a wait ends is told by the header
    X-Rate-Limit-Reset alone. Reference: https://developer.okta.com/docs/reference/error-codes/
    """
    if status < 400:
        return None
    code = body.get("errorCode") if isinstance(body, Mapping) else None
    needed = " or ".join(" with ".join(one) for one in operation.scopes) or "no scope"
    match code, status:
        case "E0000047", _:
            return Meaning(Trouble.SLOW_DOWN, "too many requests to Okta in this minute")
        case "E0000011", _:
            return Meaning(
                Trouble.SIGN_IN, "Okta takes this token no longer: expired, revoked or too idle"
            )
        case (("E0000006" | "E0000038"), _):
            return Meaning(
                Trouble.DENIED,
                f"grant {needed} to the service app (Okta API Scopes), and give it an "
                "administrator's role that may read this (Admin roles)",
            )
        case "E0000005", _:
            return Meaning(Trouble.SIGN_IN, "the session with Okta is not valid")
        case (("E0000007" | "E0000022"), _):
            return Meaning(Trouble.NOT_THERE, "Okta has no such object, or not this feature")
        case "E0000015", _:
            return Meaning(Trouble.NOT_LICENSED, "this organisation's plan does not hold this")
        case "E0000009", _:
            return Meaning(Trouble.RETRY, "Okta had a fault of its own")
        case _, 403:
            return Meaning(Trouble.DENIED, f"grant {needed} to the service app (Okta API Scopes)")
    return None
