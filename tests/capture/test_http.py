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


def test_a_target_with_spaces_is_asked_for_all_the_same() -> None:
    request = b"GET  /a b?c=1 HTTP/1.1 \r\nHost: claude.ai\r\n\r\n"
    (told, *_) = read([tcp(request, port=80)])
    assert (told["host"], told["path"]) == ("claude.ai", "/a b")


_POST = b"POST /v1 HTTP/1.1\r\nHost: chatgpt.com\r\nContent-Length: 40\r\n\r\n" + _GET[:40]
_PIPE = _GET + _POST + b"\r\n" + _GET.replace(b"api.mistral.ai", b"claude.ai")


@pytest.mark.parametrize("size", [7, 90, 200, 1448])
@pytest.mark.parametrize("at_once", [1, 100])
def test_requests_that_are_sent_without_waiting(size: int, at_once: int) -> None:
    pieces = [_PIPE[at : at + size] for at in range(0, len(_PIPE), size)]
    sent = [tcp(one, 1 + at * size, port=80) for at, one in enumerate(pieces)]
    told = read([opening(port=80), *sent], at_once=at_once)
    found = [name for _, _, name in names(told)]
    assert found[:1] == ["api.mistral.ai"]
    assert set(found) <= {"api.mistral.ai", "chatgpt.com", "claude.ai"}
    if size >= len(_PIPE):
        assert found == ["api.mistral.ai", "chatgpt.com", "claude.ai"]
    assert sum(one["up"] for one in told if "host" in one) == len(_PIPE)


def test_requests_sent_at_once_and_captured_twice_count_once() -> None:
    told = read([tcp(_PIPE, port=80), tcp(_PIPE, port=80)])
    assert len(names(told)) == 3


def test_a_body_of_unknown_length_hides_what_follows() -> None:
    chunked = b"POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n" + _GET
    assert [name for _, _, name in names(read([tcp(chunked, port=80)]))] == ["a.example"]


def test_many_requests_in_one_segment_neither_hang_nor_nest() -> None:
    told = read([tcp(b"GET / HTTP/1.1\r\nHost: a.b\r\n\r\n" * 2_000, port=80)])
    assert len(names(told)) == 2_000
