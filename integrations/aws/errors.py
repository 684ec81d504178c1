"""What AWS's error codes mean."""

from __future__ import annotations

from integrations.connector import Meaning, Trouble
from integrations.operations import Operation

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized")
_SIGN_IN = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "AuthFailure",
)
_NOT_LICENSED = ("OptInRequired", "SubscriptionRequiredException")
_BUSY = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "LimitExceededException",
    "RequestLimitExceeded",
)
_PASSING = ("InternalServerException", "InternalFailure", "ServiceUnavailable")
_TOKENS = ("InvalidNextTokenException", "InvalidNextToken")


def meaning_of_error(code: str, message: str, operation: Operation) -> Meaning:
    """Return what an error code means, and what to do."""
    if code in _DENIED:
        named = " or ".join(" with ".join(one) for one in operation.scopes)
        return Meaning(Trouble.DENIED, f"not allowed; the policy has to allow {named}")
    if code in _SIGN_IN:
        return Meaning(Trouble.DENIED, f"the credentials are not accepted ({code}); sign in again")
    if code in _NOT_LICENSED:
        return Meaning(Trouble.NOT_LICENSED, "the account has not switched this service on")
    if code == "DataUnavailableException":
        return Meaning(
            Trouble.NOT_LICENSED, "Cost Explorer has no data yet; switch it on under Billing"
        )
    if code in _BUSY:
        return Meaning(Trouble.SLOW_DOWN, "too many requests, also after waiting")
    if code in _PASSING:
        return Meaning(Trouble.RETRY, f"the service answered {code}")
    if code in _TOKENS:
        return Meaning(Trouble.RESTART, "the place in the list is gone")
    if code == "ResourceNotFoundException":
        return Meaning(Trouble.NOT_THERE, "the account has no such thing")
    return Meaning(Trouble.WRONG, f"{code}: {message}"[:300])
