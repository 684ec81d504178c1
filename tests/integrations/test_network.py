"""F12: one configuration of the network for all three HTTP stacks, and nothing beside it."""

from __future__ import annotations

import os
import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import requests

from integrations.network import Network
from scanner.config import NetworkSettings
from scanner.errors import ConfigError
from tests.integrations.bay import Bay, reply, served

Get = Callable[[Network, str], int]


def _ours(network: Network, address: str) -> int:
    with network.client() as client:
        return client.get(address).status_code


def _theirs(network: Network, address: str) -> int:
    with network.requests_session() as session:
        return session.get(address).status_code


STACKS = pytest.mark.parametrize("get", [_ours, _theirs], ids=["ours", "of msal and google-auth"])


@pytest.fixture
def bay() -> Bay:
    found = Bay()
    found.always = lambda *_: reply(200, {})
    return found


@contextmanager
def _proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy on loopback; gives its address, and what it was asked to reach."""
    asked: list[str] = []

    class Tunnel(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            method, target, _ = self.rfile.readline().decode().split()
            asked.append(f"{method} {target}")
            while self.rfile.readline().strip():
                pass
            host, _, port = target.rpartition(":")
            with socket.create_connection((host, int(port))) as upstream:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                _carry(self.connection, upstream)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Tunnel) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()


def _carry(one: socket.socket, other: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([one, other], [], [], 5)
        if not ready:
            return
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            (other if source is one else one).sendall(data)


def _network(
    certificates: Path | None, environ: dict[str, str] | None = None, **more: Any
) -> Network:
    named = {"ca_file": str(certificates)} if certificates else {}
    return Network(NetworkSettings(**named, **more), environ or {})


@STACKS
def test_f12_a_certificate_that_is_configured_is_trusted(bay: Bay, get: Get) -> None:
    with served(bay) as certificates:
        assert get(_network(certificates), bay.base) == 200


@STACKS
def test_f12_one_that_is_not_is_refused(bay: Bay, get: Get) -> None:
    with (
        served(bay),
        pytest.raises(
            (httpx2.ConnectError, requests.exceptions.SSLError), match=r"(?i)certificate"
        ),
    ):
        get(_network(None), bay.base)


@STACKS
def test_f12_requests_ca_bundle_does_not_override_it(
    bay: Bay, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(Bay()) as others, served(bay) as certificates:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(others))
        monkeypatch.setenv("CURL_CA_BUNDLE", str(others))
        network = Network(NetworkSettings(ca_file=str(certificates)))
        assert get(network, bay.base) == 200
        assert "REQUESTS_CA_BUNDLE" in network.notes[0]
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates))
        with pytest.raises((httpx2.ConnectError, requests.exceptions.SSLError)):
            get(Network(NetworkSettings(ca_file=str(others))), bay.base)


@STACKS
def test_f12_ssl_cert_file_counts_where_nothing_is_configured(bay: Bay, get: Get) -> None:
    with served(bay) as certificates:
        assert get(_network(None, {"SSL_CERT_FILE": str(certificates)}), bay.base) == 200


@STACKS
def test_f12_requests_go_through_the_proxy(bay: Bay, get: Get) -> None:
    with served(bay) as certificates, _proxy() as (proxy, asked):
        assert get(_network(certificates, proxy=proxy), bay.base) == 200
        assert asked == [f"CONNECT {bay.base.removeprefix('https://')}"]


@STACKS
def test_f12_a_proxy_of_the_environment_counts_where_none_is_configured(bay: Bay, get: Get) -> None:
    with served(bay) as certificates, _proxy() as (proxy, asked):
        assert get(_network(certificates, {"HTTPS_PROXY": proxy}), bay.base) == 200
        assert get(_network(certificates, {"HTTPS_PROXY": proxy}, proxy=""), bay.base) == 200
        assert len(asked) == 1


@STACKS
@pytest.mark.parametrize("names", ["localhost", "other.example,localhost", "*"])
def test_f12_some_hosts_are_reached_without_the_proxy(bay: Bay, get: Get, names: str) -> None:
    with served(bay) as certificates, _proxy() as (proxy, asked):
        assert get(_network(certificates, {"NO_PROXY": names}, proxy=proxy), bay.base) == 200
        assert asked == []


@STACKS
def test_f12_a_proxy_of_the_process_does_not_leak_in(
    bay: Bay, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with served(bay) as certificates:
        assert get(Network(NetworkSettings(ca_file=str(certificates)), {}), bay.base) == 200


@STACKS
def test_f12_netrc_is_not_read(
    bay: Bay, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine localhost login ana password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setitem(os.environ, "NETRC", str(tmp_path / "netrc"))
    seen: list[Any] = []
    answer = bay.answer

    def noting(method: str, path: str, query: dict[str, str], headers: Any) -> Any:
        seen.append(headers.get("Authorization"))
        return answer(method, path, query, headers)

    bay.answer = noting  # type: ignore[method-assign]
    with served(bay) as certificates:
        get(_network(certificates), bay.base)
    assert seen == [None]


def test_f12_certificates_that_are_none_are_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("what")
    with pytest.raises(ConfigError, match="not certificates in PEM"):
        _network(tmp_path / "ca.pem").client()
    with pytest.raises(ConfigError, match="no such file"):
        _network(tmp_path / "other.pem").client()
    with served(Bay()) as certificates, pytest.raises(ConfigError, match="no proxy's address"):
        _network(certificates, proxy="what is this").client()
