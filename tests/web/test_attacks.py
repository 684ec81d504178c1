"""What somebody who means harm may send to every address there is: nobody's data, no decision, no 500."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from scanner.store import Reader
from scanner.web.app import pages
from scanner.web.people import Role
from scanner.web.visit import Page
from tests.web.visiting import HOME, Browser, House, behind_proxy, csrf_of, named, session_of

_GROUPS = {Role.READER: "staff", Role.REVIEWER: "privacy", Role.APPROVER: "ciso"}
_URLENCODED = "application/x-www-form-urlencoded"


def decisions_in(db: Path) -> int:
    with Reader(db, read_only=True) as store:
        return len(store.decisions())


def filled(page: Page, value: str = "x") -> str:
    """Return an address of a page, with that where it takes something."""
    return re.sub(r"\{[^}]*\}", lambda _: quote(value, safe=""), page.path)


def system_in(db: Path) -> str:
    with Reader(db, read_only=True) as store:
        return store.systems()[0].id


def test_without_a_session_no_address_tells_or_records_anything(house: House, db: Path) -> None:
    with Reader(db, read_only=True) as store:
        name = store.systems()[0].name
    assert name in house.signed_in().get("/").text
    stranger = house.browser()
    for page in pages():
        address = filled(page, system_in(db))
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"):
            answer = stranger.request(method, address)
            assert answer.status_code in (303, 401, 404, 405), (method, address)
            assert name not in answer.text
            assert "csrf" not in answer.text
    assert decisions_in(db) == 0


def test_nobody_gets_what_takes_a_higher_role(db: Path) -> None:
    house = behind_proxy(db)
    for role in (Role.READER, Role.REVIEWER):
        browser = named(house, role.label, _GROUPS[role])
        token = csrf_of(browser)
        higher = [one for one in pages() if one.role > role]
        assert higher
        for page in higher:
            address = filled(page, system_in(db))
            answer = (
                browser.post(address, data={"csrf": token}) if page.writes else browser.get(address)
            )
            assert answer.status_code == 403, address
            assert f"you are signed in as {role.label}" in answer.text, address
    assert decisions_in(db) == 0


def test_a_refusal_says_which_role_it_takes_and_leaves_the_way_to_other_pages(db: Path) -> None:
    page = named(behind_proxy(db), "ben", "staff").get("/people").text
    assert "you are signed in as reader, and it takes reviewer" in page
    assert 'href="/inventory"' in page


def test_the_token_of_another_session_opens_no_form(db: Path) -> None:
    house = behind_proxy(db)
    eva, ben = named(house, "eva", "ciso"), named(house, "ben", "ciso")
    token = csrf_of(eva)
    csrf_of(ben)
    for page in (one for one in pages() if one.writes):
        for data in ({"csrf": token}, {"csrf": ["", token]}, {}):
            assert ben.post(filled(page), data=data).status_code == 403, page.path
    assert decisions_in(db) == 0


@pytest.mark.parametrize("how", ["signed out", "too old", "unused", "cut off", "of another server"])
def test_a_session_that_is_over_opens_no_form(db: Path, how: str) -> None:
    house = House(db)
    browser = house.signed_in()
    token, held = csrf_of(browser), session_of(browser)
    match how:
        case "signed out":
            browser.post("/sign-out", data={"csrf": token})
        case "too old":
            house.clock.now += timedelta(hours=9)
        case "unused":
            house.clock.passes(minutes=61)
        case "cut off":
            held = held[:-1]
        case _:
            house = House(db)
    thief = house.browser(Cookie=f"{HOME.cookie('session')}={held}")
    for page in (one for one in pages() if one.writes):
        answer = thief.post(filled(page), data={"csrf": token, "reason": "x"})
        assert (answer.status_code, "nothing was recorded" in answer.text) == (401, True), page.path
    assert decisions_in(db) == 0


_STRANGE = (
    "\0", "a\0b", "../../../etc/passwd", "..\\..\\gnomon.toml", "%2e%2e%2f", "\r\nSet-Cookie: x=1",
    "\ud7ff\uffff", "'; DROP TABLE decision; --", "%s%n{0}{{7*7}}", "9" * 400, "-1", "0001-01-01",
    "9999-12-31", "1e9", "NaN", "\u202e\u2066", "A" * 1_500,
)  # fmt: skip


@pytest.mark.parametrize("value", _STRANGE, ids=[repr(one)[:24] for one in _STRANGE])
def test_what_is_strange_in_an_address_breaks_no_page(db: Path, value: str) -> None:
    browser = House(db).signed_in()
    names = (
        "page", "sort", "columns", "since", "q", "about", "product", "key", "row", "channel",
        "detection", "verdict", "at", "grade", "kind", "show", "state", "unit", "supplier", value,
    )  # fmt: skip
    for address in _addresses(value, system_in(db)):
        answer = browser.get(address, params=dict.fromkeys(names, value))
        assert answer.status_code < 500, (address, answer.text)
        assert "x" not in answer.cookies
        assert "root:" not in answer.text
        assert "49" not in re.findall(r"<h1>([^<]*)", answer.text)


def _addresses(value: str, system: str) -> Iterator[str]:
    """Yield every page, with something strange in its path, and with something that is there."""
    for page in (one for one in pages() if not one.writes):
        yield filled(page, value)
        if "{" in page.path:
            yield filled(page, system if "{system}" in page.path else "openai")


@pytest.mark.parametrize("value", _STRANGE, ids=[repr(one)[:24] for one in _STRANGE])
def test_what_is_strange_in_a_form_breaks_no_page(db: Path, value: str) -> None:
    browser = House(db).signed_in()
    token, system = csrf_of(browser), system_in(db)
    names = (
        "verdict", "reason", "conditions", "review_due", "code", "exception_unit",
        "exception_users", "exception_until", "seen", "role", "status", "sub_role", "owner", "unit",
        "place", "field", "value", "key", "name", "category", "state", "kind", "url", "as_of",
        "tier", "valid_until", "note", "names", "content", "act", "other", "form", value,
    )  # fmt: skip
    for page in (one for one in pages() if one.writes):
        for address in (filled(page, value), filled(page, system), filled(page, "openai")):
            data = {**dict.fromkeys(names, value), "csrf": token}
            answer = browser.post(address, data=data)
            assert answer.status_code < 500, (address, answer.text)


def multipart(*parts: tuple[str, bytes], boundary: str = "b") -> bytes:
    lines = (
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (boundary.encode(), name.encode(), value)
        for name, value in parts
    )
    return b"".join(lines) + b"--%s--\r\n" % boundary.encode()


def test_a_charset_that_makes_halves_of_characters_breaks_nothing(house: House) -> None:
    browser = house.signed_in()
    kind = "multipart/form-data; boundary=b; charset=unicode_escape"
    token = csrf_of(browser)
    for csrf in (b"\\ud800", token.encode()):
        body = multipart(("csrf", csrf), ("code", b"u-1\\ud800"), ("reason", b"\\udfff"))
        answer = browser.post("/people", content=body, headers={"Content-Type": kind})
        assert answer.status_code == (400 if csrf == token.encode() else 403)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("multipart/form-data; boundary=b", b"no boundary at all", id="no parts"),
        pytest.param("multipart/form-data", b"--b\r\n", id="no boundary said"),
        pytest.param(
            "multipart/form-data; boundary=b",
            multipart(*[("csrf", b"x")] * 1_001),
            id="1,001 parts",
        ),
        pytest.param(_URLENCODED, b"&".join([b"csrf=x"] * 100_000), id="100,000 fields"),
        pytest.param(_URLENCODED, b"%", id="half an escape"),
        pytest.param(_URLENCODED, b"csrf=%ff%fe&%00=%00", id="no UTF-8"),
        pytest.param("application/json", b'{"csrf": "x"}', id="JSON"),
        pytest.param("text/plain", b"csrf=x", id="text"),
        pytest.param("", b"csrf=x", id="no kind"),
    ],
)
def test_a_form_that_is_none_is_refused_in_words(
    house: House, db: Path, kind: str, body: bytes
) -> None:
    browser = house.signed_in()
    answer = browser.post("/people", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 403)
    assert "Not done" in answer.text
    assert decisions_in(db) == 0


def test_whatever_is_sent_to_somebody_is_kept_and_framed_nowhere(house: House, db: Path) -> None:
    browser = house.signed_in()
    system = system_in(db)
    addresses = [
        *(filled(one, system) for one in pages() if not one.writes),
        "/inventory.csv", "/inventory.xlsx", "/documents/brief/html", "/documents/register/json",
        "/suppliers/openai/questionnaire/docx",
    ]  # fmt: skip
    seen = set()
    for address in addresses:
        answer = browser.get(address)
        seen.add(answer.status_code)
        headers = answer.headers
        assert headers["cache-control"] == "no-store", address
        assert headers["x-frame-options"] == "DENY", address
        assert "frame-ancestors 'none'" in headers["content-security-policy"], address
        if answer.status_code == 200 and ("/documents/" in address or "." in address):
            assert headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
            assert headers["x-content-type-options"] == "nosniff"
    assert {200, 404} <= seen


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1",
     "/\r\nLocation: https://evil.example", "\\\\evil.example", "/sign-out", ""],
)  # fmt: skip
def test_no_address_leads_out_of_here(house: House, to: str) -> None:
    """Neither after signing in, nor after a choice of language."""
    link = f"{house.link()}&to={quote(to, safe='')}"
    assert house.browser().get(link).headers["location"] == "/"
    asked = house.browser().post(
        "/language", data={"language": "fr"}, headers={"Referer": f"{HOME.origin}{to[:1_000]}"}
    ) if to.isprintable() else None  # fmt: skip
    assert asked is None or not re.match(r"(?:\w+:|/[/\\])", asked.headers["location"])


_FIELDS = (
    '"><img src=x onerror=alert(1)>', "<svg><script>alert(1)</script></svg>",
    "' hx-get='/people' hx-trigger='load' x='", "</textarea><form action=//evil.example>",
    "</title><style>*{display:none}</style>", "{{ csrf }}{% include 'x' %}",
)  # fmt: skip


@pytest.mark.parametrize("hostile", _FIELDS)
def test_what_people_write_stays_text_wherever_it_is_shown(db: Path, hostile: str) -> None:
    house = House(db)
    browser, system = house.signed_in(), system_in(db)
    due = (house.clock.now + timedelta(days=30)).date().isoformat()
    said = {
        "decide": {"verdict": "restricted", "reason": hostile, "conditions": hostile,
                   "review_due": due, "exception_unit": hostile, "exception_until": due},
        "owner": {"owner": hostile, "unit": hostile, "reason": hostile},
        "scope": {"place": "in", "reason": hostile},
        "field": {"field": "purpose", "value": hostile, "reason": hostile},
        "rename": {"name": hostile, "reason": hostile},
    }  # fmt: skip
    for act, data in said.items():
        sent = {**data, "csrf": csrf_of(browser), "seen": str(decisions_in(db))}
        answer = browser.post(f"/systems/{system}/{act}", data=sent)
        assert answer.status_code == 303, (act, answer.text)
    shown = 0
    for address in (
        "/", f"/systems/{system}", f"/systems/{system}/decide", "/inventory", "/scope", "/changes",
        f"/systems/{system}/list/history", "/documents?about=" + quote(hostile),
    ):  # fmt: skip
        page = browser.get(address)
        assert page.status_code == 200
        assert _Marks.of(page.text) & _FORBIDDEN == set(), address
        shown += hostile in unescape(page.text)
    assert shown > 3


_FORBIDDEN = {"img", "style", "onerror", "hx-trigger", "a script of its own", "another place"}


class _Marks(HTMLParser):
    """Reads a page as a browser does: which elements and attributes there are."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    @classmethod
    def of(cls, page: str) -> set[str]:
        reading = cls()
        reading.feed(page)
        return reading.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.found |= {tag, *told}
        if tag == "script" and "src" not in told:
            self.found.add("a script of its own")
        if (told.get("action") or "/").startswith("//"):
            self.found.add("another place")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_what_people_write_is_no_formula_in_a_sheet(db: Path, start: str) -> None:
    browser, system = House(db).signed_in(), system_in(db)
    text = f"{start}cmd|' /C calc'!A0"
    data = {"csrf": csrf_of(browser), "seen": "0", "name": text, "reason": text}
    assert browser.post(f"/systems/{system}/rename", data=data).status_code == 303
    for address in ("/inventory.csv", "/documents/register/csv"):
        sheet = browser.get(address).text
        assert "cmd|" in sheet, address
        assert re.findall(r'(?:^|,)"?[=+\-@\t\r][^,]*cmd\|', sheet, re.MULTILINE) == [], address


def a_reader(db: Path) -> Browser:
    return named(behind_proxy(db), "ben", "staff")


def test_a_reader_finds_no_name_that_changes_hide(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search must not tell, by what it finds, what a page hides."""
    from scanner.inventory.change_kinds import Kind, change
    from scanner.web.pages import changes
    from tests.support import NOW

    told = change("", "x", Kind.NEW_UNIT, "mia@harbour.example left", NOW)
    monkeypatch.setattr(changes, "found_since", lambda *_: [told])
    monkeypatch.setattr("scanner.web.visit.Visit.hide", lambda text: text.replace("mia@", "u-1@"))
    page = a_reader(db).get("/changes?q=mia").text
    assert "left" not in page.partition("<main")[2]
