"""The words of reports: every language has them all, with the same places, and none is left over."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator

import pytest

from reports.texts import DEFAULT, Texts, catalogue, languages
from tests.running import ROOT

_FORMS = (".one", ".many", ".other")
# Where keys are asked for by name.
_ASKING = tuple(
    ROOT / name for name in ("reports", "scanner/commands", "scanner/inventory", "scanner/web")
)


def places_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", languages())
def test_each_language_has_every_text_with_the_same_places(language: str) -> None:
    here, there = catalogue(language), catalogue(DEFAULT)
    assert sorted(here) == sorted(there)
    assert [key for key in here if places_of(here[key]) != places_of(there[key])] == []
    assert [key for key, text in here.items() if not text.strip()] == []


@pytest.mark.parametrize("language", languages())
def test_no_text_promises_what_nobody_can_know(language: str) -> None:
    boast = re.compile(
        r"(?i)\b(?:is|are|fully|est|sont) (?:compliant|certified|secure|conformes?)\b"
    )
    assert [key for key, text in catalogue(language).items() if boast.search(text)] == []
    assert boast.search("The organisation is compliant")


def test_every_text_is_said_somewhere() -> None:
    patterns = [*map(re.compile, _asked())]
    keys = sorted(catalogue(DEFAULT))
    assert [one for one in keys if not _is_asked(one, patterns)] == []


def _is_asked(key: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    """Return whether something asks for a key: whole, or the end of it by a report's own short way."""
    parts = _without_form(key).split(".")
    ends = [key, *(".".join(parts[at:]) for at in range(len(parts)))]
    return any(one.fullmatch(end) for one in patterns for end in ends)


def _without_form(key: str) -> str:
    """Return what a text that counts is asked by."""
    return next((key.removesuffix(one) for one in _FORMS if key.endswith(one)), key)


def _asked() -> Iterator[str]:
    """Yield what matches the keys that are asked for in code and in templates."""
    for file in (file for folder in _ASKING for file in sorted(folder.rglob("*.py"))):
        yield from _in_code(ast.parse(file.read_text(encoding="utf-8")))
    for file in (file for folder in _ASKING for file in sorted(folder.rglob("*.html"))):
        for found in re.findall(r"""["']([\w.-]+)["']""", file.read_text(encoding="utf-8")):
            yield re.escape(found) + (_ANYTHING if found.endswith(".") else "")


def _in_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if re.fullmatch(r"[\w.-]+", text):
                yield re.escape(text)
            case ast.JoinedStr(values=parts) if any(isinstance(one, ast.Constant) for one in parts):
                pattern = "".join(_part(one) for one in parts)
                if re.search(r"\w{2}", pattern.replace(_ANYTHING, "")):
                    yield pattern
            case ast.Call(func=ast.Attribute(attr="of"), args=[ast.Constant(value=str(group)), *_]):
                yield re.escape(f"common.{group}.") + _ANYTHING


_ANYTHING = r"[\w.-]+"


def _part(node: ast.expr) -> str:
    return re.escape(str(node.value)) if isinstance(node, ast.Constant) else _ANYTHING


def test_a_text_counts_as_its_language_does() -> None:
    english, french = Texts("en"), Texts("fr")
    assert [english("common.systems", n=one) for one in (0, 1, 2)] == [
        "0 AI systems",
        "1 AI system",
        "2 AI systems",
    ]
    assert [french("common.systems", n=one) for one in (0, 1, 2)] == [
        "0 système d’IA",
        "1 système d’IA",
        "2 systèmes d’IA",
    ]


def test_numbers_and_days_are_written_as_the_language_has_it() -> None:
    from datetime import date

    english, french = Texts("en"), Texts("fr")
    assert (english.number(1234.5), french.number(1234.5)) == ("1,234.5", "1\u202f234,5")
    assert (english.share(0.25), french.share(0.25)) == ("25%", "25\xa0%")
    day = date(2026, 3, 1)
    assert (english.day(day), french.day(day)) == ("1 Mar 2026", "1er mars 2026")
    assert (english.size(1_500_000), french.size(1_500_000)) == ("1.5 MB", "1,5 Mo")
