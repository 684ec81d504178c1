"""An OpenAI organisation, asked whole over loopback."""

from typing import Any

import pytest

from integrations.openai import CONNECTOR
from integrations.openai.operations import ME, PROJECT_KEYS, PROJECTS, USERS
from integrations.openai.usage import USAGE
from integrations.operations import Profile
from integrations.shelf import OpState
from scanner.errors import SourceError
from scanner.model import Asset, Person, Tenant
from tests.integrations.desk import Desk, collected

SETTINGS = {"admin_key": "sk-admin-invented"}
EMPTY = {"object": "list", "data": [], "has_more": False}
ORG = {"object": "user", "orgs": {"data": [{"id": "org-1", "title": "Harbour and Pine"}]}}
PATH = "/v1/organization"


def page(*items: Any, goes_on: bool = False) -> dict[str, Any]:
    return {"data": list(items), "has_more": goes_on, "last_id": items[-1]["id"] if items else None}


def project(key: str, created: int, status: str = "active") -> dict[str, Any]:
    return {"id": key, "name": key, "created_at": created, "status": status}


def account(**more: Any) -> Desk:
    desk = Desk(
        {
            "GET /v1/me": ORG,
            f"GET {PATH}/projects": page(
                project("proj_2", 200), project("proj_1", 100, "archived")
            ),
            f"GET {PATH}/users": page({"id": "user-1", "email": "ana@harbour.example"}),
            f"GET {PATH}/projects/proj_2/api_keys": page({"id": "key_1"}),
            f"GET {PATH}/projects/proj_2/service_accounts": EMPTY,
            f"GET {PATH}/admin_api_keys": EMPTY,
            f"GET {PATH}/data_retention": {"type": "zero_data_retention"},
            f"GET {PATH}/costs": EMPTY,
            **{f"GET {one.path}": EMPTY for one in USAGE},
        }
    )
    desk.answers.update(more)
    return desk


def test_everything_of_the_core_is_read_and_projects_in_use_are_looked_into() -> None:
    desk = account()
    with collected(CONNECTOR, desk, SETTINGS) as read:
        assert read.run.tenant == Tenant("openai", "org-1", "Harbour and Pine")
        states = read.states()
        wanted = {one.id for one in CONNECTOR.of_profile(Profile.CORE)}
        assert {name for name, state in states.items() if state is OpState.COMPLETE} == wanted
        keys = [one for one in read.records(PROJECT_KEYS) if isinstance(one, Asset)]
        assert [(one.key, one.detail) for one in keys] == [("key_1", "proj_2")]
    assert not [one for one in desk.paths() if "proj_1/" in one]
    assert {one.headers["authorization"] for one in desk.asked} == {"Bearer sk-admin-invented"}


def test_members_over_two_pages() -> None:
    def users(asked: Any) -> Any:
        if asked.query.get("after") == "user-1":
            return page({"id": "user-2"})
        return page({"id": "user-1"}, goes_on=True)

    with collected(CONNECTOR, account(**{f"GET {PATH}/users": users}), SETTINGS) as read:
        people = [one.key for one in read.records(USERS) if isinstance(one, Person)]
        assert people == ["user-1", "user-2"]


def test_a_key_that_does_not_tell_its_organisation_is_known_by_its_oldest_project() -> None:
    refused = (403, {"error": {"message": "not for admin keys"}})
    with collected(CONNECTOR, account(**{"GET /v1/me": refused}), SETTINGS) as read:
        assert read.run.tenant == Tenant("openai", "organisation of proj_1")
        assert read.states()[ME.id] is OpState.SKIPPED
        assert read.states()[PROJECTS.id] is OpState.COMPLETE


def test_a_key_of_several_organisations_is_told_apart_by_the_one_that_is_named() -> None:
    two = {"orgs": {"data": [{"id": "org-1"}, {"id": "org-2", "title": "Pine"}]}}
    desk = account(**{"GET /v1/me": two})
    with collected(CONNECTOR, desk, SETTINGS | {"tenant": "org-2"}) as read:
        assert read.run.tenant == Tenant("openai", "org-2", "Pine")
    assert desk.asked[0].headers["openai-organization"] == "org-2"


def test_an_account_that_does_not_say_whose_it_is_is_not_read() -> None:
    desk = account(**{"GET /v1/me": {}, f"GET {PATH}/projects": EMPTY})
    with pytest.raises(SourceError, match="whose account"), collected(CONNECTOR, desk, SETTINGS):
        pass


def test_one_scope_that_is_missing_leaves_the_rest_as_it_is() -> None:
    refused = (403, {"error": {"message": "Missing scopes: api.usage.read"}})
    with collected(CONNECTOR, account(**{f"GET {PATH}/costs": refused}), SETTINGS) as read:
        states = read.states()
        assert states["openai.costs"] is OpState.DENIED
        assert states["openai.usage_completions"] is OpState.COMPLETE


def test_use_is_asked_from_the_beginning_of_a_day_thirty_days_ago() -> None:
    desk = account()
    with collected(CONNECTOR, desk, SETTINGS):
        pass
    starts = {one.query["start_time"] for one in desk.asked if "/usage/" in one.path}
    assert len(starts) == 1
    assert int(starts.pop()) % 86_400 == 0
