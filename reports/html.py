"""HTML pages that stand alone: escaped, without a script, and allowed to load nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, style: str, context: Mapping[str, Any]) -> str:
    """Return a page: a template, one style sheet, and a policy that allows that style sheet alone.

    ``template`` and ``style`` are names in reports/templates.
    """
    css = (TEMPLATES / style).read_text(encoding="utf-8")
    return environment().get_template(template).render(context, css=css, csp=_policy(css)) + "\n"


def environment() -> Environment:
    """Return what fills the templates in: values are escaped, and none may be missing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        count=_count, size=_size, day=_day, minute=_minute, plural=_plural, visible=visible
    )
    return made


def visible(text: str) -> str:
    """Return text whose control and direction marks can be seen and do nothing."""
    from scanner.output import clean

    return clean(text)


def _policy(css: str) -> str:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def _count(number: int) -> str:
    return f"{number:,}"


def _size(number: int) -> str:
    """Return a number of bytes in the largest unit that leaves a digit before the point."""
    value = float(number)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} PB"


def _day(when: datetime | date | None) -> str:
    return when.strftime("%-d %b %Y") if when else "unknown"


def _minute(when: datetime | None) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if when else "unknown"


def _plural(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
