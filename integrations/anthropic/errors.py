"""What Anthropic's errors mean.

::

    {"type": "error", "error": {"type": "permission_error", "message": "..."}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.connector import Meaning, Trouble
from integrations.fields import Item
from integrations.operations import Operation, Stability

KEYS_PAGE = "https://claude.ai/admin-settings/api-access"
CONSOLE_KEYS_PAGE = "https://platform.claude.com/settings/admin-keys"


def meaning_of_error(
    status: int, _headers: Mapping[str, str], body: Any, operation: Operation
) -> Meaning | None:
    """Return what an answer means; None where its status says all."""
    if status < 400:
        return None
    error = Item(body if isinstance(body, Mapping) else {}).at("error")
    match error.text("type"):
        case "authentication_error":
            where = CONSOLE_KEYS_PAGE if operation.can_write else KEYS_PAGE
            return Meaning(Trouble.SIGN_IN, f"the key is not accepted; see {where}")
        case "permission_error":
            return _not_allowed(error.text("message"), operation)
        case "not_found_error" if operation.stability is Stability.BETA:
            return Meaning(Trouble.NOT_LICENSED, "this organisation has no such thing (a beta)")
        case "overloaded_error":  # 529
            return Meaning(Trouble.RETRY, "the service is overloaded")
    return None


def _not_allowed(message: str, operation: Operation) -> Meaning:
    """Return whether a scope is missing, or the plan that the operation belongs to."""
    if operation.path.endswith("/me"):
        # A key for the analytics alone. That makes nothing incomplete where a tenant is named.
        return Meaning(
            Trouble.NOT_THERE, "this key does not tell its organisation; name it: tenant"
        )
    if operation.licence and "scope" not in message.lower():
        return Meaning(Trouble.NOT_LICENSED, f"it belongs to {operation.licence}")
    if operation.can_write:
        return Meaning(Trouble.DENIED, f"it needs an admin key of {CONSOLE_KEYS_PAGE}")
    named = " or ".join(" with ".join(one) for one in operation.scopes)
    return Meaning(Trouble.DENIED, f"the key lacks {named}; make one at {KEYS_PAGE}")
