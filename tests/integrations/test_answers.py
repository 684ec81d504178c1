"""Answers of a service that means no good: refused in a sentence, never believed to be an empty list."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations import bodies, transport
from integrations.addresses import request_of
from integrations.connector import Connector, Quota, Stopped
from integrations.links import next_of
from integrations.network import Network
from integrations.operations import Paging
from integrations.pace import Pace, delay_asked, skew
from integrations.transport import Transport
from scanner.config import NetworkSettings
from scanner.errors import ConfigError
from tests.integrations.bay import CONNECTOR, GRANTS, Bay, Clock, Signed, reply, served

_THERE = {"bay": "https://bay.example"}


@contextmanager
def _sending(
    bay: Bay, connector: Connector = CONNECTOR, key: str = "good", clock: Clock | None = None
) -> Iterator[Transport]:
    with (
        served(bay) as certificates,
        Network(NetworkSettings(ca_file=str(certificates)), {}).client() as client,
    ):
        yield Transport(connector, Signed(key), client, {"bay": bay.base}, clock or Clock())


def _why(body: bytes, **headers: str) -> str:
    """Return why a list that is answered so is not read."""
    bay = Bay()
    bay.always = lambda *_: (200, dict(headers), body)
    with _sending(bay) as sending, pytest.raises(Stopped) as caught:
        list(sending.pages(GRANTS, {}))
    return str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b'{"value": {"id": "g1"}}',
        b'{"value": "none"}',
        b'{"value": null}',
        b'{"message": "we are being repaired"}',
        b'"maintenance"',
        b"true",
        b"0",
    ],
)
def test_f7_an_answer_without_its_list_is_no_empty_list(body: bytes) -> None:
    assert "without the list" in _why(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"value": [',
        '{"value": []}'.encode("utf-16"),
        b"<html>We are being repaired</html>",
        b'{"value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"value": ' + b"[" * 800 + b"]" * 800 + b"}",
        b"",
        b"null",
    ],
    ids=["cut", "utf-16", "html", "deep", "nearly too deep", "nothing", "null"],
)
def test_f5_an_answer_that_nobody_can_hand_on_is_none(body: bytes) -> None:
    assert "no JSON" in _why(body)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b'"\\ud83d\\ude00 \\ud83d"', "\U0001f600 \ufffd"),
        (b'"\\ude00\\ud83d"', "\ufffd\ufffd"),
        (b'"C:\\\\ud83d\\"\\udc00"', 'C:\\ud83d"\ufffd'),
        (b'"caf\xe9"', "caf\ufffd"),
        (b"NaN", None),
        (b"-Infinity", None),
        (b"1e999", None),
        (b"7" * 5000, None),
    ],
)
def test_f9_a_value_that_is_none_costs_itself_and_not_the_page(
    written: bytes, read: object
) -> None:
    bay = Bay()
    body = b'{"value": [{"id": ' + written + b'}, {"id": "g2", "n": 0.5}]}'
    bay.always = lambda *_: (200, {}, body)
    with _sending(bay) as sending:
        (page,) = sending.pages(GRANTS, {})
    assert page.items == [{"id": read}, {"id": "g2", "n": 0.5}]


def test_a_mark_before_an_answer_is_no_part_of_it() -> None:
    bay = Bay()
    bay.always = lambda *_: (200, {}, b'\xef\xbb\xbf{"value": [{"id": "g1"}]}')
    with _sending(bay) as sending:
        assert [page.items for page in sending.pages(GRANTS, {})] == [[{"id": "g1"}]]


def test_f7_no_content_is_no_empty_list() -> None:
    bay = Bay()
    bay.always = lambda *_: (204, {}, b"")
    with _sending(bay) as sending, pytest.raises(Stopped, match="answered 204"):
        list(sending.pages(GRANTS, {}))


def test_f5_what_was_packed_and_cut_off_is_asked_again() -> None:
    bay = Bay.of(20)
    packed = gzip.compress(json.dumps({"value": []}).encode())[:-6]
    bay.faults = {1: lambda *_: (200, {"Content-Encoding": "gzip"}, packed)}
    with _sending(bay) as sending:
        assert sum(len(page.items) for page in sending.pages(GRANTS, {})) == 40


def test_f7_a_list_that_says_the_same_for_ever_ends() -> None:
    bay = Bay()

    def same(bay: Bay, _path: str, _query: dict[str, str]) -> Any:
        link = f"{bay.base}/v1/grants?$skip={len(bay.asked)}"
        return reply(200, {"value": [{"id": "g1"}], "@odata.nextLink": link})

    bay.always = same
    with _sending(bay) as sending, pytest.raises(Stopped, match="101 pages"):
        list(sending.pages(GRANTS, {}))
    assert len(bay.asked) == 102


def test_of_a_name_that_is_there_twice_the_last_counts() -> None:
    bay = Bay()
    bay.always = lambda *_: (200, {}, b'{"value": [{"id": 1}], "value": [{"id": 2}]}')
    with _sending(bay) as sending:
        assert [page.items for page in sending.pages(GRANTS, {})] == [[{"id": 2}]]


def test_f10_an_answer_that_is_too_large_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_LARGEST", 3 * 1024 * 1024)
    bay = Bay()
    bay.always = lambda *_: (200, {}, b" " * (4 * 1024 * 1024))
    with _sending(bay) as sending, pytest.raises(Stopped, match="more than 3 MiB"):
        list(sending.pages(GRANTS, {}))
    assert len(bay.asked) == 1


def test_f10_a_small_answer_may_not_hold_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand times smaller: what is unpacked is counted, a step at a time."""
    monkeypatch.setattr(transport, "_LARGEST", 3 * 1024 * 1024)
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    assert "more than 3 MiB" in _why(bomb, **{"Content-Encoding": "gzip"})


def test_an_answer_that_is_packed_is_read() -> None:
    bay = Bay()
    packed = gzip.compress(json.dumps({"value": [{"id": "g1"}]}).encode())
    bay.always = lambda *_: (200, {"Content-Encoding": "gzip"}, packed)
    with _sending(bay) as sending:
        assert [page.items for page in sending.pages(GRANTS, {})] == [[{"id": "g1"}]]


@pytest.mark.parametrize(
    ("packed", "body", "says"),
    [
        ("br", b"x", "packed as 'br'"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"{}")), "packed as 'gzip, gzip'"),
        ("gzip", b"what", "not packed as it says"),
        ("gzip", gzip.compress(b'{"value": []}')[:-8], "cut off"),
        ("deflate", zlib.compress(b"{}"), "packed as 'deflate'"),
    ],
)
def test_an_answer_that_is_packed_otherwise_is_not(packed: str, body: bytes, says: str) -> None:
    assert says in _why(body, **{"Content-Encoding": packed})


def test_f4_an_answer_that_drips_ends() -> None:
    class Slow:
        headers: dict[str, str] = {}  # noqa: RUF012 - as the library's own
        now = 0.0

        def iter_raw(self, _size: int) -> Iterator[bytes]:
            while True:
                self.now += 50
                yield b" "

    slow: Any = Slow()
    with pytest.raises(bodies.Unfit, match="not whole after 600 seconds"):
        bodies.body_of(slow, 1000, lambda: slow.now)


# Where a list goes on


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ('<https://a/x?p=2>; rel="next", <https://a/x?p=9>; rel="last"', "https://a/x?p=2"),
        ('<https://a/x?p=1>; rel="prev", <https://a/x?p=2>; rel="next"', "https://a/x?p=2"),
        ('<https://a/x?p=2>; rel="start next"', "https://a/x?p=2"),
        ("<https://a/x?p=2>;rel=next", "https://a/x?p=2"),
        ('<https://a/x?a=1,2;b=3>; rel="next"', "https://a/x?a=1,2;b=3"),
        ('<https://a/x?p=2>; title="a, <b>; c"; rel="next"', "https://a/x?p=2"),
        ("</x?p=2>; REL=NEXT", "/x?p=2"),
        ("<https://a/x?p=2> ; rel = next", "https://a/x?p=2"),
        ('<https://a/x>; rel="prev"; rel="next"', ""),
        ('<https://a/x>; rel="next-archive"', ""),
        ('<https://a/x>; title="rel=next"', ""),
        ("", ""),
        ("<" * 50_000, ""),
        ("<x>" + "; a" * 20_000 + " " * 20_000, ""),
    ],
)
def test_f7_links_say_where_a_list_goes_on(header: str, address: str) -> None:
    assert next_of(header) == address


@pytest.mark.parametrize(
    "where",
    [
        "https://[",
        "https://bay.example:port/v1/grants",
        "https://[::1]/v1/grants",
        "/v1/%2e%2e/v1/grants",
        "/v1%2Fgrants",
    ],
)
def test_f8_what_is_no_address_of_the_list_is_not_asked(where: str) -> None:
    with pytest.raises(Stopped, match="not asked"):
        request_of(_THERE, GRANTS, {}, where)


@pytest.mark.parametrize(
    "where",
    [
        "https://bay.example:443/v1/grants?$skip=1",
        "HTTPS://BAY.EXAMPLE/v1/grants?$skip=1",
        "/v1/grants?$skip=1",
        "?$skip=1",
        "/v1/../v1/grants?$skip=1",
        "https://bay.example/V1/Grants?$skip=1#there",
    ],
)
def test_f8_the_same_address_may_be_spelled_otherwise(where: str) -> None:
    _, address, _ = request_of(_THERE, GRANTS, {}, where)
    assert address.lower().replace(":443", "") == "https://bay.example/v1/grants?$skip=1"


def test_f7_more_that_is_nowhere_is_not_the_end() -> None:
    after = replace(GRANTS, paging=Paging.AFTER, page_token=("last", "after"))
    bay = Bay()
    bay.always = lambda *_: reply(200, {"value": [{"id": 1}], "has_more": True})
    with _sending(bay, replace(CONNECTOR, operations=(after,))) as sending:
        pages = sending.pages(after, {})
        assert next(pages).items == [{"id": 1}]
        with pytest.raises(Stopped, match="there is more"):
            next(pages)


@pytest.mark.parametrize(
    "where",
    [
        "https://downloads.example.evil.example/x",
        "https://ana:pass@downloads.example/x",
        "http://downloads.example/x",
        "https://127.0.0.1/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://169.254.169.254/latest",
        "https://[",
        "",
    ],
)
def test_f8_a_report_is_fetched_from_the_vendors_hosts_alone(where: str) -> None:
    report = replace(GRANTS, paging=Paging.NONE, follows_download=True)
    bay = Bay()
    bay.always = lambda *_: reply(200, {"download_links": [where]})
    with (
        _sending(bay, replace(CONNECTOR, operations=(report,))) as sending,
        pytest.raises(Stopped, match="not asked"),
    ):
        list(sending.pages(report, {}))


# What a service is told, and what it can make us say


def test_f14_a_key_that_fits_in_no_header_is_not_quoted() -> None:
    for key in ("canary\n4711", "canary\r\nX-Other: 4711", "canary\u20ac4711", "canary\0 4711"):
        with _sending(Bay.of(1), key=key) as sending, pytest.raises(Stopped) as caught:
            list(sending.pages(GRANTS, {}))
        assert "characters that none may hold" in str(caught.value)
        assert "canary" not in str(caught.value)


def test_f14_the_password_of_a_proxy_is_not_quoted() -> None:
    proxy = "socks9://ana:canary@proxy.example:1"
    with pytest.raises(ConfigError) as caught:
        Network(NetworkSettings(proxy=proxy), {}).client()
    assert "canary" not in str(caught.value)
    assert "proxy.example" in str(caught.value)


def test_no_cookie_is_kept(tmp_path: Path) -> None:
    bay = Bay()
    seen: list[Any] = []

    def answer(_method: str, _path: str, _query: dict[str, str], headers: Any) -> Any:
        seen.append(headers.get("Cookie"))
        return reply(200, {}, Set_Cookie="who=ana; Path=/; Secure")

    bay.answer = answer  # type: ignore[method-assign,assignment]
    with served(bay) as certificates:
        network = Network(NetworkSettings(ca_file=str(certificates)), {})
        with network.client() as client, network.requests_session() as session:
            for get in (client.get, client.get, session.get, session.get):
                get(bay.base)
    assert seen == [None] * 4


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 2026 00:00:00 +9999999999999999",
        "Mon, 99 Jan 99999999999999999999 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 -9999",
        "nan",
    ],
)
def test_f11_a_date_that_is_none_is_none(date: str) -> None:
    assert delay_asked({"retry-after": date}, 0.0) is None
    assert skew({"date": date}, 0.0) is None


def test_f4_a_fault_is_not_waited_for_as_long_as_a_quota() -> None:
    headers = {"x-ratelimit-reset": "800"}
    assert delay_asked(headers, 0.0) == 800
    assert delay_asked(headers, 0.0, is_too_fast=False) is None
    assert delay_asked({**headers, "retry-after": "7"}, 0.0, is_too_fast=False) == 7


def test_f11_a_clock_that_is_set_back_does_not_stop_a_quota() -> None:
    clock = Clock()
    pace = Pace({"q": Quota(1, 10.0)}, clock)
    pace.wait_for("q")
    clock.now -= 86_400
    pace.wait_for("q")
    assert clock.waits == [10.0]


def test_f4_nobody_waits_beyond_the_deadline() -> None:
    bay, clock = Bay(), Clock()
    bay.always = lambda *_: reply(429, {}, Retry_After="600")
    with _sending(bay, clock=clock) as sending, pytest.raises(Stopped, match="time for it"):
        list(sending.pages(GRANTS, {}, deadline=clock.now + 60))
    assert clock.waits == []
