"""The application: addresses, sessions and guards around the pages. All of HTTP is in here."""

from __future__ import annotations

import asyncio
import importlib
import mimetypes
import pkgutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reports.texts import Texts
from scanner.config import Config
from scanner.errors import GnomonError, StoreError
from scanner.store import Store
from scanner.web import audit, forms, guards
from scanner.web.doors import Doors
from scanner.web.holding import Holding
from scanner.web.place import Place
from scanner.web.sessions import Session
from scanner.web.sign_in import Entrance
from scanner.web.speech import Speech
from scanner.web.templating import render
from scanner.web.visit import Answer, File, Page, Refused, Sent, Shown, Visit, not_allowed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp


class Application:
    """Everything that the addresses share."""

    def __init__(
        self,
        config: Config,
        holding: Holding,
        entrance: Entrance,
        place: Place,
        now: Callable[[], datetime],
    ) -> None:
        self.config = config
        self.holding = holding
        self.place = place
        self.now = now
        self.speech = Speech(place, config.language)
        self.doors = Doors(config.web, entrance, place, self.speech, now)
        self.pages = pages()
        # One thread makes all pages: the store's connection is its own.
        self._thread = ThreadPoolExecutor(1, "pages")
        # Documents are made beside them: one may take longer than anybody waits for a page.
        self._press, self._for_press = ThreadPoolExecutor(1, "documents"), holding.patient()

    def starlette(self) -> ASGIApp:
        """Return the application as servers want it, behind its guards."""
        from starlette.applications import Starlette
        from starlette.exceptions import HTTPException
        from starlette.routing import Route

        routes = [
            Route("/sign-in", self.doors.sign_in, methods=["GET"]),
            Route("/sign-in/back", self.doors.back, methods=["GET"]),
            Route("/sign-out", self.doors.sign_out, methods=["POST"]),
            Route("/language", self.speak, methods=["POST"]),
            Route("/static/{digest}/{name}", self.static, methods=["GET"]),
            *(
                Route(one.path, partial(self.page, one), methods=["POST" if one.writes else "GET"])
                for one in self.pages
            ),
        ]
        made = Starlette(
            routes=routes,
            exception_handlers={HTTPException: self._missing, Exception: self._broken},
            lifespan=self._life,
        )
        return guards.Headers(guards.OwnHost(made, self.place), self.place)

    async def page(self, page: Page, request: Request) -> Response:
        """Answer with a page of ours, to somebody who is signed in and may see it."""
        session = self.doors.session(request)
        if not isinstance(session, Session):
            return await self.doors.nobody(request, session)
        form = await forms.read(request) if page.writes else {}
        if refused := self._refusal(page, request, session, form):
            page = _telling(refused)
        return await self._made(page, request, session, form or {})

    async def _made(
        self, page: Page, request: Request, session: Session, form: forms.Form
    ) -> Response:
        """Have a page made in its thread."""
        began = time.perf_counter()
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(
            self._press if page.is_slow else self._thread,
            self._answer,
            page,
            request,
            session,
            form,
        )
        answer.headers["Server-Timing"] = f"page;dur={(time.perf_counter() - began) * 1000:.1f}"
        return self.doors.keep(request, answer)

    def _refusal(
        self, page: Page, request: Request, session: Session, form: forms.Form | None
    ) -> Refused | None:
        """Return why somebody may not do this, before anything is read or written."""
        texts = self.speech.texts(request)
        if form is None:
            return Refused(413, texts("web_entry.too_long"))
        if page.writes and forms.is_forged(request, session, form, self.place):
            return Refused(403, texts("web.refused.forged"))
        if session.person.may(page.role):
            return None
        audit.warn("role refused", path=request.url.path, by=session.person.name)
        return not_allowed(session.person, page.role, texts)

    def _answer(self, page: Page, request: Request, session: Session, form: forms.Form) -> Response:
        """Make a page, in the thread that the store belongs to."""
        texts = self.speech.texts(request)
        try:
            visit = self._visit(page, request, session, form, texts)
            if not page.writes:
                return self._response(page.answer(visit), visit)
            with self.holding.writing() as store, _told(store):
                answer = page.answer(replace(visit, store=store))
            return self._response(answer, visit)
        except GnomonError as error:
            audit.warn(
                "not done",
                path=request.url.path,
                method=request.method,
                by=session.person.name,
                why=error,
            )
            return self.speech.bare(request, Refused(_status_of(error), str(error)))

    def _visit(
        self, page: Page, request: Request, session: Session, form: forms.Form, texts: Texts
    ) -> Visit:
        now, holding = self.now(), self._for_press if page.is_slow else self.holding
        return Visit(
            session=session,
            config=self.config,
            texts=texts,
            now=now,
            material=holding.material(texts.language, now),
            as_of=holding.as_of,
            path=dict(request.path_params),
            query=dict(request.query_params),
            form=form,
        )

    def _response(self, answer: Answer, visit: Visit) -> Response:
        from starlette.responses import HTMLResponse, RedirectResponse, Response

        match answer:
            case Shown():
                return HTMLResponse(render(answer, visit, self.pages), answer.status)
            case Sent():
                return RedirectResponse(answer.address, 303)
            case File():
                name = quote(answer.name, safe="")
                disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
                return Response(answer.content, headers=disposition, media_type=answer.kind)
            case Refused():
                told = {"message": answer.message, "is_lost": answer.is_lost}
                shown = Shown("refused.html", told, answer.status)
                return HTMLResponse(render(shown, visit, self.pages), answer.status)

    async def speak(self, request: Request) -> Response:
        """Choose the language; nothing but a cookie changes."""
        from starlette.responses import RedirectResponse

        form = await forms.read(request) or {}
        response = RedirectResponse(self._came_from(request), 303)
        self.speech.choose(response, (form.get("language") or [""])[0], self.place)
        return response

    async def static(self, request: Request) -> Response:
        """Send a file of ours; its address changes with its content, so that it may be kept."""
        from starlette.responses import FileResponse, Response

        known = {one.name: one for one in guards.STATIC.iterdir() if one.is_file()}
        file = known.get(request.path_params["name"])
        if file is None or request.path_params["digest"] != guards.digest_of(file):
            return self._not_there(request)
        kept = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return FileResponse(file, headers=kept)
        # Only what is the same for everybody: packing a page would tell its secrets by its length.
        media = mimetypes.guess_type(file.name)[0]
        kept["Content-Encoding"] = "gzip"
        return Response(guards.packed(file), headers=kept, media_type=media)

    def _came_from(self, request: Request) -> str:
        """Return the page of ours that somebody is on."""
        referer = request.headers.get("referer", "")
        is_ours = referer.startswith(f"{self.place.origin}/")
        return guards.own_path(referer[len(self.place.origin) :] if is_ours else "/")

    def _not_there(self, request: Request, status: int = 404) -> Response:
        texts = self.speech.texts(request)
        return self.speech.bare(request, Refused(status, texts("web.refused.missing")))

    async def _missing(self, request: Request, error: Any) -> Response:
        """Say that there is no such page; who is signed in keeps the way to the others."""
        session = self.doors.session(request)
        if isinstance(session, Session) and error.status_code == 404:
            lost = Refused(404, self.speech.texts(request)("web.refused.missing"))
            return await self._made(_telling(lost), request, session, {})
        if error.status_code == 400:
            unread = self.speech.texts(request)("web_entry.unread")
            return self.speech.bare(request, Refused(400, unread))
        return self._not_there(request, error.status_code)

    async def _broken(self, request: Request, error: Exception) -> Response:
        """Say that something failed; what it was, the log says."""
        audit.warn("failed", path=request.url.path, error=type(error).__name__)
        texts = self.speech.texts(request)
        return self.speech.bare(request, Refused(500, texts("web_entry.failed")))

    def _read_ahead(self) -> None:
        """Read what the first page will ask for; what is wrong with the store that page says."""
        with suppress(GnomonError):
            _ = self.holding.material(self.config.language, self.now()).triage

    @asynccontextmanager
    async def _life(self, _: Any) -> AsyncIterator[None]:
        self._thread.submit(self._read_ahead)
        yield
        loop = asyncio.get_running_loop()
        for thread, holding in ((self._thread, self.holding), (self._press, self._for_press)):
            await loop.run_in_executor(thread, holding.close)
            thread.shutdown()


def pages() -> tuple[Page, ...]:
    """Return every page that there is, found by the files of ``scanner/web/pages``."""
    package = importlib.import_module("scanner.web.pages")
    names = sorted(one.name for one in pkgutil.iter_modules(package.__path__))
    found: list[Page] = []
    for name in names:
        found += getattr(importlib.import_module(f"scanner.web.pages.{name}"), "PAGES", ())
    return tuple(found)


def _telling(refused: Refused) -> Page:
    """Return a page that says nothing but what may not be."""
    return Page("", lambda _visit: refused)


@contextmanager
def _told(store: Store) -> Iterator[None]:
    """Write every decision that is recorded meanwhile into the audit log."""
    last = store.last_decision()
    try:
        yield
    finally:
        audit.decided(store.decisions(since=last.number if last else 0))


def _status_of(error: GnomonError) -> int:
    from scanner.inventory.recording import ConflictError

    if isinstance(error, ConflictError):
        return 409
    return 503 if isinstance(error, StoreError) else 400
