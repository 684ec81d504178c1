"""What may be asked of GitHub about an organisation.

Never declared: usage-records (it returns prompts), generate-report (a GET that starts a job) and
search/code (ten requests a minute, and it finds less than the trees).

Scopes are permissions of a GitHub App. A classic token needs read:org and admin:read in their place,
repo for repositories, and sees no fine-grained tokens.
"""

from __future__ import annotations

from integrations.github import records
from integrations.github.copilot import COPILOT, EXAMPLE, LISTED, REST
from integrations.github.files import FILES, HEADERS, no_records
from integrations.operations import Operation, Paging, Privacy, Profile

ORGANISATION = Operation(
    id="github.organisation",
    title="The organisation",
    host="github",
    path="/orgs/{org}",
    why="Whose account it is: compared before anything is stored.",
    fields=("id", "login", "name"),
    parse=no_records,
    reference=f"{REST}/orgs/orgs#get-an-organization",
    scopes=(("metadata:read",),),
    quota="github.core",
    headers=HEADERS,
    verified_by=("documentation", "independent server"),
)

INSTALLATIONS = Operation(
    id="github.installations",
    title="Installed GitHub Apps",
    host="github",
    path="/orgs/{org}/installations",
    next_paths=("/organizations/{number}/installations",),
    query=LISTED,
    why="Which apps, AI reviewers and agents among them, were let in, and what they may reach.",
    fields=(
        "id",
        "app_id",
        "app_slug",
        "client_id",
        "repository_selection",
        "permissions",
        "created_at",
        "suspended_at",
    ),
    parse=records.parse_installation,
    reference=f"{REST}/orgs/orgs#list-app-installations-for-an-organization",
    paging=Paging.LINK,
    page_size=100,
    items="installations",
    total="total_count",
    scopes=(("organization_administration:read",),),
    quota="github.core",
    headers=HEADERS,
    verified_by=EXAMPLE,
)

MEMBERS = Operation(
    id="github.members",
    title="Members",
    host="github",
    path="/orgs/{org}/members",
    next_paths=("/organizations/{number}/members",),
    query=LISTED,
    why="Who belongs to the organisation: a seat of somebody else is one to ask about.",
    fields=("login",),
    parse=records.parse_member,
    reference=f"{REST}/orgs/members#list-organization-members",
    paging=Paging.LINK,
    page_size=100,
    scopes=(("members:read",),),
    profile=Profile.PLUS,
    privacy=Privacy.PERSON,
    quota="github.core",
    people=("login",),
    headers=HEADERS,
    verified_by=(*EXAMPLE, "independent server"),
)

TOKENS = Operation(
    id="github.personal_access_tokens",
    title="Fine-grained personal access tokens",
    host="github",
    path="/orgs/{org}/personal-access-tokens",
    next_paths=("/organizations/{number}/personal-access-tokens",),
    query=LISTED,
    why="Which tokens people made for tools of theirs. Only a GitHub App may ask.",
    fields=(
        "token_id",
        "token_name",
        "token_expired",
        "token_last_used_at",
        "access_granted_at",
        "owner.login",
        "permissions",
    ),
    parse=records.parse_token,
    reference=f"{REST}/orgs/personal-access-tokens",
    paging=Paging.LINK,
    page_size=100,
    scopes=(("organization_personal_access_tokens:read",),),
    profile=Profile.PLUS,
    privacy=Privacy.PERSON,
    quota="github.core",
    people=("owner.login",),
    headers=HEADERS,
    verified_by=EXAMPLE,
)

OPERATIONS = (ORGANISATION, INSTALLATIONS, MEMBERS, TOKENS, *COPILOT, *FILES)
