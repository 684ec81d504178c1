"""What may be asked of Okta."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from integrations.fields import Item
from integrations.okta import events, records
from integrations.operations import Operation, Paging, Privacy, Profile
from scanner.model import Record

_API = "https://developer.okta.com/docs/api/openapi/okta-management/management"
_CONSENTS = (
    "app.oauth2.as.consent.grant",  # of an authorization server of one's own
    "app.oauth2.consent.grant",  # of the organisation's own
    "app.oauth2.admin.consent.grant",
)


def _no_records(_item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield nothing: ``identify`` reads it."""
    yield from ()


ORGANISATION = Operation(
    id="okta.organisation",
    title="The organisation",
    host="okta",
    path="/.well-known/okta-organization",
    why="Whose account it is: compared before anything is stored. Anyone may ask it.",
    fields=("id", "domains.organization", "domains.alternate"),
    parse=_no_records,
    reference=f"{_API}/tag/OrgSettingMetadata/",
    verified_by=("documentation",),
)

APPS = Operation(
    id="okta.apps",
    title="Applications",
    host="okta",
    path="/api/v1/apps",
    query={"limit": "200", "filter": 'status eq "ACTIVE"'},
    why="Which applications people sign in to, and at which addresses: that tells which are AI.",
    fields=(
        "id",
        "name",
        "label",
        "status",
        "created",
        "signOnMode",
        "credentials.oauthClient.client_id",
        "settings.app.url",
        "settings.app.authURL",
        "settings.app.targetURL",
        "settings.app.siteURL",
        "settings.app.wReplyURL",
        "settings.signOn.ssoAcsUrl",
        "settings.signOn.ssoAcsUrlOverride",
        "settings.signOn.audience",
        "settings.signOn.audienceOverride",
        "settings.signOn.recipient",
        "settings.signOn.destination",
        "settings.signOn.loginUrl",
        "settings.signOn.redirectUrl",
        "settings.signOn.acsEndpoints[].url",
        "settings.oauthClient.application_type",
        "settings.oauthClient.client_uri",
        "settings.oauthClient.initiate_login_uri",
        "settings.oauthClient.policy_uri",
        "settings.oauthClient.tos_uri",
        "settings.oauthClient.redirect_uris",
    ),
    parse=records.parse_app,
    reference=f"{_API}/tag/Application/#tag/Application/operation/listApplications",
    paging=Paging.LINK,
    page_size=200,
    scopes=(("okta.apps.read",),),
    quota="okta.management",
    verified_by=("contract", "vendor example", "independent server"),
)

APP_USERS = Operation(
    id="okta.app_users",
    title="People of an AI application",
    host="okta",
    path="/api/v1/apps/{appId}/users",
    query={"limit": "500", "expand": "user"},
    why="Who may use an AI application. Asked for applications that are AI alone.",
    fields=(
        "id",
        "created",
        "status",
        "credentials.userName",
        "_embedded.user.status",
        "_embedded.user.profile.login",
        "_embedded.user.profile.email",
        "_embedded.user.profile.department",
    ),
    parse=records.parse_app_user,
    reference=f"{_API}/tag/ApplicationUsers/#tag/ApplicationUsers/operation/listApplicationUsers",
    paging=Paging.LINK,
    page_size=500,
    scopes=(("okta.apps.read",),),
    privacy=Privacy.PERSON,
    quota="okta.management",
    people=(
        "id",
        "credentials.userName",
        "_embedded.user.profile.login",
        "_embedded.user.profile.email",
    ),
    verified_by=("contract", "vendor example", "independent server"),
)

APP_GROUPS = Operation(
    id="okta.app_groups",
    title="Groups of an AI application",
    host="okta",
    path="/api/v1/apps/{appId}/groups",
    query={"limit": "200", "expand": "group"},
    why="Which groups may use an AI application: whom it was meant for.",
    fields=("id", "lastUpdated", "_embedded.group.profile.name"),
    parse=records.parse_app_group,
    reference=f"{_API}/tag/ApplicationGroups/",
    paging=Paging.LINK,
    page_size=200,
    scopes=(("okta.apps.read",),),
    quota="okta.management",
    verified_by=("contract", "vendor example"),
)

APP_GRANTS = Operation(
    id="okta.app_grants",
    title="Okta scopes granted to an application",
    host="okta",
    path="/api/v1/apps/{appId}/grants",
    why="What a service or an AI application may read or change in Okta itself, and who agreed.",
    fields=(
        "id",
        "status",
        "created",
        "createdBy.id",
        "createdBy.type",
        "scopeId",
        "source",
        "userId",
    ),
    parse=records.parse_grant,
    reference=f"{_API}/tag/ApplicationGrants/",
    scopes=(("okta.appGrants.read",),),
    quota="okta.management",
    people=("createdBy.id", "userId"),
    verified_by=("contract", "vendor example"),
)

SIGN_INS = Operation(
    id="okta.sign_ins",
    title="Sign-ins to an AI application",
    host="okta",
    path="/api/v1/logs",
    query={
        "since": "{since}",
        "until": "{until}",  # without an end Okta always names a next page
        "filter": 'eventType eq "user.authentication.sso" and target.id eq "{appId}"',
        "limit": "1000",
    },
    why="Who really uses an AI application, and when. Asked for applications that are AI alone.",
    fields=(
        "uuid",
        "eventType",
        "published",
        "outcome.result",
        "actor.id",
        "actor.type",
        "actor.alternateId",
        "target[].id",
        "target[].type",
    ),
    parse=events.parse_sign_in,
    reference=f"{_API}/tag/SystemLog/",
    paging=Paging.LINK,
    page_size=1000,
    scopes=(("okta.logs.read",),),
    privacy=Privacy.USAGE,
    quota="okta.logs",
    people=("actor.id", "actor.alternateId"),
    is_state=False,
    verified_by=("contract", "vendor example"),
)

CONSENTS = replace(
    SIGN_INS,
    id="okta.consents",
    title="Consents to applications",
    query={
        "since": "{since}",
        "until": "{until}",
        "filter": " or ".join(f'eventType eq "{one}"' for one in _CONSENTS),
        "limit": "1000",
    },
    why="Who agreed to what an application may reach, and when: Okta has no other list of it.",
    fields=(
        *SIGN_INS.fields,
        "target[].displayName",
        "target[].detailEntry",
        "debugContext.debugData.clientId",
        "debugContext.debugData.scopes",
        "debugContext.debugData.grantedScopes",
        "debugContext.debugData.requestedScopes",
    ),
    parse=events.parse_consent,
    people=(*SIGN_INS.people, "target[].detailEntry.user"),
)

CREATED = replace(
    SIGN_INS,
    id="okta.created",
    title="Applications that were added",
    query={
        "since": "{since}",
        "until": "{until}",
        "filter": 'eventType eq "application.lifecycle.create"',
        "limit": "1000",
    },
    why="Who added an application: whom to ask about it.",
    parse=events.parse_created,
)

GRANTORS = Operation(
    id="okta.users",
    title="People who granted something",
    host="okta",
    path="/api/v1/users",
    query={"search": 'id eq "{userId}"', "limit": "200"},
    why="What the logs call those who agreed to something: grants name them by number.",
    fields=("id", "status", "profile.login", "profile.email", "profile.department"),
    parse=records.parse_user,
    reference=f"{_API}/tag/User/#tag/User/operation/listUsers",
    page_size=200,
    scopes=(("okta.users.read",),),
    profile=Profile.PLUS,
    privacy=Privacy.PERSON,
    quota="okta.management",
    people=("id", "profile.login", "profile.email"),
    verified_by=("contract", "vendor example"),
)

OPERATIONS = (
    ORGANISATION,
    APPS,
    APP_USERS,
    APP_GROUPS,
    APP_GRANTS,
    SIGN_INS,
    CONSENTS,
    CREATED,
    GRANTORS,
)
