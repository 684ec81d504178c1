"""Shapes of unknown AI: well formed, and their examples hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from scanner.model import Identifier, Shape
from scanner.shapes import Shapes


def shapes(known: Iterable[Shape]) -> Iterator[tuple[str, str, str]]:
    """Yield the shape, its id again for the line, and the message."""
    all_of_them = tuple(known)
    ids = Counter(shape.id for shape in all_of_them)
    for shape in all_of_them:
        messages = list(_patterns(shape))
        if ids[shape.id] > 1:
            messages.append("this id stands there twice")
        if not 1 <= shape.confidence <= 100:
            messages.append(f"confidence {shape.confidence} is not from 1 to 100")
        if not messages:
            messages.extend(_examples(shape))
        yield from ((shape.id, shape.id, f"{shape.id}: {message}") for message in messages)


def _patterns(shape: Shape) -> Iterator[str]:
    if not shape.pattern:
        yield "no pattern"
    for word in shape.keywords:
        if word != word.lower():
            yield f"keyword {word!r} is not in lower case"
    for pattern in shape.pattern:
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"pattern {pattern!r} is no regular expression: {error}"
        if shape.channel is Identifier.HTTP_PATH and not pattern.startswith("/"):
            yield f"pattern {pattern!r} does not begin with the slash that it is found by"


def _examples(shape: Shape) -> Iterator[str]:
    looks = Shapes([shape])
    for value in shape.tests.match:
        if not looks.has(shape, value):
            yield f"must match {value!r}"
    for value in shape.tests.no_match:
        if looks.has(shape, value):
            yield f"must not match {value!r}"
