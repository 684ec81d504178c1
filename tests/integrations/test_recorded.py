"""Recordings: they hold no name of a person, mean what the account meant, and claim no more."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations.accounts import RecordedInput, ShelvedAccount
from integrations.connector import Connector
from integrations.fields import Item
from integrations.operations import Operation
from integrations.recorded import is_recorded, lay_out, record
from integrations.shelf import OpState, Progress, Shelf
from scanner.errors import SourceError
from scanner.model import Activity, Person, Record, SourceState, Tenant
from scanner.privacy import Privacy, Pseudonyms
from tests.integrations import bay as harbour

PSEUDONYMS = Pseudonyms(b"k" * 32)
TENANT = Tenant("bay", "bay-0001")
ANA = "ana.canary@bay.example"


def _uses(item: Item, _: Mapping[str, str]) -> Iterator[Record]:
    if app := item.text("app"):
        yield Activity(app, item.text("who"), item.time("when"))


USES = replace(
    harbour.GRANTS,
    id="bay.uses",
    parse=_uses,
    fields=("app", "who", "when"),
    people=("who",),
    is_state=False,
)
CONNECTOR = replace(harbour.CONNECTOR, operations=(*harbour.CONNECTOR.operations, USES))


def _no_ai(_app: object) -> None:
    return None


@contextmanager
def _shelf(*pages: tuple[Operation, dict[str, str], list[Any]]) -> Iterator[Shelf]:
    with Shelf() as shelf:
        shelf.note("began", "1795000000.0")
        for number, (operation, parameters, items) in enumerate(pages):
            raw = [{"number": number, "item": one, "id": at} for at, one in enumerate(items)]
            known = shelf.progress(operation.id, parameters) or Progress(OpState.READING)
            kept = shelf.keep(operation.id, parameters, raw, items, known)
            shelf.write(operation.id, parameters, kept._replace(state=OpState.COMPLETE))
        yield shelf


def _recorded(shelf: Shelf, path: Path, connector: Connector = CONNECTOR) -> str:
    record(path, connector, TENANT, shelf, PSEUDONYMS)
    return path.read_text()


@contextmanager
def _read(path: Path) -> Iterator[ShelvedAccount]:
    with RecordedInput(CONNECTOR, path, "bay").open(_no_ai) as found:
        yield found


def test_a_recording_is_for_its_owner_alone_whatever_lay_there(tmp_path: Path) -> None:
    path = tmp_path / "bay.ndjson"
    (tmp_path / "other").write_text("other")
    (tmp_path / "bay.ndjson.unfinished").symlink_to(tmp_path / "other")
    with _shelf((harbour.PEOPLE, {}, [])) as shelf:
        _recorded(shelf, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "other").read_text() == "other"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["bay.ndjson", "other"]


@pytest.mark.parametrize(
    "login", [ANA, {"email": ANA, "names": [ANA]}, [ANA, {"mail": ANA}], [[ANA]]]
)
def test_no_name_is_left_however_the_account_nests_it(tmp_path: Path, login: Any) -> None:
    with _shelf((harbour.PEOPLE, {}, [{"id": "p1", "login": login}])) as shelf:
        assert "canary" not in _recorded(shelf, tmp_path / "bay.ndjson")


def test_a_number_that_people_are_known_by_is_a_name(tmp_path: Path) -> None:
    with _shelf((harbour.PEOPLE, {}, [{"id": "p1", "login": 4711}])) as shelf:
        assert "4711" not in _recorded(shelf, tmp_path / "bay.ndjson")


def test_no_name_is_left_in_what_was_asked_for(tmp_path: Path) -> None:
    with _shelf((harbour.DETAILS, {"app": ANA}, [{"id": 1}])) as shelf:
        text = _recorded(shelf, tmp_path / "bay.ndjson")
    assert "canary" not in text
    assert text.count(PSEUDONYMS.actor(ANA, None)[0]) == 2  # its page, and how it ended


def test_a_person_has_one_code_in_the_account_and_in_its_recording(tmp_path: Path) -> None:
    code = PSEUDONYMS.actor(ANA, None)
    with _shelf((harbour.PEOPLE, {}, [{"id": "p1", "login": ANA}])) as shelf:
        _recorded(shelf, tmp_path / "bay.ndjson")
    with _read(tmp_path / "bay.ndjson") as found:
        (person,) = found.listings()[0].records()
    assert isinstance(person, Person)
    assert PSEUDONYMS.actor(person.login, None) == code
    assert Pseudonyms(b"k" * 32, Privacy.IDENTIFIED).actor(person.login, None) == code


def test_f7_events_that_look_alike_are_as_many_in_the_recording(tmp_path: Path) -> None:
    """Their ids, by which the account tells them apart, are not among the fields that are read."""
    event = {"app": "a0", "who": ANA, "when": "2026-11-01T10:00:00Z"}
    with _shelf((USES, {}, [event, event, event])) as shelf:
        live = ShelvedAccount(CONNECTOR, TENANT, shelf, "bay").listings()[0]
        assert len(list(live.records())) == 3
        _recorded(shelf, tmp_path / "bay.ndjson")
    with _read(tmp_path / "bay.ndjson") as found:
        assert len(list(found.listings()[0].records())) == 3


def test_f18_what_one_person_saw_is_not_all_when_it_was_recorded(tmp_path: Path) -> None:
    with _shelf((harbour.PEOPLE, {}, [{"id": "p1"}])) as shelf:
        shelf.note("of a person", "yes")
        _recorded(shelf, tmp_path / "bay.ndjson")
    with _read(tmp_path / "bay.ndjson") as found:
        assert found.listings()[0].state is SourceState.PARTIAL


def test_f2_what_came_out_of_a_part_is_a_part_when_it_was_recorded(tmp_path: Path) -> None:
    with _shelf(
        (harbour.APPS, {}, [{"id": "a0"}]), (harbour.DETAILS, {"app": "a0"}, [{"id": 1}])
    ) as shelf:
        shelf.write(harbour.APPS.id, {}, Progress(OpState.PARTIAL, pages=1, reason="broke off"))
        shelf.note(f"rests on {harbour.DETAILS.id}", harbour.APPS.id)
        live = ShelvedAccount(CONNECTOR, TENANT, shelf, "bay").listings()
        _recorded(shelf, tmp_path / "bay.ndjson")
    with _read(tmp_path / "bay.ndjson") as found:
        states = [(one.state, one.reason) for one in found.listings()]
    assert states == [(one.state, one.reason) for one in live]
    assert [state for state, _ in states] == [SourceState.PARTIAL] * 2


HEAD = {"gnomon": "account", "version": 1, "connector": "bay", "tenant": {"id": "bay-0001"}}


def _lines(path: Path, *lines: Any) -> Path:
    path.write_bytes(
        b"".join(
            (one if isinstance(one, bytes) else json.dumps(one, separators=(",", ":")).encode())
            + b"\n"
            for one in lines
        )
    )
    return path


@pytest.mark.parametrize(
    "line",
    [b"\xff", b'"\xff"', b"[" * 5000 + b"]" * 5000, b'{"items": "\\ud800"}', b"[]", HEAD],
    ids=["bytes", "text", "deep", "surrogate", "list", "two in one"],
)
def test_a_recording_that_is_broken_is_refused_with_its_line(tmp_path: Path, line: Any) -> None:
    path = _lines(tmp_path / "bay.ndjson", HEAD, line)
    assert is_recorded(path)
    with Shelf() as shelf, pytest.raises(SourceError, match=r"bay\.ndjson"):
        lay_out(path, shelf)


@pytest.mark.parametrize("time", ["soon", 1e18, -1e300, [], "9999-99-99"])
def test_times_in_a_recording_that_are_none_are_left_out(tmp_path: Path, time: Any) -> None:
    ended = {"operation": "bay.uses", "state": "complete", "since": time}
    page = {"operation": "bay.uses", "parameters": {}, "items": [{"app": "a"}]}
    path = _lines(tmp_path / "bay.ndjson", {**HEAD, "began": time}, page, {"ended": [ended]})
    with _read(path) as found:
        assert found.listings()[0].until is None
