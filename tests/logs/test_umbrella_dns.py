"""Cisco Umbrella's DNS log, read."""

import csv
import io
import random
from zoneinfo import ZoneInfo

import pytest

from scanner.logs.formats.umbrella_dns import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import a_matcher, at, read

_CELLS = (
    "2026-11-20 08:01:02",
    "Bell, Ana (ana@corp.example)",
    "Bell, Ana (ana@corp.example),LAP-7",
    "10.0.0.7",
    "203.0.113.7",
    "Allowed",
    "1 (A)",
    "NOERROR",
    "api.openai.com.",
    "Generative AI,Application",
    "AD Users",
    "AD Users,Roaming Computers",
    "",
    "506165",
    "",
    "8234970",
)
_HEADER = (
    b'"Timestamp","Most Granular Identity","Identities","Internal IP","External IP","Action",'
    b'"Query Type","Response Code","Domain","Categories","Most Granular Identity Type",'
    b'"Identity Types","Blocked Categories","Rule ID","Destination Countries","Organization ID"\n'
)


def _line(columns: int = 16, **changed: str) -> bytes:
    """Return a record; a change is named c5 for column 5, from 0."""
    cells = list(_CELLS)
    for name, cell in changed.items():
        cells[int(name[1:])] = cell
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells[:columns])
    return text.getvalue().encode()


def _seen(**changed: object) -> Observation:
    usual = Observation(
        channel=Channel.DNS,
        value="api.openai.com",
        ts=at("2026-11-20T08:01:02Z"),
        kind=Sighting.DNS_QUERY,
        client="10.0.0.7",
        user="Bell, Ana (ana@corp.example)",
        action=Action.ALLOWED,
        qtype="A",
        line=1,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


def test_a_record_in_utc_whatever_the_zone() -> None:
    assert read(FORMAT, _line(), zone=ZoneInfo("Asia/Tokyo")).observations == [_seen()]


@pytest.mark.parametrize("columns", [13, 14, 16])
def test_d17_columns_of_later_versions(columns: int) -> None:
    assert read(FORMAT, _line(columns)).observations == [_seen()]


def test_d17_ten_columns_name_no_types() -> None:
    text = _line(10) + _line(10, c1="Head Office", c2="Head Office,Site")
    assert read(FORMAT, text).observations == [_seen(), _seen(user=None, line=2)]


def test_d17_a_blank_after_a_comma_and_before_the_line() -> None:
    text = (
        b' "2026-11-20 08:01:02","ana", "ana,Site,Network", "10.0.0.7","203.0.113.7","Allowed",'
        b'"1 (A)", "NOERROR","api.openai.com.", "Chat,Photo Sharing"\n'
    )
    assert read(FORMAT, text).observations == [_seen(user=None)]


def test_a_header_says_nothing_new() -> None:
    reading = read(FORMAT, _HEADER + _line() + _HEADER + _line())
    assert reading.observations == [_seen(line=2), _seen(line=4)]
    assert reading.account == (2, {"header": 2}, 0)


@pytest.mark.parametrize(
    ("said", "rcode", "action"),
    [
        ("Allowed", "NOERROR", Action.ALLOWED),
        ("Proxied", "NOERROR", Action.ALLOWED),
        ("Blocked", "NOERROR", Action.BLOCKED),
        ("Blocked", "NXDOMAIN", Action.BLOCKED),
        ("Allowed", "NXDOMAIN", Action.NXDOMAIN),
        ("Allowed", "SERVFAIL", Action.ERROR),
        ("Allowed", "REFUSED", Action.BLOCKED),
        ("Allowed", "", Action.ALLOWED),
    ],
)
def test_what_became_of_a_query(said: str, rcode: str, action: Action) -> None:
    assert read(FORMAT, _line(c5=said, c7=rcode)).observations == [_seen(action=action)]


@pytest.mark.parametrize(
    ("label", "kind", "identities", "kinds", "user"),
    [
        ("ana", "AD Users", "ana,LAP-7", "AD Users,Networks", "ana"),
        ("LAP-7", "Roaming Computers", "LAP-7,ana", "Roaming Computers,AD Users", "ana"),
        ("LAP-7", "Roaming Computers", "LAP-7,Bell, Ana", "Roaming Computers,AD Users", None),
        ("Head Office", "Networks", "Head Office", "Networks", None),
        ("ana@corp.example", "SAML Users", "ana@corp.example", "SAML Users", "ana@corp.example"),
        ('Ana "B", Lee', "AD Users", 'Ana "B", Lee', "AD Users", 'Ana "B", Lee'),
        ("", "", "", "", None),
    ],
)
def test_the_person_among_the_identities(
    label: str, kind: str, identities: str, kinds: str, user: str | None
) -> None:
    text = _line(c1=label, c2=identities, c10=kind, c11=kinds)
    assert read(FORMAT, text).observations == [_seen(user=user)]


@pytest.mark.parametrize(
    ("inside", "outside", "kind", "client"),
    [
        ("10.1.1.1_1.", "203.0.113.7", "AD Users", "10.1.1.1"),
        ("2001:db8::7", "2001:db8::1", "AD Users", "2001:db8::7"),
        ("", "203.0.113.7", "Roaming Computers", "LAP-7"),
        ("", "203.0.113.7", "Networks", "203.0.113.7"),
        ("", "", "Networks", None),
    ],
)
def test_d17_d21_the_client_is_the_address_inside(
    inside: str, outside: str, kind: str, client: str | None
) -> None:
    text = _line(c1="LAP-7", c2="LAP-7", c3=inside, c4=outside, c10=kind, c11="Networks")
    seen = read(FORMAT, text).observations
    assert [one.client for one in seen] == [client]


@pytest.mark.parametrize(
    ("written", "qtype"),
    [
        ("65 (HTTPS)", "HTTPS"),
        ("28 (AAAA)", "AAAA"),
        ("64 (SVCB)", "SVCB"),
        ("257", "CAA"),
        ("65535", "65535"),
    ],
)
def test_d22_the_type_of_the_question(written: str, qtype: str) -> None:
    assert read(FORMAT, _line(c6=written)).observations == [_seen(qtype=qtype)]


def test_d6_d7_d8_d13_names() -> None:
    names = (
        "ApI.OpEnAi.CoM.",
        "192.6.18.104.in-addr.arpa.",
        "chatgpt.com.corp.example.",
        "chatgpt.com",
        "www.example.org.",
    )
    text = b"".join(_line(c8=name) for name in names)
    reading = read(FORMAT, text, hosts=a_matcher().host_table())
    assert reading.observations == [_seen(), _seen(value="chatgpt.com", line=4)]
    assert reading.account == (5, {}, 0)


def test_quotes_where_they_are_not_needed_may_be_missing() -> None:
    text = b"2026-11-20 08:01:02,LAP-7,LAP-7,10.0.0.7,203.0.113.7,Allowed,1 (A),NOERROR,api.openai.com.,Chat\n"
    assert read(FORMAT, text).observations == [_seen(user=None)]


def test_a_record_without_a_name_is_ignored() -> None:
    assert read(FORMAT, _line(c8="")).account == (0, {"record without a host": 1}, 0)


@pytest.mark.parametrize(
    "line",
    [
        _line(c1='Ana\n"B').split(b"\n")[0],  # a line break in a name
        _line(9),
        _line(c0="20/11/2026 08:01"),
        _line(c5="ALLOWED"),
        _line(c6="NOERROR"),
        _line(c8="Software/Technology,Chat"),  # a record without its domain
        b'"2026-11-20 08:01:02","Net","","10.0.0.7","203.0.113.9","","ALLOWED","https://claude.ai/"',
        b"a,b,c,d,e,f,g,h,i,j,k",
        b'""""""""',
    ],
)
def test_f4_f5_damaged_lines_and_those_of_others_are_rejected(line: bytes) -> None:
    reading = read(FORMAT, _line() + line.strip() + b"\n" + _line())
    assert [one.line for one in reading.observations] == [1, 3]
    assert reading.account == (2, {}, 1)


def test_the_short_way_and_the_long_one_come_to_the_same() -> None:
    """Unwanted records are passed over without reading them whole."""
    chance = random.Random(42017)
    labels = ("ana", "Bell, Ana (ana@corp.example)", "Allowed", 'A "B" C', "Blocked", 'x","y', "")
    text = b"".join(
        _line(
            chance.choice([10, 13, 14, 16]),
            c1=chance.choice(labels),
            c2=",".join(chance.choices(labels, k=2)),
            c5=chance.choice(["Allowed", "Blocked", "Proxied"]),
            c6=chance.choice(["1 (A)", "28 (AAAA)", "99 (SPF)"]),
            c8=chance.choice(["chatgpt.com.", "www.example.org.", "api.openai.com.", "."]),
            c9=chance.choice(labels),
        )
        for _ in range(500)
    )
    every = read(FORMAT, text)
    few = read(FORMAT, text, hosts=a_matcher().host_table())
    wanted = ("chatgpt.com", "api.openai.com")
    assert few.observations == [one for one in every.observations if one.value in wanted]
    assert few.account == every.account == (500, {}, 0)


def test_a_question_of_another_type() -> None:
    assert read(FORMAT, _line(c6="Other")).observations == [_seen(qtype="Other")]


def test_d17_a_header_without_blanks_in_its_names() -> None:
    header = _HEADER.replace(b"Query Type", b"QueryType").replace(b"Internal IP", b"InternalIp")
    reading = read(FORMAT, header + _line())
    assert len(reading.observations) == 1
    assert reading.account == (1, {"header": 1}, 0)
