"""What makes an unknown application a candidate: what it is called, and what is said of it.

No person is part of it: of merchants, who may be people, only the names of products count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.accounts.names import MERCHANT, Called, Likeness, spaced
from scanner.hosts import registrable_domain
from scanner.model import App, Examples, Identifier, Shape, Signal, SignKey
from scanner.shapes import Shapes


def _shape(id: str, meaning: str, confidence: int, signal: Signal = Signal.NAME) -> Shape:  # noqa: A002
    return Shape(
        id=id,
        channel=Identifier.OAUTH,
        signal=signal,
        meaning=meaning,
        confidence=confidence,
        pattern=(),
        sources=("an estimate",),
        tests=Examples((), ()),
    )


# What no pattern tells, for it needs the names of all products.
_CALLED = {
    Likeness.VOUCHED: _shape(
        "app.called-like-vouched",
        "called like an AI product, and its publisher like that product's vendor",
        85,
    ),
    Likeness.ALIKE: _shape("app.called-like", "called like an AI product", 60),
    Likeness.ELSEWHERE: _shape(
        "app.called-like-elsewhere",
        "called like an AI product of another publisher: it may pass itself off as that",
        55,
    ),
    Likeness.WORD: _shape(
        "app.called-like-a-word", "called like an AI product, by a word that others use too", 25
    ),
    Likeness.AMBIGUOUS: _shape(
        "app.called-like-several", "called like AI products of several vendors", 60
    ),
}
_TWO_VENDORS = _shape("app.two-vendors", "its addresses are those of several AI vendors", 75)
_CATALOGUED = _shape(
    "app.catalogued-ai", "the catalogue that lists it calls it AI", 85, Signal.PUBLISHER_TEXT
)


def signs_of(
    app: App, shapes: Shapes, called: Called, is_contended: bool
) -> list[tuple[SignKey, Shape]]:
    """Return the signs of an application that is no product that is known."""
    if dict(app.identifiers).keys() & {Identifier.DNS_TXT, Identifier.DNS_CNAME}:
        return list(_published(app, shapes))
    channel, subject = _subject(app)
    if not subject:
        return []
    like = called.products[0].product_key if called.products else ""
    detail = _detail(app, like)
    found = {shape.id: shape for shape in _shapes_of(app, shapes, called, is_contended)}
    return [(SignKey(channel, subject, id_, detail), shape) for id_, shape in found.items()]


def _published(app: App, shapes: Shapes) -> Iterator[tuple[SignKey, Shape]]:
    """Yield the signs of what a domain publishes: a vendor's record, or a host that a name leads to.

    One record is a candidate under the name before its token, and a host under the domain that
    somebody registered: so the same in a log is the same candidate.
    """
    for channel, value in app.identifiers:
        if channel is Identifier.DNS_CNAME:
            for shape in shapes.of_host(value):
                yield SignKey(Identifier.HOST, registrable_domain(value), shape.id, value), shape
        elif channel is Identifier.DNS_TXT:
            subject = re.split("[=:]", value, maxsplit=1)[0].lower()
            for shape in shapes.signs(channel, value):
                yield SignKey(channel, subject, shape.id, value), shape


def _shapes_of(app: App, shapes: Shapes, called: Called, is_contended: bool) -> Iterator[Shape]:
    if is_contended:
        yield _TWO_VENDORS
    if shape := _CALLED.get(called.likeness):
        yield shape
    if app.kind == MERCHANT:
        return
    yield from shapes.signs(Identifier.OAUTH, app.name)
    yield from shapes.of_text(app.description)
    if app.is_named_by_catalogue and shapes.of_text(spaced(app.kind)):
        yield _CATALOGUED


def _subject(app: App) -> tuple[Identifier, str]:
    """Return what would become a candidate: by an id if there is one, else by its name."""
    if app.identifiers:
        return min(app.identifiers)
    if app.client_id:
        return Identifier.OAUTH, f"{app.idp}:{app.client_id}".lstrip(":")
    return Identifier.OAUTH, app.name


def _detail(app: App, like: str) -> str:
    """Return what was seen, in the form that a signature of the application would match."""
    said = {"client_id": app.client_id, "app_name": app.name, "publisher": app.publisher}
    parts = [f"{key}={value.replace(';', ',')}" for key, value in said.items() if value]
    return ";".join([*parts, *([f"like={like}"] if like else [])])
