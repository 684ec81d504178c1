"""Accounts that misbehave, by the ways in which they do: F1 to F18 of what a connector must stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.accounts import ShelvedAccount
from integrations.shelf import Shelf
from scanner.accounts import Listing
from scanner.errors import SourceError
from scanner.matching import Matcher
from scanner.model import App, Grant, Person, Signature, SourceState
from tests.integrations.bay import (
    CHATGPT,
    DETAILS,
    GRANTS,
    Bay,
    Clock,
    account,
    fails,
    reply,
    served,
)


def _is_chatgpt(app: App) -> Signature | None:
    return object() if app.client_id == CHATGPT else None  # type: ignore[return-value]


@contextmanager
def _opened(bay: Bay, folder: Path, **more: Any) -> Iterator[ShelvedAccount]:
    with (
        served(bay) as certificates,
        account(bay, certificates, folder, **more).open(_is_chatgpt) as found,
    ):
        yield found


def _listing(found: ShelvedAccount, name: str) -> Listing:
    return next(one for one in found.listings() if one.key == f"bay.{name}")


def _read(bay: Bay, folder: Path, name: str, **more: Any) -> tuple[SourceState, int, str | None]:
    """Return how an operation ended, how many records it gave, and the reason."""
    with _opened(bay, folder, **more) as found:
        listing = _listing(found, name)
        return listing.state, len(set(listing.records())), listing.reason


def test_an_account_is_read_whole(tmp_path: Path) -> None:
    bay = Bay.of(250)
    with _opened(bay, tmp_path) as found:
        listings = found.listings()
        assert [(one.key, one.state.value, one.size) for one in listings] == [
            ("bay.owner", "complete", 1),
            ("bay.apps", "complete", 40),
            ("bay.grants", "complete", 500),
            ("bay.people", "complete", 250),
            ("bay.extra", "skipped", 0),
            ("bay.apps/{app}/details", "complete", 1),
        ]
        assert found.tenant.id == "bay-0001"
        assert next(listings[2].records()) == Grant(
            "a0", ("Mail.Read", "Files.Read"), "Harbour", person="p0"
        )
    assert [path for _, path, _ in bay.asked].count("/v1/grants") == 5
    assert ("GET", "/v1/apps/a0/details", {}) in bay.asked


def test_an_empty_account_is_complete(tmp_path: Path) -> None:
    assert _read(Bay(), tmp_path, "apps") == (SourceState.COMPLETE, 0, None)


def _details(bay: Bay, folder: Path) -> tuple[SourceState, int] | None:
    """Return what is told of an operation that is asked for each application that is AI."""
    with _opened(bay, folder) as found:
        told = (one for one in found.listings() if one.key == DETAILS.id)
        return next(((one.state, one.pages) for one in told), None)


def test_what_there_is_nothing_to_ask_about_is_gone(tmp_path: Path) -> None:
    bay = Bay.of(10)
    bay.apps = [one for one in bay.apps if one["appId"] != CHATGPT]
    assert _details(bay, tmp_path) == (SourceState.COMPLETE, 0)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_f2_what_nobody_could_know_to_ask_about_is_not_gone(tmp_path: Path, status: int) -> None:
    bay = Bay.of(10)
    bay.always = lambda _bay, path, _query: reply(status, {}) if path == "/v1/apps" else None
    assert _details(bay, tmp_path) is None


# F1: the token ends on the way


def test_f1_a_token_that_ends_is_renewed_and_the_page_asked_again(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.faults = {4: fails(401)}
    assert _read(bay, tmp_path, "grants") == (SourceState.COMPLETE, 500, None)


def test_f1_a_second_refusal_is_denied(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.always = lambda _bay, path, _query: reply(401, {}) if path == "/v1/grants" else None
    state, records, reason = _read(bay, tmp_path, "grants")
    assert (state, records) == (SourceState.DENIED, 0)
    assert reason is not None and "not accepted" in reason


# F2, F3: rights and licences


def test_f2_a_scope_that_is_missing_denies_one_operation_and_says_which(tmp_path: Path) -> None:
    bay = Bay.of(50)
    bay.always = lambda _bay, path, _query: reply(403, {}) if path == "/v1/grants" else None
    with _opened(bay, tmp_path) as found:
        denied, others = _listing(found, "grants"), _listing(found, "people")
    assert denied.state is SourceState.DENIED
    assert denied.reason is not None and "grants.read" in denied.reason
    assert denied.state.is_incomplete
    assert others.state is SourceState.COMPLETE


def test_f3_what_is_not_there_is_not_denied(tmp_path: Path) -> None:
    bay = Bay.of(10)
    bay.always = lambda _bay, path, _query: reply(404, {}) if path == "/v1/grants" else None
    assert _read(bay, tmp_path, "grants")[0] is SourceState.SKIPPED


# F4: too fast


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry_After": "7"}, 7, 8),
        ({"Retry_After": "date"}, 9, 12),
        ({"X_Rate_Limit_Reset": "epoch"}, 19, 22),
        ({"X_RateLimit_Reset": "30"}, 30, 31),
        ({}, 0.4, 1.1),
    ],
)
def test_f4_the_server_says_how_long_to_wait(
    tmp_path: Path, headers: dict[str, str], least: float, most: float
) -> None:
    clock = Clock()
    values = {
        "date": format_datetime(datetime.fromtimestamp(clock.now + 10, UTC), usegmt=True),
        "epoch": str(int(clock.now + 20)),
    }
    bay = Bay.of(50)
    bay.faults = {2: fails(429, **{name: values.get(one, one) for name, one in headers.items()})}
    assert _read(bay, tmp_path, "grants", clock=clock)[0] is SourceState.COMPLETE
    assert least <= clock.waits[0] <= most


def test_f4_a_server_cannot_make_us_wait_for_a_day(tmp_path: Path) -> None:
    clock = Clock()
    bay = Bay.of(10)
    bay.faults = {2: fails(429, Retry_After="86400")}
    _read(bay, tmp_path, "grants", clock=clock)
    assert max(clock.waits) <= 901


def test_f4_a_storm_ends_and_costs_a_bounded_number_of_requests(tmp_path: Path) -> None:
    bay = Bay.of(1000)
    bay.always = lambda _bay, path, _query: (
        reply(429, {}) if path == "/v1/grants" and len(bay.asked) > 5 else None
    )
    state, records, reason = _read(bay, tmp_path, "grants")
    assert (state, records) == (SourceState.PARTIAL, 300)
    assert reason is not None and "too many requests" in reason
    assert [path for _, path, _ in bay.asked].count("/v1/grants") <= 3 + 6


# F5, F6: answers that break off, places that are lost


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_f5_a_fault_that_passes_costs_nothing(tmp_path: Path, status: int) -> None:
    bay = Bay.of(250)
    bay.faults = {4: fails(status), 5: fails(status)}
    assert _read(bay, tmp_path, "grants") == (SourceState.COMPLETE, 500, None)


def test_f5_an_answer_that_is_cut_off_is_asked_again(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.faults = {4: lambda *_: (200, {"cut": "yes"}, b'{"value": [{"id": "g1", "app": "a1"}]}')}
    assert _read(bay, tmp_path, "grants") == (SourceState.COMPLETE, 500, None)


def test_f5_json_that_breaks_off_is_no_short_list(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.faults = {4: lambda *_: (200, {}, b'{"value": [{"id": "g1", "app"')}
    assert _read(bay, tmp_path, "grants") == (SourceState.COMPLETE, 500, None)


def test_f5_what_stays_broken_is_partial_and_keeps_what_was_read(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.always = lambda _bay, path, query: (
        reply(500, {}) if path == "/v1/grants" and "$skip" in query else None
    )
    assert _read(bay, tmp_path, "grants")[:2] == (SourceState.PARTIAL, 100)


def test_f6_a_place_that_is_lost_begins_the_list_again(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.faults = {5: fails(410)}
    assert _read(bay, tmp_path, "grants") == (SourceState.COMPLETE, 500, None)


def test_f6_a_list_does_not_begin_again_for_ever(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.always = lambda _bay, path, query: (
        reply(410, {}) if path == "/v1/grants" and "$skip" in query else None
    )
    state, _, reason = _read(bay, tmp_path, "grants")
    assert state is SourceState.PARTIAL
    assert reason is not None and "3 new beginnings" in reason


# F7: lists that do not add up


def test_f7_a_list_that_goes_in_circles_ends(tmp_path: Path) -> None:
    bay = Bay.of(250)

    def circle(bay: Bay, path: str, query: dict[str, str]) -> Any:
        link = f"{bay.base}/v1/grants?$top=100&$skip=MTAw"
        return reply(200, {"value": bay.grants[:100], "@odata.nextLink": link})

    bay.always = lambda bay, path, query: circle(bay, path, query) if path == "/v1/grants" else None
    assert _read(bay, tmp_path, "grants")[:2] == (SourceState.PARTIAL, 100)


def test_f7_an_empty_page_is_not_the_end_and_doubles_count_once(tmp_path: Path) -> None:
    bay = Bay.of(250)
    bay.faults = {
        3: lambda bay, *_: reply(
            200, {"value": [], "@odata.nextLink": f"{bay.base}/v1/grants?$top=100"}
        ),
        5: lambda bay, *_: reply(
            200,
            {
                "value": bay.grants[50:150],
                "@odata.nextLink": f"{bay.base}/v1/grants?$top=100&$skip=MTUw",
            },
        ),
    }
    bay.faults[3] = lambda bay, *_: reply(
        200, {"value": [], "@odata.nextLink": f"{bay.base}/v1/grants?$top=100&$skip=MA=="}
    )
    assert _read(bay, tmp_path, "grants")[:2] == (SourceState.COMPLETE, 500)


def test_f7_fewer_than_the_account_says_there_are_is_partial(tmp_path: Path) -> None:
    bay = Bay.of(20)
    bay.always = lambda bay, path, _query: (
        reply(200, {"value": bay.grants[:30], "count": 40}) if path == "/v1/grants" else None
    )
    assert _read(bay, tmp_path, "grants") == (SourceState.PARTIAL, 30, "30 items came of 40")


# F8: elsewhere


@pytest.mark.parametrize(
    "where",
    [
        "https://elsewhere.example/v1/grants?$skip=1",
        "{base}/v1/users?$skip=1",
        "http://localhost/v1/grants",
        "https://user:password@localhost/v1/grants",
        "//elsewhere.example/v1/grants",
        "{base}/v1/grants/../people",
    ],
)
def test_f8_a_list_goes_on_where_it_began_or_not_at_all(tmp_path: Path, where: str) -> None:
    bay = Bay.of(250)
    bay.faults = {
        3: lambda bay, *_: reply(
            200, {"value": bay.grants[:100], "@odata.nextLink": where.format(base=bay.base)}
        )
    }
    state, records, reason = _read(bay, tmp_path, "grants")
    assert (state, records) == (SourceState.PARTIAL, 100)
    assert reason is not None and "not asked" in reason


def test_f8_a_redirect_is_not_followed(tmp_path: Path) -> None:
    bay = Bay.of(10)
    bay.faults = {3: lambda bay, *_: reply(302, {}, Location=f"{bay.base}/v1/people")}
    state, _, reason = _read(bay, tmp_path, "grants")
    assert state is SourceState.FAILED
    assert reason is not None and "not asked" in reason


# F9: items that break their contract


def test_f9_a_bad_field_loses_that_field_and_is_counted(tmp_path: Path) -> None:
    bay = Bay.of(10)
    bay.apps = [
        {"id": "a1", "name": {"en": "Writer"}, "enabled": "perhaps", "created": "yesterday"},
        {"id": 7, "name": None, "news": [1, 2]},
        "what",
        {"name": "nobody"},
    ]
    with _opened(bay, tmp_path) as found:
        listing = _listing(found, "apps")
        assert list(listing.records()) == [App("a1", "", "entra"), App("7", "", "entra")]
        assert listing.bad_fields() == {"name": 1, "enabled": 1, "created": 1, "(item)": 1}


# F10: large accounts


def test_f10_requests_follow_the_formula(tmp_path: Path) -> None:
    bay = Bay.of(10_000)
    assert _read(bay, tmp_path, "grants")[:2] == (SourceState.COMPLETE, 20_000)
    paths = [path for _, path, _ in bay.asked]
    assert (paths.count("/v1/grants"), paths.count("/v1/people")) == (200, 100)


# F11: clocks


def test_f11_a_clock_that_is_wrong_is_said(tmp_path: Path) -> None:
    clock = Clock(Clock().now)
    clock.now = datetime.now(UTC).timestamp() + 600
    with _opened(Bay.of(5), tmp_path, clock=clock) as found:
        notes = _listing(found, "apps").notes
    assert any(re.search(r"clock is (59\d|60\d) seconds ahead", note) for note in notes)


# F13: killed


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(dies_at=st.integers(2, 11))
def test_f13_what_was_killed_goes_on_from_its_last_page(tmp_path: Path, dies_at: int) -> None:
    for left in tmp_path.iterdir():
        left.unlink()
    bay = Bay.of(250)

    def dies(_seconds: float) -> None:
        raise KeyboardInterrupt

    clock, dying = Clock(), Clock()
    dying.sleep = dies  # type: ignore[method-assign]
    bay.faults = {dies_at: fails(503)}
    with served(bay) as certificates:
        with (
            pytest.raises(KeyboardInterrupt),
            account(bay, certificates, tmp_path, dying).open(_is_chatgpt),
        ):
            pass
        with account(bay, certificates, tmp_path, clock).open(_is_chatgpt) as found:
            listing = _listing(found, "grants")
            assert (listing.state, listing.size) == (SourceState.COMPLETE, 500)
    assert len(bay.asked) == 11 + 2  # asked twice: what failed, and whose account it is


def test_f13_a_shelf_of_another_account_is_not_gone_on_with(tmp_path: Path) -> None:
    with Shelf(tmp_path / "shelf.pages") as shelf:
        shelf.note("of", "another")
        shelf.note("began", str(Clock().now))
        shelf.keep(GRANTS.id, {}, [{"id": 1}], [{"id": 1}], _progress())
    assert _read(Bay.of(5), tmp_path, "grants")[:2] == (SourceState.COMPLETE, 10)


def _progress() -> Any:
    from integrations.shelf import OpState, Progress

    return Progress(OpState.COMPLETE)


# F14: secrets


def test_f14_a_secret_is_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    canary = "good-canary-4711"
    (tmp_path / "secret").write_text(canary)
    (tmp_path / "secret").chmod(0o600)
    bay = Bay.of(20)
    bay.faults = {5: fails(500)}
    record = tmp_path / "recorded"
    record.mkdir()
    with _opened(bay, tmp_path, record=record) as found:
        texts = [repr(found), repr(found.listings())]
        files = [
            one.read_bytes()
            for one in tmp_path.rglob("*")
            if one.is_file() and one.name != "secret"
        ]
    assert not any(canary in text for text in texts)
    assert not any(canary.encode() in data for data in files)
    assert canary not in "".join(capfd.readouterr())


# F16: whose account it is


def test_f16_another_account_than_the_expected_is_not_read(tmp_path: Path) -> None:
    bay = Bay.of(5)
    with (
        pytest.raises(SourceError, match=r"account of Harbour & Pine .bay-0001., not of other"),
        _opened(bay, tmp_path, settings={"tenant": "other"}),
    ):
        pass
    assert [path for _, path, _ in bay.asked] == ["/v1/owner"]


def test_f16_the_expected_account_is_read(tmp_path: Path) -> None:
    assert _read(Bay.of(5), tmp_path, "apps", settings={"tenant": "bay-0001"})[1] == 40


# Whatever happens: the same records, or it is said that they are not all


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    page=st.integers(7, 150),
    faults=st.dictionaries(
        st.integers(2, 40), st.sampled_from([401, 410, 429, 500, 503]), max_size=12
    ),
)
def test_any_pages_and_faults_give_the_same_records_or_say_that_they_do_not(
    tmp_path: Path, page: int, faults: dict[int, int]
) -> None:
    for left in tmp_path.iterdir():
        left.unlink()
    bay = Bay.of(120)
    bay.page = page
    bay.faults = {number: fails(status) for number, status in faults.items()}
    state, records, reason = _read_or_refused(bay, tmp_path)
    if state is SourceState.COMPLETE:
        assert records == 240
    else:
        assert records <= 240
        assert reason


def _read_or_refused(bay: Bay, folder: Path) -> tuple[SourceState, int, str | None]:
    try:
        return _read(bay, folder, "grants")
    except SourceError as error:  # the first question went wrong: nothing is read
        return SourceState.FAILED, 0, str(error)


def test_the_people_of_an_account_are_people(tmp_path: Path) -> None:
    with _opened(Bay.of(1), tmp_path) as found:
        assert list(_listing(found, "people").records()) == [
            Person("p0", "p0@bay.example", "Unit 0")
        ]


def test_a_matcher_is_what_recognises(tmp_path: Path) -> None:
    from scanner.accounts.meaning import Meaning

    assert Meaning(Matcher(())).of(App("a1", "ChatGPT")) is None
