"""People sign in to the review application at oidc-provider, which is OpenID-certified.

It runs in ``make test-contract``, where node and npm are there: see README.md.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin

import httpx2
import pytest
import trustme

from integrations.network import Network
from integrations.secrets import secret_of
from scanner.config import NetworkSettings, OidcSettings
from scanner.web.sign_in.oidc import Oidc
from scanner.web.sign_in.provider import Provider
from tests.running import SQUID, gnomon
from tests.web.visiting import SECURE, Browser, Clock, House, csrf_of

HERE = Path(__file__).parent
FOLDER = os.environ.get("GNOMON_CONTRACT", "")
SECRET = "a-secret: that%nobody+has&"

pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not (Path(FOLDER) / "node_modules" / "oidc-provider").is_dir(),
    reason="needs node and what npm installs: make test-contract",
)


class Place(NamedTuple):
    """The provider: where it is, and whom to trust."""

    base: str
    ca_file: str

    def person(self) -> httpx2.Client:
        """Return the browser of somebody at the provider, with the cookies that it sets there."""
        trust = ssl.create_default_context(cafile=self.ca_file)
        return httpx2.Client(verify=trust, trust_env=False)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("sign-in")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    made = authority.issue_cert("localhost", "127.0.0.1")
    made.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    with subprocess.Popen(
        ["node", "sign_in.mjs", str(folder), SECURE.origin],
        cwd=HERE,
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        try:
            yield Place(base, str(folder / "ca.pem"))
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    (folder / "access.log").write_bytes(SQUID)
    assert gnomon("scan", folder / "access.log", "--db", folder / "g.db").code == 0
    return folder / "g.db"


def house_of(db: Path, place: Place, client: str = "gnomon", secret: str = SECRET) -> House:
    settings = OidcSettings(
        issuer=place.base,
        client_id=client,
        client_secret="env:S",
        scopes=("openid", "email", "groups"),
    )
    known = secret_of("env:S", "client_secret", db.parent, {"S": secret})
    network = Network(NetworkSettings(proxy="", ca_file=place.ca_file), {})
    roles: Any = {"reader": ("staff",), "reviewer": ("privacy",)}
    entrance = Oidc(Provider(settings, known, network), roles, SECURE)
    return House(db, entrance, SECURE, Clock(datetime.now(UTC)))


def at_the_provider(place: Place, address: str) -> str:
    """Follow all redirects there, as a browser does; returns where the last leads to: ours."""
    with place.person() as person:
        for _ in range(10):
            answer = person.get(address)
            assert answer.status_code in (302, 303), answer.text
            address = urljoin(address, answer.headers["location"])
            if address.startswith(SECURE.origin):
                return address.removeprefix(SECURE.origin)
    raise AssertionError("it never came back")


def sign_in(house: House, place: Place, browser: Browser) -> Any:
    away = browser.get("/sign-in?with=oidc").headers["location"]
    return browser.get(at_the_provider(place, away))


@pytest.mark.parametrize("client", ["gnomon", "gnomon-es256"])
def test_a_person_signs_in_and_out(provider: Place, db: Path, client: str) -> None:
    house = house_of(db, provider, client)
    browser = house.browser()
    assert sign_in(house, provider, browser).headers["location"] == "/"
    assert "ana@harbour.example, reviewer" in browser.get("/").text
    browser.post("/sign-out", data={"csrf": csrf_of(browser)})
    out = browser.get("/sign-in?out=yes").text
    leaving = out.partition(f'href="{provider.base}')[2].partition('"')[0].replace("&amp;", "&")
    with provider.person() as person:
        asked = person.get(f"{provider.base}{leaving}")
    assert (asked.status_code, "logout" in asked.text) == (200, True)
    assert browser.get("/").status_code == 303


def test_what_came_back_once_does_not_come_back_again(provider: Place, db: Path) -> None:
    house = house_of(db, provider)
    browser = house.browser()
    back = at_the_provider(provider, browser.get("/sign-in?with=oidc").headers["location"])
    assert "iss=" in back  # RFC 9207, which is then demanded
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403
    assert house.browser().get(back).status_code == 403


def test_without_the_issuer_that_the_provider_promises_nobody_comes_in(
    provider: Place, db: Path
) -> None:
    house = house_of(db, provider)
    browser = house.browser()
    back = at_the_provider(provider, browser.get("/sign-in?with=oidc").headers["location"])
    without = "&".join(one for one in back.split("&") if not one.startswith("iss="))
    assert browser.get(without).status_code == 403


def test_a_wrong_secret_lets_nobody_in_and_is_told(
    provider: Place, db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = house_of(db, provider, secret="another")
    browser = house.browser()
    assert sign_in(house, provider, browser).status_code == 502
    assert "refuses: invalid_client" in caplog.text
    assert browser.get("/").status_code == 303


def test_a_token_is_old_by_our_clock(
    provider: Place, db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = house_of(db, provider)
    browser = house.browser()
    back = at_the_provider(provider, browser.get("/sign-in?with=oidc").headers["location"])
    house.clock.passes(minutes=-5)  # our clock is five minutes behind: made in the future
    assert browser.get(back).status_code == 403
    assert "in the future" in caplog.text
