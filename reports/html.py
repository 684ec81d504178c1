"""HTML pages that stand alone: escaped, without a script, and allowed to load nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
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
    made.filters["visible"] = visible
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
