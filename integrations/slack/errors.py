"""What Slack means by its errors: they come with status 200 and ``"ok": false``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.connector import Meaning, Trouble
from integrations.operations import Operation

_TOKEN_IS_OF_NO_USE = (
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
)
_NEEDS_AN_OWNER = (
    "access_denied",
    "no_permission",
    "not_allowed",
    "not_an_admin",
    "restricted_action",
    "team_access_not_granted",
    "user_is_bot",
    "user_is_restricted",
)
_NOT_BOUGHT = (
    "enterprise_not_found",
    "feature_not_enabled",
    "no_team_or_enterprise_provided",
    "paid_only",
    "paid_teams_only",
    "plan_upgrade_required",
)
_MAY_PASS = (
    "fatal_error",
    "internal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
)


def meaning_of_error(
    _status: int, _headers: Mapping[str, str], body: Any, operation: Operation
) -> Meaning | None:
    """Return what an error of Slack means; None if it is none, or not one of Slack's own.

    ``{"ok": false, "error": "missing_scope", "needed": "users:read", "provided": "..."}``
    Reference: https://docs.slack.dev/apis/web-api/#responses
    """
    if not isinstance(body, Mapping) or body.get("ok") is not False:
        return None
    error = str(body.get("error", ""))
    needed = str(body.get("needed") or "") or " or ".join(
        " with ".join(one) for one in operation.scopes
    )
    if error in ("ratelimited", "rate_limited"):
        return Meaning(Trouble.SLOW_DOWN, "too many requests to Slack in this minute")
    if error in _TOKEN_IS_OF_NO_USE:
        return Meaning(Trouble.SIGN_IN, f"Slack takes this token no longer ({error})")
    if error == "missing_scope":
        return Meaning(Trouble.DENIED, f"add the scope {needed} to the app and install it again")
    if error == "not_allowed_token_type":
        return Meaning(Trouble.DENIED, "it needs a user token (xoxp-), not a bot's")
    if error in ("app_management_app_not_installed_on_org", "org_login_required"):
        return Meaning(Trouble.DENIED, "install the app on the organisation, not on a workspace")
    if error in _NEEDS_AN_OWNER:
        return Meaning(
            Trouble.DENIED, f"the app has to be installed by an owner of the organisation ({error})"
        )
    if error in _NOT_BOUGHT:
        return Meaning(Trouble.NOT_LICENSED, f"this plan does not hold it ({error})")
    if error == "invalid_cursor":
        return Meaning(Trouble.RESTART, "the place in the list is gone")
    if error in _MAY_PASS:
        return Meaning(Trouble.RETRY, f"Slack had a fault of its own ({error})")
    return Meaning(Trouble.WRONG, f"Slack answered {error or 'that it is not ok'}")
