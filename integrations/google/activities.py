"""The Reports API: who let which application in, and who uses Gemini, Studio and NotebookLM.

An event, as ``applications/token`` tells it::

    {"id": {"time": "2026-11-02T09:00:00.000Z", "uniqueQualifier": "7"},
     "actor": {"email": "ana@example.com"},
     "events": [{"name": "authorize", "parameters": [
        {"name": "client_id", "value": "77.apps.googleusercontent.com"},
        {"name": "app_name", "value": "ChatGPT"},
        {"name": "scope", "multiValue": ["https://www.googleapis.com/auth/drive.readonly"]}]}]}

https://developers.google.com/workspace/admin/reports/v1/appendix/activity/token
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from integrations.fields import Item
from integrations.google.suite import GEMINI, GEMINI_IN_WORKSPACE, NOTEBOOK, STUDIO, service
from scanner.model import Activity, App, Consent, Grant, Owner, Record

_SAID: Final = "events[].parameters[]"
_INSIDE: Final = f"{_SAID}.multiMessageValue[].parameter[]"
_AGENT: Final = "actor.agentAttributionInfo"
# The qualifier is read so that two events of one moment are not taken for one.
EVENT: Final = (
    "id.time",
    "id.uniqueQualifier",
    "actor.email",
    "actor.applicationInfo.oauthClientId",
    "actor.applicationInfo.applicationName",
    f"{_AGENT}.agentId",
    f"{_AGENT}.agentName",
    f"{_AGENT}.agentType",
    f"{_AGENT}.agentOwner.email",
    "events[].name",
)
# Never ``sensitiveParameters`` nor ``resourceDetails``: they hold what people write.
SAID: Final = (f"{_SAID}.name", f"{_SAID}.value")
TOKEN: Final = (
    *EVENT,
    *SAID,
    f"{_SAID}.intValue",
    f"{_SAID}.multiValue",
    f"{_INSIDE}.name",
    f"{_INSIDE}.value",
)
PEOPLE: Final = ("actor.email", f"{_AGENT}.agentOwner.email")


class _Event(NamedTuple):
    """One event of an activity: who, when, what, and the parameters by their names."""

    person: str
    when: datetime | None
    name: str
    said: Mapping[str, Item]

    def text(self, name: str) -> str:
        found = self.said.get(name)
        return found.text("value") if found else ""


def _events(item: Item) -> Iterator[_Event]:
    person, when = item.at("actor").text("email"), item.at("id").time("time")
    for event in item.items("events"):
        said = {one.text("name"): one for one in event.items("parameters")}
        yield _Event(person, when, event.text("name"), said)


def token_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the application that was let in, thrown out or at work, and what that says of its grant."""
    for event in _events(item):
        if key := event.text("client_id"):
            yield App(
                key,
                name=event.text("app_name"),
                idp="google",
                client_id=key,
                kind=event.text("client_type"),
            )
            yield from _grant_records(key, event)
    yield from actor_records(item)


def _grant_records(key: str, event: _Event) -> Iterator[Record]:
    grant = Grant(key, scopes=_scopes(event), person=event.person)
    match event.name:
        case "authorize":
            yield grant._replace(consent=Consent.USER, granted_by=event.person, granted=event.when)
        case "revoke":
            # The contract has one time for a grant; here it is that of its end.
            yield grant._replace(granted=event.when, is_revoked=True)
        case "activity":
            yield grant._replace(last_used=event.when)
            yield _api_use(key, event)


def _api_use(key: str, event: _Event) -> Activity:
    """Return a request of an application. What Google answers goes up to the application's maker."""
    answered = event.said.get("num_response_bytes")
    return Activity(
        key,
        event.person,
        event.when,
        bytes_up=max(0, answered.number("intValue")) if answered else 0,
        detail=" ".join(filter(None, (event.text("api_name"), event.text("method_name")))),
    )


def _scopes(event: _Event) -> tuple[str, ...]:
    """Return the scopes: of the plain list, or of the later one that has products beside them."""
    if (plain := event.said.get("scope")) and (found := plain.texts("multiValue")):
        return found
    if (rich := event.said.get("scope_data")) is None:
        return ()
    named = (
        one.text("value")
        for message in rich.items("multiMessageValue")
        for one in message.items("parameter")
        if one.text("name") == "scope_name"
    )
    return tuple(filter(None, named))


def actor_records(item: Item) -> Iterator[Record]:
    """Yield the agent that acted, if one did, and who answers for it."""
    actor = item.at("actor")
    agent = actor.at("agentAttributionInfo")
    if not (id_ := agent.text("agentId")):
        return
    key = f"agent:{id_}"
    yield App(key, name=agent.text("agentName"), kind=f"agent {agent.text('agentType')}".strip())
    if owner := agent.at("agentOwner").text("email"):
        yield Owner(key, owner, "owns the agent")
    yield Activity(key, actor.text("email"), item.at("id").time("time"), detail="acted as an agent")


def _other_application(item: Item) -> Iterator[Record]:
    """Yield the application through which somebody acted, where it is not Google's own."""
    actor = item.at("actor")
    through = actor.at("applicationInfo")
    if key := through.text("oauthClientId"):
        yield App(key, name=through.text("applicationName"), idp="google", client_id=key)
        yield Activity(key, actor.text("email"), item.at("id").time("time"))


def gemini_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the use of Gemini: the app of its own, or the one inside of Docs, Gmail and others."""
    for event in _events(item):
        place = event.text("app_name")
        app = service(GEMINI if place == GEMINI else GEMINI_IN_WORKSPACE)
        detail = " in ".join(filter(None, (event.text("action") or event.name, place)))
        yield app
        yield Activity(app.key, event.person, event.when, detail=detail)
    yield from _other_application(item)
    yield from actor_records(item)


def studio_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the use of Workspace Studio, where people make agents."""
    yield from _service_records(item, STUDIO)


def notebook_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield the use of NotebookLM, which its log calls Gemini Notebook."""
    yield from _service_records(item, NOTEBOOK)


def _service_records(item: Item, name: str) -> Iterator[Record]:
    app = service(name)
    for event in _events(item):
        yield app
        yield Activity(app.key, event.person, event.when, detail=event.name)
    yield from _other_application(item)
    yield from actor_records(item)


def saml_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield a sign-in to an application that trusts Google to say who somebody is.

    The name is the administrator's own, so it is no strong key.
    """
    for event in _events(item):
        if name := event.text("application_name"):
            yield App(f"saml:{name}", name=name, kind="SAML application")
            failed = event.name == "login_failure"
            yield Activity(
                f"saml:{name}", event.person, event.when, is_blocked=failed, detail=event.name
            )


def setting_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield who changes the settings of Gemini: somebody to ask about it."""
    for event in _events(item):
        name = event.text("APPLICATION_NAME")
        if name.lower().startswith("gemini") and event.person:
            app = service(name)
            setting, unit = event.text("SETTING_NAME"), event.text("ORG_UNIT_NAME")
            yield app
            yield Owner(app.key, event.person, f"set {setting or 'a setting'} for {unit or 'all'}")
