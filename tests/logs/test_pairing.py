"""Questions that wait for their answer."""

from scanner.logs.pairing import Pending
from scanner.model import Action, Channel, Observation


def _seen(value: str) -> Observation:
    return Observation(Channel.DNS, value)


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


def test_many_questions_of_one_key_are_bounded_too() -> None:
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
