"""Readers see codes for people, whatever page or text they follow a link to."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reports.people import hiding
from scanner.config import Config
from scanner.web.holding import Holding
from tests.running import EXAMPLE, gnomon
from tests.support import NOW, the_base
from tests.web.visiting import Browser, House, behind_proxy, named

_MOST = 400  # pages that are followed
_TEXTS = ("text/", "application/json", "image/svg")
FORM = re.compile(r'<form[^>]*method="post"[^>]*>(.*?)</form>', re.DOTALL | re.IGNORECASE)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the example organisation, in which directories and registers name people."""
    db = tmp_path_factory.mktemp("example") / "g.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "GNOMON_CONFIG", str(EXAMPLE / "gnomon.toml"))
        assert gnomon("scan", "--db", db).code in (0, 4)
    return db


@pytest.fixture(scope="module")
def house(example: Path) -> House:
    config = Config(db=str(example), domains=("harbour-pine.example",))
    return behind_proxy(example, config)


def followed(browser: Browser) -> Iterator[tuple[str, str]]:
    """Yield every page and every text that links of ours lead to, each kind of address a few times."""
    waiting, seen, kinds = ["/"], {"/"}, dict[str, int]()
    while waiting and len(seen) < _MOST:
        path = waiting.pop(0)
        answer = browser.get(path)
        assert answer.status_code < 500, path
        if not answer.headers.get("content-type", "").startswith(_TEXTS):
            continue
        yield path, html.unescape(answer.text)
        for link in re.findall(r'href="([^"#]+)', answer.text):
            address = html.unescape(link)
            kind = re.sub(r"/[^/]*[0-9-][^/]*|=[^&]*", "/x", urlsplit(address).path)
            if address.startswith("/") and address not in seen and kinds.get(kind, 0) < 12:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(address)
                waiting.append(address)


def names_in(house: House) -> set[str]:
    """Return the people whom evidence names, and who did not act by name."""
    known = the_base()
    holding = Holding(house.config, known.matcher, known.pack.version)
    material = holding.material("en", NOW)
    try:
        hide = hiding(material)
        several = [one.owner for each in material.owners.values() for one in each.candidates]
        found = {*several, *material.store.people_in_clear()}
        return {one for one in found if "@" in one and hide(one) != one}
    finally:
        holding.close()


def test_no_page_names_people_to_readers(house: House) -> None:
    names = names_in(house)
    assert len(names) > 5
    shown = {
        path: sorted(one for one in names if one in text)
        for path, text in followed(named(house, "ben", "staff"))
    }
    assert len(shown) > 30
    assert {path: found for path, found in shown.items() if found} == {}


def test_reviewers_are_shown_them(house: House) -> None:
    """So that the test above could fail."""
    names = names_in(house)
    pages = followed(named(house, "rita", "privacy"))
    assert any(one in text for _, text in pages for one in names)


def test_every_form_bears_the_token_of_its_session(house: House) -> None:
    browser = named(house, "eva", "ciso")
    forms = [(path, form) for path, text in followed(browser) for form in FORM.findall(text)]
    assert len(forms) > 50
    assert [path for path, form in forms if 'name="csrf"' not in form] == []
