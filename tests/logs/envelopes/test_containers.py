"""Docker, Kubernetes nodes, Fluentd and Fluent Bit."""

import pytest

from scanner.logs.envelopes import cri, docker, fluent
from scanner.model import TimeQuality
from tests.logs.envelopes.samples import SQUID, as_json, read_as
from tests.support import at, clock

_TEXT = SQUID.decode()
_TIME = "2026-11-21T01:58:27.489123456Z"
_WHEN = (at("2026-11-21T01:58:27.489123Z"), TimeQuality.EXACT)


def test_docker_gives_the_line_that_was_written() -> None:
    line = as_json({"log": _TEXT + "\n", "stream": "stderr", "time": _TIME})
    assert docker.peel(line) == [SQUID]
    assert docker.time(line, clock()) == _WHEN
    half = as_json({"log": "half a li", "stream": "stdout", "time": _TIME})
    assert docker.peel(half) == [b"half a li"]
    assert docker.peel(as_json({"log": "\n", "stream": "stdout", "time": _TIME})) == []
    with_attrs = {"log": "a\n", "stream": "stdout", "attrs": {"tag": "x"}, "time": _TIME}
    assert docker.peel(as_json(with_attrs)) == [b"a"]


@pytest.mark.parametrize(
    "line",
    [SQUID, b'{"log":"a"}', b'{"log":{"a":1},"stream":"stdout","time":"x"}', b'{"log":"a', b"{"],
)
def test_what_docker_did_not_write_is_left(line: bytes) -> None:
    assert docker.peel(line) is None


@pytest.mark.parametrize("flag", ["F", "P", "F:x"])
def test_a_nodes_log_gives_the_line_that_was_written(flag: str) -> None:
    line = f"{_TIME} stdout {flag} ".encode() + SQUID
    assert cri.peel(line) == [SQUID]
    assert cri.time(line, clock()) == _WHEN


def test_what_no_node_wrote_is_left() -> None:
    assert cri.peel(f"{_TIME} stdout ".encode() + SQUID) is None
    assert cri.peel(f"{_TIME} stdin F ".encode() + SQUID) is None
    assert cri.peel(SQUID) is None
    assert cri.peel(f"{_TIME} stderr F ".encode()) == []


@pytest.mark.parametrize(
    "line",
    [
        as_json({"log": _TEXT + "\n", "stream": "stdout"}),
        as_json({"log": _TEXT, "kubernetes": {"pod_name": "proxy-0"}, "docker": {}}),
        as_json({"message": _TEXT, "kubernetes": {"pod_name": "proxy-0"}}),
        as_json({"message": _TEXT, "container_name": "/proxy", "source": "stdout"}),
        as_json({"message": _TEXT, "host": "gw", "ident": "squid", "pid": "931"}),
        b'2026-11-21 01:58:27 +0000 kube.proxy: {"log":' + as_json(_TEXT) + b"}",
        b'2026-11-21T01:58:27+00:00\tkube.proxy\t{"log":' + as_json(_TEXT) + b"}",
    ],
)
def test_fluentd_gives_the_line_that_was_shipped(line: bytes) -> None:
    assert fluent.peel(line) == [SQUID]


def test_fluentd_may_have_understood_the_line() -> None:
    line = b'2026-11-21 01:58:27 +0000 dns: {"query":"api.openai.com"}'
    assert fluent.peel(line) == [b'{"query":"api.openai.com"}']
    assert fluent.time(line, clock()) == (at("2026-11-21T01:58:27Z"), TimeQuality.EXACT)


def test_the_tag_that_fluentd_took_off_stands_again_where_it_is_needed() -> None:
    entry = {"ident": "dnsmasq", "pid": "7", "message": "query[A] api.openai.com from 10.0.0.7"}
    assert fluent.peel(as_json(entry)) == [b"dnsmasq[7]: query[A] api.openai.com from 10.0.0.7"]
    assert read_as([as_json(entry)]) == ("dnsmasq", ["api.openai.com"])


@pytest.mark.parametrize(
    "line",
    [
        as_json({"message": _TEXT}),
        as_json({"level": "info", "message": "up and running", "time": _TIME}),
        as_json({"log": {"level": "info"}, "message": "x"}),
        as_json({"log": _TEXT, "stream": "stdout", "time": _TIME}),  # Docker's own
        b"2026-11-21 01:58:27 +0000 kube.proxy: text",
        b'{"log":"a',
    ],
)
def test_what_fluentd_did_not_ship_is_left(line: bytes) -> None:
    assert fluent.peel(line) is None


def test_the_time_of_a_shipped_line_is_that_of_the_event() -> None:
    for name, value in (("time", _TIME), ("@timestamp", _TIME), ("date", 1795226307.489123)):
        assert fluent.time(as_json({"log": "a", name: value}), clock()) == _WHEN
