"""Signing in at a server that was not written here: oidc-provider, which is OpenID-certified.

It runs in ``make test-contract``, where node and npm are there: see README.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jwt
import pytest
import trustme
from cryptography import x509

from integrations.connector import Context
from integrations.entra.core import USERS
from integrations.entra.signing import MicrosoftCredentials, sign_in
from integrations.network import Network
from scanner import output
from scanner.config import NetworkSettings
from scanner.errors import SourceError
from tests.integrations.entra.tenant import SECRET, TENANT, client_certificate

HERE = Path(__file__).parent
FOLDER = os.environ.get("GNOMON_CONTRACT", "")

pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (Path(FOLDER) / "node_modules" / "oidc-provider").is_dir(),
    reason="needs node and what npm installs: make test-contract",
)


class Provider(NamedTuple):
    """The server: where it is, whom to trust, and the key of the client that has a certificate."""

    base: str
    ca_file: str
    pem: str

    def credentials(self, client: str, **settings: str) -> MicrosoftCredentials:
        network = Network(NetworkSettings(proxy="", ca_file=self.ca_file), {})
        given = {"tenant": TENANT, "client_id": client, "login_host": self.base, **settings}
        return sign_in(Context(given, {"login": self.base, "graph": self.base}, network, time.time))

    def approve(self, code: str) -> None:
        """Enter a code, as the person would who was shown it."""
        network = Network(NetworkSettings(proxy="", ca_file=self.ca_file), {})
        with network.client() as client:
            answer = client.get(f"{self.base}/approve", params={"user_code": code})
            assert answer.text == "approved"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    folder = tmp_path_factory.mktemp("oidc-provider")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    made = authority.issue_cert("localhost", "127.0.0.1")
    made.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    pem, leaf, _ = client_certificate()
    key = x509.load_pem_x509_certificate(leaf).public_key()
    jwk = json.loads(jwt.algorithms.RSAPSSAlgorithm.to_jwk(key))  # type: ignore[arg-type]
    (folder / "client.jwk.json").write_text(json.dumps(jwk))
    with subprocess.Popen(
        ["node", "oidc_provider.mjs", str(folder)],
        cwd=HERE,
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        try:
            yield Provider(base, str(folder / "ca.pem"), pem)
        finally:
            server.terminate()


def test_it_came_up_on_loopback(provider: Provider) -> None:
    assert provider.base.startswith("https://localhost:")


def test_a_secret_is_accepted_and_a_token_is_kept(provider: Provider) -> None:
    credentials = provider.credentials("by-secret", client_secret=SECRET)
    first = credentials.headers(USERS)
    assert first["Authorization"].startswith("Bearer ")
    assert credentials.headers(USERS) == first
    credentials.renew()
    assert credentials.headers(USERS) != first
    assert credentials.granted() is None  # its tokens tell nothing


def test_a_wrong_secret_is_refused_and_told(provider: Provider) -> None:
    credentials = provider.credentials("by-secret", client_secret="another")
    with pytest.raises(SourceError, match="Microsoft gives no token: client authentication failed"):
        credentials.headers(USERS)


def test_a_certificate_signs_what_a_certified_server_accepts(provider: Provider) -> None:
    credentials = provider.credentials("by-certificate", certificate=provider.pem)
    assert credentials.headers(USERS)["Authorization"].startswith("Bearer ")


def test_another_certificate_is_refused(provider: Provider) -> None:
    credentials = provider.credentials("by-certificate", certificate=client_certificate()[0])
    with pytest.raises(SourceError, match="gives no token"):
        credentials.headers(USERS)


def test_a_person_enters_a_code(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def say(text: str) -> None:
        told.append(text)
        provider.approve(text.rpartition(" ")[2])

    monkeypatch.setattr(output, "say", say)
    credentials = provider.credentials("by-person", sign_in="device")
    assert credentials.is_of_a_person
    first = credentials.headers(USERS)
    assert first["Authorization"].startswith("Bearer ")
    assert credentials.headers(USERS) == first
    assert len(told) == 1
