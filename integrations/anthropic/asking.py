"""In which order Anthropic is asked, and whose account it is."""

from __future__ import annotations

from integrations.anthropic.console import (
    API_KEYS,
    CLAUDE_CODE,
    CONSOLE_COSTS,
    CONSOLE_MEMBERS,
    CONSOLE_USAGE,
    SERVICE_ACCOUNTS,
    WORKSPACES,
)
from integrations.anthropic.operations import (
    CONNECTORS,
    COSTS,
    MEMBERS,
    ORGANISATION,
    PLUGIN_USE,
    PLUGINS,
    SKILLS,
    USER_ACTIVITY,
    USER_USAGE,
)
from integrations.connector import Run
from integrations.periods import day, days
from scanner.model import Tenant

DAYS = 30
_FIRST = "2026-01-01"  # the analytics begin here


def identify(run: Run) -> Tenant | None:
    """Return whose account it is; of a key that may not ask that, the organisation that is named."""
    run.read(ORGANISATION)
    for _, item in run.items(ORGANISATION):
        if key := item.text("id"):
            return Tenant("anthropic", key, item.text("name"))
    named = run.settings.get("tenant", "")
    return Tenant("anthropic", named) if named else None


def collect(run: Run) -> None:
    """Read what the organisation's kind has."""
    if run.settings.get("organisation") == "console":
        _collect_console(run)
    else:
        _collect_enterprise(run)
    if run.settings.get("oauth_token"):
        run.read(SERVICE_ACCOUNTS)


def _collect_enterprise(run: Run) -> None:
    run.read(MEMBERS)
    run.read(PLUGINS)
    # These count over a range, so they are asked for all of the last month each time.
    start = max(_FIRST, day(run.since(ORGANISATION, 0), -DAYS))
    for operation in (USER_ACTIVITY, CONNECTORS, SKILLS, PLUGIN_USE):
        run.read(operation, start=start)
    for operation in (USER_USAGE, COSTS):
        run.read(operation, start=run.since(operation, DAYS))


def _collect_console(run: Run) -> None:
    for operation in (CONSOLE_MEMBERS, WORKSPACES, API_KEYS):
        run.read(operation)
    for operation in (CONSOLE_USAGE, CONSOLE_COSTS):
        run.read(operation, start=run.since(operation, DAYS))
    today = run.since(ORGANISATION, 0)
    for one in days(run.since(CLAUDE_CODE, DAYS), today):
        run.read(CLAUDE_CODE, day=one)
