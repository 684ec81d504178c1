"""Sophos Web Appliance's log, read."""

import pytest

from scanner.logs.formats.sophos_web import FORMAT
from scanner.model import Action, Channel, Observation, Sighting
from tests.support import at, read


def _line(
    request: str = "POST https://claude.ai/api/chat?q=1 HTTP/1.1", status: int = 200, act: int = 1
) -> bytes:
    return (
        f'h=10.0.0.7 u="CORP\\\\ana bell" s={status} X=- t=1795161662 T=284453 Ts=0 act={act} '
        f'cat="0x22" app="-" rsn=- threat="-" sav-ev=5.1 in=812 out=5120 meth=POST '
        f'ref="https://chatgpt.com/" ua="Mozilla/5.0 (X11)" req="{request}" dom="claude.ai" rule="0"\n'
    ).encode()


def test_a_request() -> None:
    assert read(FORMAT, _line()).observations == [
        Observation(
            channel=Channel.PROXY,
            value="claude.ai",
            ts=at("2026-11-20T08:01:02Z"),
            kind=Sighting.HTTP_URL,
            client="10.0.0.7",
            user="CORP\\ana bell",
            action=Action.ALLOWED,
            bytes_up=812,
            bytes_down=5120,
            path="/api/chat",
            line=1,
            method="POST",
        )
    ]


@pytest.mark.parametrize(
    ("act", "status", "action"),
    [
        (1, 200, Action.ALLOWED),
        (3, 200, Action.ALLOWED),
        (-1, 403, Action.BLOCKED),
        (-3, 403, Action.BLOCKED),
        (-2, 403, Action.CHALLENGED),
        (1, 407, Action.CHALLENGED),
        (1, 504, Action.ERROR),
    ],
)
def test_what_became_of_it(act: int, status: int, action: Action) -> None:
    text = _line("CONNECT claude.ai:443 HTTP/1.1", status, act)
    (seen,) = read(FORMAT, b"<27>Nov 20 08:01:02 swa1 " + text).observations
    assert (seen.value, seen.kind, seen.action) == ("claude.ai", Sighting.HTTP_CONNECT, action)


def test_lines_without_a_request_for_a_proxy() -> None:
    text = _line("GET / HTTP/1.1") + _line("-") + b'h=10.0.0.7 u="-"\n'
    assert read(FORMAT, text).account == (
        0,
        {"request that was no request": 2},
        1,
    )


def test_a_request_that_stands_inside_another_value_is_none() -> None:
    damaged = FORMAT.sample.splitlines()[0].replace(b' req="', b' ref="a req=')
    seen, tally = read(FORMAT, damaged)
    assert seen == []
    assert tally.ignored.total() + tally.rejected == 1
