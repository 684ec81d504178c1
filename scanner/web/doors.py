"""Coming in and going out: who is signed in, by which entrance, and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from scanner.config import WebSettings
from scanner.web import audit, forms
from scanner.web.guards import Attempts, Networks, own_path, visitor_of
from scanner.web.place import Place
from scanner.web.sessions import Session, Sessions
from scanner.web.sign_in import Away, Entered, Entrance, No
from scanner.web.speech import Speech, drop_cookie, set_cookie
from scanner.web.visit import Refused

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class Doors:
    """Every way in and out, and the sessions of those who are in."""

    def __init__(
        self,
        settings: WebSettings,
        entrance: Entrance,
        place: Place,
        speech: Speech,
        now: Callable[[], datetime],
    ) -> None:
        self.sessions = Sessions(settings.session_hours, settings.idle_minutes)
        self._entrance = entrance
        self._place = place
        self._speech = speech
        self._now = now
        self._attempts = Attempts()
        self._proxies = Networks(settings.forwarded_by)
        self._cookie, self._away = place.cookie("session"), place.cookie("signing_in")

    def session(self, request: Request) -> Session | No | None:
        """Return whose visit a request is, or why nobody's; None for who has not signed in."""
        now = self._now()
        held = request.cookies.get(self._cookie)
        found = self.sessions.find(held, now)
        named = self._entrance.named(request)
        if named is None:
            return found
        if isinstance(named, No):
            return named
        if found is not None and found.person == named:
            return found
        self.sessions.end(held)  # somebody else, or with another role
        request.state.begun = self.sessions.begin(named, now)
        audit.note("signed in", name=named.name, role=named.role.label, how=named.how)
        return self.sessions.find(request.state.begun, now)

    def keep(self, request: Request, response: Response) -> Response:
        """Let the browser keep a session that this request began."""
        if begun := getattr(request.state, "begun", ""):
            set_cookie(response, self._cookie, begun, self._place)
        return response

    async def nobody(self, request: Request, why: No | None) -> Response:
        """Answer somebody who is not in: to where they sign in, or what keeps them out."""
        from starlette.responses import RedirectResponse

        if why is not None:
            return self._refused(request, why)
        if request.method != "GET":
            return await self._over(request)
        query = f"?{request.url.query}" if request.url.query else ""
        wanted = f"{request.url.path}{query}"
        to = "" if wanted == "/" else f"?to={quote(wanted, safe='')}"
        return RedirectResponse(f"/sign-in{to}", 303)

    async def _over(self, request: Request) -> Response:
        """Say that a session was over before its form came; what was typed is shown once more."""
        to = own_path(request.headers.get("referer", "").removeprefix(self._place.origin))
        typed = await forms.typed(request, self._place)
        return self._speech.page(
            request, "over.html", 401, typed=typed, ways=self._entrance.ways, to=to
        )

    async def sign_in(self, request: Request) -> Response:
        """Show how to sign in, or sign in."""
        if request.query_params.keys() <= {"to", "out"} and not self._names_each(request):
            return await self._shown(request)
        if refused := self._too_often(request):
            return refused
        to = own_path(request.query_params.get("to"))
        found = await self._entrance.enter(request, to, self._now())
        return await self._shown(request) if found is None else self._let(request, found)

    async def back(self, request: Request) -> Response:
        """Take somebody in who comes back from where they signed in."""
        if refused := self._too_often(request):
            return refused
        secret = request.cookies.get(self._away, "")
        return self._let(request, await self._entrance.back(request, secret, self._now()))

    async def sign_out(self, request: Request) -> Response:
        from starlette.responses import RedirectResponse

        held = request.cookies.get(self._cookie)
        session = self.sessions.find(held, self._now())
        form = await forms.read(request) or {}
        if session is not None:
            if forms.is_forged(request, session, form, self._place):
                forged = self._speech.texts(request)("web.refused.forged")
                return self._speech.bare(request, Refused(403, forged))
            self.sessions.end(held)
            audit.note("signed out", name=session.person.name)
        response = RedirectResponse("/sign-in?out=yes", 303)
        drop_cookie(response, self._cookie, self._place)
        return response

    def _let(self, request: Request, found: Entered | Away | No) -> Response:
        from starlette.responses import RedirectResponse

        if isinstance(found, No):
            return self._refused(request, found)
        if isinstance(found, Away):
            response = RedirectResponse(found.address, 303)
            set_cookie(response, self._away, found.secret, self._place)
            return response
        self._attempts.succeeded(self._from(request))
        self.sessions.end(request.cookies.get(self._cookie))  # a new name for who signs in
        name = self.sessions.begin(found.person, self._now())
        person = found.person
        audit.note("signed in", name=person.name, role=person.role.label, how=person.how)
        response = RedirectResponse(found.to, 303)
        set_cookie(response, self._cookie, name, self._place)
        drop_cookie(response, self._away, self._place)
        return response

    async def _shown(self, request: Request) -> Response:
        is_out = "out" in request.query_params
        to = own_path(request.query_params.get("to"))
        return self._speech.page(
            request,
            "sign_in.html",
            ways=self._entrance.ways,
            to="" if to == "/" else to,
            is_out=is_out,
            leaving=await self._entrance.leaving("/sign-in") if is_out else "",
        )

    def _refused(self, request: Request, why: No) -> Response:
        audit.warn("sign-in refused", place=self._from(request), why=why.detail)
        message = self._speech.texts(request)(f"web_entry.no.{why.word}")
        return self._speech.page(
            request, "no_entry.html", why.status, message=message, ways=self._entrance.ways, to=""
        )

    def _too_often(self, request: Request) -> Response | None:
        place = self._from(request)
        if not self._attempts.are_too_many(place, time.monotonic()):
            return None
        audit.warn("sign-in refused", place=place, why="too many attempts")
        response = self._speech.bare(
            request, Refused(429, self._speech.texts(request)("web.refused.often"))
        )
        response.headers["Retry-After"] = "60"
        return response

    def _names_each(self, request: Request) -> bool:
        """Whether every request names its visitor, and this one is not of somebody who goes."""
        return "out" not in request.query_params and self._entrance.named(request) is not None

    def _from(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        return visitor_of(peer, request.headers.getlist("x-forwarded-for"), self._proxies)
