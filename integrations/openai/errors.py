"""What OpenAI's errors mean.

::

    {"error": {"message": "... Missing scopes: api.usage.read. ...", "type": "...", "code": null}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from integrations.connector import Meaning, Trouble
from integrations.fields import Item
from integrations.operations import Operation

KEYS_PAGE = "https://platform.openai.com/settings/organization/admin-keys"

_MISSING = re.compile(r"missing scopes?: ([\w.]+(?:, ?[\w.]+)*\w)", re.IGNORECASE)


def meaning_of_error(
    status: int, _headers: Mapping[str, str], body: Any, operation: Operation
) -> Meaning | None:
    """Return what an answer means; None where its status says all."""
    if status not in (401, 403, 429):
        return None
    if status != 429 and operation.path == "/v1/me":
        # Not every admin key may ask for its own identity. That alone makes nothing incomplete.
        return Meaning(Trouble.NOT_THERE, "this key does not tell its organisation")
    error = Item(body if isinstance(body, Mapping) else {}).at("error")
    if status == 429:
        return _too_much(error)
    if missing := _MISSING.search(error.text("message")):
        advice = f"the admin key may not do this; make one with {missing[1]} at {KEYS_PAGE}"
        return Meaning(Trouble.DENIED, advice)
    if status == 401:
        advice = (
            f"the key is not accepted: it has to be an admin key (sk-admin-...), see {KEYS_PAGE}"
        )
        return Meaning(Trouble.SIGN_IN, advice)
    return None


def _too_much(error: Item) -> Meaning | None:
    """Return what "too many" means: a pace, or credit that is used up and comes by no waiting."""
    if "insufficient_quota" in (error.text("code"), error.text("type")):
        return Meaning(Trouble.DENIED, "the organisation's credit or limit is used up")
    return None
