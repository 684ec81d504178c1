"""In which order Slack is asked, how often, and how it is allowed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from integrations.connector import Run, Size
from integrations.operations import Operation
from integrations.slack.operations import (
    APPROVED,
    IDENTITY,
    INTEGRATION_LOG,
    LOG_PAGE,
    MCP_SERVERS,
    REQUESTED,
    RESTRICTED,
    TEAM,
    USERS,
)
from scanner.model import Tenant

_MOST_PAGES = 100


def identify(run: Run) -> Tenant | None:
    """Return whose account it is: the organisation of an Enterprise plan, else the workspace."""
    run.read(IDENTITY)
    run.read(TEAM)
    names, domains = [], []
    for _, item in run.items(TEAM):
        names += [item.text("enterprise_name"), item.text("name")]
        domains += [one.strip() for one in item.text("email_domain").split(",")]
    for _, item in run.items(IDENTITY):
        if key := item.text("enterprise_id") or item.text("team_id"):
            name = next(filter(None, [*names, item.text("team")]), "")
            return Tenant("slack", key, name, tuple(filter(None, domains)))
    return None


def collect(run: Run) -> None:
    """Read the lists of apps, then bots and people, then the log."""
    for operation in (APPROVED, RESTRICTED, REQUESTED):
        run.read(operation, enterprise_id=run.tenant.id)
    run.read(MCP_SERVERS)
    run.read(USERS)
    _read_log(run)


def _read_log(run: Run) -> None:
    """Read the log page by page: a page that is not full is the last."""
    for page in map(str, range(1, _MOST_PAGES + 1)):
        if not run.read(INTEGRATION_LOG, page=page):
            return
        if sum(asked.get("page") == page for asked, _ in run.items(INTEGRATION_LOG)) < LOG_PAGE:
            return


def requests(size: Size) -> Mapping[str, int]:
    """Return how often each operation is sent. Guessed: each app was changed twice."""
    apps = _pages(size.apps, APPROVED)
    return {
        IDENTITY.id: 1,
        TEAM.id: 1,
        APPROVED.id: apps,
        RESTRICTED.id: apps,
        REQUESTED.id: apps,
        MCP_SERVERS.id: 1,
        USERS.id: _pages(size.people + size.apps, USERS),
        INTEGRATION_LOG.id: _pages(size.apps * 2, INTEGRATION_LOG),
    }


def _pages(items: int, operation: Operation) -> int:
    return max(1, -(-items // operation.page_size))


def consent(_settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return the address at which an owner makes an app with these scopes, to be installed."""
    manifest = {
        "display_information": {"name": "Gnomon inventory"},
        "oauth_config": {"scopes": {"user": sorted(scopes)}},
        "settings": {"org_deploy_enabled": True, "token_rotation_enabled": False},
    }
    text = quote(json.dumps(manifest, separators=(",", ":")), safe="")
    return f"https://api.slack.com/apps?new_app=1&manifest_json={text}"
