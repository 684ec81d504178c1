"""dnsdist's LogAction, read."""

import pytest

from scanner.logs.formats.dnsdist import FORMAT
from scanner.model import Action, Channel, Observation, Sighting, TimeQuality
from tests.support import a_matcher, at, read

_LINE = b"[1795226308.658612118] Packet from 10.0.0.7:41416 for api.openai.com. A with id 18116\n"


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-21T01:58:28.658612Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_question() -> None:
    reading = read(FORMAT, _LINE)
    assert reading.observations == [_seen()]
    assert reading.account == (1, {}, 0)


def test_nanoseconds_have_no_leading_zeros() -> None:
    text = _LINE.replace(b"308.658612118", b"309.41700679")
    assert read(FORMAT, text).observations == [_seen(ts=at("2026-11-21T01:58:29.041701Z"))]


def test_through_syslog_it_has_the_time_of_the_relay() -> None:
    text = (
        b"<30>Nov 21 01:58:28 gw dnsdist[77]: "
        b"Packet from 10.0.0.7:41416 for api.openai.com. A with id 18116\n"
    )
    assert read(FORMAT, text).observations == [
        _seen(ts=at("2026-11-21T01:58:28Z"), time_quality=TimeQuality.ASSUMED_YEAR)
    ]


def test_without_any_time() -> None:
    text = b"Packet from 10.0.0.7:41416 for api.openai.com. A with id 18116\n"
    assert read(FORMAT, text).observations == [_seen(ts=None, time_quality=TimeQuality.NONE)]


@pytest.mark.parametrize(
    ("rcode", "action"),
    [
        (b"No Error", Action.ALLOWED),
        (b"Non-Existent domain", Action.NXDOMAIN),
        (b"Query Refused", Action.BLOCKED),
        (b"Server Failure", Action.ERROR),
    ],
)
def test_an_answer_tells_the_outcome_and_is_no_second_use(rcode: bytes, action: Action) -> None:
    answer = b"Answer to 10.0.0.7:41416 for api.openai.com. A (%b) with id 18116\n" % rcode
    reading = read(FORMAT, _LINE + answer)
    assert reading.observations == [_seen(action=action)]
    assert reading.account == (1, {"answer": 1}, 0)


def test_d3_escapes_of_master_files() -> None:
    text = (
        rb"[1795226309.630375943] Packet from 127.0.0.1:42262 for with\032space.example. A with id 51549"
        b"\n"
        rb'[1795226309.660185151] Packet from 127.0.0.1:53918 for we(ird)"na\\me.example. A with id 28038'
        b"\n"
        b"[1795226309.707466053] Packet from 127.0.0.1:35969 for . NS with id 7821\n"
    )
    assert [one.value for one in read(FORMAT, text).observations] == [
        "with space.example",
        'we(ird)"na\\me.example',
        ".",
    ]


def test_d6_d7_d8_case_dot_and_reverse_names() -> None:
    text = (
        b"[1795226309.4] Packet from 10.0.0.7:1 for ApI.OpEnAi.CoM. A with id 1\n"
        b"[1795226309.5] Packet from 10.0.0.7:1 for 192.6.18.104.in-addr.arpa. PTR with id 2\n"
    )
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert [one.value for one in reading.observations] == ["api.openai.com"]
    assert reading.account == (2, {}, 0)


def test_d21_clients_of_ipv6() -> None:
    text = b"[1795226309.4] Packet from [2001:db8::7]:4001 for chatgpt.com. HTTPS with id 1\n"
    assert [(one.client, one.qtype) for one in read(FORMAT, text).observations] == [
        ("2001:db8::7", "HTTPS")
    ]


def test_notices_are_ignored_and_other_lines_refused() -> None:
    text = (
        b"dnsdist 1.7.3 comes with ABSOLUTELY NO WARRANTY.\n"
        b"Marking downstream 10.0.0.1:53 as 'up'\n"
        b"Packet from nowhere\n"
        b"Dear diary, a Packet from home\n"
        b"[1795226202] unbound[7837:0] info: 10.0.0.7 api.openai.com. A IN\n"
    )
    assert read(FORMAT, text).account == (0, {"notice": 2}, 3)


def test_answers_alone_are_counted_for_their_questions() -> None:
    text = b"Answer to 10.0.0.7:41416 for api.openai.com. A (Query Refused) with id 18116\n"
    usual = _seen(ts=None, time_quality=TimeQuality.NONE, action=Action.BLOCKED)
    assert read(FORMAT, text).observations == [usual]
    hosts = a_matcher().host_table()
    unwanted = text.replace(b"api.openai.com", b"www.example.org")
    assert read(FORMAT, unwanted, hosts=hosts).account == (1, {}, 0)
    assert read(FORMAT, _LINE + unwanted, hosts=hosts).account == (1, {"answer": 1}, 0)
