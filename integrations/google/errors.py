"""What Google's refusals mean, and what somebody can do about them.

Two places refuse: the service that is asked, and the one that gives out tokens. Where a scope was
not delegated, it is the second: ``unauthorized_client``.
https://developers.google.com/workspace/admin/reports/v1/limits
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from integrations.connector import Meaning, Trouble
from integrations.operations import Operation

DELEGATION: Final = "Security, Access and data control, API controls, Domain-wide delegation"  # in the admin console
_SLOW: Final = {
    "userratelimitexceeded",
    "ratelimitexceeded",
    "quotaexceeded",
    "dailylimitexceeded",
    "resource_exhausted",
    "rate_limit_exceeded",
}
_SCOPE: Final = {"insufficientpermissions", "access_token_scope_insufficient"}
_OFF: Final = {"accessnotconfigured", "service_disabled"}


def meaning_of_error(
    status: int, _headers: Mapping[str, str], body: Any, operation: Operation
) -> Meaning | None:
    """Return what an answer means that brings nothing; None where its status says it all."""
    if status < 400:
        return None
    reasons, said = _reasons(body), _message(body).lower()
    if status == 429 or (status == 403 and reasons & _SLOW):
        return Meaning(Trouble.SLOW_DOWN, "Google's quota is used up for the moment")
    if status == 503 and "/admin/reports/" in operation.path:
        return Meaning(Trouble.SLOW_DOWN, "the Reports API answers 503 where a quota is used up")
    if status == 400 and ("pagetoken" in said or "page token" in said or "page_token" in said):
        return Meaning(Trouble.RESTART, "Google no longer knows the place in the list")
    if status == 403:
        return Meaning(Trouble.DENIED, _denied(reasons, said, operation))
    return None


def _denied(reasons: set[str], said: str, operation: Operation) -> str:
    if reasons & _OFF or "has not been used in project" in said:
        return f"switch on {_api(operation)} in the Cloud project of the service account"
    if reasons & _SCOPE or "insufficient authentication scopes" in said:
        return f"the token lacks {_scope(operation)}: enter it under {DELEGATION}"
    return f"not allowed for the one who asks: {operation.title} needs {_right(operation)}"


def _right(operation: Operation) -> str:
    if operation.host == "identity":
        return "a super administrator"
    if operation.host in ("admin", "chrome", "licensing"):
        return "an administrator who may see it (setting: admin)"
    return "a role for the service account in Google Cloud, see its permissions"


def _api(operation: Operation) -> str:
    names = {
        "admin": "the Admin SDK API",
        "chrome": "the Chrome Management API",
        "identity": "the Cloud Identity API",
        "licensing": "the Enterprise License Manager API",
    }
    return names.get(operation.host, f"the API behind {operation.title!r}")


def _scope(operation: Operation) -> str:
    return " ".join(operation.scopes[0])


def meaning_of_refusal(
    error: Exception, client_id: str, subject: str, scopes: Iterable[str]
) -> Meaning:
    """Return what it means that Google gave no token. Nothing of what was sent is repeated."""
    code, said = _refusal(error)
    scope = ",".join(scopes)
    if code in ("unauthorized_client", "access_denied", "invalid_scope"):
        advice = f"not delegated: enter client id {client_id} with {scope} under {DELEGATION}"
        return Meaning(Trouble.DENIED, advice)
    if "reasonable timeframe" in said or "short-lived" in said:
        return Meaning(
            Trouble.WRONG, "the clock of this machine is wrong: Google refuses what it signs"
        )
    if "signature" in said or "no valid verifier" in said:
        return Meaning(Trouble.DENIED, "this key is no key of the service account any more")
    if "email" in said or "user id" in said:
        return Meaning(Trouble.DENIED, f"Google knows no user {subject or client_id}")
    if "impersonated" in said or "unable to acquire" in said:
        return Meaning(
            Trouble.DENIED,
            "who is signed in here needs Service Account Token Creator on the account",
        )
    if code in ("invalid_client", "deleted_client", "disabled_client", "account_disabled"):
        return Meaning(Trouble.DENIED, "the service account was deleted or switched off")
    return Meaning(Trouble.DENIED, f"Google gives no token: {code or type(error).__name__}")


def _refusal(error: Exception) -> tuple[str, str]:
    """Return the code of a refused token, and all that was said, in lower case."""
    said = " ".join(str(one) for one in error.args)
    body = next((one for one in error.args if isinstance(one, Mapping)), {})
    code = body.get("error")
    named = code if isinstance(code, str) else said.partition(":")[0]
    return (named if named.isidentifier() else ""), said.lower()


def _reasons(body: Any) -> set[str]:
    """Return the reasons of an error, of its old and its new shape, in lower case."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return {error.lower()} if isinstance(error, str) else set()
    return {one.lower() for one in _texts(error)}


def _texts(error: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(status := error.get("status"), str):
        yield status
    for name in ("errors", "details"):
        for one in error[name] if isinstance(error.get(name), list) else ():
            if isinstance(one, Mapping) and isinstance(reason := one.get("reason"), str):
                yield reason


def _message(body: Any) -> str:
    error = body.get("error") if isinstance(body, Mapping) else None
    message = error.get("message") if isinstance(error, Mapping) else None
    return message if isinstance(message, str) else ""
