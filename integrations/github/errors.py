"""What GitHub means by its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.connector import Meaning, Trouble
from integrations.operations import Operation

_HIDDEN = (
    "GitHub shows no such thing to this token: the name is wrong, it may not be seen, or it was not "
    "bought"
)


def meaning_of_error(
    status: int, headers: Mapping[str, str], body: Any, operation: Operation
) -> Meaning | None:
    """Return what an error of GitHub means; None for what it does not explain.

    A 403 may be a limit, missing rights, single sign-on or a list of allowed addresses: the text
    tells. Reference: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    if status < 400:
        return None
    said = body.get("message") if isinstance(body, Mapping) else ""
    text = said.lower() if isinstance(said, str) else ""
    match status:
        case 401:
            return Meaning(Trouble.SIGN_IN, "GitHub takes this token no longer: expired or revoked")
        case 403 | 429 if _is_a_limit(status, headers, text):
            return Meaning(Trouble.SLOW_DOWN, "too many requests to GitHub")
        case 403:
            return Meaning(Trouble.DENIED, _refusal(headers, text, operation))
        case 404:
            return Meaning(Trouble.NOT_THERE, _HIDDEN)
        case 409 if "empty" in text:
            return Meaning(Trouble.NOT_THERE, "the repository is empty")
        case 422 if operation.licence:
            return Meaning(Trouble.NOT_LICENSED, f"it needs {operation.licence}")
        case 451:
            return Meaning(Trouble.NOT_THERE, "the repository is blocked")
    return None


def _is_a_limit(status: int, headers: Mapping[str, str], text: str) -> bool:
    return (
        status == 429
        or headers.get("x-ratelimit-remaining") == "0"
        or "retry-after" in headers
        or "rate limit" in text
        or "abuse detection" in text
    )


def _refusal(headers: Mapping[str, str], text: str, operation: Operation) -> str:
    """Return what has to be granted. GitHub names it in a header; else the operation does."""
    if "saml" in text or "x-github-sso" in headers:
        return "authorise the token for single sign-on of this organisation (Configure SSO)"
    if "ip allow list" in text:
        return "this machine's address is not on the organisation's list of allowed addresses"
    if "suspended" in text:
        return "the installation of the GitHub App is suspended: unsuspend it"
    accepted = headers.get("x-accepted-github-permissions", "").replace("=", ":")
    scopes = headers.get("x-accepted-oauth-scopes", "")
    declared = " or ".join(" with ".join(one) for one in operation.scopes)
    return f"grant {accepted or scopes or declared}; an owner of the organisation has to agree"
