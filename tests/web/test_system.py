"""One system's page: what shows it, the rows behind each figure, and what people say of it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from reports.material import Material
from reports.register_cells import cell_of
from scanner.config import Config
from scanner.inventory.record import records
from scanner.inventory.record_fields import BY_NAME
from scanner.model import Act, Decision
from scanner.store import Reader
from scanner.web.system_fields import fields
from tests.running import EXAMPLE, gnomon
from tests.support import at, the_base
from tests.web.forms import fields_of, fill, words_of
from tests.web.visiting import Browser, House, behind_proxy, csrf_of, named, notices_of


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the example organisation: logs, accounts and code."""
    made = tmp_path_factory.mktemp("web-example") / "g.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "GNOMON_CONFIG", str(EXAMPLE / "gnomon.toml"))
        ran = gnomon("scan", "--db", made)
    assert ran.code in (0, 4), ran.err
    return made


@pytest.fixture
def db(example: Path, tmp_path: Path) -> Path:
    for one in example.parent.glob("g.*"):
        shutil.copy(one, tmp_path / one.name)
    return tmp_path / example.name


@pytest.fixture
def ids(db: Path) -> dict[str, str]:
    with Reader(db, read_only=True) as store:
        return {one.name: one.id for one in store.systems()}


@pytest.fixture
def chatgpt(ids: dict[str, str]) -> str:
    return ids["ChatGPT"]


def made(db: Path, *acts: Act) -> list[Decision]:
    with Reader(db, read_only=True) as store:
        assert store.first_break() is None
        return store.decisions(*acts)


def section(page: str, name: str) -> str:
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    assert found is not None, name
    return found[0]


def test_a_system_is_shown_with_all_that_is_known_of_it(db: Path, chatgpt: str) -> None:
    page = House(db).signed_in().get(f"/systems/{chatgpt}")
    assert page.status_code == 200
    told = words_of(page)
    assert "ChatGPT OpenAI , assistant, external service" in told
    assert "nobody has decided yet" in told
    assert "openai.chatgpt.host" in section(page.text, "evidence")
    assert "reads files and documents, as far as the person may who uses it" in told
    assert "US$20.00" in section(page.text, "behind")
    assert "AI customer" in section(page.text, "roles")
    assert "luis.mendes@harbour-pine.example" in section(page.text, "owner")
    assert "in by default" in section(page.text, "scope")
    assert len(page.content) < 100_000


def test_a_chart_says_in_words_what_it_draws(db: Path, chatgpt: str) -> None:
    page = House(db).signed_in().get(f"/systems/{chatgpt}").text
    labels = re.findall(r'<svg class="trend"[^>]*aria-label="([^"]*)"', page)
    assert "46 events, from 16 Nov 2026 to 20 Nov 2026" in labels


def test_each_figure_opens_the_rows_that_add_up_to_it(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    page = section(browser.get(f"/systems/{chatgpt}").text, "evidence")
    links = re.findall(r'<td class="n"><a href="([^"]+)"[^>]*>([\d,]+)<span', page)
    assert len(links) > 4
    for address, figure in links:
        rows = browser.get(address.replace("&amp;", "&")).text
        events = re.findall(r"<tr><td>.*?</td>.*?</tr>", rows.partition("<tbody>")[2], re.DOTALL)
        numbers = [re.findall(r'<td class="n">(?:<a [^>]*>)?([\d,]+)', one)[0] for one in events]
        assert sum(int(one.replace(",", "")) for one in numbers) == int(figure.replace(",", ""))


def test_a_row_has_its_file_and_line_and_opens_its_days(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    rows = browser.get(f"/systems/{chatgpt}/evidence?channel=dns")
    assert "logs/bind-query.log:35" in words_of(rows)
    address = re.search(r'href="([^"]+row=[^"]+)"', rows.text)
    assert address is not None
    days = words_of(browser.get(address[1].replace("&amp;", "&")))
    assert "20 Nov 2026 753 looked up 5 5" in days


def test_the_rows_are_paged(db: Path, chatgpt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.web.pages.system._PAGE", 10)
    browser = House(db).signed_in()
    address, seen = f"/systems/{chatgpt}/evidence", 0
    for _ in range(10):
        page = browser.get(address).text
        seen += page.partition("<tbody>")[2].count("<tr>")
        following = re.search(r'href="([^"]+)" rel="next"', page)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
    with Reader(db, read_only=True) as store:
        assert seen == len(store.evidence_of(chatgpt)) > 20


def test_the_charts_count_what_the_days_of_a_system_do(db: Path, ids: dict[str, str]) -> None:
    with Reader(db, read_only=True) as store:
        for one in ids.values():
            added: dict[int, int] = {}
            for days in store.days_by_channel(one).values():
                for day, events in days.items():
                    added[day] = added.get(day, 0) + events
            assert added == store.days_of(one)


@pytest.mark.parametrize(
    "name",
    ["access", "plans", "paid", "units", "parts", "hints", "kept", "switched", "hosts", "changes"],
)
def test_each_table_is_there_whole(db: Path, ids: dict[str, str], name: str) -> None:
    browser = House(db).signed_in()
    for system in ("ChatGPT", "GitHub Copilot", "quote-desk"):
        assert browser.get(f"/systems/{ids[system]}/list/{name}").status_code == 200
    assert browser.get(f"/systems/{ids['ChatGPT']}/list/nothing").status_code == 404


def test_what_it_may_reach_names_every_grant(db: Path, chatgpt: str) -> None:
    page = House(db).signed_in().get(f"/systems/{chatgpt}/list/access").text
    with Reader(db, read_only=True) as store:
        grants = store.access_of(chatgpt)
    assert page.partition("<tbody>")[2].count("<tr>") == len(grants) > 10


def say(browser: Browser, system: str, what: str, form: str, /, **typed: object) -> int:
    address = f"/systems/{system}/{what}"
    return int(fill(browser, f"/systems/{system}", address, form, **typed).status_code)


def test_a_role_is_confirmed_and_another_rejected(db: Path, ids: dict[str, str]) -> None:
    browser, system = House(db).signed_in(), ids["quote-desk"]
    assert say(browser, system, "role", "role-customer", status="rejected", reason="no") == 303
    assert notices_of(browser, "/") == ["AI customer: rejected"]
    sent = {"status": "confirmed", "sub_role": "product", "reason": "we sell it"}
    assert say(browser, system, "role", "role-provider", **sent) == 303
    assert [(one.verdict, one.value, one.by) for one in made(db, Act.ROLE)] == [
        ("rejected", {"role": "customer"}, "ana"),
        ("confirmed", {"role": "provider", "sub_role": "product"}, "ana"),
    ]
    roles = section(browser.get(f"/systems/{system}").text, "roles")
    assert "Said by ana at" in roles
    assert "we sell it" in roles


def test_two_who_speak_of_roles_at_once_see_each_other(db: Path, chatgpt: str) -> None:
    house = behind_proxy(db)
    ana, ben = named(house, "ana", "ciso"), named(house, "ben", "ciso")
    address = f"/systems/{chatgpt}/role"
    held = fields_of(ben.get(f"/systems/{chatgpt}").text, address, "role-customer")
    say(ana, chatgpt, "role", "role-customer", status="rejected", reason="a supplier uses it")
    typed = {"status": "confirmed", "reason": "we buy it"}
    sent = ben.post(address, data={**held, **typed})
    assert sent.status_code == 409
    told = words_of(sent, 'id="mishap"')
    assert "ana decided “rejected” (role: AI customer)" in told
    assert fields_of(sent.text, address, "role-customer")["reason"] == ["we buy it"]
    assert [one.by for one in made(db, Act.ROLE)] == ["ana"]


def test_an_owner_is_confirmed_or_named(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    assert say(browser, chatgpt, "owner", "owner-1", reason="she buys it") == 303
    named_so = {"owner": "Kim Lee", "unit": "Sales", "reason": "her team"}
    assert say(browser, chatgpt, "owner", "owner-other", **named_so) == 303
    first, second = made(db, Act.OWNER)
    assert first.value["owner"] == "luis.mendes@harbour-pine.example"
    assert (second.value["owner"], second.value["unit"]) == ("Kim Lee", "Sales")
    assert "Kim Lee" in section(browser.get(f"/systems/{chatgpt}").text, "owner")


def test_a_system_is_left_out_of_the_scope_by_an_approver_alone(db: Path, chatgpt: str) -> None:
    house = behind_proxy(db)
    ana, rita = named(house, "ana", "ciso"), named(house, "rita", "privacy")
    left_out = {"code": "immaterial", "review_due": "2027-06-01", "reason": "a trial of two days"}
    assert 'value="out"' not in section(rita.get(f"/systems/{chatgpt}").text, "scope")
    forged = {"csrf": csrf_of(rita), "place": "out", "form": "scope-out", "seen": "0", **left_out}
    assert rita.post(f"/systems/{chatgpt}/scope", data=forged).status_code == 403
    assert say(ana, chatgpt, "scope", "scope-out", **left_out) == 303
    (one,) = made(db, Act.SCOPE)
    assert (one.verdict, one.value, one.by) == ("out", {"code": "immaterial"}, "ana")


def test_what_the_scope_lacks_is_said_and_what_was_typed_stays(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    address = f"/systems/{chatgpt}/scope"
    sent = fill(browser, f"/systems/{chatgpt}", address, "scope-out", reason="a <trial>", code="")
    assert sent.status_code == 400
    assert "out of scope needs a code" in words_of(sent, 'id="mishap"')
    assert fields_of(sent.text, address, "scope-out")["reason"] == ["a <trial>"]
    assert made(db, Act.SCOPE) == []


def test_fields_of_the_record_are_filled_in_place_and_taken_back(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    form = "field-intended_use"
    typed = {"value": "drafts\ntranslations\n", "reason": "asked the users"}
    assert say(browser, chatgpt, "field", form, **typed) == 303
    held = fields_of(browser.get(f"/systems/{chatgpt}").text, f"/systems/{chatgpt}/field", form)
    assert held["value"] == ["drafts\ntranslations"]
    assert say(browser, chatgpt, "field", form, value="", reason="wrong") == 303
    said, withdrawn = made(db, Act.FIELD)
    assert said.value == {"field": "intended_use", "value": ["drafts", "translations"]}
    assert (withdrawn.verdict, withdrawn.value["value"]) == ("withdrawn", "")


def test_of_several_values_those_ticked_are_recorded(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    form = "field-deployment_environment"
    typed = {"value": ["saas", "prod"], "reason": "as the contract says"}
    assert say(browser, chatgpt, "field", form, **typed) == 303
    assert made(db, Act.FIELD)[0].value["value"] == ["saas", "prod"]


def test_a_day_that_is_none_is_refused_at_its_field(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    address, form = f"/systems/{chatgpt}/field", "field-impact_assessment_due"
    typed = {"value": "soon", "reason": "planned"}
    sent = fill(browser, f"/systems/{chatgpt}", address, form, **typed)
    assert sent.status_code == 400
    assert "is a day such as 2027-01-31" in words_of(sent, 'id="mishap"')
    assert fields_of(sent.text, address, form)["reason"] == ["planned"]


def test_a_system_is_renamed_merged_and_split_again(db: Path, ids: dict[str, str]) -> None:
    browser, stays, other = House(db).signed_in(), ids["ChatGPT"], ids["OpenAI API"]
    assert say(browser, stays, "rename", "rename", name="Chat", reason="our name") == 303
    assert say(browser, stays, "merge", "merge", other="OpenAI API", reason="one contract") == 303
    page = words_of(browser.get(f"/systems/{stays}"))
    assert "Chat OpenAI" in page
    assert browser.get(f"/systems/{other}").status_code == 404
    assert say(browser, stays, "split", "unmerge", other=other, reason="two after all") == 303
    assert browser.get(f"/systems/{other}").status_code == 200
    acts = [one.act for one in made(db, Act.MERGE, Act.SPLIT, Act.RENAME)]
    assert acts == [Act.RENAME, Act.MERGE, Act.SPLIT]


def test_part_of_a_system_becomes_another(db: Path, chatgpt: str) -> None:
    browser = House(db).signed_in()
    typed = {"detection": ["openai.chatgpt.browser-ext"], "name": "Extension", "reason": "other"}
    assert say(browser, chatgpt, "split", "split", **typed) == 303
    with Reader(db, read_only=True) as store:
        assert "Extension" in {one.name for one in store.systems()}


def test_nobody_renames_over_what_somebody_said_meanwhile(db: Path, chatgpt: str) -> None:
    house = behind_proxy(db)
    ana, ben = named(house, "ana", "ciso"), named(house, "ben", "ciso")
    address = f"/systems/{chatgpt}/rename"
    held = fields_of(ben.get(f"/systems/{chatgpt}").text, address, "rename")
    say(ana, chatgpt, "rename", "rename", name="Ours", reason="house style")
    sent = ben.post(address, data={**held, "name": "Mine", "reason": "shorter"})
    assert sent.status_code == 409
    assert "ana decided" in words_of(sent, 'id="mishap"')
    assert len(made(db, Act.RENAME)) == 1


def test_readers_see_no_forms_and_no_candidates_for_owner(db: Path, chatgpt: str) -> None:
    page = named(behind_proxy(db), "leo", "staff").get(f"/systems/{chatgpt}").text
    assert "<textarea" not in page
    assert "luis.mendes" not in page


def test_a_candidate_is_dismissed_with_a_reason_and_is_gone_from_the_list(db: Path) -> None:
    browser = House(db).signed_in()
    page = browser.get("/candidates").text
    address = re.findall(r'href="(/candidates/one\?key=[^"]+)"', page)[0]
    sent = fill(browser, address, "/candidates/judge", reason="a colleague's test")
    assert sent.headers["location"] == "/candidates"
    assert address not in browser.get("/candidates").text
    (one,) = (each for each in made(db) if each.subject.startswith("candidate:"))
    assert (one.verdict, one.reason, one.by) == ("dismissed", "a colleague's test", "ana")
    key = {"key": one.subject, "verdict": "dismissed", "reason": "again", "csrf": csrf_of(browser)}
    assert browser.post("/candidates/judge", data=key).status_code == 409
    assert "it is no AI, or none of ours" in words_of(browser.get(address))


def test_a_candidate_becomes_a_signature_where_there_is_a_folder_for_it(
    db: Path, tmp_path: Path
) -> None:
    without = House(db).signed_in()
    listed = re.findall(r'href="(/candidates/one\?key=[^"]+)"', without.get("/candidates").text)
    assert "name a folder for signatures" in words_of(without.get(listed[0]))
    folder = tmp_path / "own"
    browser = House(db, signatures=(str(folder),)).signed_in()
    key = fields_of(browser.get(listed[0]).text, "/candidates/judge")["key"][0]
    typed = {"key": key, "verdict": "promoted", "category": "assistant", "reason": "asked them"}
    sent = browser.post("/candidates/judge", data={**typed, "csrf": csrf_of(browser)})
    assert sent.headers["location"] == "/candidates"
    (file,) = folder.iterdir()
    assert notices_of(browser, "/candidates") == [
        f"{file.name} was written; the next scan shows it as an AI system."
    ]
    ran = gnomon("signatures", "check", folder)
    assert ran.code == 0, ran.err


def test_questions_are_shown_with_their_evidence(db: Path) -> None:
    browser = House(db).signed_in()
    page = browser.get("/candidates").text
    asked = re.findall(r'href="(/questions\?product=[^"]+)"', page)
    assert asked
    rows = browser.get(asked[0])
    assert rows.status_code == 200
    assert "<tbody>" in rows.text
    assert browser.get("/questions?product=none/such").status_code == 404


def test_the_fields_to_fill_hold_what_the_whole_record_does(db: Path, ids: dict[str, str]) -> None:
    config, now = Config(db=str(db)), at("2026-11-21T12:00:00Z")
    with Reader(db, read_only=True) as store:
        material = Material(store, the_base().matcher, "", config, now)
        for system in ("ChatGPT", "quote-desk"):
            (whole,) = records(store, material.catalogue, config, now, [ids[system]])
            settable = [one for one in whole.values if BY_NAME[one.name].is_settable]
            shown = fields(material, ids[system])
            assert [one.name for one in shown] == [one.name for one in settable]
            assert [one.shown for one in shown] == [
                cell_of(one, material.texts) for one in settable
            ]
