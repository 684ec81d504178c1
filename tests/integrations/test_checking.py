"""``gnomon sources check``: one small question for each operation, and an end to each."""

from __future__ import annotations

from dataclasses import replace

from integrations.checking import Checked, check
from integrations.network import Network
from integrations.operations import Operation
from integrations.transport import Transport
from scanner.config import NetworkSettings
from scanner.errors import SourceError
from tests.integrations.bay import (
    APPS,
    CONNECTOR,
    DETAILS,
    EXTRA,
    GRANTS,
    PEOPLE,
    Bay,
    Clock,
    Signed,
    fails,
    served,
)

NUMBERED = replace(PEOPLE, id="bay.numbered", method="POST", body={"start": "{start:number}"})


def _checked(bay: Bay, clock: Clock, *operations: Operation) -> list[Checked]:
    connector = replace(CONNECTOR, operations=operations)
    with (
        served(bay) as certificates,
        Network(NetworkSettings(ca_file=str(certificates)), {}).client() as client,
    ):
        sending = Transport(connector, Signed("good"), client, {"bay": bay.base}, clock)
        return list(check(operations, sending, clock.now))


def test_a_small_account_is_checked_with_one_request_for_each_operation() -> None:
    bay = Bay.of(500)
    bay.faults = {2: fails(403)}
    found = _checked(bay, Clock(), APPS, GRANTS, PEOPLE, EXTRA, DETAILS, NUMBERED)
    assert [one.state for one in found] == [
        "granted", "missing", "granted", "not there", "later", "later",
    ]  # fmt: skip
    assert "grants.read" in found[1].advice
    assert len(bay.asked) == 4


def test_f4_a_check_does_not_wait_for_an_hour() -> None:
    bay, clock = Bay.of(5), Clock()
    bay.always = lambda *_: fails(429, Retry_After="900")(bay, "", {})
    (found,) = _checked(bay, clock, APPS)
    assert (found.state, clock.waits) == ("failed", [])


def test_a_sign_in_that_fails_is_said_of_each_operation() -> None:
    class Refused(Signed):
        def headers(self, _: Operation) -> dict[str, str]:
            raise SourceError("the certificate has expired")

    connector = replace(CONNECTOR, operations=(APPS, GRANTS))
    nothing = Transport(connector, Refused("x"), None, {"bay": "https://bay.example"}, Clock())  # type: ignore[arg-type]
    assert [
        (one.state, one.advice) for one in check(connector.operations, nothing, Clock().now)
    ] == [("failed", "the certificate has expired")] * 2
