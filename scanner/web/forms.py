"""Forms as they arrive: bounded, and only from a page of ours that was made for the same session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scanner.web import audit
from scanner.web.guards import is_own_origin
from scanner.web.place import Place
from scanner.web.sessions import Session

if TYPE_CHECKING:
    from starlette.requests import Request

Form = Mapping[str, list[str]]

_LONGEST = 1 << 20  # bytes
_NOT_TYPED = frozenset({"csrf", "seen", "file", "content", "act"})


async def read(request: Request) -> Form | None:
    """Return what was filled in, each name with all its values; None if it is too long to be read.

    Of a file the bytes are characters of Latin-1, and ``NAME.name`` is what it is called.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > _LONGEST:
        return None
    async with request.form(max_files=1, max_fields=1_000) as form:
        found: dict[str, list[str]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                text = value
            else:
                found.setdefault(f"{name}.name", []).append(value.filename or "")
                text = (await value.read()).decode("latin-1")
            found.setdefault(_writable(name), []).append(_writable(text))
        return found


def _writable(text: str) -> str:
    """Return a text that can be stored: some charsets make halves of characters of what was sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def is_forged(request: Request, session: Session, form: Form, place: Place) -> bool:
    """Whether a form comes from anywhere but a page of this session; that is written down."""
    headers = request.headers
    is_ours = is_own_origin(headers.get("origin"), headers.get("sec-fetch-site"), place.origin)
    if is_ours and session.is_from_here((form.get("csrf") or [""])[0]):
        return False
    audit.warn(
        "forged form",
        path=request.url.path,
        by=session.person.name,
        origin=headers.get("origin", "not said"),
    )
    return True


async def typed(request: Request, place: Place) -> str:
    """Return what somebody wrote into a form of ours that cannot be recorded any more.

    Nothing from elsewhere is shown: a page of ours would seem to say it.
    """
    headers = request.headers
    if not is_own_origin(headers.get("origin"), headers.get("sec-fetch-site"), place.origin):
        return ""
    form = await read(request) or {}
    said = {name: [one.strip() for one in values] for name, values in form.items()}
    shown = {name: values for name, values in said.items() if name not in _NOT_TYPED}
    return "\n".join(f"{name}: {one}" for name, values in shown.items() for one in values if one)
