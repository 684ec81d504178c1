"""In which order a Cursor team is asked, and how pages with numbers are walked."""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.cursor import CONNECTOR
from integrations.cursor.operations import DAILY_USE, EVENTS, MEMBERS, SPENDING, TEAM
from integrations.operations import Operation
from scanner.model import Spend, Tenant
from tests.integrations.runs import WrittenRun

Answer = Callable[[Mapping[str, str]], list[Any] | None]
TEAM_ANSWER = {"events": [{"user_email": "ana@harbour.example"}], "params": {"teamId": 12345}}


def run(settings: Mapping[str, str] | None = None, **more: Answer) -> WrittenRun:
    answers: dict[str, Answer] = {
        TEAM.id: lambda _: [TEAM_ANSWER],
        MEMBERS.id: lambda _: [{"email": "ana@harbour.example"}],
        SPENDING.id: spend_of_three_pages,
        DAILY_USE.id: lambda _: [{"data": [], "pagination": {"totalPages": 2}}],
    }
    return WrittenRun(
        answers | {name.replace("_", ".", 1): one for name, one in more.items()}, settings
    )


def spend_of_three_pages(parameters: Mapping[str, str]) -> list[Any]:
    row = {"email": f"{parameters['page']}@harbour.example", "overallSpendCents": 100}
    return [{"teamMemberSpend": [row], "totalPages": 3}]


def pages(asked: WrittenRun, operation: Operation) -> list[str]:
    return [parameters["page"] for name, parameters in asked.asked if name == operation.id]


def test_the_team_tells_whose_account_it_is_and_its_events_are_left() -> None:
    asked = run()
    assert CONNECTOR.identify(asked) == Tenant("cursor", "12345")
    kept = [list(item.names()) for _, item in asked.items(TEAM)]
    assert kept == [["params"]]


def test_a_team_that_cannot_be_asked_has_to_be_named() -> None:
    denied: Answer = lambda _: None  # noqa: E731 - an answer like the others
    assert CONNECTOR.identify(run(cursor_team=denied)) is None
    named = run({"tenant": "12345"}, cursor_team=denied)
    assert CONNECTOR.identify(named) == Tenant("cursor", "12345")


def test_all_pages_are_read_by_their_numbers() -> None:
    asked = run()
    CONNECTOR.collect(asked)
    assert pages(asked, SPENDING) == ["1", "2", "3"]
    people = [
        record.person
        for parameters, item in asked.items(SPENDING)
        for record in SPENDING.parse(item, parameters)
        if isinstance(record, Spend)
    ]
    assert people == [f"{number}@harbour.example" for number in (1, 2, 3)]


def test_days_are_read_where_single_requests_are_not_wanted() -> None:
    asked = run()
    CONNECTOR.collect(asked)
    assert pages(asked, EVENTS) == ["1"]  # not in the profile: skipped
    assert pages(asked, DAILY_USE) == ["1", "2"]
    period = next(one for name, one in asked.asked if name == DAILY_USE.id)
    # Both ends are inclusive, and thirty days are the most.
    assert int(period["end"]) - int(period["start"]) == 30 * 86_400_000 - 1


def test_single_requests_take_the_place_of_days() -> None:
    asked = run(cursor_events=lambda _: [{"usageEvents": [], "pagination": {"numPages": 2}}])
    CONNECTOR.collect(asked)
    assert pages(asked, EVENTS) == ["1", "2"]
    assert pages(asked, DAILY_USE) == []
