"""Signing in, against a service on loopback that verifies every signature."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from integrations.connector import Context, Stopped, Trouble
from integrations.google import CONNECTOR, chrome, cloud, directory, reports
from integrations.google.signing import GoogleCredentials, client_id_of
from integrations.network import Network
from scanner.config import NetworkSettings
from scanner.errors import ConfigError
from tests.integrations.google.loopback import ACCOUNT, CLIENT_ID, Google, Rerouted

ADMIN = "admin@example.com"


@pytest.fixture
def google(tmp_path: Path) -> Iterator[Google]:
    with Google(tmp_path) as one:
        one.delegated = {scope for op in CONNECTOR.operations for scope in op.scopes[0]}
        yield one


def credentials(google: Google, **settings: str) -> GoogleCredentials:
    network = Network(NetworkSettings(ca_file=str(google.ca_file)), environ={})
    given: Mapping[str, str] = {"admin": ADMIN, "key": google.key_file(), **settings}
    hosts = {**CONNECTOR.hosts[""], "token": given.get("token_host", google.address)}
    return GoogleCredentials(Context(given, hosts, network, time.time))


def test_a_token_is_signed_for_in_the_administrator_s_name(google: Google) -> None:
    signed = credentials(google)
    assert signed.headers(directory.USERS) == {"Authorization": "Bearer token-1"}
    assert signed.headers(directory.USERS) == {"Authorization": "Bearer token-1"}
    (claims,) = google.claims
    assert (claims["iss"], claims["sub"]) == (ACCOUNT, ADMIN)
    assert claims["scope"] == "https://www.googleapis.com/auth/admin.directory.user.readonly"
    assert claims["exp"] - claims["iat"] == 3600


def test_operations_of_one_scope_share_a_token(google: Google) -> None:
    signed = credentials(google)
    tokens = [signed.headers(one) for one in (reports.TOKEN_AUTHORIZE, reports.GEMINI_ACTIVITY)]
    assert tokens[0] == tokens[1] != signed.headers(chrome.SAAS_USAGE)
    assert len(google.claims) == 2


def test_cloud_is_asked_in_the_account_s_own_name(google: Google) -> None:
    credentials(google).headers(cloud.PROJECTS)
    (claims,) = google.claims
    assert "sub" not in claims
    assert claims["scope"] == "https://www.googleapis.com/auth/cloud-platform.read-only"


def test_a_token_is_renewed(google: Google) -> None:
    signed = credentials(google)
    signed.headers(directory.USERS)
    signed.renew()
    assert signed.headers(directory.USERS) == {"Authorization": "Bearer token-2"}


def test_one_scope_that_was_not_delegated_costs_one_operation(google: Google) -> None:
    google.delegated -= set(chrome.SAAS_USAGE.scopes[0])
    signed = credentials(google)
    assert signed.headers(directory.USERS)
    with pytest.raises(Stopped) as stopped:
        signed.headers(chrome.SAAS_USAGE)
    meaning = stopped.value.meaning
    assert meaning.trouble is Trouble.DENIED
    assert meaning.advice == (
        f"not delegated: enter client id {CLIENT_ID} with "
        "https://www.googleapis.com/auth/chrome.management.reports.readonly under "
        "Security, Access and data control, API controls, Domain-wide delegation"
    )


def test_a_wrong_clock_is_named(google: Google) -> None:
    google.skew = 4000.0
    with pytest.raises(Stopped, match="the clock of this machine is wrong"):
        credentials(google).headers(directory.USERS)


def test_a_key_that_was_withdrawn(google: Google) -> None:
    with pytest.raises(Stopped, match="no key of the service account any more"):
        credentials(google, key=google.key_file(is_other=True)).headers(directory.USERS)


def test_an_administrator_whom_nobody_knows(google: Google) -> None:
    with pytest.raises(Stopped, match=r"Google knows no user nobody@example\.com"):
        credentials(google, admin="nobody@example.com").headers(directory.USERS)


def test_no_service_for_tokens(google: Google) -> None:
    with pytest.raises(Stopped, match="no answer from the service that gives tokens"):
        credentials(google, token_host="https://127.0.0.1:1").headers(directory.USERS)


def test_f15_what_a_key_signed_is_not_sent_where_its_file_says(google: Google) -> None:
    key = json.loads(google.key_file()) | {"token_uri": "https://127.0.0.1:1/token"}
    assert credentials(google, key=json.dumps(key)).headers(directory.USERS)


def test_nothing_secret_is_said(google: Google) -> None:
    key = json.loads(google.key_file(is_other=True))
    signed = credentials(google, key=json.dumps(key))
    with pytest.raises(Stopped) as stopped:
        signed.headers(directory.USERS)
    shown = f"{stopped.value!r} {stopped.value} {stopped.value.__cause__!r} {signed!r}"
    for line in key["private_key"].splitlines():
        assert line not in shown


@pytest.mark.parametrize("key", ["no JSON", "[]", "{}", '{"type": "authorized_user"}'])
def test_what_is_no_key_file(google: Google, key: str) -> None:
    with pytest.raises(ConfigError, match="no key file of a service account"):
        credentials(google, key=key)


def test_a_key_file_without_a_key(google: Google) -> None:
    key = {**json.loads(google.key_file()), "private_key": "canary-4711"}
    with pytest.raises(ConfigError, match="no key file of a service account") as error:
        credentials(google, key=json.dumps(key)).headers(directory.USERS)
    assert "canary-4711" not in str(error.value)


def test_nothing_that_signs(google: Google) -> None:
    with pytest.raises(ConfigError, match="set key or impersonate"):
        credentials(google, key="")


def test_a_token_tells_nothing_of_its_scopes(google: Google) -> None:
    signed = credentials(google)
    assert signed.granted() is None
    assert signed.is_of_a_person is False


def keyless(google: Google, folder: Path, patch: pytest.MonkeyPatch) -> GoogleCredentials:
    """Return credentials without a key, on a machine where a service account is signed in."""
    (folder / "machine.json").write_text(google.key_file())
    patch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(folder / "machine.json"))
    settings = {"admin": ADMIN, "impersonate": "reader@harbour.iam.gserviceaccount.com"}
    return GoogleCredentials(Context(settings, CONNECTOR.hosts[""], Rerouted(google), time.time))


def test_without_a_key_the_machine_s_account_has_it_signed(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = keyless(google, tmp_path, monkeypatch)
    assert signed.headers(directory.USERS) == {"Authorization": "Bearer token-2"}
    assert google.signed == ["reader@harbour.iam.gserviceaccount.com"]
    own, delegated = google.claims
    assert "sub" not in own
    assert (delegated["iss"], delegated["sub"]) == ("reader@harbour.iam.gserviceaccount.com", ADMIN)
    assert delegated["scope"] == directory.USERS.scopes[0][0]


def test_a_machine_s_account_that_may_not_sign(
    google: Google, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.may_sign = False
    with pytest.raises(Stopped, match="needs Service Account Token Creator"):
        keyless(google, tmp_path, monkeypatch).headers(directory.USERS)


def test_a_machine_on_which_nobody_is_signed_in(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    from google.auth.exceptions import DefaultCredentialsError

    def nobody(**_: object) -> None:
        raise DefaultCredentialsError("none")

    monkeypatch.setattr("google.auth.default", nobody)
    signed = credentials(google, key="", impersonate="reader@harbour.iam.gserviceaccount.com")
    with pytest.raises(ConfigError, match="nobody is signed in on this machine"):
        signed.headers(directory.USERS)


def test_the_client_id_for_the_console(google: Google) -> None:
    assert client_id_of({"key": google.key_file()}) == CLIENT_ID
    assert client_id_of({"key": google.key_file(), "client_id": "42"}) == "42"
    assert client_id_of({"key": "file:google.json"}) == ""
    assert client_id_of({}) == ""


def test_the_line_for_the_console(google: Google) -> None:
    scopes = [one.scopes[0][0] for one in (directory.USERS, chrome.SAAS_USAGE, cloud.PROJECTS)]
    users, saas = (f"https://www.googleapis.com/auth/{one}" for one in (
        "admin.directory.user.readonly", "chrome.management.reports.readonly"
    ))  # fmt: skip
    assert CONNECTOR.consent({"key": google.key_file()}, scopes).splitlines() == [
        "admin console: Security, Access and data control, API controls, Domain-wide delegation, "
        "Add new",
        f"client id: {CLIENT_ID}",
        f"scopes: {users},{saas}",
        "https://admin.google.com/ac/owl/domainwidedelegation"
        f"?clientIdToAdd={CLIENT_ID}&clientScopeToAdd={users},{saas}",
        "Google Cloud: give the service account the roles named beside each operation",
    ]
    assert "client id: the unique id" in CONNECTOR.consent({}, scopes)
    assert "admin console" not in CONNECTOR.consent({}, scopes[2:])
