"""What is asked of Cursor. Pages are numbered in bodies, so each page is a reading of its own."""

from __future__ import annotations

from integrations.cursor import records
from integrations.operations import Operation, Privacy, Profile

_REFERENCE = "https://cursor.com/docs/account/teams/admin-api"
_READ_ONLY = (("Read-only",),)
_LICENCE = "Cursor Enterprise"
_VERIFIED = ("vendor's documentation",)
# Replaced as numbers, which the vendor asks for.
_PAGE = "{page:number}"
_PERIOD = {"startDate": "{start:number}", "endDate": "{end:number}"}

TEAM = Operation(
    id="cursor.team",
    title="team",
    host="api",
    path="/teams/audit-logs",
    why="Tells whose account it is: no other answer names the team. No event is read.",
    fields=("params.teamId",),
    parse=records.team,
    reference=f"{_REFERENCE}#get-audit-logs",
    query={"startTime": "5h", "endTime": "now", "page": "1", "pageSize": "1"},
    page_size=1,
    scopes=_READ_ONLY,
    licence=_LICENCE,
    quota="team",
    verified_by=_VERIFIED,
)
MEMBERS = Operation(
    id="cursor.members",
    title="members",
    host="api",
    path="/teams/members",
    why="Who holds a seat, and who owns the team.",
    fields=("email", "role", "isRemoved"),
    parse=records.member,
    reference=f"{_REFERENCE}#get-team-members",
    items="teamMembers",
    scopes=_READ_ONLY,
    privacy=Privacy.PERSON,
    licence=_LICENCE,
    quota="team",
    people=("email",),
    verified_by=_VERIFIED,
)
SPENDING = Operation(
    id="cursor.spending",
    title="spending",
    host="api",
    path="/teams/spend",
    why="What people spend in this billing cycle.",
    fields=(
        "subscriptionCycleStart",
        "totalPages",
        "teamMemberSpend[].email",
        "teamMemberSpend[].overallSpendCents",
        "teamMemberSpend[].spendCents",
    ),
    parse=records.spending,
    reference=f"{_REFERENCE}#get-spending-data",
    method="POST",
    body={"page": _PAGE, "pageSize": 100, "sortBy": "user", "sortDirection": "asc"},
    page_size=100,
    scopes=_READ_ONLY,
    privacy=Privacy.USAGE,
    licence=_LICENCE,
    quota="team",
    people=("teamMemberSpend[].email",),
    verified_by=_VERIFIED,
)
DAILY_USE = Operation(
    id="cursor.daily_use",
    title="use by day",
    host="api",
    path="/teams/daily-usage-data",
    why="Who uses it, on which days and mostly with which model.",
    fields=(
        "pagination.totalPages",
        "data[].email",
        "data[].day",
        "data[].date",
        "data[].isActive",
        "data[].mostUsedModel",
        *(f"data[].{one}" for one in records.COUNTED),
    ),
    parse=records.daily_use,
    reference=f"{_REFERENCE}#get-daily-usage-data",
    method="POST",
    body={**_PERIOD, "page": _PAGE, "pageSize": 1000},
    page_size=1000,
    scopes=_READ_ONLY,
    privacy=Privacy.USAGE,
    licence=_LICENCE,
    quota="team",
    people=("data[].email",),
    is_state=False,
    verified_by=_VERIFIED,
)
EVENTS = Operation(
    id="cursor.events",
    title="use by request",
    host="api",
    path="/teams/filtered-usage-events",
    why="Which models are used, also by agents and automations that run without a person.",
    fields=(
        "pagination.numPages",
        "usageEvents[].timestamp",
        "usageEvents[].userEmail",
        "usageEvents[].serviceAccountId",
        "usageEvents[].serviceAccountName",
        "usageEvents[].model",
        "usageEvents[].isHeadless",
        "usageEvents[].cloudAgentId",
        "usageEvents[].automationId",
    ),
    parse=records.events,
    reference=f"{_REFERENCE}#get-usage-events-data",
    method="POST",
    body={**_PERIOD, "page": _PAGE, "pageSize": 1000},
    page_size=1000,
    scopes=_READ_ONLY,
    profile=Profile.PLUS,
    privacy=Privacy.USAGE,
    licence=_LICENCE,
    quota="events",
    people=("usageEvents[].userEmail",),
    is_state=False,
    verified_by=_VERIFIED,
)

OPERATIONS = (TEAM, MEMBERS, SPENDING, DAILY_USE, EVENTS)
