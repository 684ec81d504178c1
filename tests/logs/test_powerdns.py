"""PowerDNS Recursor's log, read."""

import pytest

from scanner.logs.formats.powerdns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_QUESTION = (
    b'Nov 21 01:58:27 msg="Question" subsystem="syncres" level="0" prio="Info" tid="3" '
    b'ts="1795226307.936" ecs="" mtid="1" proto="udp" qname="api.openai.com" qtype="A" '
    b'remote="10.0.0.7:59554"\n'
)
_ANSWER = (
    b'Nov 21 01:58:27 msg="Answer" subsystem="syncres" level="0" prio="Info" tid="3" '
    b'ts="1795226307.936" additional="1" answers="1" dotout="0" ecs="" mtid="1" proto="udp" '
    b'qname="api.openai.com" qtype="A" rcode="0" rd="1" remote="10.0.0.7:59554" tcpout="0"\n'
)
_CACHED = (
    b'Nov 21 01:58:28 msg="Question answered from packet cache" subsystem="in" level="0" '
    b'prio="Notice" tid="3" ts="1795226308.582" proto="udp" qname="ApI.OpEnAi.CoM" qtype="A" '
    b'remote="10.0.0.8:56013" source="10.0.0.8:56013" tag="0"\n'
)
_PROSE = (
    b"Nov 21 01:58:27 ns1 pdns_recursor[77]: 2 [395002/1] question for 'api.openai.com|A' "
    b"from 10.0.0.7:56765\n"
)


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:27.936Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_question_and_its_answer_are_one_use() -> None:
    reading = read(FORMAT, _QUESTION + _ANSWER)
    assert reading.observations == [_seen(action=Action.ALLOWED)]
    assert reading.account == (1, {"answer": 1}, 0)


def test_a_question_that_the_packet_cache_answers_counts_too() -> None:
    reading = read(FORMAT, _QUESTION + _CACHED)
    assert reading.observations == [
        _seen(),
        _seen(ts=at("2026-11-21T01:58:28.582Z"), client="10.0.0.8", line=2),
    ]
    assert reading.account == (2, {}, 0)


@pytest.mark.parametrize(
    ("rcode", "action"),
    [(b"3", Action.NXDOMAIN), (b"2", Action.ERROR), (b"5", Action.BLOCKED)],
)
def test_outcomes(rcode: bytes, action: Action) -> None:
    answer = _ANSWER.replace(b'rcode="0"', b'rcode="%b"' % rcode)
    assert read(FORMAT, _QUESTION + answer).observations == [_seen(action=action)]


def test_an_answer_to_another_client_settles_nothing() -> None:
    answer = _ANSWER.replace(b"10.0.0.7", b"10.0.0.9")
    assert read(FORMAT, _QUESTION + answer).observations == [_seen()]


def test_json_says_the_same() -> None:
    text = (
        b'{"level":"0","msg":"Question","subsystem":"syncres","prio":"Info","tid":"3","ts":"1795226307.936",'
        b'"qname":"api.openai.com","qtype":"A","remote":"10.0.0.7:59554","ecs":null}\n'
        b'{"level":"0","msg":"Answer","subsystem":"syncres","prio":"Info","tid":"3","ts":"1795226307.940",'
        b'"qname":"api.openai.com","qtype":"A","rcode":3,"remote":"10.0.0.7:59554"}\n'
        b'{"level":"info","msg":"Question","qname":"api.openai.com"}\n'
        b'{"msg":"Question","subsystem":"syncres","prio":"Info","qname":7,"remote":[1]}\n'
    )
    reading = read(FORMAT, text)
    assert reading.observations[0] == _seen(action=Action.NXDOMAIN)
    assert reading.account[1:] == ({"answer": 1}, 1)


def test_the_older_prose() -> None:
    text = (
        _PROSE
        + b"Nov 21 01:58:27 ns1 pdns_recursor[77]: 2 [395002/1] answer to question 'api.openai.com|A': 1 answers\n"
        + b"Nov 21 01:58:28 ns1 pdns_recursor[77]: 2 question answered from packet cache tag=0 from 10.0.0.7:1\n"
        + b"Nov 21 01:58:28 ns1 pdns_recursor[77]: stats: 400 questions, 100 cache entries\n"
    )
    reading = read(FORMAT, text)
    assert reading.observations == [
        _seen(ts=at("2026-11-21T01:58:27Z"), time_quality=TimeQuality.ASSUMED_YEAR)
    ]
    assert reading.account == (1, {"notice": 3}, 0)


def test_d21_clients_of_ipv6() -> None:
    text = _QUESTION.replace(b"10.0.0.7:", b"[2001:db8::7]:") + _PROSE.replace(
        b"10.0.0.7:", b"[::1]:"
    )
    assert [one.client for one in read(FORMAT, text).observations] == ["2001:db8::7", "::1"]


def test_d3_d6_d7_escapes_case_and_dot() -> None:
    text = (
        _QUESTION.replace(b"api.openai.com", rb"with\032space.example.")
        + _QUESTION.replace(b"api.openai.com", b"ApI.OpEnAi.CoM.")
        + _QUESTION.replace(b"api.openai.com", b"192.6.18.104.in-addr.arpa")
    )
    assert [one.value for one in read(FORMAT, text).observations] == [
        "with space.example",
        "api.openai.com",
        "192.6.18.104.in-addr.arpa",
    ]
    known = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [one.value for one in known.observations] == ["api.openai.com"]


def test_a_zone_that_is_loaded_is_no_question() -> None:
    text = (
        b"Nov 21 01:58:17 PowerDNS Recursor 4.8.8 (C) 2001-2022 PowerDNS.COM BV\n"
        b'Nov 21 01:58:17 msg="Inserting forward zone based on hosts file" subsystem="config" level="0" '
        b'prio="Notice" tid="0" ts="1795226297.781" zone="api.openai.com"\n'
        b'Nov 21 01:58:17 msg="Exception in RecursorThread" error="Unable to open file" subsystem="runtime" '
        b'level="0" prio="Error" tid="0" ts="1795226297.826" exception="std::exception"\n'
        b"Nov 21 01:58:17 Using 64-bits mode. Built using gcc 12.2.0.\n"
        b'time="2026-11-21T01:58:17Z" level=error msg="Question" error="no answer"\n'
    )
    assert read(FORMAT, text).account == (0, {"notice": 3}, 2)


def test_questions_without_a_name_or_a_client() -> None:
    text = _QUESTION.replace(b"api.openai.com", b"") + _QUESTION.replace(
        b' remote="10.0.0.7:59554"', b""
    )
    reading = read(FORMAT, text)
    assert reading.observations == [_seen(client=None, line=2)]
    assert reading.account == (1, {"question without a name": 1}, 0)


def test_the_client_behind_a_proxy() -> None:
    text = _QUESTION.replace(b"59554", b"59554 (proxied by 10.0.0.2:4000)")
    assert read(FORMAT, text).observations == [_seen()]


def test_the_oldest_prose_counts_no_second_number() -> None:
    when, quality = at("2026-11-21T01:58:27Z"), TimeQuality.ASSUMED_YEAR
    text = _PROSE.replace(b"[395002/1]", b"[395002]")
    assert read(FORMAT, text).observations == [_seen(ts=when, time_quality=quality)]


def test_the_answer_in_prose_is_tied_by_the_number_of_its_thread() -> None:
    head = b"Nov 21 01:58:28 ns1 pdns_recursor[77]: 2 "
    answers = (
        head
        + b"[395003/2] answer to question 'api.openai.com|A': 1 answers, took 1 packets, rcode=0\n"
        + head
        + b"[395002/1] answer to question 'Api.OpenAI.com|A': 0 answers, took 1 packets, rcode=3\n"
    )
    reading = read(FORMAT, _PROSE + answers)
    assert [one.action for one in reading.observations] == [Action.NXDOMAIN]
    assert reading.account == (1, {"answer": 2}, 0)


def test_an_authoritative_server_beside_it_tells_of_nobodys_visit() -> None:
    text = b"Nov 21 01:58:28 ns1 pdns_server[7]: Remote 10.0.0.9 wants 'api.openai.com|A', do = 0\n"
    assert read(FORMAT, text).account == (0, {"notice": 1}, 0)
