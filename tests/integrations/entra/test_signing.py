"""Signing in to Microsoft with msal itself, against a token service on loopback."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from integrations.connector import Context, Stopped, Trouble
from integrations.entra.core import USERS
from integrations.entra.hosts import HOSTS
from integrations.entra.premium import AZURE_RESOURCES
from integrations.entra.signing import (
    TOKENS,
    MicrosoftCredentials,
    certificate_of,
    claims_of,
    sign_in,
)
from integrations.network import Network
from scanner.config import NetworkSettings
from scanner.errors import ConfigError, SourceError
from tests.integrations.entra.tenant import (
    CLIENT,
    CORE,
    SECRET,
    TENANT,
    Entra,
    client_certificate,
    served,
)


@contextmanager
def signed_in(entra: Entra, **settings: str) -> Iterator[MicrosoftCredentials]:
    """Sign in to a tenant on loopback."""
    with served(entra) as certificates:
        given = {"tenant": TENANT, "client_id": CLIENT, "login_host": entra.base, **settings}
        hosts = dict.fromkeys(("login", "graph", "management"), entra.base)
        network = Network(NetworkSettings(ca_file=str(certificates)), {})
        yield sign_in(Context(given, hosts, network, lambda: 0.0))


def token_of(credentials: MicrosoftCredentials) -> str:
    return credentials.headers(USERS)["Authorization"].removeprefix("Bearer ")


def test_a_certificate_signs_with_ps256_and_its_sha_256_thumbprint() -> None:
    whole, leaf, thumbprint = client_certificate()
    entra = Entra(certificate=leaf)
    with signed_in(entra, certificate=whole, client_secret=SECRET) as credentials:
        assert token_of(credentials)
        assert credentials.granted() == frozenset(CORE)
        assert not credentials.is_of_a_person
    (header,) = entra.headers
    told = base64.urlsafe_b64decode(header["x5t#S256"] + "==").hex()
    assert (header["alg"], told, len(header["x5c"])) == ("PS256", thumbprint, 1)
    assert [one["scope"] for one in entra.tokens] == [f"{entra.base}/.default"]
    assert "client_secret" not in entra.tokens[0]


def test_another_certificate_is_refused_and_the_advice_says_so() -> None:
    entra = Entra(certificate=client_certificate()[1])
    with (
        signed_in(entra, certificate=client_certificate()[0]) as credentials,
        pytest.raises(SourceError, match=r"certificate is not registered.*AADSTS700027"),
    ):
        credentials.headers(USERS)


def test_f15_msal_sends_what_is_declared_to_sign_in_and_nothing_else() -> None:
    entra = Entra()
    for settings in ({"client_secret": SECRET}, {"sign_in": "device"}):
        with signed_in(entra, **settings) as credentials:
            assert token_of(credentials)
            credentials.renew()
            assert token_of(credentials)
    declared = {f"{one.method} {one.path.format(tenant=TENANT)}" for one in TOKENS}
    assert set(entra.sent) == declared


def test_a_secret_and_a_wrong_one() -> None:
    with signed_in(Entra(), client_secret=SECRET) as credentials:
        assert token_of(credentials)
    with (
        signed_in(Entra(), client_secret="canary-8401") as credentials,
        pytest.raises(SourceError, match=r"secret is wrong.*AADSTS7000215") as raised,
    ):
        credentials.headers(USERS)
    assert "canary-8401" not in str(raised.value)
    assert "canary-8401" not in repr(credentials)


def test_a_token_is_asked_for_once_and_anew_when_it_is_of_no_use() -> None:
    entra = Entra()
    with signed_in(entra, client_secret=SECRET) as credentials:
        first = token_of(credentials)
        assert token_of(credentials) == first
        credentials.renew()
        assert token_of(credentials) != first
    assert len(entra.tokens) == 2


def test_graph_and_azure_have_a_token_each() -> None:
    entra = Entra()
    with served(entra) as certificates:
        hosts = {"login": entra.base, "graph": f"{entra.base}/g", "management": f"{entra.base}/m/"}
        settings = {"tenant": TENANT, "client_id": CLIENT, "client_secret": SECRET,
                    "login_host": entra.base}  # fmt: skip
        network = Network(NetworkSettings(ca_file=str(certificates)), {})
        credentials = sign_in(Context(settings, hosts, network, lambda: 0.0))
        assert credentials.headers(USERS) != credentials.headers(AZURE_RESOURCES)
    assert [one["scope"] for one in entra.tokens] == [
        f"{entra.base}/g/.default",
        f"{entra.base}/m/.default",
    ]


def test_a_person_enters_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    entra = Entra()
    with signed_in(entra, sign_in="device") as credentials:
        assert credentials.granted() == frozenset({"User.Read", "Directory.Read.All"})
        assert credentials.is_of_a_person
        first = token_of(credentials)
        credentials.renew()
        assert token_of(credentials) != first
    told = capsys.readouterr()
    assert told.err == "Enter ABC-DEF at https://login.example/device\n"
    assert told.out == ""
    assert [one["grant_type"].rpartition(":")[2] for one in entra.tokens] == [
        "device_code",
        "device_code",
        "refresh_token",
    ]


def test_f5_a_service_that_cannot_be_reached_may_be_later() -> None:
    entra = Entra()
    with served(entra) as certificates:
        network = Network(NetworkSettings(ca_file=str(certificates)), {})
        nowhere = "https://localhost:1"
        settings = {"tenant": TENANT, "client_id": CLIENT, "client_secret": SECRET,
                    "login_host": nowhere}  # fmt: skip
        hosts = {"login": nowhere, "graph": entra.base}
        credentials = sign_in(Context(settings, hosts, network, lambda: 0.0))
        with pytest.raises(Stopped, match="cannot be reached") as caught:
            credentials.headers(USERS)
        assert caught.value.meaning.trouble is Trouble.RETRY


class _Answered:
    """The session of a machine in Azure: its own token service is asked over plain HTTP."""

    status_code = 200
    headers: dict[str, str] = {}  # noqa: RUF012 - msal reads it
    text = (
        '{"access_token": "t.t.t", "expires_in": "3600", "token_type": "Bearer", "resource": "r"}'
    )

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    def requests_session(self) -> _Answered:
        return self

    def get(self, url: str, *, params: dict[str, str], **_: Any) -> _Answered:
        self.asked.append({"url": url, **params})
        return self

    def raise_for_status(self) -> None:
        pass


def test_a_managed_identity_needs_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IDENTITY_ENDPOINT", "MSI_ENDPOINT", "IDENTITY_HEADER"):
        monkeypatch.delenv(name, raising=False)
    network = _Answered()
    settings = {"tenant": TENANT, "client_id": CLIENT, "sign_in": "managed-identity"}
    credentials = sign_in(Context(settings, HOSTS[""], network, lambda: 0.0))
    assert credentials.headers(USERS) == {"Authorization": "Bearer t.t.t"}
    assert [(one["resource"], one["client_id"]) for one in network.asked] == [
        ("https://graph.microsoft.com", CLIENT)
    ]
    assert credentials.granted() is None


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({}, "nothing to sign in with"),
        ({"sign_in": "magic"}, "sign_in is one of"),
        ({"sign_in": "secret"}, "needs client_secret"),
        ({"client_secret": "x", "client_id": ""}, "client_id is not set"),
        ({"certificate": "no PEM"}, "no private key"),
        (
            {"certificate": "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"},
            "thumbprint",
        ),
    ],
)
def test_settings_that_do_not_fit_together(settings: dict[str, str], problem: str) -> None:
    given = {"tenant": TENANT, "client_id": CLIENT, **settings}
    with pytest.raises(ConfigError, match=problem):
        sign_in(Context(given, HOSTS[""], Network(NetworkSettings(), {}), lambda: 0.0))


def test_a_key_alone_goes_with_the_thumbprint_of_its_certificate() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"
    settings = {"certificate": key, "thumbprint": "A1:B2 C3", "certificate_password": "p"}
    assert certificate_of(settings) == {
        "private_key": key,
        "thumbprint": "A1B2C3",
        "passphrase": "p",
    }


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.W10.c", "a.\x00.c"])
def test_tokens_that_do_not_tell(token: str) -> None:
    assert claims_of(token) is None
