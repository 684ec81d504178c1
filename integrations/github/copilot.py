"""What may be asked of GitHub about Copilot, in an organisation and in its enterprise."""

from __future__ import annotations

from dataclasses import replace

from integrations.github import usage
from integrations.github.files import HEADERS
from integrations.operations import Operation, Paging, Privacy, Profile, Stability

REST = "https://docs.github.com/en/rest"
LISTED = {"per_page": "100"}
EXAMPLE = ("contract", "vendor example")
_CORE = "github.core"
_COPILOT = "GitHub Copilot Business or Enterprise"
_ENTERPRISE = "GitHub Enterprise Cloud"
# Of what an enterprise has, GitHub names no permission of apps yet, and for two of the lists no
# scope of a token that could not change something too: those are read where they are asked for.

COPILOT_BILLING = Operation(
    id="github.copilot_billing",
    title="Copilot subscription and policies",
    host="github",
    path="/orgs/{org}/copilot/billing",
    why="Which plan of Copilot there is, how many seats, and what is switched on.",
    fields=(
        "seat_breakdown.total",
        "seat_breakdown.pending_invitation",
        "plan_type",
        "ide_chat",
        "platform_chat",
        "cli",
    ),
    parse=usage.parse_billing,
    reference=f"{REST}/copilot/copilot-user-management",
    scopes=(("organization_copilot_seat_management:read",),),
    stability=Stability.PREVIEW,
    licence=_COPILOT,
    quota=_CORE,
    headers=HEADERS,
    verified_by=EXAMPLE,
)

COPILOT_SEATS = Operation(
    id="github.copilot_seats",
    title="Copilot seats",
    host="github",
    path="/orgs/{org}/copilot/billing/seats",
    next_paths=("/organizations/{number}/copilot/billing/seats",),
    query=LISTED,
    why="Who has a seat of Copilot, since when, and when it was last used.",
    fields=(
        "assignee.login",
        "assigning_team.slug",
        "plan_type",
        "created_at",
        "last_activity_at",
        "pending_cancellation_date",
    ),
    parse=usage.parse_seat,
    reference=f"{REST}/copilot/copilot-user-management",
    paging=Paging.LINK,
    page_size=100,
    items="seats",
    total="total_seats",
    scopes=COPILOT_BILLING.scopes,
    stability=Stability.PREVIEW,
    privacy=Privacy.PERSON,
    licence=_COPILOT,
    quota=_CORE,
    people=("assignee.login",),
    headers=HEADERS,
    verified_by=EXAMPLE,
)

COPILOT_USE = Operation(
    id="github.copilot_use",
    title="Use of Copilot by person and day",
    host="github",
    path="/orgs/{org}/copilot/metrics/reports/users-28-day/latest",
    why="Who used Copilot on which day, also in the terminal and as an agent.",
    fields=(
        "user_login",
        "day",
        "user_initiated_interaction_count",
        "code_generation_activity_count",
        "used_agent",
        "used_chat",
        "used_cli",
    ),
    parse=usage.parse_use,
    reference=f"{REST}/copilot/copilot-usage-metrics",
    scopes=(("organization_copilot_metrics:read",),),
    profile=Profile.PLUS,
    privacy=Privacy.USAGE,
    licence=_COPILOT,
    quota=_CORE,
    people=("user_login",),
    headers=HEADERS,
    is_state=False,
    follows_download=True,
    verified_by=("documentation",),
)

CODING_AGENT = Operation(
    id="github.coding_agent",
    title="Where Copilot's coding agent may work",
    host="github",
    path="/orgs/{org}/copilot/coding-agent/permissions",
    why="Whether an agent may change code on its own, and in which repositories.",
    fields=("enabled_repositories",),
    parse=usage.parse_coding_agent,
    reference=f"{REST}/copilot/copilot-coding-agent-management",
    scopes=(("organization_copilot_agent_settings:read",),),
    profile=Profile.PLUS,
    stability=Stability.PREVIEW,
    licence=_COPILOT,
    quota=_CORE,
    headers=HEADERS,
    verified_by=EXAMPLE,
)

SPACES = Operation(
    id="github.copilot_spaces",
    title="Copilot Spaces",
    host="github",
    path="/orgs/{org}/copilot-spaces",
    next_paths=("/organizations/{number}/copilot-spaces",),
    query=LISTED,
    why="Which collections of the organisation's knowledge were given to Copilot, and by whom.",
    fields=("id", "number", "name", "creator.login", "created_at"),
    parse=usage.parse_space,
    reference=f"{REST}/copilot-spaces/copilot-spaces",
    paging=Paging.LINK,
    page_size=100,
    items="spaces",
    scopes=(("organization_copilot_spaces:read",),),
    profile=Profile.PLUS,
    licence=_COPILOT,
    quota=_CORE,
    people=("creator.login",),
    headers=HEADERS,
    verified_by=EXAMPLE,
)

ENTERPRISE_SEATS = replace(
    COPILOT_SEATS,
    id="github.enterprise_copilot_seats",
    title="Copilot seats of the enterprise",
    path="/enterprises/{enterprise}/copilot/billing/seats",
    why="Seats that teams of the enterprise hand out: no organisation of it lists them.",
    scopes=(("read:enterprise",),),
    profile=Profile.PREMIUM,
    licence=_ENTERPRISE,
)

CUSTOM_AGENTS = Operation(
    id="github.custom_agents",
    title="Custom agents of the enterprise",
    host="github",
    path="/enterprises/{enterprise}/copilot/custom-agents",
    query=LISTED,
    why="Which agents the enterprise has written for Copilot.",
    fields=("name", "file_path", "url"),
    parse=usage.parse_custom_agent,
    reference="https://docs.github.com/en/enterprise-cloud@latest/rest/copilot",
    paging=Paging.LINK,
    page_size=100,
    items="custom_agents",
    scopes=(("admin:enterprise",),),
    can_write=True,
    profile=Profile.OPT_IN,
    licence=_ENTERPRISE,
    quota=_CORE,
    headers=HEADERS,
    verified_by=EXAMPLE,
)

CREDITS = Operation(
    id="github.ai_credits",
    title="AI credits by model",
    host="github",
    path="/enterprises/{enterprise}/settings/billing/ai_credit/usage",
    query={"year": "{year}", "month": "{month}"},
    why="Which models were used and what they cost, in one month.",
    fields=("product", "sku", "model", "unitType", "netQuantity", "grossQuantity", "netAmount"),
    parse=usage.parse_billed,
    reference="https://docs.github.com/en/enterprise-cloud@latest/rest/billing/usage",
    items="usageItems",
    scopes=(("manage_billing:enterprise",),),
    can_write=True,
    profile=Profile.OPT_IN,
    privacy=Privacy.USAGE,
    licence=_ENTERPRISE,
    quota=_CORE,
    headers=HEADERS,
    is_state=False,
    verified_by=EXAMPLE,
)

PREMIUM_REQUESTS = replace(
    CREDITS,
    id="github.premium_requests",
    title="Premium requests by model",
    path="/enterprises/{enterprise}/settings/billing/premium_request/usage",
    why="Which models were used beyond what the seats include, and what they cost, in one month.",
)

COPILOT = (
    COPILOT_BILLING,
    COPILOT_SEATS,
    COPILOT_USE,
    CODING_AGENT,
    SPACES,
    ENTERPRISE_SEATS,
    CUSTOM_AGENTS,
    CREDITS,
    PREMIUM_REQUESTS,
)
