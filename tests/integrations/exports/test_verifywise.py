"""VerifyWise: the rules of its three doors, replayed on the bodies that it would be sent."""

import json
import re
from datetime import datetime

import pytest

from scanner.errors import UsageError
from scanner.model import SystemKind
from tests.integrations.exports.handing import exported, handed, lines, system, usage

ADDRESS = re.compile(r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$")
STATUSES = {"Approved", "Restricted", "Pending", "Blocked", "Rejected"}
NOT_EMPTY = (
    "provider", "model", "version", "capabilities", "status", "status_date", "reference_link",
    "biases", "limitations", "hosting_provider",
)  # fmt: skip


def test_events_have_an_address_a_destination_and_a_time() -> None:
    people = ("u-1a2b3c4d5e6f7a8b9c0d", "ana@harbour.example", "HARBOUR\\ana .")
    files, _ = exported(
        "verifywise",
        handed(system("ais-1", "Chat"), usages=(*map(usage, people), usage("x", is_blocked=True))),
        assignee="7",
    )
    events = json.loads(files["verifywise-events-001.json"])["events"]
    assert [one["user_email"] for one in events] == [
        "u-1a2b3c4d5e6f7a8b9c0d@pseudonym.invalid",
        "ana@harbour.example",
        "HARBOUR-ana@pseudonym.invalid",
        "x@pseudonym.invalid",
    ]
    for one in events:
        assert ADDRESS.match(one["user_email"])
        assert one["destination"] == "chat.example.com"
        assert datetime.fromisoformat(one["timestamp"]).tzinfo is not None
        assert one["timestamp"] == "2026-11-16T08:40:46.889Z"
    assert [one["action"] for one in events] == ["allowed"] * 3 + ["blocked"]


def test_no_file_holds_more_than_ten_thousand_events() -> None:
    many = tuple(usage(f"u{number}") for number in range(10_001))
    files, _ = exported("verifywise", handed(usages=many), assignee="1")
    counts = [
        len(json.loads(content)["events"]) for name, content in files.items() if "events" in name
    ]
    assert counts == [10_000, 1]


def test_without_people_there_are_no_events_and_that_is_told() -> None:
    files, left = exported("verifywise", handed(system("ais-1", "Chat")), assignee="1")
    assert not [name for name in files if "events" in name]
    assert [one.what for one in left] == ["events"]


def test_models_have_every_text_that_may_not_be_empty() -> None:
    named = [{"maker": "OpenAI", "model": "gpt-4o", "version": ""}]
    files, left = exported(
        "verifywise",
        handed(
            system("ais-1", "Chat", approval_status="approved"),
            system("ais-2", "bot", SystemKind.BUILT, models=named),
            system("ais-3", "bare", SystemKind.BUILT),
        ),
        assignee="1",
    )
    models = lines(files["verifywise-models.ndjson"])
    assert [(one["provider"], one["model"], one["status"]) for one in models] == [
        ("Example AI", "Chat", "Approved"),
        ("OpenAI", "gpt-4o", "Pending"),
    ]
    for one in models:
        assert all(one[field] for field in NOT_EMPTY)
        assert one["status"] in STATUSES
        assert one["biases"] == one["limitations"] == "not assessed"
    assert "bare, as a model" in [one.what for one in left]


def test_vendors_have_somebody_there_who_answers_for_them() -> None:
    files, _ = exported("verifywise", handed(system("ais-1", "Chat")), assignee="7")
    (vendor,) = lines(files["verifywise-vendors.ndjson"])
    assert vendor == {
        "vendor_name": "Example AI",
        "vendor_provides": "Chat",
        "website": "https://example.com",
        "vendor_contact_person": "not known",
        "assignee": 7,
        "review_status": "Not started",
    }


@pytest.mark.parametrize("number", ["0", "-1", "ana", "²"])
def test_an_assignee_is_the_number_of_a_user(number: str) -> None:
    with pytest.raises(UsageError, match="assignee is the number"):
        exported("verifywise", handed(), assignee=number)
