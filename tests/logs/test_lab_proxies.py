"""Genuine logs of Squid, nginx, HAProxy and web servers; they lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.hosts import fold
from scanner.logs.detection import judge
from scanner.registry import FORMATS, values
from tests.support import clock, lines_of, read

_LAB = Path(__file__).parents[2].parent / "shared" / "samples" / "logs"
_FORMATS = {one.name: one for one in values(FORMATS)}

pytestmark = pytest.mark.skipif(
    not _LAB.is_dir(), reason="the laboratory's logs are not beside the project"
)

_NATIVE = "squid/lab-squid-native.log"


@pytest.mark.parametrize("file", ["squid/lab-squid-common.log", "squid/lab-squid-combined.log"])
def test_squids_three_built_in_logs_of_one_run_agree(file: str) -> None:
    def facts(name: str, path: str) -> list[tuple[object, ...]]:
        seen = read(_FORMATS[name], (_LAB / path).read_bytes()).observations
        return [(x.value, x.kind, x.client, x.user, x.action, x.bytes_down, x.path) for x in seen]

    assert facts("squid-common", file) == facts("squid", _NATIVE)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (_NATIVE, "squid"),
        ("squid/lab-squid-common.log", "squid-common"),
        ("squid/lab-squid-combined.log", "squid-common"),
        ("squid/lab-squid-jsonl.log", "jsonl"),
        ("nginx/lab-nginx-stream-sni.log", "nginx-stream"),
    ],
)
def test_a_log_is_recognised(file: str, name: str) -> None:
    best = judge(_FORMATS.values(), lines_of((_LAB / file).read_bytes()), clock())[0]
    assert (best.format.name, best.is_fit, best.rejected) == (name, True, 0)


@pytest.mark.parametrize(
    "file",
    [
        "nginx/lab-nginx-combined.log",
        "nginx/lab-nginx-vcombined.log",
        "access_combined/lnav-logfile_access_log.0",
        "squid/lab-squid-cache.log",
        "squid/lab-squid-corp.log",
    ],
)
def test_s20_a_log_that_names_no_site_is_refused(file: str) -> None:
    verdicts = judge(_FORMATS.values(), lines_of((_LAB / file).read_bytes()), clock())
    assert [one.format.name for one in verdicts if one.is_fit] == []


def test_the_names_of_tls_passed_through_nginx() -> None:
    """As EXPECTED-lab.md puts it: 70 records, 16 hosts; one of the hosts is none, twice."""
    reading = read(
        _FORMATS["nginx-stream"], (_LAB / "nginx" / "lab-nginx-stream-sni.log").read_bytes()
    )
    names = [one.value for one in reading.observations]
    assert reading.account == (68, {"record without a host": 2}, 0)
    assert (len(set(names)), names.count("api.openai.com")) == (15, 8)
    assert names[:3] == ["api.openai.com", "chatgpt.com", "api.anthropic.com"]


def test_s21_every_host_that_haproxy_captured_is_read() -> None:
    path = _LAB / "syslog" / "lab-syslog-rfc3164-traditional.log"
    lines = [line for line in path.read_bytes().split(b"\n") if b"haproxy[" in line]
    captured = [
        fold(line.partition(b"{")[2].replace(b"|", b"}").partition(b"}")[0]) for line in lines
    ]
    reading = read(_FORMATS["haproxy"], b"\n".join(lines))
    assert [one.value for one in reading.observations] == captured
    assert reading.account == (30, {}, 0)


def test_haproxy_without_a_captured_host() -> None:
    reading = read(_FORMATS["haproxy"], (_LAB / "haproxy" / "lnav-logfile_haproxy.0").read_bytes())
    assert reading.account == (
        0,
        {"notice": 3, "record without a host field": 13, "connection that failed": 1},
        0,
    )
