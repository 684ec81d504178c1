"""How pages become HTML: escaped, with the words of a language, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.html import TEMPLATES, environment, visible
from reports.reasons import grounds_in_words, scope_reason
from reports.texts import Texts
from reports.writers.html import for_blocks
from scanner.web.guards import STATIC, digest_of
from scanner.web.people import Role
from scanner.web.visit import Page, Shown, Visit

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

_TEMPLATES = Path(__file__).parent / "templates"


def render(shown: Shown, visit: Visit, pages: tuple[Page, ...]) -> str:
    """Return a page for who is signed in."""
    notices, visit.session.notices[:] = list(visit.session.notices), []
    texts, hide = visit.texts, visit.hide
    known = for_blocks(texts)
    words = known.pop("words")
    return (
        _environment()
        .get_template(shown.template)
        .render(
            **known,
            **shown.context,
            words=lambda cell: hide(words(cell)),
            because=lambda review: grounds_in_words(review.grounds, texts),
            in_scope_because=lambda why: scope_reason(why, texts),
            hide=hide,
            person=visit.person,
            may=lambda role: visit.person.may(Role[role.upper()]),
            csrf=visit.session.csrf,
            organisation=visit.material.organisation,
            notices=notices,
            as_of=visit.as_of,
            navigation=_navigation(pages, visit),
        )
    )


def render_bare(template: str, texts: Texts, **context: Any) -> str:
    """Return a page for somebody who is not signed in."""
    return _environment().get_template(template).render(texts=texts, **context)


def _navigation(pages: tuple[Page, ...], visit: Visit) -> list[tuple[str, str]]:
    named = [one for one in pages if one.title and visit.person.may(one.role)]
    return [(one.path, visit.texts(one.title)) for one in sorted(named, key=lambda one: one.order)]


@cache
def _environment() -> Environment:
    from jinja2 import FileSystemLoader

    made = environment()
    made.loader = FileSystemLoader([_TEMPLATES, TEMPLATES])
    made.globals["static"] = _static
    made.filters["visible"] = _visible()
    return made


def _visible() -> Callable[..., str]:
    """Return the filter for whatever was not written by us: it shows no names to readers either."""
    from jinja2 import pass_context

    @pass_context
    def shown(context: Context, text: str) -> str:
        made = visible(text)
        hide: Callable[[str], str] | None = context.get("hide")
        return hide(made) if hide else made

    return shown


@cache
def _static(name: str) -> str:
    return f"/static/{digest_of(STATIC / name)}/{name}"
