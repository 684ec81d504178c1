"""Which services of Workspace are on."""

import pytest

from integrations.fields import Item
from integrations.google.policies import service_status_records
from integrations.google.suite import service
from scanner.model import App, Setting


def policy(kind: str, state: object, **place: str) -> Item:
    return Item({"policyQuery": place, "setting": {"type": kind, "value": {"serviceState": state}}})


def test_a_service_that_is_on_for_a_unit_and_off_for_a_group() -> None:
    name = "settings/notebooklm.service_status"
    on = policy(name, "ENABLED", orgUnit="orgUnits/03ph8a2z")
    off = policy(name, "DISABLED", orgUnit="orgUnits/03ph8a2z", group="groups/01abc")
    key = "service:notebooklm"
    assert list(service_status_records(on, {})) == [
        service("notebooklm"),
        Setting(key, "service", is_on=True, unit="orgUnits/03ph8a2z"),
    ]
    assert list(service_status_records(off, {}))[1:] == [
        Setting(key, "service", is_on=False, unit="groups/01abc")
    ]


def test_a_service_that_is_not_known_keeps_its_name() -> None:
    app, _ = service_status_records(policy("settings/keep.service_status", "ENABLED"), {})
    assert app == App("service:keep", name="keep", kind="service")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("settings/gmail.sharing", "ENABLED"),
        ("settings/gmail.service_status", "A_NEW_STATE"),
        ("service_status", "ENABLED"),
    ],
)
def test_other_policies_say_nothing(kind: str, state: str) -> None:
    assert list(service_status_records(policy(kind, state), {})) == []
