"""What strangers may try: forged forms, other hosts, paths to files, and a store that is not well."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from scanner.store import Reader
from scanner.web.app import pages
from scanner.web.guards import STATIC, digest_of
from scanner.web.visit import Page, Visit
from tests.running import ROOT
from tests.web.visiting import SECURE, House, behind_proxy, csrf_of, named

CODE = "u-00000000000000000000"
FORM = {"code": CODE, "reason": "why"}


def decisions_in(db: Path) -> int:
    with Reader(db, read_only=True) as store:
        return len(store.decisions())


def test_every_answer_bears_the_guarding_headers(house: House) -> None:
    browser = house.signed_in()
    answers = [
        browser.get("/"),
        browser.get("/sign-in"),
        browser.get("/nowhere"),
        browser.get("/people", headers={"Host": "evil.example"}),
        house.browser().get("/"),
        browser.get(f"/static/{digest_of(STATIC / 'app.css')}/app.css"),
    ]
    assert [one.status_code for one in answers] == [200, 200, 404, 421, 303, 200]
    for one in answers:
        policy = one.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert one.headers["x-content-type-options"] == "nosniff"
        assert one.headers["x-frame-options"] == "DENY"
        assert one.headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in one.headers  # a name without TLS must stay usable
    assert {one.headers["cache-control"] for one in answers[:-1]} == {"no-store"}


def test_over_https_browsers_are_told_to_stay_there(db: Path) -> None:
    answer = House(db, place=SECURE).browser().get("/sign-in")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_no_page_has_a_script_or_a_style_of_its_own(house: House) -> None:
    browser = house.signed_in()
    for page in ("/", "/people", "/sign-in"):
        text = browser.get(page).text
        assert re.findall(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
        assert re.findall(r'(?:src|href|action)="(?!/|#)[^"]*"', text) == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8042", "localhost:8042", "127.0.0.1", "127.0.0.1:8042.evil", ""],
)
def test_a_name_that_is_led_here_gets_nothing(house: House, host: str) -> None:
    """DNS rebinding: a page elsewhere whose name comes to mean this machine."""
    browser = house.signed_in()
    for path in ("/", "/sign-in", "/static/x/app.css"):
        answer = browser.get(path, headers={"Host": host})
        assert (answer.status_code, answer.text) == (421, "Gnomon is at http://127.0.0.1:8042\n")


def test_two_hosts_are_none(house: House) -> None:
    headers = [("Host", "127.0.0.1:8042"), ("Host", "evil.example")]
    assert house.signed_in().get("/", headers=headers).status_code == 421


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        pytest.param("", {}, id="no token"),
        pytest.param("guessed", {}, id="a guessed token"),
        pytest.param("é", {}, id="a strange token"),
        pytest.param(None, {"Origin": "https://evil.example"}, id="from another site"),
        pytest.param(None, {"Origin": "null"}, id="from nowhere"),
        pytest.param(None, {"Origin": "http://127.0.0.1:8043"}, id="from another port"),
        pytest.param(None, {"Origin": "https://127.0.0.1:8042"}, id="from another scheme"),
        pytest.param(None, {"Sec-Fetch-Site": "cross-site"}, id="the browser says from elsewhere"),
        pytest.param(None, {"Sec-Fetch-Site": "same-site"}, id="from another name of the site"),
    ],
)
def test_a_forged_form_records_nothing(
    house: House, db: Path, token: str | None, headers: dict[str, str]
) -> None:
    browser = house.signed_in()
    data = {**FORM, "csrf": csrf_of(browser) if token is None else token}
    answer = browser.post("/people", data=data, headers=headers)
    assert answer.status_code == 403
    assert "did not come from a page of yours" in answer.text
    assert decisions_in(db) == 0


def test_a_form_of_another_session_is_forged(db: Path) -> None:
    house = behind_proxy(db)
    eva, ben = named(house, "eva", "ciso"), named(house, "ben", "privacy")
    assert ben.post("/people", data={**FORM, "csrf": csrf_of(eva)}).status_code == 403


def test_a_form_is_never_an_address(house: House) -> None:
    browser = house.signed_in()
    query = {**FORM, "csrf": csrf_of(browser)}
    assert browser.get("/sign-out", params=query).status_code == 405
    writing = [one.path for one in pages() if one.writes]
    reading = {one.path for one in pages() if not one.writes}
    assert [one for one in writing if one not in reading and "{" not in one and
            browser.get(one, params=query).status_code != 405] == []  # fmt: skip


def test_every_page_that_writes_asks_for_more_than_a_reader(db: Path) -> None:
    """And for the token: each is tried by somebody who is not signed in, and by a reader."""
    house = behind_proxy(db)
    reader = named(house, "ben", "staff")
    token = csrf_of(reader)
    for page in (one for one in pages() if one.writes):
        path = re.sub(r"\{[^}]*\}", "x", page.path)
        assert reader.post(path, data={"csrf": "x"}).status_code == 403, path
        assert reader.post(path, data={"csrf": token}).status_code == 403, path


def test_a_form_that_is_too_long_is_not_read(house: House) -> None:
    browser = house.signed_in()
    data = {**FORM, "csrf": csrf_of(browser), "names": "x" * (1 << 20)}
    answer = browser.post("/people", data=data)
    assert (answer.status_code, "1 MiB" in answer.text) == (413, True)


def test_a_form_without_a_length_is_not_read(house: House) -> None:
    browser = house.signed_in()
    content = (part for part in (b"csrf=x", b"&code=y"))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/people", content=content, headers=headers).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/static/{digest}/../app.py",
        "/static/{digest}/..%2f..%2fapp.py",
        "/static/{digest}/%2e%2e/%2e%2e/app.py",
        "/static/{digest}/..%5capp.py",
        "/static/{digest}//etc/passwd",
        "/static/{digest}/app.css%00.png",
        "/static/{digest}/.",
        "/static/{digest}/",
        "/static/0/app.css",
        "/static/../../../../etc/passwd",
    ],
)
def test_no_path_leads_to_another_file(house: House, path: str) -> None:
    browser = house.signed_in()
    answer = browser.get(path.format(digest=digest_of(STATIC / "app.css")))
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "from __future__" not in answer.text


def test_a_store_that_is_being_written_to_is_read_and_waited_for(house: House, db: Path) -> None:
    """Readers go on while a scan writes; who decides is told, where it takes too long."""
    browser = house.signed_in()
    token = csrf_of(browser)
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert browser.get("/").status_code == 200
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("scanner.store.database._PATIENCE", 0.05)
            answer = browser.post("/people", data={**FORM, "csrf": token, "code": code_in(db)})
        assert answer.status_code == 503
        assert "in use by another process" in answer.text
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert decisions_in(db) == 0
    assert browser.get("/").status_code == 200


def code_in(db: Path) -> str:
    with Reader(db, read_only=True) as store:
        row = store._one("SELECT code FROM actor WHERE kind = 'user'")
    assert row is not None
    return str(row["code"])


def test_a_newer_store_is_not_touched(house: House, db: Path) -> None:
    with sqlite3.connect(db) as other:
        other.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "SELECT migration_set, '9999_later', applied_at FROM _sqlite_migrations LIMIT 1"
        )
    other.close()
    answer = house.signed_in().get("/")
    assert answer.status_code == 503
    assert "made by a newer gnomon" in answer.text


def test_what_is_no_store_is_said(house: House, db: Path) -> None:
    db.write_bytes(b"not a database at all" * 500)
    answer = house.signed_in().get("/")
    assert (answer.status_code, "not a usable database" in answer.text) == (503, True)


def test_a_page_that_fails_says_nothing_of_why(
    db: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Visit) -> None:
        raise RuntimeError("the secret is xyzzy")

    known = (*pages(), Page("/fails", fail))  # type: ignore[arg-type]
    monkeypatch.setattr("scanner.web.app.pages", lambda: known)
    answer = House(db).signed_in().get("/fails")
    assert answer.status_code == 500
    assert "Something failed here" in answer.text
    assert "xyzzy" not in answer.text + caplog.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_who_came_and_what_was_decided_is_written_down(
    house: House, db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "gnomon.web")
    browser = house.signed_in()
    token = csrf_of(browser)
    browser.post("/people", data={"csrf": token, "code": code_in(db), "reason": "an incident"})
    browser.post("/people", data={"csrf": "x"})
    browser.post("/sign-out", data={"csrf": token})
    house.browser().get("/sign-in?token=stolen")
    subject = f"code:{code_in(db)}"
    assert [one.message for one in caplog.records if one.name == "gnomon.web"] == [
        'signed_in name="ana" role="approver" how="link"',
        f'decided number="1" act="reveal" subject="{subject}" verdict="not_found" by="ana"',
        'forged_form path="/people" by="ana" origin="not said"',
        'signed_out name="ana"',
        'sign-in_refused place="127.0.0.1" why="a link that was used already, or never was"',
    ]
    assert token not in caplog.text


def test_nobody_writes_lines_of_their_own_into_the_log(
    db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from scanner.web import audit

    audit.warn("refused", why='x" by="eve"\nsigned_in name="eve"\x1b[2J\u202e\\')
    assert caplog.messages == [
        r'refused why="x\" by=\"eve\"\nsigned_in name=\"eve\"\x1b[2J\u202e\\"'
    ]


@pytest.mark.skipif(not shutil.which("true"), reason="needs a shell's programs")
def test_the_server_prints_the_link_once_and_no_token_after_it(db: Path) -> None:
    """The real server, on a port of its own: its own log must not hold what lets somebody in."""
    command = [sys.executable, "-m", "scanner.cli", "serve", "--db", str(db), "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ, "USER": "ana"}
    ) as server:
        assert server.stderr is not None
        link = server.stderr.readline().rpartition(" ")[2].strip()
        token = link.partition("token=")[2]
        try:
            with httpx2.Client(trust_env=False) as client:
                for _ in range(50):
                    try:
                        assert client.get(link).status_code == 303
                        break
                    except httpx2.ConnectError:
                        time.sleep(0.05)
                assert client.get(link).status_code == 403
        finally:
            server.terminate()
            rest = server.stderr.read()
    assert len(token) == 43
    assert token not in rest
    assert 'how="link"' in rest
