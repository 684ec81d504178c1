"""What the events of the Reports API say."""

from typing import Any

from integrations.fields import Item
from integrations.google.activities import (
    gemini_records,
    notebook_records,
    saml_records,
    setting_records,
    studio_records,
    token_records,
)
from integrations.google.suite import service
from scanner.model import Activity, App, Consent, Grant, Identifier, Owner
from tests.integrations.google.times import at

WHEN = "2026-11-02T09:00:00.000Z"
CHATGPT = "77185425430.apps.googleusercontent.com"
DRIVE = "https://www.googleapis.com/auth/drive.readonly"


def event(name: str, *parameters: dict[str, Any], **actor: Any) -> Item:
    return Item(
        {
            "id": {"time": WHEN, "uniqueQualifier": "7", "applicationName": "token"},
            "actor": {"email": "ana@example.com", **actor},
            "events": [{"type": "auth", "name": name, "parameters": list(parameters)}],
        }
    )


def said(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "value": value}


APP = (said("client_id", CHATGPT), said("app_name", "ChatGPT"), said("client_type", "WEB"))
CHATGPT_APP = App(CHATGPT, name="ChatGPT", idp="google", client_id=CHATGPT, kind="WEB")


def test_a_grant() -> None:
    item = event("authorize", *APP, {"name": "scope", "multiValue": [DRIVE, "openid"]})
    assert list(token_records(item, {})) == [
        CHATGPT_APP,
        Grant(
            CHATGPT,
            scopes=(DRIVE, "openid"),
            consent=Consent.USER,
            person="ana@example.com",
            granted_by="ana@example.com",
            granted=at(WHEN),
        ),
    ]


def test_scopes_that_come_with_their_products() -> None:
    data = {
        "name": "scope_data",
        "multiMessageValue": [
            {
                "parameter": [
                    {"name": "scope_name", "value": DRIVE},
                    {"name": "product_bucket", "multiValue": ["DRIVE"]},
                ]
            },
            {"parameter": [{"name": "scope_name", "value": "openid"}]},
        ],
    }
    _, grant = token_records(event("authorize", *APP, data), {})
    assert isinstance(grant, Grant)
    assert grant.scopes == (DRIVE, "openid")


def test_a_grant_that_was_taken_back() -> None:
    assert list(token_records(event("revoke", *APP), {})) == [
        CHATGPT_APP,
        Grant(CHATGPT, person="ana@example.com", granted=at(WHEN), is_revoked=True),
    ]


def test_an_application_at_work_shows_a_grant_of_whatever_age() -> None:
    item = event(
        "activity",
        *APP,
        said("api_name", "drive"),
        said("method_name", "drive.files.get"),
        {"name": "num_response_bytes", "intValue": "2048"},
    )
    assert list(token_records(item, {})) == [
        CHATGPT_APP,
        Grant(CHATGPT, person="ana@example.com", last_used=at(WHEN)),
        Activity(
            CHATGPT, "ana@example.com", at(WHEN), bytes_up=2048, detail="drive drive.files.get"
        ),
    ]


def test_several_events_of_one_activity() -> None:
    item = event("authorize", *APP)
    twice = Item({**item._value, "events": item._value["events"] * 2})
    assert len(list(token_records(twice, {}))) == 4


def test_an_event_without_a_client_says_nothing() -> None:
    assert list(token_records(event("authorize", said("app_name", "ChatGPT")), {})) == []


def test_a_bad_field_is_lost_alone_and_counted() -> None:
    item = event("authorize", *APP, {"name": "scope", "multiValue": [DRIVE, 7]})
    item._value["id"]["time"] = "yesterday"
    _, grant = token_records(item, {})
    assert isinstance(grant, Grant)
    assert (grant.scopes, grant.granted) == ((DRIVE,), None)
    assert dict(item.bad) == {"time": 1, "multiValue": 1}


def test_gemini_inside_of_docs() -> None:
    item = event("feature_utilization", said("action", "summarize"), said("app_name", "docs"))
    app = App(
        "service:gemini_in_workspace_apps",
        name="Gemini in Workspace",
        kind="service",
        identifiers=(
            (Identifier.APP_ID, "gemini_in_workspace_apps"),
            (Identifier.HOST, "appsgenaiserver-pa.clients6.google.com"),
        ),
    )
    assert list(gemini_records(item, {})) == [
        app,
        Activity(app.key, "ana@example.com", at(WHEN), detail="summarize in docs"),
    ]


def test_gemini_by_itself() -> None:
    item = event(
        "feature_utilization", said("action", "conversation"), said("app_name", "gemini_app")
    )
    app, _ = gemini_records(item, {})
    assert app == service("gemini_app")
    assert service("Gemini app").key == "service:gemini_app"


def test_notebook_and_studio() -> None:
    ((notebook, chat), (studio, run)) = (
        notebook_records(event("chat", said("ai_plan_tier", "pro")), {}),
        studio_records(event("flow_run"), {}),
    )
    assert notebook == service("notebooklm") == service("gemini_notebook")
    assert chat == Activity("service:notebooklm", "ana@example.com", at(WHEN), detail="chat")
    assert (studio, run.app) == (service("workspace_studio"), "service:workspace_studio")


def test_an_agent_and_who_answers_for_it() -> None:
    agent = {
        "agentId": "a-1",
        "agentName": "Invoice sorter",
        "agentType": "CUSTOM",
        "agentOwner": {"email": "ben@example.com"},
    }
    item = event("flow_run", agentAttributionInfo=agent)
    assert list(studio_records(item, {}))[2:] == [
        App("agent:a-1", name="Invoice sorter", kind="agent CUSTOM"),
        Owner("agent:a-1", "ben@example.com", "owns the agent"),
        Activity("agent:a-1", "ana@example.com", at(WHEN), detail="acted as an agent"),
    ]


def test_an_application_that_uses_notebooks_for_somebody() -> None:
    through = {"oauthClientId": CHATGPT, "applicationName": "ChatGPT", "impersonation": False}
    found = list(notebook_records(event("chat", applicationInfo=through), {}))
    assert found[2:] == [
        App(CHATGPT, name="ChatGPT", idp="google", client_id=CHATGPT),
        Activity(CHATGPT, "ana@example.com", at(WHEN)),
    ]


def test_a_sign_in_by_saml() -> None:
    item = event("login_failure", said("application_name", "Claude"), said("initiated_by", "sp"))
    assert list(saml_records(item, {})) == [
        App("saml:Claude", name="Claude", kind="SAML application"),
        Activity(
            "saml:Claude", "ana@example.com", at(WHEN), is_blocked=True, detail="login_failure"
        ),
    ]


def test_who_sets_up_gemini() -> None:
    item = event(
        "CHANGE_APPLICATION_SETTING",
        said("APPLICATION_NAME", "Gemini app"),
        said("SETTING_NAME", "sharing"),
        said("ORG_UNIT_NAME", "Sales"),
    )
    assert list(setting_records(item, {})) == [
        service("gemini_app"),
        Owner("service:gemini_app", "ana@example.com", "set sharing for Sales"),
    ]
    other = event("CHANGE_APPLICATION_SETTING", said("APPLICATION_NAME", "Gmail"))
    assert list(setting_records(other, {})) == []
