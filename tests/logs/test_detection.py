"""Which format a log is in."""

import pytest

from scanner.logs.detection import SAMPLE_LINES, Verdict, judge, sample_lines
from scanner.logs.formats import dnsmasq, zeek_tsv
from scanner.registry import FORMATS, values
from tests.support import clock

_SQUID = b"1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - HIER_DIRECT/203.0.113.7 -\n"
_ORIGIN = (
    b'10.0.0.7 - ana [21/Nov/2026:01:58:30 +0000] "GET /x HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'
)


def _best(head: bytes) -> Verdict:
    return judge(values(FORMATS), sample_lines(head), clock())[0]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (_SQUID, "squid"),
        (b"\xef\xbb\xbf" + zeek_tsv.FORMAT.sample, "zeek-tsv"),  # F2
        (b'\xef\xbb\xbf{"time":1795226310,"url":"https://a.example/"}\n', "jsonl"),
        (zeek_tsv.FORMAT.sample.replace(b"\n", b"\r\n"), "zeek-tsv"),
        (dnsmasq.FORMAT.sample.replace(b"dnsmasq", b"dns\0masq"), "dnsmasq"),  # F11
        (b"#path\tdns\n#fields\tts\tquery\n#close\t2026-11-21-02-00-00\n", "zeek-tsv"),  # Z12
        (_SQUID * 6 + b"garbage\n" * 4, "squid"),
        (b"#path\tconn\n#fields\tts\tuid\tid.orig_h\n1\tC1\t10.0.0.7\n", "zeek-tsv"),
    ],
)
def test_a_log_is_known_by_its_lines(head: bytes, name: str) -> None:
    best = _best(head)
    assert (best.format.name, best.is_fit, best.why_refused) == (name, True, None)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n\n\n",
        b"# a comment\n",
        _ORIGIN * 5,  # S20
        b"Dear diary,\ntoday the weather was fine, and we went out.\n",
        b"1795226310.136\tC1\t10.0.0.7\tapi.openai.com\tA\tNOERROR\n" * 5,  # Z13
        b'{"level":"info","message":"up and running"}\n' * 5,
        b"time,client_ip,path,status\n2026-11-20T08:01:02Z,10.0.0.7,/x,200\n",
        _SQUID * 5 + b"garbage\n" * 5,
        bytes(range(256)) * 20,
    ],
)
def test_f14_what_no_format_understands_is_refused_in_words(head: bytes) -> None:
    verdicts = judge(values(FORMATS), sample_lines(head), clock())
    assert [one.format.name for one in verdicts if one.is_fit] == []
    assert all(one.why_refused for one in verdicts)


def test_the_refusal_names_the_line_and_the_reason() -> None:
    best = judge([dnsmasq.FORMAT], sample_lines(dnsmasq.FORMAT.sample + b"garbage\n" * 7), clock())[
        0
    ]
    assert best == Verdict(
        format=dnsmasq.FORMAT,
        lines=10,
        parsed=1,
        ignored=2,
        rejected=7,
        why_refused="7 of 10 lines refused, first line 4: not a line of dnsmasq",
    )


def test_verdicts_come_best_first_and_one_for_each_format() -> None:
    verdicts = judge(values(FORMATS), sample_lines(_SQUID * 3), clock())
    assert [one.rank for one in verdicts] == sorted((one.rank for one in verdicts), reverse=True)
    assert {one.format.name for one in verdicts} == {one.name for one in values(FORMATS)}


def test_the_sample_leaves_out_a_last_line_that_may_be_cut() -> None:
    assert sample_lines(b"a\r\nb\r\nc") == [b"a", b"b"]
    assert sample_lines(b"a\nb\n") == [b"a", b"b"]
    assert sample_lines(b"alone") == [b"alone"]
    assert sample_lines(b"a\n" * 10_000) == [b"a"] * SAMPLE_LINES
