"""The pages beside the queue: found, filtered, downloaded, answered and approved, by who may."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from reports.people import in_place
from scanner.config import Config, ProxySettings, load
from scanner.registry import REPORTS, values
from scanner.store import Reader
from scanner.web.sign_in.proxy import Proxy
from tests.running import EXAMPLE, gnomon
from tests.web.visiting import PROXY, SECURE, Browser, House, csrf_of, named

_ROLES = {"reader": ("staff",), "reviewer": ("privacy",), "approver": ("ciso",)}
_ADDRESS = re.compile(r"[\w.]+@harbour(?:-pine)?\.example")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the example organisation."""
    db = tmp_path_factory.mktemp("example") / "g.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "GNOMON_CONFIG", str(EXAMPLE / "gnomon.toml"))
        assert gnomon("scan", "--db", db).code in (0, 4)
    return db


@pytest.fixture(scope="module")
def looked_at(seen: Path) -> House:
    """The application over it, for tests that only look."""
    return _house(seen)


@pytest.fixture
def own(seen: Path, tmp_path: Path) -> House:
    """The application over a copy of it, for tests that decide."""
    for one in (seen, seen.with_suffix(".key")):
        shutil.copy(one, tmp_path / one.name)
    return _house(tmp_path / seen.name)


def _house(db: Path) -> House:
    config: Config = load(EXAMPLE, {}, EXAMPLE / "no-user-file", {"db": str(db)})
    return House(db, Proxy(ProxySettings(trusted=(f"{PROXY}/32",)), _ROLES), SECURE, config=config)


def _reader(house: House) -> Browser:
    return named(house, "rita", "staff")


def _reviewer(house: House) -> Browser:
    return named(house, "rob", "privacy")


def _approver(house: House) -> Browser:
    return named(house, "ada", "ciso")


def _names(page: str) -> list[str]:
    """Return the names of the systems that the inventory lists."""
    return re.findall(r'<td data-title="AI system"><a href="/systems/[^"]+">([^<]+)</a>', page)


@pytest.mark.parametrize(
    "address",
    ["/inventory", "/suppliers", "/suppliers/openai", "/suppliers/openai/questions/Q10", "/scope",
     "/changes", "/coverage", "/documents", "/documents?about=openai"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_says_what_it_is(looked_at: House, address: str, language: str) -> None:
    browser = _reader(looked_at)
    token = csrf_of(browser, "/inventory")
    browser.post("/language", data={"language": language, "csrf": token})
    page = browser.get(address)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1>") == 1
    assert len(page.content) < 100_000
    assert " style=" not in page.text


def test_pages_stand_in_the_navigation_in_their_order(looked_at: House) -> None:
    navigation = (
        _reader(looked_at).get("/inventory").text.partition("<nav")[2].partition("</nav>")[0]
    )
    assert re.findall(r'<a href="([^"]+)"', navigation) == [
        "/", "/inventory", "/suppliers", "/scope", "/changes", "/coverage", "/documents",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=chatgpt", ["ChatGPT"]),
        ("q=deepl+api", ["DeepL API"]),
        ("supplier=deepl", ["DeepL API", "DeepL Translator and Write"]),
        ("kind=built", ["@harbour/berth-planner", "@harbour/site-notes", "quote-desk"]),
        ("category=coding-assistant", ["CodeRabbit", "GitHub Copilot"]),
        ("level=resolved", ["DeepSeek Chat"]),
        ("scope=in&kind=used", ["ChatGPT", "Claude", "Otter"]),
        ("owner=missing&q=bedrock", ["Amazon Bedrock"]),
        ("owner=missing&q=chatgpt", []),
        ("unit=research&q=claude", ["Claude"]),
        ("unit=no-such-unit", []),
        ("since=2999-01-01", []),
        ("status=approved", []),
        ("q=no-such-thing", []),
    ],
)
def test_systems_are_found(looked_at: House, query: str, expected: list[str]) -> None:
    assert _names(_reviewer(looked_at).get(f"/inventory?{query}").text) == expected


@pytest.mark.parametrize(
    "query",
    ["page=9999", "page=-1", "page=x", "sort=nothing", "columns=nothing", "since=x", "kind=x"],
)
def test_an_address_that_means_nothing_is_a_page_all_the_same(looked_at: House, query: str) -> None:
    assert _reader(looked_at).get(f"/inventory?{query}").status_code == 200


def test_systems_are_sorted_either_way(looked_at: House) -> None:
    browser = _reader(looked_at)
    most = _names(browser.get("/inventory?sort=-people").text)
    assert most[0] == "ChatGPT"
    assert _names(browser.get("/inventory?sort=-name").text) == sorted(
        most, key=str.casefold, reverse=True
    )


def test_columns_ticked_in_the_form_stand_in_every_address_of_the_page(looked_at: House) -> None:
    page = _reader(looked_at).get("/inventory?show-roles=on&show-units=on&q=chat").text
    heads = re.findall(r'<th scope="col".*?>([^<]+?) ?<', page)
    assert heads == ["AI system", "Units", "Roles"]
    (address,) = set(re.findall(r'href="(/inventory\.csv[^"]*)"', page))
    asked = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    assert asked == {"q": ["chat"], "columns": ["units,roles"]}


def test_a_list_is_downloaded_whole_as_it_is_shown(looked_at: House) -> None:
    browser = _reviewer(looked_at)
    shown = _names(browser.get("/inventory?supplier=google&sort=-people").text)
    sheet = browser.get("/inventory.csv?supplier=google&sort=-people&columns=people")
    rows = list(csv.reader(io.StringIO(sheet.text)))
    assert rows[0] == ["AI system", "People"]
    assert [row[0] for row in rows[1:]] == shown
    assert sheet.headers["content-disposition"].startswith(
        "attachment; filename*=UTF-8''inventory-"
    )
    book = browser.get("/inventory.xlsx?supplier=google")
    assert zipfile.is_zipfile(io.BytesIO(book.content))


def test_a_name_that_is_a_formula_is_a_text_in_a_sheet(own: House) -> None:
    browser = _approver(own)
    system = re.findall(r"/systems/(ais-[0-9a-f]+)", browser.get("/inventory?q=chatgpt").text)[0]
    ran = gnomon(
        "inventory", "rename", system, "=cmd|'/C calc'!A0", "--by", "ada", "--reason", "a test",
        "--db", own.config.database,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "'=cmd|" in browser.get("/inventory.csv?q=cmd").text
    sheet = zipfile.ZipFile(io.BytesIO(browser.get("/inventory.xlsx?q=cmd").content))
    assert not any(b"<f>" in sheet.read(name) for name in sheet.namelist())


def test_a_candidate_bears_the_name_that_it_gives_itself(looked_at: House) -> None:
    page = _reader(looked_at).get("/candidates").text
    assert re.search(r">MinuteMind AI Notetaker</a><br><span[^>]*>entra:4cbe548d-", page)
    (address, *_) = re.findall(r'href="(/candidates/one[^"]*entra[^"]*)"', page)
    assert "<h1>MinuteMind AI Notetaker</h1>" in _reader(looked_at).get(address).text


def test_a_supplier_s_question_is_answered(own: House) -> None:
    browser = _reviewer(own)
    page = "/suppliers/openai/questions/Q10"
    form = {
        "csrf": csrf_of(browser, page), "seen": "0", "state": "no", "value": "Not on our plan",
        "kind": "contract", "url": "https://openai.com/terms", "as_of": "2026-03-01",
        "tier": "Enterprise", "valid_until": "2027-03-01", "note": "Annex 2",
    }  # fmt: skip
    assert browser.post(page, data=form).headers["location"] == "/suppliers/openai#Q10"
    with Reader(own.config.database, read_only=True) as store:
        made = store.decisions()[-1]
    assert (made.subject, made.verdict, made.by, made.reason) == (
        "supplier:openai", "no", "rob", "Annex 2",
    )  # fmt: skip
    assert made.value == {
        "question": "Q10", "value": "Not on our plan", "source_kind": "contract",
        "as_of": "2026-03-01", "url": "https://openai.com/terms", "tier": "Enterprise",
        "valid_until": "2027-03-01",
    }  # fmt: skip
    assert "no, by rob" in browser.get("/suppliers/openai").text


def test_an_answer_that_somebody_gave_meanwhile_is_told_and_nothing_typed_is_lost(
    own: House,
) -> None:
    first, second = _reviewer(own), named(own, "zoe", "privacy")
    page = "/suppliers/openai/questions/Q10"
    tokens = csrf_of(first, page), csrf_of(second, page)
    for browser, token, text in (
        (first, tokens[0], "Rob's text"),
        (second, tokens[1], "Zoe's text"),
    ):
        form = {"csrf": token, "seen": "0", "state": "no", "value": text, "kind": "own_word"}
        answer = browser.post(page, data=form)
    assert answer.status_code == 409
    assert "rob said no at" in answer.text
    assert "Zoe&#39;s text" in answer.text
    with Reader(own.config.database, read_only=True) as store:
        assert [one.value["value"] for one in store.decisions()] == ["Rob's text"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": "perhaps"}, "is none of"),
        ({"kind": "hearsay"}, "is none of"),
        ({"as_of": "1st of May"}, "give a day such as"),
        ({"as_of": "2999-01-01"}, "has not come yet"),
        ({"value": ""}, "it needs a text or a note"),
        ({"value": "x" * 4001}, "4,000 characters"),
    ],
)
def test_an_answer_that_cannot_be_recorded_comes_back_with_why(
    own: House, changed: dict[str, str], said: str
) -> None:
    browser = _reviewer(own)
    page = "/suppliers/openai/questions/Q10"
    form = {"csrf": csrf_of(browser, page), "seen": "0", "state": "no", "value": "text",
            "kind": "own_word", "tier": "Team", **changed}  # fmt: skip
    answer = browser.post(page, data=form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'name="tier" maxlength="4000" value="Team"' in answer.text
    with Reader(own.config.database, read_only=True) as store:
        assert store.decisions() == []


def test_fields_are_filled_and_taken_back(own: House) -> None:
    browser = _reviewer(own)
    page = "/suppliers/openai/fields/contacts"
    form = {"csrf": csrf_of(browser, page), "seen": "0", "reason": "from the contract",
            "value": "Ana Ruiz\nLuis Mendes"}  # fmt: skip
    assert browser.post(page, data=form).headers["location"] == "/suppliers/openai#agreed"
    shown = browser.get(page).text
    assert "Ana Ruiz\nLuis Mendes</textarea>" in shown
    (seen,) = re.findall(r'name="seen" value="(\d+)"', shown)
    assert browser.post(page, data={**form, "seen": seen, "value": ""}).status_code == 303
    assert "Ana Ruiz" not in browser.get(page).text


def test_a_supplier_is_decided_on_by_who_may(own: House) -> None:
    page = "/suppliers/openai/decide"
    form = {"seen": "0", "verdict": "approved", "reason": "Reviewed", "review_due": "2027-11-01"}
    reviewer, approver = _reviewer(own), _approver(own)
    refused = reviewer.post(page, data={**form, "csrf": csrf_of(reviewer, page)})
    assert refused.status_code == 403
    lacking = approver.post(page, data={**form, "csrf": csrf_of(approver, page), "review_due": ""})
    assert (lacking.status_code, "needs a review date" in lacking.text) == (422, True)
    done = approver.post(page, data={**form, "csrf": csrf_of(approver, page)})
    assert done.headers["location"] == "/suppliers/openai"
    shown = approver.get("/suppliers/openai").text
    assert "Reviewed" in shown
    assert "1 Nov 2027" in shown
    assert "OpenAI" not in re.findall(
        r"/suppliers/\w+\">([^<]+)<", approver.get("/suppliers?state=due").text
    )


def test_a_reader_decides_nothing(own: House) -> None:
    browser = _reader(own)
    form = {"csrf": csrf_of(browser, "/inventory"), "seen": "0"}
    for page in (
        "/suppliers/openai/decide", "/suppliers/openai/questions/Q10",
        "/suppliers/openai/fields/contacts", "/scope/approve",
    ):  # fmt: skip
        assert browser.post(page, data=form).status_code == 403
    assert (
        '<form method="post" action="/suppliers'
        not in browser.get("/suppliers/openai/questions/Q10").text
    )


def test_the_scope_is_approved_as_it_was_shown_and_kept(own: House) -> None:
    browser = _approver(own)
    shown = browser.get("/scope").text
    (state,) = re.findall(r'name="state" value="([^"]+)"', shown)
    token = csrf_of(browser, "/scope")
    without = browser.post("/scope/approve", data={"csrf": token, "state": state})
    assert (without.status_code, "Say why it is approved" in without.text) == (422, True)
    done = browser.post(
        "/scope/approve", data={"csrf": token, "state": state, "reason": "For the first audit"}
    )
    assert done.headers["location"] == "/scope"
    assert "For the first audit" in browser.get("/scope").text
    for style in ("html", "docx", "md", "json"):
        assert browser.get(f"/scope/1/{style}").status_code == 200
    assert "approved by ada" in browser.get("/scope/1/md").text
    kept, drafted = (browser.get(f"/{one}/json").json() for one in ("scope/1", "documents/scope"))
    digest = kept["data"]["evidence_sha256"]
    assert digest == drafted["data"]["evidence_sha256"] != ""
    assert browser.get("/scope/2/md").status_code == 400
    assert browser.get("/scope/1/exe").status_code == 404


def test_a_scope_that_changed_since_it_was_shown_is_not_approved(own: House) -> None:
    browser = _approver(own)
    (state,) = re.findall(r'name="state" value="([^"]+)"', browser.get("/scope").text)
    ran = gnomon(
        "review", "scope", "ChatGPT", "in", "--by", "zoe", "--reason", "customers' data",
        "--db", own.config.database,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    form = {"csrf": csrf_of(browser, "/scope"), "state": state, "reason": "What I typed"}
    answer = browser.post("/scope/approve", data=form)
    assert answer.status_code == 409
    assert "the document is another now" in answer.text
    assert "What I typed" in answer.text
    with Reader(own.config.database, read_only=True) as store:
        assert store.kept_papers("scope") == []


def test_changes_are_filtered(looked_at: House) -> None:
    browser = _reader(looked_at)
    page = browser.get("/changes?since=2026-01-01&kind=new_supplier").text
    assert "DeepL is a new supplier" in page
    assert "was seen for the first time" not in page
    assert "is no day" in browser.get("/changes?since=yesterday").text
    none = browser.get("/changes?since=2026-01-01&grade=critical&q=nothing-like-it").text
    assert "What this cannot see" in none


def test_what_was_not_read_whole_is_told_apart(looked_at: House) -> None:
    page = _reader(looked_at).get("/coverage?show=lacking").text
    table = page.partition('id="sources"')[2]
    assert "accounts/entra.ndjson" in table
    assert "squid" not in table


def _all_documents() -> list[tuple[str, str, str]]:
    about = {None: "", "system": "ChatGPT", "supplier": "openai", "system or supplier": "openai"}
    return [(one.name, style, about[one.about]) for one in values(REPORTS) for style in one.outputs]


@pytest.mark.parametrize(("report", "style", "about"), _all_documents())
def test_a_reader_s_document_names_nobody(
    looked_at: House, report: str, style: str, about: str
) -> None:
    address = f"/documents/{report}/{style}?about={about}"
    document = _reader(looked_at).get(address)
    assert document.status_code == 200, document.text
    assert _ADDRESS.findall(_text_of(document.content)) == []


def test_a_reviewer_s_document_is_that_of_the_command_line(
    looked_at: House, tmp_path: Path
) -> None:
    by_web = _reviewer(looked_at).get("/documents/register/csv").text
    assert "tom.baker@harbour-pine.example" in by_web
    out = tmp_path / "register.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "GNOMON_CONFIG", str(EXAMPLE / "gnomon.toml"))
        ran = gnomon("report", "register", "--db", looked_at.config.database, "--out", out)
    assert ran.code == 0, ran.err
    assert [row.split(",")[:3] for row in by_web.splitlines()] == [
        row.split(",")[:3] for row in out.read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.parametrize(
    "address", ["/inventory", "/inventory.csv", "/scope", "/", "/suppliers/openai"]
)
def test_a_reader_s_page_names_nobody(looked_at: House, address: str) -> None:
    assert _ADDRESS.findall(_reader(looked_at).get(address).text) == []


def test_a_reader_cannot_search_for_a_name_that_is_hidden(looked_at: House) -> None:
    assert _names(_reviewer(looked_at).get("/inventory?q=tom.baker").text) != []
    assert _names(_reader(looked_at).get("/inventory?q=tom.baker").text) == []


@pytest.mark.parametrize(
    "address",
    [
        "/documents/..%2f..%2fg.db/html", "/documents/register/..%2fg.key", "/documents/g.db/x",
        "/scope/..%2fg.db/html", "/inventory.db", "/suppliers/..%2f..%2fg.key",
        "/suppliers/openai/questionnaire/..%2fkey",
    ],
)  # fmt: skip
def test_no_address_leads_to_a_file(looked_at: House, address: str) -> None:
    assert _approver(looked_at).get(address).status_code == 404


def test_a_document_about_one_needs_one(looked_at: House) -> None:
    browser = _reader(looked_at)
    assert browser.get("/documents/supplier/html").status_code == 404
    assert browser.get("/documents/supplier/html?about=nobody").status_code == 404
    assert "No AI system or supplier is called so" in browser.get("/documents?about=zzz").text


def test_the_questionnaire_tells_nothing_of_the_organisation_but_its_name(looked_at: House) -> None:
    book = _reader(looked_at).get("/suppliers/openai/questionnaire/xlsx").content
    text = _text_of(book)
    assert "Harbour &amp; Pine" in text
    assert "ChatGPT is used" not in text
    assert "Engineering (1)" not in text


def _text_of(content: bytes) -> str:
    """Return what a document says: of one that is packed, all its parts."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8")
    packed = zipfile.ZipFile(io.BytesIO(content))
    parts = (packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return re.sub(r"</?[a-z]+:[^>]*>", "", "\n".join(parts)) + "\n".join(
        packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana", "u-1"),
        ("Anaconda, by Ana", "Anaconda, by u-1"),
        ("Ana Ruiz <ana@h.example>; Ana", "u-2 <u-9>; u-1"),
        ('{"by": "O\\"Brien"}', '{"by": "u-3"}'),
        ("zoe@h.example and privacy@openai.com", "u-9 and privacy@openai.com"),
        ("ciso@h.example decided", "ciso@h.example decided"),
        ("", ""),
    ],
)
def test_names_become_codes_wherever_they_stand_whole(text: str, expected: str) -> None:
    codes = {"Ana": "u-1", "Ana Ruiz": "u-2", 'O"Brien': "u-3"}
    hide = in_place(codes, {"ciso@h.example"}, ("h.example",), lambda _: "u-9")
    assert hide(text) == expected
