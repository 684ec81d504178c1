"""The words of reports: a folder a language, in it a file for each report and one for all of them.

A key is ``file.table.name``; a text holds places such as ``{name}``. One that counts has the forms
``one`` and ``other``, and is asked with ``n``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
DEFAULT = "en"
_MOST_KEPT = 10_000


def languages() -> tuple[str, ...]:
    """Return the languages that there are words for."""
    return tuple(sorted(one.name for one in _FOLDER.iterdir() if (one / "common.toml").is_file()))


class Texts:
    """The words of one language, and how it writes numbers and dates."""

    def __init__(self, language: str = DEFAULT) -> None:
        from babel import Locale

        self.language = language
        self._known = catalogue(language)
        self._locale = Locale.parse(language if language != "en" else "en_GB")
        self._numbers: dict[float, str] = {}  # the same few are written again and again

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return a text with its places filled in. Raises KeyError for a key that there is not."""
        text = self._known.get(key)
        if text is None:
            form = self._locale.plural_form(values["n"]) if "n" in values else "other"
            text = self._known.get(f"{key}.{form}") or self._known[f"{key}.other"]
        if not values:
            return text
        return text.format(**{name: self.word(value) for name, value in values.items()})

    def of(self, group: str, name: object) -> str:
        """Return the word for one of a closed set, such as a role; what has none is its own word."""
        return self._known.get(f"common.{group}.{name}", str(name).replace("_", " "))

    def has(self, key: str) -> bool:
        return key in self._known

    def word(self, value: Any) -> str:
        """Return a number, a date or a text as this language writes it."""
        match value:
            case bool():
                return self("common.yes" if value else "common.no")
            case int():
                return self.number(value)
            case datetime() | date():
                return self.day(value)
        return str(value)

    def listed(self, names: Sequence[str]) -> str:
        """Return names as a sentence has them."""
        last = f" {self('common.and')} " if len(names) > 1 else ""
        return ", ".join(names[:-1]) + last + (names[-1] if names else "")

    def number(self, value: float) -> str:
        from babel.numbers import format_decimal

        if value not in self._numbers:
            if len(self._numbers) >= _MOST_KEPT:
                self._numbers.clear()
            self._numbers[value] = format_decimal(value, locale=self._locale)
        return self._numbers[value]

    def share(self, value: float) -> str:
        from babel.numbers import format_percent

        return format_percent(value, locale=self._locale)

    def money(self, value: float, currency: str) -> str:
        from babel.numbers import format_currency

        return format_currency(value, currency, locale=self._locale)

    def size(self, count: int) -> str:
        """Return a number of bytes in the largest unit that leaves a digit before the point."""
        value, at = float(count), 0
        while value >= 1000 and at < 4:
            value, at = value / 1000, at + 1
        return f"{self.number(round(value, 1 if at else 0))} {self(f'common.bytes.{at}')}"

    def country(self, code: str | None) -> str:
        """Return the name of a country by its code (ISO 3166); a code that is none is shown as it is."""
        return str(self._locale.territories.get(code, code)) if code else self("common.unknown")

    def day(self, when: date | None) -> str:
        return self._day(when) if when else self("common.unknown")

    def _day(self, when: date) -> str:
        from babel.dates import format_date

        text = format_date(when, "medium", self._locale)
        # The first of a month has a number of its own in French, which CLDR does not give.
        return f"1er{text[1:]}" if self.language == "fr" and when.day == 1 else text

    def minute(self, when: datetime | None) -> str:
        if when is None:
            return self("common.unknown")
        there = when.astimezone(UTC)
        return f"{self._day(there)} {there:%H:%M} UTC"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every text of a language by its key."""
    found: dict[str, str] = {}
    for file in sorted((_FOLDER / language).glob("*.toml")):
        _collect(file.stem, tomllib.loads(file.read_text(encoding="utf-8")), found)
    return found


def _collect(prefix: str, content: Mapping[str, Any], into: dict[str, str]) -> None:
    for name, value in content.items():
        if isinstance(value, Mapping):
            _collect(f"{prefix}.{name}", value, into)
        else:
            into[f"{prefix}.{name}"] = str(value)
