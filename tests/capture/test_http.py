"""HTTP/1 in packets: the host and the path of a request, and what became of it."""

from __future__ import annotations

import pytest

from tests.capture.making import counts, names, opening, read, tcp, tcp_back

_GET = b"GET /v1/models?key=secret HTTP/1.1\r\nUser-Agent: x\r\nHost: api.mistral.ai\r\n\r\n"


def test_a_request_and_its_status_without_the_query() -> None:
    told = read([opening(), tcp(_GET, port=80), tcp_back(b"HTTP/1.1 200 OK\r\n\r\n", port=80)])
    assert names(told) == [("http", "10.0.0.7", "api.mistral.ai")]
    assert (told[0]["method"], told[0]["path"], told[0]["status"]) == ("GET", "/v1/models", "200")
    assert "secret" not in repr(told)


@pytest.mark.parametrize("at_once", [1, 2, 100])
@pytest.mark.parametrize("cut", [1, 3, 30, 60, len(_GET) - 1])
def test_a_head_in_two_segments(cut: int, at_once: int) -> None:
    pieces = [tcp(_GET[:cut], port=80), tcp(_GET[cut:], 1 + cut, port=80)]
    told = read([opening(port=80), *pieces], at_once=at_once)
    assert names(told) == [("http", "10.0.0.7", "api.mistral.ai")]
    assert told[0]["up"] == len(_GET)


@pytest.mark.parametrize("at_once", [1, 100])
def test_every_request_of_a_connection_has_its_bytes(at_once: int) -> None:
    post = b"POST /v1/chat HTTP/1.1\r\nhost: API.OpenAI.com:8080\r\n\r\n" + bytes(500)
    told = read(
        [
            tcp(_GET, 1, port=80),
            tcp_back(b"HTTP/1.1 404 Not Found\r\n\r\n", port=80),
            tcp(post, 1 + len(_GET), port=80),
            tcp(bytes(1000), 1 + len(_GET + post), port=80),
            tcp_back(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(50), 99, port=80),
        ],
        at_once=at_once,
    )
    assert [(one["host"], one["status"], one["up"]) for one in told if "host" in one] == [
        ("api.mistral.ai", "404", len(_GET)),
        ("API.OpenAI.com", "200", len(post) + 1000),
    ]


def test_a_proxy_is_asked_by_whole_urls_and_by_connect() -> None:
    whole = b"GET http://claude.ai/chat?q=1 HTTP/1.1\r\nHost: other.example\r\n\r\n"
    told = read([tcp(whole, port=3128)])
    assert names(told) == [("http", "10.0.0.7", "claude.ai")]
    assert told[0]["path"] == "/chat"
    tunnel = read(
        [
            tcp(b"CONNECT claude.ai:443 HTTP/1.1\r\nHost: x\r\n\r\n", port=3128),
            tcp_back(b"HTTP/1.1 403 Forbidden\r\n\r\n", port=3128),
        ]
    )
    assert names(tunnel) == [("connect", "10.0.0.7", "claude.ai")]
    assert tunnel[0]["status"] == "403"


def test_a_request_that_was_captured_twice_counts_once() -> None:
    told = read([tcp(_GET, port=80), tcp(_GET, port=80)])
    assert names(told) == [("http", "10.0.0.7", "api.mistral.ai")]
    assert counts(told) == {"HTTP request seen twice": 1}


def test_requests_without_a_host_are_counted() -> None:
    told = read([tcp(b"GET / HTTP/1.0\r\n\r\n", port=80)])
    assert names(told) == []
    assert counts(told) == {"HTTP request without a host": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"GET",
        b"GET / HTTP/1.1\r\nHost: \r\n\r\n",
        b"GET / FTP/1.1\r\nHost: claude.ai\r\n\r\n",
        b"GETAWAY from here\r\nHost: claude.ai\r\n\r\n",
        b"POST " + b"x" * 1300,
        b"GET / HTTP/1.1\r\nX-Host: claude.ai\r\n\r\nHost: claude.ai\r\n\r\n",
    ],
)
def test_what_only_looks_like_a_request_names_nothing(content: bytes) -> None:
    assert names(read([opening(port=80), tcp(content, port=80)])) == []
