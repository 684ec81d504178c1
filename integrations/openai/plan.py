"""How often OpenAI is asked, and by which key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from integrations.connector import Size
from integrations.openai.asking import CREATED, OF_PROJECTS
from integrations.openai.errors import KEYS_PAGE
from integrations.openai.operations import (
    ADMIN_KEYS,
    AUDIT_LOGS,
    ME,
    PROJECTS,
    RETENTION,
    USERS,
)
from integrations.openai.usage import COSTS, USAGE
from integrations.operations import Operation


def requests(size: Size) -> dict[str, int]:
    """Return how often each operation is sent. As many projects as AI systems are expected."""
    projects = size.ai_apps
    once: tuple[Operation, ...] = (ME, ADMIN_KEYS, COSTS, RETENTION, *USAGE)
    return {
        **{one.id: 1 for one in once},
        USERS.id: _pages(size.people, USERS),
        PROJECTS.id: _pages(projects, PROJECTS),
        **{one.id: projects for one in OF_PROJECTS},
        AUDIT_LOGS.id: len(CREATED),
    }


def consent(_settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return where an owner makes the key, and what it has to be allowed."""
    named = ", ".join(sorted(scopes))
    return f"{KEYS_PAGE} : create an admin key with restricted permissions, reading alone: {named}"


def _pages(items: int, operation: Operation) -> int:
    return max(1, math.ceil(items / operation.page_size))
