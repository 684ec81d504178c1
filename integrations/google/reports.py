"""The operations of the Reports API: one for each log, each from a time on.

History is 180 days. A request that names an event is a filtered one, of which Google allows 250 a
minute; one that names a time alone is not counted there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from integrations.fields import Item
from integrations.google import activities as of
from integrations.google.answers import AUTH, NEXT_PAGE, mask
from integrations.operations import Operation, Paging, Privacy, Profile
from scanner.model import Record

AUDIT: Final = f"{AUTH}admin.reports.audit.readonly"
FILTERED: Final = "reports-filtered"
PLAIN: Final = "reports"
DAYS: Final = 180  # as far back as Google tells
ACTIVITY_DAYS: Final = (
    30  # every request of every application is an event: a month shows what lives
)
SETTING_EVENTS: Final = ("CREATE_APPLICATION_SETTING", "CHANGE_APPLICATION_SETTING")

_APPENDIX: Final = "https://developers.google.com/workspace/admin/reports/v1/appendix/activity/"
_Parse = Callable[[Item, Mapping[str, str]], Iterator[Record]]


def _log(
    name: str,
    application: str,
    title: str,
    why: str,
    parse: _Parse,
    fields: tuple[str, ...],
    **more: Any,
) -> Operation:
    """Return the operation that reads one log. ``events`` and ``filters`` name what of it."""
    query = {"startTime": "{startTime}", "maxResults": "1000", "fields": mask("items", fields)}
    for parameter, given in (("eventName", "events"), ("filters", "filters")):
        if value := more.pop(given, ""):
            query[parameter] = value
    return Operation(
        id=f"google.{name}",
        title=title,
        host="admin",
        why=why,
        parse=parse,
        fields=fields,
        path=f"/admin/reports/v1/activity/users/all/applications/{application}",
        reference=_APPENDIX + more.pop("page", application).replace("_", "-"),
        query=query,
        items="items",
        paging=Paging.TOKEN,
        page_token=NEXT_PAGE,
        page_size=1000,
        scopes=((AUDIT,),),
        privacy=Privacy.USAGE,
        is_state=False,
        people=of.PEOPLE,
        quota=FILTERED if "eventName" in query else PLAIN,
        **more,
    )


TOKEN_AUTHORIZE: Final = _log(
    "token_authorize",
    "token",
    "OAuth grants",
    "which applications people let into their account, with which scopes, and when",
    of.token_records,
    of.TOKEN,
    events="authorize",
)
TOKEN_REVOKE: Final = _log(
    "token_revoke",
    "token",
    "OAuth grants that ended",
    "which of those grants were taken back",
    of.token_records,
    of.TOKEN,
    events="revoke",
)
TOKEN_ACTIVITY: Final = _log(
    "token_activity",
    "token",
    "Requests of applications",
    "which applications are at work, also through grants that are older than the log",
    of.token_records,
    of.TOKEN,
    events="activity",
)
GEMINI_ACTIVITY: Final = _log(
    "gemini_activity",
    "gemini_in_workspace_apps",
    "Gemini in Workspace",
    "who uses Gemini, in which application and for what; never what was written",
    of.gemini_records,
    (*of.EVENT, *of.SAID),
)
STUDIO_ACTIVITY: Final = _log(
    "studio_activity",
    "workspace_studio",
    "Workspace Studio",
    "who makes and runs agents",
    of.studio_records,
    of.EVENT,
)
NOTEBOOK_ACTIVITY: Final = _log(
    "notebook_activity",
    "gemini_notebook",
    "NotebookLM",
    "who uses NotebookLM; never what is in a notebook",
    of.notebook_records,
    of.EVENT,
)
SAML_ACTIVITY: Final = _log(
    "saml_activity",
    "saml",
    "SAML sign-ins",
    "which other services people sign in to with their Google account",
    of.saml_records,
    (*of.EVENT, *of.SAID),
    profile=Profile.PLUS,
)
GEMINI_SETTINGS: Final = _log(
    "gemini_settings",
    "admin",
    "Changes to the settings of Gemini",
    "which administrators decide about Gemini: people to ask",
    of.setting_records,
    (*of.EVENT, *of.SAID),
    profile=Profile.PLUS,
    events="{eventName}",
    filters="APPLICATION_NAME==Gemini app",
    page="admin-application-settings",
)

OPERATIONS: Final = (
    TOKEN_AUTHORIZE,
    TOKEN_REVOKE,
    TOKEN_ACTIVITY,
    GEMINI_ACTIVITY,
    STUDIO_ACTIVITY,
    NOTEBOOK_ACTIVITY,
    SAML_ACTIVITY,
    GEMINI_SETTINGS,
)
