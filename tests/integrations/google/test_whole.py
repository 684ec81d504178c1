"""A small Google on loopback, asked through the connector as a scan asks it."""

import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from integrations.accounts import ConnectorInput, ShelvedAccount
from integrations.google import CONNECTOR, policies
from integrations.network import Network
from scanner.accounts import Listing
from scanner.config import NetworkSettings, SourceSettings
from scanner.errors import SourceError
from scanner.model import Activity, App, Grant, Person, Signature, SourceState, Tenant
from scanner.privacy import Pseudonyms
from tests.integrations.bay import Clock
from tests.integrations.google.loopback import Google

_REPORTS = "/admin/reports/v1/activity/users/all/applications/"
_CHROME = "/v1/customers/my_customer/reports:"


def _granted(number: int) -> dict[str, Any]:
    return {
        "id": {"time": "2026-11-02T09:00:00.000Z", "uniqueQualifier": str(number)},
        "actor": {"email": f"p{number}@example.com"},
        "ipAddress": "192.0.2.7",
        "events": [
            {
                "name": "authorize",
                "parameters": [
                    {"name": "client_id", "value": "77.apps.googleusercontent.com"},
                    {"name": "scope", "multiValue": ["openid"]},
                ],
            }
        ],
    }


class Workspace:
    """What the small Google answers; ``faults`` are answered first, by the number of the request."""

    def __init__(self) -> None:
        self.faults: dict[int, tuple[int, object]] = {}
        self.asked = 0

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, object]:
        self.asked += 1
        if self.asked in self.faults:
            return self.faults[self.asked]
        return 200, self._body(path, query)

    def _body(self, path: str, query: Mapping[str, str]) -> object:
        if path.endswith("/customers/my_customer"):
            return {"id": "C046psxkn", "customerDomain": "example.com"}
        if path.endswith("/directory/v1/users"):
            return _page("users", [{"primaryEmail": f"p{n}@example.com"} for n in range(9)], query)
        if path == f"{_REPORTS}token" and query["eventName"] == "authorize":
            return _page("items", [_granted(number) for number in range(9)], query)
        if path == f"{_CHROME}findSaasUsage":
            apps = ["ChatGPT", "Ticket desk"]
            domains = ["chatgpt.com", "tickets.example"]
            return {
                "saasReports": [
                    {"app": app, "primaryDomain": domain}
                    for app, domain in zip(apps, domains, strict=True)
                ]
            }
        if path == f"{_CHROME}findSaasUsageProfiles":
            return {"profileReports": [{"email": "p1@example.com"}]}
        return {}


def _page(name: str, rows: list[Any], query: Mapping[str, str]) -> dict[str, Any]:
    """Return a page of four; Google may give fewer than it was asked for."""
    at = int(query.get("pageToken", "0"))
    more = {"nextPageToken": str(at + 4)} if at + 4 < len(rows) else {}
    return {name: rows[at : at + 4], **more}


def _is_ai(app: App) -> Signature | None:
    return object() if "chatgpt.com" in app.domains else None  # type: ignore[return-value]


@contextmanager
def _opened(
    folder: Path,
    workspace: Workspace,
    change: Callable[[Google], None] = lambda _: None,
    **more: Any,
) -> Iterator[tuple[ShelvedAccount, Google]]:
    with Google(folder, workspace.answer) as google:
        google.delegated = {scope for one in CONNECTOR.operations for scope in one.scopes[0]}
        change(google)
        key = folder / "google.json"
        key.touch(0o600)
        key.write_text(google.key_file())
        hosts = {f"{name}_host": google.address for name in CONNECTOR.hosts[""]}
        settings = {"key": "file:google.json", "admin": "admin@example.com", **hosts, **more}
        account = ConnectorInput(
            CONNECTOR,
            SourceSettings(connector="google", settings=settings),
            Network(NetworkSettings(ca_file=str(google.ca_file)), {}),
            folder,
            folder / "shelf.pages",
            Pseudonyms(b"k" * 32),
            lambda *_: None,
            clock=Clock(),
        )
        with account.open(_is_ai) as found:
            yield found, google


def _listing(found: ShelvedAccount, name: str) -> Listing:
    return next(one for one in found.listings() if one.key == f"google.{name}")


def test_the_core_of_a_workspace_is_read(tmp_path: Path) -> None:
    with _opened(tmp_path, Workspace()) as (found, google):
        states = {one.key: one.state for one in found.listings()}
        assert found.tenant == Tenant("google", "C046psxkn", "example.com", ("example.com",))
        people = [one for one in _listing(found, "users").records() if isinstance(one, Person)]
        grants = {
            one.person
            for one in _listing(found, "token_authorize").records()
            if isinstance(one, Grant)
        }
        visitors = list(_listing(found, "saas_visitors").records())
    in_core = {one.id for one in CONNECTOR.operations if one.profile.value == "core"}
    read = {name for name, state in states.items() if state is SourceState.COMPLETE}
    assert read == in_core
    assert len(people) == 9
    assert grants == {f"p{number}@example.com" for number in range(9)}
    assert visitors == [Activity("saas:ChatGPT", "p1@example.com", detail="visits")]
    asked = [query["app"] for path, query, _ in google.asked if path.endswith("UsageProfiles")]
    assert asked == ["ChatGPT"]
    assert not any("pageToken" in query and "fields" not in query for _, query, _ in google.asked)


def test_logs_are_asked_for_from_a_day_on(tmp_path: Path) -> None:
    with _opened(tmp_path, Workspace()) as (_, google):
        since = {
            query.get("eventName", path.rpartition("/")[2]): query["startTime"]
            for path, query, _ in google.asked
            if "/reports/" in path
        }
    assert since["authorize"] == "2026-05-22T00:00:00Z"
    assert since["activity"] == "2026-10-19T00:00:00Z"


def test_a_scope_that_was_not_delegated_costs_its_operation_alone(tmp_path: Path) -> None:
    def forget(google: Google) -> None:
        google.delegated -= set(policies.SERVICE_STATUS.scopes[0])

    with _opened(tmp_path, Workspace(), forget) as (found, _):
        denied = _listing(found, "service_status")
        assert denied.state is SourceState.DENIED
        assert denied.reason is not None
        assert "cloud-identity.policies.readonly under Security" in denied.reason
        assert _listing(found, "saas_usage").state is SourceState.COMPLETE


@pytest.mark.parametrize(
    "fault",
    [
        (503, {}),
        (401, {"error": {"code": 401, "errors": [{"reason": "authError"}]}}),
        (403, {"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded"}]}}),
        (429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}),
        (400, {"error": {"code": 400, "message": "Invalid Input: pageToken"}}),
    ],
    ids=["quota as 503", "token over", "quota as 403", "429", "place lost"],
)
def test_a_fault_on_the_way_changes_nothing(tmp_path: Path, fault: tuple[int, object]) -> None:
    workspace = Workspace()
    workspace.faults = {3: fault}  # the second page of people
    with _opened(tmp_path, workspace) as (found, _):
        listing = _listing(found, "users")
        assert listing.state is SourceState.COMPLETE
        assert len(list(listing.records())) == 9


def test_another_customer_is_not_read(tmp_path: Path) -> None:
    with (
        pytest.raises(SourceError, match="not of other"),
        _opened(tmp_path, Workspace(), tenant="other.example"),
    ):
        pass


def test_what_is_not_read_is_not_kept(tmp_path: Path) -> None:
    with _opened(tmp_path, Workspace()):
        pass
    pages = sqlite3.connect(tmp_path / "shelf.pages").execute("SELECT items FROM page")
    kept = b"".join(zlib.decompress(items) for (items,) in pages)
    assert b"p8@example.com" in kept
    assert b"192.0.2.7" not in kept
