"""Hits added up."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence import Gathering
from scanner.model import (
    OTHERS,
    Action,
    Channel,
    Evidence,
    EvidenceKey,
    Findings,
    Level,
    Observation,
    Sighting,
)
from scanner.privacy import Privacy, Pseudonyms
from scanner.shapes import Shapes
from tests.support import a_matcher, at

_WHEN = at("2026-11-21T01:58:30Z")
_DAY = 20_778  # days from 1970-01-01 to 2026-11-21
_TUNNEL = Observation(
    Channel.PROXY,
    "api.openai.com",
    _WHEN,
    Sighting.HTTP_CONNECT,
    client="10.0.0.7",
    user="ana",
    action=Action.ALLOWED,
    bytes_up=300,
    bytes_down=1832,
    line=7,
)
_QUERY = Observation(
    Channel.DNS,
    "chatgpt.com",
    _WHEN,
    Sighting.DNS_QUERY,
    client="10.0.0.7",
    action=Action.ALLOWED,
    qtype="A",
    line=3,
)


def _gathered(*observations: Observation) -> Findings:
    gathering = Gathering(a_matcher(), Shapes([]), Pseudonyms(b"k" * 32, Privacy.IDENTIFIED))
    gathering.add_all(observations)
    return gathering.findings


def _key(**changed: object) -> EvidenceKey:
    usual = EvidenceKey("openai.api", "ana", "user", _DAY, Channel.PROXY, Action.ALLOWED)
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_one_hit() -> None:
    findings = _gathered(_TUNNEL)
    assert findings.evidence == {
        _key(): Evidence(
            level=Level.CONNECTED,
            plain=1,
            bytes_up=300,
            bytes_down=1832,
            first=_WHEN,
            last=_WHEN,
            line=7,
        )
    }
    assert findings.hosts == {("openai.api", "api.openai.com"): 1}
    assert {name: found.product_key for name, found in findings.signatures.items()} == {
        "openai.api": "openai/product"
    }


def test_what_meets_no_signature_leaves_nothing() -> None:
    findings = _gathered(_TUNNEL._replace(value="www.example.org"))
    assert (findings.evidence, findings.hosts, findings.signatures) == ({}, {}, {})


def test_hits_of_one_key_add_up() -> None:
    later = _TUNNEL._replace(ts=_WHEN + timedelta(hours=2), line=99, bytes_up=20_000)
    sooner = _TUNNEL._replace(ts=_WHEN - timedelta(hours=1), line=5, bytes_up=None, bytes_down=None)
    assert _gathered(_TUNNEL, later, sooner).evidence == {
        _key(): Evidence(
            level=Level.USED,
            plain=3,
            bytes_up=20_300,
            bytes_down=3664,
            first=sooner.ts,
            last=later.ts,
            line=5,
        )
    }


def test_d22_the_three_questions_of_a_visit_are_one() -> None:
    questions = [_QUERY._replace(qtype=qtype) for qtype in ("A", "AAAA", "HTTPS")]
    (evidence,) = _gathered(*questions).evidence.values()
    assert (evidence.plain, evidence.ipv6, evidence.service) == (1, 1, 1)
    assert evidence.events == 1
    assert evidence.level is Level.RESOLVED


def test_d22_two_visits_are_two_and_types_go_by_their_other_names() -> None:
    qtypes = ("A", "A", "AAAA", "TYPE28", "type=65", "TYPE65")
    (evidence,) = _gathered(*(_QUERY._replace(qtype=qtype) for qtype in qtypes)).evidence.values()
    assert (evidence.plain, evidence.ipv6, evidence.service) == (2, 2, 2)
    assert evidence.events == 2


def test_d22_a_client_that_asks_for_ipv6_alone_is_counted() -> None:
    (evidence,) = _gathered(*[_QUERY._replace(qtype="AAAA")] * 3).evidence.values()
    assert evidence.events == 3


def test_how_far_an_act_got() -> None:
    reached = {
        (kind, sent): _TUNNEL._replace(kind=kind, bytes_up=sent).level
        for kind in Sighting
        for sent in (None, 10_000, 10_001)
    }
    a_name = {(kind, sent) for kind, sent in reached if kind in ("dns_query", "name")}
    a_page = {(kind, sent) for kind, sent in reached if kind == "http_url"}
    content = {(kind, sent) for kind, sent in reached if sent == 10_001} - a_name
    assert {one for one, level in reached.items() if level is Level.RESOLVED} == a_name
    assert {one for one, level in reached.items() if level is Level.USED} == a_page | content
    assert set(reached.values()) == {Level.RESOLVED, Level.CONNECTED, Level.USED}


def test_an_act_that_came_to_nothing_is_an_attempt_whatever_was_sent() -> None:
    passed = (Action.ALLOWED, Action.UNKNOWN)
    for action in Action:
        seen = _TUNNEL.become(action)
        assert seen == _TUNNEL._replace(action=action)
        loud = seen._replace(bytes_up=20_000)
        assert loud.level is (Level.USED if action in passed else Level.ATTEMPT)


def test_s5_a_repeat_adds_nothing() -> None:
    repeat = _TUNNEL._replace(action=Action.REPEAT, bytes_down=0)
    assert _gathered(repeat, _TUNNEL) == _gathered(_TUNNEL)
    assert _gathered(repeat).evidence == {}
    assert _gathered(repeat).hosts == {}


def test_the_bytes_of_a_connection_that_another_record_names_are_no_second_use() -> None:
    named = _TUNNEL._replace(kind=Sighting.TLS_SNI, bytes_up=None, bytes_down=None)
    flow = _TUNNEL._replace(kind=Sighting.FLOW, bytes_up=48_000, line=9)
    assert _gathered(named, flow).hosts == _gathered(named).hosts
    assert _gathered(named, flow).evidence == {
        _key(): Evidence(
            level=Level.USED,
            plain=1,
            bytes_up=48_000,
            bytes_down=1832,
            first=_WHEN,
            last=_WHEN,
            line=7,
        )
    }


def test_s3_a_challenge_stays_apart_and_is_an_attempt() -> None:
    challenge = _TUNNEL._replace(action=Action.CHALLENGED, user=None)
    evidence = _gathered(challenge, _TUNNEL).evidence
    assert {key: (one.level, one.events) for key, one in evidence.items()} == {
        _key(): (Level.CONNECTED, 1),
        _key(actor="10.0.0.7", actor_kind="client", action=Action.CHALLENGED): (Level.ATTEMPT, 1),
    }


def test_s4_a_block_stays_apart() -> None:
    evidence = _gathered(_TUNNEL._replace(action=Action.BLOCKED), _TUNNEL).evidence
    assert {key.action: one.level for key, one in evidence.items()} == {
        Action.BLOCKED: Level.ATTEMPT,
        Action.ALLOWED: Level.CONNECTED,
    }


def test_people_days_and_channels_are_kept_apart() -> None:
    findings = _gathered(
        _TUNNEL,
        _TUNNEL._replace(user="bob"),
        _TUNNEL._replace(ts=_WHEN + timedelta(days=1)),
        _TUNNEL._replace(ts=None),
        _TUNNEL._replace(channel=Channel.TLS),
        _TUNNEL._replace(user=None, client=None),
    )
    assert set(findings.evidence) == {
        _key(),
        _key(actor="bob"),
        _key(day=_DAY + 1),
        _key(day=None),
        _key(channel=Channel.TLS),
        _key(actor="", actor_kind="unknown"),
    }


def test_f17_times_before_1970_have_a_day_too() -> None:
    assert set(_gathered(_TUNNEL._replace(ts=at("1969-12-31T12:00:00Z"))).evidence) == {
        _key(day=-1)
    }


def test_hosts_of_a_detection_are_bounded_and_none_is_lost() -> None:
    findings = _gathered(*(_QUERY._replace(value=f"h{n}.chatgpt.com") for n in range(1000)))
    assert len(findings.hosts) == 201
    assert findings.hosts.total() == 1000
    assert findings.hosts["openai.web", OTHERS] == 800


_seen = st.builds(
    Observation,
    channel=st.sampled_from([Channel.DNS, Channel.PROXY]),
    value=st.sampled_from(["api.openai.com", "chatgpt.com", "x.chatgpt.com", "www.example.org"]),
    ts=st.none() | st.integers(0, 200_000).map(lambda seconds: _WHEN + timedelta(seconds=seconds)),
    kind=st.sampled_from([kind for kind in Sighting if kind not in (Sighting.APP, Sighting.FLOW)]),
    client=st.sampled_from([None, "10.0.0.7", "10.0.0.8"]),
    user=st.sampled_from([None, "ana", "bob"]),
    action=st.sampled_from(list(Action)),
    bytes_up=st.none() | st.integers(0, 50_000),
    bytes_down=st.none() | st.integers(0, 50_000),
    qtype=st.sampled_from([None, "A", "AAAA", "HTTPS"]),
    line=st.integers(1, 1000),
)


@given(st.lists(_seen, max_size=30), st.integers(0, 1000))
def test_the_order_of_observations_does_not_matter(seen: list[Observation], seed: int) -> None:
    shuffled = random.Random(seed).sample(seen, len(seen))
    assert _gathered(*shuffled) == _gathered(*seen)


@given(st.lists(_seen, max_size=30))
def test_no_hit_is_lost_and_none_is_made_up(seen: list[Observation]) -> None:
    findings = _gathered(*seen)
    hits = [
        one for one in seen if one.value != "www.example.org" and one.action is not Action.REPEAT
    ]
    uses = [one for one in hits if one.kind is not Sighting.FLOW]
    counted = [one.plain + one.ipv6 + one.service for one in findings.evidence.values()]
    assert sum(counted) == len(uses) == findings.hosts.total()
    assert sum(one.bytes_up for one in findings.evidence.values()) == sum(
        one.bytes_up or 0 for one in hits
    )
