"""The last resort: hosts in lines of which nobody knows the format."""

from __future__ import annotations

import pytest

from scanner.logs.detection import judge, sample_lines
from scanner.logs.formats.names import FORMAT
from scanner.model import Action, Channel, Level, Observation, Sighting, TimeQuality
from scanner.registry import FORMATS, values
from tests.support import a_matcher, at, clock, read, within

_LINE = b"2026-11-20T08:01:02Z gw7 pass 10.0.0.7 api.openai.com tcp 443\n"
_SEEN = Observation(
    channel=Channel.LOG,
    value="api.openai.com",
    ts=at("2026-11-20T08:01:02Z"),
    kind=Sighting.NAME,
    line=1,
)


def _hosts(text: bytes) -> list[str]:
    return [one.value for one in read(FORMAT, text).observations]


def test_a_line_shows_a_name_and_a_time_and_no_more() -> None:
    (seen,) = read(FORMAT, _LINE).observations
    assert seen == _SEEN
    assert (seen.client, seen.action, seen.level) == (None, Action.UNKNOWN, Level.RESOLVED)


@pytest.mark.parametrize(
    ("begin", "when", "quality"),
    [
        (b"2026-11-20 09:01:02+01:00", at("2026-11-20T08:01:02Z"), TimeQuality.EXACT),
        (b"[2026-11-20 08:01:02,250]", at("2026-11-20T08:01:02.250Z"), TimeQuality.ASSUMED_ZONE),
        (b"2026/11/20 08:01:02", at("2026-11-20T08:01:02Z"), TimeQuality.ASSUMED_ZONE),
        (b"[20/Nov/2026:09:01:02 +0100]", at("2026-11-20T08:01:02Z"), TimeQuality.EXACT),
        (b"20-Nov-2026 08:01:02.5", at("2026-11-20T08:01:02.5Z"), TimeQuality.ASSUMED_ZONE),
        (b"20.11.2026 08:01:02", at("2026-11-20T08:01:02Z"), TimeQuality.ASSUMED_ZONE),
        (b"11/20/2026 8:01:02 AM", at("2026-11-20T08:01:02Z"), TimeQuality.ASSUMED_ZONE),
        (b"02/07/2026 08:01:02", None, TimeQuality.NONE),
        (b"1795161662", at("2026-11-20T08:01:02Z"), TimeQuality.EXACT),
        (b"1795161662.250", at("2026-11-20T08:01:02.250Z"), TimeQuality.EXACT),
        (b"1795161662250", at("2026-11-20T08:01:02.250Z"), TimeQuality.EXACT),
        (b"Nov 20 08:01:02 gw7", at("2026-11-20T08:01:02Z"), TimeQuality.ASSUMED_YEAR),
        (b"<134>Nov 20 08:01:02 gw7", at("2026-11-20T08:01:02Z"), TimeQuality.ASSUMED_YEAR),
        (b"Fri Nov 20 08:01:02 2026 gw7", at("2026-11-20T08:01:02Z"), TimeQuality.ASSUMED_ZONE),
        (b"<134>1 2026-11-20T08:01:02Z gw7", at("2026-11-20T08:01:02Z"), TimeQuality.EXACT),
    ],
)
def test_times_that_a_line_may_begin_with(begin: bytes, when: object, quality: TimeQuality) -> None:
    seen = read(FORMAT, begin + b" pass api.openai.com tcp\n").observations
    assert seen == [_SEEN._replace(ts=when, time_quality=quality)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        b"10.0.0.7,api.openai.com,443",
        b"10.0.0.7\tapi.openai.com\t443",
        b'"api.openai.com" allowed',
        b"host=api.openai.com allowed",
        b"host='api.openai.com' allowed",
        b"10.0.0.7; api.openai.com; 443",
        b"API.OPENAI.COM. IN A",
        b"api.openai.com asked api.openai.com again",
        b'api.openai.com "Mozilla/5.0 (see chatgpt.com for more)" 200',
        b"api.openai.com https://www.example.org/?next=chatgpt.com",
        b"ana@example.org api.openai.com",
        b"api.openai.com main.py app.log libc-2.31.so org.example.app 1.2.3 10.0.0.7 user.id",
    ],
)
def test_a_host_that_stands_by_itself(text: bytes) -> None:
    assert _hosts(b"2026-11-20T08:01:02Z " + text + b"\n") == ["api.openai.com"]


@pytest.mark.parametrize(
    "text",
    [
        b"https://api.openai.com/v1/models",
        b"www.example.net api.openai.com",
        b"from=ana@openai.com",
        b"/api.openai.com",
        b"api.openai.com/v1",
        b"api.openai.com?x=1",
        b"x?u=api.openai.com&v=1",
        b"referer=http://chatgpt.com/",
        b'"GET http://chatgpt.com/ HTTP/1.1" 200',
        b'"curl 7.88 for chatgpt.com" 200',
        b"[api.openai.com]",
        b"main.py",
        b"app.log",
        b"x.so",
        b"lib.rs",
        b"README.md",
        b"install.sh",
        b"release-1.2.zip",
        b"libcrypto.so",
        b"version 1.2.3",
        b"v2.0.1 started",
        b"com.example.app started",
        b"java.net started",
        b"System.Net started",
        b"Session.Id",
        b"user.id=7",
        b"10.0.0.7",
        b"2001:db8::7",
        b"gw.corp.example",
        b"host.internal",
        b"co.uk",
        b"openai",
        b"nothing here",
    ],
)
def test_what_is_no_host_or_not_the_only_one(text: bytes) -> None:
    reading = read(FORMAT, b"2026-11-20T08:01:02Z " + text + b"\n")
    assert (reading.observations, reading.account) == ([], (0, {}, 1))


@pytest.mark.parametrize(
    "line",
    [
        b"Nov 20 08:01:02 www.example.org sshd[7]: session opened for user ana",
        b"<38>Nov 20 08:01:02 www.example.org sshd[7]: session opened for user ana",
        b"<38>1 2026-11-20T08:01:02Z www.example.org app 7 - - session opened",
        b"2026-11-20T08:01:02+00:00 www.example.org kernel: eth0 is up",
    ],
)
def test_the_machine_that_wrote_a_line_is_no_host_in_it(line: bytes) -> None:
    assert _hosts(line + b"\n") == []
    assert _hosts(line + b" api.openai.com\n") == ["api.openai.com"]


def test_s11_a_host_in_a_parameter_is_never_taken() -> None:
    text = b"2026-11-20T08:01:02Z www.example.org /search?q=chatgpt.com&u=http://claude.ai/ 200\n"
    assert read(FORMAT, text, hosts=a_matcher().host_table()).observations == []
    assert _hosts(text) == ["www.example.org"]


def test_a_log_about_one_host_is_that_hosts_own() -> None:
    line = b"2026-11-20T08:01:02Z INFO www.example.org worker 7 took 12 ms\n"
    assert len(_hosts(line * 29)) == 29
    reading = read(FORMAT, line * 2500)
    assert (reading.observations, reading.account) == ([], (0, {}, 2500))
    assert {one.reason for one in reading.tally.rejects} == {
        "every line names the same host: its own"
    }


def test_a_burst_at_the_beginning_is_no_log_about_one_host() -> None:
    text = _LINE * 600 + _LINE.replace(b"api.openai.com", b"chatgpt.com") + _LINE * 600
    reading = read(FORMAT, text)
    assert [one.line for one in reading.observations] == list(range(1, 1202))
    assert reading.account == (1201, {}, 0)


def test_after_a_thousand_lines_about_one_host_others_still_count() -> None:
    text = _LINE * 1000 + _LINE.replace(b"api.openai.com", b"chatgpt.com") + _LINE
    reading = read(FORMAT, text)
    assert [one.value for one in reading.observations] == ["chatgpt.com", "api.openai.com"]
    assert reading.account == (2, {}, 1000)


_FIREWALL = b"".join(
    b"2026-11-20 08:01:%02d gw7 pass rule=%d 10.0.0.%d:52344 %b tcp 443\n" % (at, at, at, host)
    for at, host in enumerate([b"api.openai.com", b"www.example.org", b"chat.deepseek.com"] * 7)
)
_VHOSTS = (b"www.example.org", b"shop.example.org", b"blog.example.org")
_NOT_TAKEN = {
    "s20 an access log": b"".join(
        b'203.0.113.7 - - [21/Nov/2026:01:58:%02d +0000] "GET /x?u=http://chatgpt.com/ HTTP/1.1" 200 287 "https://chatgpt.com/" "curl/8 (api.openai.com)"\n'
        % at
        for at in range(30)
    ),
    "s20 an access log that begins with a time": b"".join(
        b"2026-11-20T08:01:%02dZ %b GET /index.html 200 203.0.113.%d\n" % (at, _VHOSTS[at % 3], at)
        for at in range(30)
    ),
    "s20 nginx's errors": b"".join(
        b'2026/11/21 01:58:%02d [error] 7#0: *1 open() "/x" failed (2: No such file), client: 203.0.113.7, server: %b, request: "GET / HTTP/1.1", host: "%b"\n'
        % (at, _VHOSTS[at % 3], _VHOSTS[at % 3])
        for at in range(30)
    ),
    "prose": b"On 20 November we met at www.example.org.\nThen we wrote to claude.ai about it.\n" * 9,
    "a diary": b"2026-11-20 08:01:02 We met, and spoke of chatgpt.com and claude.ai at length.\n" * 9,
    "source code": b'import openai\nclient = Client("api.openai.com")\nURL = "https://claude.ai/"\n' * 9,
    "configuration": b"server=api.openai.com\nupstream www.example.org;\n10.0.0.1 claude.ai\n" * 9,
    "an application": (
        b"2026-11-20 08:01:02,123 INFO [main] com.example.app.Client - starting\n"
        b"2026-11-20 08:01:03,123 INFO [main] com.example.app.Client - connecting to api.openai.com now\n"
        b"2026-11-20 08:01:04,123 WARN [main] com.example.app.Client - no answer from claude.ai yet\n"
        b"2026-11-20 08:01:05,123 INFO [pool-1] main.py:12 stopped\n"
    ) * 9,
    "a system's journal": b"".join(
        b"Nov 20 08:01:%02d %b systemd[1]: Started docker.service.\n" % (at, _VHOSTS[at % 3])
        for at in range(30)
    ),
    "a mail server": b"".join(
        b"Nov 20 08:01:%02d mx postfix/smtp[7]: A%d: to=<ana@openai.com>, relay=mx%d.example.org[203.0.113.7]:25, status=sent\n"
        % (at, at, at)
        for at in range(30)
    ),
}  # fmt: skip


def test_a_firewalls_log_of_its_own_kind_is_recognised() -> None:
    best = judge(values(FORMATS), sample_lines(_FIREWALL), clock())[0]
    assert (best.format.name, best.is_fit) == ("names", True)
    assert len(_hosts(_FIREWALL)) == 21


@pytest.mark.parametrize("what", sorted(_NOT_TAKEN))
def test_what_mentions_hosts_is_no_log_of_visits(what: str) -> None:
    (verdict,) = judge([FORMAT], sample_lines(_NOT_TAKEN[what]), clock())
    assert (verdict.is_fit, verdict.why_refused is None) == (False, False)


def test_it_is_quick_to_say_no() -> None:
    access = _NOT_TAKEN["s20 an access log"] * 3000
    with within(5):
        assert read(FORMAT, access).account == (0, {}, 90_000)
