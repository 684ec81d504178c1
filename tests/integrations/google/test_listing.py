"""In which order Google is asked, and about whom."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from integrations.fields import Item
from integrations.google import CONNECTOR, chrome, cloud, directory, reports, vertex
from integrations.google.listing import collect, identify
from integrations.operations import Operation
from scanner.model import App, Signature, Tenant

Asked = tuple[str, dict[str, str]]


class Recorded:
    """A run whose answers were recorded; what is not in them is refused."""

    def __init__(
        self, pages: Mapping[str, list[Any]], ai: Iterable[str] = (), **settings: str
    ) -> None:
        self.settings = settings
        self.tenant = Tenant("google", "C046psxkn")
        self.asked: list[Asked] = []
        self._pages = pages
        self._ai = tuple(ai)
        self.notes: dict[str, str] = {}

    def read_each(self, operation: Operation, parameters: Iterable[Mapping[str, str]]) -> None:
        for one in parameters:
            self.read(operation, **one)

    def read(self, operation: Operation, **parameters: str) -> bool:
        self.asked.append((operation.id, parameters))
        return operation.id in self._pages

    def items(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Item]]:
        for id_, parameters in self.asked:
            if id_ == operation.id:
                for one in self._pages.get(id_, ()):
                    yield parameters, Item(one)

    def ai_apps(self) -> Iterator[tuple[App, Signature]]:
        for key in self._ai:
            yield App(key), None  # type: ignore[misc]

    def since(self, operation: Operation, days: int) -> str:
        return f"{days} days ago"

    def wants(self, operation: Operation) -> bool:
        return operation.id in self._pages

    def was_complete(self, operation: Operation) -> float | None:
        return None

    def note(self, operation: Operation, text: str) -> None:
        self.notes[operation.id] = text

    def parameters_of(self, operation: Operation) -> list[dict[str, str]]:
        return [parameters for id_, parameters in self.asked if id_ == operation.id]


def test_whose_account_it_is() -> None:
    customer = {
        "id": "C046psxkn",
        "customerDomain": "example.com",
        "postalAddress": {"organizationName": "Harbour and Pine"},
    }
    run = Recorded({"google.customer": [customer]})
    assert identify(run) == Tenant("google", "C046psxkn", "Harbour and Pine", ("example.com",))


@pytest.mark.parametrize("pages", [{}, {"google.customer": []}, {"google.customer": [{"id": []}]}])
def test_an_account_that_does_not_say_whose_it_is(pages: Any) -> None:
    assert identify(Recorded(pages)) is None


def test_everything_that_is_declared_is_asked_for() -> None:
    on = [
        {"name": f"projects/1/services/{host}", "state": "ENABLED"}
        for host in (cloud.VERTEX, cloud.GEMINI_API, cloud.SEARCH)
    ]
    pages = {
        "google.users": [{"primaryEmail": "ana@example.com"}],
        "google.projects": [{"projectId": "harbour-ml"}],
        "google.services": on,
    }
    run = Recorded(pages, ["saas:ChatGPT", "extension:abc"], organization="77")
    identify(run)
    collect(run)
    assert {id_ for id_, _ in run.asked} == {one.id for one in CONNECTOR.operations}


def test_people_are_read_before_their_grants_and_who_left_is_not_asked_about() -> None:
    people = [
        {"primaryEmail": "ana@example.com"},
        {"primaryEmail": "ben@example.com", "suspended": True},
        {"primaryEmail": "cleo@example.com", "archived": True},
        {"primaryEmail": ""},
    ]
    run = Recorded({"google.users": people, "google.tokens": []})
    collect(run)
    assert run.parameters_of(directory.TOKENS) == [{"userKey": "ana@example.com"}]
    order = [id_ for id_, _ in run.asked]
    assert order.index("google.users") < order.index("google.tokens")


def test_a_scope_that_nobody_granted_is_not_tried_for_everybody() -> None:
    people = [{"primaryEmail": f"p{number}@example.com"} for number in range(1000)]
    refused = Recorded({"google.users": people})
    collect(refused)
    assert len(refused.parameters_of(directory.TOKENS)) == 5
    granted = Recorded({"google.users": people, "google.tokens": []})
    collect(granted)
    assert len(granted.parameters_of(directory.TOKENS)) == 1000


def test_logs_are_read_from_a_time_on() -> None:
    run = Recorded({})
    collect(run)
    assert run.parameters_of(reports.TOKEN_AUTHORIZE) == [{"startTime": "180 days ago"}]
    assert run.parameters_of(reports.TOKEN_ACTIVITY) == [{"startTime": "30 days ago"}]
    assert [one["eventName"] for one in run.parameters_of(reports.GEMINI_SETTINGS)] == [
        "CREATE_APPLICATION_SETTING",
        "CHANGE_APPLICATION_SETTING",
    ]


def test_only_those_who_use_ai_are_asked_for() -> None:
    ai = ["saas:ChatGPT", "77.apps.googleusercontent.com", "extension:abc", "service:gemini_app"]
    run = Recorded({}, ai)
    collect(run)
    assert run.parameters_of(chrome.SAAS_VISITORS) == [{"app": "ChatGPT"}]
    assert run.parameters_of(chrome.EXTENSION_DEVICES) == [{"appId": "abc"}]


def test_licences_are_those_of_this_customer() -> None:
    run = Recorded({})
    collect(run)
    assert run.parameters_of(directory.SEATS) == [
        {"productId": "101047", "customerId": "C046psxkn"}
    ]


def test_projects_that_are_named_need_not_be_searched_for() -> None:
    services = [{"name": "projects/1/services/aiplatform.googleapis.com", "state": "ENABLED"}]
    run = Recorded({"google.services": services}, projects="b, a,", location="europe-west4")
    collect(run)
    assert run.parameters_of(cloud.PROJECTS) == []
    assert run.parameters_of(cloud.SERVICES) == [{"project": "a"}, {"project": "b"}]
    assert run.parameters_of(cloud.KEYS) == []
    assert run.parameters_of(vertex.ENDPOINTS) == [
        {"project": "a", "location": "europe-west4"},
        {"project": "b", "location": "europe-west4"},
    ]
    assert run.parameters_of(cloud.ASSETS) == []
