"""How often Anthropic is asked, and by which key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from integrations.anthropic.asking import DAYS
from integrations.anthropic.console import CLAUDE_CODE, CONSOLE_MEMBERS, CONSOLE_SCOPE
from integrations.anthropic.errors import CONSOLE_KEYS_PAGE, KEYS_PAGE
from integrations.anthropic.operations import MEMBERS, OPERATIONS, USER_ACTIVITY, USER_USAGE
from integrations.connector import Size


def requests(size: Size) -> dict[str, int]:
    """Return how often each operation is sent; one page where the number of people is no matter."""
    plan = {one.id: 1 for one in OPERATIONS}
    for operation in (MEMBERS, CONSOLE_MEMBERS, USER_ACTIVITY):
        plan[operation.id] = max(1, math.ceil(size.people / operation.page_size))
    # A row for each person, product and model: three of them a person.
    plan[USER_USAGE.id] = max(1, math.ceil(3 * size.people / USER_USAGE.page_size))
    a_day = max(1, math.ceil(size.people / CLAUDE_CODE.page_size))
    plan[CLAUDE_CODE.id] = (DAYS + 1) * a_day
    return plan


def consent(settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return where the key is made, and what it has to be allowed."""
    if settings.get("organisation") == "console":
        return f"{CONSOLE_KEYS_PAGE} : an admin makes the key; it can do everything, also write"
    named = ", ".join(sorted(one for one in scopes if one != CONSOLE_SCOPE))
    return f"{KEYS_PAGE} : the primary owner creates a key with the scopes {named}"
