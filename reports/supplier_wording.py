"""How what is known of a supplier is said: statements, answers, triggers, in the words of a language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from reports.paper import Cell, Said, Tone
from reports.texts import Texts
from scanner.inventory.supplier_answers import Answer, Standing
from scanner.inventory.supplier_review import Trigger
from scanner.inventory.supplier_statements import SourceKind, Statement
from scanner.inventory.supplier_triage import Factor

_MOST = 2  # of our own sources that are named
_FROM_SETS = {"modes": "account", "reach": "class", "classes": "origin"}


def word(texts: Texts, group: str, name: object) -> str:
    """Return the word for one of a closed set of this report; what has none is its own word."""
    key = f"supplier.{group}.{name}"
    return texts(key) if texts.has(key) else str(name).replace("_", " ")


def listed(texts: Texts, values: Iterable[object]) -> str:
    """Return several values in a sentence; the word for none, if there are none."""
    return ", ".join(str(one) for one in values) or texts("common.none")


def said_in(statement: Statement, texts: Texts) -> str:
    """Return what a statement says: a text of the catalogue as it is, an observation in words."""
    key = f"supplier.observed.{statement.code}"
    if statement.text or not texts.has(key):
        return statement.text
    return texts(key, **{name: _value(name, one, texts) for name, one in statement.values.items()})


def _value(name: str, value: Any, texts: Texts) -> Any:
    if name == "share":
        return texts.share(value)
    if name == "names":
        return listed(texts, value)
    if name == "kinds":
        return listed(texts, (texts.of("category", one) for one in value))
    if isinstance(value, tuple):
        group = _FROM_SETS.get(name)
        return listed(texts, (word(texts, group, one) if group else one for one in value))
    return texts("common.unknown") if value is None else value


def source_of(statement: Statement, texts: Texts) -> Cell:
    """Return where a statement comes from; an address opens it."""
    if statement.kind is not SourceKind.OBSERVED:
        return address(statement.source)
    named = statement.source.split(", ")
    more = [texts("common.and_more", n=len(named) - _MOST)] if len(named) > _MOST else []
    return texts("supplier.table.our_evidence", sources=", ".join([*named[:_MOST], *more]))


def address(source: str) -> Cell:
    """Return a source as a text; only what is an address of the web may be opened."""
    return Said(source, opens=source) if source.startswith("https://") else source


def dated(statement: Statement, texts: Texts) -> Cell:
    """Return the day that a statement speaks for, marked if it is old."""
    if not statement.is_stale:
        return statement.as_of
    day = texts.day(statement.as_of)
    return Said(f"{day} ({texts('supplier.table.stale')})", Tone.BAD)


def state_of(answer: Answer, texts: Texts) -> Cell:
    """Return where an answer stands, and whose it is."""
    reply = word(texts, "reply", answer.reply)
    match answer.standing:
        case Standing.ANSWERED:
            by = answer.said.by if answer.said else ""
            return texts("supplier.standing_of.answered", reply=reply, by=by)
        case Standing.PREFILLED if answer.reply == "unknown":
            return Said(texts("supplier.standing_of.unjudged"), Tone.SOFT)
        case Standing.PREFILLED:
            return Said(texts("supplier.standing_of.prefilled", reply=reply), Tone.SOFT)
    return Said(texts("supplier.standing_of.open"), Tone.BAD)


def trigger_in(trigger: Trigger, texts: Texts) -> str:
    """Return why a review is due earlier."""
    keys = (word(texts, "key", one) for one in trigger.what)
    at: date | str = trigger.at or ""
    return texts(f"supplier.cause.{trigger.cause}", what=listed(texts, keys), at=at)


def factor_in(factor: Factor, texts: Texts) -> str:
    """Return what speaks for looking at a supplier first."""
    group = {"reach": "class", "trains": "reply"}.get(factor.code, "")
    what = listed(texts, (word(texts, group, one) if group else one for one in factor.what))
    return texts(f"supplier.factor.{factor.code}", what=what)


def days_old(stale_before: date, today: date) -> int:
    return (today - stale_before).days
