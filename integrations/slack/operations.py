"""What may be asked of Slack."""

from __future__ import annotations

from dataclasses import replace

from integrations.operations import Operation, Paging, Privacy, Profile
from integrations.slack import records

_METHODS = "https://docs.slack.dev/reference/methods"
_NEXT = ("response_metadata.next_cursor", "cursor")
_ENTERPRISE = "Slack Enterprise"

IDENTITY = Operation(
    id="slack.identity",
    title="Whose token it is",
    host="slack",
    path="/auth.test",
    why="Whose account it is: compared before anything is stored.",
    fields=("team_id", "team", "enterprise_id", "is_enterprise_install"),
    parse=records.no_records,
    reference=f"{_METHODS}/auth.test",
    quota="slack.tier3",
    verified_by=("documentation",),
)

TEAM = Operation(
    id="slack.team",
    title="The workspace",
    host="slack",
    path="/team.info",
    why="The name and the mail domains of the account.",
    fields=("id", "name", "email_domain", "enterprise_id", "enterprise_name"),
    parse=records.no_records,
    reference=f"{_METHODS}/team.info",
    items="team",
    scopes=(("team:read",),),
    quota="slack.tier3",
    verified_by=("contract", "vendor example"),
)

APPROVED = Operation(
    id="slack.approved_apps",
    title="Approved apps",
    host="slack",
    path="/admin.apps.approved.list",
    query={"limit": "1000", "enterprise_id": "{enterprise_id}"},
    why="Which apps may be installed, with which scopes, and who approved them.",
    fields=(
        "app.id",
        "app.name",
        "app.description",
        "app.app_homepage_url",
        "app.help_url",
        "app.privacy_policy_url",
        "app.is_internal",
        "scopes[].name",
        "scopes[].token_type",
        "date_updated",
        "last_resolved_by.actor_id",
        "last_resolved_by.actor_type",
    ),
    parse=records.parse_approved,
    reference=f"{_METHODS}/admin.apps.approved.list",
    paging=Paging.CURSOR,
    page_token=_NEXT,
    page_size=1000,
    items="approved_apps",
    scopes=(("admin.apps:read",),),
    licence=_ENTERPRISE,
    quota="slack.tier2",
    people=("last_resolved_by.actor_id",),
    verified_by=("contract", "vendor example"),
)

RESTRICTED = replace(
    APPROVED,
    id="slack.restricted_apps",
    title="Refused apps",
    path="/admin.apps.restricted.list",
    why="Which apps may not be installed: what was decided already.",
    parse=records.parse_restricted,
    reference=f"{_METHODS}/admin.apps.restricted.list",
    items="restricted_apps",
)

REQUESTED = replace(
    APPROVED,
    id="slack.requested_apps",
    title="Apps that people asked for",
    path="/admin.apps.requests.list",
    why="What people want and do not have yet. What they wrote with it is not read.",
    fields=(
        *(one for one in APPROVED.fields if one.startswith(("app.", "scopes"))),
        "date_created",
        "user.id",
        "user.email",
    ),
    parse=records.parse_requested,
    reference=f"{_METHODS}/admin.apps.requests.list",
    items="app_requests",
    privacy=Privacy.PERSON,
    people=("user.id", "user.email"),
)

MCP_SERVERS = Operation(
    id="slack.mcp_servers",
    title="MCP servers",
    host="slack",
    path="/admin.apps.mcp.servers.list",
    method="POST",
    body={"limit": 1000},
    why="Which servers of others Slack's own AI may call with the organisation's data.",
    fields=("id", "server_id", "app_id", "name", "url", "server_url"),
    parse=records.parse_mcp_server,
    reference=f"{_METHODS}/admin.apps.mcp.servers.list",
    paging=Paging.CURSOR,
    page_token=_NEXT,
    page_size=1000,
    items="servers",
    scopes=(("admin.apps:read",),),
    licence=_ENTERPRISE,
    quota="slack.tier3",
    # Its path and its list are documented, the fields of a server are not.
    verified_by=("documentation",),
)

USERS = Operation(
    id="slack.users",
    title="Bots and people",
    host="slack",
    path="/users.list",
    query={"limit": "1000"},
    why="Which bots there are, and what the logs call the people whom other answers number.",
    fields=(
        "id",
        "name",
        "real_name",
        "deleted",
        "is_bot",
        "is_workflow_bot",
        "profile.api_app_id",
        "profile.real_name",
        "profile.email",
    ),
    parse=records.parse_user,
    reference=f"{_METHODS}/users.list",
    paging=Paging.CURSOR,
    page_token=_NEXT,
    page_size=1000,
    items="members",
    scopes=(("users:read", "users:read.email"),),
    privacy=Privacy.PERSON,
    quota="slack.tier2",
    people=("id", "name", "real_name", "profile.real_name", "profile.email"),
    verified_by=("contract", "vendor example"),
)

LOG_PAGE = 1000
INTEGRATION_LOG = Operation(
    id="slack.integration_log",
    title="Log of integrations",
    host="slack",
    path="/team.integrationLogs",
    query={"count": str(LOG_PAGE), "page": "{page}"},
    why="Who added which app when, also on plans that have no other list of apps.",
    fields=(
        "app_id",
        "app_type",
        "service_id",
        "service_type",
        "change_type",
        "scope",
        "date",
        "user_id",
    ),
    parse=records.parse_log,
    reference=f"{_METHODS}/team.integrationLogs",
    page_size=LOG_PAGE,
    items="logs",
    scopes=(("admin",),),
    can_write=True,
    profile=Profile.OPT_IN,
    privacy=Privacy.PERSON,
    quota="slack.tier2",
    people=("user_id",),
)

OPERATIONS = (
    IDENTITY,
    TEAM,
    APPROVED,
    RESTRICTED,
    REQUESTED,
    MCP_SERVERS,
    USERS,
    INTEGRATION_LOG,
)
