"""In which language a visitor is spoken to: the one they chose, else that of gnomon.toml."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reports.texts import Texts, languages
from scanner.web.place import Place
from scanner.web.templating import render_bare
from scanner.web.visit import Refused

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class Speech:
    """The words for each request, and pages for those who are not signed in."""

    def __init__(self, place: Place, usual: str) -> None:
        self._cookie = place.cookie("language")
        self._usual = usual

    def texts(self, request: Request) -> Texts:
        wanted = request.cookies.get(self._cookie)
        return _texts_of(wanted if wanted in languages() else self._usual)

    def choose(self, response: Response, language: str, place: Place) -> None:
        """Speak that language from now on, if there are words in it."""
        if language in languages():
            set_cookie(response, self._cookie, language, place)

    def bare(self, request: Request, refused: Refused) -> Response:
        """Return a page that says what may not be."""
        return self.page(
            request, "bare.html", refused.status, message=refused.message, is_lost=refused.is_lost
        )

    def page(self, request: Request, template: str, status: int = 200, **shown: object) -> Response:
        from starlette.responses import HTMLResponse

        return HTMLResponse(render_bare(template, self.texts(request), **shown), status)


def set_cookie(response: Response, name: str, value: str, place: Place) -> None:
    """Let a browser keep something: for this host alone, and out of any script's reach.

    Lax, not strict: who comes back from signing in elsewhere would seem to have no session.
    """
    response.set_cookie(
        name, value, httponly=True, samesite="lax", secure=place.is_secure, path="/"
    )


def drop_cookie(response: Response, name: str, place: Place) -> None:
    response.delete_cookie(name, httponly=True, samesite="lax", secure=place.is_secure, path="/")


@cache
def _texts_of(language: str) -> Texts:
    return Texts(language)
