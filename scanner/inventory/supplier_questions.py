"""The questions of a supplier review, and the activities that it shares out, read from data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent


class Asks(StrEnum):
    """Who can answer: only what the supplier can say is sent out."""

    SUPPLIER = "supplier"
    US = "us"


class Kind(StrEnum):
    """Whether a question asks what there is, or whether something is so."""

    OPEN = "open"
    POLAR = "polar"


class FactKey(NamedTuple):
    """Which of the catalogue's facts prefill: those of a key, whose value holds an expression."""

    key: str
    naming: str = ""

    def takes(self, key: str, value: object) -> bool:
        """Whether a fact is one of them."""
        return key == self.key and bool(re.search(self.naming, str(value), re.IGNORECASE))


class Question(NamedTuple):
    """A question, how it is prefilled, and where else it is asked."""

    id: str
    topic: str
    asks: Asks
    kind: Kind
    facts: tuple[FactKey, ...] = ()
    urls: tuple[str, ...] = ()
    look: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    crosswalk: tuple[str, ...] = ()


class Activity(NamedTuple):
    """A part of the life of an AI system, and whose it usually is, by whose model it is."""

    id: str
    usual: Mapping[str, str]


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions in their order."""
    return tuple(_question(one) for one in _read("questions.toml")["question"])


@cache
def question(wanted: str) -> Question | None:
    """Return the question of that id, in letters of any case."""
    return next((one for one in questions() if one.id == wanted.upper()), None)


@cache
def activities() -> tuple[Activity, ...]:
    """Return the activities in the order of a life cycle."""
    found: Iterable[dict[str, str]] = _read("responsibilities.toml")["activity"]
    return tuple(
        Activity(one["id"], {name: party for name, party in one.items() if name != "id"})
        for one in found
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _question(said: Mapping[str, Any]) -> Question:
    return Question(
        id=said["id"],
        topic=said["topic"],
        asks=Asks(said["asks"]),
        kind=Kind(said["kind"]),
        facts=tuple(
            FactKey(one) if isinstance(one, str) else FactKey(*one) for one in said.get("facts", ())
        ),
        urls=tuple(said.get("urls", ())),
        look=tuple(said.get("look", ())),
        observed=tuple(said.get("observed", ())),
        crosswalk=tuple(said.get("crosswalk", ())),
    )
