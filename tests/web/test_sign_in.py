"""Coming in by the printed link or past a trusted proxy, and where it is refused to serve at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scanner.config import Config, OidcSettings, ProxySettings, WebSettings, load
from scanner.errors import ConfigError, UsageError
from scanner.web.guards import Attempts, Networks, own_path, visitor_of
from scanner.web.people import Role, name_of, role_of
from scanner.web.place import Place, place_of
from scanner.web.serving import entrance_of
from tests.running import ROOT
from tests.web.visiting import HOME, PROXY, SECURE, House, behind_proxy, csrf_of, named, session_of

ROLES: Any = {"reader": ("staff",), "reviewer": ("privacy",), "approver": ("ciso",)}


def test_the_link_lets_one_browser_in_as_who_started_the_server(house: House) -> None:
    link, first, second = house.link(), house.browser(), house.browser()
    assert first.get("/").headers["location"] == "/sign-in"
    assert first.get(link).headers["location"] == "/"
    assert "ana, approver" in first.get("/").text
    answer = second.get(link)
    assert (answer.status_code, "used already" in answer.text) == (403, True)
    assert second.get("/").status_code == 303


def test_a_new_link_is_printed_where_the_server_was_started_and_nowhere_else(house: House) -> None:
    browser = house.browser()
    answer = browser.get("/sign-in?with=link")
    assert (answer.status_code, "token" in answer.text) == (200, False)
    assert "printed where gnomon serve was started" in answer.text
    browser.get("/sign-in?with=link")
    first, second = house.printed
    assert first == second  # asking again does not take it from who is about to use it
    assert browser.get(first.rpartition(" ")[2]).status_code == 303
    house.browser().get("/sign-in?with=link")
    assert house.printed[2] != first


@pytest.mark.parametrize("token", ["", "x", "é", "None", "0" * 43])
def test_another_link_lets_nobody_in(house: House, token: str) -> None:
    browser = house.browser()
    assert browser.get("/sign-in", params={"token": token}).status_code == 403
    assert session_of(browser) == ""


def test_a_program_that_looks_at_the_link_does_not_use_it_up(house: House) -> None:
    link = house.link()
    assert house.browser().head(link).status_code == 200
    assert house.browser(**{"Sec-Purpose": "prefetch;prerender"}).get(link).status_code == 200
    assert house.browser().get(link).status_code == 303


def test_the_page_without_a_link_says_where_it_is(house: House) -> None:
    page = house.browser().get("/sign-in")
    assert (page.status_code, "printed where gnomon serve was started" in page.text) == (200, True)


def test_too_many_attempts_wait(house: House) -> None:
    browser = house.browser()
    statuses = [browser.get("/sign-in?token=x").status_code for _ in range(21)]
    assert statuses == [403] * 20 + [429]
    answer = browser.get(house.link())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert house.browser("192.0.2.9").get(house.link()).status_code == 303


def test_attempts_are_forgotten_after_a_minute_and_by_success() -> None:
    attempts = Attempts()
    assert [attempts.are_too_many("a", 0.0) for _ in range(21)][-1]
    assert not attempts.are_too_many("a", 61.0)
    assert [attempts.are_too_many("b", 0.0) for _ in range(21)][-1]
    attempts.succeeded("b")
    assert not attempts.are_too_many("b", 0.0)


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("192.0.2.9", ["198.51.100.7"], "192.0.2.9"),  # nobody whom we trust says so
        (PROXY, ["198.51.100.7"], "198.51.100.7"),
        (PROXY, ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),  # the first is the visitor's own word
        (PROXY, ["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        (PROXY, ["198.51.100.7, 10.0.0.6"], "198.51.100.7"),  # past two proxies
        (PROXY, [], PROXY),
        (PROXY, ["nonsense"], "?"),
        ("2001:db8::1:2", [], "2001:db8::/64"),  # one visitor has all of these
        ("::ffff:10.0.0.5", ["198.51.100.7"], "198.51.100.7"),
    ],
)
def test_attempts_are_counted_by_where_a_visitor_comes_from(
    peer: str, forwarded: list[str], visitor: str
) -> None:
    assert visitor_of(peer, forwarded, Networks(["10.0.0.4/30"])) == visitor


def test_past_the_proxy_each_request_says_who_it_is(db: Path) -> None:
    house = behind_proxy(db)
    reader, approver = named(house, "ben", "staff"), named(house, "eva", "staff, ciso")
    assert "ben, reader" in reader.get("/").text
    assert "eva, approver" in approver.get("/").text
    assert reader.get("/people").status_code == 403


def test_names_past_the_proxy_are_utf_8(db: Path) -> None:
    house = behind_proxy(db)
    browser = house.browser(PROXY)
    said = {b"X-Forwarded-User": "Zoë".encode(), b"X-Forwarded-Groups": b"staff"}
    assert "Zoë, reader" in browser.get("/", headers=said).text  # type: ignore[arg-type]


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.6", "192.0.2.9", "::1", "testclient", ""])
def test_nobody_else_is_believed(db: Path, peer: str) -> None:
    said = {"X-Forwarded-User": "eva", "X-Forwarded-Groups": "ciso"}
    answer = behind_proxy(db).browser(peer, **said).get("/")
    assert answer.status_code == 403
    assert "only be reached through the proxy" in answer.text


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ([], "did not say who you are"),
        ([("X-Forwarded-User", "")], "did not say who you are"),
        ([("X-Forwarded-User", "e\tva")], "did not say who you are"),
        ([("X-Forwarded-User", "x" * 201)], "did not say who you are"),
        ([("X-Forwarded-User", "eva"), ("X-Forwarded-User", "ben")], "did not say who you are"),
        (
            [("X-Forwarded-User", "eva"), *[("X-Forwarded-Groups", one) for one in ("x", "ciso")]],
            "did not say who you are",
        ),
        ([("X-Forwarded-User", "eva")], "none of your groups"),
        ([("X-Forwarded-User", "eva"), ("X-Forwarded-Groups", "guests")], "none of your groups"),
    ],
)
def test_without_one_header_and_a_role_nobody_comes_in(
    db: Path, headers: list[tuple[str, str]], words: str
) -> None:
    answer = behind_proxy(db).browser(PROXY).get("/", headers=headers)
    assert answer.status_code == 403
    assert words in answer.text


def test_a_session_does_not_outlive_what_the_proxy_says(db: Path) -> None:
    """A cookie of somebody is worth nothing to somebody else, nor to them with another role."""
    house = behind_proxy(db)
    eva = named(house, "eva", "ciso")
    token = csrf_of(eva)
    eva.headers["X-Forwarded-Groups"] = "staff"
    assert "eva, reader" in eva.get("/").text
    assert eva.post("/people", data={"csrf": token}).status_code == 403
    ben = named(house, "ben", "staff")
    ben.cookies.set(SECURE.cookie("session"), session_of(eva, SECURE))
    assert "ben, reader" in ben.get("/").text


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ({"staff"}, Role.READER),
        ({"staff", "ciso"}, Role.APPROVER),
        ({"privacy"}, Role.REVIEWER),
        ({"STAFF"}, None),  # groups are told apart as they are written
        (set(), None),
    ],
)
def test_the_highest_role_of_all_groups_counts(groups: set[str], role: Role | None) -> None:
    assert role_of(groups, ROLES) == role


def test_everybody_may_be_given_a_role() -> None:
    assert role_of([], {"reader": ("*",)}) == Role.READER


@pytest.mark.parametrize("said", [None, 7, ["ana"], "", " ", "a\nb", "a\u202eb", "x" * 201])
def test_what_is_no_name(said: object) -> None:
    assert name_of(said) == ""


OIDC = OidcSettings("https://login.example", "gnomon", "env:GNOMON_TEST_SECRET")
TRUSTED = ProxySettings(trusted=(PROXY,))


@pytest.mark.parametrize(
    ("settings", "host", "place", "words"),
    [
        ({}, "0.0.0.0", HOME, "can be reached by others"),
        ({}, "10.1.2.3", HOME, "can be reached by others"),
        ({}, "127.0.0.1", SECURE, "can be reached by others"),  # another proxy leads there
        ({"oidc": OIDC, "roles": ROLES}, "0.0.0.0", Place("http://gnomon.example"), "by https"),
        ({"oidc": OIDC, "roles": ROLES}, "127.0.0.1", Place("http://gnomon.example"), "by https"),
        ({"proxy": TRUSTED, "roles": ROLES}, "0.0.0.0", HOME, "by https"),
        ({"proxy": TRUSTED}, "0.0.0.0", SECURE, "nobody could come in"),
        ({"proxy": TRUSTED, "roles": {"reader": ()}}, "0.0.0.0", SECURE, "nobody could come in"),
    ],
)
def test_it_is_not_served_where_that_is_not_safe(
    settings: dict[str, Any], host: str, place: Place, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        entrance_of(Config(web=WebSettings(**settings)), host, place, "ana", print)


def test_the_secret_is_looked_up_before_anybody_is_let_near(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(web=WebSettings(oidc=OIDC, roles=ROLES))
    with pytest.raises(ConfigError, match="GNOMON_TEST_SECRET is not set"):
        entrance_of(config, "0.0.0.0", SECURE, None, print)
    monkeypatch.setenv("GNOMON_TEST_SECRET", "one")
    assert entrance_of(config, "0.0.0.0", SECURE, None, print).ways == ("oidc",)
    secret = tmp_path / "secret"
    secret.write_text("one")
    secret.chmod(0o644)
    named = msgspec.structs.replace(OIDC, client_secret="file:secret")
    config = Config(folder=str(tmp_path), web=WebSettings(oidc=named, roles=ROLES))
    with pytest.raises(ConfigError, match="can be read by others"):
        entrance_of(config, "0.0.0.0", SECURE, None, print)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('url = "gnomon.example"', "url"),
        ('url = "https://gnomon.example/under/a/path"', "url"),
        ('oidc.issuer = "http://login.example"', "issuer"),
        ("proxy.trusted = []", "trusted"),
        ('proxy.trusted = ["proxy.example"]', "does not appear to be an IPv4 or IPv6 network"),
        ('forwarded_by = ["everybody"]', "does not appear to be an IPv4 or IPv6 network"),
        ('roles.admin = ["x"]', "admin"),
        ("session_hours = 0", "session_hours"),
        (
            'proxy.trusted = ["10.0.0.5"]\noidc.issuer = "https://login.example"\n'
            'oidc.client_id = "x"\noidc.client_secret = "env:X"',
            "one of them",
        ),
    ],
)
def test_settings_that_would_not_hold_are_refused(tmp_path: Path, said: str, words: str) -> None:
    (tmp_path / "gnomon.toml").write_text(f"[web]\n{said}\n")
    with pytest.raises(ConfigError, match=words):
        load(tmp_path, {}, tmp_path / "none", {})


@pytest.mark.parametrize(
    "wanted",
    [
        None, "", "x", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/\t/x",
        "javascript:alert(1)", "/sign-out", "/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(wanted: str | None) -> None:
    assert own_path(wanted) == "/"


def test_a_page_of_ours_is_gone_to() -> None:
    assert own_path("/inventory?q=a%20b#x") == "/inventory?q=a%20b#x"


def test_ipv6_on_this_machine_is_this_machine(db: Path) -> None:
    place = place_of("http://[::1]:8042")
    told: list[str] = []
    house = House(db, entrance_of(Config(), "::1", place, "ana", told.append), place)
    house.browser("::1").get("/sign-in?with=link")
    assert house.browser("::1").get(told[0].rpartition(" ")[2]).status_code == 303


def test_the_settings_in_the_documentation_are_settings(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "sign-in.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        (tmp_path / "gnomon.toml").write_text(block)
        web = load(tmp_path, {}, tmp_path / "none", {}).web
        assert set(web.roles) == {"reader", "reviewer", "approver"}
    named = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert [one for one in named if one not in OidcSettings.__struct_fields__] == []
