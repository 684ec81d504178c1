"""Questions that wait for their answer."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.hosts import HostTable
from scanner.logs import Batch, Format, Tally
from scanner.logs.formats import bind, dnsmasq, unbound
from scanner.logs.pairing import WINDOW, Pending
from scanner.model import Action, Channel, Observation
from tests.support import clock


def _seen(value: str, line: int = 0) -> Observation:
    return Observation(Channel.DNS, value, line=line)


def test_an_answer_settles_its_question() -> None:
    pending = Pending()
    assert list(pending.hold("a", _seen("a"))) == []
    assert pending.holds("a")
    assert list(pending.settle("a", Action.BLOCKED)) == [_seen("a")._replace(action=Action.BLOCKED)]
    assert not pending
    assert list(pending.rest()) == []


def test_a_second_answer_settles_nothing() -> None:
    pending = Pending()
    list(pending.hold("a", _seen("a")))
    list(pending.settle("a", Action.BLOCKED))
    assert list(pending.settle("a", Action.ALLOWED)) == []
    assert list(pending.settle("never asked", Action.ALLOWED)) == []


def test_questions_of_one_key_share_one_answer() -> None:
    pending = Pending()
    assert list(pending.hold("a", _seen("first"))) == []
    assert list(pending.hold("a", _seen("second"))) == []
    assert list(pending.settle("a", Action.BLOCKED)) == [
        _seen("first")._replace(action=Action.BLOCKED),
        _seen("second")._replace(action=Action.BLOCKED),
    ]
    assert not pending


def test_what_is_presumed_holds_until_a_line_tells() -> None:
    pending = Pending()
    list(pending.hold("a", _seen("a")))
    list(pending.hold("b", _seen("b")))
    for key in ("a", "b", "never asked"):
        pending.presume(key, Action.NXDOMAIN)
    assert (pending.presumed("a"), pending.presumed("never asked")) == (Action.NXDOMAIN, None)
    assert list(pending.settle("a", Action.ALLOWED)) == [_seen("a")._replace(action=Action.ALLOWED)]
    assert list(pending.rest()) == [_seen("b")._replace(action=Action.NXDOMAIN)]


def test_a_settled_question_is_remembered_as_asked() -> None:
    pending = Pending(window=5)
    list(pending.hold("a", _seen("a", 1)))
    list(pending.settle("a", Action.ALLOWED))
    assert (pending.holds("a"), pending.was_asked("a")) == (False, True)
    assert list(pending.advance(6)) == []
    assert pending.was_asked("a")
    assert list(pending.advance(7)) == []
    assert not pending.was_asked("a")


def test_what_no_line_of_the_window_settled_goes_as_it_is() -> None:
    pending = Pending(window=5)
    list(pending.hold("a", _seen("early", 1)))
    list(pending.hold("a", _seen("late", 4)))
    assert list(pending.advance(6)) == []
    assert list(pending.advance(7)) == [_seen("early", 1)]
    assert list(pending.settle("a", Action.BLOCKED)) == [
        _seen("late", 4)._replace(action=Action.BLOCKED)
    ]


def test_many_questions_of_one_line_are_bounded_too() -> None:
    pending = Pending(bound=2)
    gone = [one for number in range(5) for one in pending.hold("a", _seen(str(number)))]
    left = list(pending.rest())
    assert gone + left == [_seen(str(number)) for number in range(5)]
    assert len(left) <= 2


def test_the_oldest_goes_when_it_is_full() -> None:
    pending = Pending(bound=2)
    gone = [one for key in "abc" for one in pending.hold(key, _seen(key))]
    assert gone == [_seen("a")]
    assert list(pending.rest()) == [_seen("b"), _seen("c")]


def test_what_nobody_answered_comes_in_the_order_of_asking_and_once() -> None:
    pending = Pending()
    for key in "cab":
        list(pending.hold(key, _seen(key)))
    assert list(pending.rest()) == [_seen("c"), _seen("a"), _seen("b")]
    assert list(pending.rest()) == []


_Event = tuple[str, str]
_Read = Callable[[list[tuple[int, _Event]]], Iterable[Observation]]


def _reader(window: int) -> _Read:
    """Return a reader of events that uses all that a Pending can do."""

    def read(events: list[tuple[int, _Event]]) -> Iterator[Observation]:
        pending = Pending(window)
        for number, (what, key) in events:
            if what == "ask":
                yield from pending.hold(key, _seen(key, number))
                continue
            yield from pending.advance(number)
            if what == "presume":
                pending.presume(key, Action.NXDOMAIN)
            elif pending.was_asked(key):
                is_sure = pending.presumed(key) is Action.NXDOMAIN
                yield from pending.settle(key, Action.BLOCKED if is_sure else Action.ALLOWED)
            else:
                yield _seen(key, number)._replace(action=Action.ALLOWED)
        yield from pending.rest()

    return read


def _in_pieces(
    read: _Read, events: list[tuple[int, _Event]], cuts: list[int], window: int
) -> list[Observation]:
    ends = [0, *sorted(cut % (len(events) + 1) for cut in cuts), len(events)]
    return [
        one
        for begin, end in pairwise(ends)
        for one in read(events[max(0, begin - window) : end + window])
        if begin < one.line <= end
    ]


def _by_line(seen: Iterable[Observation]) -> list[Observation]:
    return sorted(seen, key=lambda one: (one.line, one.action))


@given(
    events=st.lists(
        st.tuples(
            st.sampled_from(["ask", "ask", "tell", "presume", "noise"]), st.sampled_from("ab")
        ),
        max_size=40,
    ),
    cuts=st.lists(st.integers(0, 40), max_size=4),
    window=st.integers(1, 6),
)
@settings(max_examples=400)
def test_a_log_may_be_cut_at_any_line(events: list[_Event], cuts: list[int], window: int) -> None:
    said = [(number, event) for number, event in enumerate(events, 1) if event[0] != "noise"]
    numbered = list(enumerate(events, 1))

    def read(part: list[tuple[int, _Event]]) -> Iterable[Observation]:
        return _reader(window)([one for one in part if one[1][0] != "noise"])

    assert _by_line(_in_pieces(read, numbered, cuts, window)) == _by_line(_reader(window)(said))


_NAMED = b"21-Nov-2026 01:58:26.853 queries: info: client @0x7f71 10.0.0.%d#41 (api.openai.com): "
_LINES = {
    "bind": (
        bind.FORMAT,
        (
            _NAMED + b"query: api.openai.com IN A + (10.0.0.1)",
            _NAMED + b"rpz QNAME NXDOMAIN rewrite api.openai.com/A/IN via api.openai.com.rpz",
            _NAMED + b"query failed (SERVFAIL) for api.openai.com/IN/A at query.c:5708",
            b"client 10.0.0.%d#41: UDP: query: api.openai.com IN A response: NOERROR +",
        ),
        b"21-Nov-2026 01:58:26.853 general: info: running",
    ),
    "unbound": (
        unbound.FORMAT,
        tuple(
            b"[1795226310] unbound[7:0] info: " + message
            for message in (
                b"10.0.0.%d api.openai.com. A IN",
                b"openai.com. static 10.0.0.%d@53550 api.openai.com. A IN",
                b"10.0.0.%d api.openai.com. A IN NXDOMAIN 0.000000 1 59",
                b"10.0.0.%d api.openai.com. A IN NOERROR 0.000000 1 59",
            )
        ),
        b"[1795226310] unbound[7:0] info: generate keytag query _ta-4f66. NULL IN",
    ),
    "dnsmasq": (
        dnsmasq.FORMAT,
        tuple(
            b"Nov 21 01:56:40 dnsmasq[7787]: " + message
            for message in (
                b"query[A] api.openai.com from 10.0.0.%d",
                b"reply %d.openai.com is 203.0.113.7",
                b"reply api.openai.com is NXDOMAIN",
                b"gravity blocked api.openai.com is 0.0.0.0",
            )
        ),
        b"Nov 21 01:56:40 dnsmasq[7787]: reply www.example.org is 203.0.113.8",
    ),
}


@pytest.mark.parametrize("name", sorted(_LINES))
@given(
    choices=st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 2), st.sampled_from([0, 0, 1, 1998, 1999])),
        min_size=1,
        max_size=12,
    ),
    cuts=st.lists(st.integers(0, 30_000), min_size=1, max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_the_readers_that_pair_lines_may_be_cut(
    name: str, choices: list[tuple[int, int, int]], cuts: list[int]
) -> None:
    log_format, shapes, filler = _LINES[name]
    lines: list[bytes] = []
    for which, client, gap in choices:
        shape = shapes[which]
        lines += [shape % client if b"%d" in shape else shape, *[filler] * gap]
    assert log_format.window == WINDOW

    def read(part: list[tuple[int, bytes]]) -> Iterable[Observation]:
        return _read(log_format, part)

    numbered = list(enumerate(lines, 1))
    assert _by_line(_in_pieces(read, numbered, cuts, WINDOW)) == _by_line(read(numbered))  # type: ignore[arg-type]


def _read(log_format: Format, part: list[tuple[int, bytes]]) -> list[Observation]:
    batch = Batch([number for number, _ in part], [line for _, line in part])
    return list(log_format.read([batch], HostTable.of_every_host(), Tally(), clock()))
