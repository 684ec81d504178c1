"""The brief: opened again and read, as its reader would."""

import base64
import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.running import EXAMPLE, SQUID, gnomon


class Page(HTMLParser):
    """The parts of a page that the tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(given["id"] or "")
        if tag == "a":
            self.links.append(given.get("href") or "")


def brief(*arguments: object, db: Path) -> str:
    ran = gnomon("report", "brief", "--db", db, *arguments)
    assert ran.code == 0, ran.err
    return ran.out


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    gnomon("scan", EXAMPLE / "logs", "--year", 2026, "--db", tmp_path / "x.db")
    return tmp_path / "x.db"


def test_it_loads_nothing_and_allows_one_style_sheet(db: Path) -> None:
    text = brief(db=db)
    page = Page(text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text.replace("&#39;", "'")
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name == "style" or name.startswith("on")]
    assert "http" not in text.replace("http-equiv", "").replace(">http<", "")


def test_every_figure_opens_its_evidence(db: Path) -> None:
    page = Page(brief(db=db))
    assert page.links
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    systems = {
        one["id"] for one in gnomon("inventory", "list", "--db", db, "--format", "json").json()
    }
    assert systems <= page.ids


def test_it_answers_the_three_questions(db: Path) -> None:
    text = brief(db=db)
    for heading in ("What is new", "What needs a decision", "What we are blind to"):
        assert f"<h2>{heading}</h2>" in text
    for name in ("ChatGPT", "OpenAI API", "DeepSeek Chat"):
        assert name in text
    assert "SSO and OAuth grants" in text
    assert "use is not shown" in text or "A name in DNS is not use" in text


def test_the_same_store_gives_the_same_bytes(db: Path) -> None:
    assert brief(db=db) == brief(db=db)
    assert "22 Nov 2026 00:00 UTC" in brief(db=db)


def test_what_reaches_far_stands_before_what_many_use(tmp_path: Path) -> None:
    """ChatGPT is used by 16 people; a coding assistant of nobody may change all source code."""
    db = tmp_path / "x.db"
    gnomon("scan", EXAMPLE / "accounts", EXAMPLE / "logs", "--year", 2026, "--db", db)
    systems = gnomon("report", "brief", "--as", "json", "--db", db).json()["data"]["systems"]
    assert [one["name"] for one in systems][:2] == ["CodeRabbit", "ChatGPT"]
    assert systems[0]["why"] == [
        "granted access",
        "may read and change source code of the whole organisation",
    ]
    assert systems[0]["people"] < systems[1]["people"]


def test_it_speaks_french(db: Path) -> None:
    text = brief("--lang", "fr", db=db)
    for heading in ("Ce qui est nouveau", "Ce qui attend une décision", "Nos angles morts"):
        assert f"<h2>{heading}</h2>" in text
    assert '<html lang="fr">' in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_printed_it_is_one_page(tmp_path: Path, language: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    db, page, paper = tmp_path / "x.db", tmp_path / "b.html", tmp_path / "b.pdf"
    sources = [EXAMPLE / one for one in ("accounts", "logs", "code")]
    gnomon("scan", *sources, "--year", 2026, "--db", db)
    gnomon("report", "brief", "--lang", language, "--db", db, "--out", page)
    subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={tmp_path / 'chromium'}",
            f"--print-to-pdf={paper}", page.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) == 1


def test_what_is_new_is_what_the_last_scan_met_first(db: Path, tmp_path: Path) -> None:
    log = tmp_path / "late.log"
    log.write_bytes(SQUID.replace(b"api.openai.com", b"api.groq.com"))
    gnomon("scan", log, "--db", db)
    text = brief(db=db)
    new = text[text.index('id="new"') : text.index('id="decide"')]
    assert "Groq" in new
    assert "ChatGPT" not in new
    assert "ChatGPT" in brief("--since", "2020-01-01", db=db).split('id="decide"')[0]


def test_a_hostile_name_stays_text(tmp_path: Path) -> None:
    log = tmp_path / "<script>alert(1)</script>.log"
    name = b'\x1b[31m<img src=x onerror=alert(1)>"\xe2\x80\xae.openai.azure.com'
    log.parent.mkdir(exist_ok=True)
    path = tmp_path / "bind.log"
    path.write_bytes(
        b"client @0x1 10.0.0.7#5 (x): query: "
        + name.replace(b" ", b"\\032")
        + b" IN A + (10.0.0.1)\n"
    )
    gnomon("scan", path, "--db", tmp_path / "x.db")
    text = brief(db=tmp_path / "x.db")
    assert "<img" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "&lt;img" in text
    shown = gnomon("inventory", "show", "Azure OpenAI", "--db", tmp_path / "x.db").out
    assert "\x1b" not in shown


def test_an_empty_scan_says_that_nothing_was_looked_at(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_bytes(b"no log\n")
    gnomon("scan", tmp_path / "x.log", "--db", tmp_path / "x.db")
    text = brief(db=tmp_path / "x.db")
    assert "Nothing was looked at" in text
    assert "unrecognised" in text


def test_software_that_may_embed_ai_is_a_question_and_no_system(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(
        SQUID.replace(b"api.openai.com", b"miro.com").replace(b"chat.deepseek.com", b"x.example")
    )
    gnomon("scan", log, "--db", tmp_path / "x.db")
    text = brief(db=tmp_path / "x.db")
    assert "Is Miro AI switched on?" in text
    assert gnomon("inventory", "list", "--db", tmp_path / "x.db", "--format", "json").json() == []


def test_it_is_written_whole_or_not_at_all(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "brief.html"
    ran = gnomon("report", "brief", "--db", db, "--out", out)
    assert (ran.code, ran.out, ran.err) == (0, "", f"Wrote {out}\n")
    assert out.read_text(encoding="utf-8") == brief(db=db)
    missing = gnomon("report", "brief", "--db", db, "--out", tmp_path / "none" / "x.html")
    assert missing.code == 2
    assert sorted(one.name for one in tmp_path.glob("*.part")) == []
