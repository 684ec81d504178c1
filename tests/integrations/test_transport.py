"""F15: what no operation declares is never sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.addresses import request_of
from integrations.connector import Connector, Stopped, Undeclared
from integrations.network import Network
from integrations.operations import CONTENT, Operation, Paging
from integrations.transport import Transport
from scanner.config import NetworkSettings
from scanner.registry import CONNECTORS, values
from tests.integrations import bay as harbour
from tests.integrations.bay import APPS, CONNECTOR, DETAILS, GRANTS, Bay, Clock, Signed, served

_REAL: tuple[Connector, ...] = values(CONNECTORS)
_OVER_HTTP = [one for one in _REAL if any(one.hosts.values())]  # DNS has no addresses of pages


@contextmanager
def _sending(bay: Bay, connector: Connector = CONNECTOR) -> Iterator[Transport]:
    with (
        served(bay) as certificates,
        Network(NetworkSettings(ca_file=str(certificates)), {}).client() as client,
    ):
        yield Transport(connector, Signed("good"), client, {"bay": bay.base}, Clock())


@pytest.mark.parametrize(
    "operation",
    [
        replace(GRANTS, path="/v1/people/p1"),
        replace(GRANTS, path="/v1/grants/../people"),
        replace(GRANTS, method="POST"),
        replace(GRANTS, host="elsewhere"),
        replace(GRANTS, query={"$expand": "everything"}),
        replace(GRANTS, body={"a": 1}),
        replace(GRANTS, headers={"X-HTTP-Method-Override": "DELETE"}),
    ],
    ids=lambda one: f"{one.method} {one.path}",
)
def test_f15_an_operation_that_is_not_declared_is_not_sent(operation: Operation) -> None:
    bay = Bay.of(3)
    with _sending(bay) as transport, pytest.raises(Undeclared):
        next(transport.pages(operation, {}))
    assert bay.asked == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "get", "TRACE"])
def test_f15_no_other_method_can_be_declared(method: str) -> None:
    with pytest.raises(ValueError, match="can never be declared"):
        replace(GRANTS, method=method)


@pytest.mark.parametrize("path", CONTENT)
def test_f15_what_people_write_cannot_be_declared(path: str) -> None:
    with pytest.raises(ValueError, match="returns content"):
        replace(GRANTS, path=f"/v1/{path}")


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_f15_a_parameter_that_would_change_the_path_is_not_sent(value: str) -> None:
    bay = Bay.of(3)
    with _sending(bay) as transport, pytest.raises(Undeclared):
        next(transport.pages(DETAILS, {"app": value}))
    assert bay.asked == []


_THERE = {"bay": "https://bay.example"}


@given(st.text(min_size=1).filter(lambda one: one not in (".", "..")))
def test_f15_a_parameter_stays_one_segment_of_the_path(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    method, address, _ = request_of(_THERE, DETAILS, {"app": value})
    assert method == "GET"
    assert re.fullmatch(
        r"https://bay\.example/v1/apps/(?:[\w.~-]|%[0-9A-F]{2})+/details", address, re.ASCII
    )


@given(st.text(max_size=200))
def test_f15_a_page_is_only_ever_asked_where_the_list_is(following: str) -> None:
    try:
        _, address, _ = request_of(_THERE, APPS, {}, following or "x")
    except (Stopped, ValueError):
        return
    assert re.match(r"(?i)https://bay\.example/v1/apps(?:[/?#]|\Z)", address)


def test_f15_the_service_sees_declared_operations_alone(tmp_path: Path) -> None:
    bay = Bay.of(250)
    with (
        served(bay) as certificates,
        harbour.account(bay, certificates, tmp_path).open(
            lambda app: object() if app.key == "a0" else None  # type: ignore[arg-type,return-value]
        ),
    ):
        pass
    declared = [
        (one.method, re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one.path)))
        for one in CONNECTOR.operations
    ]
    for method, path, _ in bay.asked:
        assert any(method == one and re.fullmatch(known, path) for one, known in declared)


# Every connector that is here


@pytest.mark.parametrize("connector", _OVER_HTTP, ids=lambda one: one.name)
def test_f15_every_request_of_a_connector_begins_at_one_of_its_hosts(connector: Connector) -> None:
    for cloud, hosts in connector.hosts.items():
        for operation in connector.operations:
            names = set(re.findall(r"\{(\w+)\}", operation.path))
            numbers = set(re.findall(r"\{(\w+):number\}", str(operation.body)))
            parameters = {**dict.fromkeys(names, "a/b?c#d"), **dict.fromkeys(numbers, "7")}
            _, address, _ = request_of(hosts, operation, parameters)
            assert address.startswith(hosts[operation.host].rstrip("/")), (cloud, operation.id)
            assert "a/b" not in address


@pytest.mark.parametrize("connector", _REAL, ids=lambda one: one.name)
def test_what_a_connector_declares_is_whole(connector: Connector) -> None:
    ids = [one.id for one in connector.operations]
    assert len(ids) == len(set(ids))
    for one in connector.operations:
        assert one.id.startswith(f"{connector.name}.")
        assert one.why
        assert one.title
        assert one.reference.startswith("https://")
        for path in one.people:
            assert any(path == field or path.startswith(f"{field}.") for field in one.fields), path
        assert not one.quota or one.quota in connector.quotas, one.id
        assert one.paging not in _WITH_TOKEN or all(one.page_token), one.id
        if one.can_write:
            assert one.profile.value == "opt-in", one.id


_WITH_TOKEN = (Paging.TOKEN, Paging.CURSOR, Paging.AFTER, Paging.PAGE, Paging.SKIP_TOKEN)


@pytest.mark.parametrize("connector", _REAL, ids=lambda one: one.name)
def test_no_parser_raises_whatever_an_item_holds(connector: Connector) -> None:
    from integrations.fields import Item

    wrong: tuple[Any, ...] = (None, 7, "x", [], [1, None, {}], {}, {"a": []}, True, -1.5, "🙂")
    for operation in connector.operations:
        names = {path.split(".")[0].replace("[]", "") for path in operation.fields}
        parameters = dict.fromkeys(
            re.findall(r"\{(\w+)\}", f"{operation.path}{operation.query}"), "p"
        )
        list(operation.parse(Item({}), parameters))
        for value in wrong:
            list(operation.parse(Item(value), parameters))
            list(operation.parse(Item(dict.fromkeys(names, value)), parameters))
