"""Forms as a browser sends them: what a page holds, with what somebody types into it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any, Protocol

from tests.web.visiting import Browser


class Answered(Protocol):
    """What a test needs of an answer, whichever client it comes from."""

    @property
    def text(self) -> str: ...


class _Form(HTMLParser):
    """Reads the fields of the form of one address, as they would be sent."""

    def __init__(self, action: str, name: str) -> None:
        super().__init__()
        self.wanted, self.name = action, name
        self.found: list[dict[str, list[str]]] = []
        self._open: dict[str, list[str]] | None = None
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("action") == self.wanted:
            self._open = {}
        if self._open is None:
            return
        name = told.get("name", "")
        is_left = told.get("type") in ("radio", "checkbox") and "checked" not in told
        if tag == "input" and not is_left:
            self._open.setdefault(name, []).append(told.get("value", ""))
        if tag == "textarea":
            self._area = name
            self._open.setdefault(name, []).append("")

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open[self._area][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "form" and self._open is not None:
            if self.name in ("", *self._open.get("form", ())):
                self.found.append(self._open)
            self._open = None


def fields_of(page: str, action: str, name: str = "") -> dict[str, list[str]]:
    """Return what the form of that address holds, as it is shown."""
    reading = _Form(action, name)
    reading.feed(page)
    assert reading.found, f"no form for {action} {name}"
    return reading.found[0]


def fill(browser: Browser, path: str, action: str, form: str = "", /, **typed: Any) -> Any:
    """Open a page, fill in one of its forms and send it."""
    held: dict[str, Any] = fields_of(browser.get(path).text, action, form)
    return browser.post(action, data={**held, **typed})


def words_of(response: Answered, mark: str = "<main") -> str:
    """Return the text of a page, without its markup."""
    text = re.sub(r"<[^>]+>", " ", response.text[response.text.index(mark) :])
    return " ".join(unescape(text).split())
