"""What Microsoft's errors mean, and what a person can do about them.

A refusal of Graph's (https://learn.microsoft.com/en-us/graph/errors)::

    {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges ..."}}

One of the token service's (https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes)::

    {"error": "invalid_client", "error_codes": [7000215], "error_description": "AADSTS7000215: ..."}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from integrations.connector import Meaning, Trouble
from integrations.operations import Operation

_NOT_LICENSED = (
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    "RequestFromNonPremiumTenantOrB2CTenant",
)
_DENIED = (
    "Authorization_RequestDenied",
    "Authentication_MSGraphPermissionMissing",
    "AuthorizationFailed",
    "accessDenied",
    "Forbidden",
    "UnknownError",
)
_OF_A_ROLE = "Authentication_RequestFromUnsupportedUserRole"
_EXPIRED_PAGE = ("Directory_ExpiredPageToken", "syncStateNotFound", "resyncRequired")
# Wordings of services that tell a missing licence by their message alone.
_LICENCE = re.compile(
    r"licen[cs]e|not applicable to target tenant|failed to resolve table|not provisioned"
    r"|subscription (?:is )?required|tenant (?:is )?not (?:enabled|onboarded)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\bAADSTS(\d+)\b")

_ADVICE = {
    7000215: "the client secret is wrong; it is the secret's value, not its id",
    7000222: "the client secret has expired; make a new one, or use a certificate",
    7000218: "the application takes no public clients; allow them in its registration for a "
    "sign-in by device code, or set a certificate or a secret",
    700016: "the tenant does not know the application; check client_id, and that an "
    "administrator consented",
    700027: "the certificate is not registered with the application, or another key was given",
    700024: "the clock of this machine is wrong: the signed request lies outside its time",
    90002: "there is no such tenant; check tenant and cloud",
    900023: "the name of the tenant is none; give its id or a domain of it",
    65001: "nobody has consented to the application; see `gnomon sources permissions entra`",
    53003: "a Conditional Access policy does not let the application or the person in",
    50076: "a second factor is asked for; sign in by device code",
    50105: "the person is not assigned to the application",
    70019: "the code was not entered in time; begin again",
    70020: "the code was not entered in time; begin again",
    70043: "the sign-in has expired; sign in again",
    700082: "the sign-in has expired; sign in again",
}


def meaning(
    status: int, _headers: Mapping[str, str], body: Any, operation: Operation
) -> Meaning | None:
    """Return what an answer of Graph or Azure means; None where its status says enough."""
    if status < 400 or status == 429 or status >= 500:
        return None
    code, message = _error(body)
    return meaning_of_error(status, code, message, operation)


def meaning_of_error(status: int, code: str, message: str, operation: Operation) -> Meaning | None:
    """Return what an error means for an operation, from its code and, where that is vague, its
    message."""
    if code in _EXPIRED_PAGE:
        return Meaning(Trouble.RESTART, "the place in the list has expired")
    if code in _NOT_LICENSED:
        return _not_licensed(operation, "Microsoft Entra ID P1")
    if status == 401 or code == "InvalidAuthenticationToken":
        return Meaning(Trouble.SIGN_IN, "the token is not accepted")
    if status in (400, 403) and operation.licence and _LICENCE.search(message):
        return _not_licensed(operation, "")
    if code == _OF_A_ROLE:
        return Meaning(
            Trouble.DENIED, "the person needs a role such as Reports Reader or Security Reader"
        )
    if status == 403 or code in _DENIED:
        return Meaning(Trouble.DENIED, f"not allowed; {_grant(operation)}")
    return Meaning(Trouble.WRONG, _said(code, message)) if status == 400 and code else None


def sign_in_advice(result: Mapping[str, Any]) -> str:
    """Return why the token service gave no token, and what to do."""
    said = str(result.get("error_description") or result.get("error") or "no reason given")
    codes = result.get("error_codes")
    numbers = [one for one in codes if isinstance(one, int)] if isinstance(codes, list) else []
    numbers += [int(one) for one in _CODE.findall(said)]
    for number in numbers:
        if number in _ADVICE:
            return f"Microsoft gives no token: {_ADVICE[number]} (AADSTS{number})"
    return f"Microsoft gives no token: {said.splitlines()[0][:300]}"


def _error(body: Any) -> tuple[str, str]:
    """Return code and message of an error's body, the inner code where the outer is vague."""
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return "", ""
    inner = error.get("innerError") or error.get("innererror")
    found = inner.get("code") if isinstance(inner, Mapping) else None
    outer = error.get("code")
    code = found if isinstance(found, str) and found in (*_NOT_LICENSED, *_EXPIRED_PAGE) else outer
    return _text(code), _text(error.get("message"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _not_licensed(operation: Operation, otherwise: str) -> Meaning:
    return Meaning(
        Trouble.NOT_LICENSED,
        f"the tenant does not have {operation.licence or otherwise}, which this belongs to",
    )


def _grant(operation: Operation) -> str:
    ways = " or ".join(" with ".join(one) for one in operation.scopes)
    if operation.host == "management":
        return f"assign the application the {ways}"
    return f"grant the application {ways} and let an administrator consent"


def _said(code: str, message: str) -> str:
    return f"the service answered {code}: {message[:200]}" if message else code
