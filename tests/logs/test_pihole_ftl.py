"""Pi-hole's queries, as its database and its API give them."""

import json

import pytest

from scanner.logs.formats.pihole_ftl import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import at, read


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:30.136Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def _query(**changed: object) -> bytes:
    usual: dict[str, object] = {
        "id": 7,
        "time": 1795226310.136,
        "type": "A",
        "status": "FORWARDED",
        "domain": "api.openai.com",
        "client": {"ip": "10.0.0.7", "name": "laptop.lan"},
        "reply": {"type": "IP"},
    }
    return json.dumps({**usual, **changed}).encode() + b"\n"


def test_a_query() -> None:
    assert read(FORMAT, _query()).observations == [_seen()]


def test_a_query_as_the_api_gives_it() -> None:
    text = (
        b'{"id":7,"time":1795226310.136,"type":"A","status":"FORWARDED","dnssec":"INSECURE",'
        b'"domain":"api.openai.com","upstream":"203.0.113.53#53","reply":{"type":"IP","time":0.012},'
        b'"client":{"ip":"10.0.0.7","name":"laptop.lan"},"list_id":null,'
        b'"ede":{"code":-1,"text":null},"cname":null}\n'
    )
    assert read(FORMAT, text).observations == [_seen()]


@pytest.mark.parametrize(
    ("status", "reply", "action"),
    [
        ("GRAVITY", None, Action.BLOCKED),
        ("REGEX", "IP", Action.BLOCKED),
        ("DENYLIST_CNAME", "IP", Action.BLOCKED),
        ("EXTERNAL_BLOCKED_EDE15", "NXDOMAIN", Action.BLOCKED),
        ("QUERY_EXTERNAL_BLOCKED_EDE15", "NXDOMAIN", Action.BLOCKED),
        ("CACHE_STALE", "IP", Action.ALLOWED),
        ("IN_PROGRESS", None, Action.ALLOWED),
        ("FORWARDED", "NXDOMAIN", Action.NXDOMAIN),
        ("CACHE", "SERVFAIL", Action.ERROR),
        ("FORWARDED", "REFUSED", Action.BLOCKED),
        ("UNKNOWN", "IP", Action.UNKNOWN),
        ("19", "IP", Action.UNKNOWN),
    ],
)
def test_what_became_of_a_query(status: str, reply: str | None, action: Action) -> None:
    text = _query(status=status, reply={"type": reply})
    assert read(FORMAT, text).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        ({"ip": "10.0.0.7", "name": None}, "10.0.0.7"),
        ({"ip": "2001:db8::7", "name": ""}, "2001:db8::7"),
        ({"ip": "0.0.0.0", "name": None}, None),
        ({"ip": 7, "name": ["x"]}, "7"),
        ({}, None),
    ],
)
def test_who_asked(client: dict[str, object], shown: str | None) -> None:
    assert read(FORMAT, _query(client=client)).observations == [_seen(client=shown)]


def test_nobodys_visits_are_counted_by_their_kind() -> None:
    text = (
        _query(domain="hidden", client={"ip": "0.0.0.0", "name": None})
        + _query(type="DS", client={"ip": "::", "name": "pi.hole"})
        + _query(domain="")
    )
    assert read(FORMAT, text).account == (
        0,
        {
            "domain hidden by the privacy level": 1,
            "query of Pi-hole itself": 1,
            "record without a host": 1,
        },
        0,
    )


@pytest.mark.parametrize("time", [None, True, "1795226310", 1e300, -1e300, [1]])
def test_a_bad_time_is_no_time(time: object) -> None:
    assert read(FORMAT, _query(time=time)).observations == [
        _seen(ts=None, time_quality=TimeQuality.NONE)
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"domain": None},
        {"domain": 7},
        {"status": "Allowed"},
        {"status": 2},
        {"client": "10.0.0.7"},
        {"reply": None},
    ],
)
def test_other_records_are_refused(changed: dict[str, object]) -> None:
    assert read(FORMAT, _query(**changed)).account == (0, {}, 1)


def test_f5_a_damaged_place_is_a_rejected_line() -> None:
    text = _query() + b'{"damaged":"a part of the database cannot be read"}\n' + _query()
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(), _seen(line=3)]
    assert reading.account == (2, {}, 1)
